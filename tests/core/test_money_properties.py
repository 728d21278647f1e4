"""What must hold of money wherever it goes: signs, halves, currencies, parts and wholes, and any size."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from msgspec import Struct
from msgspec.structs import replace

from adtally.commands import reconcile
from adtally.errors import LedgerError
from adtally.ledger import Ledger
from adtally.money import LARGEST, MICROS, minor, rounded
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.document_facts import ExchangeRate
from adtally.reconciliation.facts import Counts, Document, Facts, Line, Rate, RateTier
from adtally.reconciliation.pricing import charge
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.tolerance import Tolerance, allowance
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Evidence, Model
from adtally.settings import Settings

from .reconciliation.cases import OCTOBER, campaign, evidence, facts, group, period, rate
from .reconciliation.examples import rewritten
from .reconciliation.papers import agency, fee_bill
from .reconciliation.test_levies import TAXED
from .reconciliation.told import Told, bill, facts as facts_of, line as billed_line, ran, sync

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
ODD = st.sampled_from([2**53 + 1, 2**53 - 1, 2**60 + 7, LARGEST, LARGEST - 1])
"""Numbers that a binary float cannot hold, and the largest that the ledger does."""
SMALL = st.integers(-(10**12), 10**12)
AMOUNTS = st.one_of(SMALL, ODD, ODD.map(lambda micros: -micros))
COUNTS = st.one_of(st.integers(0, 10**9), st.sampled_from([2**31, 2**53 + 1, 2**62]))
MODELS: dict[Model, tuple[str, int]] = {
    "cpm": ("impressions", 1_000),
    "vcpm": ("viewable_impressions", 1_000),
    "cpc": ("clicks", 1),
    "cpv": ("video_views", 1),
    "cpcv": ("video_completions", 1),
    "cpe": ("engagements", 1),
    "cpl": ("leads", 1),
    "cpi": ("installs", 1),
    "cpa": ("conversions_micros", MICROS),
}


def judged(check: str, found: Facts, rules: Rules = TAXED) -> list[Outcome]:
    return list(CHECKS[check].run(found, rules))


# what is multiplied is exact


@given(AMOUNTS, COUNTS, st.sampled_from([1, 2, 3, 1_000, MICROS]))
def test_product_is_the_nearest_integer_whatever_its_size_and_sign(price: int, count: int, per: int) -> None:
    result = rounded(price * count, per)

    off = result - Fraction(price * count, per)
    assert abs(off) <= Fraction(1, 2)
    assert abs(off) < Fraction(1, 2) or (off > 0) == (result > 0)  # a half goes away from zero
    assert rounded(-price * count, per) == -result


@pytest.mark.parametrize("model", MODELS)
@given(price=AMOUNTS, count=COUNTS)
def test_charge_of_each_model_is_exact(model: Model, price: int, count: int) -> None:
    column, per = MODELS[model]
    terms = Rate(model=model, rate_micros=price, source="agreement 1")

    made = charge(terms, Counts(**{column: count}), OCTOBER)

    assert made == rounded(price * count, per)


@given(AMOUNTS, st.integers(0, MICROS))
def test_share_of_revenue_mirrors_below_zero(revenue: int, share: int) -> None:
    terms = Rate(model="cps", share_ppm=share, source="agreement 1")

    there, back = (charge(terms, Counts(revenue_micros=sign * revenue), OCTOBER) for sign in (1, -1))

    assert there is not None
    assert back == -there
    assert abs(there * MICROS - revenue * share) * 2 <= MICROS


@given(st.integers(0, 2**62), st.lists(st.integers(1, 2**53), unique=True, max_size=4), AMOUNTS)
def test_steps_of_one_price_cost_what_the_price_alone_does(count: int, ends: list[int], price: int) -> None:
    tiers = tuple(RateTier(up_to=end, rate_micros=price) for end in [*sorted(ends), None])
    plain = Rate(model="cpc", rate_micros=price, source="agreement 1")
    stepped = Rate(model="cpc", tiers=tiers, source="agreement 1")

    assert charge(stepped, Counts(clicks=count), OCTOBER) == charge(plain, Counts(clicks=count), OCTOBER)


@given(AMOUNTS, st.integers(1, 10**9), st.integers(1, 10**9))
def test_exchange_is_rounded_once_and_mirrors(micros: int, num: int, den: int) -> None:
    rate_of_day = ExchangeRate(base="USD", quote="EUR", num=num, den=den, day=OCTOBER.last_day, source="ECB")

    assert abs(rate_of_day.convert(micros) * den - micros * num) * 2 <= den
    assert rate_of_day.convert(-micros) == -rate_of_day.convert(micros)


@given(st.integers(1, LARGEST), st.integers(1, 900_000))
def test_agency_fee_of_gross_is_the_share_of_media_and_fee(net: int, share: int) -> None:
    found = agency("1.00", fee_bill("1.00"), share_ppm=share)
    found = rewritten(found, lambda one: costing(one, net))

    [outcome] = judged("agency-fee", found)

    due = outcome.expected_micros
    assert due is not None
    assert abs(Fraction(net * share, MICROS - share) - due) <= Fraction(1, 2)


def costing(one: Struct, micros: int) -> Struct:
    return replace(one, cost_micros=micros) if "cost_micros" in one.__struct_fields__ else one


@given(AMOUNTS, CURRENCIES, st.integers(0, 1_000), st.integers(0, MICROS))
def test_tolerance_is_symmetric_whole_and_never_below_its_minor_units(
    expected: int, currency: str, units: int, ppm: int
) -> None:
    tolerance = Tolerance(minor_units=units, relative_ppm=ppm)

    limit = tolerance.micros(expected, currency)

    assert limit == tolerance.micros(-expected, currency) >= units * minor(currency)
    assert limit == units * minor(currency) or limit * MICROS <= abs(expected) * ppm


# documents mirror, and their parts make the whole


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A bill whose lines, tax and fee may or may not add up to its total."""
    currency = draw(CURRENCIES)
    media = draw(st.lists(SMALL, min_size=1, max_size=5))
    lines = [Line(line=str(n), amount_micros=micros) for n, micros in enumerate(media)]
    for kind in ("fee", "invalid_traffic"):
        if draw(st.booleans()):
            lines.append(Line(line=kind, kind=kind, amount_micros=draw(SMALL)))
    base = sum(line.amount_micros for line in lines)
    if draw(st.booleans()):
        tax = rounded(base * 190_000, MICROS) + draw(st.integers(-20_000, 20_000))
        lines.append(Line(line="tax", kind="tax", jurisdiction="DE", amount_micros=tax))
    total = sum(line.amount_micros for line in lines) + draw(
        st.sampled_from([0, 0, 1, -1, minor(currency), -minor(currency), 5 * minor(currency)])
    )
    return document_of(total, tuple(lines), currency)


