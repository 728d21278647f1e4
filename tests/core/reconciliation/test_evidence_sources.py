"""What is known of the sources of evidence: which days, until when it may change, and how much is tagged."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adtally.calendar import Window
from adtally.ledger import Ledger
from adtally.reconciliation.backing import backing
from adtally.reconciliation.evidence_facts import EvidenceSource, TaggedShare
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.judge import judge
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.support import support
from adtally.records import Account, Evidence
from adtally_connectors.files import Files

from .cases import campaign as campaign_of, period, rate
from .counted import counted, known
from .told import NOW, Told, campaign, connector, facts, ran, sync, sync_connectors

DAY = date(2026, 10, 15)
COLUMNS = ("source_id", "record_id", "kind", "day", "key_kind", "key_value", "quantity")


def file(folder: Path, *days: int, month: int = 10, name: str = "site.csv", **fields: object) -> Files:
    rows = (f"site,{month}-{day},session,2026-{month:02}-{day:02},campaign_id,7,10\n" for day in days)
    (folder / name).write_text(",".join(COLUMNS) + "\n" + "".join(rows))
    return Files.model_validate(
        {
            "path": str(folder / name),
            "record": "evidence",
            "platform": "site",
            "account": "s",
            "currency": "USD",
            "timezone": "UTC",
            "columns": {column: column for column in COLUMNS},
            **fields,
        }
    )


def read(ledger: Ledger, files: Files, now: datetime = NOW) -> Facts:
    sync_connectors(ledger, now, {"google": connector(Told(delivery=ran(15))), "site": files})
    return facts(ledger)


def source(found: Facts, name: str = "site") -> EvidenceSource:
    [one] = [one for one in found.sources if one.connector == name]
    return one


def test_file_that_was_read_after_the_month_is_complete_and_final(ledger: Ledger, tmp_path: Path) -> None:
    one = source(read(ledger, file(tmp_path, 3, 20)))

    assert (one.coverage.complete, one.coverage.pending_until) == (True, {})
    assert one.file_days == Window(date(2026, 10, 3), date(2026, 10, 20))
    assert one.kinds == ("session",)


@pytest.mark.parametrize(("read_on", "missing"), [(20, 12), (31, 1)])
def test_file_that_was_read_within_the_month_knows_nothing_of_the_rest(
    ledger: Ledger, tmp_path: Path, read_on: int, missing: int
) -> None:
    found = read(ledger, file(tmp_path, 3, 15), datetime(2026, 10, read_on, 12, tzinfo=UTC))

    assert source(found).coverage.missing_days == missing


def test_day_of_reading_is_that_of_the_files_own_zone(ledger: Ledger, tmp_path: Path) -> None:
    files = file(tmp_path, 3, 15, timezone="Asia/Tokyo")

    found = read(ledger, files, datetime(2026, 10, 31, 20, tzinfo=UTC))

    assert source(found).coverage.complete


def test_file_of_a_week_accuses_nobody_of_the_month(ledger: Ledger, tmp_path: Path) -> None:
    told = connector(Told(delivery=ran(1, 15, 31, clicks=1_000)))
    sync_connectors(ledger, NOW, {"google": told, "site": file(tmp_path, 1, 2)})

    [outcome] = [one for one in judge(facts(ledger, [{}]), Rules()) if one.check_id == "clicks-vs-sessions"]

    assert (outcome.verdict, outcome.explanation) == (
        "not_checkable",
        "Not checked: the file of site has rows of 2026-10-01..2026-10-02 only.",
    )


def test_quarter_before_is_not_known_of_a_file(ledger: Ledger, tmp_path: Path) -> None:
    told = connector(Told(delivery=[*ran(15, clicks=1_000), *ran(date(2026, 9, 9), clicks=1_000)]))
    both = {"google": told, "site": file(tmp_path, 15), "old": file(tmp_path, 9, month=9, name="old.csv")}
    sync_connectors(ledger, NOW, both)

    assert facts(ledger).session_trails == ()


def test_quarter_that_a_file_spans_is_not_known_either(ledger: Ledger, tmp_path: Path) -> None:
    told = connector(Told(delivery=[*ran(15, clicks=1_000), *ran(date(2026, 9, 9), clicks=1_000)]))
    days = ["2026-06-30", "2026-09-09", "2026-10-15"]
    rows = (f"site,{day},session,{day},campaign_id,7,900\n" for day in days)
    spanning = file(tmp_path)
    (tmp_path / "site.csv").write_text(",".join(COLUMNS) + "\n" + "".join(rows))
    sync_connectors(ledger, NOW, {"google": told, "site": spanning})

    assert facts(ledger).session_trails == ()


def test_source_that_is_asked_by_days_lacks_those_that_were_not_over(ledger: Ledger) -> None:
    theirs = Told(platform="ga4", delivery=None, evidence=[])

    sync(ledger, datetime(2026, 10, 20, 12, tzinfo=UTC), google=Told(delivery=ran(15)), theirs=theirs)

    one = source(facts(ledger), "theirs")
    assert (one.coverage.missing_days, one.file_days, one.kinds) == (12, None, ())


def session(key: str, quantity: int = 1, **fields: object) -> Evidence:
    values: dict[str, object] = {"kind": "session", "key_kind": "campaign_id", "record_id": key, **fields}
    return Evidence(source_id="s", day=DAY, key_value=key, quantity_micros=quantity * 1_000_000, **values)  # type: ignore[arg-type]


def test_properties_of_one_connector_stay_apart_and_flags_are_told(ledger: Ledger) -> None:
    accounts = tuple(Account(id=id_, currency="USD", timezone="UTC") for id_ in ("a", "b"))
    rows = [session("7", 5, flags="sampled"), session("x", 9, flags="modelled")]
    theirs = Told(platform="ga4", accounts=accounts, delivery=None, campaigns=None, evidence=rows)

    sync(ledger, google=Told(delivery=ran(15)), theirs=theirs)

    own = campaign(facts(ledger)).evidence
    assert [(one.account_id, one.quantity, one.flags, one.is_lower_bound) for one in own] == [
        ("a", 5, ("sampled",), True),
        ("b", 5, ("sampled",), True),
    ]
    assert [one.unmapped for one in facts(ledger).sources] == [{"session": 9}, {"session": 9}]


def test_view_through_part_of_a_count_is_told_apart(ledger: Ledger) -> None:
    rows = [
        session("7", 5, kind="install"),
        session("7", 3, kind="install", record_id="seen", flags="view_through self_reported"),
    ]
    sync(ledger, google=Told(delivery=ran(15)), theirs=Told(platform="m", delivery=None, evidence=rows))

    [one] = campaign(facts(ledger)).evidence

    assert (one.quantity, one.view_through, one.acted) == (8, 3, 5)
    assert one.flags == ("self_reported", "view_through")


def test_impressions_of_others_back_no_bill_and_are_no_action() -> None:
    shown = campaign_of(
        period(rate("cpm", "5"), cost="50.00", impressions=10_000, clicks=90),
        evidence=(counted(9_000, "impression"), counted(80, "click")),
    )
    clicked = campaign_of(
        period(rate("cpc", "0.50"), cost="50.00", impressions=10_000, clicks=100),
        name="8",
        evidence=(counted(9_000, "impression"), counted(80, "click"), counted(70, "viewable_impression")),
    )

    outcomes = [one for one in judge(known(shown, clicked), Rules()) if one.check_id == "engagement-support"]

    assert [(one.campaign_id, one.figures["support_ppm"]) for one in outcomes] == [("8", 800_000)]
    assert backing(shown, "cpm") is None
    [bucket] = support((shown, clicked))
    assert (bucket.per_view_micros, bucket.backed_micros) == (50_000_000, {"E2": 40_000_000})


def test_tagged_share_is_of_the_money_of_what_the_kind_counts() -> None:
    def cost(name: str, amount: str, kind: str = "") -> Facts:
        one = campaign_of(
            period(rate("cpc", "0.50"), cost=amount, clicks=100),
            name=name,
            evidence=(counted(1, kind),) if kind else (),
        )
        return known(one)

    parts = [cost("1", "75.00", "session"), cost("2", "25.00"), cost("3", "100.00", "invalid_click")]
    found = known(*(one for part in parts for one in part.campaigns))

    assert found.tagged == (
        TaggedShare(connector="google", account_id="1", currency="USD", kind="invalid_click", ppm=500_000),
        TaggedShare(connector="google", account_id="1", currency="USD", kind="session", ppm=375_000),
    )
