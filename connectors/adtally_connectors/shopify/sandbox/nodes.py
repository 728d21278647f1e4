"""The shop's orders and refunds as the Admin API tells them.

Source: Shopify GraphQL Admin API 2026-10, objects Order, CustomerJourneySummary, CustomerVisit, Refund; read
2026-11.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from .graphql import Rows
from .orders import CURRENCY, Order, Refund
from .prices import Price, bag

UNPAID = (None, "PENDING", "VOIDED", "AUTHORIZED")


def node(order: Order) -> dict[str, object]:
    """The order as it is told; what nobody may ask of the sandbox is left out."""
    price, paid = order.price, order.financial_status not in UNPAID
    refunded = sum(_refunded(one) for one in order.refunds)
    left = max(price.total - refunded, 0)
    return {
        "id": f"gid://shopify/Order/{order.order_id}",
        "legacyResourceId": order.order_id,
        "name": f"#{order.order_id}",
        "createdAt": _text(order.created),
        "processedAt": _text(order.created),
        "updatedAt": _text(order.updated),
        "cancelledAt": _text(order.updated) if order.cancelled else None,
        "test": order.test,
        "confirmed": True,
        "edited": False,
        "taxesIncluded": True,
        "displayFinancialStatus": order.financial_status,
        "sourceName": order.source_name,
        "currencyCode": CURRENCY,
        "presentmentCurrencyCode": CURRENCY,
        "subtotalPriceSet": bag(price.subtotal, CURRENCY),
        "totalTaxSet": bag(price.tax, CURRENCY),
        "totalShippingPriceSet": bag(price.shipping, CURRENCY),
        "originalTotalPriceSet": bag(price.total, CURRENCY),
        "currentTotalPriceSet": bag(left, CURRENCY),
        "netPaymentSet": bag(left if paid else 0, CURRENCY),
        "totalRefundedSet": bag(refunded, CURRENCY),
        "shippingLines": Rows([_shipping_line(price)] if price.shipping else []),
        "customerJourneySummary": _journey(order),
        "refunds": [_refund(one) for one in order.refunds],
    }


def refund_node(refund: Refund, order: object) -> dict[str, object]:
    """The refund with all that is in it, as it is told by its id."""
    price = refund.price if refund.by_lines else Price(0)
    lines: list[object] = [
        {"quantity": 1, "subtotalSet": bag(price.net, CURRENCY), "totalTaxSet": bag(0, CURRENCY)},
        {
            "quantity": 1,
            "subtotalSet": bag(price.goods_tax, CURRENCY),
            "totalTaxSet": bag(price.goods_tax, CURRENCY),
        },
    ]
    shipping = {
        "subtotalAmountSet": bag(price.shipping, CURRENCY),
        "taxAmountSet": bag(price.shipping_tax, CURRENCY),
    }
    return {
        **_refund(refund),
        "order": order,
        "refundLineItems": Rows(lines if refund.by_lines else []),
        "refundShippingLines": Rows([shipping] if price.shipping else []),
        "transactions": Rows([{"status": "SUCCESS", "kind": "REFUND"}] if refund.moved_money else []),
    }


def _refund(refund: Refund) -> dict[str, object]:
    return {
        "id": f"gid://shopify/Refund/{refund.refund_id}",
        "createdAt": _text(refund.at),
        "processedAt": _text(refund.at),
        "totalRefundedSet": bag(_refunded(refund), CURRENCY),
    }


def _refunded(refund: Refund) -> int:
    if not refund.moved_money:
        return 0
    return refund.price.total if refund.by_lines else refund.price.net


def _shipping_line(price: Price) -> dict[str, object]:
    tax = {"title": "MwSt", "rate": 0.19, "priceSet": bag(price.shipping_tax, CURRENCY)}
    return {"title": "Paket", "taxLines": [tax]}


def _journey(order: Order) -> object:
    """Orders that were not made in the online store have none."""
    if order.source_name != "web":
        return None
    visits = [_visit(page, order.created, n) for n, page in enumerate(reversed(order.landing_pages))]
    if not order.ready:
        return {
            **dict.fromkeys(("momentsCount", "moments", "firstVisit", "lastVisit", "daysToConversion")),
            "ready": False,
        }
    return {
        "ready": True,
        "daysToConversion": 0,
        "momentsCount": {"count": len(visits)},
        "firstVisit": visits[-1] if visits else None,
        "lastVisit": visits[0] if visits else None,
        "moments": Rows(reversed(visits)),
    }


def _visit(page: str, created: datetime, back: int) -> dict[str, object]:
    given = dict(parse_qsl(urlsplit(page).query))
    utm = {name: given.get(f"utm_{name}") for name in ("source", "medium", "campaign", "content", "term")}
    return {
        "occurredAt": _text(created - timedelta(minutes=9 + 60 * back)),
        "landingPage": page,
        "referrerUrl": None,
        "source": given.get("utm_source", "direct"),
        "utmParameters": utm if any(utm.values()) else None,
    }


def _text(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
