"""What people call the platforms."""

from __future__ import annotations

PLATFORMS = {
    "amazon_ads": "Amazon Ads",
    "apple_ads": "Apple Ads",
    "appsflyer": "AppsFlyer",
    "cm360": "Campaign Manager 360",
    "dv360": "Display & Video 360",
    "ga4": "Google Analytics",
    "google_ads": "Google Ads",
    "linkedin_ads": "LinkedIn",
    "meta_ads": "Meta",
    "microsoft_ads": "Microsoft Ads",
    "pinterest_ads": "Pinterest",
    "reddit_ads": "Reddit",
    "shopify": "Shopify",
    "snapchat_ads": "Snapchat",
    "stripe": "Stripe",
    "tiktok_ads": "TikTok",
    "x_ads": "X",
}


def platform_name(platform: str) -> str:
    """``Google Ads`` for google_ads; a platform that is not known here is called as it is configured."""
    return PLATFORMS.get(platform, platform)
