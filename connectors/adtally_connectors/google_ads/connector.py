"""Google Ads: what is asked of its API, and the records that come of it.

Source: Google Ads API v26 (v26.1 of 2026-10-28), REST interface, "Google Ads Query Language", "Change event",
"Billing"; read 2026-11. docs/platforms/google_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Self, TypeVar

from pydantic import SecretStr, field_validator, model_validator

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Auth,
    Campaign,
    Change,
    Connector,
    ContractError,
    Delivery,
    DeniedError,
    Interaction,
    Invoice,
    NotOffered,
    Order,
    Terms,
    TooLarge,
    TransientError,
    Unit,
    oauth2_refresh,
    oauth2_service_account,
    pulls,
    to_micros,
)

from . import changes, conversions, delivery, pricing, wire
from .billing import MONTHS, tail, to_invoice
from .refusals import NO_INVOICES, to_error
