"""What every room's tests share."""

from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
from responses import RequestsMock

from adtally import testing
from adtally.baton import Baton

TOP = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--seeds", default="7,2026,any", help="the sandbox worlds to judge, by their numbers; any = by chance"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose by chance once: the processes of pytest-xdist get the numbers that their parent has chosen."""
    told = getattr(config, "workerinput", {}).get("seeds", config.option.seeds)
    chosen = [word if word != "any" else str(SystemRandom().randint(1, 10**6)) for word in told.split(",")]
    config.option.seeds = ",".join(chosen)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["seeds"] = node.config.option.seeds


def pytest_report_header(config: pytest.Config) -> str:
    return f"sandbox worlds: {config.option.seeds}"


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
