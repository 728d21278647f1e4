"""Invoices: lines with what is billed, and the readings that Amazon leaves open."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from adtally import AuthError, ContractError, DeniedError, Invoice, InvoiceLine, NotOffered, Unit, Window
from adtally_connectors.amazon_ads import AmazonAds

from .builders import (
    ADVERTISER,
    AGENCY,
    CAMPAIGN,
    HOST,
    PROFILE,
    TOKEN_URL,
    Json,
    adjustment,
    campaign,
    display_line,
    document,
    line,
    money,
    summary,
)

if TYPE_CHECKING:
    from .conftest import Api

URL = f"{HOST}/invoices"


def told(api: Api, *documents: Json, envelope: bool = False) -> None:
    """A list of these documents, and each of them."""
    heads = [one["invoiceSummary"] for one in documents]
    page: Json = {"invoiceSummaries": heads, "nextCursor": None}
    api.mock.get(URL, json={"status": "SUCCESS", "payload": page} if envelope else page)
    for one, head in zip(documents, heads, strict=True):
        number = head["id"]  # type: ignore[index]
        api.mock.get(f"{URL}/{number}", json={"payload": one} if envelope else one)


def only(amazon: AmazonAds, unit: Unit) -> Invoice:
    [invoice] = list(amazon.invoices(unit))
    assert sum(part.amount_micros for part in invoice.lines) == invoice.total_micros
    return invoice


def of_kind(invoice: Invoice, kind: str) -> list[int]:
    return [part.amount_micros for part in invoice.lines if part.kind == kind]


@pytest.mark.parametrize("envelope", [False, True])
def test_an_invoice_has_a_line_for_each_campaign(
    api: Api, amazon: AmazonAds, october: Unit, envelope: bool
) -> None:
    told(api, document(), envelope=envelope)

    def billed(place: int, amount: int, **told: object) -> InvoiceLine:
        days = {"first_day": date(2026, 10, 1), "last_day": date(2026, 10, 14)}
        fields = {"line": str(place), "account_id": PROFILE, "amount_micros": amount, **days, **told}
        return msgspec.convert(fields, InvoiceLine)

    assert only(amazon, october) == Invoice(
        invoice_id="DE0099ABC-12",
        number="DE0099ABC-12",
        status="paid_in_full",
        issue_day=date(2026, 10, 14),
        due_day=date(2026, 11, 14),
        timezone="Europe/Berlin",
        currency="EUR",
        adjustments_micros=-5_000_000,
        fees_micros=0,
        tax_micros=95_000_000,
        total_micros=595_000_000,
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 14),
        lines=(
            billed(
                1,
                420_000_000,
                campaign_id=str(CAMPAIGN),
                campaign_name="DE | Kaffee",
                description="SPONSORED PRODUCT",
                quantity=600,
                unit="clicks",
                unit_price_micros=700_000,
                price_is_average=True,
            ),
            billed(
                2,
                85_000_000,
                campaign_id="281474976710055",
                campaign_name="DE | Display reach",
                description="SPONSORED DISPLAY",
                quantity=20_000,
                unit="viewable_impressions",
                per=1000,
                unit_price_micros=4_250_000,
                price_is_average=True,
            ),
            billed(3, -5_000_000, kind="adjustment", description="Invalid traffic"),
            billed(4, 95_000_000, kind="tax", description="VAT", jurisdiction="DE", rate_ppm=190_000),
        ),
    )
    [page], [detail] = api.calls("/invoices"), api.calls("/invoices/DE0099ABC-12")
    assert page.headers["Accept"] == "application/vnd.invoices.v1.1+json"
    assert detail.headers["Accept"] == "application/vnd.invoice.v1.1+json"
    assert page.headers["Amazon-Advertising-API-Scope"] == PROFILE


@pytest.mark.parametrize("program", ["SPONSORED DISPLAY FOR FIRE TV", ""])
def test_other_programs_are_billed_by_impressions_of_any_kind(
    api: Api, amazon: AmazonAds, october: Unit, program: str
) -> None:
    told(
        api,
        document(
            summary(amountDue=money(85.0), taxAmountDue=None),
            invoiceLines=[display_line(programName=program)],
            adjustments=[],
            taxDetail=None,
        ),
    )

    [billed] = only(amazon, october).lines

    assert (billed.quantity, billed.unit, billed.per) == (20_000, "impressions", 1000)


def test_an_adjustment_counts_with_the_sign_by_which_the_document_adds_up(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    told(api, document(adjustments=[adjustment(5.0)]))

    invoice = only(amazon, october)

    assert (of_kind(invoice, "adjustment"), invoice.total_micros) == ([-5_000_000], 595_000_000)


def test_an_amount_due_without_tax_is_one_before_tax(api: Api, amazon: AmazonAds, october: Unit) -> None:
    told(api, document(summary(amountDue=money(500.0))))

    invoice = only(amazon, october)

    assert (invoice.tax_micros, invoice.total_micros) == (95_000_000, 595_000_000)


def fee(amount: float) -> Json:
    return {
        "cost": money(amount),
        "feeType": "REGULATORY_ADVERTISING_FEE",
        "feeIdentifiers": {"countryCode": "AT"},
    }


@pytest.mark.parametrize(
    ("due", "by_line", "in_all", "fees"),
    [
        (618.0, [fee(20.0), fee(3.0)], [fee(23.0)], [20_000_000, 3_000_000]),
        (618.0, [], [fee(23.0)], [23_000_000]),
        (595.0, [fee(20.0)], [fee(20.0)], []),  # the costs hold them
    ],
)
def test_fees_stand_once_and_only_where_the_costs_do_not_hold_them(
    api: Api,
    amazon: AmazonAds,
    october: Unit,
    due: float,
    by_line: list[Json],
    in_all: list[Json],
    fees: list[int],
) -> None:
    head = summary(amountDue=money(due), fees=in_all)
    told(api, document(head, invoiceLines=[line(fees=by_line), display_line()]))

    invoice = only(amazon, october)

    assert (of_kind(invoice, "fee"), invoice.fees_micros) == (fees, sum(fees))
    assert {part.jurisdiction for part in invoice.lines if part.kind == "fee"} <= {"AT"}


@pytest.mark.parametrize("sign", [1, -1])
def test_a_promotion_takes_something_off(api: Api, amazon: AmazonAds, october: Unit, sign: int) -> None:
    promotion = {"amount": money(sign * 50.0), "description": "Welcome"}
    told(api, document(summary(amountDue=money(545.0)), promotions=[promotion]))

    assert of_kind(only(amazon, october), "promotion") == [-50_000_000]


def test_a_document_with_a_line_twice_is_refused(api: Api, amazon: AmazonAds, october: Unit) -> None:
    twice = document()
    told(api, {**twice, "invoiceLines": [line(), line(campaignId=2), line()]})

    with pytest.raises(ContractError, match="document DE0099ABC-12 has a line twice"):
        list(amazon.invoices(october))


def test_a_misprint_stays_one(api: Api, amazon: AmazonAds, october: Unit) -> None:
    told(api, document(summary(amountDue=money(612.0))))

    [invoice] = list(amazon.invoices(october))

    assert invoice.total_micros == 612_000_000
    assert sum(part.amount_micros for part in invoice.lines) == 595_000_000


def test_taxes_that_are_not_all_of_it_are_one_line(api: Api, amazon: AmazonAds, october: Unit) -> None:
    tax = {"taxBreakups": [{"taxName": "State", "taxAmount": money(40.0)}]}
    told(api, document(taxDetail=tax))

    assert of_kind(only(amazon, october), "tax") == [95_000_000]


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("ACCUMULATING", "open"),
        ("PROCESSING", "open"),
        ("ISSUED", "issued"),
        ("WRITTEN_OFF", "written_off"),
        ("SOMETHING_NEW", "something_new"),
    ],
)
def test_a_document_that_still_grows_is_open(
    api: Api, amazon: AmazonAds, october: Unit, status: str, ours: str
) -> None:
    told(api, document(summary(status=status)))

    assert only(amazon, october).status == ours


def test_documents_that_touch_on_a_day_are_told_as_they_are(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    second = document(summary(id="DE0099ABC-13", fromDate="20261014", toDate="20261031"))
    told(api, document(), second)

    found = [(one.first_day, one.last_day) for one in amazon.invoices(october)]

    assert found == [(date(2026, 10, 1), date(2026, 10, 14)), (date(2026, 10, 14), date(2026, 10, 31))]


def test_pages_follow_the_cursor_alone_and_each_document_comes_once(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    api.mock.get(URL, json={"invoiceSummaries": [summary()], "nextCursor": "b2Zm"})
    api.mock.get(URL, json={"invoiceSummaries": [summary()], "nextCursor": None})
    api.mock.get(f"{URL}/DE0099ABC-12", json=document())

    assert [one.invoice_id for one in amazon.invoices(october)] == ["DE0099ABC-12"]
    assert api.asked("/invoices") == [
        {"startDate": "2026-09-30", "endDate": "2026-11-23", "count": "100"},
        {"cursor": "b2Zm"},
    ]


def test_a_document_belongs_to_the_month_of_its_last_day(api: Api, amazon: AmazonAds, october: Unit) -> None:
    across = document(summary(fromDate="20261028", toDate="20261103", invoiceDate="20261104"))
    told(api, across)
    november = october.within(Window(date(2026, 11, 1), date(2026, 11, 30)))

    assert list(amazon.invoices(october)) == []
    assert [one.first_day for one in amazon.invoices(november)] == [date(2026, 10, 28)]


def test_a_document_of_an_agency_is_told_by_the_advertiser_that_it_bills(
    api: Api, amazon: AmazonAds, dsp: Unit
) -> None:
    def of(number: str, level: str, about: object, campaign_id: int) -> Json:
        aggregation = {"billingLevel": level, "billingAggregationId": about}
        head = summary(id=number, billingAggregation=aggregation)
        return document(head, invoiceLines=[line(campaignId=campaign_id), display_line()])

    told(
        api,
        of("own-by-campaign", "CAMPAIGN", str(CAMPAIGN), 1),
        of("own-by-account", "ACCOUNT", ADVERTISER, 1),
        of("own-by-line", "ACCOUNT", "ENTITY", CAMPAIGN),
        of("of-another", "CAMPAIGN", "1", 1),
        of("of-another-by-campaign", "CAMPAIGN", "1", CAMPAIGN),
    )
    api.listed("/adsApi/v1/query/campaigns", campaign())

    found = list(amazon.invoices(dsp))

    assert [one.invoice_id for one in found] == ["own-by-campaign", "own-by-account", "own-by-line"]
    assert {part.account_id for one in found for part in one.lines} == {ADVERTISER}
    assert {call.headers["Amazon-Advertising-API-Scope"] for call in api.calls("/invoices")} == {AGENCY}


def test_each_document_of_an_agency_has_one_teller(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    both = document(summary(), invoiceLines=[line(campaignId=1), display_line(campaignId=2)])
    told(api, both)
    tellers = list[str]()

    for account_id, campaign_id in (("A", "1"), ("B", "2")):
        api.mock.upsert(
            "POST",
            f"{HOST}/adsApi/v1/query/campaigns",
            json={"campaigns": [campaign(campaign_id)]},
        )
        unit = Unit(replace(dsp.account, id=account_id), dsp.window, dsp.today)
        tellers += [account_id for _ in amazon.invoices(unit)]

    assert tellers == ["A"]


@pytest.mark.parametrize("status", [401, 403])
def test_who_may_not_see_bills_is_denied_this_report_alone(
    api: Api, amazon: AmazonAds, october: Unit, status: int
) -> None:
    api.refuse(status, "nemo_transactions_view is required", method="GET", url=URL)

    with pytest.raises(DeniedError):
        list(amazon.invoices(october))


def test_a_dead_sign_in_is_no_lack_of_permission(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.mock.replace("POST", TOKEN_URL, json={"error": "invalid_grant"}, status=400)

    with pytest.raises(AuthError) as caught:
        list(amazon.invoices(october))

    assert not isinstance(caught.value, DeniedError)


def test_a_profile_without_billing_has_no_documents(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.refuse(404, "not found", method="GET", url=URL)

    with pytest.raises(NotOffered):
        list(amazon.invoices(october))


@pytest.mark.parametrize("changes", [{"toDate": "soon"}, {"toDate": "", "invoiceDate": ""}])
def test_a_document_without_a_day_is_refused(
    api: Api, amazon: AmazonAds, october: Unit, changes: dict[str, object]
) -> None:
    told(api, document(summary(**changes)))

    with pytest.raises(ContractError, match=r"DE0099ABC-12|not a day"):
        list(amazon.invoices(october))
