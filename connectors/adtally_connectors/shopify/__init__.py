"""Shopify: a shop's orders and refunds, as the independent record of what was really bought."""

from .connector import Shopify

__all__ = ["Shopify"]
