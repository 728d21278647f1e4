"""Display & Video 360: delivery, conversions, terms, insertion orders and invoices."""

from .connector import Dv360

__all__ = ["Dv360"]
