"""Display & Video 360 as the sandbox plays it."""

from .fake import Dv360Fake

__all__ = ["Dv360Fake"]
