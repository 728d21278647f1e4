"""What is on paper in the sandbox world: bills, charges of a card, and what others counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..calendar import Window


@dataclass(frozen=True, slots=True)
class BillLine:
    kind: Literal["media", "fee", "tax", "invalid_traffic", "overdelivery"]
    amount_micros: int
    account_id: str
    first_day: date
    last_day: date
    description: str = ""
    campaign_id: str = ""
    campaign_name: str = ""
    quantity: int | None = None
    unit: str = ""
    per: int = 1
    unit_price_micros: int | None = None
    jurisdiction: str = ""
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    connector: str
    invoice_id: str
    account_id: str
    billed_to: str
    currency: str
    issue_day: date
    service: Window
    lines: tuple[BillLine, ...]
    purchase_order: str = ""
    kind: Literal["invoice", "credit_memo"] = "invoice"
    corrects: str = ""
    replaces: str = ""
    misprint_micros: int = 0
    """What the printed total says beyond the sum of the lines."""
    prints_subtotal: bool = True

    @property
    def subject(self) -> str:
        return f"{self.connector}/{self.invoice_id}"

    @property
    def total_micros(self) -> int:
        return sum(line.amount_micros for line in self.lines) + self.misprint_micros

    def summed(self, *kinds: str, account_id: str = "") -> int:
        """The sum of the lines of these kinds, of one account if it is named."""
        return sum(
            line.amount_micros
            for line in self.lines
            if line.kind in kinds and account_id in ("", line.account_id)
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge of a card."""

    charge_id: str
    account_id: str
    day: date
    amount_micros: int
    extra_micros: int = 0
    """What of it was never spent."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A count or record that somebody else than the biller kept for a campaign."""

    connector: str
    source_id: str
    record_id: str
    kind: str
    """session, click, install, lead, order, payment or refund."""
    day: date
    campaign_id: str
    """"" = nobody knows where it came from."""
    evidence_class: Literal["E0", "E2", "E3"]
    account_id: str = ""
    """The ad account of the campaign."""
    status: str = ""
    """"" for counts."""
    quantity: int = 1
    value_micros: int | None = None
    currency: str = ""
    key_kind: Literal["campaign_id", "utm_id", "name", "lead_id", "order_id"] = "campaign_id"
    """How the source knows the campaign; name = not at all; an id of a lead or order: the biller's list."""
    refers_to: str = ""
    """Of a refund the record of its sale."""
