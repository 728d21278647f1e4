"""What the Master API counted becomes evidence; an answer of another shape becomes nothing."""

from datetime import date

import pytest

from adtally import ContractError, Evidence, TransientError, Unit
from adtally_connectors.appsflyer import AppsFlyer

from .builders import DAY, LAST_UPDATE, MASTER, Json, fraud, row
from .conftest import Api, connector

ONE = 1_000_000


def pulled(appsflyer: AppsFlyer, unit: Unit) -> list[Evidence]:
    return list(appsflyer.counts_daily(unit))


def told(records: list[Evidence]) -> dict[tuple[str, str], tuple[int, str]]:
    """Whole counts with their class, by kind and flags."""
    return {(one.kind, one.flags): ((one.quantity_micros or 0) // ONE, one.evidence_class) for one in records}


def test_each_count_is_a_record_under_the_campaigns_id(api: Api, appsflyer: AppsFlyer, october: Unit) -> None:
    api.master(row(Impressions=7000))

    records = pulled(appsflyer, october)

    assert told(records) == {
        ("install", ""): (88, "E2"),
        ("click", ""): (900, "E2"),
        ("impression", ""): (7000, "E2"),
    }
    assert records[0] == Evidence(
        source_id="id123456789",
        record_id="2026-10-05 nightbird_int campaign_id:4711",
        kind="install",
        day=date(2026, 10, 5),
        key_kind="campaign_id",
        key_value="4711",
        refers_to="nightbird_int",
        quantity_micros=88 * ONE,
        timezone="Europe/Paris",
        evidence_class="E2",
    )


def test_the_question_names_days_zone_touch_type_and_primary(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    api.master()

    assert pulled(appsflyer, october) == []
    assert api.asked(MASTER) == [
        {
            "from": "2026-10-01",
            "to": "2026-10-31",
            "groupings": "install_time,pid,af_c_id,c,attributed_touch_type,is_primary",
            "kpis": "installs,clicks,impressions",
            "timezone": "preferred",
            "format": "json",
        }
    ]
    assert {call.request.headers["Authorization"] for call in api.mock.calls} == {"Bearer hush-hush"}


@pytest.mark.parametrize("nothing", ["N/A", "None", None, ""])
def test_what_is_not_told_is_no_zero(api: Api, appsflyer: AppsFlyer, october: Unit, nothing: object) -> None:
    api.master(row(Clicks=nothing, Impressions=0, Installs="88"))

    assert told(pulled(appsflyer, october)) == {("install", ""): (88, "E2"), ("impression", ""): (0, "E2")}


@pytest.mark.parametrize(
    ("source", "claims"),
    [
        ("Facebook Ads", True),
        ("googleadwords_int", True),
        ("restricted", True),
        ("my_own_network", True),
        ("nightbird_int", False),
        ("organic", False),
    ],
)
def test_clicks_of_a_network_that_reports_itself_are_its_own_numbers(
    api: Api, october: Unit, source: str, claims: bool
) -> None:
    api.master(row(Media_Source=source, Impressions=10))

    records = pulled(connector(self_reporting=["My_Own_Network"]), october)

    flag, own = ("self_reported", "E1") if claims else ("", "E2")
    assert told(records) == {
        ("install", flag): (88, "E2"),
        ("click", flag): (900, own),
        ("impression", flag): (10, own),
    }


def test_view_through_installs_are_apart_from_those_after_a_click(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    api.master(
        row(Clicks=None),
        row(Clicks=None, Installs=12, Attributed_Touch_Type="impression"),
        row(Clicks=None, Installs=3, Attributed_Touch_Type="Pre-Install"),
    )

    records = pulled(appsflyer, october)

    assert told(records) == {
        ("install", ""): (88, "E2"),
        ("install", "view_through"): (12, "E2"),
        ("install", "touch_pre_install"): (3, "E2"),
    }
    assert len({one.record_id for one in records}) == 3


def test_an_assist_is_not_counted(api: Api, appsflyer: AppsFlyer, october: Unit) -> None:
    api.master(row(), row(Is_Primary="false", Installs=50), row(Is_Primary=False, Campaign="Other"))

    assert told(pulled(appsflyer, october))["install", ""] == (88, "E2")


def test_a_campaign_that_was_renamed_is_one_key(api: Api, appsflyer: AppsFlyer, october: Unit) -> None:
    api.master(row(), row(Campaign="Autumn (old)", Installs=12, Clicks=None))

    assert told(pulled(appsflyer, october)) == {("install", ""): (100, "E2"), ("click", ""): (900, "E2")}


@pytest.mark.parametrize("nothing", ["None", "N/A", None, "(not set)"])
def test_without_an_id_the_name_is_the_key(
    api: Api, appsflyer: AppsFlyer, october: Unit, nothing: object
) -> None:
    api.master(row(Campaign_ID=nothing), row(Media_Source="organic", Campaign_ID=nothing, Campaign=nothing))

    keys = {(one.refers_to, one.key_kind, one.key_value) for one in pulled(appsflyer, october)}

    assert keys == {("nightbird_int", "name", "Autumn"), ("organic", "name", "")}


def test_an_id_and_a_name_that_look_alike_are_two_records(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    api.master(row(), row(Campaign_ID=None, Campaign="4711"))

    assert len({(one.record_id, one.kind) for one in pulled(appsflyer, october)}) == 4


def test_an_id_that_comes_as_a_number_keeps_its_digits(api: Api, appsflyer: AppsFlyer, october: Unit) -> None:
    api.master(row(Campaign_ID=23851234567890123))

    assert pulled(appsflyer, october)[0].key_value == "23851234567890123"


def test_a_name_from_a_link_is_cut_and_loses_control_characters(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    api.master(row(Campaign_ID="None", Campaign="\u202eAu\x00tu\x1b[31mmn\n" + "x" * 500))

    assert pulled(appsflyer, october)[0].key_value == "Autu[31mmn" + "x" * 190


@pytest.mark.parametrize(
    "titles",
    [
        {"Install Time": "install_time", "Campaign ID": "af_c_id", "Campaign": "c", "Media Source": "pid"},
        {"Install Time": "Date", "Media Source": "media_source (pid)", "Campaign": "CAMPAIGN (c)"},
    ],
)
def test_titles_may_be_written_otherwise(
    api: Api, appsflyer: AppsFlyer, october: Unit, titles: dict[str, str]
) -> None:
    api.master({titles.get(title, title): cell for title, cell in row().items()})

    assert pulled(appsflyer, october)[0].record_id == "2026-10-05 nightbird_int campaign_id:4711"


def test_rows_in_an_envelope_are_read(api: Api, appsflyer: AppsFlyer, october: Unit) -> None:
    api.computed()
    api.mock.get(MASTER, json={"data": [row(Install_Time=f"{DAY} 00:00:00")]})

    assert len(pulled(appsflyer, october)) == 2


def test_days_that_are_not_computed_are_not_asked_for(api: Api, appsflyer: AppsFlyer, october: Unit) -> None:
    api.computed('"2026-10-20"\n')
    api.mock.get(MASTER, json=[])

    assert pulled(appsflyer, october) == []
    assert [(one["from"], one["to"]) for one in api.asked(MASTER)] == [("2026-10-01", "2026-10-20")]


def test_of_days_to_come_nothing_is_asked(api: Api, appsflyer: AppsFlyer, october: Unit) -> None:
    api.computed("2026-09-30")

    assert pulled(appsflyer, october) == []


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row(Install_Time="2026-11-01")], "2026-11-01 came, which was not asked for"),
        ([row(Install_Time="5 Oct")], "no day in '5 Oct'"),
        ([row(), row()], "2026-10-05, nightbird_int comes twice"),
        ([row(Installs=-1)], "below zero"),
        ([row(Installs="many")], "Installs: 'many' is no count"),
        ([row(Installs=True)], "Installs: 'True' is no count"),
        ([row(Installs={"value": 1})], "Expected"),
        ([row(Campaign_ID=2.3851234567890123e17)], "text was expected"),
        ([row(Is_Primary="perhaps")], "primary is not understood: 'perhaps'"),
        ([{name: cell for name, cell in row().items() if name != "Installs"}], "no column Installs"),
        ([{name: cell for name, cell in row().items() if name != "Campaign ID"}], "no column Campaign ID"),
        ([{name: cell for name, cell in row().items() if "Touch" not in name}], "Attributed Touch Type"),
    ],
)
def test_an_answer_of_something_else_is_refused(
    api: Api, appsflyer: AppsFlyer, october: Unit, rows: list[Json], says: str
) -> None:
    api.master(*rows)

    with pytest.raises(ContractError, match=says):
        pulled(appsflyer, october)


def test_a_page_in_place_of_the_last_day_is_asked_again(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    api.mock.get(LAST_UPDATE, body="<html>busy</html>")

    with pytest.raises(TransientError, match="HTML"):
        pulled(appsflyer, october)


def test_fraud_found_after_attribution_is_told_by_campaign(
    api: Api, appsflyer: AppsFlyer, october: Unit
) -> None:
    meta = fraud(Media_Source="Facebook Ads")
    api.master(meta, {**meta, "Campaign": "Autumn (old)", "Post Attribution Installs": "2"})

    [record] = list(appsflyer.fraud_daily(october))

    assert (record.kind, record.key_value, record.quantity_micros) == ("invalid_install", "4711", 11 * ONE)
    assert (record.evidence_class, record.flags) == ("E2", "")
    assert api.asked(MASTER)[0]["kpis"] == "post_attribution_installs"
