"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace
from functools import partial

from adtally_connectors.meta_ads import MetaAds
from adtally_connectors.meta_ads.sandbox import MetaAdsFake

from ..trials import SEPTEMBER, fake, of_every_state, trial

TRIAL = replace(
    trial(
        MetaAds,
        MetaAdsFake,
        ("3000000201",),
        {
            "access_token": "sandbox-meta-token",
            "app_secret": "sandbox-meta-secret",
            "business_id": "555000111",
            "poll_seconds": 0,
        },
    ),
    # A row without clicks has none, and so has an action without a window (Insights API v26.0, read 2026-11).
    zero_if_absent=frozenset(
        {"clicks", "inline_link_clicks", "1d_click", "7d_click", "28d_click", "1d_view"}
    ),
    adds_up=frozenset({"conversions"}),
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, ("3000000201",), SEPTEMBER),
    "memory stays flat": replace(TRIAL, platform=partial(fake, MetaAdsFake, "limit")),
}
"""Days or pages that a law needs to have something to judge."""
NOTES = {"memory stays flat": "not judged, for they add up their pages: conversions"}
