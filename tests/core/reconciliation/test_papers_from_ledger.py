"""The worked cases of documents again, from rows in a real ledger through the facts to the judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from adtally import Account, Connector, CountryCost, Delivery, Invoice, Unit, pulls
from adtally.importing import import_
from adtally.ledger import Ledger
from adtally.money import to_micros
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.judge import judge
from adtally.reconciliation.rate_tables import TaxRate, read_surcharges
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.records import InvoiceLink

from .told import FINAL, NOW, Told, bill, facts, line, ran, sync, sync_connectors

RULES = Rules(
    surcharges=read_surcharges(),
    taxes=(
        TaxRate(
            connector="google",
            jurisdiction="GB",
            rate_ppm=200_000,
            valid_from=date(2021, 1, 1),
            source="https://example.org",
        ),
    ),
)
RATES = "Date,USD,GBP,\n2026-10-30,1.0887,0.8338,\n2026-11-02,1.25,N/A,\n"


def judged(found: Facts, check: str) -> list[Outcome]:
    return [one for one in judge(found, RULES) if one.check_id == check]


def verdicts(found: Facts, check: str) -> list[tuple[str, str, int]]:
    return [(one.subject, one.verdict, one.at_risk_micros) for one in judged(found, check)]


def half(name: str, total: str, first: date, last: date, **fields: object) -> Invoice:
    amount = to_micros(total)
    return bill(name, line(amount), first_day=first, last_day=last, total_micros=amount, **fields)


def march(first: str = "600.00", second: str = "700.00", **fields: object) -> list[Invoice]:
    return [
        half("A", first, date(2026, 10, 1), date(2026, 10, 15)),
        half("B", second, date(2026, 10, 15), date(2026, 10, 31), **fields),
    ]


def spent() -> list[Delivery]:
    """1,260.00 in the month, 40.00 of it on the 15th."""
    return [*ran(3, cost=560_000_000), *ran(15, cost=40_000_000), *ran(28, cost=660_000_000)]


def test_c47_from_the_ledger(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=spent(), invoices=march()))

    [outcome] = judged(facts(ledger), "invoice-overlap")

    assert (outcome.verdict, outcome.at_risk_micros) == ("finding", 40_000_000)
    assert (str(outcome.window), outcome.confidence) == ("2026-10-15..2026-10-15", "high")
    assert verdicts(facts(ledger), "invoice-total-vs-delivered") == [("google/A+google/B", "finding", 0)]


def memo(name: str, total: str, *names: str, day: date = date(2026, 10, 20)) -> Invoice:
    return bill(
        name,
        kind="credit_memo",
        issue_day=day,
        first_day=None,
        last_day=None,
        total_micros=to_micros(total),
        links=tuple(InvoiceLink(kind="corrects", other_id=one) for one in names),
    )


def parallel(**fields: object) -> list[Invoice]:
    """Two bills for the whole month, one of which says what the fields say."""
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    return [
        half("A", "600.00", first, last, purchase_order="P-1"),
        half("B", "700.00", first, last, **fields),
    ]


def of_campaign(name: str, campaign_id: str, total: str) -> Invoice:
    return bill(name, line(to_micros(total), campaign_id=campaign_id), total_micros=to_micros(total))


@pytest.mark.parametrize(
    "bills",
    [
        march()[:1],
        [half("A", "600.00", date(2026, 10, 1), date(2026, 10, 14)), march()[1]],
        march(currency="EUR"),
        march(kind="statement"),
        parallel(purchase_order="P-2"),
        [of_campaign("A", "7", "600.00"), of_campaign("B", "8", "700.00")],
        [*march()[:1], memo("CM-1", "-1.00")],
        [bill(name, line(100_000_000, kind="fee")) for name in ("A", "B")],
    ],
)
def test_bills_that_share_no_days_of_a_scope_are_no_overlap(bills: list[Invoice], ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=spent(), invoices=bills))

    assert verdicts(facts(ledger), "invoice-overlap") == []


def test_bill_without_an_order_may_bill_any_order(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=spent(), invoices=parallel()))

    assert verdicts(facts(ledger), "invoice-overlap") == [("google/A+google/B", "finding", 40_000_000)]


def test_orders_beside_an_overlap_hide_what_it_costs(ledger: Ledger) -> None:
    bills = [
        half("A", "600.00", date(2026, 10, 1), date(2026, 10, 15), purchase_order="P-1"),
        half("B", "700.00", date(2026, 10, 15), date(2026, 10, 31), purchase_order="P-1"),
        half("C", "10.00", date(2026, 10, 1), date(2026, 10, 31), purchase_order="P-2"),
    ]
    sync(ledger, google=Told(delivery=spent(), invoices=bills))

    assert verdicts(facts(ledger), "invoice-overlap") == [("google/A+google/B", "not_checkable", 0)]


def test_overlap_over_the_months_end_is_judged_with_the_first_bill_only(ledger: Ledger) -> None:
    bills = [
        half("A", "600.00", date(2026, 9, 10), date(2026, 10, 15), issue_day=date(2026, 10, 16)),
        half("B", "700.00", date(2026, 10, 15), date(2026, 11, 14), issue_day=date(2026, 11, 15)),
    ]
    rows = [*spent()[:2], *ran(date(2026, 11, 5), cost=660_000_000)]
    sync(ledger, google=Told(delivery=rows, invoices=bills))

    assert verdicts(facts(ledger), "invoice-overlap") == [("google/A+google/B", "finding", 40_000_000)]
    assert verdicts(facts(ledger, month="2026-11"), "invoice-overlap") == []


def test_replaced_bill_overlaps_nothing(ledger: Ledger) -> None:
    replaced = half(
        "C",
        "660.00",
        date(2026, 10, 15),
        date(2026, 10, 31),
        links=(InvoiceLink(kind="replaces", other_id="B"),),
    )
    sync(ledger, google=Told(delivery=spent(), invoices=[*march(), replaced]))

    assert verdicts(facts(ledger), "invoice-overlap") == [("google/A+google/C", "clear", 0)]


def old(name: str = "INV-1", total: str = "300.00", **fields: object) -> Invoice:
    return half(name, total, date(2026, 3, 1), date(2026, 3, 31), issue_day=date(2026, 4, 2), **fields)


def test_c41_over_all_months_from_the_ledger(ledger: Ledger) -> None:
    bills = [
        old(),
        memo("CM-1", "-120.00", "INV-1", day=date(2026, 6, 1)),
        memo("CM-2", "-200.00", "INV-1"),
        memo("CM-3", "-50.00", "INV-1", day=date(2026, 11, 5)),
    ]
    sync(ledger, google=Told(invoices=bills))

    [outcome] = judged(facts(ledger), "credit-note-linkage")
    assert (outcome.subject, outcome.verdict, outcome.direction) == ("google/INV-1", "finding", "under")
    assert outcome.figures == {"over_credited_micros": 20_000_000, "credits": 2}
    assert verdicts(facts(ledger, month="2026-06"), "credit-note-linkage") == [("google/INV-1", "clear", 0)]
    assert judged(facts(ledger, month="2026-07"), "credit-note-linkage") == []


def test_credit_that_names_the_bill_from_before_a_rebill_corrects_the_new_one(ledger: Ledger) -> None:
    bills = [
        old("INV-8", "500.00"),
        memo("CM-0", "-500.00", "INV-8", day=date(2026, 4, 9)),
        old("INV-9", "400.00", links=(InvoiceLink(kind="replaces", other_id="INV-8"),)),
        memo("CM-1", "-410.00", "INV-8"),
    ]
    sync(ledger, google=Told(invoices=bills))

    [outcome] = judged(facts(ledger), "credit-note-linkage")

    assert (outcome.subject, outcome.verdict) == ("google/INV-9", "finding")
    assert outcome.figures["over_credited_micros"] == 10_000_000
    assert (
        judged(facts(ledger, month="2026-04"), "credit-note-linkage") == []
    )  # C21: nothing is left to judge


def test_credit_lines_of_a_bill_go_to_the_bills_that_they_name(ledger: Ledger) -> None:
    lines = [
        line(to_micros("200.00"), "1"),
        line(to_micros("-70.00"), "2", kind="invalid_traffic", original_invoice_id="INV-1"),
        line(to_micros("-20.00"), "3", kind="invalid_traffic", original_invoice_id="INV-2"),
        line(to_micros("-10.00"), "4", kind="invalid_traffic", original_invoice_id="INV-0"),
    ]
    month = bill("OCT", *lines, total_micros=to_micros("100.00"))
    goodwill = memo("CM-9", "-5.00")
    sync(ledger, google=Told(invoices=[old("INV-1", "50.00"), old("INV-2", "50.00"), month, goodwill]))

    assert verdicts(facts(ledger), "credit-note-linkage") == [
        ("google/CM-9", "clear", 0),
        ("google/INV-1", "finding", 0),
        ("google/INV-2", "clear", 0),
        ("google/OCT/4", "not_checkable", 0),
    ]


def test_memo_whose_lines_name_all_of_it_is_split_and_another_is_kept_whole(ledger: Ledger) -> None:
    lines = [
        line(to_micros("-60.00"), "1", original_invoice_id="INV-1"),
        line(to_micros("-10.00"), "2", original_invoice_id="INV-2"),
    ]
    by_line = bill(
        "CM-1", *lines, kind="credit_memo", issue_day=date(2026, 10, 9), first_day=None, last_day=None,
        total_micros=to_micros("-70.00"),
    )  # fmt: skip
    bills = [old("INV-1", "50.00"), old("INV-2", "50.00"), old("INV-3", "1.00"), old("INV-4", "2.00")]
    sync(ledger, google=Told(invoices=[*bills, by_line, memo("CM-2", "-3.00", "INV-3", "INV-4")]))

    assert verdicts(facts(ledger), "credit-note-linkage") == [
        ("google/INV-1", "finding", 0),
        ("google/INV-2", "clear", 0),
        ("google/INV-3+google/INV-4", "clear", 0),
    ]


def in_euro(total: str, **fields: object) -> Invoice:
    return bill("INV-1", currency="EUR", total_micros=to_micros(total), **fields)


def with_rates(ledger: Ledger, folder: Path, text: str = RATES) -> None:
    path = folder / "eurofxref-hist.csv"
    path.write_text(text)
    import_(ledger, path)


@pytest.mark.parametrize(
    ("issue_day", "rate_day", "expected"),
    [
        (date(2026, 10, 31), "10000/10887 of 2026-10-30", 918_526_683),  # a Saturday
        (date(2026, 11, 2), "4/5 of 2026-11-02", 800_000_000),
        (None, "10000/10887 of 2026-10-30", 918_526_683),  # the last day of service
        (date(2026, 11, 9), "4/5 of 2026-11-02", 800_000_000),
    ],
)
def test_rate_is_the_days_own_or_the_last_before(
    issue_day: date | None, rate_day: str, expected: int, ledger: Ledger, tmp_path: Path
) -> None:
    sync(
        ledger,
        google=Told(delivery=ran(3, cost=1_000_000_000), invoices=[in_euro("920.00", issue_day=issue_day)]),
    )
    with_rates(ledger, tmp_path)

    [outcome] = judged(facts(ledger), "fx-conversion")

    assert (outcome.figures["USD_EUR"], outcome.expected_micros) == (rate_day, expected)


def test_c35_and_c34_from_the_ledger(ledger: Ledger, tmp_path: Path) -> None:
    sync(ledger, google=Told(delivery=ran(3, cost=1_000_000_000), invoices=[in_euro("920.00")]))

    assert verdicts(facts(ledger), "fx-conversion") == [("google/INV-1", "not_checkable", 0)]
    assert verdicts(facts(ledger), "invoice-currency-mismatch") == [("google/INV-1", "finding", 0)]

    with ledger.transaction():  # 0.9185 euro for a dollar, as the case has it
        ledger.conn.execute(
            "INSERT INTO fx_rates VALUES ('USD', 'EUR', '2026-11-03', 9185, 10000, 'contract')"
        )
    [outcome] = judged(facts(ledger), "fx-conversion")
    assert (outcome.verdict, outcome.expected_micros) == ("within_tolerance", 918_500_000)
    assert (outcome.diff_micros, outcome.tolerance_micros) == (1_500_000, 4_592_500)
    assert verdicts(facts(ledger), "invoice-currency-mismatch") == [("google/INV-1", "explained", 0)]


def test_stale_rates_convert_nothing(ledger: Ledger, tmp_path: Path) -> None:
    late = in_euro("920.00", issue_day=date(2026, 11, 10))
    sync(ledger, google=Told(delivery=ran(3, cost=1_000_000_000), invoices=[late]))
    with_rates(ledger, tmp_path)

    [outcome] = judged(facts(ledger), "fx-conversion")

    assert (outcome.verdict, outcome.explanation) == (
        "not_checkable",
        "Not checked: no exchange rate is known for 2026-11-10 or the week before.",
    )


def test_two_currencies_meet_over_the_euro_by_rates_of_one_day(ledger: Ledger, tmp_path: Path) -> None:
    pounds = bill("INV-1", currency="GBP", total_micros=to_micros("765.87"), issue_day=date(2026, 11, 2))
    sync(ledger, google=Told(delivery=ran(3, cost=1_000_000_000), invoices=[pounds]))
    with_rates(ledger, tmp_path)

    [outcome] = judged(facts(ledger), "fx-conversion")

    assert outcome.figures == {"USD_GBP": "8338/10887 of 2026-10-30"}
    assert (outcome.verdict, outcome.expected_micros) == ("within_tolerance", 765_867_548)
    [mismatch] = judged(facts(ledger), "invoice-currency-mismatch")
    assert [row.says for row in mismatch.proof if row.table == "fx_rates"] == [
        "GBP for one USD on 2026-10-30, the last one before 2026-11-02 (ECB over EUR)"
    ]


def ads(rows: Sequence[Delivery], countries: Sequence[CountryCost], bills: Sequence[Invoice]) -> Connector:
    class Ads(Connector):
        name = "google_ads"
        base_url: str = "https://ads.example"

        def accounts(self) -> Iterable[Account]:
            return [Account(id="1", currency="EUR", timezone="UTC")]

        @pulls(Delivery, max_days=31, final_after=FINAL)
        def delivery(self, unit: Unit) -> Iterator[Delivery]:
            return (row for row in rows if row.day in unit.window)

        @pulls(CountryCost)
        def countries(self, unit: Unit) -> Iterator[CountryCost]:
            return (row for row in countries if row.month in unit.window)

        @pulls(Invoice)
        def invoices(self, unit: Unit) -> Iterator[Invoice]:
            return (one for one in bills if one.last_day and one.last_day in unit.window)

    return Ads()


def country(code: str, cost: str, month: int = 10) -> CountryCost:
    return CountryCost(month=date(2026, month, 1), country=code, cost_micros=to_micros(cost))


def levied(*fees: tuple[str, str], name: str = "INV-1", **fields: object) -> Invoice:
    lines = [line(to_micros("1000.00"), "0")]
    lines += [
        line(to_micros(amount), str(n), kind="fee", jurisdiction=place)
        for n, (place, amount) in enumerate(fees, 1)
    ]
    total = sum(one.amount_micros for one in lines)
    return bill(name, *lines, currency="EUR", total_micros=total, **fields)


def billed_in(ledger: Ledger, countries: Sequence[CountryCost], *bills: Invoice) -> None:
    rows = [*ran(3, cost=1_000_000_000), *ran(date(2026, 9, 3), cost=500_000_000)]
    sync_connectors(ledger, NOW, {"google": ads(rows, countries, bills)})


def test_c39_from_the_ledger(ledger: Ledger) -> None:
    billed_in(
        ledger, [country("AT", "800.00"), country("FR", "200.00")], levied(("AT", "48.00"), ("FR", "4.00"))
    )

    found = judged(facts(ledger), "surcharge-plausibility")

    assert [(one.subject, one.verdict, one.at_risk_micros) for one in found] == [
        ("google/1/AT", "finding", 8_000_000),
        ("google/1/FR", "match", 0),
    ]
    assert (found[0].expected_micros, found[0].diff_micros) == (40_000_000, 8_000_000)
    assert verdicts(facts(ledger), "invoice-total-vs-delivered") == [("google/INV-1", "explained", 0)]


@pytest.mark.parametrize(
    "countries", [[], [country("AT", "800.00")], [country("AT", "800.00"), country("", "200.00")]]
)
def test_what_no_country_is_known_of_may_explain_the_fee(
    countries: list[CountryCost], ledger: Ledger
) -> None:
    billed_in(ledger, countries, levied(("AT", "48.00")))

    assert verdicts(facts(ledger), "surcharge-plausibility") == [("google/1/AT", "not_checkable", 0)]


def test_rate_of_two_months_says_that_the_table_is_stale(ledger: Ledger) -> None:
    september = levied(
        ("AT", "16.00"),
        name="INV-0",
        issue_day=date(2026, 10, 3),
        first_day=date(2026, 9, 1),
        last_day=date(2026, 9, 30),
    )
    places = [
        country("AT", "800.00"),
        country("FR", "200.00"),
        country("AT", "400.00", 9),
        country("FR", "100.00", 9),
    ]
    billed_in(ledger, places, levied(("AT", "32.00")), september)

    [outcome] = judged(facts(ledger), "surcharge-plausibility")

    assert (outcome.verdict, outcome.severity, outcome.flags) == ("finding", "info", ("stale_rate",))


def test_fees_of_a_bill_that_was_replaced_count_once(ledger: Ledger) -> None:
    again = levied(("AT", "40.00"), name="INV-2", links=(InvoiceLink(kind="replaces", other_id="INV-1"),))
    places = [country("AT", "800.00"), country("FR", "200.00")]
    billed_in(ledger, places, levied(("AT", "40.00")), again)

    assert verdicts(facts(ledger), "surcharge-plausibility") == [("google/1/AT", "match", 0)]


def test_c56_and_c18_from_the_ledger(ledger: Ledger) -> None:
    parts = [("media", "10000.00"), ("fee", "120.00"), ("invalid_traffic", "-35.00"), ("tax", "2017.00")]
    lines = [line(to_micros(amount), str(n), kind=kind) for n, (kind, amount) in enumerate(parts)]
    taxed = [
        line(to_micros("1234.56"), "1"),
        line(
            to_micros("246.91"),
            "2",
            kind="tax",
            jurisdiction="DE",
            rate_ppm=190_000,
            base_micros=to_micros("1234.56"),
        ),
    ]
    bills = [
        bill("C18", *lines, total_micros=to_micros("12102.00")),
        bill("C56", *taxed, currency="EUR", total_micros=to_micros("1481.47")),
    ]
    sync(ledger, google=Told(invoices=bills))

    assert verdicts(facts(ledger), "tax-plausibility") == [
        ("google/C18", "match", 0),
        ("google/C56", "finding", 12_343_600),
    ]


def media(*campaigns: tuple[str, int]) -> Told:
    rows = [row for name, cost in campaigns for row in ran(3, campaign_id=name, cost=cost * 1_000_000)]
    return Told(delivery=rows)


def paid(share: str = "15%", of: str = "gross", **fields: object) -> Mapping[str, object]:
    return {"model": None, "rate": None, "fee": {"share": share, "of": of, "billed_by": "agency"}, **fields}


def agency(*amounts: str) -> Told:
    bills = [
        bill(f"AG-{n}", line(to_micros(amount), kind="fee"), total_micros=to_micros(amount))
        for n, amount in enumerate(amounts)
    ]
    return Told(platform="agency", delivery=None, invoices=bills)


def test_c46_from_the_ledger(ledger: Ledger) -> None:
    sync(ledger, google=media(("7", 4_000), ("8", 250)), agency=agency("500.00", "250.00"))

    [outcome] = judged(facts(ledger, [paid()]), "agency-fee")

    assert (outcome.subject, outcome.verdict, outcome.expected_micros) == ("agency/USD", "match", 750_000_000)
    assert outcome.figures == {"net_micros": 4_250_000_000, "gross_micros": 5_000_000_000}
    [net] = judged(facts(ledger, [paid(of="net")]), "agency-fee")
    assert (net.verdict, net.expected_micros, net.at_risk_micros) == ("finding", 637_500_000, 112_500_000)
    assert judged(facts(ledger), "agency-fee") == []


def test_first_agreement_with_a_fee_counts_for_its_campaigns(ledger: Ledger) -> None:
    sync(ledger, google=media(("7", 1_000), ("8", 100), ("9", 50)), agency=agency("110.00"))

    agreed = [paid("10%", "net", campaign="7"), paid("20%", "net", campaign="8"), paid("5%", campaign="7")]

    [outcome] = judged(facts(ledger, agreed), "agency-fee")
    assert (outcome.verdict, outcome.direction, outcome.expected_micros) == ("finding", "under", 120_000_000)
    assert outcome.figures == {"net_micros": 1_100_000_000}


def test_fee_that_begins_among_days_of_one_price_is_not_checkable(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(3, 20, cost=1_000_000)), agency=agency("100.00"))

    found = facts(ledger, [paid("10%", "net", first_day="2026-10-16")])

    assert verdicts(found, "agency-fee") == [("agency/USD", "not_checkable", 0)]


def test_bill_of_an_agency_without_any_media_is_not_checkable(ledger: Ledger) -> None:
    sync(ledger, google=media(("7", 1_000)), agency=agency("100.00"))

    found = facts(ledger, [paid(campaign="none-*")])

    [outcome] = judged(found, "agency-fee")
    assert (outcome.verdict, outcome.explanation) == (
        "not_checkable",
        "Not checked: no campaign of the agency's agreements ran.",
    )
