"""Who may import whom: rooms import their own row or below, connectors only the public door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
ROOTS = {"core": "adtally", "connectors": "adtally_connectors"}

# Bottom up. A new top-level module of adtally is added to a row here.
ROWS = (
    "baton calendar errors lists money platforms records reference_rates",
    "answer auth body connector exchange google http json_stream making oauth2 pace redaction sheet tokens"
    " transport",
    "ledger registry settings",
    "engine reconciliation",
    "reporting world",
    "commands exporting importing showcase",
    "__main__ cli",
    "testing",
)
ROW_OF = {room: height for height, row in enumerate(ROWS) for room in row.split()}
PUBLIC = ROW_OF["cli"]
"""The lowest row that may use the public names of adtally itself."""

# Libraries that one room keeps to itself, so that nobody else needs to know them.
KEPT_BY = {
    "requests": {"answer", "auth", "connector", "exchange", "http", "oauth2", "transport"},
    "urllib3": {"body", "transport"},
    "sqlite3": {"ledger"},
    "sqlite_utils": {"ledger"},
    "tenacity": {"pace"},
}
NAMELESS = {"common", "helpers", "misc", "utils"}


def imports(source: str, *, package: str) -> Iterator[tuple[str, bool]]:
    """Yield each imported name in full, at any depth of the code, and whether it was imported relatively.

    ``from . import x`` gives ``adtally.x``: only the caller knows whether that is a module.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", node.level > 0) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (
                (argument.value, False)
                for argument in node.args[:1]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )


def violations(path: str, source: str) -> list[str]:
    """Say what in the module at ``path`` (from the project's top) crosses a line; nothing is good."""
    root, _, inside = path.removesuffix(".py").partition("/")
    here = inside.removesuffix("/__init__").split("/")
    package = here if path.endswith("/__init__.py") else here[:-1]
    owner, room = ROOTS.get(root), here[1] if len(here) > 1 else ""
    found: list[str] = []
    if owner == "adtally" and room and room not in ROW_OF:
        found.append(f"{room} is in no row: add it to one")

    for name, relative in imports(source, package=".".join(package)):
        top, _, rest = name.partition(".")
        part = rest.partition(".")[0]
        if top in ROOTS and not relative:
            found.append(f"{name} loads a second copy of every class")
        elif owner is None:
            continue
        elif room not in KEPT_BY.get(top, {room}):
            found.append(f"{top} is kept by {', '.join(sorted(KEPT_BY[top]))}")
        elif top == owner and not relative:
            found.append(f"{name} is of the same package: import it relatively")
        elif owner == "adtally" and top == "adtally_connectors":
            found.append("core finds connectors by entry point, never by import")
        elif (
            owner == "adtally"
            and top == owner
            and room
            and ROW_OF.get(part, PUBLIC) > ROW_OF.get(room, PUBLIC)
        ):
            found.append(f"{room} imports {part}, which is above it")
        elif name == "adtally.world" and here[2:3] == ["sandbox"]:
            continue  # a fake stands on the sandbox's world; nothing else in a connector may
        elif owner == "adtally_connectors" and top == "adtally" and ("." in rest or part in ROW_OF):
            found.append(f"{name} is not public: connectors import from adtally itself")
        elif owner == "adtally_connectors" and top == owner and part != room:
            found.append(f"{room or owner} imports {part}: no connector needs another")
    return found


def modules() -> list[str]:
    folders = (*ROOTS, "tests", "bench")
    return sorted(
        file.relative_to(PROJECT).as_posix()
        for folder in folders
        for file in (PROJECT / folder).rglob("*.py")
    )


