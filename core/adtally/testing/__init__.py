"""What a connector's tests need: a unit to ask for, a platform that answers only what was arranged, and laws.

    TRIAL = Trial(connector=MyAds, platform=MyFake, fields={"token": "a-made-up-token"}, ...)

    @pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
    def test_my_ads_keeps_the_law(law):
        law(TRIAL)

Each law runs real syncs of the trial's connector: real HTTP on 127.0.0.1, a real ledger, no other host.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING
from unittest.mock import patch

from ..calendar import Window
from ..connector import Unit
from ..http import Http
from ..records import Account
from ..world import Reply, Request, json_reply
from .laws import LAWS, Law, broken
from .trial import Broken, Platform, Trial

if TYPE_CHECKING:
    from responses import RequestsMock

__all__ = [
    "LAWS",
    "Broken",
    "Law",
    "Platform",
    "Reply",
    "Request",
    "Trial",
    "api",
    "broken",
    "json_reply",
    "unit",
]


def unit(
    first_day: date, last_day: date, *, account: Account | None = None, today: date | None = None
) -> Unit:
    """A unit of account ``1`` in EUR and UTC, asked on the day after its last one."""
    return Unit(
        account=account or Account(id="1", currency="EUR", timezone="UTC"),
        window=Window(first_day, last_day),
        today=today or date.fromordinal(last_day.toordinal() + 1),
    )


@contextmanager
def api() -> Generator[RequestsMock]:
    """A platform that gives the arranged answers to connectors whose pauses take no time.

    A request that nothing was arranged for fails, and so does an answer that nobody asked for. Needs the
    package ``responses``; as a pytest fixture::

        @pytest.fixture
        def api():
            with adtally.testing.api() as platform:
                yield platform
    """
    from responses import RequestsMock  # noqa: PLC0415 - for tests only, so adtally does not depend on it

    with (
        patch.object(Http, "sleep", staticmethod(_no_time)),
        RequestsMock() as platform,
    ):
        yield platform


def _no_time(_seconds: float) -> None:
    pass
