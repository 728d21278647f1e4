"""Any platform by its CSV exports: delivery, interactions, bills and their lines, evidence, orders, balances.

One file is one unit. The user says which file column holds which ledger column; docs/configuration.md lists
them. The format is RFC 4180 in UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from glob import glob
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from adtally import Account, ConfigError, Connector, ContractError, Record, Report, Unit, canonical_account

from .cells import to_currency, to_day
from .mapping import OF_ALL, RECORDS, Grain, Hashable, RecordName, Row, columns_of, mistake, read, to_record


class Files(Connector):
    """The files that one glob matches, all with the same columns."""

    name = "files"

    base_url: str = ""
    path: str
    """A glob, relative to the folder of the configuration file."""
    record: RecordName
    said_platform: str = Field(default="", alias="platform")
    account: str = ""
    currency: str = ""
    timezone: str
    grain: Grain = "campaign"
    day_format: str = "%Y-%m-%d"
    columns: dict[str, str] = Field(default={}, validate_default=True)
    """Ledger column = file column."""
    hashed: tuple[Hashable, ...] = ()
    """Columns of evidence that are hashed before they leave this connector."""

    @field_validator("account")
    @classmethod
    def _canonical(cls, account: str) -> str:
        return canonical_account(account)

    @field_validator("currency")
    @classmethod
    def _is_currency(cls, code: str) -> str:
        try:
            return to_currency(code) if code else ""
        except ContractError as error:
            raise ValueError(str(error)) from error

    @field_validator("timezone")
    @classmethod
    def _is_timezone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (KeyError, ValueError, OSError):
            raise ValueError("unknown time zone: expected an IANA name such as Europe/Berlin") from None

    @field_validator("day_format")
    @classmethod
    def _tells_the_day(cls, day_format: str) -> str:
        for day in (date(2001, 2, 13), date(1999, 12, 31)):
            try:
                told = to_day(day_format, day.strftime(day_format))
            except ContractError:
                told = None
            if told != day:
                raise ValueError("does not tell day, month and year: expected such as %d.%m.%Y")
        return day_format

    @field_validator("columns")
    @classmethod
    def _are_known(cls, columns: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        said = {name: info.data.get("said_platform" if name == "platform" else name) for name in OF_ALL}
        for name in OF_ALL:
            if name in info.data and bool(said[name]) == (name in columns):
                raise ValueError(f"{name}: say it either once, as {name} = ..., or by a column")
        if {"record", "grain", "day_format"} <= info.data.keys():
            known = columns_of(info.data["record"], info.data["grain"], info.data["day_format"])
            if wrong := mistake(columns, known):
                raise ValueError(wrong)
        return columns

    @field_validator("hashed")
    @classmethod
    def _are_mapped(cls, hashed: tuple[Hashable, ...], info: ValidationInfo) -> tuple[Hashable, ...]:
        if hashed and info.data.get("record", "evidence") != "evidence":
            raise ValueError("only evidence has columns that may be hashed")
        if missing := [column for column in hashed if column not in info.data.get("columns", hashed)]:
            raise ValueError(f"no file column is given for {', '.join(missing)}")
        return hashed

    @classmethod
    def declared(cls) -> list[Report]:
        """One report for each kind of record; ``reports`` has one for each file."""
        return [
            Report(
                name=name,
                records=(kind,),
                cadence="file",
                grain="campaign",
                max_days=1,
                restated_days=0,
                final_after={"cost": 0, "clicks": 0, "conversions": 0},
                retention_days=None,
            )
            for name, kind in RECORDS.items()
        ]

    def reports(self) -> list[Report]:
        """One report for each file, called ``RECORD:FILE``. Raises ConfigError if no file matches."""
        [kind] = [report for report in self.declared() if report.name == self.record]
        return [replace(kind, name=f"{self.record}:{file}", grain=self.grain) for file in self._names()]

    @property
    def platform(self) -> str:
        """What the configuration says, else what the first row of the files does."""
        return self.said_platform or self._told_platform

    def accounts(self) -> Iterable[Account]:
        """The configured account, or every one that a file names, in the currency that it is first seen with.

        A file that cannot be read is left to its own unit to fail, but for when no other names an account.
        """
        names = self._names()
        constant = {self.account: self.currency} if self.account and self.currency else None
        currencies = constant or self._told_currencies(names)
        if currencies and not self.platform:
            raise ContractError(f"{self.path}: no row says the platform")
        return [Account(id=id_, currency=code, timezone=self.timezone) for id_, code in currencies.items()]

    def fetch(self, report: Report, unit: Unit) -> Iterator[Record]:
        """The records of the unit's account in the report's file, every row of which must be good."""
        for row in self._rows(report.name.partition(":")[2]):
            if row.platform != self.platform:
                raise ContractError(
                    f"{row.place}: {row.platform!r} in a table of {self.platform!r}: split them"
                )
            record = to_record(self.record, row, self.timezone, self.hashed)
            if row.account == unit.account.id:
                yield record

    @cached_property
    def _told_platform(self) -> str:
        for file in self._names():
            with suppress(ContractError):  # which the file's own unit reports
                for row in self._rows(file, only=OF_ALL):
                    return row.platform
        return ""

    def _told_currencies(self, names: Iterable[str]) -> dict[str, str]:
        currencies: dict[str, str] = {}
        failure: ContractError | None = None
        for file in names:
            try:
                for row in self._rows(file, only=OF_ALL):
                    currencies.setdefault(row.account, row.currency)
            except ContractError as error:
                failure = failure or error
        if failure and not currencies:
            raise failure
        return currencies

    def _names(self) -> list[str]:
        """The matching files as the glob names them: relative, unless ``path`` is absolute."""
        found = glob(self.path, root_dir=self.folder, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute one
        names = sorted(Path(name).as_posix() for name in found if (self.folder / name).is_file())
        if not names:
            raise ConfigError(f"path: no file in {self.folder} matches {self.path!r}")
        return names

    def _rows(self, file: str, *, only: Iterable[str] | None = None) -> Iterator[Row]:
        wanted = self.columns.keys() if only is None else self.columns.keys() & set(only)
        said = {"platform": self.said_platform, "account": self.account, "currency": self.currency}
        return read(
            self.folder / file,
            file,
            {column: self.columns[column] for column in wanted},
            columns_of(self.record, self.grain, self.day_format),
            {name: text for name, text in said.items() if text},
        )
