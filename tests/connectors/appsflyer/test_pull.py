"""The aggregate pull report: by name of campaign, as wide as the app has events."""

import pytest

from adtally import ContractError, Evidence, TransientError, Unit
from adtally_connectors.appsflyer import AppsFlyer

from .builders import PULL, RETARGETED, line, sheet
from .conftest import Api, connector

ONE = 1_000_000


def pulled(by_name: AppsFlyer, unit: Unit) -> list[Evidence]:
    return list(by_name.counts_daily(unit))


def told(records: list[Evidence]) -> dict[tuple[str, str, str], int]:
    """Whole counts by media source, campaign and kind."""
    return {(one.refers_to, one.key_value, one.kind): (one.quantity_micros or 0) // ONE for one in records}


def test_each_campaign_goes_by_its_name(api: Api, by_name: AppsFlyer, october: Unit) -> None:
    api.pull(
        sheet(
            line(source="Facebook Ads", campaign="FR_Prospecting", shown="120000", clicks="2400"),
            line(agency="agency_x", campaign='"Autumn, wave 2"'),
            line(source="Organic", campaign="None", clicks="N/A", installs="540"),
        )
    )

    records = pulled(by_name, october)

    assert told(records) == {
        ("Facebook Ads", "FR_Prospecting", "install"): 88,
        ("Facebook Ads", "FR_Prospecting", "click"): 2400,
        ("Facebook Ads", "FR_Prospecting", "impression"): 120000,
        ("nightbird_int", "Autumn, wave 2", "install"): 88,
        ("nightbird_int", "Autumn, wave 2", "click"): 900,
        ("Organic", "", "install"): 540,
    }
    assert {one.key_kind for one in records} == {"name"}
    assert {one.kind for one in records if one.evidence_class == "E1"} == {"click", "impression"}


def test_the_apps_own_zone_is_asked_for(api: Api, by_name: AppsFlyer, october: Unit) -> None:
    api.pull(sheet())

    assert pulled(by_name, october) == []
    assert api.asked(PULL) == [{"from": "2026-10-01", "to": "2026-10-31", "timezone": "Europe/Paris"}]


def test_an_event_of_the_same_name_is_not_the_count(api: Api, by_name: AppsFlyer, october: Unit) -> None:
    without = sheet(line(), header=sheet().strip("\ufeff\r\n").replace(",Clicks,", ",Taps,"))
    api.pull(without)

    with pytest.raises(ContractError, match="no column Clicks"):
        pulled(by_name, october)


def test_of_columns_with_the_same_title_the_first_one_counts(
    api: Api, by_name: AppsFlyer, october: Unit
) -> None:
    header = "Date,Media Source,Campaign,Impressions,Clicks,Installs,Installs,installs"
    api.pull(sheet("2026-10-05,nightbird_int,Autumn,N/A,N/A,88,7,9", header=header))

    assert told(pulled(by_name, october)) == {("nightbird_int", "Autumn", "install"): 88}


def test_agencies_of_one_campaign_are_added_up(api: Api, by_name: AppsFlyer, october: Unit) -> None:
    api.pull(sheet(line(), line(agency="agency_x", installs="12", clicks="N/A")))

    assert told(pulled(by_name, october)) == {
        ("nightbird_int", "Autumn", "install"): 100,
        ("nightbird_int", "Autumn", "click"): 900,
    }


@pytest.mark.parametrize("code", [True, False])
def test_titles_come_with_and_without_their_codes(
    api: Api, by_name: AppsFlyer, october: Unit, code: bool
) -> None:
    header = sheet().strip("\ufeff\r\n")
    plain = header.replace(" (pid)", "").replace(" (c)", "").replace(" (af_prt)", "").upper()
    api.pull(sheet(line(), header=header if code else plain))

    assert len(pulled(by_name, october)) == 2


def test_the_shape_of_meta_tells_campaign_ids(api: Api, by_name: AppsFlyer, october: Unit) -> None:
    header = (
        "Date,Media Source (pid),Campaign Name,Campaign Id,Adset Id,Adgroup Id,Impressions,Clicks,Installs"
    )
    rows = [f"2026-10-05,Facebook Ads,FR,238,{adset},{adset}1,100,10,1" for adset in (1, 2)]
    api.pull(sheet(*rows, header=header))

    records = pulled(by_name, october)

    assert {(one.key_kind, one.key_value) for one in records} == {("campaign_id", "238")}
    assert told(records)["Facebook Ads", "238", "impression"] == 200


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (sheet(line(day="2026-11-01")), "not asked for"),
        (sheet(line(), line()), "comes twice"),
        (sheet(line()[:-6]), "12 cells, its header 13"),
        (sheet(line(installs="8 8")), "'8 8' is no count"),
        ("no such report", "no column"),
        (sheet(line(campaign='"Autumn')), "line"),
    ],
)
def test_a_file_of_something_else_is_refused(
    api: Api, by_name: AppsFlyer, october: Unit, text: str, says: str
) -> None:
    api.pull(text)

    with pytest.raises(ContractError, match=says):
        pulled(by_name, october)


@pytest.mark.parametrize("text", ["", "\r\n", "<html>busy</html>"])
def test_a_page_in_place_of_a_file_is_asked_again(
    api: Api, by_name: AppsFlyer, october: Unit, text: str
) -> None:
    api.pull(text)

    with pytest.raises(TransientError):
        pulled(by_name, october)
    assert len(api.asked(PULL)) > 1


def test_fraud_is_only_in_the_master_api_and_retargeting_only_if_it_is_paid_for() -> None:
    def names(**fields: object) -> list[str]:
        return [one.name for one in connector(**fields).reports()]

    assert names() == ["counts_daily", "fraud_daily"]
    assert names(master_api=False) == ["counts_daily"]
    assert names(retargeting=True) == ["counts_daily", "fraud_daily", "retargeting_daily"]


def retargeted(kind: str, number: int = 5) -> str:
    return f"2026-10-05,None,nightbird_int,Back again,300,{number},{kind}"


def test_only_who_installed_anew_is_a_reattribution(api: Api, october: Unit) -> None:
    api.pull(sheet(retargeted("re-attribution"), retargeted("re-engagement", 700), header=RETARGETED))

    [record] = list(connector(retargeting=True).retargeting_daily(october))

    assert (record.kind, record.flags, record.quantity_micros) == ("install", "reattribution", 5 * ONE)
    assert record.record_id == "2026-10-05 nightbird_int name:Back again reattribution"
    assert api.asked(PULL)[0]["reattr"] == "true"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (sheet(retargeted("re-something"), header=RETARGETED), "conversion type 'resomething'"),
        (sheet(header=RETARGETED.rpartition(",")[0]), "no column Conversion Type"),
    ],
)
def test_conversions_of_an_unknown_type_are_refused(api: Api, october: Unit, text: str, says: str) -> None:
    api.pull(text)

    with pytest.raises(ContractError, match=says):
        list(connector(retargeting=True).retargeting_daily(october))
