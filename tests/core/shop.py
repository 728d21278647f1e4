"""A small user: a folder with a configuration, the exports of a month long over, and a wrong bill."""

from datetime import UTC, datetime
from pathlib import Path

NOON = datetime(2024, 5, 20, 12, tzinfo=UTC)
CONFIG = """
[ledger]
path = "adtally.db"

[sync]
first_day = 2024-03-01

[connectors.harbour]
use = "files"
path = "delivery*.csv"
record = "delivery"
platform = "harbour_ads"
account = "act_12-34"
currency = "EUR"
timezone = "Europe/Berlin"
columns = { day = "Day", campaign_id = "Campaign", clicks = "Clicks", cost = "Cost" }

[connectors.harbour_bills]
use = "files"
path = "bills.csv"
record = "invoices"
platform = "harbour_ads"
account = "1234"
currency = "EUR"
timezone = "Europe/Berlin"
[connectors.harbour_bills.columns]
invoice_id = "Id"
number = "Id"
first_day = "From"
last_day = "To"
subtotal = "Net"
tax = "Tax"
total = "Total"
"""
DELIVERY = "Day,Campaign,Clicks,Cost\n2024-03-01,brand,10,60.00\n2024-03-02,brand,8,40.00\n"
BILLS = "Id,From,To,Net,Tax,Total\nHB-7,2024-03-01,2024-03-31,100.00,19.00,129.00\n"


def user(folder: Path, *, delivery: str = DELIVERY, bills: str = BILLS) -> Path:
    """Write the folder; returns its config.toml."""
    (folder / "delivery.csv").write_text(delivery, encoding="utf-8")
    (folder / "bills.csv").write_text(bills, encoding="utf-8")
    path = folder / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path
