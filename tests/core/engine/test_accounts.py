"""Whose accounts are synced, by which connector."""

from collections.abc import Iterator

import pytest

from adtally.connector import Unit, pulls
from adtally.errors import (
    AuthError,
    ConfigError,
)
from adtally.ledger import Ledger
from adtally.records import Delivery

from .north import (
    UNITS,
    North,
    Platform,
    account,
    configured,
    failure,
    rows,
    sync,
)


def test_account_that_the_platform_names_twice_is_synced_once(ledger: Ledger) -> None:
    platform = Platform(accounts=[account(), account()])

    run = sync(ledger, configured(platform))

    assert (platform.days_asked, run.exit_code) == (UNITS, 0)


def test_configured_accounts_limit_the_sync_and_an_invisible_one_is_a_failure(ledger: Ledger) -> None:
    platform = Platform(accounts=[account("1"), account("2")])

    run = sync(ledger, configured(platform, accounts=("2", "7")))

    assert {text[0] for text in platform.asked} == {"2"}
    assert run.failures == [
        failure(
            "DeniedError",
            "account 7 is not visible to these credentials",
            account_id="7",
            report="",
            retry="adtally sync north --account 7",
        )
    ]


def test_wanted_accounts_limit_the_sync(ledger: Ledger) -> None:
    platform = Platform(accounts=[account("1"), account("2")])

    sync(ledger, configured(platform), accounts=("2",))

    assert {text[0] for text in platform.asked} == {"2"}


def test_wanted_account_that_nobody_sees_is_a_mistake(ledger: Ledger) -> None:
    with pytest.raises(
        ConfigError, match="no connector sees account 7: adtally check lists the visible ones"
    ):
        sync(ledger, configured(), accounts=("7",))

    assert rows(ledger, "runs", "status") == [("failed",)]


def test_wanted_account_of_a_connector_that_is_down_is_not_called_a_mistake(ledger: Ledger) -> None:
    run = sync(
        ledger, configured(), configured(Platform(refuses=AuthError("renew")), "south"), accounts=("7",)
    )

    assert [failed.connector for failed in run.failures] == ["south"]


def test_account_seen_by_two_connectors_of_a_platform_belongs_to_the_first(ledger: Ledger) -> None:
    first, second = Platform(), Platform(accounts=[account("1"), account("2")])

    run = sync(ledger, configured(first), configured(second, "south"))

    assert first.days_asked == UNITS
    assert {text[0] for text in second.asked} == {"2"}
    assert run.notes == ["south/1: synced by north"]
    assert rows(ledger, "accounts", "connector", "account_id") == [("north", "1"), ("south", "2")]


@pytest.mark.parametrize("is_down", [True, False])
def test_account_keeps_its_connector_while_that_is_down_or_not_asked(ledger: Ledger, is_down: bool) -> None:
    both = ("north", "south")
    sync(ledger, configured(), configured(Platform(), "south"), configured=both)
    first, second = Platform(refuses=AuthError("renew")), Platform()
    connectors = [configured(first)] if is_down else []

    run = sync(ledger, *connectors, configured(second, "south"), configured=both, run_id="r2")

    assert second.asked == []
    assert run.notes == ["south/1: synced by north"]


def test_order_of_the_configuration_decides_not_that_of_the_command(ledger: Ledger) -> None:
    first, second = Platform(), Platform()

    sync(ledger, configured(second, "south"), configured(first), configured=("north", "south"))

    assert (first.days_asked, second.asked) == (UNITS, [])


def test_accounts_of_other_platforms_may_have_the_same_id(ledger: Ledger) -> None:
    class Harbour(North):
        name = "harbour"

    other = Platform()

    sync(ledger, configured(), configured(other, "south", kind=Harbour))

    assert other.days_asked == UNITS


def test_finer_rows_are_fetched_only_when_asked_for(ledger: Ledger) -> None:
    class Fine(North):
        @pulls(Delivery, grain="ad", max_days=7)
        def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
            self._platform.note("ad_daily", unit)
            yield from ()

    coarse, fine = Platform(), Platform(accounts=[account("2")])

    sync(
        ledger, configured(coarse, kind=Fine), configured(fine, "south", kind=Fine, grains=("campaign", "ad"))
    )

    assert [text for text in coarse.asked + fine.asked if "ad_daily" in text] == [
        f"2 ad_daily {window}" for window in UNITS
    ]
