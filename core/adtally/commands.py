"""The public functions: one for each command, with the same name and words."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from msgspec.structs import replace

from .calendar import Window, month as month_days, month_name, months
from .connector import Connector
from .engine.day_states import Status
from .engine.failures import told
from .engine.jobs import Wishes
from .engine.run import run_sync
from .engine.status import read_status
from .engine.summary import Progress, Run
from .errors import AdtallyError, ConfigError
from .ledger import Ledger
from .ledger.shown import Shown
from .ledger.shown_day import read_day
from .ledger.shown_document import read_document
from .reconciliation.checks import CHECKS
from .reconciliation.closed_facts import Closing
from .reconciliation.closing import read_closing, refuse_running, snapshot, store_closing
from .reconciliation.drift import Drift, drift
from .reconciliation.findings import read_findings
from .reconciliation.gather import known_months
from .reconciliation.judging import Judging, narrowed
from .reconciliation.mapping import read_mapping
from .reconciliation.rate_tables import read_surcharges, read_taxes
from .reconciliation.result import Finding, Month, Result
from .reconciliation.rules import Rules
from .reconciliation.tolerance import Tolerance
from .records import Account, canonical_account
from .registry import build_all, connector_types
from .settings import Settings

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_ledger(settings: Settings) -> Ledger:
    """The configured ledger, created or brought up to date. Raises LedgerError when it cannot be used."""
    return Ledger(settings.ledger_path)


def init(path: Path) -> None:
    """Write a commented configuration to fill in. Raises ConfigError when the file exists."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(files("adtally").joinpath("config.example.toml").read_text(encoding="utf-8"))
    except FileExistsError:
        raise ConfigError(f"{path}: exists already; nothing was changed") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from error


@dataclass(frozen=True, slots=True)
class Checked:
    """What ``check`` found out about one connector: its accounts, or why there are none."""

    connector: str
    accounts: tuple[Account, ...] = ()
    error: AdtallyError | None = None


def check(settings: Settings, connectors: Sequence[str] | None = None) -> list[Checked]:
    """Prove the credentials by the cheapest real calls; nothing is stored."""
    found = list[Checked]()
    for configured in build_all(settings, connectors):
        try:
            found.append(Checked(configured.name, tuple(configured.connector.check())))
        except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the others
            found.append(Checked(configured.name, error=told(error)))
    return found


def sync(
    settings: Settings,
    ledger: Ledger,
    *,
    connectors: Sequence[str] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    accounts: Sequence[str] = (),
    full: bool = False,
    workers: int | None = None,
    deadline: timedelta | None = None,
    dry_run: bool = False,
    clock: Clock = utc_now,
    progress: Progress | None = None,
) -> Run:
    """Pull what is missing or may still be restated into the ledger; what is final is not asked for again.

    Days are inclusive and account-local. Once ``deadline`` has passed since the start nothing more is asked:
    units that lack an answer are not stored, and the next sync goes on there. Raises ConfigError, or
    LedgerError when another sync holds the lock; what fails for one connector, account or unit, or is left at
    the deadline, stands in ``Run.failures``.
    """
    now = clock().replace(microsecond=0)
    wishes = Wishes(
        first_day=first_day or settings.sync.start(now.date()),
        last_day=last_day,
        accounts=tuple(canonical_account(account) for account in accounts),
        full=full,
        workers=workers or settings.sync.workers,
        dry_run=dry_run,
        seconds=deadline.total_seconds() if deadline is not None else None,
        configured=tuple(settings.connectors),
    )
    configured = build_all(settings, connectors)
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{os.getpid()}-{secrets.token_hex(2)}"
    return run_sync(
        ledger,
        configured,
        wishes,
        clock=clock,
        progress=progress,
        run_id=run_id,
        keep_raw=settings.ledger.keep_raw,
    )


def reconcile(
    settings: Settings,
    ledger: Ledger,
    *,
    month: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    check: str | None = None,
    connector: str | None = None,
    as_of: date | None = None,
    keep: bool = True,
    clock: Clock = utc_now,
) -> Result:
    """Judge months, keep their verdicts and findings, and return them; filters limit only what comes back.

    Without ``month`` every month that has ended and has data is judged anew. Days from ``first_day`` to
    ``last_day`` that are no calendar month are judged, but not kept, and so is what was believed when the day
    ``as_of`` ended (UTC). Raises ConfigError for an unknown check.
    """
    now = clock().replace(microsecond=0)
    if check is not None and check not in CHECKS:
        raise ConfigError(f"no check is called {check!r}: choose from {', '.join(CHECKS)}")
    if (first_day is None) != (last_day is None) or (month and first_day):
        raise ConfigError("give --month, or both --first-day and --last-day")
    if first_day and last_day:
        windows = [_window(first_day, last_day)]
        keep = keep and windows == list(months(windows[0]))
    elif month:
        windows = [month_window(month)]
    else:
        windows = [known for known in known_months(ledger) if known.last_day < now.date()]
    keep = keep and as_of is None
    judging = judging_of(settings, now)
    judged = [
        narrowed(judging.month(ledger, window, keep=keep, as_of=as_of), check, connector)
        for window in windows
    ]
    period = windows[0].span(windows[-1]) if windows else Window(now.date(), now.date())
    return Result(period=period, months=tuple(judged))


