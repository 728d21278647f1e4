"""What the report adds up, before any of it is laid out."""

from datetime import date

from adtally.reporting import buckets, campaigns, checked, claims, completeness, confirmed, months

from .builders import (
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    TODAY,
    UNIT,
    bill,
    campaign,
    days,
    feed,
    finding,
    month,
    outcome,
    result,
    sessions,
    status,
    support,
    trouble,
)


def test_newest_month_that_has_ended_is_shown() -> None:
    september, october, november = month(SEPTEMBER), month(OCTOBER), month(NOVEMBER)

    assert months.shown_month(result(september, october, november), TODAY) is october
    assert months.shown_month(result(november), TODAY) is november
    assert months.shown_month(result(), TODAY) is None


def test_claims_are_open_owned_contract_findings_largest_first_within_a_currency() -> None:
    found = month(
        findings=(
            finding("F-usd", currency="USD", at_risk=9 * UNIT),
            finding("F-small", at_risk=1 * UNIT),
            finding("F-large", at_risk=5 * UNIT, state="acknowledged"),
            finding("F-owned-elsewhere", at_risk=0),
            finding("F-closed", state="closed"),
            finding("F-ask", asks="ask"),
            finding("F-waste", asks="waste"),
        )
    )

    listed = claims.claims(found)

    assert [row.finding_id for row in listed] == ["F-large", "F-small", "F-usd"]
    assert claims.at_risk(listed) == {"EUR": 6 * UNIT, "USD": 9 * UNIT}
    assert [row.finding_id for row in claims.asked(found, "ask")] == ["F-ask"]


def test_counterfactuals_have_a_table_and_are_no_list_of_findings() -> None:
    whatif = finding("F-whatif", asks="info", check_id="pricing-model-counterfactual")
    found = month(findings=(whatif, finding("F-info", asks="info")))

    assert [row.finding_id for row in claims.asked(found, "info")] == ["F-info"]


def test_model_that_changed_within_the_month_is_mixed() -> None:
    assert campaigns.model_in_force(campaign(model="cpc")) == "cpc"
    assert campaigns.model_in_force(campaign(model=None)) == ""
    assert campaigns.model_in_force(campaign(model="cpc", then="cpm")) == "mixed"


def test_claims_of_a_platform_and_currency_split_by_severity_and_keep_zero_cells() -> None:
    found = month(
        findings=(
            finding("F-1", severity="critical", at_risk=30 * UNIT),
            finding("F-2", severity="medium", at_risk=10 * UNIT),
        ),
        support=(support(word=1_000), support("meta_ads", "USD", word=500)),
    )

    table = claims.by_platform(found, claims.claims(found))

    cells = [
        (row.platform, row.count, [(c.currency, c.micros, c.segments) for c in row.cells]) for row in table
    ]
    google = [("EUR", 40 * UNIT, (("critical", 30 * UNIT), ("medium", 10 * UNIT))), ("USD", 0, ())]
    assert cells == [
        ("google_ads", 2, google),
        ("meta_ads", 0, [("EUR", 0, ()), ("USD", 0, ())]),
    ]


def test_claims_beyond_the_limit_are_summed_and_each_currency_keeps_its_largest() -> None:
    found = [
        *(finding(f"F-e{n}", at_risk=(9 - n) * UNIT) for n in range(4)),
        finding("F-j", currency="JPY", at_risk=1 * UNIT),
    ]

    kept, rest = claims.listed(found, 3)

    assert [row.finding_id for row in kept] == ["F-e0", "F-e1", "F-j"]
    assert [(one.platform, one.currency, one.count, one.micros) for one in rest] == [
        ("google_ads", "EUR", 2, 13 * UNIT)
    ]


def test_work_is_ordered_by_the_share_of_what_each_currency_was_billed() -> None:
    found = (finding("F-eur", at_risk=50 * UNIT), finding("F-jpy", currency="JPY", at_risk=900 * UNIT))
    october = month(findings=found, support=(support(word=100), support(currency="JPY", word=90_000)))

    assert [row.finding_id for row in claims.largest_first(october, found)] == ["F-eur", "F-jpy"]


