import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr

from adtally.commands import rules_of
from adtally.connector import Connector
from adtally.errors import ConfigError
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.tolerance import Tolerance as Limits
from adtally.records import canonical_account
from adtally.registry import build
from adtally.settings import Agreement, ConnectorTable, Price, Settings, Tolerance
from adtally.settings.agreements import Fee, Flight, Tier
from adtally.settings.tables import Ledger, Reconcile, Sync
from adtally_connectors.files import Files

PROJECT = Path(__file__).parents[2]

TWO_STEPS = 'tiers = [{ up_to = 9, rate = "1" }, { up_to = 9, rate = "1" }, { rate = "1" }]'
AGREEMENT = """
[connectors.google]
use = "google_ads"

[[agreements]]
connector = "google"
model = "cpc"
rate = "0.40"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(folder: Path, text: str) -> Settings:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return Settings.load(folder / "config.toml")


def refusal(folder: Path, text: str) -> str:
    """What is said about this file, behind its name."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


def test_empty_file_gives_the_defaults(folder: Path) -> None:
    settings = load(folder, "")

    assert settings.ledger_path == folder / "adtally.db"
    assert settings.token_path == folder / "tokens.json"
    assert settings.sync.workers == 8
    assert settings.reconcile.money_match == Tolerance(minor_units=100, relative_ppm=1000)
    assert settings.reconcile.rate_match == Tolerance(minor_units=100, relative_ppm=5000)
    assert settings.reconcile.invoice_lag_days == 10
    assert (settings.reconcile.alpha, settings.reconcile.effect_ratio) == (Decimal("0.01"), Decimal(1))
    assert (settings.connectors, settings.agreements, settings.reconcile.rates) == ({}, (), {})


