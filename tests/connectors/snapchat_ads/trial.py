"""The connector by the laws, on the sandbox's platform."""

from adtally_connectors.snapchat_ads import SnapchatAds
from adtally_connectors.snapchat_ads.sandbox import SnapchatAdsFake

from ..trials import SEPTEMBER, of_every_state, trial

BERLIN = "1c0ffee0-0000-4000-8000-000000000001"

TRIAL = trial(
    SnapchatAds,
    SnapchatAdsFake,
    (BERLIN,),
    {
        "client_id": "sandbox-client",
        "client_secret": "sandbox-client-secret",
        "refresh_token": "sandbox-refresh-token",
        "requests_per_second": 1000,
    },
)
EVERY = of_every_state(TRIAL, (BERLIN,), SEPTEMBER)
SPECIAL = {"every state is asked for": EVERY, "memory stays flat": EVERY}
"""Days that a law needs to have something to judge: in September three campaigns fill two pages."""
NOTES: dict[str, str] = {}
