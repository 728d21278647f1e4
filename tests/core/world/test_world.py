import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from adtally import minor
from adtally.calendar import month
from adtally.world import Campaign, Row, World

SEEDS = [1, 7, 2026]
CHECKS = {
    "invoice-duplicate",
    "invoice-currency-mismatch",
    "invoice-arithmetic",
    "invoice-line-arithmetic",
    "invoice-total-vs-delivered",
    "billed-without-billable-events",
    "effective-rate-above-cap",
    "expected-charge-vs-billed",
}


@pytest.fixture(scope="module", params=SEEDS)
def built(request: pytest.FixtureRequest) -> World:
    return World.build(seed=request.param)


def cost(rows: tuple[Row, ...], name: str) -> int:
    return sum(row.cost_micros for row in rows if row.day in month(name))


def campaign(built: World, subject: str) -> Campaign:
    _, account_id, campaign_id = subject.split("/")
    account = next(account for account in built.accounts if account.account_id == account_id)
    return next(campaign for campaign in account.campaigns if campaign.campaign_id == campaign_id)


def test_the_same_seed_gives_the_same_world() -> None:
    assert World.build(seed=3) == World.build(seed=3)


def test_another_seed_moves_the_faults() -> None:
    faults = [
        {
            (planted.subject, planted.month)
            for planted in World.build(seed=seed).truth
            if planted.kind == "fault"
        }
        for seed in range(1, 6)
    ]

    assert len(set.union(*faults)) > 2 * len(CHECKS)


def test_each_check_has_one_fault_and_one_decoy(built: World) -> None:
    faults = Counter(planted.check_id for planted in built.truth if planted.kind == "fault")
    decoys = Counter(planted.check_id for planted in built.truth if planted.kind == "decoy")

    assert faults == decoys == Counter(CHECKS)


def test_nothing_is_planted_twice(built: World) -> None:
    planted = Counter((one.check_id, one.subject, one.month) for one in built.truth)

    assert [key for key, times in planted.items() if times > 1] == []


def test_a_month_of_a_campaign_costs_whole_minor_units(built: World) -> None:
    broken = [
        (account.account_id, campaign.campaign_id, name)
        for account in built.accounts
        for campaign in account.campaigns
        for name in ("2026-09", "2026-10", "2026-11")
        if cost(built.days[campaign.campaign_id], name) % minor(account.currency)
    ]

    assert broken == []


def test_campaigns_with_ads_are_told_by_ad_and_the_others_as_a_whole(built: World) -> None:
    leaves = {
        campaign.campaign_id: {(row.ad_group_id, row.ad_id) for row in built.days[campaign.campaign_id]}
        for account in built.accounts
        for campaign in account.campaigns
    }
    expected = {
        campaign.campaign_id: {(group.ad_group_id, ad) for group in campaign.ad_groups for ad in group.ads}
        or {("", "")}
        for account in built.accounts
        for campaign in account.campaigns
    }

    assert leaves == expected


def test_a_stopped_campaign_has_cost_before_and_no_day_after(built: World) -> None:
    stopped = [
        campaign
        for account in built.accounts
        for campaign in account.campaigns
        if campaign.status in ("paused", "removed")
    ]
    last = {campaign.campaign_id: built.days[campaign.campaign_id][-1].day for campaign in stopped}

    assert {campaign.status for campaign in stopped} == {"paused", "removed"}
    assert last == {campaign.campaign_id: campaign.days.last_day for campaign in stopped}
    assert all(cost(built.days[campaign.campaign_id], "2026-09") > 0 for campaign in stopped)


def test_the_world_has_every_pricing_model_and_a_currency_without_decimals(built: World) -> None:
    models = {campaign.model for account in built.accounts for campaign in account.campaigns}

    assert models == {"cpm", "vcpm", "cpc", "cpv", "cpcv", "cpe", "cpl", "cpi", "cpa", "cps", "flat"}
    assert {minor(account.currency) for account in built.accounts} == {1_000, 10_000, 1_000_000}


