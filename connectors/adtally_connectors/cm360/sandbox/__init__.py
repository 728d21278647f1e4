"""The Campaign Manager 360 API as the sandbox plays it."""

from .fake import Cm360Fake

__all__ = ["Cm360Fake"]
