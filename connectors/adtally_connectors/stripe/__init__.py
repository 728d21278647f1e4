"""Stripe: payments, refunds and disputes, as evidence of the money that arrived."""

from .connector import Stripe

__all__ = ["Stripe"]
