"""What an order costs in a German shop: prices that include 19 percent of tax, and shipping beside them."""

from __future__ import annotations

from dataclasses import dataclass

from adtally import rounded

TAX_PERCENT = 19
SHIPPING = 4_900_000
CENT = 10_000


@dataclass(frozen=True, slots=True)
class Price:
    """Micros; the net price of the goods, and what comes on top of it."""

    net: int
    shipping: int = 0

    @property
    def goods_tax(self) -> int:
        return rounded(self.net * TAX_PERCENT, 100 * CENT) * CENT

    @property
    def shipping_tax(self) -> int:
        return rounded(self.shipping * TAX_PERCENT, (100 + TAX_PERCENT) * CENT) * CENT

    @property
    def subtotal(self) -> int:
        return self.net + self.goods_tax

    @property
    def tax(self) -> int:
        return self.goods_tax + self.shipping_tax

    @property
    def total(self) -> int:
        return self.subtotal + self.shipping


def bag(micros: int, currency: str) -> dict[str, object]:
    """The amount as Shopify writes it: without trailing zeros, but for one."""
    whole, rest = divmod(micros, 1_000_000)
    text = f"{whole}.{f'{rest:06d}'.rstrip('0') or '0'}"
    money = {"amount": text, "currencyCode": currency}
    return {"shopMoney": money, "presentmentMoney": money}
