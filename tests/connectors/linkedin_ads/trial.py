"""What the laws are tried on: one account of the sandbox's LinkedIn."""

from dataclasses import replace

from adtally.testing import Trial
from adtally_connectors.linkedin_ads import LinkedInAds
from adtally_connectors.linkedin_ads.sandbox import LinkedInAdsFake

from ..trials import SEPTEMBER, of_every_state, trial

ACCOUNTS = ("512345601",)

TRIAL: Trial = replace(
    trial(
        LinkedInAds,
        LinkedInAdsFake,
        ACCOUNTS,
        {
            "client_id": "sandbox-linkedin-client",
            "client_secret": "sandbox-linkedin-secret",
            "refresh_token": "sandbox-linkedin-refresh",
            "requests_per_second": 1000,
        },
    ),
    adds_up=frozenset({"conversions"}),
)
SPECIAL: dict[str, Trial] = {"every state is asked for": of_every_state(TRIAL, ACCOUNTS, SEPTEMBER)}
NOTES: dict[str, str] = {
    "memory stays flat": "not judged, for they add up their pages: conversions",
    "days are the account's own": "no answer names a time zone as the IANA does, so that it could be moved",
}