def test_the_campaign_without_events_is_billed_one_minor_unit(built: World) -> None:
    fault = next(
        p for p in built.truth if p.check_id == "billed-without-billable-events" and p.kind == "fault"
    )
    rows = [row for row in built.days[fault.subject.split("/")[2]] if row.day in month(fault.month)]
    counted = {"cpc": "clicks", "cpl": "leads"}[campaign(built, fault.subject).model]

    assert sum(getattr(row, counted) for row in rows) == 0
    assert sum(row.cost_micros for row in rows) == fault.at_risk_micros == minor(fault.currency)
    assert sum(row.impressions for row in rows) > 0


def test_a_decoy_is_within_a_minor_unit_of_what_its_tolerance_allows(built: World) -> None:
    for planted in built.truth:
        if planted.check_id not in ("effective-rate-above-cap", "expected-charge-vs-billed"):
            continue
        assert planted.diff_micros is not None
        billed = cost(built.days[planted.subject.split("/")[2]], planted.month)
        expected, unit = billed - planted.diff_micros, minor(planted.currency)
        room = max(100 * unit, expected * 5_000 // 1_000_000) - planted.diff_micros
        assert (0 <= room < unit) if planted.kind == "decoy" else (-unit <= room < 0), planted


def test_the_rebill_chain_nets_to_what_was_delivered(built: World) -> None:
    chain = [bill for bill in built.bills if bill.corrects or bill.replaces]
    first = next(bill for bill in built.bills if bill.invoice_id == chain[0].corrects)
    account = next(account for account in built.accounts if account.account_id == first.account_id)
    delivered = sum(
        cost(built.days[campaign.campaign_id], f"{first.service.first_day:%Y-%m}")
        for campaign in account.campaigns
    )

    assert [bill.kind for bill in chain] == ["credit_memo", "invoice"]
    assert chain[1].replaces == chain[0].corrects == first.invoice_id
    assert first.total_micros + sum(bill.total_micros for bill in chain) == delivered


def test_one_bill_is_for_two_accounts_and_one_credits_an_earlier_month(built: World) -> None:
    shared = [bill for bill in built.bills if len({line.account_id for line in bill.lines}) > 1]
    earlier = [
        (line.amount_micros < 0, line.last_day < bill.service.first_day)
        for bill in built.bills
        for line in bill.lines
        if line.kind == "invalid_traffic"
    ]

    assert [f"{bill.service.first_day:%Y-%m}" for bill in shared] == ["2026-09", "2026-10"]
    assert earlier == [(True, True)]


def test_clicks_counted_a_day_early_leave_a_day_with_cost_and_no_click(built: World) -> None:
    innocent = next(
        p for p in built.truth if p.check_id == "billed-without-billable-events" and p.kind == "innocent"
    )
    rows = [row for row in built.days[innocent.subject.split("/")[2]] if row.day in month(innocent.month)]

    assert [row.day.isoformat() in innocent.note for row in rows if row.cost_micros and not row.clicks] == [
        True
    ]


def test_evidence_never_exceeds_what_the_platform_counts(built: World) -> None:
    seen = Counter[str]()
    for proof in built.evidence:
        seen[proof.campaign_id] += proof.quantity
    counted = {
        campaign.campaign_id: sum(
            {
                "cpc": row.clicks,
                "cpi": row.installs,
                "cpl": row.leads,
                "cps": row.purchases,
                "cpa": row.conversions_micros // 1_000_000,
            }[campaign.model]
            for row in built.days[campaign.campaign_id]
        )
        for account in built.accounts
        for campaign in account.campaigns
        if campaign.campaign_id in seen
    }

    assert {proof.evidence_class for proof in built.evidence} == {"E2", "E3"}
    assert {number: counted[number] for number, quantity in seen.items() if quantity > counted[number]} == {}


def test_the_truth_is_written_as_json(tmp_path: Path) -> None:
    built = World.build(seed=7)

    built.write_truth(tmp_path / "truth.json")

    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8")) == {
        "seed": 7,
        "today": "2026-11-10",
        "planted": [asdict(planted) for planted in built.truth],
    }
