"""The Stripe API as the sandbox plays it."""

from .fake import StripeFake

__all__ = ["StripeFake"]
