from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from pydantic import SecretStr, ValidationError
from responses import RequestsMock

from adtally.auth import Auth, header_auth
from adtally.calendar import Window
from adtally.connector import Connector, Report, Unit, pulls
from adtally.errors import ContractError
from adtally.records import Account, Campaign, Delivery, Invoice, Record
from adtally.testing import unit

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)


class Platform(Connector):
    name = "platform"
    own_hosts = ("api.platform.example",)
    base_url: str = "https://api.platform.example/v1"
    token: SecretStr = SecretStr("s3cret")

    def auth(self) -> Auth:
        return header_auth("Authorization", self.token, prefix="Bearer ")

    def accounts(self) -> list[Account]:
        return [
            Account(id=id_, currency="EUR", timezone="UTC")
            for id_ in self.http.get("accounts", decode=list[str])
        ]

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        yield Campaign(campaign_id="c1")

    @pulls(Delivery, grain="ad", max_days=7, restated_days=28, final_after={"clicks": 2}, retention_days=90)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        yield Delivery(day=unit.window.first_day, ad_id="a1")

    @pulls(Invoice)
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        yield Invoice(invoice_id="i1", currency=unit.account.currency, total_micros=1)


def test_declared_reports_say_what_core_must_know_in_the_order_they_are_written() -> None:
    campaigns, ads, invoices = Platform.declared()

    assert ads == Report(
        name="ad_daily",
        records=(Delivery,),
        cadence="daily",
        grain="ad",
        max_days=7,
        restated_days=28,
        final_after={"cost": 28, "clicks": 2, "conversions": 28},
        retention_days=90,
    )
    assert [(r.name, r.cadence) for r in (campaigns, invoices)] == [
        ("campaigns", "snapshot"),
        ("invoices", "monthly"),
    ]


def test_marked_method_stays_a_plain_generator() -> None:
    assert list(Platform().ad_daily(unit(FIRST, LAST))) == [Delivery(day=FIRST, ad_id="a1")]


def test_fetch_calls_the_method_of_the_report() -> None:
    connector = Platform()

    fetched: list[list[Record]] = [list(connector.fetch(r, unit(FIRST, LAST))) for r in connector.reports()]

    assert fetched == [
        [Campaign(campaign_id="c1")],
        [Delivery(day=FIRST, ad_id="a1")],
        [Invoice(invoice_id="i1", currency="EUR", total_micros=1)],
    ]


def test_report_of_a_subclass_replaces_its_parents_in_place() -> None:
    class Weekly(Platform):
        @pulls(Delivery, max_days=1)
        def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
            yield from ()

    assert [(r.name, r.max_days) for r in Weekly.declared()] == [
        ("campaigns", 31),
        ("ad_daily", 1),
        ("invoices", 31),
    ]


def test_report_cannot_mix_cadences() -> None:
    with pytest.raises(TypeError, match="one cadence"):
        pulls(Delivery, Invoice)


def test_unknown_field_is_refused_without_showing_any_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Platform.model_validate({"tokn": "s3cret"})

    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(Platform())


def test_requests_are_signed_and_go_below_the_base_url(api: RequestsMock) -> None:
    api.get("https://api.platform.example/v1/accounts", json=["1", "2"])

    assert [account.id for account in Platform().check()] == ["1", "2"]
    assert api.calls[0].request.headers["Authorization"] == "Bearer s3cret"


def test_changed_base_url_moves_the_connectors_own_hosts(api: RequestsMock) -> None:
    api.get("http://127.0.0.1:9/sandbox/v1/reports?page=2", json=[])
    connector = Platform(base_url="http://127.0.0.1:9/sandbox")

    assert connector.http.get("https://api.platform.example/v1/reports?page=2", decode=list[str]) == []


def test_refusal_becomes_our_error(api: RequestsMock) -> None:
    api.get("https://api.platform.example/v1/accounts", status=404)

    with pytest.raises(ContractError, match=r"refused \(HTTP 404\)"):
        Platform().check()


def test_remembered_id_is_asked_for_once_and_kept_for_a_restart() -> None:
    kept: list[dict[str, str]] = []
    first = unit(FIRST, LAST)
    first.keep = lambda remembered: kept.append(dict(remembered))

    ids = [first.remember("report_id", lambda: "r1"), first.remember("report_id", lambda: "r2")]
    again = Unit(first.account, first.window, first.today, remembered=kept[-1])

    assert ids == ["r1", "r1"]
    assert again.remember("report_id", lambda: "r3") == "r1"


def test_forgotten_id_is_asked_for_again() -> None:
    one = unit(FIRST, LAST)
    one.remember("report_id", lambda: "r1")

    one.forget("report_id")
    one.forget("report_id")

    assert one.remember("report_id", lambda: "r2") == "r2"


def test_parts_of_a_unit_remember_their_own_ids_in_one_memory() -> None:
    whole = unit(FIRST, LAST)
    parts = [whole.within(window) for window in Window(FIRST, LAST).halves()]

    ids = [part.remember("report_id", partial(str, part.window.first_day)) for part in parts]

    assert ids == ["2026-01-01", "2026-01-16"]
    assert len(whole.remembered) == 2


def test_connector_without_accounts_says_so() -> None:
    class Bare(Connector):
        name = "bare"
        base_url: str = ""

    with pytest.raises(ContractError, match="Bare lists no accounts"):
        Bare().check()