def test_buckets_sum_to_the_bill_and_only_own_counts_are_own() -> None:
    rows = (
        support(
            backed={"E1": 5, "E2": 20, "E3": 10}, unbacked=7, word=8, per_view=40, per_view_interactions=10
        ),
        support("meta_ads", per_view=60, unknown=3),
        support(currency="USD", word=1_000),
    )

    one = buckets.buckets(rows, "EUR")

    assert list(one.by_class) == ["E3", "E2", "E1"]
    assert (one.own, one.their_count, one.unbacked, one.per_view, one.unknown) == (
        30 * UNIT,
        13 * UNIT,
        7 * UNIT,
        100 * UNIT,
        3 * UNIT,
    )
    assert one.billed == sum(row.billed_micros for row in rows if row.currency == "EUR")
    assert sum(micros for _, micros in buckets.segments(one)) == one.billed


def test_cost_of_an_interaction_that_came_with_views_leaves_out_who_does_not_count() -> None:
    rows = (support(per_view=40, per_view_interactions=10), support("meta_ads", per_view=60))

    table = {line.label: line.texts for line in buckets.lines([buckets.buckets(rows, "EUR")], known=True)}

    assert table["Per view (cpm, vcpm, flat)"] == ["100.00"]
    assert table["interactions that came with it"] == ["10"]
    assert table["cost of each"] == ["4.00"]


def test_without_evidence_nothing_is_called_backed_or_not_backed() -> None:
    table = list(buckets.lines([buckets.buckets((support(word=12),), "EUR")], known=False))

    assert [(line.label, line.texts) for line in table] == [
        ("Per action, backed by evidence", ["not known"]),
        ("Per action, platform's own count alone", ["12.00"]),
        ("Per view (cpm, vcpm, flat)", ["0.00"]),
    ]


def test_confirmed_visit_has_the_same_campaigns_in_both_prices() -> None:
    october = month(
        campaigns=(
            campaign("1", cost=100, clicks=200, evidence=(sessions(150), sessions(120, "E1"))),
            campaign("2", cost=50, clicks=100, evidence=(sessions(60), sessions(80))),
            campaign("3", cost=9_999, clicks=1),
        )
    )

    rows = confirmed.confirmed(october)

    assert confirmed.without_single_sums(rows) == rows[:1]
    told = [(row.platform, row.kind, row.billed_micros, row.own_units, row.platform_units) for row in rows]
    assert told == [
        ("google_ads", "visit", 150 * UNIT, 230, 300),
        ("", "visit", 150 * UNIT, 230, 300),
    ]
    assert confirmed.headline(october)["EUR"].own_units == 230


def test_headline_is_visits_and_clicks_only_where_nobody_counts_visits() -> None:
    october = month(
        campaigns=(
            campaign("1", evidence=(sessions(10), sessions(9, kind="click"))),
            campaign("2", currency="JPY", evidence=(sessions(7, kind="click"), sessions(99, kind="lead"))),
        )
    )

    rows = confirmed.headline(october)

    assert [(row.currency, row.kind, row.own_units) for row in rows.values()] == [
        ("EUR", "visit", 10),
        ("JPY", "click", 7),
    ]
    assert confirmed.kind_of(rows.values()) == "click"


def test_platform_that_does_not_count_leaves_its_side_open() -> None:
    october = month(campaigns=(campaign(clicks=None, evidence=(sessions(10),)),))

    assert confirmed.headline(october)["EUR"].platform_units is None


def test_platform_price_is_of_campaigns_that_have_both_numbers() -> None:
    october = month(
        campaigns=(
            campaign("1", cost=100, interactions=50),
            campaign("2", cost=7, interactions=None, clicks=10),
            campaign("3", cost=9, interactions=None, clicks=None),
            campaign("4", currency="JPY", cost=7, interactions=0),
        )
    )

    assert confirmed.platform_prices(october) == {"EUR": (107 * UNIT, 60)}


def test_cheapest_model_is_found_with_the_bill_under_the_model_in_force() -> None:
    figures: dict[str, int | str] = {"cpm": 90 * UNIT, "cpc": 70 * UNIT, "break_even_ctr_ppm": 12_500}
    october = month(
        campaigns=(campaign(cost=80),),
        outcomes=(
            outcome(
                "clear",
                check_id="pricing-model-counterfactual",
                subject="google/123/77",
                figures=figures,
            ),
        ),
    )

    (row,) = campaigns.prices(october)

    assert row.by_model == {"cpm": 90 * UNIT, "cpc": 80 * UNIT}
    assert (row.model, row.cheapest, row.break_even_ppm) == ("cpc", "cpc", 12_500)
    assert campaigns.columns([row]) == ["cpm", "cpc"]


