"""What only Meta has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator
from datetime import date

import pytest

from adtally import Balance, Interaction, Invoice, NotOffered, TransientError, Window, world
from adtally_connectors.meta_ads.sandbox import MetaAdsFake

from ..sandboxed import OCTOBER, SEPTEMBER, Served, connector_at, happened, served
from ..trials import played

BERLIN, TOKYO, TAIPEI, BAKERY, POP_UP, ALPINE = (f"300000020{number}" for number in (1, 3, 4, 5, 7, 9))


@pytest.fixture(scope="module")
def meta() -> Iterator[Served]:
    with served("meta_ads") as one:
        yield one


def test_windows_lie_beside_each_other_and_the_default_holds_clicks_and_views(meta: Served) -> None:
    installs: dict[tuple[str, bool], int] = {}

    for record in meta.told(Interaction, "conversions", TAIPEI, OCTOBER):
        if record.kind == "install" and record.action == "mobile_app_install":
            key = record.attribution, record.view_through
            installs[key] = installs.get(key, 0) + record.quantity_micros // 1_000_000

    rows = [row for _, row in happened(TAIPEI, OCTOBER)]
    every, seen = sum(row.installs for row in rows), sum(row.view_through for row in rows)
    clicked = dict.fromkeys([(f"{days}d_click", False) for days in (1, 7, 28)], every - seen)
    assert installs == {("default", False): every, ("1d_view", True): seen} | clicked


def test_each_invoice_comes_back_with_lines_that_add_up(meta: Served) -> None:
    found: dict[str, int] = {}

    for account_id in (BERLIN, TOKYO, TAIPEI, POP_UP, ALPINE):
        for window in (SEPTEMBER, OCTOBER):
            for invoice in meta.told(Invoice, "invoices", account_id, window):
                assert sum(line.amount_micros for line in invoice.lines) == invoice.total_micros
                found[invoice.invoice_id] = invoice.total_micros

    assert found == {
        bill.invoice_id: bill.total_micros for bill in played().bills if bill.connector == "meta"
    }


def test_a_card_is_charged_and_its_balance_is_in_whole_cents(meta: Served) -> None:
    charged = {
        record.issue_day: record.total_micros for record in meta.told(Invoice, "charges", BAKERY, OCTOBER)
    }
    today = Window(played().today, played().today)
    balances = {record.kind: record.amount_micros for record in meta.told(Balance, "balances", BAKERY, today)}

    assert charged == {
        charge.day: charge.amount_micros
        for charge in played().charges
        if charge.account_id == BAKERY and charge.day in OCTOBER
    }
    assert balances["amount_due"] == 0
    assert date(2026, 10, 1) in charged


@pytest.mark.parametrize(
    "report", ["campaigns", "campaign_daily", "account_daily", "ad_daily", "conversions"]
)
def test_rows_that_the_platform_leaves_out_are_missed(meta: Served, report: str) -> None:
    with world.serve(played(), fakes={"meta_ads": MetaAdsFake}, faults="missing-page") as sandbox:
        struck, careless = (
            Served(connector_at(sandbox, "meta_ads", compare_totals=compares), meta.accounts)
            for compares in (True, False)
        )

        with pytest.raises(
            TransientError, match=r"^rows are missing: [\d,]+ of [\d,]+( impressions)? came; sync again$"
        ):
            struck.fetch(report, BERLIN, SEPTEMBER)

        assert careless.fetch(report, BERLIN, SEPTEMBER)


def test_an_account_that_pays_by_card_has_no_invoices(meta: Served) -> None:
    with pytest.raises(NotOffered):
        meta.fetch("invoices", BAKERY, OCTOBER)
