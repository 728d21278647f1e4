"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace
from datetime import date

from adtally_connectors.google_ads import GoogleAds
from adtally_connectors.google_ads.sandbox import GoogleAdsFake

from ..trials import SEPTEMBER, of_every_state, trial

TRIAL = trial(
    GoogleAds,
    GoogleAdsFake,
    ("2000000101",),
    {
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
        "refresh_token": "sandbox-refresh-token",
    },
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, ("2000000102",), SEPTEMBER),
    "memory stays flat": replace(TRIAL, first_day=date(2026, 10, 1), last_day=date(2026, 10, 31)),
}
"""Days or pages that a law needs to have something to judge."""
NOTES: dict[str, str] = {}
