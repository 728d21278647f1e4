"""What only Amazon has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator

import pytest

from adtally import Invoice, InvoiceLine, Terms, Window, world
from adtally_connectors.amazon_ads import AmazonAds
from adtally_connectors.amazon_ads.sandbox import AmazonAdsFake

from ..sandboxed import OCTOBER, SEPTEMBER, Served, owned, summed
from ..trials import played

SPONSORED, DSP = "30123456789011", "5830000000012"


@pytest.fixture(scope="module")
def amazon() -> Iterator[Served]:
    with world.serve(played(), fakes={"amazon_ads": AmazonAdsFake}) as sandbox:
        fake = AmazonAdsFake(played())
        fields = {**fake.table(), "base_url": f"{sandbox.url}/amazon_ads", "requests_per_second": None}
        connector = AmazonAds.model_validate(fields)
        connector.http.sleep = lambda _: None
        yield Served(connector, {account.id: account for account in connector.accounts()})


@pytest.mark.parametrize("account_id", [SPONSORED, DSP])
def test_terms_are_the_models_of_the_world(amazon: Served, account_id: str) -> None:
    terms = amazon.told(Terms, "terms", account_id, SEPTEMBER)

    assert {one.entity_id: one.model for one in terms} == {
        campaign.campaign_id: campaign.model for campaign in owned(account_id).campaigns
    }


def test_what_is_billed_is_counted_by_what_is_paid_for(amazon: Served) -> None:
    records = amazon.deliveries("campaign_daily", SPONSORED, SEPTEMBER)
    event = {"cpc": "clicks", "vcpm": "viewable_impressions", "cpm": "impressions"}
    models = {campaign.campaign_id: campaign.model for campaign in owned(SPONSORED).campaigns}

    assert {models[one.campaign_id] for one in records} == set(event)
    for one in records:
        counted: int = getattr(one, event[models[one.campaign_id]])
        assert one.billable_units == counted


def test_units_below_the_campaign_are_the_same_but_for_ad_groups_of_sponsored_brands(amazon: Served) -> None:
    def units(report: str) -> dict[str, int | None]:
        sums: dict[str, int | None] = {}
        for one in amazon.deliveries(report, SPONSORED, SEPTEMBER):
            known = sums.setdefault(one.campaign_id, 0)
            both = known is not None and one.billable_units is not None
            sums[one.campaign_id] = (known or 0) + (one.billable_units or 0) if both else None
        return sums

    names = {campaign.campaign_id: campaign.name for campaign in owned(SPONSORED).campaigns}
    by_campaign, by_group, by_ad = map(units, ("campaign_daily", "ad_group_daily", "ad_daily"))

    for campaign_id, count in by_campaign.items():
        is_tv, is_brand = (
            names[campaign_id].startswith(name) for name in ("Sponsored TV", "Sponsored Brands")
        )
        assert by_ad.get(campaign_id) == (None if is_tv else count)
        assert is_tv or by_group[campaign_id] == (None if is_brand else count)


def test_invalid_clicks_are_told_of_every_campaign_but_those_on_tv(amazon: Served) -> None:
    for account_id in (DSP, SPONSORED):
        names = {one.campaign_id: one.name for one in owned(account_id).campaigns}
        told = {
            (one.day, one.campaign_id): one.invalid_clicks
            for one in amazon.deliveries("campaign_daily", account_id, SEPTEMBER)
        }

        happened = summed(account_id, SEPTEMBER, "campaign", ("invalid_clicks",))

        assert told == {
            (day, campaign_id): None if names[str(campaign_id)].startswith("Sponsored TV") else invalid
            for (_, day, campaign_id, *_), (invalid,) in happened.items()
        }


@pytest.mark.parametrize("account_id", [SPONSORED, DSP])
@pytest.mark.parametrize("window", [SEPTEMBER, OCTOBER], ids=str)
def test_the_bill_of_each_month_comes_back_line_by_line(
    amazon: Served, account_id: str, window: Window
) -> None:
    [bill] = [
        one
        for one in played().bills
        if (one.connector, one.account_id, one.service) == ("amazon", account_id, window)
    ]

    [invoice] = amazon.told(Invoice, "invoices", account_id, window)

    assert (invoice.invoice_id, invoice.total_micros) == (bill.invoice_id, bill.total_micros)
    assert (invoice.issue_day, invoice.purchase_order) == (bill.issue_day, bill.purchase_order)
    assert list(map(_printed, invoice.lines)) == list(map(_printed, bill.lines))


def _printed(line: InvoiceLine | world.BillLine) -> tuple[object, ...]:
    counted = (line.quantity, line.unit, line.per)
    return (line.kind, line.campaign_id, *counted, line.amount_micros, line.first_day, line.last_day)
