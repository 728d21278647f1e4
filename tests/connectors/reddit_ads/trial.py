"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace
from functools import partial

from adtally_connectors.reddit_ads import RedditAds
from adtally_connectors.reddit_ads.sandbox import RedditAdsFake

from ..trials import SEPTEMBER, fake, of_every_state, trial

TRIAL = trial(
    RedditAds,
    RedditAdsFake,
    ("a2_lindenhof1",),
    {
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
        "refresh_token": "sandbox-refresh-token",
        "reddit_user": "sandbox",
        "requests_per_second": 1000,
    },
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, ("a2_lindenhof1",), SEPTEMBER),
    "memory stays flat": replace(TRIAL, platform=partial(fake, RedditAdsFake, "page.size")),
}
"""Days or pages that a law needs to have something to judge."""
NOTES: dict[str, str] = {}
