"""A connector's own mistake in words, without the values that it stumbled over."""

from __future__ import annotations

from ..errors import AdtallyError


def told(error: Exception) -> AdtallyError:
    """Our error as it is; any other one by its type and place only."""
    if isinstance(error, AdtallyError):
        return error
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_name}, line {trace.tb_lineno})" if trace else ""
    return AdtallyError(f"the connector failed with {type(error).__name__}{where}")
