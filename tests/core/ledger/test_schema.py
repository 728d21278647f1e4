"""The tables that anyone may query: names, columns, types."""

import pytest

from adtally.ledger import Ledger
from adtally.ledger.public import TABLES, columns
from adtally.ledger.tables import FACTS, FactTable
from adtally.records import (
    Ad,
    AdGroup,
    Balance,
    Campaign,
    Change,
    CountryCost,
    Delivery,
    Evidence,
    HourlyCost,
    Interaction,
    Invoice,
    InvoiceAccount,
    InvoiceLine,
    InvoiceLink,
    Order,
    Record,
    Terms,
)

ENTITY = "connector account_id day grain campaign_id ad_group_id ad_id"
DELIVERED = (
    f"{ENTITY} currency impressions measurable_impressions viewable_impressions clicks interactions "
    "engagements video_views video_completions view_definition leads installs conversions_micros purchases "
    "revenue_micros invalid_clicks billable_units cost_micros credited_micros as_of"
)
INTERACTED = f"{ENTITY} action attribution kind quantity_micros value_micros view_through in_total as_of"
PROVED = (
    "connector source_id record_id kind day key_kind key_value status refers_to quantity_micros value_micros "
    "currency timezone evidence_class flags as_of"
)
BY_HOUR = "connector account_id hour campaign_id span_hours currency impressions clicks cost_micros as_of"
BY_COUNTRY = "connector account_id month country currency cost_micros as_of"
PROMISED = {
    "accounts": (
        "connector account_id platform name currency timezone status manager_id payment first_seen last_seen"
    ),
    "campaigns": (
        "connector account_id campaign_id name status objective channel first_day last_day budget_id "
        "budget_micros budget_period"
    ),
    "ad_groups": (
        "connector account_id ad_group_id campaign_id name status first_day last_day budget_micros "
        "budget_period"
    ),
    "ads": "connector account_id ad_group_id ad_id campaign_id name status",
    "changes": "connector account_id level entity_id at field old new source",
    "terms": (
        "connector account_id level entity_id valid_from campaign_id valid_to observed_at assumed "
        "model billable_event rate_micros kind native"
    ),
    "delivery": DELIVERED,
    "delivery_history": f"{DELIVERED} superseded_at",
    "interactions": INTERACTED,
    "interactions_history": f"{INTERACTED} superseded_at",
    "delivery_hourly": BY_HOUR,
    "delivery_hourly_history": f"{BY_HOUR} superseded_at",
    "delivery_by_country": BY_COUNTRY,
    "delivery_by_country_history": f"{BY_COUNTRY} superseded_at",
    "orders": (
        "connector order_id account_id purchase_order paid_type first_day last_day cap_micros units "
        "model rate_micros currency"
    ),
    "balances": "connector account_id at kind amount_micros currency",
    "invoices": (
        "connector invoice_id number account_id kind status issue_day due_day first_day last_day "
        "timezone currency subtotal_micros adjustments_micros fees_micros tax_micros total_micros "
        "purchase_order url"
    ),
    "invoice_accounts": "connector invoice_id account_id amount_micros",
    "invoice_links": "connector invoice_id kind other_id",
    "invoice_lines": (
        "connector invoice_id line account_id campaign_id campaign_name kind description quantity "
        "unit per unit_price_micros price_is_average amount_micros served_micros jurisdiction "
        "rate_ppm base_micros budget_id purchase_order first_day last_day original_invoice_id"
    ),
    "evidence": PROVED,
    "evidence_history": f"{PROVED} superseded_at",
    "fx_rates": "base quote day num den source",
    "units": (
        "connector report account_id first_day last_day status attempts rows remembered error "
        "started_at finished_at run_id"
    ),
    "answers": (
        "connector account_id report first_day last_day fetched_at position method url sent status "
        "content_type bytes sha256"
    ),
    "runs": "run_id command started_at finished_at status version",
    "verdicts": "check_id subject month verdict flags input_hash judged_at",
    "findings": (
        "finding_id check_id verdict severity direction confidence state connector platform "
        "account_id campaign_id invoice_id first_day last_day currency billed_micros expected_micros "
        "diff_micros tolerance_micros residual_micros at_risk_micros formula evidence explanation "
        "next_step first_seen last_seen"
    ),
    "finding_events": "finding_id at action note amount_micros",
    "closings": "closing_id month closed_at version complete warnings",
    "closing_amounts": (
        "closing_id connector account_id campaign_id currency platform cost_micros billed_micros "
        "expected_micros estimate_micros"
    ),
    "closing_verdicts": "closing_id check_id verdict results",
    "closing_findings": (
        "closing_id finding_id check_id subject connector account_id severity asks state currency "
        "diff_micros at_risk_micros"
    ),
    "closing_documents": (
        "closing_id connector invoice_id number account_id kind issue_day currency total_micros"
    ),
    "accruals": "month connector platform account_id account currency estimate_micros why",
    "performance": (
        "platform connector account_id account campaign_id campaign day currency impressions clicks "
        "interactions conversions cost revenue ctr cpc cpm cost_per_interaction"
    ),
}


