"""The answer behind a row: from a day or a bill to the very bytes that the platform sent."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import responses
from click.testing import CliRunner, Result
from msgspec import Struct
from responses import RequestsMock

import adtally
from adtally import (
    Account,
    ConfigError,
    Connector,
    Delivery,
    Interaction,
    Invoice,
    InvoiceLine,
    Ledger,
    Unit,
    pulls,
)
from adtally.cli import main
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.ledger.shown import KeptAnswer, Shown
from adtally.registry import Configured

from .harbour import GOOD, Harbour, serve
from .shop import user

NOON = datetime(2026, 10, 12, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=2)
FIRST, DAY = date(2026, 10, 8), date(2026, 10, 9)
API = "https://api.pier.example/v1"
STATS, ACTIONS, BILLS = f"{API}/stats", f"{API}/actions", f"{API}/bills"
ASKED = "from=2026-10-08&to=2026-10-11"


class Row(Struct):
    day: date
    campaign: str
    count: int


class Bill(Struct):
    id: str
    total: int


class Bills(Struct):
    bills: list[Bill]
    next: str = ""


class Pier(Connector):
    name = "pier"
    base_url: str = API

    def accounts(self) -> list[Account]:
        return [Account(id="12", name="Acme", currency="EUR", timezone="UTC")]

    @pulls(Delivery, max_days=7, restated_days=30)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        for row in self._rows("stats", unit):
            yield Delivery(day=row.day, campaign_id=row.campaign, clicks=row.count, cost_micros=1_500_000)

    @pulls(Interaction, max_days=7, restated_days=30)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        for row in self._rows("actions", unit):
            yield Interaction(
                day=row.day,
                campaign_id=row.campaign,
                action="purchase",
                attribution="7d",
                kind="purchase",
                quantity_micros=row.count * 1_000_000,
            )

    @pulls(Invoice)
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        path = "bills"
        while path:
            page = self.http.get(path, decode=Bills)
            for bill in page.bills:
                yield Invoice(
                    invoice_id=bill.id,
                    first_day=unit.window.first_day,
                    last_day=unit.window.last_day,
                    currency="EUR",
                    total_micros=bill.total,
                    lines=(InvoiceLine(line="1", amount_micros=bill.total, description="clicks"),),
                )
            path = page.next

    def _rows(self, path: str, unit: Unit) -> list[Row]:
        asked = {"from": unit.window.first_day, "to": unit.window.last_day}
        return self.http.get(path, params=asked, decode=list[Row])


def body(*counts: tuple[str, int]) -> bytes:
    """Counts by campaign on DAY."""
    rows = [{"day": str(DAY), "campaign": campaign, "count": count} for campaign, count in counts]
    return json.dumps(rows).encode()


def pull(
    ledger: Ledger,
    *,
    stats: bytes = body(("c1", 3), ("c2", 4)),
    actions: bytes = b"[]",
    bills: tuple[bytes, ...] = (b'{"bills": []}',),
    now: datetime = NOON,
    keep_raw: bool = True,
) -> None:
    """One sync of a platform that answers with these bytes."""
    with RequestsMock() as api:
        api.get(STATS, body=stats, content_type="application/json")
        api.get(ACTIONS, body=actions, content_type="application/json")
        for bill in bills:
            api.add(responses.GET, BILLS, body=bill, content_type="application/json")
        run = run_sync(
            ledger,
            [Configured("pier", Pier(), (), ("campaign",))],
            Wishes(first_day=FIRST, last_day=date(2026, 10, 11), full=True, workers=1),
            clock=lambda: now,
            run_id=f"r{now:%d}",
            keep_raw=keep_raw,
        )
    assert run.failures == []


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "adtally.db") as opened:
        yield opened


Command = Callable[..., Result]


@pytest.fixture
def adtally_show(tmp_path: Path) -> Command:
    """``adtally show`` of the ledger in the same folder."""
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    return lambda *words: CliRunner().invoke(main, ["--config", str(config), "show", *words])


def answer(
    answered: bytes, report: str = "campaign_daily", url: str = STATS, at: datetime = NOON
) -> KeptAnswer:
    return KeptAnswer(
        report=report,
        first_day=FIRST,
        last_day=date(2026, 10, 11),
        fetched_at=at,
        position=1,
        method="GET",
        url=f"{url}?{ASKED}",
        sent="",
        status=200,
        content_type="application/json",
        bytes=len(answered),
        sha256=sha256(answered).hexdigest(),
    )


def clicks(shown: Shown) -> list[tuple[object, ...]]:
    return [(row["campaign_id"], row["clicks"], row["as_of"]) for row in shown.rows.get("delivery", [])]


def test_day_is_shown_with_its_rows_and_the_answers_behind_them(ledger: Ledger) -> None:
    stats, actions = body(("c1", 3)), body(("c1", 1))
    pull(ledger, stats=stats, actions=actions)

    shown = adtally.show(ledger, "pier", "1-2", DAY)

    [delivery] = shown.rows["delivery"]
    assert {name: value for name, value in delivery.items() if value not in (None, "")} == {
        "connector": "pier",
        "account_id": "12",
        "day": "2026-10-09",
        "report": "campaign_daily",
        "grain": "campaign",
        "campaign_id": "c1",
        "currency": "EUR",
        "clicks": 3,
        "cost_micros": 1_500_000,
        "as_of": "2026-10-12T12:00:00Z",
    }
    public = {row[1] for row in ledger.conn.execute("PRAGMA table_info(delivery)")}
    assert delivery.keys() == public | {"report"}
    assert shown == Shown(
        connector="pier",
        account_id="12",
        day=DAY,
        invoice_id="",
        as_of=None,
        rows={
            "delivery": [delivery],
            "interactions": [
                {
                    "connector": "pier",
                    "account_id": "12",
                    "day": "2026-10-09",
                    "report": "conversions",
                    "grain": "campaign",
                    "campaign_id": "c1",
                    "ad_group_id": "",
                    "ad_id": "",
                    "action": "purchase",
                    "attribution": "7d",
                    "kind": "purchase",
                    "quantity_micros": 1_000_000,
                    "value_micros": None,
                    "view_through": 0,
                    "in_total": 0,
                    "as_of": "2026-10-12T12:00:00Z",
                }
            ],
        },
        answers=[answer(stats), answer(actions, "conversions", ACTIONS)],
        not_kept=[],
        from_files=[],
    )


def test_restated_day_is_shown_as_it_is_and_as_it_was(ledger: Ledger) -> None:
    old, new = body(("c1", 3), ("gone", 1)), body(("c1", 5))
    pull(ledger, stats=old)
    pull(ledger, stats=new, now=LATER)

    now = adtally.show(ledger, "pier", "12", DAY, report="campaign_daily")
    then = adtally.show(ledger, "pier", "12", DAY, report="campaign_daily", as_of=date(2026, 10, 13))
    before = adtally.show(ledger, "pier", "12", DAY, as_of=date(2026, 10, 11))

    assert (clicks(now), now.answers) == ([("c1", 5, "2026-10-14T12:00:00Z")], [answer(new, at=LATER)])
    assert clicks(then) == [("c1", 3, "2026-10-12T12:00:00Z"), ("gone", 1, "2026-10-12T12:00:00Z")]
    assert then.answers == [answer(old)]
    assert (before.rows, before.answers, before.not_kept) == ({}, [], [])


def test_rows_can_be_limited_to_a_campaign_and_to_a_report(ledger: Ledger) -> None:
    pull(ledger, actions=body(("c1", 1), ("c2", 1)))

    one = adtally.show(ledger, "pier", "12", DAY, campaign="c2")
    two = adtally.show(ledger, "pier", "12", DAY, report="conversions")

    assert [(table, [row["campaign_id"] for row in rows]) for table, rows in one.rows.items()] == [
        ("delivery", ["c2"]),
        ("interactions", ["c2"]),
    ]
    assert (list(two.rows), [kept.report for kept in two.answers]) == (["interactions"], ["conversions"])


def test_other_days_and_a_day_without_rows_have_the_answer_that_says_so(ledger: Ledger) -> None:
    pull(ledger)

    shown = adtally.show(ledger, "pier", "12", FIRST)

    assert shown.rows == {}
    assert [kept.report for kept in shown.answers] == ["campaign_daily", "conversions"]
    assert adtally.show(ledger, "pier", "12", FIRST - timedelta(days=1)).answers == []


@pytest.mark.parametrize("stats", [body(("c1", 9), ("c2", 4)), body(("c1", 3))], ids=["changed", "vanished"])
def test_answer_of_an_earlier_fetch_is_not_passed_off_as_that_of_the_row(
    ledger: Ledger, stats: bytes
) -> None:
    pull(ledger)
    pull(ledger, stats=stats, now=LATER, keep_raw=False)

    shown = adtally.show(ledger, "pier", "12", DAY, report="campaign_daily")

    assert (shown.answers, shown.not_kept) == ([], ["campaign_daily"])


def test_answer_still_proves_a_row_that_was_fetched_again_unchanged(ledger: Ledger) -> None:
    stats = body(("c1", 3))
    pull(ledger, stats=stats)
    pull(ledger, stats=stats, now=LATER, keep_raw=False)

    shown = adtally.show(ledger, "pier", "12", DAY, report="campaign_daily")

    assert (shown.answers, shown.not_kept) == ([answer(stats)], [])


FIRST_PAGE = b'{"bills": [{"id": "P-7", "total": 5000000}], "next": "bills"}'
SECOND_PAGE = b'{"bills": [{"id": "P-8", "total": 7000000}]}'


def test_invoice_is_shown_with_the_answer_that_mentions_it(ledger: Ledger) -> None:
    pull(ledger, bills=(FIRST_PAGE, SECOND_PAGE))

    shown = adtally.show(ledger, "pier", "12", invoice="P-8")

    [bill], [line] = shown.rows["invoices"], shown.rows["invoice_lines"]
    assert list(shown.rows) == ["invoices", "invoice_lines"]
    assert (bill["total_micros"], line["description"]) == (7_000_000, "clicks")
    [kept] = shown.answers
    assert (kept.report, str(kept.first_day), kept.url, kept.position) == ("invoices", "2026-10-01", BILLS, 2)
    assert kept.sha256 == sha256(SECOND_PAGE).hexdigest()
    assert (shown.not_kept, shown.from_files) == ([], [])


def test_invoice_that_changed_has_its_old_answer_as_of_then(ledger: Ledger) -> None:
    pull(ledger, bills=(SECOND_PAGE,))
    changed = SECOND_PAGE.replace(b"7000000", b"7500000")
    pull(ledger, bills=(changed,), now=LATER)

    now = adtally.show(ledger, "pier", "12", invoice="P-8")
    then = adtally.show(ledger, "pier", "12", invoice="P-8", as_of=date(2026, 10, 12))

    assert [adtally.read_answer(ledger, kept.sha256) for kept in now.answers] == [changed]
    assert [adtally.read_answer(ledger, kept.sha256) for kept in then.answers] == [SECOND_PAGE]


def test_invoice_that_came_again_without_its_answer_says_so(ledger: Ledger) -> None:
    pull(ledger, bills=(SECOND_PAGE,))
    pull(ledger, bills=(SECOND_PAGE.replace(b"7000000", b"7500000"),), now=LATER, keep_raw=False)

    shown = adtally.show(ledger, "pier", "12", invoice="P-8")

    assert (shown.answers, shown.not_kept) == ([], ["invoices"])


@pytest.mark.parametrize(
    ("account", "wanted", "said"),
    [
        ("99", {"day": DAY}, "no account pier/99"),
        ("12", {"invoice": "P-9"}, "no document P-9 of pier/12"),
        ("99", {"invoice": "P-8"}, "no document P-8 of pier/99"),
        ("12", {}, "either a day"),
        ("12", {"day": DAY, "invoice": "P-8"}, "either a day"),
        ("12", {"invoice": "P-8", "campaign": "c1"}, "either a day"),
    ],
)
def test_what_cannot_be_shown_is_named(
    ledger: Ledger, account: str, wanted: dict[str, object], said: str
) -> None:
    pull(ledger, bills=(SECOND_PAGE,))

    with pytest.raises(ConfigError, match=said):
        adtally.show(ledger, "pier", account, **wanted)  # type: ignore[arg-type]


def test_command_prints_rows_answers_and_the_way_to_the_bytes(ledger: Ledger, adtally_show: Command) -> None:
    stats = body(("c1", 3))
    pull(ledger, stats=stats)

    result = adtally_show("pier", "12", "2026-10-09", "--report", "campaign_daily")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "pier/12  2026-10-09\n"
        "\n"
        "delivery  campaign_daily\n"
        "  grain campaign, campaign_id c1, currency EUR, clicks 3, cost_micros 1500000,\n"
        "  as_of 2026-10-12T12:00:00Z\n"
        "\n"
        "answer 1  campaign_daily 2026-10-08..2026-10-11, fetched 2026-10-12 12:00:00 UTC\n"
        f"  GET {STATS}?{ASKED}\n"
        f"  200 application/json, {len(stats)} bytes\n"
        f"  sha256 {sha256(stats).hexdigest()}\n"
        "\n"
        "The bytes of answer 1: the same command with --raw 1\n"
    )


def test_command_writes_the_very_bytes_and_says_that_they_are(ledger: Ledger, adtally_show: Command) -> None:
    actions = b"[ ]\r\n\n"
    pull(ledger, actions=actions)

    result = adtally_show("pier", "12", "2026-10-09", "--raw", "2")

    assert (result.exit_code, result.stdout_bytes) == (0, actions)
    assert result.stderr == (
        f"verified: the bytes are those that were kept, sha256 {sha256(actions).hexdigest()}\n"
    )


def test_command_refuses_bytes_that_were_changed(ledger: Ledger, adtally_show: Command) -> None:
    pull(ledger)
    ledger.conn.execute("UPDATE raw_answers SET body = x'00'")

    result = adtally_show("pier", "12", "2026-10-09", "--raw", "1")

    assert (result.exit_code, result.stdout_bytes) == (4, b"")
    assert "is no longer what was fetched" in result.stderr


def test_command_without_kept_answers_says_how_to_keep_them(ledger: Ledger, adtally_show: Command) -> None:
    pull(ledger, keep_raw=False)

    result = adtally_show("pier", "12", "2026-10-09")

    assert result.exit_code == 0
    assert " ".join(result.stdout.split()).endswith(
        "No answers were kept when these rows came (campaign_daily). To keep them, set keep_raw = true in "
        "[ledger], then fetch the days again: adtally sync pier --full --first-day 2026-10-09"
    )


def test_command_prints_the_same_as_json(ledger: Ledger, adtally_show: Command) -> None:
    stats = body(("c1", 3))
    pull(ledger, stats=stats)

    document = json.loads(adtally_show("pier", "12", "2026-10-09", "--as-of", "2026-10-12", "--json").stdout)

    assert (document["day"], document["as_of"]) == ("2026-10-09", "2026-10-12")
    assert document["rows"]["delivery"][0]["clicks"] == 3
    assert document["answers"][0] == {
        "report": "campaign_daily",
        "first_day": "2026-10-08",
        "last_day": "2026-10-11",
        "fetched_at": "2026-10-12T12:00:00Z",
        "position": 1,
        "method": "GET",
        "url": f"{STATS}?{ASKED}",
        "sent": "",
        "status": 200,
        "content_type": "application/json",
        "bytes": len(stats),
        "sha256": sha256(stats).hexdigest(),
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pier", "12"), "give either a day"),
        (("pier", "12", "2026-10-09", "--raw", "3"), "there are 2 answers"),
        (("pier", "12", "9 October"), "does not match the format"),
        (("north", "12", "2026-10-09"), "no account north/12"),
    ],
)
def test_wrong_use_of_the_command_exits_2(
    ledger: Ledger, adtally_show: Command, words: tuple[str, ...], said: str
) -> None:
    pull(ledger)

    result = adtally_show(*words)

    assert result.exit_code == 2
    assert said in result.stderr


def test_setting_keeps_answers_and_files_are_their_own(tmp_path: Path) -> None:
    config = user(tmp_path)
    config.write_text(
        config.read_text(encoding="utf-8").replace("[ledger]", "[ledger]\nkeep_raw = true"), encoding="utf-8"
    )
    run = CliRunner().invoke(main, ["--config", str(config), "sync"])

    day = CliRunner().invoke(main, ["--config", str(config), "show", "harbour", "1234", "2024-03-01"])
    bill = CliRunner().invoke(
        main, ["--config", str(config), "show", "harbour_bills", "1234", "--invoice", "HB-7"]
    )

    assert (run.exit_code, day.exit_code, bill.exit_code) == (0, 0, 0)
    told = "These rows come from files, which are the answers themselves:"
    assert f"{told} delivery:delivery.csv" in " ".join(day.stdout.split())
    assert f"{told} invoices:bills.csv" in " ".join(bill.stdout.split())


def test_setting_keeps_what_a_platform_answers_but_for_the_token(tmp_path: Path) -> None:
    with serve(Harbour()) as platform:
        config = platform.configure(tmp_path, first_day="2026-10-01")
        config.write_text(
            config.read_text(encoding="utf-8") + "[ledger]\nkeep_raw = true\n", encoding="utf-8"
        )
        settings = adtally.Settings.load(config)
        with adtally.open_ledger(settings) as ledger:
            adtally.sync(
                settings, ledger, connectors=["north"], last_day=date(2026, 10, 2), clock=lambda: NOON
            )
            urls = ledger.conn.execute("SELECT url FROM answers").fetchall()
            files = b"".join(file.read_bytes() for file in tmp_path.glob("adtally.db*"))

    assert urls == [(f"{platform.url}/stats/1?from=2026-10-01&access_token=[removed]",)]
    assert GOOD.encode() not in files
