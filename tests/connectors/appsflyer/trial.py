"""The connector by the laws, on the sandbox's platform."""

from adtally.testing import Trial
from adtally_connectors.appsflyer import AppsFlyer
from adtally_connectors.appsflyer.sandbox import AppsFlyerFake

from ..trials import trial

TRIAL = trial(
    AppsFlyer,
    AppsFlyerFake,
    ("id1000000001",),
    {"api_token": "sandbox-appsflyer-api-token", "app_ids": ["id1000000001"], "requests_per_second": 1000},
)
SPECIAL: dict[str, Trial] = {}
NOTES = {
    "every state is asked for": "the trial names no spenders: campaigns in every state that spent money",
    "memory stays flat": "no daily unit has several pages: let the platform answer with small ones",
}
"""AppsFlyer tells no cost that is read, and its reports have no pages."""
