"""The connector by the laws, on the sandbox's platform."""

from dataclasses import replace

from adtally_connectors.dv360 import Dv360
from adtally_connectors.dv360.sandbox import Dv360Fake

from ..trials import SEPTEMBER, of_every_state, trial

ADVERTISER = "4560101"
TRIAL = trial(
    Dv360,
    Dv360Fake,
    (ADVERTISER,),
    {
        "client_id": "sandbox-dv360-client",
        "client_secret": "sandbox-dv360-client-secret",
        "refresh_token": "sandbox-dv360-refresh-token",
        "partner_id": "1230",
        "poll_seconds": 0,
        "requests_per_second": 1000,
    },
)
SPECIAL = {
    "every state is asked for": of_every_state(TRIAL, (ADVERTISER,), SEPTEMBER),
    "memory stays flat": replace(TRIAL, adds_up=frozenset({"campaign_daily"})),
}
"""Days that a law needs to have something to judge. Rows of reports come as files; only lists have pages."""
NOTES = {"memory stays flat": "not judged, for they add up their pages: campaign_daily"}
