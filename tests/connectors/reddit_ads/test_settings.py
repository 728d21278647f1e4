"""Accounts, entities, terms, funding instruments, and the connector's own settings."""

from __future__ import annotations

import base64
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError

from adtally import Account, Ad, AdGroup, Balance, Campaign, Order, Terms, TokenFile, Unit
from adtally_connectors.reddit_ads import RedditAds

from .builders import ACCOUNT, HOST, TOKEN, account, campaign, group, instrument
from .conftest import connected, params

if TYPE_CHECKING:
    from .conftest import Api

SHARED = "businesses/b-1/ad_accounts/query"


def test_every_business_is_asked_for_its_accounts_each_comes_once(api: Api, reddit: RedditAds) -> None:
    api.listed("me/businesses", {"id": "b-1"}, {"id": "b-2"})
    banned = account("t2_old", admin_approval="BANNED", suspension_reason="FRAUD", time_zone_id=None)
    for business_id, rows in (("b-1", [account(), banned]), ("b-2", [account()])):
        api.mock.post(
            f"{HOST}/businesses/{business_id}/ad_accounts/query", json={"data": rows, "pagination": {}}
        )

    found = list(reddit.accounts())

    assert found == [
        Account(
            id="a2_demo1",
            name="Demo Shop",
            currency="USD",
            timezone="America/New_York",
            status="VALID",
            manager_id="b-1",
        ),
        Account(
            id="t2_old",
            name="Demo Shop",
            currency="USD",
            timezone="UTC",
            status="BANNED: FRAUD",
            manager_id="b-1",
        ),
    ]
    sizes = [params(request)["page.size"] for request in api.requests]
    assert sizes == ["700", "1000", "1000"]
    assert api.requests[1].body == b'{"data":{}}'


@pytest.mark.parametrize("status", [403, 404])
def test_where_shared_accounts_are_not_told_the_owned_ones_are(api: Api, status: int) -> None:
    api.mock.post(f"{HOST}/{SHARED}", json={"error": {"message": "no"}}, status=status)
    api.listed("businesses/b-1/ad_accounts", account())

    assert [one.id for one in connected(business_id="b-1").accounts()] == ["a2_demo1"]


def test_an_account_that_a_list_tells_only_in_part_is_asked_for(api: Api) -> None:
    told = [{"id": "a2_demo1"}, {"id": "a2_closed"}]
    api.mock.post(f"{HOST}/{SHARED}", json={"data": told, "pagination": {"next_url": None}})
    api.one(ACCOUNT, account())
    api.mock.get(f"{HOST}/ad_accounts/a2_closed", json={"error": {"message": "no"}}, status=403)

    assert [one.currency for one in connected(business_id="b-1").accounts()] == ["USD"]


