"""The connector by the laws, on the sandbox's platform."""

import json
from dataclasses import dataclass, replace

from adtally.testing import Platform, Reply, Request
from adtally_connectors.apple_ads import AppleAds
from adtally_connectors.apple_ads.sandbox import AppleAdsFake, keys

from ..trials import SEPTEMBER, fake, of_every_state, trial

ROWS_A_PAGE = 1


@dataclass(frozen=True)
class SmallPages:
    """A platform whose pages hold one row, however many a body asks for."""

    platform: Platform

    def answer(self, request: Request) -> Reply:
        if request.body.startswith(b"{"):
            body = json.loads(request.body)
            body["pagination"]["pageSize"] = ROWS_A_PAGE
            request = replace(request, body=json.dumps(body).encode())
        return self.platform.answer(request)


TRIAL = trial(AppleAds, AppleAdsFake, ("610000101",), keys.table())
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, ("610000101",), SEPTEMBER),
    "memory stays flat": replace(TRIAL, platform=lambda: SmallPages(fake(AppleAdsFake))),
}
"""Days or pages that a law needs to have something to judge."""
NOTES: dict[str, str] = {}
