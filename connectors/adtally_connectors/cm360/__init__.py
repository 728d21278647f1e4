"""Campaign Manager 360: the buyer's own counts of what others deliver, booked rates, ad-serving invoices."""

from .connector import Cm360

__all__ = ["Cm360"]
