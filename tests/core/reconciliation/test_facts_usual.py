"""What is usual beside a campaign, and what its results are by the platform's own attribution."""

from collections.abc import Iterable
from datetime import date, timedelta

from adtally.ledger import Ledger
from adtally.reconciliation.facts import Baseline, Results
from adtally.records import Account, Campaign, Delivery, Interaction

from .told import NOW, OCTOBER, USD, Told, campaign, facts, later, ran, sync

CLICK_ONLY = [{"click_only": True, "model": "cpa", "rate": "10"}]
LAST = OCTOBER.last_day


def settings(**channels: str) -> list[Campaign]:
    return [Campaign(campaign_id=name.strip("c"), channel=channel) for name, channel in channels.items()]


def usual(impressions: int, interactions: int, channel: str) -> Baseline:
    source = f"90 days to 2026-10-31, other campaigns of account 1, channel {channel}"
    return Baseline(impressions=impressions, interactions=interactions, source=source)


def test_usual_rate_is_of_the_other_campaigns_of_the_channel_over_ninety_days(ledger: Ledger) -> None:
    rows = [
        *ran(LAST, campaign_id="7", impressions=9_999),
        *ran(LAST, LAST - timedelta(days=89), campaign_id="8", impressions=1_000, clicks=20),
        *ran(LAST - timedelta(days=90), LAST + timedelta(days=1), campaign_id="8", impressions=5_000),
        *ran(LAST, campaign_id="9", impressions=400, clicks=7, interactions=3),
        *ran(LAST, campaign_id="6", impressions=70_000),
    ]
    search = settings(c7="SEARCH", c8="SEARCH", c9="SEARCH", c6="VIDEO")
    sync(ledger, google=Told(delivery=rows, campaigns=search))

    found = facts(ledger)

    assert campaign(found, "7").channel == "SEARCH"
    assert {one.campaign_id: one.baseline for one in found.campaigns} == {
        "7": usual(2_400, 43, "SEARCH"),
        "8": usual(10_399, 13, "SEARCH"),
        "9": usual(11_999, 50, "SEARCH"),
        "6": None,
    }


def test_rows_without_both_counts_say_nothing_about_the_rate(ledger: Ledger) -> None:
    rows = [
        *ran(1, campaign_id="7"),
        *ran(2, campaign_id="8", impressions=1_000, clicks=20),
        *ran(3, campaign_id="8", impressions=None, clicks=500),
        *ran(4, campaign_id="8", impressions=8_000, clicks=None),
    ]
    sync(ledger, google=Told(delivery=rows))

    assert campaign(facts(ledger)).baseline == usual(1_000, 20, "unknown")


def test_channel_that_nobody_interacts_with_and_another_account_are_no_measure(ledger: Ledger) -> None:
    rows = [
        *ran(1, campaign_id="7"),
        *ran(1, campaign_id="8", impressions=5_000, clicks=0),
        *ran(1, campaign_id="9", impressions=5_000, clicks=100),
    ]
    two = [USD, Account(id="2", currency="USD", timezone="UTC")]
    sync(ledger, google=Told(delivery=rows, accounts=two, of={"9": "2"}))

    assert [campaign(facts(ledger), name).baseline for name in ("7", "9")] == [None, None]


def test_usual_rate_is_what_was_believed_then(ledger: Ledger) -> None:
    before = [*ran(1, campaign_id="7"), *ran(1, campaign_id="8", impressions=1_000, clicks=9)]
    after = [*ran(1, campaign_id="7"), *ran(1, campaign_id="8", impressions=1_000, clicks=4)]
    sync(ledger, google=Told(delivery=before))
    sync(ledger, later(48), google=Told(delivery=after))

    assert campaign(facts(ledger, as_of=NOW.date())).baseline == usual(1_000, 9, "unknown")
    assert campaign(facts(ledger)).baseline == usual(1_000, 4, "unknown")


def did(
    quantity: int,
    action: str = "purchase",
    attribution: str = "default",
    *,
    seen: bool = False,
    total: bool = False,
    day: date = LAST,
    campaign_id: str = "7",
) -> Interaction:
    return Interaction(
        day=day,
        campaign_id=campaign_id,
        action=action,
        attribution=attribution,
        kind="conversion",
        quantity_micros=quantity * 1_000_000,
        view_through=seen,
        in_total=total,
    )


def results(
    ledger: Ledger, *rows: Interaction, delivery: Iterable[Delivery] = (), agreed: bool = False
) -> Results | None:
    sync(ledger, google=Told(delivery=[*ran(1), *delivery], interactions=rows))
    return campaign(facts(ledger, CLICK_ONLY if agreed else ())).results