def document_of(total: int, lines: tuple[Line, ...], currency: str = "EUR") -> Document:
    return Document(
        connector="google",
        platform="google_ads",
        invoice_id="INV-1",
        account_id="1",
        accounts=("1",),
        issue_day=date(2026, 11, 3),
        window=OCTOBER,
        currency=currency,
        total_micros=total,
        lines=lines,
    )


def mirrored(one: Struct) -> Struct:
    """Every amount on the other side of zero: a credit note of the bill."""
    amounts = {
        name: -value
        for name in one.__struct_fields__
        if name.endswith("_micros") and isinstance(value := getattr(one, name), int)
    }
    return replace(one, **amounts) if amounts else one


def billed(one: Document, cost: int) -> Facts:
    """The bill beside what ran in its own currency."""
    [delivered] = group("1.00", one, currency=one.currency).delivered
    ran_then = replace(delivered, cost_micros=cost)
    return facts(documents=(one,), groups=(replace(group("1.00", one), delivered=(ran_then,)),))


@pytest.mark.parametrize("check", ["invoice-arithmetic", "tax-plausibility", "invoice-total-vs-delivered"])
@given(one=documents(), cost=SMALL)
@settings(max_examples=60)
def test_credit_note_mirrors_its_invoice(check: str, one: Document, cost: int) -> None:
    found = billed(one, cost)

    there, back = judged(check, found), judged(check, rewritten(found, mirrored))

    def told(outcomes: list[Outcome], sign: int) -> list[tuple[object, ...]]:
        return [
            (
                outcome.subject,
                outcome.verdict,
                sign * (outcome.diff_micros or 0),
                sign * (outcome.residual_micros or 0),
                outcome.tolerance_micros,
            )
            for outcome in outcomes
        ]

    assert told(there, 1) == told(back, -1)


