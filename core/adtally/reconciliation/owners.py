"""The accounts as the facts name them, and who of several connectors holds what of one account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ..ledger import Connection
from . import sql

AccountId = tuple[str, str]
"""Platform and account id: one account, whichever connectors see it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """An account as one connector sees it."""

    key: int
    connector: str
    platform: str
    account_id: str
    name: str
    currency: str
    timezone: str
    payment: str
    delivers: bool
    """Whether this connector brings the account's delivery; another may bring its bills."""

    @property
    def account(self) -> AccountId:
        return self.platform, self.account_id


class Owners:
    """Every account of the ledger, by its key there and as the one account that several keys may be."""

    def __init__(self, conn: Connection) -> None:
        self.by_key = {row[0]: Owner(*row) for row in conn.execute(sql.ACCOUNTS)}
        by_account: defaultdict[AccountId, list[Owner]] = defaultdict(list)
        for owner in self.by_key.values():
            by_account[owner.account].append(owner)
        self.by_account = dict(by_account)

    def main(self, account: AccountId) -> Owner:
        """The one that brings the account's delivery, else the first that knows the account."""
        here = self.by_account[account]
        return next((owner for owner in here if owner.delivers), here[0])
