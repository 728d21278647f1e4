"""adtally: the open ledger of ad spend.

The public names stand in ``__init__.pyi``, once, and are loaded when first used, so that ``import adtally``
and ``adtally --help`` stay fast. What is not named there is private.
"""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files

_STUB = ast.parse(files(__name__).joinpath("__init__.pyi").read_text(encoding="utf-8"))
_HOME = {
    alias.name: node.module
    for node in _STUB.body
    if isinstance(node, ast.ImportFrom) and node.module
    for alias in node.names
}

__all__ = sorted(_HOME)  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll] - of the stub
__version__ = version("adtally")


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value
