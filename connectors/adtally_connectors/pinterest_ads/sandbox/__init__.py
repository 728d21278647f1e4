"""The Pinterest API as the sandbox plays it."""

from .fake import PinterestAdsFake

__all__ = ["PinterestAdsFake"]
