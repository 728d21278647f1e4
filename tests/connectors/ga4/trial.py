"""The connector by the laws, on the sandbox's platform."""

import json
from dataclasses import dataclass, replace

from adtally.testing import Reply, Request, Trial
from adtally_connectors.ga4 import Ga4
from adtally_connectors.ga4.sandbox import Ga4Fake

from ..trials import played, trial

ROWS_A_PAGE = "10"
TRIAL = trial(
    Ga4,
    Ga4Fake,
    ("310000101",),
    {
        "client_id": "sandbox-ga4-client",
        "client_secret": "sandbox-ga4-client-secret",
        "refresh_token": "sandbox-ga4-refresh-token",
        "property_ids": ["310000101", "310000103"],
        "requests_per_second": 1000,
    },
)


@dataclass(frozen=True)
class SmallPages:
    """The sandbox's GA4 with few rows a page, however many the body asks for."""

    platform: Ga4Fake

    def answer(self, request: Request) -> Reply:
        if not request.path.endswith(":runReport"):
            return self.platform.answer(request)
        body = json.dumps({**json.loads(request.body), "limit": ROWS_A_PAGE}).encode()
        return self.platform.answer(replace(request, body=body))


def small_pages() -> SmallPages:
    return SmallPages(Ga4Fake(played()))


SPECIAL: dict[str, Trial] = {"memory stays flat": replace(TRIAL, platform=small_pages)}
NOTES = {
    "every state is asked for": "the trial names no spenders: campaigns in every state that spent money",
}
"""GA4 tells no cost."""