def test_file_is_the_given_one_then_the_variables_then_the_current_folders(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("given.toml", "named.toml", "config.toml"):
        (folder / name).write_text(f'[ledger]\npath = "{name}.db"')

    here = Settings.load()
    monkeypatch.setenv("ADTALLY_CONFIG", "named.toml")
    named = Settings.load()
    given = Settings.load("given.toml")

    assert [one.ledger.path for one in (here, named, given)] == [
        "config.toml.db",
        "named.toml.db",
        "given.toml.db",
    ]
    assert [one.file.name for one in (here, named, given)] == ["config.toml", "named.toml", "given.toml"]


def test_missing_file_is_named_with_what_to_do(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file; `adtally init` writes one"):
        Settings.load("gone.toml")


def test_relative_paths_count_from_the_files_folder(folder: Path) -> None:
    (folder / "deep").mkdir()

    settings = load(folder / "deep", '[ledger]\npath = "../books/ads.db"')
    elsewhere = load(folder / "deep", '[sync]\ntoken_file = "/run/tokens.json"')

    assert settings.ledger_path == folder / "deep" / "../books/ads.db"
    assert settings.token_path == folder / "deep" / "../books/tokens.json"
    assert elsewhere.token_path == Path("/run/tokens.json")


def test_file_of_a_windows_editor_is_read(folder: Path) -> None:
    (folder / "config.toml").write_bytes(b'\xef\xbb\xbf[ledger]\r\npath = "ads.db"\r\n')

    assert Settings.load().ledger.path == "ads.db"


def test_everything_of_the_documented_file_is_read(folder: Path) -> None:
    settings = load(
        folder,
        """
        [sync]
        first_day = 2026-01-01
        workers = 3

        [connectors.google]
        use = "google_ads"
        accounts = ["123-456-7890", "1234567890", "act_42", "my-shop"]
        grains = ["ad"]
        client_id = "c"

        [reconcile]
        money_match = { minor_units = 1, relative_ppm = 0 }
        invoice_lag_days = 0
        alpha = "0.05"
        effect_ratio = "0.5"
        rates.USD = { cpm = "5.00", cps = "8%" }
        rates.JPY.cpc = 40

        [[agreements]]
        connector = "google"
        account = "123-456-7890"
        campaign = "brand-*"
        model = "cps"
        rate = "8.5%"
        kind = "cap"
        click_only = true
        first_day = 2026-01-01
        last_day = 2026-12-31

        [[agreements]]
        connector = "google"
        model = "flat"
        rate = "10000.00"
        flight = { first_day = 2026-01-01, last_day = 2026-03-31 }
        """,
    )

    table = settings.connectors["google"]
    share, flat = settings.agreements
    assert settings.sync.start(date(2026, 7, 5)) == date(2026, 1, 1)
    assert (table.use, table.accounts, table.grains) == (
        "google_ads",
        ("1234567890", "42", "my-shop"),
        ("campaign", "ad"),
    )
    assert table.fields.get_secret_value() == {"client_id": "c"}
    assert settings.reconcile.money_match == Tolerance(minor_units=1, relative_ppm=0)
    rules = rules_of(settings)
    assert rules == Rules(
        money_match=Limits(minor_units=1, relative_ppm=0),
        invoice_lag_days=0,
        alpha=Decimal("0.05"),
        effect_ratio=Decimal("0.5"),
        rates={"USD": {"cpm": 5_000_000, "cps": 80_000}, "JPY": {"cpc": 40_000_000}},
        surcharges=rules.surcharges,
    )
    assert rules.surcharges
    assert settings.reconcile.rates == {
        "USD": {"cpm": Price(rate_micros=5_000_000), "cps": Price(share_ppm=80_000)},
        "JPY": {"cpc": Price(rate_micros=40_000_000)},
    }
    assert (share.account, share.rate, share.kind) == ("1234567890", Price(share_ppm=85_000), "cap")
    assert (share.click_only, flat.click_only) == (True, False)
    assert (flat.rate, flat.flight and str(flat.flight.window)) == (
        Price(rate_micros=10_000_000_000),
        "2026-01-01..2026-03-31",
    )


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 7, 31), date(2026, 4, 1)),
        (date(2026, 3, 1), date(2025, 12, 1)),
        (date(2026, 1, 15), date(2025, 10, 1)),
    ],
)
def test_never_synced_account_starts_three_months_back(folder: Path, today: date, start: date) -> None:
    assert load(folder, "").sync.start(today) == start


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("123-456-7890", "1234567890"),
        (" act_42 ", "42"),
        ("act_brand", "act_brand"),
        ("my-shop-1", "my-shop-1"),
        ("18ce54d4x5t", "18ce54d4x5t"),
    ],
)
def test_account_ids_lose_dashes_and_prefix_only_where_digits_remain(spelling: str, canonical: str) -> None:
    assert canonical_account(spelling) == canonical


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[ledgr]\npath = "x"', "config.toml ledgr: unknown key; did you mean ledger?"),
        ('[ledger]\npaht = "x"', "config.toml [ledger] paht: unknown key; did you mean path?"),
        ("[sync]\nworker = 2", "config.toml [sync] worker: unknown key; did you mean workers?"),
        (
            AGREEMENT + "[[agreements]]\nconector = 1",
            "config.toml [[agreements]] 2, conector: unknown key; did you mean connector?",
        ),
        (
            "[reconcile.money_match]\nminor_unit = 1\nrelative_ppm = 1",
            "config.toml [reconcile] money_match.minor_unit: unknown key; did you mean minor_units?",
        ),
        (
            '[connectors.google]\ngrains = ["campain"]',
            "config.toml [connectors.google] grains[0]: "
            "Input should be 'account', 'campaign', 'ad_group' or 'ad'",
        ),
        (
            "[connectors.google]\naccounts = [1234567890]",
            'config.toml [connectors.google] accounts[0]: expected text: write it in quotes, "..."',
        ),
        (
            "[connectors.Google]",
            "config.toml [connectors.Google]: a name is lower-case letters, digits and _",
        ),
        ("[sync]\nfirst_day = 20260101", "config.toml [sync] first_day: expected a day, such as 2026-01-31"),
        (
            "[reconcile]\ninvoice_lag_days = -1",
            "config.toml [reconcile] invoice_lag_days: Input should be greater than or equal to 0",
        ),
        *(
            (
                f"[reconcile]\nalpha = {wrong}",
                'config.toml [reconcile] alpha: expected decimal text above 0 and at most 1, such as "0.01"',
            )
            for wrong in ("0.01", '"0"', '"1.1"', '"1%"', '"-1"', "true")
        ),
        ("[sync]\nworkers = 0", "config.toml [sync] workers: Input should be greater than 0"),
        (
            "[ledger",
            "config.toml: not TOML: Expected ']' at the end of a table declaration (at end of document)",
        ),
        (
            AGREEMENT.replace('"google"\nmodel', '"gogle"\nmodel'),
            "config.toml: [[agreements]] 1, connector: no such table in [connectors]; did you mean google?",
        ),
    ],
)
def test_mistake_is_named_by_file_table_and_key(folder: Path, text: str, said: str) -> None:
    assert said in refusal(folder, text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("rate = ", "# "), "[[agreements]] 1: rate: is missing"),
        (("rate = ", "tiers = [{ rate = '0.40' }]\nrate = "), "a model needs either that or tiers"),
        (('model = "cpc"', ""), "a rate, tiers or units need model"),
        (('rate = "0.40"', 'tiers = [{ up_to = 9, rate = "1" }]'), "the last of tiers, and only that"),
        (
            (
                'rate = "0.40"',
                TWO_STEPS,
            ),
            "the steps of tiers rise",
        ),
        (('rate = "0.40"', 'rate = "0.40"\nbudget = "1"'), "a budget or units need flight"),
        (('rate = "0.40"', 'rate = "0.40"\nbudget = "1%"'), "budget: expected decimal text of money"),
        (('rate = "0.40"', 'rate = "0.40"\ndiscrepancy = "101%"'), "a percentage of at most 100%"),
        (('rate = "0.40"', 'rate = "0.40"\ncounted_by = "ga4"'), "1, counted_by: no such table"),
        (
            ('rate = "0.40"', 'rate = "0.40"\nfee = { share = "15%", billed_by = "agency" }'),
            "1, billed_by: no such table",
        ),
        (('"0.40"', "0.4"), "rate: a decimal number is not exact here: write the money as text"),
        (('"0.40"', '"0,40"'), "rate: expected decimal text"),
        (('"0.40"', '"-1"'), "rate: expected decimal text"),
        (('"0.40"', '"0.0000001"'), "rate: expected decimal text"),
        (('"0.40"', "true"), "rate: expected decimal text"),
        (('"0.40"', '"8%"'), "a share is a rate of cps only, not of cpc"),
        (('"cpc"', '"flat"'), "a flat price needs flight: the days that it is for"),
        (('"cpc"', '"cpx"'), "model: Input should be"),
        (('"cpc"', '"cpc"\nfirst_day = 2026-02-01\nlast_day = 2026-01-01'), "last_day is before first_day"),
        (('"cpc"', '"cpc"\nflight = {first_day = 2026-02-01}'), "1, flight.last_day: is missing"),
        (
            ('"cpc"', '"cpc"\nflight = {first_day = 2026-02-01, last_day = 2026-01-01}'),
            "1, flight: last_day is before first_day",
        ),
    ],
)
def test_agreement_that_cannot_be_meant_is_refused(folder: Path, change: tuple[str, str], said: str) -> None:
    assert said in refusal(folder, AGREEMENT.replace(*change))


