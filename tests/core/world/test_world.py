import json
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from adtally import minor
from adtally.calendar import DAY, month
from adtally.world import Campaign, Planted, Row, World

SEEDS = [1, 7, 2026]
OF_CENTS = ("meta_ads", "tiktok_ads")
CHECKS = Counter(
    {
        "agency-fee": 1,
        "clicks-vs-sessions": 1,
        "controlling-measurement": 1,
        "credit-note-linkage": 1,
        "fx-conversion": 1,
        "installs-vs-mmp": 1,
        "invalid-traffic-credit-due": 1,
        "invoice-overlap": 1,
        "leads-vs-crm": 2,
        "order-claimed-by-several": 1,
        "purchases-vs-orders": 2,
        "refund-clawback": 2,
        "restated-after-billing": 1,
        "spend-over-budget": 2,
        "spend-while-paused": 2,
        "surcharge-plausibility": 1,
        "tax-plausibility": 1,
        "under-delivery-make-good": 1,
        "billed-quantity-vs-reported": 1,
        "billed-without-billable-events": 1,
        "delivery-gaps": 1,
        "effective-rate-above-cap": 10,
        "expected-charge-vs-billed": 2,
        "impressions-without-interaction": 1,
        "invoice-arithmetic": 1,
        "invoice-currency-mismatch": 1,
        "invoice-duplicate": 1,
        "invoice-line-arithmetic": 1,
        "invoice-line-vs-campaign-spend": 1,
        "invoice-missing": 1,
        "invoice-total-vs-delivered": 10,
        "spend-outside-flight": 1,
        "threshold-charges-vs-spend": 1,
        "view-through-share": 1,
    }
)
"""How often each is planted: beside the older platforms once on each of five."""


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


def test_each_check_has_as_many_decoys_as_faults(built: World) -> None:
    faults = Counter(planted.check_id for planted in built.truth if planted.kind == "fault")
    decoys = Counter(planted.check_id for planted in built.truth if planted.kind == "decoy")

    assert faults == decoys == CHECKS


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


def test_rows_of_meta_and_tiktok_cost_what_their_reports_can_show(built: World) -> None:
    broken = [
        (account.account_id, row)
        for account in built.accounts
        for campaign in account.campaigns
        for row in built.days[campaign.campaign_id]
        if row.cost_micros % account.row_micros
    ]

    assert broken == []
    assert {a.currency: a.row_micros for a in built.accounts if a.platform in OF_CENTS and a.campaigns} == {
        "EUR": 10_000,
        "USD": 10_000,
        "NZD": 10_000,
        "JPY": 1_000_000,
        "TWD": 1_000_000,
    }


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
    chain = [bill for bill in built.bills if bill.billed_to and (bill.corrects or bill.replaces)]
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
    ]  # the scene of credited clicks has the second one

    months = Counter((bill.connector, f"{bill.service.first_day:%Y-%m}") for bill in shared)
    assert months.keys() == {
        (connector, month) for connector in ("google", "meta") for month in ("2026-09", "2026-10")
    }
    assert earlier == [(True, True)] * 2


def test_clicks_counted_a_day_early_leave_a_day_with_cost_and_no_click(built: World) -> None:
    innocent = next(
        p for p in built.truth if p.check_id == "billed-without-billable-events" and p.kind == "innocent"
    )
    rows = [row for row in built.days[innocent.subject.split("/")[2]] if row.day in month(innocent.month)]

    assert [row.day.isoformat() in innocent.note for row in rows if row.cost_micros and not row.clicks] == [
        True
    ]


