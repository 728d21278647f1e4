"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace
from functools import partial

from adtally_connectors.tiktok_ads import TikTokAds
from adtally_connectors.tiktok_ads.sandbox import TikTokAdsFake

from ..trials import SEPTEMBER, fake, of_every_state, trial

TRIAL = trial(
    TikTokAds,
    TikTokAdsFake,
    ("7011111111111111101",),
    {
        "access_token": "sandbox-tiktok-token",
        "app_id": "sandbox-app",
        "app_secret": "sandbox-app-secret",
        "bc_id": "7000000000000000555",
        "poll_seconds": 0,
        "requests_per_second": 1000,
    },
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, ("7011111111111111101",), SEPTEMBER),
    "memory stays flat": replace(TRIAL, platform=partial(fake, TikTokAdsFake, "page_size")),
}
"""Days or pages that a law needs to have something to judge."""
NOTES: dict[str, str] = {}
