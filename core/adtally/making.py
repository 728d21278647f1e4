"""Reports that a platform prepares: ordered once, looked at now and then, collected also by a later run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from .connector import Unit
from .errors import Lost, NotReady, TooLarge
from .http import Http

T = TypeVar("T")
log = logging.getLogger(__name__)


def prepared(
    http: Http,
    unit: Unit,
    jobs: Mapping[str, Callable[[], str]],
    look: Callable[[str], T | None],
    *,
    poll_seconds: float,
) -> Iterator[tuple[str, T]]:
    """Each job's key with what it became, in the order in which the platform makes them ready.

    ``jobs`` says for each key how to order it, which gives an id; the ids are remembered with the unit.
    ``look`` gives what is ready, None for what is not, and raises Lost for what will never be: such a job is
    ordered anew, once.

    Raises TooLarge when a job is lost twice, so that core asks for less, and NotReady when some are not ready
    after some two hours of looks: the next sync goes on with the same ids.
    """
    waiting = {key: unit.remember(key, order) for key, order in jobs.items()}
    renewed = set[str]()
    for _ in http.polls(poll_seconds):
        for key, number in list(waiting.items()):
            try:
                found = look(number)
            except Lost as loss:
                unit.forget(key)
                if key in renewed:
                    raise TooLarge(f"{loss.message}, twice", code=loss.code) from loss
                log.warning("%s: report %s: %s; it is ordered anew", unit.account.id, number, loss)
                renewed.add(key)
                waiting[key] = unit.remember(key, jobs[key])
                continue
            if found is not None:
                del waiting[key]
                yield key, found
        if not waiting:
            return
    names = "a report is" if len(waiting) == 1 else f"{len(waiting)} reports are"
    raise NotReady(f"{names} still being prepared by the platform: the next sync collects what is ready")
