"""The key of an order is read from addresses that strangers typed."""

from datetime import UTC, datetime

import pytest

from adtally import hashed
from adtally_connectors.shopify import visits, wire
from adtally_connectors.shopify.visits import Key

from .builders import PAGE

ORDERED = datetime(2026, 10, 31, 12, tzinfo=UTC)


def seen(*pages: str | None, campaign: str | None = None) -> list[wire.Visit]:
    """Visits, the last one first; ``campaign`` is what Shopify reads of the last one."""
    found = [wire.Visit(landing_page=page) for page in pages]
    if campaign is not None:
        found[0] = wire.Visit(landing_page=pages[0], utm_parameters=wire.Utm(campaign))
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?utm_id=20990001&gclid=Cj0&utm_campaign=autumn", Key("utm_id", "20990001")),
        ("?UTM_ID=20990001", Key("utm_id", "20990001")),
        ("?gclid=Cj0&utm_campaign=autumn", Key("click_id", hashed("Cj0"))),
        ("?ScCid=abc", Key("click_id", hashed("abc"))),
        *((f"?{name}=abc", Key("click_id", hashed("abc"))) for name in visits.CLICK_IDS),
        ("?utm_campaign=autumn+sale", Key("name", "autumn sale")),
        ("?utm_source=google", Key("name", "")),
        ("?utm_id=&utm_campaign=", Key("name", "")),
        ("", Key("name", "")),
    ],
)
def test_the_campaigns_id_comes_before_a_click_id_and_that_before_a_name(query: str, expected: Key) -> None:
    assert visits.to_key(seen(PAGE + query)) == expected


@pytest.mark.parametrize(
    "nothing",
    ["(not set)", "(other)", "None", "N/A", "null", "undefined", "{campaignid}", "{{campaign}}", "__CID__"],
)
def test_what_stands_for_nothing_and_what_was_not_filled_in_is_no_key(nothing: str) -> None:
    page = f"{PAGE}?utm_id={nothing}&gclid={nothing}&utm_campaign={nothing}"

    assert visits.to_key(seen(page, campaign=nothing)) == Key("name", "")


def test_a_click_id_is_hashed() -> None:
    kind, value, _ = visits.to_key(seen(f"{PAGE}?fbclid=IwAR-personal"))

    assert (kind, "personal" in value, len(value)) == ("click_id", False, 64)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\nc\td", "abcd"),
        ("\u202eevil\u200b", "evil"),
        ("x" * 500, "x" * 200),
        ("\x00" * 2000 + "far", ""),
        ("  two   blanks ", "two blanks"),
    ],
)
def test_hostile_text_is_cut_and_cleaned(text: str, shown: str) -> None:
    assert visits.cleaned(text) == shown
    assert visits.to_key(seen(PAGE, campaign=text)).value == shown


@pytest.mark.parametrize(
    "page",
    [
        "http://[broken?utm_id=7",
        f"{PAGE}?{'&'.join(f'a{n}=1' for n in range(300))}&utm_id=7",
        f"{PAGE}?a={'x' * 10_000}&utm_id=7",
        None,
        "?",
    ],
    ids=["no address", "too many parameters", "too long", "hidden", "empty"],
)
def test_an_address_that_is_none_has_no_key(page: str | None) -> None:
    assert visits.to_key(seen(page)) == Key("name", "")


def test_the_first_of_equal_parameters_counts() -> None:
    assert visits.to_key(seen(f"{PAGE}?utm_id=7&utm_id=8")).value == "7"


def test_a_direct_visit_takes_nothing_from_the_ad_before_it() -> None:
    found = visits.to_key(seen(PAGE, PAGE, f"{PAGE}?utm_id=7", f"{PAGE}?utm_id=6"))

    assert found == Key("utm_id", "7", 2)


def test_an_ads_link_counts_before_a_later_newsletter() -> None:
    newsletter = f"{PAGE}?utm_campaign=newsletter"

    assert visits.to_key(seen(newsletter, f"{PAGE}?gclid=abc")) == Key("click_id", hashed("abc"), 1)
    assert visits.to_key(seen(newsletter, PAGE)) == Key("name", "newsletter")


def test_visits_are_those_of_thirty_days_each_once_the_last_one_first() -> None:
    def at(day: int, month: int = 10) -> wire.Visit:
        return wire.Visit(occurred_at=datetime(2026, month, day, 12, tzinfo=UTC), landing_page=PAGE)

    moments = wire.Few((at(30, 9), at(1), at(31), wire.Visit(), at(1, 11)))
    journey = wire.Journey(ready=True, moments=moments, last_visit=at(31))

    assert visits.last_visits(journey, ORDERED) == [at(31), at(1)]
    assert visits.last_visits(wire.Journey(last_visit=at(31)), ORDERED) == [at(31)]
    assert visits.last_visits(None, ORDERED) == []
