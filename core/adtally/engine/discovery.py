"""Which accounts the connectors see, which of them are wanted, and who syncs what of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from ..connector import Report
from ..errors import ConfigError, DeniedError, LedgerError
from ..ledger import Ledger
from ..records import Account
from ..registry import Configured
from .failures import told
from .jobs import Job, Owners, Wishes, plan_job, stored_file_accounts
from .tally import Tally

Seen = dict[str, list[Account]]
"""The accounts of each connector that could list them."""


def discover(configured: Configured, seen: Seen, tally: Tally, clock: Callable[[], datetime]) -> None:
    """Ask one connector for its accounts."""
    try:
        found = {account.id: account for account in configured.connector.accounts()}
    except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the others
        tally.fail(configured.name, told(error), clock())
    else:
        seen[configured.name] = [found[id_] for id_ in sorted(found)]


def plan_jobs(
    ledger: Ledger,
    connectors: Sequence[Configured],
    seen: Mapping[str, Sequence[Account]],
    wishes: Wishes,
    tally: Tally,
    clock: Callable[[], datetime],
) -> list[Job]:
    """One job an account, the connectors taking turns.

    Raises ConfigError for a wanted account that no connector sees.
    """
    if len(seen) == len(connectors):
        _check_wanted(seen, wishes)
    by_name = {configured.name: configured for configured in connectors}
    owners = Owners(ledger.conn)
    jobs = list[list[Job]]()
    for name in wishes.configured or by_name:
        if name not in seen:
            owners.stored(name)
            continue
        own = _jobs_of(ledger, by_name[name], seen[name], owners, wishes, tally, clock)
        jobs.append(own)
        tally.started(name, len(own), sum(len(job.units) for job in own))
    longest = max(map(len, jobs), default=0)
    return [own[n] for n in range(longest) for own in jobs if n < len(own)]


def _check_wanted(seen: Mapping[str, Sequence[Account]], wishes: Wishes) -> None:
    """A mistyped account must not look like a sync that had nothing to do."""
    visible = {account.id for accounts in seen.values() for account in accounts}
    missing = [account for account in wishes.accounts if account not in visible]
    if missing:
        raise ConfigError(
            f"no connector sees account {', '.join(missing)}: adtally check lists the visible ones"
        )


def _jobs_of(
    ledger: Ledger,
    configured: Configured,
    seen: Sequence[Account],
    owners: Owners,
    wishes: Wishes,
    tally: Tally,
    clock: Callable[[], datetime],
) -> list[Job]:
    jobs = list[Job]()
    visible = {account.id: account for account in seen}
    for missing in sorted(set(configured.accounts) - visible.keys()):
        error = DeniedError(f"account {missing} is not visible to these credentials")
        tally.fail(configured.name, error, clock(), missing)
    stored = {account.id: account for account in stored_file_accounts(ledger.conn, configured.name)}
    for account in (stored | visible).values():
        if not all(account.id in wanted for wanted in (configured.accounts, wishes.accounts) if wanted):
            continue
        try:
            reports = _reports(configured, account, owners, tally)
            if reports:
                jobs.append(plan_job(ledger, configured, account, reports, wishes, clock()))
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the others
            tally.fail(configured.name, told(error), clock(), account.id)
    return jobs


def _reports(configured: Configured, account: Account, owners: Owners, tally: Tally) -> list[Report]:
    kept = list[Report]()
    for report in configured.reports():
        owner = owners.claim(configured, account, report)
        if owner == configured.name:
            kept.append(report)
        else:
            tally.tell(f"{configured.name}/{account.id}: synced by {owner}")
    return kept
