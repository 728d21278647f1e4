"""From bytes to records: typed decoding and the connector's own loop against ``json.loads`` alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adtally.answer import Answer
from adtally_connectors.google_ads import counts, wire

from .figures import Figure, medians
from .google import pages
from .synced import DAYS, FIRST


def figures(_: Path) -> Iterator[Figure]:
    bodies = list(pages(FIRST, FIRST + timedelta(days=DAYS - 1)))

    def shipped(_: int) -> float:
        began = time.process_time()
        for body in bodies:
            page = Answer(200, {}, body, "").decode(wire.Page[wire.DeliveryRow])
            for _record in counts.to_delivery([page.results]):
                pass
        return time.process_time() - began

    def plain(_: int) -> float:
        began = time.process_time()
        for body in bodies:
            json.loads(body)
        return time.process_time() - began

    ours, theirs = medians(shipped, plain)
    yield Figure("bytes to records: speed, times json.loads alone", theirs / ours, 2, 1, "{:.2f}")
