"""The answers of one unit on their way into the ledger."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ..connector import Connector
from ..exchange import Exchange, watched
from ..ledger import Ledger
from ..ledger.raw import Answers, pack
from ..redaction import Redactor


@contextmanager
def kept(ledger: Ledger, connector: Connector, redactor: Redactor) -> Generator[Answers]:
    """Collect what the connector is answered in this thread; what was not written by the end is dropped."""
    answers = Answers(ledger.conn)

    def keep(exchange: Exchange) -> None:
        with connector.http.baton.parted():  # to pack runs beside the thoughts of others: it lets the GIL go
            packed = pack(exchange.body)
        answers.add(exchange, packed)

    try:
        with watched(redactor, keep):
            yield answers
    finally:
        answers.release()
