"""The bundled connectors keep the laws that a stranger's is held to, against the sandbox's platforms."""

import pytest

from adtally.testing import LAWS, Trial

from .google_ads import trial as google_ads
from .meta_ads import trial as meta_ads
from .tiktok_ads import trial as tiktok_ads

TRIALS: dict[str, tuple[Trial, dict[str, Trial], dict[str, str]]] = {
    one.TRIAL.connector.name: (one.TRIAL, one.SPECIAL, one.NOTES)
    for one in (google_ads, meta_ads, tiktok_ads)
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", TRIALS)
def test_bundled_connector_keeps_the_law(name: str, law: str) -> None:
    usual, special, notes = TRIALS[name]

    assert LAWS[law](special.get(law, usual)) == notes.get(law, "")
