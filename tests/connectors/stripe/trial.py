"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace
from functools import partial

from adtally import world
from adtally.testing import Trial
from adtally_connectors.stripe import Stripe
from adtally_connectors.stripe.sandbox import StripeFake

from ..trials import fake, trial


def known(played: world.World) -> StripeFake:
    """A Stripe whose key may read its own account, and so names a time zone."""
    return StripeFake(played, tells_itself=True)


TRIAL = trial(
    Stripe,
    StripeFake,
    ("acct_trailhead",),
    {"api_key": "rk_sandbox_stripe_key", "requests_per_second": 1000},
)
SPECIAL: dict[str, Trial] = {
    "memory stays flat": replace(TRIAL, platform=partial(fake, StripeFake, "limit")),
    "days are the account's own": replace(TRIAL, platform=partial(fake, known)),
}
"""Pages or clocks that a law needs to have something to judge."""
NOTES = {"every state is asked for": "the trial names no spenders: campaigns in every state that spent money"}
"""Stripe knows no campaigns, and tells no cost."""
