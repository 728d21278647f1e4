"""The worked cases of days, accounts and people again, from rows in a real ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from adtally.ledger import Ledger
from adtally.money import to_micros
from adtally.reconciliation.judge import judge
from adtally.records import Balance, Delivery, Evidence, Interaction

from .cases import CASES_OF_FACTS
from .told import NOW, Told, at, bill, facts, line, sync

MIDDLE = date(2026, 10, 15)
CPC = {"model": "cpc", "rate": "0.40"}


@dataclass(frozen=True)
class Written:
    """A ledger in which the case comes true, for the campaigns and documents that its facts name."""

    told: Told
    month: str = "2026-10"
    agreements: Sequence[Mapping[str, object]] = ()
    syncs: Sequence[datetime] = (NOW,)
    evidence: Sequence[Evidence] = ()


def row(campaign_id: str = "7", cost: str = "50.00", day: date = MIDDLE, **counts: int) -> Delivery:
    return Delivery(day=day, campaign_id=campaign_id, cost_micros=to_micros(cost), **counts)  # type: ignore[arg-type]


def shown(impressions: int, interactions: int) -> Written:
    """Beside others of the channel with 1,000 interactions on a million impressions."""
    rows = [
        row(impressions=impressions, clicks=interactions),
        row("8", day=date(2026, 9, 1), impressions=1_000_000, clicks=1_000),
    ]
    return Written(Told(delivery=rows), agreements=[{"model": "cpm", "rate": "5"}])


def spent() -> Told:
    """120 in January with a bill, 80 in February and 0 in March without one."""
    january = bill("JAN", issue_day=date(2026, 2, 3), first_day=date(2026, 1, 1), last_day=date(2026, 1, 31))
    rows = [row(cost="120.00", day=date(2026, 1, 9)), row(cost="80.00", day=date(2026, 2, 9))]
    return Told(delivery=rows, invoices=[january])


def charged(*amounts: str, balance: str) -> Written:
    bills = [
        bill(
            f"CH-{n}",
            kind="charge",
            issue_day=date(2026, 10, n),
            first_day=None,
            last_day=None,
            total_micros=to_micros(amount),
        )
        for n, amount in enumerate(amounts, 1)
    ]
    balances = [
        Balance(at=when, kind="amount_due", amount_micros=to_micros(amount))
        for when, amount in ((at(1), "0"), (at(1, month=11), balance))
    ]
    return Written(Told(delivery=[row(cost="1240.00")], invoices=bills, balances=balances))


def june() -> Written:
    days = [date(2026, 6, day) for day in range(1, 31) if day not in (11, 12)]
    beside = {date(2026, 6, 10): 900, date(2026, 6, 13): 1_100}
    rows = [row(cost="1.00", day=day, impressions=beside.get(day, 1_000), clicks=4) for day in days]
    return Written(
        Told(delivery=rows), "2026-06", [{"model": "cpc", "rate": "0.50"}], [at(2, month=7), at(3, month=7)]
    )


def seen() -> Written:
    rows = [
        Interaction(
            day=MIDDLE,
            campaign_id="7",
            action="purchase",
            attribution=attribution,
            kind="purchase",
            quantity_micros=quantity * 1_000_000,
            view_through=attribution == "1d_view",
            in_total=attribution == "default",
        )
        for attribution, quantity in (("default", 50), ("1d_view", 35))
    ]
    told = Told(delivery=[row(cost="500.00", conversions_micros=50_000_000)], interactions=rows)
    return Written(told, agreements=[{"model": "cpa", "rate": "10.00", "click_only": True}])


def clicked(*campaigns: tuple[str, int, int, str]) -> Written:
    rows = [row(name, cost, clicks=clicks) for name, clicks, _, cost in campaigns]
    sessions = [
        Evidence(
            source_id="ga4",
            record_id=name,
            kind="session",
            day=MIDDLE,
            key_kind="campaign_id",
            key_value=name,
            quantity_micros=count * 1_000_000,
        )
        for name, _, count, _ in campaigns
    ]
    return Written(Told(delivery=rows), agreements=[CPC], evidence=sessions)


def crossed() -> Written:
    rows = [row("A", "450.00"), row("B", "350.00")]
    lines = [
        line(to_micros(amount), name, campaign_id=name) for name, amount in (("A", "500.00"), ("B", "300.00"))
    ]
    return Written(Told(delivery=rows, invoices=[bill("INV-1", *lines)]))


def quantities() -> Written:
    of_7 = line(to_micros("4160.00"), campaign_id="7", quantity=10_400, unit="clicks")
    return Written(Told(delivery=[row(cost="4160.00", clicks=10_350)], invoices=[bill("A", of_7)]))


def after_the_end() -> Written:
    rows = [row(cost="4.10", day=date(2026, 4, 1)), row(cost="0", day=date(2026, 4, 2))]
    flight = {"flight": {"first_day": "2026-03-01", "last_day": "2026-03-31"}}
    return Written(Told(delivery=rows), "2026-04", [flight])


WRITTEN: dict[str, Written] = {
    "C08": shown(10_000, 0),
    "C09": shown(2_000, 0),
    "C10": shown(50_000, 30),
    "C10 at half": shown(50_000, 30),
    "C11": shown(50_000, 38),
    "C12 too few": shown(4_602, 0),
    "C12 enough": shown(4_603, 0),
    "C15": after_the_end(),
    "C22 January": Written(spent(), "2026-01"),
    "C22 February": Written(spent(), "2026-02"),
    "C22 March": Written(spent(), "2026-03"),
    "C23 a": charged("500.00", "500.00", balance="240.00"),
    "C23 b": charged("500.00", "500.00", "250.00", balance="0"),
    "C37": june(),
    "C37 sums": june(),
    "C43": seen(),
    "C45": clicked(("7", 2_500, 2_310, "1000.00")),
    "C50": quantities(),
    "C51 A": crossed(),
    "C51 B": crossed(),
    "C55": clicked(("7", 100, 140, "40.00"), ("8", 100, 30, "40.00")),
}


def test_every_case_of_facts_that_one_campaign_can_show_is_written() -> None:
    assert CASES_OF_FACTS.keys() - WRITTEN.keys() == set()


@pytest.mark.parametrize("name", WRITTEN)
def test_worked_case_of_facts_comes_out_of_the_ledger_to_the_micro(name: str, ledger: Ledger) -> None:
    written, case = WRITTEN[name], CASES_OF_FACTS[name]
    shop = Told(platform="ga4", delivery=None, evidence=written.evidence)
    for now in written.syncs:
        sync(ledger, now, google=written.told, shop=shop)

    outcomes = judge(facts(ledger, written.agreements, month=written.month), case.rules)

    found = [one for one in outcomes if one.check_id == case.check and one.campaign_id in ("", "7", "A", "B")]
    [outcome] = [one for one in found if case.subject in ("", one.subject)]
    assert outcome.verdict == case.verdict
    assert {name: getattr(outcome, name) for name in case.expected} == case.expected
    assert {name: outcome.figures.get(name) for name in case.figures} == case.figures
