"""Accounts, names and prices as CM360 keeps them."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from adtally import Account, AdGroup, Campaign, ContractError, Order, Terms, Unit
from adtally_connectors.cm360 import Cm360

from .builders import HOST, Json, group, period, placement, schedule
from .conftest import Api

KEY = '{"client_email": "a@b.example", "private_key": "..."}'


def terms(
    api: Api, cm360: Cm360, unit: Unit, *placements: Json, groups: tuple[Json, ...] = ()
) -> list[Terms]:
    api.listed("placementGroups", *groups)
    api.listed("placements", *placements)
    return list(cm360.terms(unit))


def orders(
    api: Api, cm360: Cm360, unit: Unit, *placements: Json, groups: tuple[Json, ...] = ()
) -> list[Order]:
    api.listed("placementGroups", *groups)
    api.listed("placements", *placements)
    return list(cm360.orders(unit))


def advertisers(api: Api, currency: str, *rows: Json) -> None:
    api.mock.get(HOST, json={"profileId": "42", "accountId": "77001", "userName": "me"})
    api.mock.get(f"{HOST}/accounts/77001", json={"id": "77001", "currencyId": currency})
    if rows:
        api.listed("advertisers", *rows)


def test_an_account_is_an_advertiser_in_its_owners_currency_and_clock(api: Api, cm360: Cm360) -> None:
    rows: list[Json] = [
        {"id": "5511", "name": "Demo", "status": "APPROVED"},
        {"id": "5512", "name": "Old", "status": "ON_HOLD", "suspended": True},
    ]
    advertisers(api, "17", *rows)

    assert list(cm360.accounts()) == [
        Account(
            id=number,
            name=name,
            currency="EUR",
            timezone="America/New_York",
            status=status,
            manager_id="77001",
        )
        for number, name, status in (("5511", "Demo", "APPROVED"), ("5512", "Old", "SUSPENDED"))
    ]


@pytest.mark.parametrize("currency", ["3", "999", ""])
def test_a_currency_that_is_not_known_refuses_the_account(api: Api, cm360: Cm360, currency: str) -> None:
    advertisers(api, currency, {"id": "5511"})

    with pytest.raises(ContractError, match="no known currency"):
        list(cm360.accounts())


@pytest.mark.parametrize(
    "fields",
    [
        {"client_id": "a", "client_secret": "b"},
        {"service_account": KEY, "client_id": "a"},
        {},
        {"service_account": KEY, "timezone": "Eastern Time"},
    ],
)
def test_settings_that_cannot_work_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Cm360.model_validate({"profile_id": "42", "timezone": "Europe/Berlin", **fields})


def test_a_service_account_alone_is_enough() -> None:
    one = Cm360.model_validate({"profile_id": "42", "timezone": "Europe/Berlin", "service_account": KEY})

    assert one.client_id == ""
    assert one.auth() is not None


def test_campaigns_and_placements_are_asked_for_in_every_state(api: Api, cm360: Cm360, october: Unit) -> None:
    campaign = {"id": "220011", "name": "Spring", "advertiserId": "5511", "startDate": "2026-03-01"}
    api.listed(
        "campaigns", campaign, {"id": "220012", "name": "Old", "archived": True, "endDate": "2026-01-31"}
    )
    api.listed("placements", placement(activeStatus="PLACEMENT_STATUS_ARCHIVED"))

    assert list(cm360.campaigns(october)) == [
        Campaign(campaign_id="220011", name="Spring", first_day=date(2026, 3, 1)),
        Campaign(campaign_id="220012", name="Old", status="archived", last_day=date(2026, 1, 31)),
    ]
    assert list(cm360.ad_groups(october)) == [
        AdGroup(
            ad_group_id="3300101",
            campaign_id="220011",
            name="Zeitung_Home_970x250",
            status="PLACEMENT_STATUS_ARCHIVED",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 31),
        )
    ]
    states = [value for name, value in api.params("placements")[0] if name == "activeStatus"]
    assert states == [
        f"PLACEMENT_STATUS_{state}" for state in ("ACTIVE", "INACTIVE", "ARCHIVED", "PERMANENTLY_ARCHIVED")
    ]
    assert "archived" not in dict(api.params("campaigns")[0])


@pytest.mark.parametrize(
    ("kind", "model", "event"),
    [
        ("CPM", "cpm", "impressions"),
        ("CPM_ACTIVEVIEW", "vcpm", "viewable_impressions"),
        ("CPC", "cpc", "clicks"),
        ("CPA", "cpa", "conversions"),
        ("FLAT_RATE_IMPRESSIONS", "flat", ""),
        ("FLAT_RATE_CLICKS", "flat", ""),
    ],
)
def test_nanos_are_a_price_by_the_pricing_type(
    api: Api, cm360: Cm360, october: Unit, kind: str, model: str, event: str
) -> None:
    [one] = terms(
        api, cm360, october, placement(pricingSchedule=schedule(pricingType=f"PRICING_TYPE_{kind}"))
    )

    assert (one.model, one.billable_event, one.rate_micros, one.kind) == (model, event, 12_500_000, "fixed")
    assert (one.level, one.entity_id, one.campaign_id) == ("ad_group", "3300101", "220011")
    assert f"pricingType=PRICING_TYPE_{kind}, capCostOption=CAP_COST_CUMULATIVE" in one.native


def test_a_pricing_type_that_is_not_known_is_no_price(api: Api, cm360: Cm360, october: Unit) -> None:
    [one] = terms(api, cm360, october, placement(pricingSchedule=schedule(pricingType="PRICING_TYPE_CPH")))

    assert (one.model, one.rate_micros, one.kind) == (None, None, "auto")
    assert "PRICING_TYPE_CPH" in one.native


def test_a_price_of_less_than_a_millionth_is_rounded(api: Api, cm360: Cm360, october: Unit) -> None:
    [one] = terms(api, cm360, october, placement(pricingSchedule=schedule(period(nanos=1_500))))

    assert one.rate_micros == 2


@pytest.mark.parametrize(
    ("today", "rate", "first_day"),
    [
        (date(2026, 9, 1), 1_000_000, date(2026, 10, 1)),
        (date(2026, 10, 20), 1_000_000, date(2026, 10, 1)),
        (date(2026, 11, 1), 2_000_000, date(2026, 11, 1)),
        (date(2026, 12, 24), 2_000_000, date(2026, 11, 1)),
    ],
    ids=["before both", "in the first", "in the second", "after both"],
)
def test_the_price_is_that_of_the_period_of_the_day_else_of_the_next_or_the_last(
    api: Api, cm360: Cm360, october: Unit, today: date, rate: int, first_day: date
) -> None:
    periods = (
        period("2026-11-01", "2026-11-30", 2_000_000_000),
        period("2026-10-01", "2026-10-31", 1_000_000_000),
    )
    unit = replace(october, today=today)

    [one] = terms(api, cm360, unit, placement(pricingSchedule=schedule(*periods)))

    assert (one.rate_micros, one.first_day) == (rate, first_day)


def test_a_package_prices_its_placements(api: Api, cm360: Cm360, october: Unit) -> None:
    [one] = terms(api, cm360, october, placement(placementGroupId="440001"), groups=(group(),))

    assert (one.model, one.rate_micros) == ("cpm", 9_000_000)
    assert "placementGroupId=440001, placementGroupType=PLACEMENT_PACKAGE" in one.native


def test_the_flat_price_of_a_package_is_no_placements_own(api: Api, cm360: Cm360, october: Unit) -> None:
    flat = group(pricingSchedule=schedule(pricingType="PRICING_TYPE_FLAT_RATE_CLICKS"))

    [one] = terms(api, cm360, october, placement(placementGroupId="440001"), groups=(flat,))

    assert (one.model, one.rate_micros) == ("flat", None)


def test_a_roadblock_is_paid_on_its_primary_placement_alone(api: Api, cm360: Cm360, october: Unit) -> None:
    roadblock = group(placementGroupType="PLACEMENT_ROADBLOCK", primaryPlacementId="1")
    both = [placement(number, placementGroupId="440001") for number in ("1", "2")]

    primary, other = terms(api, cm360, october, *both, groups=(roadblock,))

    assert (primary.model, primary.rate_micros) == ("cpm", 9_000_000)
    assert (other.model, other.rate_micros, other.kind) == (None, None, "auto")


def test_a_booking_is_an_order_up_to_its_units_at_their_price(api: Api, cm360: Cm360, october: Unit) -> None:
    assert orders(api, cm360, october, placement()) == [
        Order(
            order_id="3300101",
            paid_type="PLACEMENT_AGENCY_PAID",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 31),
            cap_micros=12_500_000_000,
            units=1_000_000,
            model="cpm",
            rate_micros=12_500_000,
            currency="USD",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "cap"),
    [
        ("CPC", 12_500_000_000_000),
        ("FLAT_RATE_IMPRESSIONS", 12_500_000),
        ("CPH", None),
    ],
)
def test_the_cap_of_an_order_follows_from_its_pricing_type(
    api: Api, cm360: Cm360, october: Unit, kind: str, cap: int | None
) -> None:
    booked = placement(pricingSchedule=schedule(pricingType=f"PRICING_TYPE_{kind}"))

    [one] = orders(api, cm360, october, booked)

    assert (one.cap_micros, one.units) == (cap, 1_000_000)


def test_periods_of_an_order_add_up_each_at_its_own_price(api: Api, cm360: Cm360, october: Unit) -> None:
    periods = (period(nanos=1_000_000_000), period("2026-11-01", "2026-11-30", 2_000_000_000))

    [one] = orders(api, cm360, october, placement(pricingSchedule=schedule(*periods)))

    assert (one.cap_micros, one.units, one.rate_micros) == (3_000_000_000, 2_000_000, 2_000_000)


def test_a_group_is_one_order_and_its_placements_are_none(api: Api, cm360: Cm360, october: Unit) -> None:
    unpriced = placement("3", pricingSchedule={"pricingType": "PRICING_TYPE_CPM"})
    rows = [placement("1", placementGroupId="440001"), placement("2"), unpriced]

    found = orders(api, cm360, october, *rows, groups=(group(),))

    assert [one.order_id for one in found] == ["440001", "2"]
