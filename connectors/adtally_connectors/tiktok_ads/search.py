"""One question to TikTok, page by page; or as a task, where there is too much for pages.

Source: API v1.3, "Run a synchronous report" and "Run an asynchronous report" (read 2026-11). Reports by pages
stop at 20,000 ids and say so in the header ``X-Tt-Ads-Throttle``; tasks do not stop, leave out ``billed_cost``,
are kept for 30 days, and need TikTok's permission for the app.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import batched if False else islice
