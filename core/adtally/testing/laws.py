"""The laws that every connector keeps, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from . import metrics, rows, secrecy, streams, zones
from .hearing import Hearing, hearing
from .trial import Broken, Trial

Law: TypeAlias = Callable[[Trial], str]


def _law(name: str, judge: Callable[[Hearing], str]) -> Law:
    def law(trial: Trial) -> str:
        with hearing(trial) as heard:
            try:
                return judge(heard)
            except Broken as broken:
                raise Broken(f"{trial.connector.name}: {name}: {broken}") from None

    law.__doc__ = judge.__doc__
    return law


_JUDGES: dict[str, Callable[[Hearing], str]] = {
    "rows lie in the window": rows.in_the_window,
    "keys are unique": rows.unique_keys,
    "rows in = rows stored": rows.all_stored,
    "second run changes nothing": rows.same_again,
    "cut stream changes nothing": streams.cut_changes_nothing,
    "asks only its own hosts": secrecy.only_its_own_hosts,
    "credentials stay at home": secrecy.credentials_stay_at_home,
    "no secret in a log": secrecy.no_secret_in_a_log,
    "every state is asked for": rows.every_state,
    "what is absent stays NULL": metrics.absent_stays_null,
    "wrong types are refused": metrics.wrong_types_are_refused,
    "memory stays flat": streams.page_by_page,
    "days are the account's own": zones.own_days,
}

LAWS: Mapping[str, Law] = {name: _law(name, judge) for name, judge in _JUDGES.items()}
"""Each raises AssertionError, one sentence on what is broken, and returns what it could not judge, or ""."""


def broken(trial: Trial) -> dict[str, str]:
    """The laws that are not kept, each with a sentence; {} for a connector that keeps them all."""
    found: dict[str, str] = {}
    for name, law in LAWS.items():
        try:
            law(trial)
        except AssertionError as error:
            found[name] = str(error)
    return found
