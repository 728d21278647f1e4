"""Every kind of record but delivery: what its columns are called and what its rows become."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from adtally import (
    Account,
    Balance,
    ContractError,
    Delivery,
    Evidence,
    Interaction,
    Invoice,
    InvoiceAccount,
    InvoiceLine,
    InvoiceLink,
    Order,
    Record,
    TokenFile,
    hashed,
)
from adtally.testing import unit
from adtally_connectors.files import Files
from adtally_connectors.files.mapping import RecordName, columns_of

DAY = date(2026, 1, 31)
ACCOUNT = Account(id="42", currency="EUR", timezone="Europe/Berlin")


def fetch(folder: Path, record: str, *lines: str, **changes: object) -> list[Record]:
    """The records of a file whose columns are called as the ledger's are."""
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = {
        "path": "rows.csv",
        "record": record,
        "platform": "own",
        "account": "42",
        "currency": "EUR",
        "timezone": "Europe/Berlin",
        "columns": {name: name for name in lines[0].split(",")},
    }
    connector = Files.model_validate(table | changes)
    connector.bind(folder=folder, token_file=TokenFile(folder / "tokens.json", "own"))
    [report] = connector.reports()
    assert report.name == f"{record}:rows.csv"
    return list(connector.fetch(report, unit(DAY, DAY, account=ACCOUNT)))


def test_every_column_of_delivery_by_ad(tmp_path: Path) -> None:
    found = fetch(
        tmp_path,
        "delivery",
        "day,campaign_id,ad_group_id,ad_id,view_definition,measurable_impressions,viewable_impressions,"
        "interactions,engagements,video_views,video_completions,leads,installs,conversions,purchases,revenue,"
        "invalid_clicks,billable_units,credited",
        "2026-01-31,c,g,a,2s,1,2,3,4,5,6,7,8,9.5,10,11.11,12,13,0.5",
        grain="ad",
    )

    assert found == [
        Delivery(
            day=DAY,
            campaign_id="c",
            ad_group_id="g",
            ad_id="a",
            currency="EUR",
            view_definition="2s",
            measurable_impressions=1,
            viewable_impressions=2,
            interactions=3,
            engagements=4,
            video_views=5,
            video_completions=6,
            leads=7,
            installs=8,
            conversions_micros=9_500_000,
            purchases=10,
            revenue_micros=11_110_000,
            invalid_clicks=12,
            billable_units=13,
            credited_micros=500_000,
        )
    ]


def test_interactions_may_be_fractions_and_say_what_they_count(tmp_path: Path) -> None:
    found = fetch(
        tmp_path,
        "interactions",
        "day,campaign_id,action,attribution,kind,quantity,value,view_through,in_total",
        "2026-01-31,c,Buy,7d_click,purchase,2.5,99.90,no,TRUE",
        "2026-01-31,c,Look,,other,0,,1,",
    )

    assert found == [
        Interaction(
            day=DAY,
            campaign_id="c",
            action="Buy",
            attribution="7d_click",
            kind="purchase",
            quantity_micros=2_500_000,
            value_micros=99_900_000,
            in_total=True,
        ),
        Interaction(
            day=DAY, campaign_id="c", action="Look", kind="other", quantity_micros=0, view_through=True
        ),
    ]


def test_invoice_names_its_account_and_a_credit_memo_is_below_zero(tmp_path: Path) -> None:
    found = fetch(
        tmp_path,
        "invoices",
        "invoice_id,number,account_id,kind,status,issue_day,due_day,first_day,last_day,subtotal,adjustments,fees,"
        "tax,total,purchase_order,url,corrects,replaces",
        "i1,2026-1,B9,invoice,closed,2026-02-01,2026-03-01,2026-01-01,2026-01-31,100,-5,1,19.19,120.19,PO,https://x,,",
        "i2,,,credit_memo,,,,,,20,,,3.80,23.80,,,i1,",
        "i3,,,credit_memo,,,,,,-20,,,-3.80,-23.80,,,i1,i2",
    )

    memo = Invoice(
        invoice_id="i2",
        kind="credit_memo",
        timezone="Europe/Berlin",
        currency="EUR",
        subtotal_micros=-20_000_000,
        tax_micros=-3_800_000,
        total_micros=-23_800_000,
        accounts=(InvoiceAccount(account_id="42"),),
        links=(InvoiceLink(kind="corrects", other_id="i1"),),
    )
    assert found[0] == Invoice(
        invoice_id="i1",
        number="2026-1",
        account_id="B9",
        status="closed",
        issue_day=date(2026, 2, 1),
        due_day=date(2026, 3, 1),
        first_day=date(2026, 1, 1),
        last_day=DAY,
        timezone="Europe/Berlin",
        currency="EUR",
        subtotal_micros=100_000_000,
        adjustments_micros=-5_000_000,
        fees_micros=1_000_000,
        tax_micros=19_190_000,
        total_micros=120_190_000,
        purchase_order="PO",
        url="https://x",
        accounts=(InvoiceAccount(account_id="42"),),
    )
    assert found[1] == memo
    assert isinstance(found[2], Invoice)
    assert (found[2].total_micros, found[2].tax_micros) == (memo.total_micros, memo.tax_micros)
    assert found[2].links == (*memo.links, InvoiceLink(kind="replaces", other_id="i2"))


