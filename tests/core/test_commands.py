"""The public functions, as a program of one's own calls them."""

from datetime import date
from pathlib import Path

import pytest

import adtally
from adtally.commands import Checked
from adtally.engine.summary import Run
from adtally.errors import ConfigError, LedgerError
from adtally.records import Account

from .shop import DELIVERY, NOON, user

MARCH = "2024-03"
FIRST = date(2024, 3, 1)


@pytest.fixture
def settings(tmp_path: Path) -> adtally.Settings:
    return adtally.Settings.load(user(tmp_path))


def changed(run: Run) -> dict[str, int]:
    return {table: count for table, count in run.rows.items() if count}


def test_init_writes_a_configuration_that_loads_and_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"

    adtally.init(path)
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"config\.toml: exists already; nothing was changed"):
        adtally.init(path)
    assert path.read_text(encoding="utf-8").endswith("# mine\n")
    assert adtally.Settings.load(path).folder == tmp_path


def test_init_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere/config\.toml: cannot be written"):
        adtally.init(tmp_path / "nowhere" / "config.toml")


def test_check_lists_the_visible_accounts_and_stores_nothing(settings: adtally.Settings) -> None:
    checked = adtally.check(settings, ["harbour"])

    assert checked == [Checked("harbour", (Account(id="1234", currency="EUR", timezone="Europe/Berlin"),))]
    assert not settings.ledger_path.exists()


def test_check_tells_a_connector_that_fails_from_one_that_does_not(settings: adtally.Settings) -> None:
    (settings.folder / "bills.csv").unlink()

    good, bad = adtally.check(settings)

    assert (good.connector, good.error) == ("harbour", None)
    assert (bad.connector, bad.accounts) == ("harbour_bills", ())
    assert isinstance(bad.error, ConfigError)


def test_sync_reconcile_and_status_work_together(settings: adtally.Settings) -> None:
    with adtally.open_ledger(settings) as ledger:
        run = adtally.sync(settings, ledger, clock=lambda: NOON)
        result = adtally.reconcile(settings, ledger, month=MARCH, clock=lambda: NOON)
        status = adtally.status(ledger, clock=lambda: NOON)
        stored = adtally.findings(ledger)

    assert (run.exit_code, changed(run)) == (0, {"delivery": 2, "invoices": 1, "invoice_accounts": 1})
    assert run.run_id.startswith("20240520T120000Z-")
    assert ("invoice-arithmetic", 10_000_000) in [(f.check_id, f.diff_micros) for f in result.findings]
    assert stored == result.findings
    assert [(feed.connector, feed.newest_complete_day) for feed in status.feeds] == [
        ("harbour", date(2024, 3, 2))
    ]


def test_second_sync_writes_nothing(settings: adtally.Settings) -> None:
    with adtally.open_ledger(settings) as ledger:
        adtally.sync(settings, ledger, clock=lambda: NOON)

        run = adtally.sync(settings, ledger, clock=lambda: NOON)

        assert changed(run) == {}


@pytest.mark.parametrize("spelling", ["1234", "act_1234", "12-34", " act_12-34 "])
def test_account_may_be_spelled_as_the_platform_shows_it(settings: adtally.Settings, spelling: str) -> None:
    with adtally.open_ledger(settings) as ledger:
        run = adtally.sync(settings, ledger, accounts=[spelling], clock=lambda: NOON)

    assert (run.units.done, run.exit_code) == (2, 0)


def test_only_the_named_connectors_are_synced(settings: adtally.Settings) -> None:
    with adtally.open_ledger(settings) as ledger:
        run = adtally.sync(settings, ledger, connectors=["harbour_bills"], clock=lambda: NOON)

    assert changed(run) == {"invoices": 1, "invoice_accounts": 1}


def test_unknown_connector_is_named_with_the_near_one(settings: adtally.Settings) -> None:
    with adtally.open_ledger(settings) as ledger, pytest.raises(ConfigError, match=r"\[connectors\.harbor\]"):
        adtally.sync(settings, ledger, connectors=["harbor"])


def test_ledger_that_syncs_elsewhere_is_refused(settings: adtally.Settings) -> None:
    with (
        adtally.open_ledger(settings) as first,
        adtally.open_ledger(settings) as second,
        first.sync_lock(),
        pytest.raises(LedgerError, match="a sync is already running"),
    ):
        adtally.sync(settings, second, clock=lambda: NOON)


