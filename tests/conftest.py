"""What every room's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from responses import RequestsMock

from adtally import testing
from adtally.baton import Baton

TOP = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", default="7,20,2026", help="the sandbox worlds to judge, by their numbers")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        seeds = [int(seed) for seed in str(metafunc.config.getoption("--seeds")).split(",")]
        metafunc.parametrize("seed", seeds, scope="module")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests of the whole first, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: item.path.parent != TOP)


@pytest.fixture
def api() -> Iterator[RequestsMock]:
    """A platform that answers what the test arranged, to connectors whose pauses take no time."""
    with testing.api() as platform:
        yield platform


@pytest.fixture(scope="module")
def nobody_waits() -> Iterator[None]:
    """Syncs wait for no platform: what the sandbox throttles is asked again at once."""

    def pause(self: Baton, _seconds: float) -> None:
        with self.parted():
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Baton, "pause", pause)
        yield
