"""The records of one unit on their way in: checked, turned into rows, and kept aside until all are there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from operator import itemgetter

from msgspec.structs import astuple

from ..calendar import Window, from_ordinal, instant_text, local_day, to_ordinal
from ..errors import ContractError
from ..records import (
    CountryCost,
    Delivery,
    Evidence,
    HourlyCost,
    Interaction,
    Invoice,
    InvoiceLine,
    Record,
    Terms,
)
from .keys import EntityIds, Feed, Keys
from .tables import (
    COUNTRY,
    DELIVERY,
    EVIDENCE,
    HOURLY,
    INTERACTION,
    STATES,
    FactTable,
    Row,
    StateTable,
    as_column,
)

SPILL_ROWS = 20_000
COUNTRY_CODE = re.compile("[A-Z]{2}")
ASTRAY = timedelta(days=400)
"""So far from the month asked for a document may be dated: some ask by service month, some by issue."""
_stage_numbers = count(1)


class Stage:
    """Rows of one fact table: in memory while few, in a temporary table beyond that, at last in key order."""

    def __init__(self, conn: sqlite3.Connection, table: FactTable) -> None:
        self.table = table
        self.name = f"temp.stage_{next(_stage_numbers)}"
        self.rows: list[Row] = []
        self.spilled = 0
        self._conn = conn
        self._exists = False

    def __len__(self) -> int:
        return self.spilled + len(self.rows)

    def spill(self) -> None:
        """Move the rows in memory to the temporary table, all or none; IntegrityError for a key twice."""
        if not self._exists:
            # Typed like the table itself: without types SQLite compares keys row by row and uses no index.
            named = self._conn.execute("SELECT name, type FROM pragma_table_info(?)", (self.table.name,))
            columns, key = ", ".join(f"{name} {kind}" for name, kind in named), ", ".join(self.table.key)
            self._conn.execute(f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID")
            self._exists = True
        self._conn.execute("SAVEPOINT spill")
        try:
            self.table.insert(self._conn, self.sorted_rows(), self.name)
        except BaseException:
            self._conn.execute("ROLLBACK TO spill")
            raise
        finally:
            self._conn.execute("RELEASE spill")
        self.spilled += len(self.rows)
        self.rows = []

    def sorted_rows(self) -> list[Row]:
        for at in range(len(self.table.key) - 1, 0, -1):
            self.rows.sort(key=itemgetter(at))
        return self.rows

    def repeated(self) -> Row | None:
        """A key of the rows in memory that came before, also among the spilled ones."""
        seen: set[Row] = set()
        size = len(self.table.key)
        same = " AND ".join(f"{name} = ?" for name in self.table.key)
        spilled = f"SELECT 1 FROM {self.name} WHERE {same}"
        for row in self.rows:
            key = row[:size]
            if key in seen or (self._exists and self._conn.execute(spilled, key).fetchone()):
                return key
            seen.add(key)
        return None

    def drop(self) -> None:
        """Forget everything; a transaction that was rolled back may have taken the table along."""
        self.rows, self.spilled = [], 0
        if self._exists:
            self._conn.execute(f"DROP TABLE IF EXISTS {self.name}")
            self._exists = False


class Intake:
    """Takes the stream of one unit. Nothing reaches the ledger's tables before ``write.commit``."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        keys: Keys,
        feed: Feed,
        entities: dict[EntityIds, int],
        now: datetime,
        spill_rows: int = SPILL_ROWS,
    ) -> None:
        self.feed = feed
        self.spill_rows = spill_rows
        self.taken = 0
        self.as_of = int(now.timestamp())
        self.states: dict[StateTable, dict[Row, Row]] = {}
        self.terms: list[Terms] = []
        self.invoices: list[Invoice] = []
        self.invoice_lines: list[InvoiceLine] = []
        self.stages: dict[FactTable, Stage] = {}
        self.entities = entities
        self.fresh: dict[EntityIds, int] = {}
        self.first_day: date | None = None
        self.last_day: date | None = None
        self._conn, self._keys = conn, keys
        self._currencies: dict[str, int] = {}
        self._views: dict[str, int] = {}

    def take(self, records: Iterable[Record], window: Window | None) -> None:
        """Consume the records; each day of a daily report must lie in the window.

        Raises ContractError for a day outside, an unknown currency, a state that came twice in two forms, a
        document of quite another time, or a record of an undeclared type.
        """
        daily = window if self.feed.report.by_days else None
        days = {day: to_ordinal(day) for day in daily} if daily else None
        declared = self.feed.report.records
        delivery = self.stage(DELIVERY)
        rows, append, limit = delivery.rows, delivery.rows.append, self.spill_rows
        feed, as_of, entities = self.feed.feed, self.as_of, self.entities
        account_currency, currencies, views = self.feed.account.currency, self._currencies, self._views
        delivers = Delivery in declared
        for record in records:
            if type(record) is Delivery and delivers:
                values = astuple(record)
                day = days.get(values[0]) if days else self._any_day(values[0])
                if day is None:
                    raise self._outside(values[0], window)
                ids = values[1:4]
                entity = entities.get(ids) or self._entity(ids)
                code = values[4] or account_currency
                currency = currencies.get(code) or self._currency(code)
                view = views.get(values[5]) or self._view(values[5])
                append((feed, day, entity, currency, view, *values[6:], as_of))
                self.taken += 1
                if len(rows) >= limit:
                    self._spill(delivery)
                    rows, append = delivery.rows, delivery.rows.append
            elif type(record) in declared:
                self.taken += 1
                self._take_other(record, days, window)
            else:
                raise ContractError(
                    f"{self.feed.report.name} yielded a {type(record).__name__}, which it does not declare"
                )

    def release(self) -> None:
        """Give back memory and temporary tables."""
        for stage in self.stages.values():
            stage.drop()

    def _take_other(self, record: Record, days: dict[date, int] | None, window: Window | None) -> None:
        if isinstance(record, Interaction):
            row: Row = (
                *self._place(record.day, days, window),
                self._entity((record.campaign_id, record.ad_group_id, record.ad_id)),
                self._keys.action(record.action, record.attribution),
                record.kind,
                record.quantity_micros,
                record.value_micros,
                int(record.view_through),
                int(record.in_total),
                self.as_of,
            )
            self._append(INTERACTION, row)
        elif isinstance(record, Evidence):
            key = (*self._place(record.day, days, window), record.source_id, record.record_id, record.kind)
            self._append(EVIDENCE, (*key, *(getattr(record, name) for name in EVIDENCE.values), self.as_of))
        elif isinstance(record, HourlyCost):
            self._append(HOURLY, self._hourly_row(record, days, window))
        elif isinstance(record, CountryCost):
            self._append(COUNTRY, self._country_row(record, window))
        elif isinstance(record, Terms):
            self.terms.append(record)
        elif isinstance(record, Invoice):
            self._currency(record.currency)
            self._check_invoice(record, window)
            self.invoices.append(record)
        elif isinstance(record, InvoiceLine):
            self.invoice_lines.append(record)
        else:
            table = STATES[type(record)]
            state = tuple(as_column(self._value(record, name)) for name in (*table.key, *table.values))
            row_key = state[: len(table.key)]
            rows = self.states.setdefault(table, {})
            if rows.setdefault(row_key, state) != state:
                where = " ".join(str(part) for part in row_key[1:])
                raise ContractError(f"{self.feed.report.name}: two rows of {table.name} for {where} differ")
            self.taken -= rows[row_key] is not state  # an entity that moved to the next page meanwhile

    def _hourly_row(self, record: HourlyCost, days: dict[date, int] | None, window: Window | None) -> Row:
        if record.hour.tzinfo is None:
            raise ContractError(f"{self.feed.report.name} yielded the hour {record.hour} without a time zone")
        return (
            *self._place(local_day(record.hour, self.feed.account.timezone), days, window),
            self._entity((record.campaign_id, "", "")),
            int(record.hour.timestamp()),
            record.span_hours,
            self._currency(record.currency or self.feed.account.currency),
            record.impressions,
            record.clicks,
            record.cost_micros,
            self.as_of,
        )

    def _country_row(self, record: CountryCost, window: Window | None) -> Row:
        """Refuse a month that was not asked for, and what is no code of a country."""
        if record.month.day != 1 or (window is not None and record.month not in window):
            raise self._outside(record.month, window)
        if record.country and not COUNTRY_CODE.fullmatch(record.country):
            raise ContractError(
                f"{self.feed.report.name} yielded the country {record.country!r}: "
                "expected two upper case letters of ISO 3166-1"
            )
        return (
            *self._place(record.month, None, window),
            record.country,
            self._currency(record.currency or self.feed.account.currency),
            record.cost_micros,
            self.as_of,
        )

    def _value(self, record: Record, name: str) -> object:
        """A column's value; what a connector leaves to core comes from the account."""
        match name:
            case "connector":
                return self.feed.connector
            case "account_id":
                return self.feed.account.id
            case "currency":
                code: str = getattr(record, name) or self.feed.account.currency
                if code:
                    self._currency(code)
                return code
            case _:
                return getattr(record, name)

    def _check_invoice(self, invoice: Invoice, asked: Window | None) -> None:
        """Refuse a document that cannot belong to the month asked for, whichever way a platform filters."""
        day = invoice.issue_day or invoice.last_day
        if asked and day and not asked.first_day - ASTRAY <= day <= asked.last_day + ASTRAY:
            raise ContractError(
                f"{self.feed.report.name}: invoice {invoice.invoice_id} of {day} is no answer for {asked}"
            )

    def _place(self, day: date, days: dict[date, int] | None, window: Window | None) -> tuple[int, int]:
        ordinal = days.get(day) if days else self._any_day(day)
        if ordinal is None:
            raise self._outside(day, window)
        return self.feed.feed, ordinal

    def _any_day(self, day: date) -> int:
        self.first_day = min(self.first_day or day, day)
        self.last_day = max(self.last_day or day, day)
        return to_ordinal(day)

    def _outside(self, day: date, window: Window | None) -> ContractError:
        return ContractError(f"{self.feed.report.name} yielded the day {day}, which is not in {window}")

    def _entity(self, ids: EntityIds) -> int:
        """The key of ids that were new when this unit began; another one may have stored them since."""
        entity = self.entities.get(ids)
        if entity is None:
            entity = self.fresh.get(ids)
        if entity is None:
            entity = self.fresh[ids] = self._keys.new_entity(self.feed.account_key, ids)
        return entity

    def _currency(self, code: str) -> int:
        key = self._currencies[code] = self._keys.currency(code)
        return key

    def _view(self, definition: str) -> int:
        key = self._views[definition] = self._keys.text(definition)
        return key

    def stage(self, table: FactTable) -> Stage:
        """What was taken for this table."""
        if table not in self.stages:
            self.stages[table] = Stage(self._conn, table)
        return self.stages[table]

    def _append(self, table: FactTable, row: Row) -> None:
        stage = self.stage(table)
        stage.rows.append(row)
        if len(stage.rows) >= self.spill_rows:
            self._spill(stage)

    def _spill(self, stage: Stage) -> None:
        try:
            stage.spill()
        except sqlite3.IntegrityError as error:
            raise self.twice(stage) from error

    def twice(self, stage: Stage) -> ContractError:
        """The error for a key that came more than once, with the key in natural words."""
        _, day, *key = stage.repeated() or (0, 0)
        names = {entity: ids for ids, entity in (self.entities | self.fresh).items()}
        if stage.table is INTERACTION:
            key[1:] = self._conn.execute(
                "SELECT action, attribution FROM actions WHERE action_key = ?", key[1:]
            ).fetchone()
        if stage.table is HOURLY:
            key[1:] = [instant_text(datetime.fromtimestamp(int(str(key[1])), UTC))]
        ids = (*names.get(key[0], ()), *key[1:]) if isinstance(key[0], int) else key
        where = " ".join(str(part) for part in (from_ordinal(int(str(day))), *ids) if part)
        return ContractError(f"{self.feed.report.name}: two rows for {where}; nothing was changed")