def test_campaigns_in_every_state_with_budget_flight_and_what_pays(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.listed(
        f"{ACCOUNT}/campaigns",
        campaign(goal_type="LIFETIME_SPEND", goal_value=20000000, start_time="2026-10-01T03:00:00Z"),
        campaign("1002", effective_status=None, configured_status="ARCHIVED", spend_cap=7000000),
        campaign("1003", objective="SOMETHING_NEW", end_time="2026-11-01T04:00:00Z"),
    )
    api.report({"campaign_id": "1001"}, {"campaign_id": "1004"}, {"campaign_id": "1005"}, by="SPENT")
    api.one("campaigns/1004", campaign("1004", name="Gone", effective_status="DELETED"))
    api.refuse(404, "campaigns/1005")

    found = list(reddit.campaigns(october))

    common = {"name": "Autumn", "status": "ACTIVE", "objective": "CLICKS", "budget_id": "1889001"}
    assert found == [
        Campaign(
            campaign_id="1001",
            **common,  # type: ignore[arg-type]
            first_day=date(2026, 9, 30),
            budget_micros=20_000_000,
            budget_period="lifetime",
        ),
        Campaign(
            campaign_id="1002",
            **common | {"status": "ARCHIVED"},  # type: ignore[arg-type]
            budget_micros=7_000_000,
            budget_period="lifetime",
        ),
        Campaign(
            campaign_id="1003",
            **common | {"objective": "SOMETHING_NEW"},  # type: ignore[arg-type]
            last_day=date(2026, 10, 31),
        ),
        Campaign(campaign_id="1004", **common | {"name": "Gone", "status": "DELETED"}),  # type: ignore[arg-type]
        Campaign(campaign_id="1005"),
    ]


def test_ad_groups_that_spent_and_are_listed_no_more_are_asked_for(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    spent = [{"ad_group_id": number, "campaign_id": "1002"} for number in ("2001", "2002", "2003")]
    api.inventory(group(), campaigns=(campaign(),), spent=tuple(spent))
    api.one("ad_groups/2002", group("2002", campaign_id="1002", start_time=None, goal_value=None))
    api.refuse(404, "ad_groups/2003")
    api.one("campaigns/1002", campaign("1002", start_time="2026-09-01T04:00:00Z"))

    found = list(reddit.ad_groups(october))

    common = {"name": "Shoes", "status": "ACTIVE"}
    assert found == [
        AdGroup(
            ad_group_id="2001",
            campaign_id="1001",
            **common,  # type: ignore[arg-type]
            first_day=date(2026, 9, 29),
            budget_micros=20_000_000,
            budget_period="daily",
        ),
        AdGroup(ad_group_id="2002", campaign_id="1002", **common, first_day=date(2026, 9, 1)),  # type: ignore[arg-type]
        AdGroup(ad_group_id="2003", campaign_id="1002", first_day=date(2026, 9, 1)),
    ]


def test_ads_that_spent_and_are_listed_no_more_are_asked_for(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    ad = {
        "id": "t3_1",
        "ad_group_id": "2001",
        "campaign_id": "1001",
        "name": "A",
        "configured_status": "PAUSED",
    }
    spent = [
        {"ad_id": number, "ad_group_id": "2001", "campaign_id": "1001"} for number in ("t3_1", "t3_2", "t3_3")
    ]
    api.listed(f"{ACCOUNT}/ads", ad)
    api.report(*spent, by="SPENT")
    api.one("ads/t3_2", ad | {"id": "t3_2", "effective_status": "DELETED"})
    api.refuse(404, "ads/t3_3")

    assert list(reddit.ads(october)) == [
        Ad(ad_id="t3_1", ad_group_id="2001", campaign_id="1001", name="A", status="PAUSED"),
        Ad(ad_id="t3_2", ad_group_id="2001", campaign_id="1001", name="A", status="DELETED"),
        Ad(ad_id="t3_3", ad_group_id="2001", campaign_id="1001"),
    ]


def test_spending_of_too_many_days_is_asked_for_in_halves(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.listed(f"{ACCOUNT}/campaigns")
    for _ in range(2):
        api.report(by="SPENT", status=503)
    for number in ("1001", "1002"):
        api.report({"campaign_id": number}, by="SPENT")
        api.one(f"campaigns/{number}", campaign(number))

    assert [one.campaign_id for one in reddit.campaigns(october)] == ["1001", "1002"]


@pytest.mark.parametrize(
    ("settings", "model", "event", "rate", "kind"),
    [
        ({}, "cpc", "clicks", 4_500_000, "cap"),
        ({"bid_type": "CPM", "bid_value": 3000000}, "cpm", "impressions", 3_000_000, "cap"),
        ({"bid_type": "CPV", "bid_value": 20000}, "cpv", "video_views", 20_000, "cap"),
        ({"bid_type": "CPV6"}, "cpv", "video_views", 4_500_000, "cap"),
        ({"bid_type": "CPV15"}, "cpv", "video_views", 4_500_000, "cap"),
        ({"bid_strategy": "BIDLESS", "bid_value": None}, "cpc", "clicks", None, "auto"),
        ({"bid_strategy": "MAXIMIZE_VOLUME", "bid_value": None}, "cpc", "clicks", None, "auto"),
        ({"bid_strategy": "MAXIMIZE_VOLUME"}, "cpc", "clicks", 4_500_000, "cap"),
        ({"bid_strategy": "TARGET_CPX"}, "cpc", "clicks", None, "target"),
        ({"bid_strategy": "SOMETHING_NEW"}, "cpc", "clicks", None, "auto"),
        ({"bid_type": "CPX"}, None, "", None, "auto"),
    ],
)
def test_terms_follow_bid_type_and_strategy(
    api: Api,
    reddit: RedditAds,
    october: Unit,
    settings: dict[str, object],
    model: str | None,
    event: str,
    rate: int | None,
    kind: str,
) -> None:
    api.inventory(group(**settings), campaigns=(campaign(),))

    (terms,) = reddit.terms(october)

    assert (terms.model, terms.billable_event, terms.rate_micros, terms.kind) == (model, event, rate, kind)
    assert (terms.level, terms.entity_id, terms.campaign_id) == ("ad_group", "2001", "1001")


def test_terms_are_inherited_from_the_campaign_one_by_one(api: Api, reddit: RedditAds, october: Unit) -> None:
    nothing = dict.fromkeys(("bid_type", "bid_strategy", "optimization_goal", "start_time"))
    of_campaign = {
        "bid_type": "CPM",
        "bid_strategy": "TARGET_CPX",
        "bid_value": 1000000,
        "optimization_goal": "PURCHASE",
        "start_time": "2026-09-01T04:00:00Z",
    }
    api.inventory(group(**nothing), campaigns=(campaign(**of_campaign),))

    assert list(reddit.terms(october)) == [
        Terms(
            level="ad_group",
            entity_id="2001",
            campaign_id="1001",
            first_day=date(2026, 9, 1),
            model="cpm",
            billable_event="impressions",
            kind="target",
            native="bid_type=CPM, bid_strategy=TARGET_CPX, bid_value=4500000, optimization_goal=PURCHASE",
        )
    ]


def test_funding_instruments_of_every_mode_are_orders(api: Api, reddit: RedditAds, october: Unit) -> None:
    card = instrument(
        "1889002", name="Card", credit_limit=None, start_time=None, end_time=None, currency=None
    )
    api.listed(f"{ACCOUNT}/funding_instruments", instrument(), card)

    assert list(reddit.orders(october)) == [
        Order(
            order_id="1889001",
            paid_type="Credit line Q4",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 12, 31),
            cap_micros=5_000_000_000,
            currency="USD",
        ),
        Order(order_id="1889002", paid_type="Card", currency="USD"),
    ]
    assert params(api.requests[0])["mode"] == "ALL"


def test_what_comes_twice_is_owed_once(api: Api, reddit: RedditAds, october: Unit) -> None:
    following = f"{HOST}/{ACCOUNT}/funding_instruments?page.token=x"
    for next_url in (following, None):
        api.listed(f"{ACCOUNT}/funding_instruments", instrument(), next_url=next_url)

    assert [balance.amount_micros for balance in reddit.balances(october)] == [387_500_000] * 2


def test_an_ad_group_that_moves_to_the_next_page_comes_once(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.listed(f"{ACCOUNT}/campaigns", campaign())
    following = f"{HOST}/{ACCOUNT}/ad_groups?page.token=x"
    api.listed(f"{ACCOUNT}/ad_groups", group(), next_url=following)
    api.listed(f"{ACCOUNT}/ad_groups", group(), group("2002"))
    api.report(by="SPENT")

    assert [terms.entity_id for terms in reddit.terms(october)] == ["2001", "2002"]


def test_what_is_owed_is_positive_by_instrument_and_in_all(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.listed(
        f"{ACCOUNT}/funding_instruments",
        instrument(),
        instrument("1889002", billable_amount=500000),
        instrument("1889003", billable_amount=7, currency="EUR"),
        instrument("1889004", billable_amount=None),
    )

    found = list(reddit.balances(october))

    at = datetime(2026, 12, 15, 5, tzinfo=UTC)
    assert found == [
        Balance(at=at, kind="billable_amount 1889001", amount_micros=387_500_000, currency="USD"),
        Balance(at=at, kind="billable_amount 1889002", amount_micros=500_000, currency="USD"),
        Balance(at=at, kind="billable_amount 1889003", amount_micros=7, currency="EUR"),
        Balance(at=at, kind="amount_due", amount_micros=388_000_000, currency="USD"),
    ]


@pytest.mark.parametrize(
    ("settings", "agent"),
    [
        ({"reddit_user": "demo"}, r"python:adtally:v\d\S* \(by /u/demo\)"),
        ({"reddit_user": "/u/demo"}, r"python:adtally:v\d\S* \(by /u/demo\)"),
        ({"reddit_user": "", "user_agent": "linux:ours:v2.1 (by /u/me)"}, r"linux:ours:v2\.1 \(by /u/me\)"),
    ],
)
def test_every_request_names_its_sender_the_one_for_a_token_too(
    api: Api, october: Unit, settings: dict[str, str], agent: str
) -> None:
    api.listed(f"{ACCOUNT}/funding_instruments")

    list(connected(**settings).orders(october))

    agents = [str(call.request.headers["User-Agent"]) for call in api.mock.calls]
    assert len(agents) == 2
    assert all(re.fullmatch(agent, one) for one in agents)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"reddit_user": ""}, "set reddit_user"),
        ({"user_agent": "python-requests/2.33"}, "platform:app:v1.0"),
        ({"reddit_user": "two words"}, "platform:app:v1.0"),
    ],
)
def test_no_sender_is_invented(settings: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says) as caught:
        connected(**settings)

    assert "hush" not in str(caught.value)


def test_a_token_is_fetched_by_basic_and_a_rotated_one_is_kept(
    bare: Api, reddit: RedditAds, october: Unit, tmp_path: Path
) -> None:
    tokens = TokenFile(tmp_path / "tokens.json", "reddit")
    reddit.bind(folder=tmp_path, token_file=tokens)
    bare.token(refresh_token="refresh-2")
    bare.listed(f"{ACCOUNT}/funding_instruments")

    list(reddit.orders(october))

    asked = bare.mock.calls[0].request
    assert asked.url == TOKEN
    assert asked.headers["Authorization"] == f"Basic {base64.b64encode(b'app:hush').decode()}"
    assert dict(parse_qsl(str(asked.body))) == {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
    assert bare.mock.calls[1].request.headers["Authorization"] == "Bearer token-1"
    assert tokens.read("refresh-1") == "refresh-2"
