"""The connector by the laws, on the sandbox's shop."""

from dataclasses import dataclass, replace

import msgspec

from adtally.testing import Platform, Reply, Request, Trial
from adtally_connectors.shopify import Shopify
from adtally_connectors.shopify.sandbox import ShopifyFake

from ..trials import played, trial

ORDERS_A_PAGE, REFUNDED_A_PAGE = 15, 200
"""Few of the days that are asked for; of the many orders that may have a refund two pages."""


class Query(msgspec.Struct):
    query: str
    variables: dict[str, object] = {}


@dataclass(frozen=True)
class FewRows:
    """The shop with other pages than are asked for."""

    platform: Platform

    def answer(self, request: Request) -> Reply:
        if not request.path.endswith("/graphql.json"):
            return self.platform.answer(request)
        asked = msgspec.json.decode(request.body, type=Query)
        if "first" in asked.variables and "query" in asked.variables:
            of_days = "created_at" in str(asked.variables["query"])
            asked.variables["first"] = ORDERS_A_PAGE if of_days else REFUNDED_A_PAGE
        return self.platform.answer(replace(request, body=msgspec.json.encode(asked)))


TRIAL = replace(
    trial(
        Shopify,
        ShopifyFake,
        ("lindenhof.myshopify.com",),
        {
            "shop": "lindenhof.myshopify.com",
            "client_id": "sandbox-shopify-client",
            "client_secret": "sandbox-shopify-client-secret",
            "requests_per_second": 1000,
        },
    ),
    platform=lambda: FewRows(ShopifyFake(played())),
)
SPECIAL: dict[str, Trial] = {}
NOTES = {"every state is asked for": "the trial names no spenders: campaigns in every state that spent money"}
"""A shop has no campaigns, only orders that name one."""
