"""The examples for cron, systemd, Kubernetes and Prometheus hold together, and adtally understands them."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import click
import msgspec
import pytest
from msgspec import Struct

from adtally.cli import main
from adtally.engine.summary import UnitEnd
from adtally.registry import build_all
from adtally.reporting.metrics import METRICS
from adtally.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
SCHEDULE = DOCS / "schedule"
SPANS = {"s": 1, "m": 60, "min": 60, "h": 3600}


def read(name: str) -> str:
    return (SCHEDULE / name).read_text(encoding="utf-8")


def unit_file(name: str) -> dict[str, list[str]]:
    """The settings of a systemd file; one that may stand there several times has several values."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in read(name).splitlines():
        key, is_setting, value = line.partition("=")
        if is_setting and not line.startswith("#"):
            found[key].append(value)
    return found


def parsed(words: list[str]) -> dict[str, object]:
    """The options of an adtally command, as click reads them. Raises click.UsageError for wrong ones."""
    command = main.commands[words[0]]
    return command.make_context(words[0], words[1:]).params


def span(params: dict[str, object], name: str) -> int:
    value = params[name]
    assert isinstance(value, timedelta)
    return round(value.total_seconds())


def seconds(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return int(number) * SPANS[unit]


class Strict(Struct, rename="camel", forbid_unknown_fields=True):
    """Refuses what the API does not know (batch/v1 and core/v1 of Kubernetes 1.32)."""


class Metadata(Strict):
    name: str


class ConfigMap(Strict):
    api_version: str
    kind: str
    metadata: Metadata
    data: dict[str, str]


class Resources(Strict):
    requests: dict[str, str]
    limits: dict[str, str] = {}


class ClaimSpec(Strict):
    access_modes: list[str]
    resources: Resources


class Claim(Strict):
    api_version: str
    kind: str
    metadata: Metadata
    spec: ClaimSpec


class PodSecurity(Strict):
    run_as_non_root: bool
    run_as_user: int
    run_as_group: int
    fs_group: int
    seccomp_profile: dict[str, str]


class Security(Strict):
    allow_privilege_escalation: bool
    read_only_root_filesystem: bool
    capabilities: dict[str, list[str]]


class Mount(Strict):
    name: str
    mount_path: str
    read_only: bool = False


class Variable(Strict):
    name: str
    value: str


class Container(Strict):
    name: str
    image: str
    command: list[str]
    env: list[Variable]
    resources: Resources
    security_context: Security
    volume_mounts: list[Mount]


class SecretSource(Strict):
    secret_name: str
    default_mode: int


class ClaimSource(Strict):
    claim_name: str


class Volume(Strict):
    name: str
    config_map: Metadata | None = None
    secret: SecretSource | None = None
    persistent_volume_claim: ClaimSource | None = None
    empty_dir: dict[str, str] | None = None


class PodSpec(Strict):
    restart_policy: str
    termination_grace_period_seconds: int
    automount_service_account_token: bool
    security_context: PodSecurity
    containers: list[Container]
    volumes: list[Volume]


class Pod(Strict):
    spec: PodSpec


class JobSpec(Strict):
    active_deadline_seconds: int
    backoff_limit: int
    template: Pod


class Job(Strict):
    spec: JobSpec


class CronJobSpec(Strict):
    schedule: str
    time_zone: str
    concurrency_policy: str
    starting_deadline_seconds: int
    successful_jobs_history_limit: int
    failed_jobs_history_limit: int
    job_template: Job


class CronJob(Strict):
    api_version: str
    kind: str
    metadata: Metadata
    spec: CronJobSpec


class Rule(Strict):
    alert: str
    expr: str
    annotations: dict[str, str]
    for_: str = msgspec.field(name="for", default="0s")


class Group(Strict):
    name: str
    rules: list[Rule]


class Alerts(Strict):
    groups: list[Group]


def kubernetes() -> tuple[ConfigMap, Claim, CronJob]:
    config, claim, job = read("cronjob.yaml").split("\n---\n")
    return (
        msgspec.yaml.decode(config, type=ConfigMap),
        msgspec.yaml.decode(claim, type=Claim),
        msgspec.yaml.decode(job, type=CronJob),
    )


def secret_names(text: str) -> set[str]:
    return set(re.findall(r"ADTALLY_CONNECTORS__\w+", text))


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secrets in place of the one of the example."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("ADTALLY_SECRETS_DIR", str(folder))
    return folder


@pytest.mark.parametrize("name", ["cronjob.yaml", "adtally.service"])
def test_configuration_loads_and_its_secrets_are_all_that_the_connector_lacks(
    name: str, secrets: Path, tmp_path: Path
) -> None:
    for variable in secret_names(read(name)):
        (secrets / variable).write_text("s3cret\n", encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text(kubernetes()[0].data["config.toml"], encoding="utf-8")

    [google] = build_all(Settings.load(config), None)

    assert google.name == "google"
    assert len(secret_names(read(name))) == 2


def test_cronjob_runs_one_sync_at_a_time_and_leaves_it_time_to_end() -> None:
    _, claim, job = kubernetes()
    pod = job.spec.job_template.spec.template.spec
    [container] = pod.containers
    options = parsed(container.command[1:])

    assert (job.api_version, job.kind, container.command[0]) == ("batch/v1", "CronJob", "adtally")
    assert len(job.spec.schedule.split()) == 5
    assert job.spec.concurrency_policy == "Forbid"
    longest = span(options, "jitter") + span(options, "deadline")
    assert longest + 120 <= job.spec.job_template.spec.active_deadline_seconds
    assert pod.termination_grace_period_seconds >= 60
    assert claim.spec.access_modes == ["ReadWriteOnce"]


def test_cronjob_runs_without_rights_that_it_does_not_need() -> None:
    pod = kubernetes()[2].spec.job_template.spec.template.spec
    [container] = pod.containers

    assert pod.security_context.run_as_non_root
    assert not pod.automount_service_account_token
    assert container.security_context == Security(
        allow_privilege_escalation=False, read_only_root_filesystem=True, capabilities={"drop": ["ALL"]}
    )


def test_cronjob_mounts_what_its_configuration_names() -> None:
    config, claim, job = kubernetes()
    pod = job.spec.job_template.spec.template.spec
    [container] = pod.containers
    folders = {mount.name: Path(mount.mount_path) for mount in container.volume_mounts}
    volumes = {volume.name: volume for volume in pod.volumes}
    settings = tomllib.loads(config.data["config.toml"])
    [variable] = container.env

    assert volumes.keys() == folders.keys()
    assert volumes["config"].config_map == config.metadata
    assert volumes["ledger"].persistent_volume_claim == ClaimSource(claim_name=claim.metadata.name)
    assert volumes["secrets"].secret == SecretSource(secret_name="adtally", default_mode=0o440)
    assert (variable.name, Path(variable.value)) == ("ADTALLY_CONFIG", folders["config"] / "config.toml")
    assert Path(settings["secrets_dir"]) == folders["secrets"]
    assert Path(settings["ledger"]["path"]).parent == folders["ledger"]
    assert read("cronjob.yaml").startswith("# kubectl create secret generic adtally ")


def test_service_gives_a_sync_time_to_end_and_writes_only_where_it_may() -> None:
    service = unit_file("adtally.service")
    program, *words = shlex.split(service["ExecStart"][0])
    options = parsed(words)

    assert service["Type"] == ["oneshot"]
    assert program == "/opt/adtally/bin/adtally"
    assert span(options, "deadline") + 120 <= seconds(service["TimeoutStartSec"][0])
    assert seconds(service["TimeoutStopSec"][0]) >= 60
    assert service["SuccessExitStatus"] == ["130"]
    assert str(Path(str(options["metrics"])).parent) in service["ReadWritePaths"]
    assert Path(str(options["log"])).parent == Path("/var/log") / service["LogsDirectory"][0]
    assert service["WorkingDirectory"] == [f"/var/lib/{service['StateDirectory'][0]}"]
    assert f'path = "{service["WorkingDirectory"][0]}/adtally.db"' in read("adtally.service")
    assert [pair.partition("=")[0] for pair in service["Environment"]] == [
        "ADTALLY_CONFIG",
        "ADTALLY_SECRETS_DIR",
    ]


def test_timer_spreads_its_starts_and_makes_up_for_missed_ones() -> None:
    timer = unit_file("adtally.timer")

    assert (timer["OnCalendar"], timer["Persistent"]) == (["*-*-* 00/6:17:00"], ["true"])
    assert seconds(timer["RandomizedDelaySec"][0]) == 300


def test_crontab_has_five_fields_and_commands_that_adtally_understands() -> None:
    lines = [line for line in read("crontab").splitlines() if re.match(r"[\d*]", line)]

    commands = []
    for line in lines:
        *fields, command = line.split(maxsplit=5)
        assert [field for field in fields if not re.fullmatch(r"[\d*/,-]+", field)] == []
        assert "%" not in command  # cron would take it for the end of the line
        [words] = re.findall(r"adtally ([^&|>]*?) 2>&1", command)
        commands.append((words.split()[0], parsed(shlex.split(words))))

    assert [name for name, _ in commands] == ["sync", "reconcile"]


def test_alerts_ask_for_metrics_and_labels_that_exist() -> None:
    [group] = msgspec.yaml.decode(read("alerts.yaml"), type=Alerts).groups

    asked = [re.findall(r"adtally_\w+", rule.expr) for rule in group.rules]
    told = [set(re.findall(r"\$labels\.(\w+)", rule.annotations["summary"])) for rule in group.rules]

    assert asked == [
        ["adtally_sync_timestamp_seconds"],
        ["adtally_sync_success_timestamp_seconds"],
        ["adtally_newest_complete_day_timestamp_seconds"],
    ]
    assert [name for names in asked for name in names if name not in METRICS] == []
    assert told == [set(), {"connector"}, {"account", "connector", "report"}]


def test_page_describes_every_option_metric_key_and_example() -> None:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    options = [option.opts[0] for option in main.commands["sync"].params if isinstance(option, click.Option)]
    scheduling = options[options.index("--deadline") : options.index("--dry-run")]

    named = [*METRICS, "at", "event", *UnitEnd.__struct_fields__, "exit_code"]
    assert [name for name in named if f"`{name}`" not in page and f"`{name}{{" not in page] == []
    assert [name for name in scheduling if f"`{name} " not in page] == []
    files = [path.name for path in SCHEDULE.iterdir()]
    assert [name for name in files if f"(schedule/{name})" not in page] == []