def test_findings_live_on_from_run_to_run(settings: adtally.Settings) -> None:
    with adtally.open_ledger(settings) as ledger:
        adtally.sync(settings, ledger, clock=lambda: NOON)
        first = adtally.reconcile(settings, ledger, month=MARCH, clock=lambda: NOON).findings
        again = adtally.reconcile(settings, ledger, month=MARCH, clock=lambda: NOON).findings
        (settings.folder / "bills.csv").write_text(
            "Id,From,To,Net,Tax,Total\nHB-7,2024-03-01,2024-03-31,100.00,19.00,119.00\n", encoding="utf-8"
        )
        adtally.sync(settings, ledger, clock=lambda: NOON)
        adtally.reconcile(settings, ledger, month=MARCH, clock=lambda: NOON)
        states = {finding.check_id: finding.state for finding in adtally.findings(ledger)}

    assert again == first
    assert states["invoice-arithmetic"] == "resolved"


def test_days_that_are_no_month_are_judged_and_not_stored(settings: adtally.Settings) -> None:
    with adtally.open_ledger(settings) as ledger:
        adtally.sync(settings, ledger, clock=lambda: NOON)

        result = adtally.reconcile(
            settings, ledger, first_day=date(2024, 3, 1), last_day=date(2024, 4, 2), clock=lambda: NOON
        )

        assert (result.period.first_day, result.period.last_day) == (date(2024, 3, 1), date(2024, 4, 2))
        assert adtally.findings(ledger) == []


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"check": "invoice"}, "no check is called 'invoice': choose from invoice-duplicate"),
        ({"first_day": date(2024, 3, 1)}, "give --month, or both --first-day and --last-day"),
        (
            {"month": MARCH, "first_day": FIRST, "last_day": FIRST},
            "give --month, or both",
        ),
        ({"first_day": date(2024, 3, 2), "last_day": date(2024, 3, 1)}, "--first-day is after --last-day"),
        ({"month": "March"}, "--month 'March': write it as 2026-10"),
    ],
)
def test_wrong_wish_is_told(settings: adtally.Settings, wishes: dict[str, object], said: str) -> None:
    with adtally.open_ledger(settings) as ledger, pytest.raises(ConfigError, match=said):
        adtally.reconcile(settings, ledger, **wishes)  # type: ignore[arg-type]


def test_without_a_month_every_ended_one_with_data_is_judged(settings: adtally.Settings) -> None:
    with (settings.folder / "delivery.csv").open("a", encoding="utf-8") as file:
        file.write("2024-04-30,brand,1,1.00\n2024-05-01,brand,1,1.00\n")
    with adtally.open_ledger(settings) as ledger:
        adtally.sync(settings, ledger, clock=lambda: NOON)

        result = adtally.reconcile(settings, ledger, clock=lambda: NOON)

    assert [month.month.first_day for month in result.months] == [date(2024, 3, 1), date(2024, 4, 1)]


def test_report_stores_nothing(settings: adtally.Settings, tmp_path: Path) -> None:
    with adtally.open_ledger(settings) as ledger:
        adtally.sync(settings, ledger, clock=lambda: NOON)

        result = adtally.report(settings, ledger, month=MARCH, html=tmp_path / "r.html", clock=lambda: NOON)

        assert adtally.findings(ledger) == []
    assert result.findings != []
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!")


def test_bad_row_fails_its_file_and_the_other_connector_goes_on(tmp_path: Path) -> None:
    settings = adtally.Settings.load(user(tmp_path, delivery=DELIVERY + "2024-03-03,brand,many,1.00\n"))

    with adtally.open_ledger(settings) as ledger:
        run = adtally.sync(settings, ledger, clock=lambda: NOON)

    [failure] = run.failures
    assert (failure.connector, failure.account_id, failure.report) == (
        "harbour",
        "1234",
        "delivery:delivery.csv",
    )
    assert "delivery.csv line 4" in failure.message
    assert "'many'" in failure.message
    assert (changed(run), run.exit_code) == ({"invoices": 1, "invoice_accounts": 1}, 3)
