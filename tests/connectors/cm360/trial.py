"""The connector by the laws, on the sandbox's platform."""

from adtally.testing import Trial
from adtally_connectors.cm360 import Cm360
from adtally_connectors.cm360.sandbox import Cm360Fake

from ..trials import trial

TRIAL = trial(
    Cm360,
    Cm360Fake,
    ("5510101",),
    {
        "client_id": "sandbox-cm360-client",
        "client_secret": "sandbox-cm360-client-secret",
        "refresh_token": "sandbox-cm360-refresh-token",
        "profile_id": "4200001",
        "timezone": "America/New_York",
        "poll_seconds": 0,
        "requests_per_second": 1000,
    },
)
SPECIAL: dict[str, Trial] = {}
NOTES = {
    "every state is asked for": "the trial names no spenders: campaigns in every state that spent money",
    "memory stays flat": "no daily unit has several pages: let the platform answer with small ones",
    "days are the account's own": "no answer names a time zone as the IANA does, so that it could be moved",
}
"""CM360 tells no cost, and its time zone only in the file of a report, which is read line by line."""
