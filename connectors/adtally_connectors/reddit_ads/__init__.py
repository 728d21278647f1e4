"""Reddit Ads: delivery, interactions, terms, funding instruments and what is owed on them."""

from .connector import RedditAds

__all__ = ["RedditAds"]
