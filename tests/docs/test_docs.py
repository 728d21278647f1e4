"""The documentation tells the truth: its code runs, its commands exist, its checks are all there."""

from __future__ import annotations

import re
import runpy
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from responses import RequestsMock

import adtally
from adtally.cli import main
from adtally.reconciliation.checks import CHECKS
from adtally.settings import OWN_KEYS, Settings
from adtally.testing import unit

from . import page_of_checks

TOP = Path(__file__).parents[2]
PAGES = [TOP / "README.md", TOP / "CHANGELOG.md", *sorted((TOP / "docs").rglob("*.md"))]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (TOP / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("my_ads", None)


def test_tutorial_connector_and_its_test_run_as_printed(
    own_folder: Path, request: pytest.FixtureRequest
) -> None:
    connector, its_test, _ = blocks("docs/writing-a-connector.md", "python")
    (own_folder / "my_ads.py").write_text(connector, encoding="utf-8")
    (own_folder / "test_my_ads.py").write_text(its_test, encoding="utf-8")

    names = runpy.run_path(str(own_folder / "test_my_ads.py"))

    names["test_follows_the_cursor_until_it_is_empty"](request.getfixturevalue("api"))


def test_tutorial_connector_of_reports_made_ready_later_runs_as_printed(
    own_folder: Path, api: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    first, _, later = blocks("docs/writing-a-connector.md", "python")
    (own_folder / "my_ads.py").write_text(first, encoding="utf-8")
    (own_folder / "later_ads.py").write_text(later, encoding="utf-8")
    southwind = runpy.run_path(str(own_folder / "later_ads.py"))["Southwind"](token="t", poll_seconds=0)
    host, file = "https://api.southwind.example/v2", "https://files.example/2"
    row = {"day": "2026-01-01", "campaign": "c1", "imps": 10, "taps": 1, "spend": "0.25"}
    api.post(f"{host}/accounts/1/reports", json={"id": "1", "status": "queued"})
    api.get(f"{host}/reports/1", json={"id": "1", "status": "failed"})
    api.post(f"{host}/accounts/1/reports", json={"id": "2", "status": "queued"})
    api.get(f"{host}/reports/2", json={"id": "2", "status": "running"})
    api.get(f"{host}/reports/2", json={"id": "2", "status": "done", "url": file})
    api.get(file, json=[row])

    records = list(southwind.campaign_daily(unit(date(2026, 1, 1), date(2026, 1, 31))))

    assert [(record.campaign_id, record.cost_micros) for record in records] == [("c1", 250_000)]
    assert "the report failed; it is ordered anew" in caplog.text


def test_tutorial_connector_is_the_tested_example() -> None:
    example = TOP / "tests" / "examples" / "northwind" / "my_ads.py"

    assert blocks("docs/writing-a-connector.md", "python")[0] == example.read_text(encoding="utf-8")


def test_readme_configuration_loads(tmp_path: Path) -> None:
    [toml] = blocks("README.md", "toml")
    path = tmp_path / "config.toml"
    path.write_text(toml, encoding="utf-8")

    settings = Settings.load(path)

    assert list(settings.connectors) == ["publisher"]
    assert [agreement.model for agreement in settings.agreements] == ["cpc"]


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*prefix, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*prefix, name))


@pytest.mark.parametrize("command", list(commands(main)), ids=" ".join)
def test_each_command_has_help(command: tuple[str, ...]) -> None:
    answer = CliRunner().invoke(main, [*command, "--help"])

    assert answer.exit_code == 0
    assert len(answer.output.splitlines()) > 4


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_a_page_names_exist(page: Path) -> None:
    known = {name for (name, *_) in commands(main)}
    text = page.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```\n(.*?)```", text, re.DOTALL) + re.findall(r"`(adtally[^`]*)`", text))
    named = set(re.findall(r"(?:^|&& )adtally(?: --\S+ \S+)? ([a-z][a-z-]*)", code, re.MULTILINE))

    assert named - known == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if not target.startswith("http")]

    assert [target for target in local if not (page.parent / target).exists()] == []


def test_page_of_checks_is_what_the_checks_declare() -> None:
    page = TOP / "docs" / "checks.md"

    assert page.read_text(encoding="utf-8") == page_of_checks.page()  # else: make docs


def test_every_check_is_of_one_family() -> None:
    names = [name for family in page_of_checks.FAMILIES.values() for name in family]

    assert sorted(names) == sorted(CHECKS)


def test_reconciliation_says_how_many_checks_there_are() -> None:
    text = (TOP / "docs" / "reconciliation.md").read_text(encoding="utf-8")

    assert f"asks {page_of_checks.in_words(len(CHECKS))} questions" in text


@pytest.mark.parametrize("page", ["README.md", "docs/platforms/README.md"])
def test_matrix_of_platforms_is_what_the_connectors_declare(page: str) -> None:
    text = (TOP / page).read_text(encoding="utf-8")
    printed = text.partition("<!-- matrix -->\n")[2].partition("\n<!-- end of matrix -->")[0]

    told = CliRunner().invoke(main, ["connectors", "--matrix"]).output.rstrip("\n")

    assert printed == told


def test_connectors_that_prepare_reports_say_so_and_no_others() -> None:
    folder = TOP / "connectors" / "adtally_connectors"
    waits = re.compile(r"\.remember\(|\bprepared\(")
    remembering = {file.parent.name for file in folder.glob("*/*.py") if waits.search(file.read_text())}

    prepared = {
        name
        for name, kind in adtally.connectors().items()
        if any("prepared" in report.traits for report in kind.declared())
    }

    assert prepared == remembering


@pytest.mark.parametrize("page", sorted(path.name for path in (TOP / "docs" / "platforms").glob("[!R]*.md")))
def test_configuration_of_each_platform_names_only_fields_that_there_are(page: str) -> None:
    tables = [tomllib.loads(text)["connectors"] for text in blocks(f"docs/platforms/{page}", "toml")]

    assert tables
    for name, table in (pair for found in tables for pair in found.items()):
        kind = adtally.connectors()[table.get("use", name)]
        fields = {name: value for name, value in table.items() if name not in {"use", *OWN_KEYS}}
        known = {field.alias or name for name, field in kind.model_fields.items()}
        assert fields.keys() <= known
        if kind.name == "files":
            kind.model_validate(fields)
