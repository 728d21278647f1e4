"""Shopify's Admin API, faked for the sandbox."""

from .fake import ShopifyFake

__all__ = ["ShopifyFake"]
