"""Orders of all channels become evidence; what was not asked for becomes nothing."""

from dataclasses import replace
from datetime import date

import pytest

from adtally import ConfigError, ContractError, Evidence, Unit, Window
from adtally_connectors.shopify import Shopify

from .builders import PAGE, Json, bag, journey, order, visit
from .conftest import Api


def pulled(shopify: Shopify, unit: Unit) -> list[Evidence]:
    return list(shopify.orders(unit))


def one(api: Api, shopify: Shopify, unit: Unit, **changes: object) -> Evidence:
    api.orders(order(**changes))
    [found] = pulled(shopify, unit)
    return found


def test_an_order_is_a_record_under_its_campaign(api: Api, shopify: Shopify, october: Unit) -> None:
    assert one(api, shopify, october) == Evidence(
        source_id="demo-shop.myshopify.com",
        record_id="5001",
        kind="order",
        day=date(2026, 10, 3),
        key_kind="utm_id",
        key_value="20990001",
        status="paid",
        quantity_micros=1_000_000,
        value_micros=100_000_000,
        currency="EUR",
        timezone="Europe/Berlin",
        evidence_class="E3",
    )


def test_the_window_is_asked_for_in_instants_of_the_shops_own_days(
    api: Api, shopify: Shopify, october: Unit
) -> None:
    api.orders()

    assert pulled(shopify, october) == []
    query = "created_at:>='2026-09-30T22:00:00Z' created_at:<'2026-10-31T23:00:00Z'"
    assert api.asked == [{"query": query}, {"query": query, "first": 20, "after": None}]


@pytest.mark.parametrize(
    ("created", "day"),
    [
        ("2026-09-30T22:00:00Z", date(2026, 10, 1)),
        ("2026-10-25T00:30:00Z", date(2026, 10, 25)),
        ("2026-10-25T22:59:59Z", date(2026, 10, 25)),
        ("2026-10-25T23:00:00Z", date(2026, 10, 26)),
        ("2026-10-31T22:59:59Z", date(2026, 10, 31)),
    ],
)
def test_a_day_is_the_shops_own_also_while_the_clocks_change(
    api: Api, shopify: Shopify, october: Unit, created: str, day: date
) -> None:
    assert one(api, shopify, october, createdAt=created).day == day


@pytest.mark.parametrize("created", ["2026-09-30T21:59:59Z", "2026-10-31T23:00:00Z"])
def test_an_order_of_another_day_is_refused(api: Api, shopify: Shopify, october: Unit, created: str) -> None:
    with pytest.raises(ContractError, match="which was not asked for"):
        one(api, shopify, october, createdAt=created)


def test_an_instant_without_an_offset_is_refused(api: Api, shopify: Shopify, october: Unit) -> None:
    with pytest.raises(ContractError, match="createdAt"):
        one(api, shopify, october, createdAt="2026-10-03T08:15:12")


@pytest.mark.parametrize(
    ("native", "status"),
    [
        ("PAID", "paid"),
        ("PARTIALLY_REFUNDED", "paid"),
        ("PARTIALLY_PAID", "accepted"),
        ("REFUNDED", "refunded"),
        ("AUTHORIZED", "pending"),
        ("PENDING", "pending"),
        ("VOIDED", "cancelled"),
        ("EXPIRED", "cancelled"),
        (None, "pending"),
    ],
)
def test_the_financial_status_says_whether_it_is_a_sale(
    api: Api, shopify: Shopify, october: Unit, native: str | None, status: str
) -> None:
    assert one(api, shopify, october, displayFinancialStatus=native).status == status


def test_a_status_that_nobody_knows_is_named_and_counts_as_pending(
    api: Api, shopify: Shopify, october: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    assert one(api, shopify, october, displayFinancialStatus="BARTERED").status == "pending"
    assert "order 5001: status BARTERED" in caplog.text


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"test": True}, "test"),
        ({"cancelledAt": "2026-10-04T00:00:00Z"}, "cancelled"),
        ({"cancelledAt": "2026-10-04T00:00:00Z", "displayFinancialStatus": "REFUNDED"}, "cancelled"),
        ({"test": True, "cancelledAt": "2026-10-04T00:00:00Z"}, "test"),
    ],
)
def test_a_test_or_a_cancelled_order_is_no_sale_whatever_was_paid(
    api: Api, shopify: Shopify, october: Unit, changes: dict[str, object], status: str
) -> None:
    assert one(api, shopify, october, **changes).status == status


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"taxesIncluded": False}, 119_000_000),
        ({"totalTaxSet": None, "shippingLines": {"nodes": []}}, 119_000_000),
        ({"shippingLines": {"nodes": []}, "totalTaxSet": bag("19")}, 100_000_000),
        ({"subtotalPriceSet": bag("0.0"), "totalTaxSet": bag("0.0"), "shippingLines": {"nodes": []}}, 0),
    ],
    ids=["prices without tax", "no tax", "no shipping", "a discount of 100 percent"],
)
def test_the_value_is_that_of_the_goods_without_tax_and_shipping(
    api: Api, shopify: Shopify, october: Unit, changes: dict[str, object], value: int
) -> None:
    found = one(api, shopify, october, **changes)

    assert (found.value_micros, found.status) == (value, "paid")


