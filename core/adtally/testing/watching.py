"""A connector as it is, watched: what each unit was answered and what it yielded, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from types import new_class
from typing import cast

from ..answer import Answer, witness
from ..calendar import Window
from ..connector import Connector, Report, Unit
from ..records import Record


@dataclass(frozen=True, slots=True)
class Stream:
    """One unit: the good answers that it got and the records that it yielded."""

    report: Report
    account_id: str
    window: Window
    events: list[Answer | Record] = field(default_factory=list[Answer | Record])

    @property
    def answers(self) -> list[Answer]:
        return [event for event in self.events if isinstance(event, Answer)]

    @property
    def records(self) -> list[Record]:
        return [event for event in self.events if not isinstance(event, Answer)]


def watched(kind: type[Connector], streams: list[Stream], reports: frozenset[str] | None) -> type[Connector]:
    """The same connector type; each unit that is fetched is noted in ``streams``.

    Only ``reports`` are there to be fetched; None = all.
    """

    def fetch(self: Connector, report: Report, unit: Unit) -> Iterator[Record]:
        stream = Stream(report, unit.account.id, unit.window)
        streams.append(stream)
        before = witness.get()
        witness.set(partial(_note, stream))
        try:
            for record in kind.fetch(self, report, unit):
                stream.events.append(record)
                yield record
        finally:
            witness.set(before)

    def wanted(self: Connector) -> list[Report]:
        return [report for report in kind.reports(self) if reports is None or report.name in reports]

    own = {"fetch": fetch, "reports": wanted, "__module__": kind.__module__, "__doc__": kind.__doc__}
    return cast("type[Connector]", new_class(kind.__name__, (kind,), {}, lambda names: names.update(own)))


def _note(stream: Stream, _request: object, answer: Answer) -> None:
    stream.events.append(answer)
