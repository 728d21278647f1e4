"""The bundled connectors keep the laws that a stranger's is held to, against the sandbox's platforms."""

import pytest

from adtally.testing import LAWS, Trial

from .amazon_ads import trial as amazon_ads
from .apple_ads import trial as apple_ads
from .appsflyer import trial as appsflyer
from .cm360 import trial as cm360
from .dv360 import trial as dv360
from .ga4 import trial as ga4
from .google_ads import trial as google_ads
from .linkedin_ads import trial as linkedin_ads
from .meta_ads import trial as meta_ads
from .microsoft_ads import trial as microsoft_ads
from .pinterest_ads import trial as pinterest_ads
from .reddit_ads import trial as reddit_ads
from .shopify import trial as shopify
from .snapchat_ads import trial as snapchat_ads
from .stripe import trial as stripe
from .tiktok_ads import trial as tiktok_ads
from .x_ads import trial as x_ads

PLATFORMS = (
    amazon_ads,
    apple_ads,
    appsflyer,
    cm360,
    dv360,
    ga4,
    google_ads,
    linkedin_ads,
    meta_ads,
    microsoft_ads,
    pinterest_ads,
    reddit_ads,
    shopify,
    snapchat_ads,
    stripe,
    tiktok_ads,
    x_ads,
)
TRIALS: dict[str, tuple[Trial, dict[str, Trial], dict[str, str]]] = {
    one.TRIAL.connector.name: (one.TRIAL, one.SPECIAL, one.NOTES) for one in PLATFORMS
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", TRIALS)
def test_bundled_connector_keeps_the_law(name: str, law: str) -> None:
    usual, special, notes = TRIALS[name]

    assert LAWS[law](special.get(law, usual)) == notes.get(law, "")
