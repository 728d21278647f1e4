"""Which ledger columns a file may be mapped to, and how its rows become records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from adtally import (
    Balance,
    ContractError,
    Delivery,
    Evidence,
    Interaction,
    Invoice,
    InvoiceLine,
    Order,
    Record,
    canonical_account,
    hashed,
)

from .cells import Parse, parser, to_currency, to_status
from .lines import rows

RecordName: TypeAlias = Literal[
    "delivery", "interactions", "invoices", "invoice_lines", "evidence", "orders", "balances"
]
Hashable: TypeAlias = Literal["record_id", "key_value", "refers_to"]
"""Columns of evidence that may hold personal ids."""

Grain: TypeAlias = Literal["campaign", "ad_group", "ad"]

RECORDS: dict[RecordName, type[Record]] = {
    "delivery": Delivery,
    "interactions": Interaction,
    "invoices": Invoice,
    "invoice_lines": InvoiceLine,
    "evidence": Evidence,
    "orders": Order,
    "balances": Balance,
}
OF_ALL = ("platform", "account", "currency")
"""Said once in the configuration, or by a column."""
NOT_MAPPED = {"accounts", "links", "lines", "currency", "timezone"}
LINKS = ("corrects", "replaces")
GRAIN_IDS = ("campaign_id", "ad_group_id", "ad_id")


@dataclass(frozen=True, slots=True)
class Column:
    """A ledger column that the user may map, the record's field that it fills, and how its cells are read."""

    field: str
    parse: Parse
    required: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file."""

    place: str
    """The file's name and the line, for messages."""
    platform: str
    account: str
    currency: str
    values: dict[str, object]


def columns_of(record: RecordName, grain: Grain, day_format: str) -> dict[str, Column]:
    """The columns of a kind of record by their names for users: those of money without ``_micros``."""
    left_out = {*NOT_MAPPED, "account_id"} if record == "invoice_lines" else NOT_MAPPED
    needed = {"invoice_lines": "invoice_id", "delivery": f"{grain}_id", "interactions": f"{grain}_id"}.get(
        record
    )
    columns = {
        field.name.removesuffix("_micros"): Column(
            field.name, parser(field.name, field.type, day_format), field.required or field.name == needed
        )
        for field in msgspec.structs.fields(RECORDS[record])
        if field.name not in left_out
    }
    if record in ("delivery", "interactions"):
        for finer in GRAIN_IDS[GRAIN_IDS.index(f"{grain}_id") + 1 :]:
            del columns[finer]
    if record == "evidence":
        columns["status"] = Column("status", to_status, required=False)
    if record == "invoices":
        columns |= {link: Column(link, str, required=False) for link in LINKS}
    said: dict[str, Parse] = {"platform": str, "account": canonical_account, "currency": to_currency}
    return columns | {name: Column(name, parse, required=False) for name, parse in said.items()}


def mistake(columns: Mapping[str, str], known: Mapping[str, Column]) -> str:
    """What is wrong with the user's mapping of ledger columns to file columns, or nothing."""
    for name in columns:
        if name not in known:
            near = get_close_matches(name.removesuffix("_micros"), known, n=1)
            return f"there is no ledger column {name} here" + (f"; did you mean {near[0]}?" if near else "")
    missing = [name for name, column in known.items() if column.required and name not in columns]
    return f"no file column is given for {', '.join(missing)}" if missing else ""


def read(
    file: Path, name: str, columns: Mapping[str, str], known: Mapping[str, Column], said: Mapping[str, str]
) -> Iterator[Row]:
    """Yield every row; ``said`` holds the platform, account and currency that no column says.

    Raises ContractError with the file's name, the line and the column.
    """
    lines = rows(file, name)
    _, header = next(lines)
    found = {label.strip(): index for index, label in enumerate(header)}
    plan: list[tuple[int, str, Column]] = []
    for target, label in columns.items():
        if label.strip() not in found:
            near = get_close_matches(label, found, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ContractError(f"{name} line 1: there is no column {label!r} for {target}{hint}")
        if [text.strip() for text in header].count(label.strip()) > 1:
            raise ContractError(f"{name} line 1: there are several columns {label!r}")
        plan.append((found[label.strip()], label, known[target]))

    for number, cells in lines:
        values: dict[str, object] = {}
        for index, label, column in plan:
            text = cells[index].strip()
            try:
                if text:
                    values[column.field] = column.parse(text)
                elif column.required or column.field in OF_ALL:
                    raise ContractError("empty, but every row needs it")
            except ContractError as error:
                raise ContractError(f"{name} line {number}, column {label}: {error}") from error
        platform, account, code = (str(values.pop(key, said.get(key, ""))) for key in OF_ALL)
        yield Row(f"{name} line {number}", platform, account, code, values)


def to_record(name: RecordName, row: Row, timezone: str, hash_of: Collection[Hashable] = ()) -> Record:
    """The record of a row; of evidence with the columns of ``hash_of`` hashed.

    A credit memo is owed to the buyer, also where its total is positive. An instant without a zone is in
    ``timezone``.
    """
    values = row.values
    match name:
        case "delivery" | "orders":
            values["currency"] = row.currency
        case "balances":
            at = values["at"]
            if isinstance(at, datetime) and at.tzinfo is None:
                values["at"] = at.replace(tzinfo=ZoneInfo(timezone))
            values["currency"] = row.currency
        case "evidence":
            values |= {"currency": row.currency, "timezone": timezone}
            values |= {column: hashed(str(values[column])) for column in hash_of if column in values}
        case "invoice_lines":
            values["account_id"] = row.account
        case "invoices":
            values |= {
                "currency": row.currency,
                "timezone": timezone,
                "accounts": [{"account_id": row.account}],
                "links": [{"kind": link, "other_id": values.pop(link)} for link in LINKS if link in values],
            }
            if values.get("kind") == "credit_memo" and int(str(values["total_micros"])) > 0:
                values |= {key: -value for key, value in values.items() if isinstance(value, int)}
        case "interactions":
            pass
    return msgspec.convert(values, RECORDS[name])
