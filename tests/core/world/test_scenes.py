"""The accounts in which one thing is played on purpose."""

from datetime import date
from itertools import pairwise

import pytest

from adtally.calendar import month
from adtally.money import minor, rounded
from adtally.world import Account, Campaign, World
from adtally.world.filing import exchange_rates

BETWEEN = date(2026, 10, 15)
OLD_CHECKS = ("invoice-arithmetic", "invoice-total-vs-delivered", "effective-rate-above-cap")


@pytest.fixture(scope="module", params=[3, 7])
def built(request: pytest.FixtureRequest) -> World:
    return World.build(seed=request.param)


def scene(built: World, name: str, connector: str = "") -> list[Account]:
    return [one for one in built.accounts if one.scene == name and connector in ("", one.connector)]


def cost(built: World, campaign: Campaign, name: str) -> int:
    return sum(row.cost_micros for row in built.days[campaign.campaign_id] if row.day in month(name))


def test_chance_spares_the_accounts_of_scenes(built: World) -> None:
    ours = {account.account_id for account in built.accounts if account.scene}

    struck = [
        planted
        for planted in built.truth
        if planted.check_id in OLD_CHECKS and planted.kind != "innocent"
        and any(account_id in planted.subject for account_id in ours)
    ]  # fmt: skip

    assert struck == []


def test_withdrawn_clicks_were_told_when_their_month_was_billed(built: World) -> None:
    [account] = scene(built, "withdrawn")
    then = built.on(BETWEEN)

    fell = {
        campaign.campaign_id: sum(row.clicks for row in then.days[campaign.campaign_id] if row.day.month == 9)
        - sum(row.clicks for row in built.days[campaign.campaign_id] if row.day.month == 9)
        for campaign in account.campaigns
    }
    [bill] = [
        one
        for one in built.bills
        if one.account_id == account.account_id and one.service.first_day.month == 9
    ]

    assert fell == {one.campaign_id: one.clicks for one in built.withdrawn}
    assert sorted(fell.values())[1] == sorted(fell.values())[0] + 1
    assert bill.issue_day == BETWEEN in built.visits
    assert {"google", account.connector} <= set(built.between[BETWEEN])
    for campaign in account.campaigns:
        assert campaign.agreement
        clicks = sum(row.clicks for row in then.days[campaign.campaign_id] if row.day.month == 9)
        assert cost(built, campaign, "2026-09") == campaign.agreement.rate_micros * clicks


def test_a_daily_budget_fits_but_for_one_that_is_a_unit_too_small(built: World) -> None:
    over = dict[str, int]()
    for account in built.of_platform("google_ads"):
        for campaign in account.campaigns:
            if campaign.status != "enabled" or campaign.days.first_day > built.first_day:
                continue
            for name in ("2026-09", "2026-10"):
                still = campaign.still_on is not None and campaign.still_on in month(name)
                days = month(name).days - still
                limit = rounded(304 * campaign.budget_micros * days, 10 * month(name).days)
                rows = [row for row in built.days[campaign.campaign_id] if row.day in month(name)]
                spent = {row.day: 0 for row in rows}
                for row in rows:
                    spent[row.day] += row.cost_micros
                heavy = sum(max(0, day - 2 * campaign.budget_micros) for day in spent.values())
                by_day = 0 if campaign.goal == "pay_per_conversion" else heavy
                if excess := max(cost(built, campaign, name) - limit, by_day):
                    over[f"google/{account.account_id}/{campaign.campaign_id} {name}"] = excess

    assert over == {
        f"{one.subject} {one.month}": one.at_risk_micros
        for one in built.truth
        if one.check_id == "spend-over-budget" and one.kind == "fault" and "order" not in one.subject
    }


def test_a_paused_day_costs_a_hundred_minor_units_or_one_more(built: World) -> None:
    for account in scene(built, "alpine"):
        late = [
            sum(row.cost_micros for row in built.days[campaign.campaign_id] if row.day == campaign.still_on)
            for campaign in account.campaigns
            if campaign.still_on
        ]

        assert sorted(late) == [100 * minor(account.currency), 101 * minor(account.currency)]


def test_days_on_two_bills_are_shared_by_just_one(built: World) -> None:
    for account in scene(built, "overlap"):
        bills = sorted(
            (bill for bill in built.bills if bill.account_id == account.account_id),
            key=lambda bill: bill.service,
        )

        shared = [one.service.overlap(other.service) for one, other in pairwise(bills)]
        assert [window.days for window in shared if window] == [1]


def test_exchange_rates_are_those_of_working_days_and_of_the_seed() -> None:
    rates = exchange_rates(7)

    assert {day.weekday() for day in rates} == set(range(5))
    assert rates == exchange_rates(7) != exchange_rates(8)


def test_refunds_and_refusals_are_of_sales_that_are_there(built: World) -> None:
    ids = {(proof.connector, proof.record_id) for proof in built.evidence if proof.evidence_class != "E0"}
    listed = [proof for proof in built.evidence if proof.evidence_class == "E0"]

    assert {proof.connector for proof in listed} == {"harbor_list"}
    assert {("harbor_evidence", proof.record_id) for proof in listed} <= ids
    assert {proof.kind for proof in listed} == {"lead", "purchase"}
