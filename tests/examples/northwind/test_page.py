"""The page for connector authors shows the laws as they are run here."""

import re
from pathlib import Path

from adtally.testing import LAWS

TOP = Path(__file__).parents[3]
PAGE = (TOP / "docs" / "writing-a-connector.md").read_text(encoding="utf-8")


def test_page_shows_the_trial_of_the_example() -> None:
    here = Path(__file__).with_name("test_laws.py").read_text(encoding="utf-8")

    [shown] = re.findall(r"```py\n(.*?)```", PAGE, re.DOTALL)

    assert shown == here.replace("from .my_ads", "from my_ads")


def test_page_lists_every_law() -> None:
    assert re.findall(r"^\| `(.*?)` \|", PAGE.partition("## Does it hold up?")[2], re.MULTILINE) == list(LAWS)
