"""What a connector's tests need: a unit to ask for, and a platform that answers only what was arranged."""

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

if TYPE_CHECKING:
    from responses import RequestsMock


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
