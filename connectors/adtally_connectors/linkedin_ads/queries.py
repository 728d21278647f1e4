"""What is asked of LinkedIn: lists, and reports by day.

Source: LinkedIn Marketing API 202607, the pages of each resource, "Cursor-based pagination", "Reporting"
(read 2026-11). A list searched by status leaves out the states that are not named. A report has no
pages, takes 20 names of fields, and cuts off what is beyond 15,000 elements without a word.
"""

from __future__ import annotations

from dataclasses import dataclass

from adtally import Window

from . import wire
from .restli import Value, question, urn

LIST_SIZE, CREATIVES_SIZE, RULES_SIZE = 500, 100, 500
"""The elements of a page that are asked for; LinkedIn sends 100 creatives at most."""
GROUPS_AT_ONCE = 50
METRICS_AT_ONCE = 18
MOST_ELEMENTS = 15_000

FINDER = {"X-RestLi-Method": "FINDER"}
GROUP_STATES = ("ACTIVE", "ARCHIVED", "CANCELED", "DRAFT", "PAUSED", "PENDING_DELETION", "REMOVED")
CAMPAIGN_STATES = (*GROUP_STATES, "COMPLETED")

KINDS = {
    "ACCOUNT": "sponsoredAccount",
    "CAMPAIGN_GROUP": "sponsoredCampaignGroup",
    "CAMPAIGN": "sponsoredCampaign",
    "CREATIVE": "sponsoredCreative",
    "CONVERSION": "llaPartnerConversion",
}
"""What the URNs of each pivot name."""
IDENTITY = wire.ReportRow.__struct_encode_fields__
DELIVERY, ACTIONS, CONVERSIONS = (
    tuple(name for name in shape.__struct_encode_fields__ if name not in IDENTITY)
    for shape in (wire.DeliveryRow, wire.ActionRow, wire.RuleRow)
)
"""The metrics that rows of these shapes have."""
TOTAL = ("impressions",)
ACCOUNT = ("ACCOUNT",)
CAMPAIGN = ("CAMPAIGN_GROUP",)
AD_GROUP = ("CAMPAIGN_GROUP", "CAMPAIGN")
AD = ("CAMPAIGN_GROUP", "CAMPAIGN", "CREATIVE")
RULE = ("CAMPAIGN_GROUP", "CONVERSION")


@dataclass(frozen=True, slots=True)
class Report:
    """Rows by day and by one to three pivots, of one account or of some of its campaign groups."""

    account_id: str
    pivots: tuple[str, ...]
    window: Window
    metrics: tuple[str, ...]
    groups: tuple[str, ...] = ()
    """Only these; () = all."""


def accounts(token: str) -> str:
    """Every account that the member sees, in whatever state."""
    return question("/rest/adAccounts", {"q": "search", "pageSize": LIST_SIZE, **_next(token)})


def account(account_id: str) -> str:
    return f"/rest/adAccounts/{account_id}"


def searched(account_id: str, what: str, states: tuple[str, ...], token: str) -> str:
    """A page of campaign groups or campaigns in every state."""
    given: dict[str, Value] = {"q": "search", "search": {"status": {"values": states}}, "pageSize": LIST_SIZE}
    return question(f"{account(account_id)}/{what}", given | _next(token))


def creatives(account_id: str, token: str) -> str:
    """A page of creatives in every state, which is what comes if none is named."""
    given: dict[str, Value] = {"q": "criteria", "pageSize": CREATIVES_SIZE, "sortOrder": "ASCENDING"}
    return question(f"{account(account_id)}/creatives", given | _next(token))


def rules(account_id: str, start: str) -> str:
    """A page of the rules that count conversions."""
    owner = urn(KINDS["ACCOUNT"], account_id)
    given: dict[str, Value] = {"q": "account", "account": owner, "start": start or "0", "count": RULES_SIZE}
    return question("/rest/conversions", given)


def report(asked: Report, metrics: tuple[str, ...]) -> str:
    """A report with some of its metrics; with several pivots it is another finder than with one."""
    several = len(asked.pivots) > 1
    window = asked.window
    days = {
        name: {"year": day.year, "month": day.month, "day": day.day}
        for name, day in (("start", window.first_day), ("end", window.last_day))
    }
    return question(
        "/rest/adAnalytics",
        {
            "q": "statistics" if several else "analytics",
            **({"pivots": asked.pivots} if several else {"pivot": asked.pivots[0]}),
            "timeGranularity": "DAILY",
            "dateRange": days,
            **_facet(asked),
        },
        fields=(*IDENTITY, *metrics),
    )


def _facet(asked: Report) -> dict[str, Value]:
    if asked.groups:
        return {"campaignGroups": [urn(KINDS["CAMPAIGN_GROUP"], group) for group in asked.groups]}
    return {"accounts": [urn(KINDS["ACCOUNT"], asked.account_id)]}


def _next(token: str) -> dict[str, Value]:
    return {"pageToken": token} if token else {}