@pytest.mark.parametrize(
    ("amount", "currency", "value"),
    [("84.0", "EUR", 84_000_000), ("1200", "JPY", 1_200_000_000), ("3.125", "KWD", 3_125_000)],
)
def test_amounts_lose_their_zeros_and_currencies_have_more_or_fewer(
    api: Api, shopify: Shopify, october: Unit, amount: str, currency: str, value: int
) -> None:
    found = one(
        api, shopify, october, subtotalPriceSet=bag(amount, currency), taxesIncluded=False, totalTaxSet=None
    )

    assert (found.value_micros, found.currency) == (value, currency)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"totalTaxSet": bag("20.9", "USD")}, "EUR and in 'USD'"),
        ({"subtotalPriceSet": bag("a lot")}, "amount"),
        ({"subtotalPriceSet": bag("NaN")}, "not an amount"),
        ({"subtotalPriceSet": None}, "subtotalPriceSet"),
        ({"id": "gid://shopify/Order/"}, "an id is not understood"),
        ({"test": "perhaps"}, "test"),
    ],
)
def test_an_order_that_cannot_be_understood_is_refused(
    api: Api, shopify: Shopify, october: Unit, changes: Json, says: str
) -> None:
    with pytest.raises(ContractError, match=says):
        one(api, shopify, october, **changes)


@pytest.mark.parametrize(
    ("source", "flags"),
    [
        ("pos", "pos no_visit"),
        ("shopify_draft_order", "draft no_visit"),
        ("3890849", "other_channel no_visit"),
        ("subscription_contract_checkout_one", "renewal no_visit"),
        ("web", "no_visit"),
        (None, "no_visit"),
    ],
)
def test_orders_of_other_channels_come_too_and_say_so(
    api: Api, shopify: Shopify, october: Unit, source: str | None, flags: str
) -> None:
    found = one(api, shopify, october, sourceName=source, customerJourneySummary=None)

    assert (found.flags, found.key_kind, found.key_value) == (flags, "name", "")


@pytest.mark.parametrize(
    ("summary", "flags"),
    [
        ({"ready": False, "momentsCount": None, "moments": None, "lastVisit": None}, "visits_pending"),
        (journey(), "no_visit"),
        (journey(visit(at="2026-08-01T00:00:00Z")), "no_visit"),
        (journey(visit(), momentsCount={"count": 99}), "more_visits"),
        (journey(visit(), momentsCount=None), ""),
        (journey(visit(), visit(f"{PAGE}?utm_id=7", "2026-10-01T00:00:00Z")), "earlier_visit"),
    ],
    ids=["being computed", "none", "too old", "more than are read", "not counted", "a direct one last"],
)
def test_what_weakens_the_visits_is_flagged(
    api: Api, shopify: Shopify, october: Unit, summary: Json, flags: str
) -> None:
    assert one(api, shopify, october, customerJourneySummary=summary).flags == flags


def test_an_edited_order_says_so(api: Api, shopify: Shopify, october: Unit) -> None:
    assert one(api, shopify, october, edited=True).flags == "edited"


@pytest.mark.parametrize(("day", "refused"), [(date(2026, 10, 17), False), (date(2026, 10, 16), True)])
def test_older_months_are_not_counted_by_an_app_that_sees_only_sixty_days(
    api: Api, shopify: Shopify, october: Unit, day: date, refused: bool
) -> None:
    unit = replace(october, window=Window(day, date(2026, 10, 31)))
    api.expected(0, "read_orders")
    if not refused:
        api.page()
        assert pulled(shopify, unit) == []
        return

    with pytest.raises(ConfigError, match="let Shopify grant it read_all_orders"):
        pulled(shopify, unit)