@pytest.mark.parametrize("path", modules())
def test_module_imports_only_what_its_row_allows(path: str) -> None:
    assert violations(path, (PROJECT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("root", ROOTS)
def test_source_root_holds_its_one_package(root: str) -> None:
    names = {entry.name for entry in (PROJECT / root).iterdir() if entry.name != "__pycache__"}

    assert names == {ROOTS[root]}
    assert (PROJECT / root / ROOTS[root] / "py.typed").is_file()


def test_every_module_has_a_name_that_says_something() -> None:
    assert [path for path in modules() if NAMELESS & {*Path(path).parts, Path(path).stem}] == []


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("core/adtally/money.py", "from .ledger import Ledger", "money imports ledger, which is above it"),
        ("core/adtally/money.py", "from . import ledger", "money imports ledger, which is above it"),
        ("core/adtally/money.py", "from . import sync", "money imports sync, which is above it"),
        (
            "core/adtally/ledger/rows.py",
            "def late():\n    from ..engine.plan import units",
            "ledger imports engine, which is above it",
        ),
        (
            "core/adtally/engine/__init__.py",
            "import importlib\nimportlib.import_module('adtally_connectors.files')",
            "core finds connectors by entry point, never by import",
        ),
        ("core/adtally/__init__.py", "import adtally_connectors", "core finds connectors by entry point"),
        ("core/adtally/cli.py", "from adtally.money import to_micros", "of the same package"),
        (
            "core/adtally/world/server.py",
            "from ..testing import unit",
            "world imports testing, which is above",
        ),
        ("core/adtally/cli/trying.py", "from .. import testing", "cli imports testing, which is above it"),
        ("connectors/adtally_connectors/x/sandbox.py", "from adtally import testing", "is not public"),
        ("core/adtally/reporting/html.py", "import sqlite3", "sqlite3 is kept by ledger"),
        (
            "core/adtally/engine/run.py",
            "from tenacity import retry",
            "tenacity is kept by pace",
        ),
        ("core/adtally/plumbing.py", "", "plumbing is in no row"),
        ("core/adtally/plumbing/pipe.py", "", "plumbing is in no row"),
        ("connectors/adtally_connectors/files.py", "from adtally.http import Http", "is not public"),
        ("connectors/adtally_connectors/files.py", "from adtally import http", "is not public"),
        ("connectors/adtally_connectors/files.py", "import adtally.http", "is not public"),
        ("connectors/adtally_connectors/files.py", "import requests", "requests is kept by"),
        ("connectors/adtally_connectors/x/connector.py", "from adtally import world", "is not public"),
        (
            "connectors/adtally_connectors/files.py",
            "from .google_ads import wire",
            "no connector needs another",
        ),
        (
            "connectors/adtally_connectors/x/wire.py",
            "from ..files import Files",
            "no connector needs another",
        ),
        ("connectors/adtally_connectors/x/wire.py", "from .. import files", "no connector needs another"),
        (
            "tests/core/test_money.py",
            "from core.adtally.money import to_micros",
            "a second copy of every class",
        ),
        ("bench/__main__.py", "import connectors", "a second copy of every class"),
    ],
)
def test_crossed_line_is_named(path: str, source: str, said: str) -> None:
    found = violations(path, source)

    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "core/adtally/__init__.py",
            "def sync():\n    from .engine import run\nfrom .money import to_micros",
        ),
        ("core/adtally/cli.py", "from . import sync\nfrom .ledger import Ledger"),
        ("core/adtally/testing/hearing.py", "from ..engine.run import run_sync\nfrom ..world import Reply"),
        (
            "core/adtally/http.py",
            "import requests\nfrom .auth import Auth\nfrom .errors import AuthError",
        ),
        ("core/adtally/ledger/rows.py", "import sqlite3\nfrom . import schema\nfrom .schema import TABLES"),
        ("core/adtally/engine/plan/days.py", "from ...ledger import Ledger\nfrom ..pace import Pace"),
        ("connectors/adtally_connectors/x/__init__.py", "from .connector import X"),
        (
            "connectors/adtally_connectors/x/sandbox.py",
            "from adtally import Delivery, world\nfrom . import wire",
        ),
        ("connectors/adtally_connectors/x/sandbox/rows.py", "from adtally import world"),
        ("connectors/adtally_connectors/x/deep/y.py", "from ..wire import Page\nimport adtally"),
        ("tests/core/test_ledger.py", "import sqlite3\nfrom adtally.ledger import Ledger"),
    ],
)
def test_allowed_import_passes(path: str, source: str) -> None:
    assert violations(path, source) == []
