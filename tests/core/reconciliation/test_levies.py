"""Taxes and regulatory fees against dated rates, and the tables that these come from."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.commands import rules_of
from adtally.errors import ConfigError
from adtally.money import MICROS, rounded, to_micros
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import Document
from adtally.reconciliation.judge import judge
from adtally.reconciliation.rate_tables import (
    TaxRate,
    ceilings,
    in_force,
    read_surcharges,
    read_taxes,
    surcharges_on,
)
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.settings import Settings

from .cases import document, facts, group, line
from .papers import PRESET, fee, of_fees, run

GERMAN = TaxRate(
    connector="google",
    jurisdiction="DE",
    rate_ppm=190_000,
    valid_from=date(2021, 1, 1),
    source="https://example.org",
)
TAXED = Rules(taxes=(GERMAN,))


def tax(bill: Document, rules: Rules = TAXED) -> Outcome:
    [outcome] = run("tax-plausibility", facts(documents=(bill,)), rules)
    assert len(outcome.explanation) <= 140
    return outcome


def euro(total: str, *amounts: tuple[str, str], **fields: object) -> Document:
    lines = [line(amount, str(n), kind=kind) for n, (kind, amount) in enumerate(amounts)]
    return document(total, "INV-1", *lines, currency="EUR", **fields)


@pytest.mark.parametrize(
    ("printed", "verdict", "diff"), [("234.57", "within_tolerance", 3_600), ("246.91", "finding", 12_343_600)]
)
def test_c56_tax_is_the_rate_of_the_base(printed: str, verdict: str, diff: int) -> None:
    outcome = tax(euro("0", ("media", "1234.56"), ("tax", printed)))

    assert (outcome.verdict, outcome.diff_micros) == (verdict, diff)
    assert (outcome.expected_micros, outcome.tolerance_micros) == (234_566_400, 9_999)
    assert outcome.direction == "over"
    assert outcome.severity == ("medium" if verdict == "finding" else "info")


def test_tax_of_c18_is_on_fees_and_credits_too() -> None:
    rate = Rules(taxes=(replace(GERMAN, rate_ppm=200_000),))
    parts = (("media", "10000.00"), ("fee", "120.00"), ("invalid_traffic", "-35.00"), ("tax", "2017.00"))

    outcome = tax(euro("12102.00", *parts), rate)

    assert (outcome.verdict, outcome.expected_micros) == ("match", 2_017_000_000)
    assert outcome.figures["base_micros"] == 10_085_000_000


def test_tax_of_c01_leaves_an_untaxed_adjustment_out() -> None:
    parts = (("media", "400.00"), ("adjustment", "-10.00"), ("tax", "76.00"))

    assert tax(euro("466.00", *parts)).verdict == "match"


def test_tax_that_forgets_no_fee_line_is_right() -> None:
    parts = (("media", "100.00"), ("fee", "3.00"), ("tax", "19.00"))

    outcome = tax(euro("122.00", *parts))

    assert (outcome.verdict, outcome.direction, outcome.diff_micros) == ("finding", "under", -570_000)


@pytest.mark.parametrize(
    "bill", [euro("100.00", tax_micros=0), euro("100.00", ("media", "100.00"), ("tax", "0"))]
)
def test_reverse_charge_is_fine(bill: Document) -> None:
    assert tax(bill).verdict == "clear"


def test_printed_tax_without_lines_has_the_rest_of_the_total_as_its_base() -> None:
    assert tax(euro("119.00", tax_micros=19_000_000)).verdict == "match"


def test_document_without_a_word_of_tax_concerns_only_who_has_rates() -> None:
    bill = euro("100.00", ("media", "100.00"))

    assert tax(bill).verdict == "not_checkable"
    assert run("tax-plausibility", facts(documents=(bill,)), Rules()) == []


def test_tax_without_any_rate_is_not_checkable() -> None:
    bill = euro("119.00", ("media", "100.00"), ("tax", "19.00"))

    assert tax(bill, Rules()).verdict == "not_checkable"
    old = Rules(taxes=(replace(GERMAN, valid_to=date(2025, 12, 31)),))
    assert tax(bill, old).verdict == "not_checkable"
    two = Rules(taxes=(GERMAN, replace(GERMAN, jurisdiction="AT", rate_ppm=200_000)))
    assert tax(bill, two).verdict == "not_checkable"


def test_line_is_judged_by_its_own_print_and_the_table_wins() -> None:
    printed = line("20.00", "2", kind="tax", jurisdiction="DE", rate_ppm=200_000, base_micros=100_000_000)
    bill = document("120.00", "INV-1", line("100.00"), printed, currency="EUR")

    assert tax(bill, Rules()).verdict == "match"
    assert tax(bill).diff_micros == 1_000_000
    off = replace(bill, lines=(bill.lines[0], replace(printed, amount_micros=21_000_000)))
    assert (tax(off, Rules()).verdict, tax(off, Rules()).at_risk_micros) == ("finding", 1_000_000)


def test_two_taxes_on_one_base_match_and_else_nobody_can_tell() -> None:
    def judged(second: str) -> list[tuple[str, str]]:
        lines = (
            line("100.00"),
            line("5.00", "2", kind="tax", jurisdiction="CA", rate_ppm=50_000),
            line(second, "3", kind="tax", jurisdiction="QC", rate_ppm=99_750),
        )
        bill = document("114.98", "INV-1", *lines)
        return [
            (one.subject, one.verdict) for one in run("tax-plausibility", facts(documents=(bill,)), Rules())
        ]

    assert judged("9.98") == [
        ("google/INV-1/tax/CA/50000", "match"),
        ("google/INV-1/tax/QC/99750", "within_tolerance"),
    ]
    assert judged("4.99")[1] == ("google/INV-1/tax/QC/99750", "not_checkable")


def test_wrong_tax_and_a_wrong_total_are_different_money() -> None:
    bill = euro("1600.00", ("media", "1234.56"), ("tax", "246.91"))
    found = facts(documents=(bill,), groups=(group("1234.56", bill, currency="EUR"),))

    at_risk = {one.check_id: one.at_risk_micros for one in judge(found, TAXED) if one.verdict == "finding"}

    assert at_risk["tax-plausibility"] == 12_343_600
    assert at_risk["invoice-arithmetic"] + at_risk["invoice-total-vs-delivered"] == 118_530_000


@given(st.integers(1, 10**12), st.integers(1, MICROS), st.integers(-50_000, 50_000))
def test_tax_mirrors_on_credits_and_counts_every_micro(base: int, rate: int, off: int) -> None:
    def judged(sign: int) -> Outcome:
        lines = (
            replace(line("0", "1"), amount_micros=sign * base),
            replace(
                line("0", "2", kind="tax", rate_ppm=rate),
                amount_micros=sign * (rounded(base * rate, MICROS) + off),
            ),
        )
        return tax(document("0", "A", *lines), Rules())

    there, back = judged(1), judged(-1)
    if there.billed_micros == 0:
        assert there.verdict == back.verdict == "clear"
        return
    assert there.diff_micros == off == -(back.diff_micros or 0)
    assert there.verdict == back.verdict
    assert there.verdict == ("match" if not off else "within_tolerance" if abs(off) < 10_000 else "finding")


def surcharge(*fees: object, rules: Rules = PRESET) -> Outcome:
    [outcome] = run("surcharge-plausibility", of_fees(*fees), rules)  # type: ignore[arg-type]
    assert len(outcome.explanation) <= 140
    return outcome


def test_c39_fee_is_the_rate_of_what_was_spent_there() -> None:
    outcome = surcharge(fee("48.00", "800.00"))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "medium")
    assert (outcome.expected_micros, outcome.diff_micros) == (40_000_000, 8_000_000)
    assert (outcome.at_risk_micros, outcome.tolerance_micros) == (8_000_000, 1_000_000)
    assert outcome.explanation == (
        "The fee for AT in October is EUR\u00a048.00; 5% of EUR\u00a0800.00 is EUR\u00a040.00: "
        "EUR\u00a08.00 too much."
    )


@pytest.mark.parametrize(
    ("billed", "verdict"),
    [("40.00", "match"), ("41.00", "within_tolerance"), ("41.01", "finding"), ("38.99", "finding")],
)
def test_fee_has_the_room_of_money(billed: str, verdict: str) -> None:
    assert surcharge(fee(billed, "800.00")).verdict == verdict


def test_fee_below_the_rate_is_nothing_to_claim() -> None:
    outcome = surcharge(fee("10.00", "800.00"))

    assert (outcome.direction, outcome.asks, outcome.stakes) == ("under", "info", ())


def test_country_without_a_row_is_unknown_and_not_zero() -> None:
    assert surcharge(fee("48.00", "800.00", "PL")).verdict == "not_checkable"
    assert surcharge(fee("38.00", "800.00", platform="tiktok_ads")).verdict == "not_checkable"


def test_country_without_a_row_but_above_its_law_is_worth_a_question() -> None:
    outcome = surcharge(fee("48.00", "800.00", platform="tiktok_ads"))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "low", "ask")
    assert (outcome.flags, outcome.stakes, outcome.at_risk_micros) == (("above_law",), (), 8_000_000)


def test_fee_before_the_first_row_or_after_the_last_is_not_due() -> None:
    early = surcharge(fee("24.00", "800.00", "IT", platform="meta_ads", month="2026-06"))
    late = surcharge(fee("20.00", "800.00", "CA", month="2025-07"))

    assert [(one.verdict, one.expected_micros, one.severity) for one in (early, late)] == [
        ("finding", 0, "medium"),
        ("finding", 0, "medium"),
    ]


def test_row_that_is_not_verified_accuses_nobody_and_is_named() -> None:
    outcome = surcharge(fee("24.00", "800.00", "IN"))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "info", "info")
    assert outcome.flags == ("unverified_rate",)
    assert (outcome.stakes, outcome.at_risk_micros) == ((), 0)
    assert any("regulatory_operating_cost from 2025-04-01" in row.says for row in outcome.proof)


def test_unverified_rate_above_the_law_is_worth_a_question() -> None:
    outcome = surcharge(fee("64.00", "800.00", "TR"))

    assert (outcome.severity, outcome.asks, outcome.flags) == ("low", "ask", ("above_law",))


def test_a_rate_that_several_bills_share_says_that_the_table_is_stale() -> None:
    before = fee("30.00", "500.00", month="2026-09", name="INV-0")

    outcome = surcharge(fee("48.00", "800.00"), before)

    assert (outcome.severity, outcome.flags) == ("low", ("above_law",))  # 6% is above the law's 5%
    lower = surcharge(fee("32.00", "800.00"), fee("20.00", "500.00", month="2026-09", name="INV-0"))
    assert (lower.severity, lower.asks, lower.flags) == ("info", "info", ("stale_rate",))
    assert lower.explanation == "Several bills charge 4% for AT: our table of rates looks out of date."


def test_another_rate_on_another_bill_convicts_all_the_same() -> None:
    others = (
        fee("35.00", "500.00", month="2026-09", name="INV-0"),
        fee("25.00", "500.00", month="2026-08", name="INV-00"),
        fee("30.00", "500.00", month="2026-09", name="INV-1"),
    )

    assert surcharge(fee("48.00", "800.00"), *others).severity == "medium"


def test_spend_of_unknown_country_may_explain_too_much() -> None:
    outcome = surcharge(fee("48.00", "800.00", unknown="150.00", total="2000.00"))

    assert outcome.verdict == "not_checkable"
    still = surcharge(fee("48.00", "800.00", unknown="100.00", total="2000.00"))
    assert (still.verdict, still.diff_micros, still.confidence) == ("finding", 8_000_000, "medium")
    assert "spent nobody knows where, 5% of all" in [row.says for row in still.proof]


def test_rate_that_changes_within_the_month_bounds_the_fee() -> None:
    def canada(billed: str) -> Outcome:
        return surcharge(fee(billed, "1000.00", "CA", platform="amazon_ads", month="2024-08"))

    assert [canada(billed).verdict for billed in ("12.00", "30.00", "31.01")] == ["clear", "clear", "finding"]


def test_second_fee_by_the_buyers_country_is_room_and_accuses_nobody() -> None:
    def british(billed: str) -> Outcome:
        return surcharge(fee(billed, "100.00", "GB", platform="amazon_ads", total="500.00"))

    assert british("2.00").verdict == "clear"
    assert british("12.00").verdict == "clear"
    assert british("14.00").severity == "low"


def test_users_row_wins_over_the_preset(tmp_path: Path) -> None:
    path = tmp_path / "surcharges.csv"
    path.write_text(
        "platform,jurisdiction,kind,rate_ppm,valid_from,valid_to,basis,source,verified\n"
        "google_ads,AT,dst_fee,60000,2026-10-01,,spend served in the jurisdiction,https://example.org,yes\n"
    )
    rules = Rules(surcharges=read_surcharges(path))

    assert surcharge(fee("48.00", "800.00"), rules=rules).verdict == "match"
    september = fee("25.00", "500.00", month="2026-09")
    assert surcharge(september, rules=rules).verdict == "match"


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (fee("48.00", None), "not_checkable"),
        (fee("48.00", "800.00", coverage=Coverage(missing_days=1)), "not_checkable"),
        (fee("48.00", "800.00", coverage=Coverage(pending_until={"cost": date(2026, 11, 30)})), "pending"),
        (fee("-48.00", "0"), "clear"),
        (fee("-48.00", None), "clear"),
        (fee("48.00", "0"), "finding"),
    ],
)
def test_fee_without_its_inputs_or_paid_back(one: object, verdict: str) -> None:
    assert surcharge(one).verdict == verdict


def test_fee_of_no_days_of_one_month_is_not_checkable() -> None:
    one = fee("48.00", "800.00")
    vague = replace(one, lines=tuple(replace(row, window=None) for row in one.lines))

    assert surcharge(vague).verdict == "not_checkable"


@given(st.integers(0, 10**13), st.integers(1, 10**12))
def test_fee_is_judged_by_its_distance_to_the_rate(spent: int, billed: int) -> None:
    one = fee("0", "0")
    lines = tuple(replace(row, amount_micros=billed) for row in one.lines)
    outcome = surcharge(replace(one, lines=lines, spend=replace(one.spend, cost_micros=spent)))

    expected = rounded(spent * 50_000, MICROS)
    limit = max(MICROS, expected // 1_000)
    off = billed - expected
    assert outcome.diff_micros == off
    assert outcome.verdict == ("match" if not off else "within_tolerance" if abs(off) <= limit else "finding")
    assert outcome.at_risk_micros == (off if off > limit else 0)


def test_shipped_tables_are_whole() -> None:
    rows = read_surcharges()

    assert (len(rows), sum(row.verified for row in rows)) == (30, 24)
    assert all(row.preset and row.source.startswith("https://") for row in rows)
    assert [row.rate_ppm for row in in_force(ceilings(), date(2026, 12, 31)) if row.jurisdiction == "TR"] == [
        50_000
    ]
    austria = [row for row in rows if (row.platform, row.jurisdiction) == ("google_ads", "AT")]
    assert surcharges_on(austria, date(2020, 10, 31)) == []
    assert [row.rate_ppm for row in surcharges_on(austria, date(2020, 11, 1))] == [50_000]


HEAD = "connector,jurisdiction,rate_ppm,valid_from,valid_to,source"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", f"its first line must be {HEAD}"),
        ("connector,rate\n", "its first line must be"),
        (f"{HEAD}\ngoogle,DE,190000,2021-01-01\n", "line 2: 4 values, expected 6"),
        (f"{HEAD}\n\ngoogle,DE,,2021-01-01,,x\n", "line 3: rate_ppm is missing"),
        (f"{HEAD}\ngoogle,DE,0.19,2021-01-01,,x\n", "line 2: rate_ppm '0.19': expected millionths"),
        (f"{HEAD}\ngoogle,DE,1900000,2021-01-01,,x\n", "line 2: rate_ppm '1900000'"),
        (f"{HEAD}\ngoogle,DE,190000,1.1.2021,,x\n", "line 2: valid_from '1.1.2021': expected a day"),
        (f"{HEAD}\ngoogle,DE,190000,2021-02-01,2021-01-01,x\n", "line 2: valid_to is before valid_from"),
    ],
)
def test_table_that_cannot_be_used_says_where_and_why(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "taxes.csv"
    path.write_text(text)

    with pytest.raises(ConfigError) as refused:
        read_taxes(path)

    assert says in str(refused.value)


def test_files_of_the_configuration_become_rules(tmp_path: Path) -> None:
    (tmp_path / "taxes.csv").write_text(f"{HEAD}\ngoogle,DE,190000,2021-01-01,,https://example.org\n")
    config = tmp_path / "config.toml"
    config.write_text('[reconcile]\ntaxes = "taxes.csv"\n')

    rules = rules_of(Settings.load(config))

    assert (rules.taxes, len(rules.surcharges)) == ((GERMAN,), 30)


def test_surcharges_name_countries_by_two_letters(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    head = "platform,jurisdiction,kind,rate_ppm,valid_from,valid_to,basis,source,verified\n"
    path.write_text(f"{head}google_ads,Austria,fee,1,2026-01-01,,x,y,yes\n")

    with pytest.raises(ConfigError, match="line 2: jurisdiction 'Austria': expected two capital letters"):
        read_surcharges(path)
    path.write_text(f"{head}google_ads,AT,fee,1,2026-01-01,,x,y,maybe\n")
    with pytest.raises(ConfigError, match="line 2: verified is yes or no"):
        read_surcharges(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_surcharges(tmp_path / "none.csv")


def test_taxes_are_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "taxes.csv"
    path.write_text(f"{HEAD}\ngoogle,DE,190000,2021-01-01,,https://example.org\n")

    assert read_taxes(path) == (GERMAN,)
    assert to_micros("1") == MICROS
