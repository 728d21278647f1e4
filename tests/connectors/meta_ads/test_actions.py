"""Interactions: actions by type and attribution, which sums never cross."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Interaction, Unit
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from tests.connectors.meta_ads.conftest import Api, Json

DAY = date(2026, 10, 20)
PIXEL = "offsite_conversion.fb_pixel_purchase"


def ad(api: Api, number: str = "1401", **changes: object) -> Json:
    return api.row(adset_id="1301", ad_id=number, **changes)


def fetched(api: Api, meta: MetaAds, unit: Unit, *rows: Json) -> list[Interaction]:
    api.mock.reset()
    api.run()
    api.result(*rows)
    return list(meta.conversions(Unit(unit.account, unit.window, unit.today)))


def test_each_attribution_is_a_row_beside_the_default(api: Api, meta: MetaAds, october: Unit) -> None:
    actions = [api.action(PIXEL, "4", c1d="2", c7d="3", v1d="1")]
    values = [api.action(PIXEL, "199.6", c7d="149.7", v1d="49.9")]

    records = fetched(api, meta, october, ad(api, actions=actions, action_values=values))

    assert records == [
        Interaction(
            day=DAY,
            campaign_id="1201",
            action=PIXEL,
            attribution=attribution,
            kind="purchase",
            quantity_micros=quantity,
            value_micros=value,
            view_through=attribution == "1d_view",
            in_total=attribution == "default",
        )
        for attribution, quantity, value in (
            ("default", 4_000_000, 199_600_000),
            ("1d_click", 2_000_000, None),
            ("7d_click", 3_000_000, 149_700_000),
            ("1d_view", 1_000_000, 49_900_000),
        )
    ]


def test_another_attribution_setting_of_the_account_changes_the_number_and_doubles_nothing(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    before = fetched(api, meta, october, ad(api, actions=[api.action(PIXEL, "4", c1d="2", c7d="3", v1d="1")]))
    after = fetched(api, meta, october, ad(api, actions=[api.action(PIXEL, "2", c1d="2", c7d="3", v1d="1")]))

    keys = [[(r.day, r.campaign_id, r.action, r.attribution) for r in records] for records in (before, after)]
    sums = [sum(r.quantity_micros for r in records if r.in_total) for records in (before, after)]

    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])
    assert sums == [4_000_000, 2_000_000]
    assert [r.quantity_micros for r in before[1:]] == [r.quantity_micros for r in after[1:]]


def test_a_default_that_comes_under_its_own_name_is_the_same_default(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    records = fetched(api, meta, october, ad(api, actions=[api.action(PIXEL, "7", default="4")]))

    assert [(r.attribution, r.quantity_micros) for r in records] == [("default", 4_000_000)]


def test_actions_are_read_by_ad_and_added_up_by_campaign(api: Api, meta: MetaAds, october: Unit) -> None:
    """Meta leaves conversions out of campaign rows that the rows of their ads have."""
    records = fetched(
        api,
        meta,
        october,
        ad(api, actions=[api.action(PIXEL, "4", c7d="3")]),
        ad(api, "1402", actions=[api.action(PIXEL, "1.5", c7d="1")]),
        ad(api, "1501", campaign_id="1202", actions=[api.action(PIXEL, "2")]),
    )

    assert [(r.campaign_id, r.attribution, r.quantity_micros) for r in records] == [
        ("1201", "default", 5_500_000),
        ("1201", "7d_click", 4_000_000),
        ("1202", "default", 2_000_000),
    ]
    asked = api.asked[0]
    assert asked["level"] == "ad"
    assert json.loads(asked["action_attribution_windows"]) == [
        *("default", "1d_click", "7d_click", "28d_click", "1d_view", "1d_ev"),
    ]


def test_only_actions_that_never_count_one_event_twice_may_be_added_up(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    kinds = {
        PIXEL: "purchase",
        "onsite_conversion.purchase": "purchase",
        "purchase": "purchase",
        "omni_purchase": "purchase",
        "offsite_conversion.fb_pixel_lead": "lead",
        "onsite_conversion.lead_grouped": "lead",
        "lead": "lead",
        "mobile_app_install": "install",
        "omni_app_install": "install",
        "offsite_conversion.fb_pixel_custom": "conversion",
        "offsite_conversion.custom.42": "conversion",
        "link_click": "click",
        "post_engagement": "engagement",
        "video_view": "video_view",
        "something_new": "other",
    }

    records = fetched(api, meta, october, ad(api, actions=[api.action(kind, "1") for kind in kinds]))

    assert {r.action: r.kind for r in records} == kinds
    assert [r.action for r in records if r.in_total] == [
        PIXEL,
        "onsite_conversion.purchase",
        "offsite_conversion.fb_pixel_lead",
        "onsite_conversion.lead_grouped",
        "mobile_app_install",
        "offsite_conversion.fb_pixel_custom",
    ]


def test_a_type_that_two_lists_tell_is_counted_once(api: Api, meta: MetaAds, october: Unit) -> None:
    twice = [api.action("contact_total", "3")]

    records = fetched(
        api,
        meta,
        october,
        ad(
            api,
            actions=twice,
            conversions=[*twice, api.action("schedule_website", "2")],
            outbound_clicks=[api.action("outbound_click", "17")],
        ),
    )

    assert [(r.action, r.quantity_micros) for r in records] == [
        ("contact_total", 3_000_000),
        ("schedule_website", 2_000_000),
        ("outbound_click", 17_000_000),
    ]


@pytest.mark.parametrize("actions", [[], None])
def test_a_row_without_actions_yields_nothing(
    api: Api, meta: MetaAds, october: Unit, actions: list[object] | None
) -> None:
    row = ad(api) if actions is None else ad(api, actions=actions)

    assert fetched(api, meta, october, row) == []


def test_an_ad_that_comes_twice_on_one_day_is_refused_and_not_added_up(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    first = ad(api, actions=[api.action(PIXEL, "4")])
    next_day = ad(api, actions=[api.action(PIXEL, "2")], date_start="2026-10-21", date_stop="2026-10-21")

    records = fetched(api, meta, october, first, next_day)

    assert [(r.day.day, r.quantity_micros) for r in records] == [(20, 4_000_000), (21, 2_000_000)]
    with pytest.raises(ContractError, match=r"^insights: two rows for ad 1401 on 2026-10-20$"):
        fetched(api, meta, october, first, next_day, first)


def test_a_row_that_does_not_name_its_ad_is_refused(api: Api, meta: MetaAds, october: Unit) -> None:
    with pytest.raises(ContractError, match=r"missing required field `ad_id` - at `\$.data\[0\]`"):
        fetched(api, meta, october, api.row())
