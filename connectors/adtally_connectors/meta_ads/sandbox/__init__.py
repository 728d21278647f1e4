"""The Meta Marketing API as the sandbox plays it."""

from .fake import MetaAdsFake

__all__ = ["MetaAdsFake"]
