"""What every room's tests share."""

from collections.abc import Iterator

import pytest
from responses import RequestsMock

from adtally import testing


@pytest.fixture
def api() -> Iterator[RequestsMock]:
    """A platform that answers what the test arranged, to connectors whose pauses take no time."""
    with testing.api() as platform:
        yield platform
