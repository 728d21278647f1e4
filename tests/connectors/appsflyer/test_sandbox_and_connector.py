"""The connector against the fake over real HTTP: each count that went into the world is one of the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

import adtally
from adtally import Evidence, QuotaError, Unit, Window, world
from adtally.ledger.public import read_table
from adtally.testing.loopback import loopback
from adtally_connectors.appsflyer import AppsFlyer
from adtally_connectors.appsflyer.sandbox import AppsFlyerFake

from ..sandboxed import OCTOBER, SEPTEMBER
from ..trials import played

APP = "id1000000001"
RUNNING = Window(date(2026, 11, 1), date(2026, 11, 9))
ONE = 1_000_000
OWN_NUMBERS = {"Facebook Ads", "googleadwords_int", "bytedanceglobal_int", "restricted"}
Kind = Literal["install", "click", "impression", "invalid_install"]


class Told(NamedTuple):
    """What must come through of one count."""

    day: date
    kind: str
    key_kind: str
    key_value: str
    quantity_micros: object
    value_micros: object
    status: str


@cache
def campaigns() -> tuple[tuple[world.Account, world.Campaign], ...]:
    """One campaign of each of a few platforms, the networks of which report themselves or do not."""
    by_platform = {one.platform: one for one in reversed(played().accounts) if one.campaigns}
    names = ("google_ads", "meta_ads", "tiktok_ads", "microsoft_ads")
    return tuple((by_platform[name], by_platform[name].campaigns[0]) for name in names)


def proof(account: world.Account, campaign: world.Campaign, day: date, kind: Kind, count: int) -> world.Proof:
    return world.Proof(
        connector="appsflyer",
        source_id=APP,
        record_id=f"{day} {campaign.campaign_id}",
        kind=kind,
        day=day,
        campaign_id=campaign.campaign_id,
        account_id=account.account_id,
        evidence_class="E2",
        status="",
        quantity=count,
        key_kind="campaign_id",
    )


@cache
def measured() -> world.World:
    """The world, in which AppsFlyer also counted every kind of a few campaigns."""
    days = (date(2026, 9, 1), date(2026, 10, 10), date(2026, 10, 31), date(2026, 11, 9))
    counts: dict[Kind, int] = {"install": 88, "click": 901, "impression": 70_001, "invalid_install": 3}
    own = (
        proof(account, campaign, day, kind, count)
        for account, campaign in campaigns()
        for day in days
        for kind, count in counts.items()
    )
    others = (one for one in played().evidence if one.connector == "appsflyer")
    kept = {(one.day, one.campaign_id) for one in others}
    added = tuple(one for one in own if (one.day, one.campaign_id) not in kept)
    return replace(played(), evidence=(*played().evidence, *added))


def proofs(window: Window | None = None) -> list[world.Proof]:
    return [
        one
        for one in measured().evidence
        if one.connector == "appsflyer" and (window is None or one.day in window)
    ]


def expected(window: Window | None = None) -> list[Told]:
    return sorted(
        Told(
            one.day,
            one.kind,
            "campaign_id",
            one.campaign_id,
            one.quantity * ONE,
            one.value_micros,
            one.status,
        )
        for one in proofs(window)
    )


class Sandboxed:
    """A connector that reaches a fake of its own."""

    def __init__(self, url: str, fake: AppsFlyerFake, **fields: object) -> None:
        self.connector = AppsFlyer.model_validate({**fake.table(), "base_url": url, **fields})
        self.connector.http.sleep = lambda _: None
        [self.account] = self.connector.accounts()

    def fetch(self, window: Window, *reports: str) -> list[Evidence]:
        """What these reports tell, or all that are asked for."""
        unit = Unit(self.account, window, played().today)
        asked = [one for one in self.connector.reports() if one.name in (reports or {one.name})]
        records = [record for report in asked for record in self.connector.fetch(report, unit)]
        found = [one for one in records if isinstance(one, Evidence)]
        assert len(found) == len(records)
        return found


@pytest.fixture(scope="module")
def appsflyer() -> Iterator[Sandboxed]:
    fake = AppsFlyerFake(measured())
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        yield Sandboxed(url, fake)


@pytest.fixture(scope="module")
def by_name() -> Iterator[Sandboxed]:
    fake = AppsFlyerFake(measured(), master=False)
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        yield Sandboxed(url, fake, master_api=False, retargeting=True)


def test_only_the_app_that_was_asked_for_is_an_account(appsflyer: Sandboxed) -> None:
    account = appsflyer.account

    assert (account.id, account.name) == (APP, "Souq Express")
    assert (account.currency, account.timezone) == ("KWD", "Asia/Kuwait")


@pytest.mark.parametrize("window", [SEPTEMBER, OCTOBER, RUNNING], ids=["September", "October", "November"])
def test_every_count_of_a_campaign_comes_through_once(appsflyer: Sandboxed, window: Window) -> None:
    records = [one for one in appsflyer.fetch(window) if one.key_kind == "campaign_id"]

    assert expected(window)
    assert sorted(
        Told(
            one.day, one.kind, one.key_kind, one.key_value, one.quantity_micros, one.value_micros, one.status
        )
        for one in records
    ) == expected(window)
    assert {(one.source_id, one.timezone) for one in records} == {(APP, "Asia/Kuwait")}


def test_records_are_told_apart_on_each_day(appsflyer: Sandboxed) -> None:
    records = appsflyer.fetch(OCTOBER)

    assert len({(one.day, one.record_id, one.kind) for one in records}) == len(records)


def test_clicks_of_networks_that_report_themselves_prove_nothing(appsflyer: Sandboxed) -> None:
    records = appsflyer.fetch(OCTOBER)

    own = {one.refers_to for one in records if one.evidence_class == "E1"}
    assert own
    assert own <= OWN_NUMBERS
    assert {one.kind for one in records if one.evidence_class == "E1"} <= {"click", "impression"}
    assert {one.evidence_class for one in records if one.kind == "install"} == {"E2"}


def test_what_carries_no_campaign_is_pulled_as_well(appsflyer: Sandboxed) -> None:
    keyless = {
        (one.refers_to, one.key_value, one.flags)
        for one in appsflyer.fetch(OCTOBER, "counts_daily")
        if one.key_kind == "name"
    }

    assert keyless == {
        ("organic", "", ""),
        ("restricted", "", "self_reported"),
        ("nightbird_int", 'Autumn, "wave 2"', ""),
        ("nightbird_int", 'Autumn, "wave 2"', "view_through"),
    }


def test_days_are_cut_at_both_ends(appsflyer: Sandboxed) -> None:
    window = Window(date(2026, 10, 10), date(2026, 10, 11))

    assert {one.day for one in appsflyer.fetch(window)} == set(window)


def test_without_the_master_api_the_same_installs_come_by_name(by_name: Sandboxed) -> None:
    records = by_name.fetch(OCTOBER, "counts_daily")

    counted: dict[tuple[date, str, str, str], int] = {}
    for one in records:
        if one.refers_to not in ("organic", "nightbird_int", "restricted"):
            of = (one.day, one.refers_to, one.key_value.removesuffix(" (old)"), one.kind)
            counted[of] = counted.get(of, 0) + (one.quantity_micros or 0) // ONE
    names = {one.campaign_id: one.name for account in played().accounts for one in account.campaigns}
    wanted = sorted(
        (one.day, names[one.campaign_id], one.kind, one.quantity)
        for one in proofs(OCTOBER)
        if one.kind != "invalid_install"
    )
    assert {one.key_kind for one in records} == {"name"}
    assert sorted((day, name, kind, count) for (day, _, name, kind), count in counted.items()) == wanted


def test_reattributions_are_flagged_and_no_key_of_theirs_is_one_of_installs(by_name: Sandboxed) -> None:
    installs, again = (by_name.fetch(OCTOBER, name) for name in ("counts_daily", "retargeting_daily"))

    assert {(one.kind, "reattribution" in one.flags) for one in again} == {("install", True)}
    assert not {one.record_id for one in installs} & {one.record_id for one in again}


def test_a_plan_without_the_master_api_says_what_to_do() -> None:
    fake = AppsFlyerFake(measured(), master=False)
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        sandboxed = Sandboxed(url, fake)

        with pytest.raises(adtally.DeniedError, match="set master_api = false"):
            sandboxed.fetch(OCTOBER)


def test_a_plan_without_protect360_has_no_report_on_fraud() -> None:
    fake = AppsFlyerFake(measured(), protect360=False)
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        sandboxed = Sandboxed(url, fake)

        assert sandboxed.fetch(OCTOBER, "counts_daily")
        with pytest.raises(adtally.NotOffered, match="not in the plan"):
            sandboxed.fetch(OCTOBER, "fraud_daily")


def test_after_24_reports_the_day_is_over() -> None:
    fake = AppsFlyerFake(measured(), master=False)
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        sandboxed = Sandboxed(url, fake, master_api=False)
        for _ in range(24):
            sandboxed.fetch(RUNNING)

        with pytest.raises(QuotaError, match="until midnight UTC"):
            sandboxed.fetch(RUNNING)


CONFIG = """
[connectors.measured]
use = "adtally_connectors.appsflyer:AppsFlyer"
base_url = "{url}/appsflyer"
api_token = "sandbox-appsflyer-api-token"
app_ids = ["id1000000001"]
requests_per_second = 1000
"""


def test_a_sync_brings_every_count_into_the_ledger_and_a_second_one_changes_nothing(tmp_path: Path) -> None:
    path, noon = tmp_path / "config.toml", datetime(2026, 11, 10, 12, tzinfo=UTC)
    with world.serve(measured(), fakes={"appsflyer": AppsFlyerFake}) as sandbox:
        path.write_text(CONFIG.format(url=sandbox.url), encoding="utf-8")
        settings = adtally.Settings.load(path)
        with adtally.open_ledger(settings) as ledger:
            runs, tables = [], []
            for _ in range(2):
                runs.append(adtally.sync(settings, ledger, first_day=date(2026, 9, 1), clock=lambda: noon))
                names, rows = read_table(ledger, "evidence")
                tables.append([dict(zip(names, row, strict=True)) for row in rows])

    assert [run.failures for run in runs] == [[], []]
    assert tables[0] == tables[1]
    came = [
        Told(
            date.fromisoformat(str(row["day"])),
            str(row["kind"]),
            str(row["key_kind"]),
            str(row["key_value"]),
            row["quantity_micros"],
            row["value_micros"],
            str(row["status"]),
        )
        for row in tables[0]
        if row["key_kind"] == "campaign_id"
    ]
    assert sorted(came) == expected()
