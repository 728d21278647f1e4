"""adtally: the open ledger of ad spend.

Names are loaded when first used, so that ``import adtally`` and ``adtally --help`` stay fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .auth import Auth, TokenFile, header_auth, oauth2_refresh, oauth2_service_account
    from .calendar import Window
    from .connector import Connector, Report, Unit, pulls
    from .errors import (
        AdtallyError,
        AuthError,
        ConfigError,
        ContractError,
        DeniedError,
        LedgerError,
        NotOffered,
        QuotaError,
        TooLarge,
        TransientError,
    )
    from .http import Answer, Http, http_error, retry_after
    from .money import minor, rounded, to_micros
    from .records import (
        Account,
        Ad,
        AdGroup,
        Balance,
        Campaign,
        Change,
        Delivery,
        Evidence,
        Interaction,
        Invoice,
        InvoiceAccount,
        InvoiceLine,
        InvoiceLink,
        Order,
        Record,
        Terms,
    )

_HOME = {
    "auth": ["Auth", "TokenFile", "header_auth", "oauth2_refresh", "oauth2_service_account"],
    "calendar": ["Window"],
    "connector": ["Connector", "Report", "Unit", "pulls"],
    "errors": [
        "AdtallyError",
        "AuthError",
        "ConfigError",
        "ContractError",
        "DeniedError",
        "LedgerError",
        "NotOffered",
        "QuotaError",
        "TooLarge",
        "TransientError",
    ],
    "http": ["Answer", "Http", "http_error", "retry_after"],
    "money": ["minor", "rounded", "to_micros"],
    "records": [
        "Account",
        "Ad",
        "AdGroup",
        "Balance",
        "Campaign",
        "Change",
        "Delivery",
        "Evidence",
        "Interaction",
        "Invoice",
        "InvoiceAccount",
        "InvoiceLine",
        "InvoiceLink",
        "Order",
        "Record",
        "Terms",
    ],
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE)  # pyright: ignore[reportUnsupportedDunderAll]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULE[name]}", __name__), name)
    globals()[name] = value
    return value
