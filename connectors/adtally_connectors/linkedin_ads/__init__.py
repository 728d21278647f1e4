"""LinkedIn Ads: delivery, interactions, terms and account budgets."""

from .connector import LinkedInAds

__all__ = ["LinkedInAds"]
