"""The connector against the fake over real HTTP: what went into the world comes out of it as a count."""

import json
from collections.abc import Iterator
from datetime import date
from typing import TypeVar

import pytest

from adtally import (
    Account,
    AdGroup,
    AdtallyError,
    Campaign,
    DeniedError,
    Evidence,
    Invoice,
    Order,
    Record,
    Terms,
    Unit,
    Window,
    world,
)
from adtally.calendar import month
from adtally.testing.loopback import loopback
from adtally_connectors.cm360 import Cm360
from adtally_connectors.cm360.sandbox import Cm360Fake

from ..sandboxed import OCTOBER, SEPTEMBER
from ..trials import played

R = TypeVar("R", bound=Record)

OPEN, DENIED = "5510101", "5510103"
KINDS = {
    "impression": "impressions",
    "viewable_impression": "viewable_impressions",
    "click": "clicks",
    "view": "video_views",
    "completion": "video_completions",
    "engagement": "engagements",
}
"""Kinds of evidence, by what the world counts."""


class Sandboxed:
    """A connector that reaches a fake of its own."""

    def __init__(self, url: str, fake: Cm360Fake) -> None:
        self.fake = fake
        self.connector = Cm360.model_validate({**fake.table(), "base_url": url, "requests_per_second": None})
        self.connector.http.sleep = lambda _: None
        self.accounts = {account.id: account for account in self.connector.accounts()}

    def fetch(
        self, report: str, window: Window, account_id: str = OPEN, campaigns: tuple[str, ...] = ()
    ) -> list[Record]:
        declared = {one.name: one for one in self.connector.declared()}
        unit = Unit(self.accounts[account_id], window, played().today, campaigns=campaigns)
        return list(self.connector.fetch(declared[report], unit))

    def told(self, kind: type[R], report: str, window: Window = OCTOBER) -> list[R]:
        records = self.fetch(report, window)
        found: list[R] = [one for one in records if isinstance(one, kind)]
        assert len(found) == len(records)
        return found


@pytest.fixture(scope="module")
def cm360() -> Iterator[Sandboxed]:
    fake = Cm360Fake(played())
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        yield Sandboxed(url, fake)


def published() -> dict[str, tuple[world.Account, world.Campaign]]:
    """The publisher's campaigns by their ids."""
    return {
        campaign.campaign_id: (account, campaign)
        for account in played().accounts
        if account.connector == "northbay"
        for campaign in account.campaigns
    }


def delivered(campaign_id: str, window: Window, name: str) -> int:
    return sum(getattr(row, name) for row in played().days[campaign_id] if row.day in window)


def counted(records: list[Evidence], key: str, kind: str) -> int:
    micros = [one.quantity_micros or 0 for one in records if (one.key_value, one.kind) == (key, kind)]
    return sum(micros) // 1_000_000


def test_both_advertisers_are_listed_with_currency_clock_and_owner(cm360: Sandboxed) -> None:
    assert list(cm360.accounts.values()) == [
        Account(
            id=one.account_id,
            name=one.name,
            currency=one.currency,
            timezone=one.timezone,
            status="APPROVED",
            manager_id=one.manager_id,
        )
        for one in played().of_platform("cm360")
    ]


@pytest.mark.parametrize("window", [SEPTEMBER, OCTOBER], ids=["September", "October"])
def test_every_campaign_of_the_publisher_is_counted_a_little_lower(cm360: Sandboxed, window: Window) -> None:
    records = cm360.told(Evidence, "placement_daily", window)

    by_id = {one.key_value for one in records if one.key_kind == "campaign_id"}
    by_name = {one.key_value for one in records if one.key_kind == "name"}
    assert by_id == {number for number, (_, campaign) in published().items() if not campaign.remnant}
    assert by_name == {"NB-102 Remnant clicks", "NB-103 Remnant clicks"}
    for campaign_id in by_id:
        for kind, name in KINDS.items():
            actual, seen = delivered(campaign_id, window, name), counted(records, campaign_id, kind)
            assert actual * 95 <= seen * 100 <= actual * 99 + 100 * window.days, (campaign_id, kind)


def test_counts_are_the_publishers_own_days(cm360: Sandboxed) -> None:
    window = Window(date(2026, 10, 30), date(2026, 11, 9))

    records = cm360.told(Evidence, "placement_daily", window)

    assert {(one.key_value, one.day) for one in records if one.key_kind == "campaign_id"} == {
        (campaign_id, row.day)
        for campaign_id, (_, campaign) in published().items()
        for row in played().days[campaign_id]
        if row.day in window and not campaign.remnant
    }
    assert {one.timezone for one in records} == {"America/New_York"}
    assert {(one.source_id, one.evidence_class) for one in records} == {("cm360", "E2")}


def test_conversions_of_few_people_are_suppressed(cm360: Sandboxed) -> None:
    [quiet] = [number for number, (_, campaign) in published().items() if campaign.quiet]

    records = cm360.told(Evidence, "placement_daily", OCTOBER)

    of_quiet = {one.kind for one in records if one.key_value == quiet}
    assert of_quiet == {"impression", "viewable_impression", "click", "engagement"}
    assert {one.flags for one in records if one.kind == "conversion"} == {"click_through", "view_through"}


