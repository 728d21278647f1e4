"""What GA4 counts becomes evidence under the best key that a session has, and nothing is counted twice."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest

from adtally import ContractError, Evidence, TooLarge, Unit, Window
from adtally_connectors.ga4 import Ga4

from .builders import REST, UTM, Json, report, row
from .conftest import Api, told

FIRST = date(2026, 10, 1)
DAY = "20261001"


def evidence(**changes: object) -> Evidence:
    """A record of 41 sessions that auto-tagging ascribes to a campaign."""
    usual: dict[str, object] = {
        "source_id": "123456789",
        "record_id": "2026-10-01 campaign_id 1112223333 20990001",
        "kind": "session",
        "day": FIRST,
        "key_kind": "campaign_id",
        "key_value": "20990001",
        "refers_to": "1112223333",
        "quantity_micros": 41_000_000,
        "timezone": "Europe/Berlin",
        "evidence_class": "E2",
    }
    return Evidence(**{**usual, **changes})  # type: ignore[arg-type]


def test_auto_tagged_sessions_go_by_campaign_and_customer(api: Api, ga4: Ga4, october: Unit) -> None:
    tail = "118.89999999999999"
    api.reports(report(row(DAY, "1112223333", "20990001", engaged="27", sold="2", revenue=tail)))

    assert told(ga4, october) == [
        evidence(),
        evidence(kind="engaged_session", quantity_micros=27_000_000),
        evidence(kind="purchase", quantity_micros=2_000_000, value_micros=118_900_000, currency="EUR"),
    ]


def test_a_utm_id_is_a_key_and_all_else_goes_by_source_and_medium(api: Api, ga4: Ga4, october: Unit) -> None:
    api.reports(
        utm=report(row(DAY, "1802"), columns=UTM),
        rest=report(row(DAY, "(direct) / (none)"), row(DAY, "google / organic"), columns=REST),
    )

    assert told(ga4, october) == [
        evidence(record_id="2026-10-01 utm_id 1802", key_kind="utm_id", key_value="1802", refers_to=""),
        *(
            evidence(record_id=f"2026-10-01 name {way}", key_kind="name", key_value=way, refers_to="")
            for way in ("(direct) / (none)", "google / organic")
        ),
    ]


def test_the_three_filters_part_all_sessions_whatever_counts_as_empty(
    api: Api, ga4: Ga4, october: Unit
) -> None:
    api.reports()

    assert told(ga4, october) == []

    def empty(name: str) -> Json:
        return {"filter": {"fieldName": name, "emptyFilter": {}}}

    google, utm = empty("sessionGoogleAdsCampaignId"), empty("sessionManualCampaignId")
    assert [body["dimensionFilter"] for body in api.bodies] == [
        {"notExpression": google},
        {"andGroup": {"expressions": [google, {"notExpression": utm}]}},
        {"andGroup": {"expressions": [google, utm]}},
    ]


def test_only_the_scope_of_the_session_is_asked_for_and_nothing_of_the_biller(
    api: Api, ga4: Ga4, october: Unit
) -> None:
    api.reports()

    assert told(ga4, october) == []
    first = api.bodies[0]
    assert first == {
        "dateRanges": [{"startDate": "2026-10-01", "endDate": "2026-10-31"}],
        "dimensions": [
            {"name": name} for name in ("date", "sessionGoogleAdsCustomerId", "sessionGoogleAdsCampaignId")
        ],
        "metrics": [
            {"name": name}
            for name in ("sessions", "engagedSessions", "ecommercePurchases", "purchaseRevenue")
        ],
        "dimensionFilter": first["dimensionFilter"],
        "orderBys": [
            {"dimension": {"dimensionName": name}}
            for name in ("date", "sessionGoogleAdsCustomerId", "sessionGoogleAdsCampaignId")
        ],
        "keepEmptyRows": False,
        "limit": "100000",
        "offset": "0",
    }
    assert "advertiserAd" not in str(api.bodies)


@pytest.mark.parametrize("word", ["(not set)", "(other)", "(none)", "None", "N/A", "", " "])
def test_a_word_that_stands_for_nothing_is_no_key(api: Api, ga4: Ga4, october: Unit, word: str) -> None:
    api.reports(report(row(DAY, "(not set)", word)), report(row(DAY, word), columns=UTM))

    assert {(one.key_kind, one.key_value, one.refers_to) for one in told(ga4, october)} == {("name", "", "")}


def test_such_rows_keep_ids_of_their_own(api: Api, ga4: Ga4, october: Unit) -> None:
    api.reports(
        report(row(DAY, "(not set)", "(other)"), row(DAY, "1112223333", "(other)")),
        report(row(DAY, "(other)"), columns=UTM),
        report(row(DAY, "(not set)"), row(DAY, "(other)"), columns=REST),
    )

    found = told(ga4, october)
    assert len({one.record_id for one in found}) == len(found) == 5


@pytest.mark.parametrize(
    ("customer", "campaign", "key"),
    [
        ("(not set)", "20990001", ("campaign_id", "20990001", "")),
        ("111-222-3333", "20990001", ("campaign_id", "20990001", "1112223333")),
        ("1112223333", "9223372036854775809", ("campaign_id", "9223372036854775809", "1112223333")),
        ("1112223333", "007", ("campaign_id", "007", "1112223333")),
        ("1112223333", "brand", ("name", "brand", "")),
        ("1112223333", "²", ("name", "²", "")),
    ],
)
def test_ids_stay_text_and_what_is_no_number_is_no_campaign(
    api: Api, ga4: Ga4, october: Unit, customer: str, campaign: str, key: tuple[str, str, str]
) -> None:
    api.reports(report(row(DAY, customer, campaign)))

    assert [(one.key_kind, one.key_value, one.refers_to) for one in told(ga4, october)] == [key]


HOSTILE = [
    "a" * 300,
    "a" * 301,
    "A" * 301,
    "abc",
    " abc",
    "abc\n",
    "abc\x00",
    "\u202eabc",
    "ABC",
    f"sha256:{sha256(b' abc').hexdigest()}",
]


def test_text_out_of_urls_is_tamed_and_still_told_apart(api: Api, ga4: Ga4, october: Unit) -> None:
    api.reports(utm=report(*(row(DAY, text) for text in HOSTILE), columns=UTM))

    found = told(ga4, october)

    assert [one.key_value for one in found] == [
        *("a" * 200, "a" * 200, "A" * 200),
        *("abc", "abc", "abc", "abc", "abc", "ABC", HOSTILE[-1]),
    ]
    assert len({one.record_id for one in found}) == len(HOSTILE)
    assert all(one.record_id.isprintable() and len(one.record_id) < 250 for one in found)


def test_zeros_are_no_records_and_a_refund_alone_is_one(api: Api, ga4: Ga4, october: Unit) -> None:
    api.reports(
        report(row(DAY, "1", "2", sessions="0"), row("20261002", "1", "2", sessions="0", revenue="-12.5"))
    )

    assert [(one.kind, one.quantity_micros, one.value_micros) for one in told(ga4, october)] == [
        ("purchase", 0, -12_500_000)
    ]


def test_a_count_may_be_a_fraction(api: Api, ga4: Ga4, october: Unit) -> None:
    api.reports(report(row(DAY, "1", "2", sold="0.333333", revenue="1e1")))

    assert [(one.quantity_micros, one.value_micros) for one in told(ga4, october)] == [
        (41_000_000, None),
        (333_333, 10_000_000),
    ]


def test_revenue_is_in_the_currency_of_the_day_of_asking(api: Api, ga4: Ga4, october: Unit) -> None:
    api.reports(report(row(DAY, "1", "2", sold="1", revenue="5"), says={"currencyCode": "USD"}))

    assert [(one.kind, one.currency) for one in told(ga4, october)] == [("session", ""), ("purchase", "USD")]


def test_revenue_that_is_withheld_is_missing_and_not_zero(api: Api, ga4: Ga4, october: Unit) -> None:
    closed = {
        "activeMetricRestrictions": [
            {"metricName": "purchaseRevenue", "restrictedMetricTypes": ["REVENUE_DATA"]}
        ]
    }
    api.reports(report(row(DAY, "1", "2", sold="3"), says={"schemaRestrictionResponse": closed}))

    sold = told(ga4, october)[1]
    assert (sold.kind, sold.quantity_micros, sold.value_micros, sold.currency) == (
        "purchase",
        3_000_000,
        None,
        "",
    )


@pytest.mark.parametrize(
    ("metadata", "flags"),
    [
        ({}, ""),
        ({"subjectToThresholding": False, "dataLossFromOtherRow": False}, ""),
        ({"subjectToThresholding": True}, "thresholded"),
        ({"dataLossFromOtherRow": True}, "other_row"),
        ({"dataTruncationReasons": []}, ""),
        ({"dataTruncationReasons": [{"type": "RETENTION", "message": "cut"}]}, "truncated"),
        ({"dataTruncationReasons": {"date": "20261001"}}, "truncated"),
        ({"subjectToThresholding": True, "dataLossFromOtherRow": True}, "thresholded other_row"),
        ({"samplingMetadatas": []}, ""),
        ({"samplingMetadatas": [{"samplesReadCount": "12", "samplingSpaceSize": "12"}]}, ""),
    ],
)
def test_what_weakens_a_report_stands_on_each_of_its_records(
    api: Api, ga4: Ga4, october: Unit, metadata: Json, flags: str
) -> None:
    api.reports(
        report(row(DAY, "1", "2", engaged="1"), says=metadata), rest=report(row(DAY, "a / b"), columns=REST)
    )

    assert [one.flags for one in told(ga4, october)] == [flags, flags, ""]


@pytest.mark.parametrize(
    "sampling",
    [{"samplesReadCount": "9000000", "samplingSpaceSize": "12000000"}, {}, {"samplesReadCount": "9"}],
)
def test_a_sample_is_asked_for_by_fewer_days_and_one_day_is_flagged(
    api: Api, ga4: Ga4, october: Unit, sampling: dict[str, str]
) -> None:
    page = report(row(DAY, "1", "2"), says={"samplingMetadatas": [sampling]})
    api.page(page)
    api.reports(page)

    with pytest.raises(TooLarge, match=r"a sample of 2026-10-01\.\.2026-10-31"):
        told(ga4, october)
    assert [(one.quantity_micros, one.flags) for one in told(ga4, october.within(Window(FIRST, FIRST)))] == [
        (41_000_000, "sampled")
    ]


def test_rows_of_no_day_are_passed_over_only_where_gaps_are_told(api: Api, ga4: Ga4, october: Unit) -> None:
    rows = (row("(other)", "(other)", "(other)"), row(DAY, "1", "2"))
    api.reports(report(*rows, says={"dataLossFromOtherRow": True}))
    api.page(report(*rows))

    assert [(one.key_value, one.flags) for one in told(ga4, october)] == [("2", "other_row")]
    with pytest.raises(ContractError, match=r"no day in '\(other\)'"):
        told(ga4, october)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("20260930", "2026-09-30 came, which was not asked for"),
        ("20261101", "2026-11-01 came, which was not asked for"),
        ("2026-10-01", "no day in"),
        ("20261301", "no day in"),
        ("2026101", "no day in"),
        ("2026W401", "no day in"),
        ("", "no day in"),
    ],
)
def test_a_row_of_another_day_is_refused(api: Api, ga4: Ga4, october: Unit, day: str, says: str) -> None:
    api.page(report(row(day, "1", "2")))

    with pytest.raises(ContractError, match=says):
        told(ga4, october)


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"sessions": "many"}, "sessions: 'many' is no number"),
        ({"engaged": "-1"}, "engagedSessions: '-1' is below zero"),
        ({"sold": "NaN"}, "ecommercePurchases: 'NaN' is no number"),
        ({"sessions": "1" + "0" * 30}, "sessions: '1000"),
        ({"revenue": "5,00"}, "purchaseRevenue: '5,00' is no number"),
    ],
)
def test_a_number_that_is_none_is_refused(
    api: Api, ga4: Ga4, october: Unit, counts: dict[str, str], says: str
) -> None:
    api.page(report(row(DAY, "1", "2", **counts)))

    with pytest.raises(ContractError, match=says):
        told(ga4, october)


def test_what_is_final_when() -> None:
    [declared] = Ga4.declared()

    assert (declared.name, declared.max_days, declared.restated_days) == ("sessions_daily", 31, 14)
    assert declared.final_after == {"cost": 2, "clicks": 2, "conversions": 7}
    assert declared.records == (Evidence,)
