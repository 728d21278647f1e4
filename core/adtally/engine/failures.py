"""What did not come, in words to act on, and how far one failure reaches."""

from __future__ import annotations

from ..errors import AdtallyError, AuthError, DeniedError, QuotaError
from .plan import Planned
from .summary import Failure


def told(error: Exception) -> AdtallyError:
    """Our error as it is; a connector's own mistake without the values that it stumbled over."""
    if isinstance(error, AdtallyError):
        return error
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_name}, line {trace.tb_lineno})" if trace else ""
    return AdtallyError(f"the connector failed with {type(error).__name__}{where}")


def ends_connector(error: AdtallyError) -> bool:
    """Whether credentials or a quota are gone: whatever else the connector asked would fail alike."""
    return isinstance(error, AuthError | QuotaError) and not isinstance(error, DeniedError)


def failure(
    connector: str, error: AdtallyError, account_id: str = "", planned: Planned | None = None
) -> Failure:
    """The failure of a unit, or of a whole account or connector, with the command to run again."""
    window = planned.window if planned and planned.report.cadence != "file" else None
    return Failure(
        connector=connector,
        account_id=account_id,
        report=planned.report.name if planned else "",
        first_day=window.first_day if window else None,
        last_day=window.last_day if window else None,
        error=type(error).__name__,
        message=str(error),
        retry=f"adtally sync {connector}" + (f" --account {account_id}" if account_id else ""),
    )
