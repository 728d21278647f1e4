import csv
import tomllib
from pathlib import Path

import pytest

from adtally import to_micros
from adtally.settings import Settings
from adtally.world import Fake, World, installed
from adtally.world.config import write_config

URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def built() -> World:
    return World.build(seed=7)


def fakes(built: World) -> dict[str, Fake]:
    return {name: make(built) for name, make in installed().items()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_config_loads_and_points_at_the_sandbox(built: World, tmp_path: Path) -> None:
    path = write_config(built, tmp_path / "demo", URL, fakes(built))

    settings = Settings.load(path)

    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    assert sorted(settings.connectors) == sorted(raw["connectors"])
    assert {name: table["base_url"] for name, table in raw["connectors"].items() if "base_url" in table} == {
        platform.removesuffix("_ads"): f"{URL}/{platform}" for platform in installed()
    }
    assert [raw["connectors"][name]["poll_seconds"] for name in ("meta", "tiktok")] == [0, 0]
    assert raw["sync"]["first_day"] == built.first_day


def test_every_file_that_the_config_names_has_exactly_its_columns(built: World, tmp_path: Path) -> None:
    path = write_config(built, tmp_path, URL, fakes(built))

    tables = [
        table for table in tomllib.loads(path.read_text())["connectors"].values() if table["use"] == "files"
    ]

    headings = [list(rows(tmp_path / table["path"])[0]) for table in tables]
    assert headings == [list(table["columns"].values()) for table in tables]


def test_each_agreement_of_the_world_is_in_the_config_with_its_rate(built: World, tmp_path: Path) -> None:
    raw = tomllib.loads(write_config(built, tmp_path, URL, fakes(built)).read_text(encoding="utf-8"))

    written = {
        entry["campaign"]: (
            *(entry["model"], entry["kind"], entry.get("rate", "0")),
            *("flight" in entry, entry.get("click_only", False)),
        )
        for entry in raw["agreements"]
        if "model" in entry
    }

    agreed = {c.campaign_id: c.agreement for a in built.accounts for c in a.campaigns if c.agreement}
    assert written.keys() == agreed.keys()
    for number, agreement in agreed.items():
        model, kind, rate, flight, click_only = written[number]
        assert (model, kind, flight) == (agreement.model, agreement.kind, agreement.flight is not None)
        assert click_only == agreement.click_only
        if agreement.share_ppm:
            assert to_micros(rate.removesuffix("%"), scale=10_000) == agreement.share_ppm
        else:
            assert to_micros(rate) == agreement.rate_micros


def test_what_an_agreement_says_beside_its_price_is_in_the_config(built: World, tmp_path: Path) -> None:
    settings = Settings.load(write_config(built, tmp_path, URL, fakes(built)))

    agreed = {c.campaign_id: c.agreement for a in built.accounts for c in a.campaigns if c.agreement}
    said = {one.campaign: one for one in settings.agreements if one.model}
    for number, agreement in agreed.items():
        one = said[number]
        assert (one.order, one.units, one.budget) == (
            agreement.order,
            agreement.units,
            agreement.budget_micros,
        )
        assert one.validation_days == agreement.validation_days
        assert one.counted_by == (agreement.counted_by or "platform")
        assert tuple((tier.up_to, tier.rate.rate_micros) for tier in one.tiers) == agreement.tiers
    [fee] = [one.fee for one in settings.agreements if one.fee]
    assert (fee.share, fee.of, fee.billed_by) == (150_000, "gross", "mediahaus_invoices")
    assert {one.order for one in agreed.values()} >= {"IO-2609", "IO-2610", "IO-2611", "IO-2612"}


def test_publishers_files_hold_the_world_to_the_micro(built: World, tmp_path: Path) -> None:
    write_config(built, tmp_path, URL, fakes(built))

    delivered = {
        (row["account"], row["campaign_id"], row["day"]): to_micros(row["cost"])
        for row in rows(tmp_path / "gulf" / "delivery.csv")
    }
    billed = {row["invoice_id"]: to_micros(row["total"]) for row in rows(tmp_path / "gulf" / "invoices.csv")}

    assert delivered == {
        (account.account_id, campaign.campaign_id, row.day.isoformat()): row.cost_micros
        for account in built.accounts
        if account.connector == "gulf"
        for campaign in account.campaigns
        for row in built.days[campaign.campaign_id]
    }
    assert billed == {
        bill.invoice_id: bill.total_micros for bill in built.bills if bill.connector == "gulf_invoices"
    }


def test_a_count_that_a_publisher_does_not_keep_is_empty_and_not_zero(built: World, tmp_path: Path) -> None:
    write_config(built, tmp_path, URL, fakes(built))
    cpm = next(c for a in built.accounts for c in a.campaigns if c.name == "Run of site")

    row = next(
        row for row in rows(tmp_path / "northbay" / "delivery.csv") if row["campaign_id"] == cpm.campaign_id
    )

    offered = {name for name, cell in row.items() if cell}
    assert offered == {"account", "day", "campaign_id", "impressions", "clicks", "cost"}


def test_platform_whose_extra_is_not_installed_is_left_out_with_all_that_comes_of_it(
    built: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adtally.world.config.find_spec", lambda name: None if name == "oauthlib" else name)

    text = write_config(built, tmp_path, URL, fakes(built)).read_text(encoding="utf-8")

    assert "# Left out: x_ads, which needs pip install 'adtally[x_ads]'" in text
    connectors = tomllib.loads(text)["connectors"]
    assert "apple" in connectors
    assert [name for name in connectors if name == "x" or name.startswith("x_")] == []
    assert {entry["connector"] for entry in tomllib.loads(text)["agreements"]} <= connectors.keys()
