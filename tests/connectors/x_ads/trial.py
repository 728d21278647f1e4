"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace
from functools import partial

from adtally import world
from adtally.testing import Platform
from adtally_connectors.x_ads import XAds
from adtally_connectors.x_ads.sandbox import XAdsFake

from ..trials import SEPTEMBER, Plain, fake, of_every_state, trial

ACCOUNT = "18ce54d4xa1"


def _plain(played: world.World) -> Platform:
    return Plain(XAdsFake(played))


TRIAL = trial(
    XAds,
    _plain,
    (ACCOUNT,),
    {
        "consumer_key": "sandbox-x-consumer",
        "consumer_secret": "sandbox-x-consumer-secret",
        "access_token": "sandbox-x-token",
        "access_token_secret": "sandbox-x-token-secret",
        "poll_seconds": 0,
        "requests_per_second": 1000,
    },
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, (ACCOUNT,), SEPTEMBER),
    "credentials stay at home": replace(TRIAL, platform=partial(fake, XAdsFake)),
}
"""Days or files that a law needs to have something to judge."""
NOTES = {"memory stays flat": "no daily unit has several pages: let the platform answer with small ones"}
