"""What Shopify answers, in small: orders, visits, refunds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

ORIGIN = "https://demo-shop.myshopify.com"
GRAPHQL = f"{ORIGIN}/admin/api/2026-10/graphql.json"
TOKEN = f"{ORIGIN}/admin/oauth/access_token"
PAGE = "https://demo-shop.example/p/1"

Json: TypeAlias = Mapping[str, object]


def bag(amount: str, currency: str = "EUR") -> Json:
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


def visit(landing_page: str | None = PAGE, at: str = "2026-10-03T08:02:40Z", campaign: str = "") -> Json:
    utm = {"campaign": campaign} if campaign else None
    return {"occurredAt": at, "landingPage": landing_page, "utmParameters": utm}


def journey(*visits: Json, **changes: object) -> Json:
    """The visits before an order, the last one first."""
    return {
        "ready": True,
        "momentsCount": {"count": len(visits)},
        "lastVisit": visits[0] if visits else None,
        "moments": {"nodes": list(reversed(visits))},
        **changes,
    }


def origin(number: str = "5001", /, **changes: object) -> Json:
    """Where an order came from."""
    order = {
        "id": f"gid://shopify/Order/{number}",
        "createdAt": "2026-10-03T08:15:12Z",
        "cancelledAt": None,
        "test": False,
        "sourceName": "web",
        "taxesIncluded": True,
        "customerJourneySummary": journey(visit(f"{PAGE}?utm_id=20990001&gclid=Cj0synthetic")),
    }
    return order | changes


def order(number: str = "5001", /, **changes: object) -> Json:
    """An order over 119.00 with 19.00 of tax, and 11.90 of shipping with 1.90 of tax."""
    more = {
        "displayFinancialStatus": "PAID",
        "edited": False,
        "subtotalPriceSet": bag("119.0"),
        "totalTaxSet": bag("20.9"),
        "shippingLines": {"nodes": [{"taxLines": [{"priceSet": bag("1.9")}]}]},
    }
    return {**origin(number), **more, **changes}


def refunded(number: str = "5001", /, *refunds: Json, updated: str = "2026-10-09T10:00:00Z") -> Json:
    return {"id": f"gid://shopify/Order/{number}", "updatedAt": updated, "refunds": list(refunds)}


def refund(number: str = "9001", total: str = "35.7", at: str | None = "2026-10-09T10:00:00Z") -> Json:
    return {
        "id": f"gid://shopify/Refund/{number}",
        "createdAt": at,
        "processedAt": "2026-10-20T10:00:00Z",
        "totalRefundedSet": bag(total),
    }


def parts(
    number: str = "9001",
    /,
    *taxes: str,
    shipping: tuple[str, str] | None = None,
    states: tuple[str, ...] = ("SUCCESS",),
    cursor: str = "",
    of: Json | None = None,
) -> Json:
    """A refund with the tax of each of its lines, and what it gives back of the shipping and its tax."""
    sent = [{"subtotalAmountSet": bag(shipping[0]), "taxAmountSet": bag(shipping[1])}] if shipping else []
    return {
        "refund": {
            "id": f"gid://shopify/Refund/{number}",
            "order": of or origin(),
            "refundLineItems": {
                "pageInfo": {"hasNextPage": bool(cursor), "endCursor": cursor or None},
                "nodes": [{"totalTaxSet": bag(tax)} for tax in taxes],
            },
            "refundShippingLines": {"nodes": sent},
            "transactions": {"nodes": [{"status": state} for state in states]},
        }
    }
