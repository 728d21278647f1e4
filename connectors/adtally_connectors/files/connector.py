"""Any platform by its CSV exports: delivery, interactions, invoices, their lines, and evidence.

One file is one unit. The user says which file column holds which ledger column; docs/configuration.md lists
them. The format is RFC 4180 in UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from glob import glob
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator

from adtally import Account, ConfigError, Connector, ContractError, Record, Report, Unit

from .cells import account_id, currency
from .mapping import OF_ALL, RECORDS, Column, Grain, RecordName, Row, columns_of, mistake, read, record


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
    columns: Mapping[str, str] = Field(default={}, validate_default=True)
    """Ledger column = file column."""

    @field_validator("account")
    @classmethod
    def _canonical(cls, account: str) -> str:
        return account_id(account.strip())

    @field_validator("currency")
    @classmethod
    def _is_currency(cls, code: str) -> str:
        try:
            return currency(code) if code else ""
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
                told = datetime.strptime(day.strftime(day_format), day_format).date()
            except ValueError:
                told = None
            if told != day:
                raise ValueError("does not tell day, month and year: expected such as %d.%m.%Y")
        return day_format

    @field_validator("columns")
    @classmethod
    def _are_known(cls, columns: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        said = {name: info.data.get("said_platform" if name == "platform" else name) for name in OF_ALL}
        for name in OF_ALL:
            if name in info.data and bool(said[name]) == (name in columns):
                raise ValueError(f"{name}: say it either once, as {name} = ..., or by a column")
        if {"record", "grain", "day_format"} <= info.data.keys():
            known = columns_of(info.data["record"], info.data["grain"], info.data["day_format"])
            if wrong := mistake(columns, known):
                raise ValueError(wrong)
        return columns

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
        return self.said_platform or self._told_platform

    def accounts(self) -> Iterable[Account]:
        """The configured account, or every one that a file names, in the currency that it is first seen with.

        A file that cannot be read is left to its own unit to fail, but for when no other names an account.
        """
        currencies: dict[str, str] = {}
        failure: ContractError | None = None
        for file in self._names():
            try:
                for row in self._rows(file, only=OF_ALL):
                    currencies.setdefault(row.account, row.currency)
            except ContractError as error:
                failure = failure or error
        if failure and not currencies:
            raise failure
        return [
            Account(id=account, currency=code, timezone=self.timezone) for account, code in currencies.items()
        ]

    def fetch(self, report: Report, unit: Unit) -> Iterator[Record]:
        """The unit's account's records in the report's file, which is checked to its end for all accounts."""
        file = report.name.partition(":")[2]
        for row in self._rows(file, only=self.columns):
            ...

    @cached_property
    def _known(self) -> Mapping[str, Column]:
        return columns_of(self.record, self.grain, self.day_format)
