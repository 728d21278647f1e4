"""How much of Reddit's quotas is left, as the headers of every answer tell it.

Source: Reddit Ads API v3, rate limits as noted by clients of 2026 (read 2026-11): an answer counts each quota
that it used up a part of, by the IETF draft "RateLimit header fields": ``"ads-reporting";r=12;t=34``, where r
is what is left and t the seconds until it is whole again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

HEADER = "RateLimit"
LEAST = 2
"""So few requests left are left alone: others may ask with the same user."""
GRACE_SECONDS = 0.5
"""Seconds are told in whole ones."""
LEFT, RESET = re.compile(r";\s*r=(\d+)"), re.compile(r";\s*t=(\d+)")


def seconds_to_wait(headers: Mapping[str, str]) -> float:
    """How long further requests should stay away for, by the quotas that are used up; 0 while there is room.

    A quota that cannot be read tells nothing.
    """
    waits = [0.0]
    for policy in headers.get(HEADER, "").split(","):
        left, reset = LEFT.search(policy), RESET.search(policy)
        if left and reset and int(left[1]) <= LEAST:
            waits.append(int(reset[1]) + GRACE_SECONDS)
    return max(waits)
