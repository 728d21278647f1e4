"""What is asked of the Admin API: GraphQL documents, the filter by days, sizes of pages.

Source: Shopify GraphQL Admin API 2026-10, queries orders, ordersCount, refund, shop and
currentAppInstallation, guide "API search syntax" (read 2026-11). No name, mail, phone or address is selected.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from adtally import Account, Window, day_start

ORDERS_SIZE, REFUNDED_SIZE = 20, 100
"""Orders a page. A query may cost some 1,000 points; one that costs too much is asked for fewer orders."""
VISITS = 8
"""Visits of an order that are looked at, the last ones."""
LINES = 100
"""Lines of a refund a page."""

SHOP = """query Shop {
  shop { name myshopifyDomain currencyCode ianaTimezone }
  currentAppInstallation { accessScopes { handle } }
}"""

EXPECTED = """query Expected($query: String!) {
  ordersCount(query: $query, limit: null) { count precision }
  currentAppInstallation { accessScopes { handle } }
}"""

_MONEY = "{ shopMoney { amount currencyCode } }"
_ORDER = f"""id createdAt cancelledAt test sourceName taxesIncluded
    customerJourneySummary {{
      ready
      momentsCount {{ count }}
      lastVisit {{ occurredAt landingPage utmParameters {{ campaign }} }}
      moments(last: {VISITS}) {{
        nodes {{ ... on CustomerVisit {{ occurredAt landingPage utmParameters {{ campaign }} }} }}
      }}
    }}"""


def _listed(name: str, sort_key: str, fields: str) -> str:
    return f"""query {name}($query: String!, $first: Int!, $after: String) {{
  orders(query: $query, first: $first, after: $after, sortKey: {sort_key}) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{
    {fields}
    }}
  }}
}}"""


ORDERS = _listed(
    "Orders",
    "CREATED_AT",
    f"""{_ORDER}
    displayFinancialStatus edited
    subtotalPriceSet {_MONEY}
    totalTaxSet {_MONEY}
    shippingLines(first: 3) {{ nodes {{ taxLines {{ priceSet {_MONEY} }} }} }}""",
)

REFUNDED = _listed(
    "Refunded", "ID", f"id updatedAt refunds {{ id createdAt processedAt totalRefundedSet {_MONEY} }}"
)
"""Sorted by what never changes: by the instant of the update an order would move while the pages are read."""

REFUND = f"""query Refund($id: ID!, $first: Int!, $after: String) {{
  refund(id: $id) {{
    id
    order {{ {_ORDER} }}
    refundLineItems(first: $first, after: $after) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ totalTaxSet {_MONEY} }}
    }}
    refundShippingLines(first: 10) {{ nodes {{ subtotalAmountSet {_MONEY} taxAmountSet {_MONEY} }} }}
    transactions(first: 10) {{ nodes {{ status }} }}
  }}
}}"""


def created_in(window: Window, account: Account) -> str:
    """The filter for orders that were created on these days of the shop."""
    after = window.last_day + timedelta(days=1)
    first, last = (_instant(day_start(day, account.timezone)) for day in (window.first_day, after))
    return f"created_at:>='{first}' created_at:<'{last}'"


def updated_since(window: Window, account: Account) -> str:
    """The filter for orders that may have a refund on these days: each refund updates its order."""
    return f"updated_at:>='{_instant(day_start(window.first_day, account.timezone))}'"


def is_before(updated: datetime, window: Window, account: Account) -> bool:
    """Whether the order's last update lies before all these days, so that it was not asked for."""
    return updated < day_start(window.first_day, account.timezone)


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