def test_invoice_line_belongs_to_its_invoice_and_account(tmp_path: Path) -> None:
    found = fetch(
        tmp_path,
        "invoice_lines",
        "invoice_id,line,campaign_id,campaign_name,kind,description,quantity,unit,per,unit_price,price_is_average,"
        "amount,served,jurisdiction,rate_ppm,base,budget_id,purchase_order,first_day,last_day,original_invoice_id",
        "i1,1,c,Brand,media,Clicks,1000,impressions,1000,5.00,yes,5,5.5,DE,190000,100,b,PO,2026-01-01,2026-01-31,i0",
        "i1,2,,,tax,,,,,,,19.00,,,,,,,,,",
    )

    assert found == [
        InvoiceLine(
            invoice_id="i1",
            line="1",
            account_id="42",
            campaign_id="c",
            campaign_name="Brand",
            description="Clicks",
            quantity=1000,
            unit="impressions",
            per=1000,
            unit_price_micros=5_000_000,
            price_is_average=True,
            amount_micros=5_000_000,
            served_micros=5_500_000,
            jurisdiction="DE",
            rate_ppm=190_000,
            base_micros=100_000_000,
            budget_id="b",
            purchase_order="PO",
            first_day=date(2026, 1, 1),
            last_day=DAY,
            original_invoice_id="i0",
        ),
        InvoiceLine(invoice_id="i1", line="2", account_id="42", kind="tax", amount_micros=19_000_000),
    ]


def test_evidence_says_whose_count_it_is(tmp_path: Path) -> None:
    found = fetch(
        tmp_path,
        "evidence",
        "source_id,record_id,kind,day,key_kind,key_value,status,refers_to,quantity,value,evidence_class,flags",
        "crm,L-1,lead,2026-01-31,click_id,gclid1,accepted,,1,50,E3,checked",
    )

    assert found == [
        Evidence(
            source_id="crm",
            record_id="L-1",
            kind="lead",
            day=DAY,
            key_kind="click_id",
            key_value="gclid1",
            status="accepted",
            quantity_micros=1_000_000,
            value_micros=50_000_000,
            currency="EUR",
            timezone="Europe/Berlin",
            evidence_class="E3",
            flags="checked",
        )
    ]


LEADS = "source_id,record_id,kind,day,key_kind,key_value,status,refers_to,evidence_class"


def test_billers_own_list_names_the_campaign_and_its_ids_may_be_hashed(tmp_path: Path) -> None:
    lines = [LEADS, "kag,B-1,lead,2026-01-31,lead_id, Ann@Example.com ,,916,E0"]

    found = fetch(tmp_path, "evidence", *lines, hashed=["record_id", "key_value"])

    assert found == [
        Evidence(
            source_id="kag",
            record_id=hashed("B-1"),
            kind="lead",
            day=DAY,
            key_kind="lead_id",
            key_value=hashed("ann@example.com"),
            refers_to="916",
            currency="EUR",
            timezone="Europe/Berlin",
            evidence_class="E0",
        )
    ]


def test_hashed_columns_must_be_mapped_columns_of_evidence(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="only evidence has columns that may be hashed"):
        fetch(tmp_path, "balances", "at,kind,amount", hashed=["key_value"])
    with pytest.raises(ValidationError, match="no file column is given for refers_to"):
        fetch(tmp_path, "evidence", "source_id,record_id,kind,day,key_kind,key_value", hashed=["refers_to"])
    with pytest.raises(ValidationError, match="Input should be 'record_id', 'key_value' or 'refers_to'"):
        fetch(tmp_path, "evidence", LEADS, hashed=["kind"])


