"""The connector by the laws, on the sandbox's platform."""

from dataclasses import dataclass, replace

from adtally.testing import Platform, Reply, Request
from adtally_connectors.pinterest_ads import PinterestAds, queries, wire
from adtally_connectors.pinterest_ads.sandbox import PinterestAdsFake

from ..trials import SEPTEMBER, fake, of_every_state, trial

ACCOUNT = "549700000101"
METRICS = {
    name
    for shape in (wire.DeliveryRow, wire.ActionRow)
    for name in queries.columns(queries.ACCOUNT, shape)
    if name not in queries.NO_METRICS
}


@dataclass(frozen=True)
class WithoutZones:
    """The platform before its accounts named a time zone."""

    platform: Platform

    def answer(self, request: Request) -> Reply:
        reply = self.platform.answer(request)
        return replace(reply, body=reply.body.replace(b'"time_zone"', b'"zone"').replace(b"America/", b""))


def _without_zones() -> Platform:
    return WithoutZones(fake(PinterestAdsFake))


TRIAL = replace(
    trial(
        PinterestAds,
        PinterestAdsFake,
        (ACCOUNT,),
        {
            "client_id": "sandbox-pinterest-app",
            "client_secret": "sandbox-pinterest-secret",
            "refresh_token": "sandbox-pinterest-refresh",
            "poll_seconds": 0,
            "requests_per_second": 1000,
        },
    ),
    zero_if_absent=frozenset(METRICS),
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, (ACCOUNT,), SEPTEMBER),
    "days are the account's own": replace(TRIAL, platform=_without_zones),
}
"""Days that a law needs to have something to judge; Pinterest counts by UTC whatever an account names."""
NOTES = {
    "days are the account's own": "no answer names a time zone as the IANA does, so that it could be moved",
    "memory stays flat": "no daily unit has several pages: let the platform answer with small ones",
}