@given(one=documents(), cost=SMALL, num=st.integers(1, 10**6), den=st.integers(1, 10**6))
@settings(max_examples=60)
def test_converted_credit_note_mirrors_its_invoice(one: Document, cost: int, num: int, den: int) -> None:
    foreign = ExchangeRate(
        base="USD", quote=one.currency, num=num, den=den, day=OCTOBER.last_day, source="ECB"
    )
    [pair] = billed(one, cost).groups
    ran_in_usd = replace(pair.delivered[0], currency="USD")
    found = facts(groups=(replace(pair, delivered=(ran_in_usd,), exchange=(foreign,)),))

    for check in ("fx-conversion", "invoice-total-vs-delivered"):
        [there], [back] = judged(check, found), judged(check, rewritten(found, mirrored))
        assert there.residual_micros is not None
        assert (back.verdict, back.residual_micros) == (there.verdict, -there.residual_micros)


@given(st.integers(0, 10**9), st.integers(-(10**9), 10**9), AMOUNTS, st.sampled_from([1, 1_000]), CURRENCIES)
def test_line_of_a_credit_note_mirrors_the_line_of_its_invoice(
    quantity: int, price: int, amount: int, per: int, currency: str
) -> None:
    def verdict(sign: int) -> tuple[str, int | None]:
        one = Line(
            line="1", quantity=sign * quantity, unit_price_micros=price, per=per, amount_micros=sign * amount
        )
        [outcome] = judged("invoice-line-arithmetic", facts(documents=(document_of(0, (one,), currency),)))
        assert outcome.diff_micros is not None
        return outcome.verdict, sign * outcome.diff_micros

    assert verdict(1) == verdict(-1)


@given(documents(), SMALL, st.integers(1, 10**6), st.data())
@settings(max_examples=60)
def test_money_that_moves_between_two_lines_changes_no_sum(
    one: Document, cost: int, moved: int, data: st.DataObject
) -> None:
    media = [n for n, line in enumerate(one.lines) if line.kind == "media"]
    giver, taker = data.draw(st.sampled_from(media)), data.draw(st.sampled_from(media))
    lines = list(one.lines)
    lines[giver] = replace(lines[giver], amount_micros=lines[giver].amount_micros - moved)
    lines[taker] = replace(lines[taker], amount_micros=lines[taker].amount_micros + moved)
    shifted = replace(one, lines=tuple(lines))

    for check in ("invoice-arithmetic", "invoice-total-vs-delivered"):
        pair = [judged(check, billed(this, cost))[0] for this in (one, shifted)]
        assert len({(this.verdict, this.diff_micros, this.residual_micros) for this in pair}) == 1


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_one_minor_unit_is_what_a_figure_may_be_off_by_less_than(currency: str) -> None:
    def verdict(off: int) -> str:
        one = Line(line="1", quantity=3, unit_price_micros=333_333, amount_micros=999_999 + off)
        [outcome] = judged("invoice-line-arithmetic", facts(documents=(document_of(0, (one,), currency),)))
        return outcome.verdict

    room = allowance(1, currency)
    assert [verdict(sign * room) for sign in (1, -1)] == ["within_tolerance"] * 2
    assert [verdict(sign * minor(currency)) for sign in (1, -1)] == ["finding"] * 2


