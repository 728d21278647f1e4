from collections.abc import Iterator
from pathlib import Path

import pytest

from adtally.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "adtally.db") as opened:
        yield opened