def test_every_promised_table_is_public() -> None:
    assert sorted(TABLES) == sorted(PROMISED)


@pytest.mark.parametrize("table", PROMISED)
def test_promised_columns_can_be_queried(ledger: Ledger, table: str) -> None:
    promised = PROMISED[table].split()

    assert ledger.conn.execute(f"SELECT {', '.join(promised)} FROM {table}").fetchall() == []
    assert set(promised) <= set(columns(ledger, table))


@pytest.mark.parametrize("table", sorted(set(PROMISED) - {"findings", "performance"}))
def test_table_has_no_columns_beside_the_promised_ones(ledger: Ledger, table: str) -> None:
    assert sorted(columns(ledger, table)) == sorted(PROMISED[table].split())


@pytest.mark.parametrize(
    ("record", "table", "elsewhere"),
    [
        (Campaign, "campaigns", ()),
        (AdGroup, "ad_groups", ()),
        (Ad, "ads", ()),
        (Change, "changes", ()),
        (Terms, "terms", ("first_day",)),
        (Delivery, "delivery", ()),
        (Interaction, "interactions", ()),
        (HourlyCost, "delivery_hourly", ()),
        (CountryCost, "delivery_by_country", ()),
        (Order, "orders", ()),
        (Balance, "balances", ()),
        (Invoice, "invoices", ("lines", "accounts", "links")),
        (InvoiceAccount, "invoice_accounts", ()),
        (InvoiceLink, "invoice_links", ()),
        (InvoiceLine, "invoice_lines", ()),
        (Evidence, "evidence", ()),
    ],
)
def test_every_field_of_a_record_has_its_column(
    ledger: Ledger, record: type[Record], table: str, elsewhere: tuple[str, ...]
) -> None:
    fields = set(record.__struct_fields__) - set(elsewhere)

    assert fields <= set(columns(ledger, table))


@pytest.mark.parametrize("table", FACTS.values(), ids=lambda table: table.name)
def test_facts_have_the_columns_that_are_written_and_their_history_one_more(
    ledger: Ledger, table: FactTable
) -> None:
    stored = [row[1] for row in ledger.conn.execute(f"PRAGMA table_info({table.name})")]
    history = [row[1] for row in ledger.conn.execute(f"PRAGMA table_info({table.history})")]
    key = [row[1] for row in ledger.conn.execute(f"PRAGMA table_info({table.name})") if row[5]]

    assert stored == list(table.columns)
    assert history == [*table.columns, "superseded_at"]
    assert key == list(table.key)


def test_every_table_of_ours_is_strict(ledger: Ledger) -> None:
    loose = ledger.conn.execute(
        "SELECT name FROM pragma_table_list "
        "WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT GLOB '_sqlite_*' "
        "AND name NOT GLOB 'sqlite_*'"
    )

    assert loose.fetchall() == []


@pytest.mark.parametrize("table", FACTS.values(), ids=lambda table: table.name)
def test_facts_are_clustered_by_their_key(ledger: Ledger, table: FactTable) -> None:
    row = ledger.conn.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table.name,))

    assert row.fetchall() == [(1,)]