def test_campaigns_beyond_the_table_are_counted_and_summed() -> None:
    many = tuple(campaign(str(n), name=f"c{n:02d}", cost=100 - n) for n in range(22))

    (table,) = campaigns.campaign_lines(month(campaigns=many))

    assert [row.name for row in table.rows] == [f"c{n:02d}" for n in range(20)]
    assert (table.others, table.others_micros) == (2, (80 + 79) * UNIT)


def test_account_is_complete_only_if_each_of_its_reports_is() -> None:
    state = completeness.completeness(
        status(
            feed("1", name="whole"),
            feed("2", name="gap", states=days(d11="missing", d12="missing")),
            feed("3", name="two reports"),
            feed("3", name="two reports", report="evidence_daily", states=days(d31="partial")),
            feed("4", name="new", newest=None, states={}),
            feed("5", name="bills only", report="invoices", states={}),
            feed("6", name="failed"),
            troubles=(
                trouble("6", connector="google"),
                trouble("1", connector="google", first_day=TODAY, last_day=TODAY),
            ),
        ),
        OCTOBER,
    )

    assert (state.accounts, state.complete, state.newest) == (6, 2, None)
    assert [row.feed.account_name for row in state.gaps] == ["new", "gap", "two reports"]
    assert [row.feed.account_name for row in state.others] == ["failed", "two reports", "whole"]
    missing = {day.day: count for day, count in state.missing_by_day if count > 1}
    assert missing == {11: 2, 12: 2, 31: 2}
    assert [row.account_id for row in state.troubles] == ["6"]


def test_report_that_a_platform_does_not_offer_is_no_gap_and_nothing_to_repair() -> None:
    state = completeness.completeness(
        status(troubles=(trouble("123", connector="google", is_offered=False),)), OCTOBER
    )

    assert (state.complete, state.troubles) == (1, ())
    assert [row.account_id for row in state.not_offered] == ["123"]


def test_newest_day_everywhere_is_the_oldest_of_the_newest() -> None:
    state = completeness.completeness(status(feed("1"), feed("2", newest=date(2026, 11, 20))), OCTOBER)

    assert state.newest == date(2026, 11, 20)


def test_troubles_that_differ_only_in_their_days_are_told_once() -> None:
    parts = [trouble(first_day=date(2026, 10, n), last_day=date(2026, 10, n + 1)) for n in (25, 21, 23)]

    (one,) = completeness.merged([*parts])

    assert (one.first_day, one.last_day) == (date(2026, 10, 21), date(2026, 10, 26))


def test_data_is_old_after_two_days() -> None:
    assert completeness.stale_days(status(as_of="2026-11-22T06:12:00Z")) == 0
    assert completeness.stale_days(status(as_of="2026-11-20T06:12:00Z")) == 3


def test_what_pending_results_have_at_risk_stays_apart() -> None:
    october = month(
        campaigns=(campaign(pending_until={"cost": date(2026, 11, 5), "conversions": date(2026, 11, 30)}),),
        outcomes=(
            outcome("pending", at_risk=600 * UNIT),
            outcome("pending", at_risk=40 * UNIT),
            outcome("not_checkable", explanation="no CRM", next_step="Connect one."),
            outcome("not_checkable", explanation="no CRM", next_step="Connect one."),
        ),
    )

    assert checked.may_become_claims(october) == {"EUR": 640 * UNIT}
    assert checked.settled_day(october) == date(2026, 11, 30)
    assert [
        (row.explanation, row.next_step, row.count)
        for row in checked.reasons(october.outcomes, "not_checkable")
    ] == [("no CRM", "Connect one.", 2)]
    assert list(checked.verdict_counts(october).values()) == [0, 0, 0, 0, 0, 2, 2]


def test_platform_without_any_bill_is_named() -> None:
    october = month(support=(support(word=1), support("meta_ads", word=1)), documents=(bill(),))

    assert months.platforms_without_bills(october) == ["meta_ads"]