# what is capped is capped row by row


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=2, max_size=6), CURRENCIES)
def test_support_of_an_account_is_the_sum_of_its_capped_campaigns(
    rows: list[tuple[int, int]], currency: str
) -> None:
    campaigns = tuple(
        campaign(
            period(rate("cpc", "0.40"), cost="1000.00", clicks=clicks),
            name=str(n),
            currency=currency,
            evidence=(evidence(sessions),),
        )
        for n, (clicks, sessions) in enumerate(rows)
    )

    outcomes = {one.subject: one for one in judged("engagement-support", facts(campaigns=campaigns))}

    whole = outcomes.pop("google/1/clicks/E2")
    parts = [int(one.figures["unsupported_micros"]) for one in outcomes.values()]
    confirmed = sum(min(clicks, sessions) for clicks, sessions in rows)
    assert whole.figures["unsupported_micros"] == sum(parts)
    assert whole.figures["support_ppm"] == confirmed * MICROS // sum(clicks for clicks, _ in rows)
    assert all(0 <= part <= 1_000 * MICROS for part in parts)


# the ledger's own sums


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "adtally.db")


def test_sums_near_the_largest_number_are_exact_integers(ledger: Ledger) -> None:
    with ledger:
        sync(ledger, google=Told(delivery=[*ran(1, cost=2**62), *ran(2, cost=2**62 - 2)]))

        [one] = facts_of(ledger).campaigns
        [kind] = ledger.conn.execute("SELECT DISTINCT typeof(cost_micros) FROM delivery").fetchone()

    assert (one.counts.cost_micros, kind) == (2**63 - 2, "integer")


def test_odd_sums_above_two_to_the_53rd_keep_their_last_micro(ledger: Ledger) -> None:
    days = range(1, 29)
    with ledger:
        sync(ledger, google=Told(delivery=ran(*days, cost=2**53 + 1)))

        [one] = facts_of(ledger).campaigns

    assert one.counts.cost_micros == 28 * (2**53 + 1)


HUGE = 2**62


@pytest.mark.parametrize(
    "told",
    [
        Told(delivery=ran(1, 2, cost=HUGE)),
        Told(delivery=ran(1, 2, revenue_micros=HUGE)),
        Told(
            delivery=ran(1),
            evidence=[
                Evidence(
                    source_id="shop",
                    record_id=str(n),
                    kind="session",
                    day=date(2026, 10, n),
                    key_kind="campaign_id",
                    key_value="7",
                    quantity_micros=HUGE,
                )
                for n in (1, 2)
            ],
        ),
    ],
    ids=["cost", "revenue", "evidence"],
)
def test_sum_beyond_64_bits_is_refused_and_never_becomes_a_float(
    told: Told, ledger: Ledger, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text("[connectors]\n", encoding="utf-8")
    config = Settings.load(tmp_path / "config.toml")
    with ledger:
        sync(ledger, google=told)

    with pytest.raises(LedgerError, match="more than 64 bits"), Ledger(tmp_path / "adtally.db") as opened:
        reconcile(config, opened, month="2026-10")


SQL = sorted((Path(__file__).parents[2] / "core" / "adtally" / "reconciliation").glob("sql*.py"))


@pytest.mark.parametrize("file", SQL, ids=lambda file: file.stem)
def test_no_query_behind_the_facts_multiplies_money_or_leaves_the_integers(file: Path) -> None:
    text = re.sub(r'""".*?"""', keep_queries, file.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert re.findall(r"_micros\s*\*|\*\s*[a-z.]*_micros", text) == []
    assert re.findall(r"\b(?:TOTAL|AVG|ROUND|REAL|DOUBLE|NUMERIC)\b|\b\d+\.\d|\b\de\d", text) == []


def keep_queries(text: re.Match[str]) -> str:
    """Queries stand in the same quotes as docstrings."""
    return text[0] if "SELECT" in text[0] else ""


def test_bill_of_large_lines_adds_up_to_the_micro(ledger: Ledger) -> None:
    lines = [billed_line(2**61 + 1, str(n)) for n in range(3)]
    with ledger:
        sync(
            ledger, google=Told(delivery=ran(1), invoices=[bill("INV-1", *lines, total_micros=3 * 2**61 + 4)])
        )

        [outcome] = judged("invoice-arithmetic", facts_of(ledger))

    assert (outcome.diff_micros, outcome.verdict) == (1, "within_tolerance")
