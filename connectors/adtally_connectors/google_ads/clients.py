"""The advertisers below the accounts that a Google user is directly on.

Source: ``customer_client`` of Google Ads API v26: it lists an account itself and all that lie below it, at
every depth; one client may lie below several managers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator

from adtally import Account, AdtallyError, DeniedError, NotOffered

from . import wire

log = logging.getLogger(__name__)


def advertisers(roots: Iterable[str], listed: Callable[[str], Iterable[wire.ClientRow]]) -> Iterator[Account]:
    """Every account that is no manager, each once; ``listed`` asks for what lies below a root.

    One that is reached through a manager and directly counts as the manager's. A root that refuses is logged
    and passed over; only if nothing else is found is its refusal the answer.
    """
    found: dict[str, Account] = {}
    refusal: AdtallyError | None = None
    for root in roots:
        try:
            for row in listed(root):
                client, known = row.customer_client, found.get(row.customer_client.id)
                manager_id = root if client.id != root else ""
                if client.manager or (known and (known.manager_id or not manager_id)):
                    continue
                found[client.id] = Account(
                    id=client.id,
                    name=client.descriptive_name,
                    currency=client.currency_code,
                    timezone=client.time_zone,
                    status=client.status,
                    manager_id=manager_id,
                    reached_by=root,
                )
        except (DeniedError, NotOffered) as error:
            log.warning("google_ads: account %s is passed over: %s", root, error)
            refusal = error
    if refusal is not None and not found:
        raise refusal
    yield from found.values()