def test_evidence_never_exceeds_what_the_platform_counts(built: World) -> None:
    seen = Counter[tuple[str, str]]()
    for proof in built.evidence:
        if proof.kind not in ("refund", "invalid_click") and proof.evidence_class != "E0":
            seen[proof.campaign_id, proof.kind] += proof.quantity
    counted = {
        campaign.campaign_id: sum(
            (
                Counter(
                    click=row.clicks,
                    session=row.clicks,
                    impression=row.impressions,
                    install=row.installs,
                    lead=row.leads,
                    order=max(row.purchases, row.conversions_micros // 1_000_000),
                    payment=max(row.purchases, row.conversions_micros // 1_000_000),
                )
                for row in built.days[campaign.campaign_id]
            ),
            Counter[str](),
        )
        for account in built.accounts
        for campaign in account.campaigns
    }

    assert {proof.evidence_class for proof in built.evidence} == {"E0", "E2", "E3"}
    assert {key: count for key, count in seen.items() if count > counted[key[0]][key[1]]} == {}


def test_refunds_are_of_sales_that_were_paid(built: World) -> None:
    paid = {proof.record_id: proof for proof in built.evidence if proof.status == "paid"}
    refunds = [proof for proof in built.evidence if proof.kind == "refund"]

    assert refunds
    for refund in refunds:
        sale = paid[refund.refers_to]
        assert (refund.value_micros or 0) <= (sale.value_micros or 0)
        assert refund.day >= sale.day


def fault(built: World, check_id: str) -> Planted:
    return next(p for p in built.truth if p.check_id == check_id and p.kind == "fault")


def decoy(built: World, check_id: str) -> Planted:
    return next(p for p in built.truth if p.check_id == check_id and p.kind == "decoy")


def test_a_cent_too_much_and_a_cent_less_lie_on_the_day_after_the_flight(built: World) -> None:
    after = {
        planted.kind: [
            row.cost_micros // minor(planted.currency)
            for row in built.days[planted.subject.split("/")[2]]
            if row.day > date(2026, 10, 15) and row.cost_micros
        ]
        for planted in (fault(built, "spend-outside-flight"), decoy(built, "spend-outside-flight"))
    }

    assert after == {"fault": [101], "decoy": [100]}


def test_the_missing_day_has_neighbours_and_the_empty_one_is_there(built: World) -> None:
    gap, empty = fault(built, "delivery-gaps"), decoy(built, "delivery-gaps")
    missing = date.fromisoformat(gap.note[-10:])
    shown = Counter[date]()
    for row in built.days[gap.subject.split("/")[2]]:
        shown[row.day] += row.impressions
    still = [row for row in built.days[empty.subject.split("/")[2]] if f"{row.day} is there" in empty.note]

    assert (shown[missing - DAY] > 0, missing in shown, shown[missing + DAY] > 0) == (True, False, True)
    assert still == [Row(still[0].day)]


def test_an_unbilled_month_costs_a_hundred_minor_units_or_one_more(built: World) -> None:
    costs = {
        planted.kind: cost(built.days[account.campaigns[0].campaign_id], planted.month)
        // minor(planted.currency)
        for planted in built.truth
        if planted.check_id == "invoice-missing"
        for account in built.accounts
        if account.account_id == planted.subject.split("/")[1]
    }
    billed = {(bill.account_id, f"{bill.service.first_day:%Y-%m}") for bill in built.bills}

    assert costs == {"fault": 101, "decoy": 100}
    assert not billed & {
        (p.subject.split("/")[1], p.month) for p in built.truth if p.check_id == "invoice-missing"
    }


def test_money_moved_between_two_lines_leaves_the_total_right(built: World) -> None:
    for planted in (
        fault(built, "invoice-line-vs-campaign-spend"),
        decoy(built, "invoice-line-vs-campaign-spend"),
    ):
        campaign_id = planted.subject.split("/")[2]
        bill = next(
            bill
            for bill in built.bills
            if f"{bill.service.first_day:%Y-%m}" == planted.month
            and any(line.campaign_id == campaign_id for line in bill.lines)
        )
        off = {
            line.campaign_id: line.amount_micros - cost(built.days[line.campaign_id], planted.month)
            for line in bill.lines
            if line.campaign_id
        }

        assert off[campaign_id] == planted.diff_micros
        assert sum(off.values()) == 0


def test_a_line_bills_one_unit_more_than_may_be_or_just_as_many(built: World) -> None:
    beyond = {}
    for planted in (fault(built, "billed-quantity-vs-reported"), decoy(built, "billed-quantity-vs-reported")):
        campaign_id = planted.subject.split("/")[2]
        quantity, unit = next(
            (line.quantity or 0, line.unit)
            for bill in built.bills
            if f"{bill.service.first_day:%Y-%m}" == planted.month
            for line in bill.lines
            if line.campaign_id == campaign_id
        )
        reported = sum(
            getattr(row, unit) for row in built.days[campaign_id] if row.day in month(planted.month)
        )
        beyond[planted.kind] = quantity - reported - reported // 1_000

    assert beyond == {"fault": 1, "decoy": 0}


def test_charges_and_what_is_open_exceed_the_spend_by_what_was_planted(built: World) -> None:
    for planted in (
        fault(built, "threshold-charges-vs-spend"),
        decoy(built, "threshold-charges-vs-spend"),
    ):
        account = next(a for a in built.accounts if a.account_id == planted.subject.split("/")[1])
        charged = [c.amount_micros for c in built.charges if c.account_id == account.account_id]
        spent = [row.cost_micros for c in account.campaigns for row in built.days[c.campaign_id]]

        assert sum(charged) - sum(spent) == planted.diff_micros


def test_a_charge_straddles_the_end_of_a_month(built: World) -> None:
    assert {charge.day for charge in built.charges if charge.day.day == 1} == {
        date(2026, 10, 1),
        date(2026, 11, 1),
    }


def test_one_install_was_seen_and_not_clicked_and_none_of_the_other_campaign(built: World) -> None:
    seen = {
        planted.kind: sum(
            row.view_through
            for row in built.days[planted.subject.split("/")[2]]
            if row.day in month(planted.month)
        )
        for planted in built.truth
        if planted.check_id == "view-through-share"
    }

    assert seen == {"fault": 1, "decoy": 0}


def test_on_an_earlier_day_nothing_has_happened_that_came_later(built: World) -> None:
    day = date(2026, 9, 30)
    then = built.on(day)

    assert then.today == day
    assert max(row.day for rows in then.days.values() for row in rows) == day
    assert max(bill.issue_day for bill in then.bills) == day
    assert max(charge.day for charge in then.charges) < day
    assert max(proof.day for proof in then.evidence) == day
    assert built.on(built.today + DAY).days == built.days


def test_each_account_of_a_card_is_still_when_a_month_turns(built: World) -> None:
    ends = [day for day in built.visits if (day + DAY).day == 1]
    turns = {day + timedelta(days=n) for day in ends for n in (-1, 0, 1)}

    assert len(ends) == 2
    assert [
        row.day
        for account in built.accounts
        if account.payment == "card"
        for campaign in account.campaigns
        for row in built.days[campaign.campaign_id]
        if row.day in turns
    ] == []


def test_every_seed_finds_a_bill_for_every_plant() -> None:
    faults = {
        seed: Counter(p.check_id for p in World.build(seed=seed).truth if p.kind == "fault")
        for seed in range(8, 20)
    }

    assert {seed: found for seed, found in faults.items() if found != CHECKS} == {}


def test_the_truth_is_written_as_json(tmp_path: Path) -> None:
    built = World.build(seed=7)

    built.write_truth(tmp_path / "truth.json")

    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8")) == {
        "seed": 7,
        "today": "2026-11-10",
        "planted": [asdict(planted) for planted in built.truth],
    }