def test_finer_share_than_a_millionth_and_a_share_of_another_model_are_refused(folder: Path) -> None:
    assert "at most 4 decimals" in refusal(folder, '[reconcile.rates.USD]\ncps = "0.00001%"')
    assert "a share is a rate of cps only, not of cpm" in refusal(folder, '[reconcile.rates.USD]\ncpm = "1%"')
    assert "ISO 4217" in refusal(folder, '[reconcile.rates.EURO]\ncpm = "1"')


def test_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / "config.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError, match=r"config\.toml: not UTF-8 text"):
        Settings.load()


def test_agreement_matches_by_connector_account_and_a_glob_on_id_or_name(folder: Path) -> None:
    [agreement] = load(folder, AGREEMENT + 'account = "123-456"\ncampaign = "brand-*"').agreements

    assert agreement.matches("google", "123456", "77", "brand-de")
    assert agreement.matches("google", "123456", "brand-1", "")
    assert not agreement.matches("google", "123456", "77", "Brand-de")
    assert not agreement.matches("google", "999", "brand-1", "")
    assert not agreement.matches("meta", "123456", "brand-1", "")


def test_agreement_keeps_what_was_said_about_counts_orders_and_fees(folder: Path) -> None:
    said = """
        tiers = [{ up_to = 1000, rate = "0.50" }, { rate = "0.40" }]
        order = "IO-7"
        flight = { first_day = 2026-01-01, last_day = 2026-03-31 }
        budget = "10000.00"
        counted_by = "google"
        discrepancy = "7.5%"
        min_interaction_rate = "0.1%"
        fee = { share = "15%", of = "gross", billed_by = "google" }
        """
    [agreement] = load(folder, AGREEMENT.replace('rate = "0.40"', said)).agreements

    assert [(tier.up_to, tier.rate.rate_micros) for tier in agreement.tiers] == [
        (1000, 500_000),
        (None, 400_000),
    ]
    assert (agreement.budget, agreement.discrepancy) == (10_000_000_000, 75_000)
    assert (agreement.min_interaction_rate, agreement.under_delivery) == (1_000, 50_000)
    assert agreement.fee is not None
    assert (agreement.fee.share, agreement.fee.of) == (150_000, "gross")


