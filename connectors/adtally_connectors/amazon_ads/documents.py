"""Billing documents, as they are asked for.

Source: OpenAPI document of accounts billing 3.0 (as of 2026-10, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import chain
from typing import TypeVar
from urllib.parse import quote

from adtally import AuthError, DeniedError, Http, Unit, cursor_pages, once

from . import wire_billing as wire
from .queries import LIST_SIZE, scope

Inner = TypeVar("Inner")

DAY = timedelta(days=1)
BILLED_LATER = timedelta(days=31)
"""How long after its last day a document is issued, at most."""


def summaries(http: Http, root: str, unit: Unit) -> Iterator[wire.Summary]:
    """Every document that may bill the unit's days, each once, some of other days among them."""
    window = unit.window
    asked = {
        "startDate": window.first_day - DAY,
        "endDate": max(min(window.last_day + BILLED_LATER, unit.today), window.first_day),
        "count": LIST_SIZE,
    }

    def ask(cursor: str) -> tuple[list[wire.Summary], str]:
        params: Mapping[str, object] = {"cursor": cursor} if cursor else asked
        shape = wire.Summaries
        page = _told(
            http, f"{root}/invoices", unit, params, "invoices", shape, wire.Enveloped[wire.Summaries]
        )
        return page.invoice_summaries, page.next_cursor or ""

    return once(chain.from_iterable(cursor_pages(ask)), lambda summary: summary.id)


def document(http: Http, root: str, unit: Unit, invoice_id: str) -> wire.Invoice:
    url = f"{root}/invoices/{quote(invoice_id, safe='')}"
    return _told(http, url, unit, {}, "invoice", wire.Invoice, wire.Enveloped[wire.Invoice])


def _told(
    http: Http,
    url: str,
    unit: Unit,
    params: Mapping[str, object],
    what: str,
    shape: type[Inner],
    enveloped: type[wire.Enveloped[Inner]],
) -> Inner:
    """An answer with or without its envelope. Raises DeniedError also for a 401: no right to see bills."""
    head = {**scope(unit.account), "Accept": f"application/vnd.{what}.v1.1+json"}
    try:
        answer = http.ask("GET", url, params=params, headers=head, as_json=True)
    except AuthError as error:
        if isinstance(error, DeniedError) or error.status is None:  # None: the sign-in itself is refused
            raise
        raise DeniedError("no permission to view billing of the account", status=error.status) from error
    inside = answer.says(enveloped)
    return inside.payload if inside else answer.decode(shape)