def test_the_parts_of_the_campaigns_are_the_whole(cm360: Sandboxed) -> None:
    first, *others = (one.campaign_id for one in cm360.told(Campaign, "campaigns"))

    whole = cm360.fetch("placement_daily", SEPTEMBER)
    parts = [cm360.fetch("placement_daily", SEPTEMBER, OPEN, part) for part in ((first,), tuple(others))]

    assert all(parts)
    assert sorted(map(repr, (one for part in parts for one in part))) == sorted(map(repr, whole))


def test_saved_reports_do_not_pile_up(cm360: Sandboxed) -> None:
    cm360.fetch("placement_daily", SEPTEMBER)

    answer = cm360.connector.http.ask("GET", "/dfareporting/v5/userprofiles/4200001/reports")

    assert json.loads(answer.body)["items"] == []


def test_a_placement_is_listed_for_each_campaign_of_the_publisher_in_every_state(cm360: Sandboxed) -> None:
    campaigns = {one.campaign_id: one.name for one in cm360.told(Campaign, "campaigns")}
    placements = cm360.told(AdGroup, "ad_groups")

    assert sorted((campaigns[one.campaign_id], one.name) for one in placements) == sorted(
        (account.name, f"{account.account_id} {campaign.name}") for account, campaign in published().values()
    )
    assert {one.status.removeprefix("PLACEMENT_STATUS_") for one in placements} == {
        "ACTIVE",
        "INACTIVE",
        "ARCHIVED",
    }


def test_rates_are_the_agreed_ones(cm360: Sandboxed) -> None:
    found = {one.entity_id: one for one in cm360.told(Terms, "terms")}

    assert found.keys() == {f"33{number}" for number in published()}
    priced = {
        number: (campaign.model, campaign.agreement.rate_micros)
        for number, (_, campaign) in published().items()
        if campaign.agreement and campaign.model in ("cpm", "vcpm", "cpc", "flat") and not campaign.quiet
    }
    assert {
        number: (found[f"33{number}"].model, found[f"33{number}"].rate_micros) for number in priced
    } == priced
    assert {one.kind for one in found.values()} == {"fixed"}


def test_a_package_is_one_order_at_the_price_of_both_its_placements(cm360: Sandboxed) -> None:
    terms = {one.entity_id: one for one in cm360.told(Terms, "terms")}
    orders = {one.order_id: one for one in cm360.told(Order, "orders")}
    packaged = {number for number, one in terms.items() if "placementGroupId" in one.native}

    assert orders.keys() == (terms.keys() - packaged) | {"4422101"}
    assert {terms[number].rate_micros for number in packaged} == {orders["4422101"].rate_micros}
    assert {one.currency for one in orders.values()} == {"USD"}


def test_ad_serving_is_billed_by_service_month_and_corrected_once(cm360: Sandboxed) -> None:
    found = {name: cm360.told(Invoice, "invoices", month(name)) for name in ("2026-09", "2026-10", "2026-11")}

    assert [(one.kind, one.issue_day) for one in found["2026-09"]] == [
        ("invoice", date(2026, 10, 2)),
        ("credit_memo", date(2026, 11, 5)),
    ]
    assert [one.kind for one in found["2026-10"]] == ["invoice"]
    assert found["2026-11"] == []
    first, credit = found["2026-09"]
    assert [(link.kind, link.other_id) for link in credit.links] == [("corrects", first.invoice_id)]
    for one in (first, credit, *found["2026-10"]):
        assert sum(line.amount_micros for line in one.lines) == one.total_micros
        assert {line.kind for line in one.lines} == {"fee", "tax"}
        assert (one.total_micros < 0) == (one.kind == "credit_memo")


def test_the_fee_follows_from_what_was_counted(cm360: Sandboxed) -> None:
    records = cm360.told(Evidence, "placement_daily", OCTOBER)
    [invoice] = cm360.told(Invoice, "invoices", OCTOBER)

    served = sum((one.quantity_micros or 0) // 1_000_000 for one in records if one.kind == "impression")
    fees = invoice.fees_micros or 0
    assert abs(fees - served * 50) <= 3 * 5_000


def test_an_advertiser_without_access_says_so_in_every_report(cm360: Sandboxed) -> None:
    refused: dict[str, type[AdtallyError]] = {}
    for report in cm360.connector.declared():
        try:
            cm360.fetch(report.name, SEPTEMBER, DENIED)
        except AdtallyError as error:
            refused[report.name] = type(error)

    assert refused == {report.name: DeniedError for report in cm360.connector.declared()}


def test_no_delivery_is_told() -> None:
    kinds = {kind.__name__ for report in Cm360.declared() for kind in report.records}

    assert kinds == {"Campaign", "AdGroup", "Order", "Terms", "Evidence", "Invoice"}