def test_agreement_without_account_and_campaign_matches_all_of_its_connector(folder: Path) -> None:
    [agreement] = load(folder, AGREEMENT).agreements

    assert agreement.matches("google", "1", "2", "any name")


def test_rate_is_in_force_on_its_days_inclusive(folder: Path) -> None:
    [agreement] = load(folder, AGREEMENT + "first_day = 2026-01-02\nlast_day = 2026-01-03").agreements
    [always] = load(folder, AGREEMENT).agreements
    days = [date(2026, 1, day) for day in (1, 2, 3, 4)]

    assert [agreement.valid_on(day) for day in days] == [False, True, True, False]
    assert all(always.valid_on(day) for day in days)


def test_environment_wins_and_connectors_values_stay_text(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "ADTALLY_SYNC__WORKERS": "2",
        "ADTALLY_SYNC__FIRST_DAY": "2026-02-01",
        "ADTALLY_CONNECTORS__GOOGLE__REFRESH_TOKEN": "1e5",
        "ADTALLY_CONNECTORS__GOOGLE__CUSTOMER": "0123",
        "ADTALLY_CONNECTORS__GOOGLE__FLAG": "true",
        "ADTALLY_CONNECTORS__GOOGLE__LIST": '["a"]',
        "ADTALLY_CONNECTORS__GOOGLE__COLUMNS__DAY": "Date",
        "ADTALLY_CONNECTORS__GOOGLE__ACCOUNTS": '["123-456"]',
        "ADTALLY_CONNECTORS__GOOGLE__CLIENT_ID": "",
        "ADTALLY_RECONCILE__RATES__USD__CPC": "0.40",
    }.items():
        monkeypatch.setenv(name, text)

    settings = load(
        folder,
        '[sync]\nworkers = 5\n[connectors.google]\nrefresh_token = "file"\nclient_id = "c"\n'
        '[reconcile.rates.USD]\ncpc = "9"\ncpm = "5"',
    )

    table = settings.connectors["google"]
    assert (settings.sync.workers, settings.sync.first_day) == (2, date(2026, 2, 1))
    assert table.accounts == ("123456",)
    assert table.fields.get_secret_value() == {
        "refresh_token": "1e5",
        "customer": "0123",
        "flag": "true",
        "list": '["a"]',
        "columns": {"day": "Date"},
        "client_id": "c",
    }
    assert settings.reconcile.rates["USD"] == {
        "cpc": Price(rate_micros=400_000),
        "cpm": Price(rate_micros=5_000_000),
    }


def test_agreements_may_come_from_the_environment_as_json(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADTALLY_AGREEMENTS", '[{"connector": "google", "model": "cpm", "rate": "5"}]')

    assert [one.model for one in load(folder, AGREEMENT).agreements] == ["cpm"]


def test_mistake_in_a_variable_is_named_by_the_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADTALLY_SYNC__WORKERS", "s3cret")
    monkeypatch.setenv("ADTALLY_CONNECTORS__GOOGLE__ACCOUNTS", "123")

    said = refusal(folder, "[sync]\nworkers = 2")

    assert "ADTALLY_SYNC__WORKERS: Input should be a valid integer" in said
    assert "ADTALLY_CONNECTORS__GOOGLE__ACCOUNTS: Input should be a valid tuple" in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "ADTALLY_LEDGR__PATH",
            "no table of the configuration is called ledgr; did you mean ADTALLY_LEDGER__...?",
        ),
        ("ADTALLY_LEDGER__PTH", "ADTALLY_LEDGER__PTH: unknown key; did you mean path?"),
    ],
)
def test_variable_that_means_no_key_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.setenv(name, "s3cret")

    assert said in refusal(folder, "")


