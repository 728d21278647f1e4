"""What a user installs: the wheel, in a clean environment away from the checkout."""

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

PROJECT = Path(__file__).parent.parent
BIN = "Scripts" if sys.platform == "win32" else "bin"


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def wheel(elsewhere: Path) -> Path:
    """The wheel, built from the source distribution, so that both are complete."""
    run(
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--outdir",
        elsewhere / "dist",
        PROJECT,
        cwd=elsewhere,
    )
    [built] = (elsewhere / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(elsewhere: Path, wheel: Path) -> Path:
    """A Python that has the wheel and what it asks for, and nothing else of ours."""
    run(sys.executable, "-m", "venv", elsewhere / "venv", cwd=elsewhere)
    python = elsewhere / "venv" / BIN / "python"
    run(python, "-m", "pip", "install", "--quiet", "--report", "installed.json", wheel, cwd=elsewhere)
    return python


def test_wheel_holds_two_packages_and_one_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [scripts] = (archive.read(name).decode() for name in names if name.endswith("/entry_points.txt"))

    tops = {name.partition("/")[0] for name in names}
    commands = scripts.partition("[console_scripts]\n")[2].partition("\n\n")[0].split("\n")
    assert {top for top in tops if not top.endswith(".dist-info")} == {"adtally", "adtally_connectors"}
    assert commands == ["adtally = adtally.cli:main"]
    assert {"adtally/py.typed", "adtally_connectors/py.typed"} <= set(names)


def test_every_file_of_both_roots_is_in_the_wheel(wheel: Path) -> None:
    roots = [PROJECT / "core", PROJECT / "connectors"]
    files = {file.relative_to(root) for root in roots for file in root.rglob("*") if file.is_file()}

    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert shipped == {file.as_posix() for file in files if "__pycache__" not in file.parts}


@pytest.mark.usefixtures("python")
def test_fewer_than_thirty_distributions_are_installed(elsewhere: Path) -> None:
    report = json.loads((elsewhere / "installed.json").read_text(encoding="utf-8"))

    names = sorted(item["metadata"]["name"] for item in report["install"])

    assert "adtally" in names
    assert len(names) < 30, names


def test_command_helps_outside_the_checkout(elsewhere: Path, python: Path) -> None:
    assert "Usage: adtally" in run(python.with_name("adtally"), "--help", cwd=elsewhere)


def test_each_entry_point_loads_from_the_installed_wheel(elsewhere: Path, python: Path) -> None:
    code = """
from importlib.metadata import entry_points
for group in ("adtally.connectors", "adtally.sandboxes"):
    for point in entry_points(group=group):
        print(group, point.name, point.load().__module__.partition(".")[0])
"""
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = declared["project"]["entry-points"]

    loaded = run(python, "-c", code, cwd=elsewhere).splitlines()

    assert sorted(loaded) == sorted(
        f"{group} {name} adtally_connectors" for group, points in groups.items() for name in points
    )
