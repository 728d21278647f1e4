"""When the next request may start, and when a refused one is tried again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import tenacity

from .errors import DeadlineError, QuotaError, TimedOut, TransientError

log = logging.getLogger(__name__)

ATTEMPTS = 6
ATTEMPTS_IN_VAIN = 2
"""For a question that times out: fewer days are a better question than the same one again."""
TOO_MANY = 429


@dataclass
class Pace:
    """When the next request may start (``time.monotonic``); shared by all workers of the same credentials."""

    gap: float = 0.0
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def claim(self, now: float) -> float:
        """Seconds to wait before this request; the next one waits a gap longer."""
        with self.lock:
            start = max(now, self.until)
            self.until = start + self.gap
            return start - now

    def hold(self, until: float) -> None:
        """Let no request start before: the platform asked for it."""
        with self.lock:
            self.until = max(self.until, until)


def retrying(pace: Pace, sleep: Callable[[float], None], ends: float) -> tenacity.Retrying:
    """Try again while the refusal is transient: as told, else longer each time, with full jitter.

    Gives up after so many attempts, and when the next one would come after ``ends`` (``time.monotonic``).
    """

    def wait(state: tenacity.RetryCallState) -> float:
        error = _error(state)
        if isinstance(error, TransientError) and error.retry_after is not None:
            return error.retry_after
        seconds = tenacity.wait_random_exponential(multiplier=1, max=60)(state)
        if isinstance(error, TransientError) and error.status == TOO_MANY:
            pace.hold(time.monotonic() + seconds)
        return seconds

    def gives_up(state: tenacity.RetryCallState) -> bool:
        attempts = ATTEMPTS_IN_VAIN if isinstance(_error(state), TimedOut) else ATTEMPTS
        return state.attempt_number >= attempts or time.monotonic() + state.upcoming_sleep >= ends

    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(_is_healed_by_time),
        stop=gives_up,
        wait=wait,
        sleep=sleep,
        before_sleep=_say_retry,
        reraise=True,
    )


def _is_healed_by_time(error: BaseException) -> bool:
    return isinstance(error, TransientError) and not isinstance(error, QuotaError | DeadlineError)


def _say_retry(state: tenacity.RetryCallState) -> None:
    log.warning("%s; asking again in %.0f s", _error(state), state.upcoming_sleep)


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