def of(all_: int, seen: int, attribution: str = "default", *, click_only: bool = False) -> Results:
    return Results(
        all_micros=all_ * 1_000_000,
        view_through_micros=seen * 1_000_000,
        attribution=attribution,
        click_only=click_only,
    )


def test_view_through_results_of_the_same_attribution_are_a_part_of_all(ledger: Ledger) -> None:
    rows = (did(15, total=True), did(35, "purchase_view", seen=True), did(4, "scroll"))

    assert results(ledger, *rows, agreed=True) == of(50, 35, click_only=True)


def test_window_of_views_on_an_action_of_the_total_is_a_part_of_it(ledger: Ledger) -> None:
    rows = (
        did(50, total=True),
        did(15, attribution="7d_click"),
        did(35, attribution="1d_view", seen=True),
        did(60, "landing_page_view"),
        did(40, "landing_page_view", "1d_view", seen=True),
    )

    assert results(ledger, *rows) == of(50, 35, "default, of it 1d_view")


def test_of_two_windows_of_views_the_wider_one_counts_once(ledger: Ledger) -> None:
    rows = (
        did(50, total=True),
        did(10, attribution="1d_view", seen=True),
        did(12, attribution="7d_view", seen=True),
    )

    assert results(ledger, *rows) == of(50, 12, "default, of it 7d_view")


def test_views_that_the_total_cannot_hold_are_no_part_of_it(ledger: Ledger) -> None:
    rows = (did(5, total=True), did(9, attribution="1d_view", seen=True))

    assert results(ledger, *rows) == of(5, 0)


def test_view_through_results_that_stand_apart_are_not_billed_with_the_total(ledger: Ledger) -> None:
    rows = (did(15, total=True), did(35, "view_through", "view_through", seen=True))

    assert results(ledger, *rows) == of(15, 0)


def test_further_attributions_beside_the_default_are_never_added(ledger: Ledger) -> None:
    rows = (did(15, total=True), did(20, attribution="28d_click", total=True), did(3, attribution="beyond"))

    assert results(ledger, *rows) == of(15, 0)


def test_totals_in_several_attributions_without_a_default_are_not_known(ledger: Ledger) -> None:
    assert results(ledger, did(1, attribution="a", total=True), did(2, attribution="b", total=True)) is None


def test_actions_of_which_none_is_marked_as_the_total_are_not_known(ledger: Ledger) -> None:
    assert results(ledger, did(15), did(2, seen=True, action="seen")) is None


def test_complete_month_without_any_action_has_no_results(ledger: Ledger) -> None:
    assert results(ledger) == of(0, 0, "")


def test_campaign_without_actions_beside_one_with_some_has_none(ledger: Ledger) -> None:
    assert results(ledger, did(15, campaign_id="8", total=True)) == of(0, 0)


def test_results_of_other_months_do_not_count(ledger: Ledger) -> None:
    rows = (did(15, total=True), did(3, total=True, day=date(2026, 9, 30)))

    assert results(ledger, *rows) == of(15, 0)


def test_results_are_not_known_without_a_report_of_actions(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(1)))

    assert campaign(facts(ledger)).results is None


def test_results_are_not_known_before_the_month_is_over(ledger: Ledger) -> None:
    rows = [did(15, total=True, day=date(2026, 11, 2))]
    sync(ledger, google=Told(delivery=ran(date(2026, 11, 1)), interactions=rows))

    assert campaign(facts(ledger, month="2026-11")).results is None


def test_actions_may_come_by_another_connector_of_the_platform(ledger: Ledger) -> None:
    sync(
        ledger,
        google=Told(delivery=ran(1)),
        exports=Told(delivery=None, interactions=[did(15, total=True)]),
    )

    assert campaign(facts(ledger)).results == of(15, 0)


def test_restated_actions_are_as_they_were_believed(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(1), interactions=[did(15, total=True)]))
    sync(ledger, later(48), google=Told(delivery=ran(1), interactions=[did(13, total=True)]))

    assert campaign(facts(ledger, as_of=NOW.date())).results == of(15, 0)
    assert campaign(facts(ledger)).results == of(13, 0)


def test_contract_that_pays_for_clicks_only_in_a_part_of_the_month_does_not_claim_the_month(
    ledger: Ledger,
) -> None:
    sync(ledger, google=Told(delivery=ran(1), interactions=[did(15, total=True)]))
    before = {"last_day": "2026-10-14"}
    after = {"first_day": "2026-10-15", "click_only": True}

    assert campaign(facts(ledger, [before, after])).results == of(15, 0)
    assert campaign(facts(ledger, [before | {"click_only": True}, after])).results == of(
        15, 0, click_only=True
    )
