"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace
from functools import partial

from adtally import world
from adtally.testing import Platform
from adtally_connectors.amazon_ads import AmazonAds
from adtally_connectors.amazon_ads.sandbox import AmazonAdsFake

from ..trials import SEPTEMBER, Plain, fake, of_every_state, trial

ACCOUNT = "30123456789011"


def _plain(played: world.World) -> Platform:
    return Plain(AmazonAdsFake(played))


TRIAL = trial(
    AmazonAds,
    _plain,
    (ACCOUNT,),
    {
        "client_id": "amzn1.application-oa2-client.sandbox",
        "client_secret": "sandbox-amazon-secret",
        "refresh_token": "Atzr|sandbox-amazon-refresh",
        "poll_seconds": 0,
        "requests_per_second": 1000,
    },
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, (ACCOUNT,), SEPTEMBER),
    "credentials stay at home": replace(TRIAL, platform=partial(fake, AmazonAdsFake)),
}
"""Days or files that a law needs to have something to judge."""
NOTES = {"memory stays flat": "no daily unit has several pages: let the platform answer with small ones"}
