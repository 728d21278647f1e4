"""The shop's orders: those that came of a campaign, as the world has them, among many others.

Source: Shopify GraphQL Admin API 2026-10, object Order; read 2026-11.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from adtally import Window, day_start, world

from .prices import SHIPPING, Price

SHOP = "lindenhof.myshopify.com"
CURRENCY, TIMEZONE = "EUR", "Europe/Berlin"
PAGE = "https://lindenhof.example/products/bank"
STATUSES = {"paid": "PAID", "accepted": "PARTIALLY_PAID", "refunded": "REFUNDED", "pending": "PENDING"}
DIRECT_AFTER = 5
"""Of so many buyers one comes back without a link before buying."""
NOISE = (
    *("direct", "newsletter", "pos", "draft", "test", "free", "hostile", "app", "renewal", "computing"),
    *("search", "clicked", "authorized", "voided", "unpaid"),
)
NOISE_A_DAY = 3
HOSTILE = "=HYPERLINK(1)\x00<script>\u202e" + "x" * 300


@dataclass(frozen=True, slots=True)
class Refund:
    refund_id: str
    at: datetime
    price: Price
    by_lines: bool = True
    """Whether it says which goods came back; else it is an amount alone."""
    moved_money: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    created: datetime
    price: Price
    financial_status: str | None = "PAID"
    source_name: str = "web"
    landing_pages: Sequence[str] = ()
    """Of the visits before it, the first one first."""
    test: bool = False
    cancelled: bool = False
    ready: bool = True
    refunds: Sequence[Refund] = field(default_factory=tuple[Refund, ...])

    @property
    def updated(self) -> datetime:
        return max([self.created, *(refund.at for refund in self.refunds)])


def orders(played: world.World) -> list[Order]:
    """Every order of the shop, in no order."""
    proofs = [
        one
        for one in played.evidence
        if (one.connector, one.source_id) == ("shopify", SHOP)
        if one.day <= played.today
    ]
    names = {one.campaign_id: one.name for account in played.accounts for one in account.campaigns}
    returned: dict[str, list[Refund]] = {}
    for proof in proofs:
        if proof.kind == "refund":
            price = Price(proof.value_micros or 0, SHIPPING if _digest(proof.record_id) % 2 else 0)
            at = _instant(proof.day, proof.record_id, played.today)
            returned.setdefault(proof.refers_to, []).append(Refund(proof.record_id, at, price))
    sold = [
        _sold(proof, returned.get(proof.record_id, []), names.get(proof.campaign_id, ""), played.today)
        for proof in proofs
        if proof.kind == "order"
    ]
    return [*sold, *_noise(played)]


def _sold(proof: world.Proof, refunds: list[Refund], name: str, today: date) -> Order:
    mark = _digest(proof.record_id)
    tagged = {"utm_source": "ads", "utm_medium": "cpc", "utm_campaign": name, "utm_id": proof.campaign_id}
    visits = [PAGE if proof.key_kind == "name" else f"{PAGE}?{urlencode(tagged)}"]
    status = STATUSES.get(proof.status, "PAID")
    return Order(
        order_id=proof.record_id,
        created=_instant(proof.day, proof.record_id, today),
        price=Price(proof.value_micros or 0, SHIPPING if mark % 3 else 0),
        financial_status="PARTIALLY_REFUNDED" if refunds and status == "PAID" else status,
        landing_pages=[*visits, PAGE] if mark % DIRECT_AFTER == 0 else visits,
        test=proof.status == "test",
        cancelled=proof.status == "cancelled",
        refunds=refunds,
    )


def _noise(played: world.World) -> Iterator[Order]:
    """Orders of other channels, of nobody's ads, and such as are none."""
    window = Window(played.first_day, played.today)
    for index, day in enumerate(window):
        for n in range(NOISE_A_DAY):
            kind = NOISE[(index * NOISE_A_DAY + n) % len(NOISE)]
            order_id = f"{8_800_000 + index * NOISE_A_DAY + n}"
            created = _instant(day, f"{played.seed}/{order_id}", played.today)
            yield _other(kind, order_id, created, played.today)


def _other(kind: str, order_id: str, created: datetime, today: date) -> Order:
    price = Price((_digest(order_id) % 90 + 10) * 1_000_000 + 10_000)
    later = min(created + timedelta(days=2), _noon(today))
    change: dict[str, dict[str, object]] = {
        "direct": {
            "landing_pages": [PAGE],
            "refunds": [Refund(f"9{order_id}", later, price, moved_money=False)],
        },
        "newsletter": {
            "landing_pages": [f"{PAGE}?utm_source=mail&utm_medium=email&utm_campaign=newsletter"],
            "refunds": [Refund(f"9{order_id}", later, Price(5_000_000), by_lines=False)],
            "financial_status": "PARTIALLY_REFUNDED",
        },
        "pos": {"source_name": "pos"},
        "draft": {"source_name": "shopify_draft_order", "financial_status": "PENDING"},
        "test": {"landing_pages": [PAGE], "test": True},
        "free": {"landing_pages": [PAGE], "price": Price(0)},
        "hostile": {"landing_pages": [f"{PAGE}?{urlencode({'utm_campaign': HOSTILE})}"]},
        "app": {"source_name": "3890849"},
        "renewal": {"source_name": "subscription_contract"},
        "computing": {"landing_pages": [PAGE], "ready": False},
        "search": {"landing_pages": [f"{PAGE}?utm_campaign=(not+set)&utm_id=None"]},
        "clicked": {"landing_pages": [f"{PAGE}?gclid=sandbox-click-{order_id}&utm_id={{campaignid}}"]},
        "authorized": {"landing_pages": [PAGE], "financial_status": "AUTHORIZED"},
        "voided": {"landing_pages": [PAGE], "financial_status": "VOIDED", "cancelled": True},
        "unpaid": {"landing_pages": [PAGE], "financial_status": None},
    }
    fields: Mapping[str, object] = {"price": price, **change[kind]}
    return Order(order_id=order_id, created=created, **fields)  # type: ignore[arg-type]


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest())


def _instant(day: date, mark: str, today: date) -> datetime:
    """Some second of the shop's day; now and then its first or its last minute."""
    start, end = (day_start(one, TIMEZONE) for one in (day, day + timedelta(days=1)))
    end = min(end, max(_noon(today), start + timedelta(minutes=2)))
    seconds, digest = int((end - start).total_seconds()), _digest(mark)
    if digest % 7 == 0:
        return start + timedelta(seconds=digest % 60)
    return end - timedelta(seconds=1) if digest % 7 == 1 else start + timedelta(seconds=digest % seconds)


def _noon(today: date) -> datetime:
    return datetime.combine(today, time(12), UTC)
