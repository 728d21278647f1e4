"""What can go wrong, by what the reader can do next.

AdtallyError
  ConfigError        fix the configuration (names file, table and key)
  AuthError          renew the credentials
    DeniedError      this account or report may not be read; the others go on
  TransientError     wait and ask again
    QuotaError       a quota is gone for now: the connector, or the one account, stops until it returns
    TimedOut         no answer in time: core splits the window, as for TooLarge
    DeadlineError    the run's own time is up: nothing more is asked
    NotReady         the platform still prepares the report: the next sync collects it
  ContractError      the answer does not have its documented shape: our bug or their change
  NotOffered         the platform has no such report for this account: nothing to fetch, nothing failed
  TooLarge           ask for less: core splits the window
  Lost               a report that was ordered will not come: it is ordered anew
  LedgerError        the database is locked, full, or of another version
"""

from __future__ import annotations


class AdtallyError(Exception):
    """One line to act on; what the platform said about itself stands in the attributes."""

    def __init__(
        self, message: str, *, status: int | None = None, code: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.request_id = request_id

    def quote(self, said: str) -> None:
        """Add what the platform says, on one line and cut to a length that a person reads."""
        if said:
            self.message = f"{self.message}: {' '.join(said.split())[:300]}"

    def __str__(self) -> str:
        known = {"HTTP": self.status, "code": self.code, "request": self.request_id}
        details = ", ".join(f"{name} {value}" for name, value in known.items() if value)
        return f"{self.message} ({details})" if details else self.message


class ConfigError(AdtallyError):
    """The configuration cannot be used as it is."""


class AuthError(AdtallyError):
    """The platform does not accept the credentials."""


class DeniedError(AuthError):
    """The credentials are good, but not for this account or report."""


class TransientError(AdtallyError):
    """A refusal that time heals; ``retry_after`` is the platform's own wait in seconds, if it named one."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        code: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(message, status=status, code=code, request_id=request_id)
        self.retry_after = retry_after


class QuotaError(TransientError):
    """A quota that outlasts any sensible wait is used up: of the credentials, or only of this account."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        of_account: bool = False,
        status: int | None = None,
        code: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(message, retry_after=retry_after, status=status, code=code, request_id=request_id)
        self.of_account = of_account


class TimedOut(TransientError):
    """The platform did not answer in time; for fewer days it may."""


class DeadlineError(TransientError):
    """The time that the user gave the run is up."""


class NotReady(TransientError):
    """The platform has not finished the report that was ordered; the unit waits for it."""


class ContractError(AdtallyError):
    """An answer, a file or a record that does not have its documented shape."""


class NotOffered(AdtallyError):
    """The platform does not offer this report for this account."""


class TooLarge(AdtallyError):
    """The platform cannot answer for so many days at once."""


class Lost(AdtallyError):
    """What was ordered failed, or is no longer known; for ``prepared``, which orders anew."""


class LedgerError(AdtallyError):
    """The ledger file cannot be used now."""