@pytest.mark.parametrize("written", ["out_of_area", "Out of area", "OUT-OF-AREA"])
def test_status_is_a_known_word_however_it_is_written(tmp_path: Path, written: str) -> None:
    [found] = fetch(tmp_path, "evidence", LEADS, f"crm,1,lead,2026-01-31,campaign_id,916,{written},,E3")

    assert isinstance(found, Evidence)
    assert (found.status, found.evidence_class) == ("out_of_area", "E3")


def test_orders_may_leave_out_what_was_not_agreed(tmp_path: Path) -> None:
    found = fetch(
        tmp_path,
        "orders",
        "order_id,purchase_order,paid_type,first_day,last_day,cap,units,model,rate",
        "IO-7,PO-1,postpaid,2026-01-01,2026-01-31,10000.00,5000,cpc,0.40",
        "IO-8,,,,,,,,",
    )

    assert found == [
        Order(
            order_id="IO-7",
            purchase_order="PO-1",
            paid_type="postpaid",
            first_day=date(2026, 1, 1),
            last_day=DAY,
            cap_micros=10_000_000_000,
            units=5_000,
            model="cpc",
            rate_micros=400_000,
            currency="EUR",
        ),
        Order(order_id="IO-8", currency="EUR"),
    ]


def test_balances_are_of_an_instant_in_the_zone_of_the_table_or_their_own(tmp_path: Path) -> None:
    found = fetch(
        tmp_path,
        "balances",
        "at,kind,amount",
        "2026-01-31T18:00,amount_due,-12.50",
        "2026-01-31T18:00Z,amount_due,3",
        "2026-02-01,credit,4",
    )

    assert found == [
        Balance(
            at=datetime(2026, 1, 31, 17, tzinfo=UTC),
            kind="amount_due",
            amount_micros=-12_500_000,
            currency="EUR",
        ),
        Balance(
            at=datetime(2026, 1, 31, 18, tzinfo=UTC),
            kind="amount_due",
            amount_micros=3_000_000,
            currency="EUR",
        ),
        Balance(
            at=datetime(2026, 1, 31, 23, tzinfo=UTC), kind="credit", amount_micros=4_000_000, currency="EUR"
        ),
    ]


@pytest.mark.parametrize(
    ("record", "lines", "said"),
    [
        (
            "evidence",
            [LEADS, "crm,1,lead,2026-01-31,campaign_id,916,qualified,,E3"],
            "line 2, column status: 'qualified' is none of: accepted, paid, pending,",
        ),
        (
            "evidence",
            [LEADS, "crm,1,lead,2026-01-31,campaign_id,916,accepted,,E9"],
            "line 2, column evidence_class: 'E9' is none of: E0, E1, E2, E3",
        ),
        ("orders", ["order_id,model", "IO-7,cpx"], "line 2, column model: 'cpx' is none of: cpm, vcpm, cpc,"),
        (
            "balances",
            ["at,kind,amount", "31.1.2026,due,1"],
            "column at: not an instant: '31.1.2026'; expected",
        ),
        (
            "interactions",
            ["day,campaign_id,action,kind,quantity", "2026-01-31,c,x,sale,1"],
            "line 2, column kind: 'sale' is none of: click, video_view, engagement, lead, install, purchase,",
        ),
        (
            "interactions",
            ["day,campaign_id,action,kind,quantity,in_total", "2026-01-31,c,x,lead,1,maybe"],
            "line 2, column in_total: neither true nor false: 'maybe'",
        ),
        (
            "invoice_lines",
            ["invoice_id,line,amount,per", "i1,1,5,100"],
            "line 2, column per: '100' is none of: 1, 1000",
        ),
        (
            "invoices",
            ["invoice_id,total", "i1,"],
            "line 2, column total: empty, but every row needs it",
        ),
    ],
)
def test_word_that_the_ledger_does_not_know_is_refused(
    tmp_path: Path, record: str, lines: list[str], said: str
) -> None:
    with pytest.raises(ContractError) as caught:
        fetch(tmp_path, record, *lines)

    assert said in str(caught.value)


@pytest.mark.parametrize("name", get_args(RecordName))
def test_every_column_stands_in_the_documentation(name: RecordName) -> None:
    text = (Path(__file__).parents[3] / "docs/configuration.md").read_text(encoding="utf-8")
    [row] = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]

    columns = set(columns_of(name, "ad", "%Y-%m-%d")) - {"platform", "account", "currency"}

    assert {column for column in columns if f"`{column}`" not in row} == set()