def test_variable_that_is_both_value_and_table_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADTALLY_CONNECTORS__GOOGLE", "s3cret")
    monkeypatch.setenv("ADTALLY_CONNECTORS__GOOGLE__USE", "google_ads")

    said = refusal(folder, "")

    assert "ADTALLY_CONNECTORS__GOOGLE" in said
    assert "s3cret" not in said


def test_secrets_come_from_files_named_as_their_variables(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = folder / "secrets"
    secrets.mkdir()
    (secrets / "ADTALLY_CONNECTORS__GOOGLE__REFRESH_TOKEN").write_text("from-file\n")
    (secrets / "adtally_connectors__google__client_secret").write_text("also")
    (secrets / "another_programs_secret").write_bytes(b"\xff")
    monkeypatch.setenv("ADTALLY_CONNECTORS__GOOGLE__CLIENT_SECRET", "environment")

    settings = load(folder, 'secrets_dir = "secrets"\n[connectors.google]\nrefresh_token = "toml"')

    assert settings.connectors["google"].fields.get_secret_value() == {
        "refresh_token": "from-file",
        "client_secret": "environment",
    }


def test_folder_of_secrets_may_be_named_by_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "ADTALLY_SYNC__WORKERS").write_text("4")
    monkeypatch.setenv("ADTALLY_SECRETS_DIR", str(folder))

    assert load(folder, "").sync.workers == 4


def test_missing_folder_of_secrets_is_named(folder: Path) -> None:
    assert "secrets_dir nowhere: cannot be read (FileNotFoundError)" in refusal(
        folder, 'secrets_dir = "nowhere"'
    )


def test_secret_shows_in_no_text_of_the_settings(folder: Path) -> None:
    settings = load(folder, '[connectors.google]\nrefresh_token = "s3cret"\nlist = ["s3cret"]')

    for shown in (
        repr(settings),
        str(settings),
        str(settings.model_dump()),
        repr(settings.connectors["google"]),
    ):
        assert "s3cret" not in shown


def test_value_stands_in_no_mistake(folder: Path) -> None:
    said = refusal(
        folder,
        '[ledger]\npath = ["s3cret"]\n[sync]\nworkers = "s3cret"\nfirst_day = "s3cret"\n'
        '[connectors.google]\ngrains = ["s3cret"]\nuse = { a = "s3cret" }\n'
        '[reconcile]\nrates.USD.cpc = "s3cret"',
    )

    assert "s3cret" not in said
    assert said.count("config.toml") == 6


def test_place_of_a_value_can_be_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADTALLY_CONNECTORS__GOOGLE__USE", "google_ads")
    settings = load(folder, "")

    assert settings.where("connectors", "google", "use") == "ADTALLY_CONNECTORS__GOOGLE__USE"
    assert (
        settings.where("connectors", "google", "token") == f"{folder}/config.toml [connectors.google] token"
    )


def test_table_can_be_made_without_a_file() -> None:
    settings = Settings(connectors={"shop": ConnectorTable.model_validate({"token": SecretStr("t")})})

    assert settings.connectors["shop"].use == ""
    assert settings.folder == Path.cwd()


def test_example_file_loads_and_its_files_connector_is_ready() -> None:
    settings = Settings.load(PROJECT / "config.example.toml")

    assert list(settings.connectors) == ["google", "meta_exports"]
    assert build(settings, "meta_exports").connector.platform == "meta_ads"


@pytest.mark.parametrize(
    "table", [Ledger, Sync, ConnectorTable, Connector, Reconcile, Agreement, Flight, Tier, Fee, Files]
)
def test_every_key_stands_in_the_documentation(table: type[BaseModel]) -> None:
    text = (PROJECT / "docs/configuration.md").read_text(encoding="utf-8")
    keys = {field.alias or name for name, field in table.model_fields.items()} - {"fields"}

    assert {key for key in keys if not re.search(rf"[`. ]{key}[`. ]", text)} == set()
