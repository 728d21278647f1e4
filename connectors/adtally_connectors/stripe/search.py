"""One list of Stripe's, page by page, and the Checkout Sessions that payments came from.

Source: list parameters in stripe-python 16.1.0 (read 2026-11). Lists begin with the newest; what is made
meanwhile appears before the first page. No list says how many rows it has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeVar

from adtally import ContractError, DeniedError, Http, Unit, cursor_pages, once

from . import queries, wire
from .evidence import day_of

Row = TypeVar("Row", bound=wire.Dated)
log = logging.getLogger(__name__)

SESSIONS = "/v1/checkout/sessions"


def listed(
    http: Http, path: str, decode: type[wire.Page[Row]], params: Mapping[str, object]
) -> Iterator[Row]:
    """Every row of a list, each once."""

    def ask(cursor: str) -> tuple[list[Row], str]:
        asked = {**params, "limit": queries.PAGE_ROWS, "starting_after": cursor or None}
        page = http.get(path, params=asked, decode=decode)
        if page.has_more and not page.data:
            raise ContractError(f"{path}: has_more, and no rows to go on from")
        return page.data, page.data[-1].id if page.has_more else ""

    return once(chain.from_iterable(cursor_pages(ask)), lambda row: row.id)


def of_days(
    http: Http, path: str, decode: type[wire.Page[Row]], unit: Unit, expand: tuple[str, ...]
) -> Iterator[Row]:
    """Every row that was made on the unit's days. Raises ContractError for one of another day."""
    for row in listed(http, path, decode, {**queries.within(unit), **queries.expanded(expand)}):
        if (day := day_of(row, unit.account)) not in unit.window:
            raise ContractError(f"{path}: {row.id[:40]} was created on {day}, which was not asked for")
        yield row


class Checkouts:
    """The completed Checkout Sessions by their payment intents, as far as the key may read them."""

    def __init__(self, http: Http, account_id: str) -> None:
        self._http, self._account_id = http, account_id
        self._known: dict[str, wire.Checkout | None] = {}
        self._denied = False

    def read(self, unit: Unit) -> None:
        """Learn of all sessions that payments of these days can have come from."""
        asked = {**queries.within(unit, earlier=queries.SESSION_LIFE), "status": "complete"}
        try:
            for one in listed(self._http, SESSIONS, wire.Page[wire.Checkout], asked):
                if one.payment_intent:
                    self._known[one.payment_intent] = one
        except DeniedError as error:
            self._deny(error)

    def known(self, intent: wire.Intent | str | None) -> wire.Checkout | None:
        """The session of an intent among those that were read."""
        return self._known.get(_id(intent))

    def asked(self, intent: wire.Intent | str | None) -> wire.Checkout | None:
        """The session of an intent, asked for once."""
        number = _id(intent)
        if number and number not in self._known and not self._denied:
            asked = {"payment_intent": number, "limit": 1}
            try:
                page = self._http.get(SESSIONS, params=asked, decode=wire.Page[wire.Checkout])
            except DeniedError as error:
                self._deny(error)
                return None
            for one in page.data:
                if one.payment_intent != number:
                    raise ContractError(f"{SESSIONS}: the session {one.id[:40]} is not of {number[:40]}")
            self._known[number] = page.data[0] if page.data else None
        return self._known.get(number)

    def _deny(self, error: DeniedError) -> None:
        """Payments without what stands on their sessions are better than none."""
        self._denied = True
        log.warning("stripe: %s: Checkout Sessions are left out: %s", self._account_id, error)


def _id(intent: wire.Intent | str | None) -> str:
    return intent.id if isinstance(intent, wire.Intent) else intent or ""