def status(ledger: Ledger, *, window: Window | None = None, clock: Clock = utc_now) -> Status:
    """How far the data of each account reaches, what did not come, and what its numbers are worth.

    Of the days of ``window``, by default of every known month.
    """
    today = clock().date()
    if window is None:
        known = known_months(ledger)
        window = known[0].span(known[-1]) if known else Window(today, today)
    return read_status(ledger, window, today)


def report(
    settings: Settings,
    ledger: Ledger,
    *,
    month: str | None = None,
    html: Path | None = None,
    as_of: date | None = None,
    clock: Clock = utc_now,
) -> Result:
    """The judged months as they stand now, nothing stored; with ``html`` also as one self-contained file."""
    result = reconcile(settings, ledger, month=month, as_of=as_of, keep=False, clock=clock)
    if as_of is None:
        now = clock().replace(microsecond=0)
        drifts = (_since(ledger, one, now) for one in result.months)
        result = replace(result, since_closing=tuple(one for one in drifts if one))
    if html is not None:
        from .reporting.html import write_report

        write_report(html, result, status(ledger, clock=clock), version=version("adtally"))
    return result


def close(settings: Settings, ledger: Ledger, *, month: str, clock: Clock = utc_now) -> Closing:
    """Judge a month and keep what is known and said of it now, beside all earlier closings.

    ``warnings`` says what was missing or may still change. Raises ConfigError for a month that is not over,
    or of which nothing is known.
    """
    now = clock().replace(microsecond=0)
    window = month_window(month)
    refuse_running(window.last_day, now.date())
    [judged] = reconcile(settings, ledger, month=month, clock=lambda: now).months
    return store_closing(ledger, snapshot(ledger.conn, judged, now, version("adtally")))


def since_closing(settings: Settings, ledger: Ledger, *, month: str, clock: Clock = utc_now) -> Drift:
    """What changed since the month was last closed; nothing stored. Raises ConfigError if it never was."""
    now = clock().replace(microsecond=0)
    [judged] = reconcile(settings, ledger, month=month, keep=False, clock=lambda: now).months
    found = _since(ledger, judged, now)
    if found is None:
        raise ConfigError(f"{month} was never closed: run adtally close --month {month}")
    return found


def _since(ledger: Ledger, month: Month, now: datetime) -> Drift | None:
    closed = read_closing(ledger.conn, month_name(month.month.last_day))
    if closed is None:
        return None
    return drift(closed, snapshot(ledger.conn, month, now, version("adtally")))


def judging_of(settings: Settings, now: datetime) -> Judging:
    """How to judge as the user told it. Raises ConfigError for a mapping file that cannot be used."""
    file = settings.reconcile.mapping
    mapping = read_mapping(settings.folder / file) if file else ()
    for row in mapping:
        for name in (row.evidence, row.connector):
            if name not in settings.connectors:
                raise ConfigError(f"{settings.folder / file}: no table in [connectors] is called {name!r}")
    return Judging(settings.agreements, mapping, rules_of(settings), now)


def rules_of(settings: Settings) -> Rules:
    """The user's tolerances, limits and prices, as the checks read them."""
    table = settings.reconcile
    return Rules(
        money_match=Tolerance(
            minor_units=table.money_match.minor_units, relative_ppm=table.money_match.relative_ppm
        ),
        rate_match=Tolerance(
            minor_units=table.rate_match.minor_units, relative_ppm=table.rate_match.relative_ppm
        ),
        invoice_lag_days=table.invoice_lag_days,
        alpha=table.alpha,
        effect_ratio=table.effect_ratio,
        session_floor=table.session_floor,
        rates={
            currency: {
                model: price.rate_micros if price.rate_micros is not None else price.share_ppm or 0
                for model, price in prices.items()
            }
            for currency, prices in table.rates.items()
        },
        surcharges=read_surcharges(settings.folder / table.surcharges if table.surcharges else None),
        taxes=read_taxes(settings.folder / table.taxes) if table.taxes else (),
    )


def month_window(text: str) -> Window:
    """The days of ``2026-10``. Raises ConfigError for other text."""
    try:
        return month_days(text)
    except ValueError:
        raise ConfigError(f"--month {text!r}: write it as 2026-10") from None


def _window(first_day: date, last_day: date) -> Window:
    if first_day > last_day:
        raise ConfigError("--first-day is after --last-day")
    return Window(first_day, last_day)


def connectors() -> dict[str, type[Connector]]:
    """Every installed connector type by its name."""
    return connector_types()


def findings(ledger: Ledger, *, month: str | None = None) -> list[Finding]:
    """The stored findings of one month or of all: claims first, the largest money first."""
    return read_findings(ledger.conn, month)


def show(
    ledger: Ledger,
    connector: str,
    account: str,
    day: date | None = None,
    *,
    invoice: str | None = None,
    report: str | None = None,
    campaign: str | None = None,
    as_of: date | None = None,
) -> Shown:
    """The ledger's rows of one day or of one invoice, and the answers behind them, where they were kept.

    With ``as_of`` as it was believed when that day ended (UTC); of invoices the ledger has only the newest
    version, but the answers of then. ``read_answer`` gives the bytes of an answer. Raises ConfigError for an
    account or invoice that the ledger does not have.
    """
    account_id = canonical_account(account)
    if day is not None and invoice is None:
        return read_day(
            ledger,
            connector,
            account_id,
            day,
            report=report or "",
            campaign_id=campaign or "",
            as_of=as_of,
        )
    if invoice is None or day is not None or report or campaign:
        raise ConfigError("give either a day, with --report and --campaign if you like, or --invoice")
    return read_document(ledger, connector, account_id, invoice, as_of=as_of)
