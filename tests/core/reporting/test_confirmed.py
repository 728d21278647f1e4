"""Which counts of others are interactions of people, and beside which count of the platform they stand."""

import pytest
from msgspec.structs import replace

from adtally.reconciliation.facts import Counts
from adtally.reporting.confirmed import confirmed, own_counts, platform_count

from .builders import campaign, month, sessions


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("session", "visit"),
        ("click", "click"),
        ("view", "view"),
        ("completion", "completed view"),
        ("engagement", "engagement"),
        ("lead", "lead"),
        ("install", "install"),
        ("conversion", "conversion"),
        ("order", "purchase"),
        ("payment", "purchase"),
        ("purchase", "purchase"),
    ],
)
def test_every_kind_of_interaction_has_one_word(kind: str, word: str) -> None:
    assert list(own_counts(campaign(evidence=(sessions(7, kind=kind),)))) == [word]


@pytest.mark.parametrize(
    "kind",
    [
        "impression",
        "viewable_impression",
        "engaged_session",
        "refund",
        "dispute",
        "invalid_click",
        "invalid_impression",
        "invalid_install",
    ],
)
def test_what_nobody_did_confirms_nothing(kind: str) -> None:
    october = month(campaigns=(campaign(evidence=(sessions(7, kind=kind),)),))

    assert confirmed(october) == []


def test_sources_of_one_word_are_never_added() -> None:
    rows = (sessions(7, "E3", kind="order"), sessions(9, "E3", kind="payment"), sessions(99, kind="purchase"))

    found = confirmed(month(campaigns=(campaign(evidence=rows),)))

    assert [(row.kind, row.own_units) for row in found] == [("purchase", 9), ("purchase", 9)]


def test_what_followed_only_a_view_is_no_interaction() -> None:
    some = replace(sessions(10, kind="install"), view_through=4)
    none = replace(some, view_through=10)

    assert [row.own_units for row in confirmed(month(campaigns=(campaign(evidence=(some,)),)))] == [6, 6]
    assert confirmed(month(campaigns=(campaign(evidence=(none,)),))) == []


def test_each_word_stands_beside_the_platforms_count_of_the_same() -> None:
    counts = Counts(
        clicks=1, video_views=2, video_completions=3, engagements=4, leads=5, installs=6, purchases=7
    )
    words = ("visit", "click", "view", "completed view", "engagement", "lead", "install", "purchase")

    assert [platform_count(counts, word) for word in words] == [1, 1, 2, 3, 4, 5, 6, 7]
    assert platform_count(counts, "conversion") is None
