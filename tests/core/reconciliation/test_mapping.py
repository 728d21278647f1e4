"""Which campaign a key of evidence means, and what of a mapping file is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import month
from adtally.errors import ConfigError
from adtally.ledger import Ledger
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.gather import gather
from adtally.reconciliation.mapping import CampaignKeys, CampaignRef, Mapped, read_mapping
from adtally.reconciliation.owners import Owners
from adtally.records import Account, Evidence

from .told import NOW, Told, campaign, ran, sync

HEADER = "evidence,key,connector,account,campaign\n"
DAY = date(2026, 10, 15)
TWO = (Account(id="1", currency="USD", timezone="UTC"), Account(id="2", currency="USD", timezone="UTC"))


def read(folder: Path, text: str | bytes) -> tuple[Mapped, ...]:
    path = folder / "mapping.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_mapping(path)


def test_rows_are_read_with_canonical_accounts_and_without_blanks(tmp_path: Path) -> None:
    text = "\ufeff" + HEADER + 'ga4,"news, mail",google, 123-456-7890 ,77\n\ncrm,brand,meta,act_9,8\n'

    assert read(tmp_path, text) == (
        Mapped("ga4", "news, mail", "google", "1234567890", "77"),
        Mapped("crm", "brand", "meta", "9", "8"),
    )


def test_file_without_rows_maps_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER) == ()


def test_same_row_twice_is_one(tmp_path: Path) -> None:
    assert len(read(tmp_path, HEADER + "ga4,k,google,1,7\n" * 2)) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "its first line must be evidence,key,connector,account,campaign"),
        ("key,evidence,connector,account,campaign\n", "its first line must be"),
        (HEADER + "ga4,k,google,1,7\n\nga4,,google,1,7\n", "line 4: a value is missing"),
        (HEADER + "ga4,k,google,1\n", "line 2: a value is missing"),
        (HEADER + "ga4,k,google,1,  \n", "line 2: a value is missing"),
        (HEADER + "ga4,news, mail,google,1,7\n", "line 2: more values than columns"),
        (HEADER + "ga4,k,google,1,7\nga4,k,google,1,8\n", "line 3: 'k' means two campaigns"),
        (HEADER + "ga4,k,google,1,7\nga4,k,google,2,7\n", "line 3: 'k' means two campaigns"),
        (HEADER.encode() + b"ga4,\xff,google,1,7\n", "cannot be read"),
        (HEADER + "ga4," + "k" * 200_000 + ",google,1,7\n", "line 2"),
    ],
    ids=["empty", "order", "blank", "short", "spaces", "comma", "campaigns", "accounts", "bytes", "long"],
)
def test_file_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    with pytest.raises(ConfigError, match="mapping") as refused:
        read(tmp_path, text)

    assert says in str(refused.value)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_mapping(tmp_path / "none.csv")


def keys(ledger: Ledger, *campaigns: CampaignRef, mapping: Sequence[Mapped] = ()) -> CampaignKeys:
    sync(ledger, google=Told(accounts=TWO, delivery=()), meta=Told(platform="meta_ads", delivery=()))
    return CampaignKeys(Owners(ledger.conn), campaigns, mapping)


ONE: CampaignRef = (("google_ads", "1"), "7")
OTHER: CampaignRef = (("google_ads", "2"), "7")


@pytest.mark.parametrize("kind", ["campaign_id", "utm_id"])
def test_id_means_the_only_campaign_that_bears_it(ledger: Ledger, kind: str) -> None:
    found = keys(ledger, ONE, (("meta_ads", "1"), "8"))

    assert found.find("ga4", kind, "7") == ONE
    assert found.find("ga4", kind, "8") == (("meta_ads", "1"), "8")
    assert found.find("ga4", kind, "9") is None
    assert found.find("ga4", kind, "") is None
    assert found.find("ga4", "name", "7") is None
    assert found.find("ga4", "click_id", "7") is None


def test_id_of_two_accounts_means_none_but_for_the_one_that_is_named(ledger: Ledger) -> None:
    found = keys(ledger, ONE, OTHER)

    assert found.find("ga4", "campaign_id", "7") is None
    assert found.find("ga4", "campaign_id", "7", account_hint="2") == OTHER
    assert found.find("ga4", "campaign_id", "7", account_hint="googleadwords_int") is None


def test_named_account_that_is_not_known_means_none(ledger: Ledger) -> None:
    found = keys(ledger, ONE)

    assert found.find("ga4", "campaign_id", "7", account_hint="123-456-7890") is None
    assert found.find("ga4", "campaign_id", "7", account_hint="googleadwords_int") == ONE


def test_mapping_file_decides_before_ids_and_for_its_source_alone(ledger: Ledger) -> None:
    mapping = [
        Mapped("ga4", "7", "google", "2", "70"),
        Mapped("ga4", "summer sale", "google", "1", "7"),
        Mapped("ga4", "gone", "nobody", "1", "7"),
    ]
    found = keys(ledger, ONE, mapping=mapping)

    assert found.find("ga4", "campaign_id", "7") == (("google_ads", "2"), "70")
    assert found.find("ga4", "name", "summer sale") == ONE
    assert found.find("ga4", "name", "gone") is None
    assert found.find("crm", "name", "summer sale") is None
    assert found.find("crm", "campaign_id", "7") == ONE


def told(ledger: Ledger, listed: Sequence[Evidence], orders: Sequence[Evidence]) -> Facts:
    sync(
        ledger,
        google=Told(delivery=[*ran(15), *ran(15, campaign_id="8")], evidence=listed),
        shop=Told(platform="shopify", delivery=None, campaigns=None, evidence=orders),
    )
    return gather(ledger, [], month("2026-10"), NOW.date())


def record(name: str, key: str, **fields: object) -> Evidence:
    own: dict[str, object] = {"key_kind": "click_id", "kind": "order", "evidence_class": "E3", "day": DAY}
    return Evidence(source_id="s", record_id=name, key_value=key, **{**own, **fields})  # type: ignore[arg-type]


def listed(name: str, key: str, campaign_id: str, **fields: object) -> Evidence:
    return record(name, key, **{"refers_to": campaign_id, "kind": "click", "evidence_class": "E0", **fields})


@pytest.mark.parametrize("key_kind", ["click_id", "lead_id", "order_id"])
def test_ids_of_single_events_mean_the_campaign_of_the_billers_own_list(
    ledger: Ledger, key_kind: str
) -> None:
    found = told(
        ledger,
        [listed("1", "c-1", "7", key_kind=key_kind, day=date(2026, 9, 30))],
        [record("o-1", "c-1", key_kind=key_kind), record("o-2", "c-9", key_kind=key_kind)],
    )

    assert [(row.kind, row.quantity) for row in campaign(found).evidence] == [("order", 1)]
    assert campaign(found, "8").evidence == ()
    [shop] = [one for one in found.sources if one.connector == "shop"]
    assert shop.unmapped == {"order": 1}


def test_click_that_the_biller_lists_under_two_campaigns_means_none(ledger: Ledger) -> None:
    rows = [listed("1", "c-1", "7"), listed("2", "c-1", "8")]

    found = told(ledger, rows, [record("o-1", "c-1")])

    assert (campaign(found).evidence, campaign(found, "8").evidence) == ((), ())


def test_billers_own_list_is_no_evidence_itself(ledger: Ledger) -> None:
    found = told(ledger, [listed("1", "7", "7", key_kind="campaign_id")], [])

    assert campaign(found).evidence == ()


def test_refused_and_undecided_records_confirm_nothing(ledger: Ledger) -> None:
    orders = [record(f"o-{n}", "c-1", status=status) for n, status in enumerate(("paid", "test", "pending"))]

    found = told(ledger, [listed("1", "c-1", "7")], orders)

    assert [row.quantity for row in campaign(found).evidence] == [1]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("78"))))
def test_a_file_is_either_free_of_double_meanings_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    text = HEADER + "".join(f"{who},{key},google,1,{means}\n" for who, key, means in rows)
    meanings = {(who, key): {row[2] for row in rows if row[:2] == (who, key)} for who, key, _ in rows}
    folder = tmp_path_factory.mktemp("mapping")

    if any(len(means) > 1 for means in meanings.values()):
        with pytest.raises(ConfigError, match="means two campaigns"):
            read(folder, text)
    else:
        assert {(one.evidence, one.key) for one in read(folder, text)} == meanings.keys()
