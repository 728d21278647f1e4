"""Refusals by status and in words, throttling, and credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adtally import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    QuotaError,
    TimedOut,
    TooLarge,
    TransientError,
    Unit,
)
from adtally_connectors.reddit_ads import RedditAds

from .builders import ACCOUNT, HOST, REPORTS, TOKEN
from .conftest import connected

if TYPE_CHECKING:
    from .conftest import Api

PATH = f"{ACCOUNT}/funding_instruments"
URL = f"{HOST}/{PATH}"
LIMITS = "RateLimit"


@pytest.mark.parametrize(
    ("status", "expected", "says"),
    [
        (400, ContractError, "request for wrong"),
        (403, DeniedError, "adsread"),
        (404, ContractError, "no such object"),
        (410, ContractError, "switched off"),
        (413, TooLarge, "too much"),
        (418, ContractError, "refused"),
    ],
)
def test_each_status_says_what_to_do_next(
    api: Api, reddit: RedditAds, october: Unit, status: int, expected: type[AdtallyError], says: str
) -> None:
    api.refuse(status, PATH)

    with pytest.raises(expected, match=f"{says}.*: told by Reddit") as caught:
        list(reddit.orders(october))

    assert type(caught.value) is expected
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {
                "error": {
                    "message": "Bad Request",
                    "fields": [{"field": "fields", "message": "'SPENT' is unknown"}],
                }
            },
            "Bad Request fields: 'SPENT' is unknown",
        ),
        ({"error": "wrong"}, "wrong"),
        ({"errors": ["this", {"message": "that"}]}, "this; that"),
        ({"message": "Unauthorized", "error": 400}, "Unauthorized"),
        ({"message": "so it is"}, "so it is"),
        ({"error": [1]}, "for wrong"),
    ],
)
def test_reddits_words_are_told_in_whatever_shape(
    api: Api, reddit: RedditAds, october: Unit, body: dict[str, object], told: str
) -> None:
    api.refuse(400, PATH, body=body)

    with pytest.raises(ContractError) as caught:
        list(reddit.orders(october))

    assert caught.value.message.endswith(told)


def test_a_list_of_all_fields_is_cut_short(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.refuse(400, PATH, body={"error": {"message": "x" * 9000}})

    with pytest.raises(ContractError) as caught:
        list(reddit.orders(october))

    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("status", [500, 502, 503, 520])
def test_what_time_heals_is_asked_again(api: Api, reddit: RedditAds, october: Unit, status: int) -> None:
    api.mock.get(URL, body="<html>Bad gateway</html>", status=status)
    api.listed(PATH)

    assert list(reddit.orders(october)) == []


def test_a_failure_that_comes_as_a_success_is_none(api: Api, reddit: RedditAds, october: Unit) -> None:
    for _ in range(6):
        api.mock.get(URL, json={"data": [], "errors": [{"message": "some shards failed"}]})

    with pytest.raises(TransientError, match="only a part: some shards failed"):
        list(reddit.orders(october))


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_report_that_keeps_failing_is_one_for_fewer_days(
    api: Api, reddit: RedditAds, october: Unit, status: int
) -> None:
    for _ in range(2):
        api.mock.post(
            f"{HOST}/{REPORTS}", json={"error": {"message": "Failed to load ad account data"}}, status=status
        )

    with pytest.raises(TimedOut, match="Failed to load ad account data"):
        list(reddit.account_daily(october))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({LIMITS: '"ads-reporting";r=0;t=42'}, 42.5),
        ({LIMITS: '"ads-a";r=50;t=600, "ads-b";r=0;t=7'}, 7.5),
        ({"Retry-After": "9"}, 9),
    ],
)
def test_after_too_many_requests_the_used_up_quota_says_how_long_to_wait(
    api: Api, october: Unit, headers: dict[str, str], wait: float
) -> None:
    reddit = connected(requests_per_second=None)
    waits: list[float] = []
    reddit.http.sleep = waits.append
    api.mock.get(URL, json={"error": {"message": "Too Many Requests"}}, status=429, headers=headers)
    api.listed(PATH)

    list(reddit.orders(october))

    assert waits[0] == wait


def test_a_quota_that_is_gone_for_long_is_not_waited_for(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.mock.get(URL, json={}, status=429, headers={LIMITS: '"ads-day";r=0;t=3600'})

    with pytest.raises(QuotaError, match="sync again later") as caught:
        list(reddit.orders(october))

    assert not caught.value.of_account


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ('"ads-reporting";r=2;t=34', True),
        ('"ads-reporting"; r=12; t=34, "ads-all"; r=1; t=30', True),
        ('"ads-reporting";r=3;t=34', False),
        ('"ads-reporting";q=60;w=60', False),
        ("nonsense", False),
    ],
)
def test_with_two_requests_left_the_next_one_waits(api: Api, october: Unit, told: str, held: bool) -> None:
    reddit = connected(requests_per_second=None)
    waits: list[float] = []
    reddit.http.sleep = waits.append
    for _ in range(2):
        api.mock.get(URL, json={"data": [], "pagination": {}}, headers={LIMITS: told})

    for _ in range(2):
        list(reddit.orders(october))

    assert bool(waits) == held
    assert all(29 < wait < 35 for wait in waits)


def test_requests_keep_below_the_quota_of_reports(reddit: RedditAds) -> None:
    assert reddit.requests_per_second == 0.8


def test_an_expired_token_is_renewed_once(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.refuse(401, PATH)
    api.token(access_token="token-2")
    api.listed(PATH)

    assert list(reddit.orders(october)) == []
    assert [request.headers["Authorization"] for request in api.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_token_that_is_refused_again_is_not_shown(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.refuse(401, PATH, times=2)
    api.token(access_token="token-2")

    with pytest.raises(AuthError, match="replace refresh_token") as caught:
        list(reddit.orders(october))

    assert "token-" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"error": "invalid_grant"}), (400, {"error": "invalid_grant"}), (401, {"error": 401})],
)
def test_no_token_is_told_as_such_even_where_it_comes_as_a_success(
    bare: Api, reddit: RedditAds, october: Unit, status: int, body: dict[str, object]
) -> None:
    bare.mock.post(TOKEN, json=body, status=status)

    with pytest.raises(AuthError) as caught:
        list(reddit.orders(october))

    assert "hush" not in str(caught.value)
    assert len(bare.mock.calls) == 1


def test_no_secret_shows_in_the_settings(reddit: RedditAds) -> None:
    assert "hush" not in repr(reddit)
    assert "refresh-1" not in repr(reddit)


def test_everything_moves_below_a_base_url_that_is_set(bare: Api, october: Unit) -> None:
    near = connected(base_url="http://127.0.0.1:9/reddit")
    bare.mock.post("http://127.0.0.1:9/reddit/api/v1/access_token", json={"access_token": "t"})
    path = f"http://127.0.0.1:9/reddit/api/v3/{PATH}"
    # Reddit's own links, as a fake may have recorded them
    following = f"https://ads-api.reddit.com/api/v3/{PATH}?page.token=x"
    for next_url in (following, None):
        bare.mock.get(path, json={"data": [], "pagination": {"next_url": next_url}})

    assert list(near.orders(october)) == []
