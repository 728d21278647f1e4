"""The connector by the laws, on the sandbox's platform."""

from adtally_connectors.microsoft_ads import MicrosoftAds
from adtally_connectors.microsoft_ads.sandbox import MicrosoftAdsFake

from ..trials import SEPTEMBER, of_every_state, trial

ACCOUNT = "180000101"
TRIAL = trial(
    MicrosoftAds,
    MicrosoftAdsFake,
    (ACCOUNT,),
    {
        "client_id": "sandbox-microsoft-app",
        "client_secret": "sandbox-microsoft-secret",
        "refresh_token": "sandbox-microsoft-refresh",
        "developer_token": "sandbox-microsoft-developer",
        "poll_seconds": 0,
        "requests_per_second": 1000,
    },
)
SPECIAL = {"every state is asked for": of_every_state(TRIAL, (ACCOUNT,), SEPTEMBER)}
"""Days that a law needs to have something to judge."""
NOTES = {
    "days are the account's own": "no answer names a time zone as the IANA does, so that it could be moved",
    "memory stays flat": "no daily unit has several pages: let the platform answer with small ones",
}
"""Microsoft has names of its own for time zones, and one file for all rows of a report."""
