"""Impressions, interactions, cost and conversions as records.

Source: LinkedIn Marketing API 202607, "Metrics Available" (views of 2026, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal, NamedTuple, TypeAlias

from adtally import ContractError, Delivery, Interaction, to_micros

from . import wire
from .charging import MIXED, Charge
from .queries import KINDS

Kind: TypeAlias = Literal[
    "click", "video_view", "engagement", "lead", "install", "purchase", "conversion", "other"
]

VIEW = "linkedin_2s"
"""Two seconds with half of the video in view, or a click on the call to action."""
ACTIONS_BILLED = {"clicks", "video_views"}
MICRO = Decimal("0.000001")
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


class Action(NamedTuple):
    """A metric that becomes interactions; ``field`` is its name in the row."""

    field: str
    kind: Kind
    attribution: str = ""
    name: str = ""
    """Its name in the ledger; "" = LinkedIn's own."""
    view_through: bool = False
    in_total: bool = False


TOTAL = "external_website_conversions"
# The total alone may be added up: the others are parts of it, or no conversions.
CONVERSIONS = (
    Action(TOTAL, "conversion", "default", "externalWebsiteConversions", in_total=True),
    Action("external_website_post_click_conversions", "conversion", "click", "externalWebsiteConversions"),
    Action(
        "external_website_post_view_conversions",
        "conversion",
        "view_through",
        "externalWebsiteConversions",
        view_through=True,
    ),
)
_CLICKS = (
    *("landing_page_clicks", "company_page_clicks", "card_clicks", "action_clicks", "ad_unit_clicks"),
    *("text_url_clicks", "download_clicks", "subscription_clicks"),
)
_ENGAGEMENTS = (
    *("reactions", "comments", "comment_likes", "shares", "follows", "other_engagements", "opens"),
    *("document_completions", "one_click_lead_form_opens", "lead_generation_mail_interested_clicks"),
)
_VIEWS = ("video_starts", "video_views", "video_completions", "full_screen_plays")
_LEADS = (
    *("one_click_leads", "qualified_leads", "valid_work_email_leads", "talent_leads"),
    "lead_generation_mail_contact_info_shares",
)
_RESULTS = ("job_applications", "job_apply_clicks", "registrations")
ACTIONS = (
    *CONVERSIONS,
    *(Action(name, "click") for name in _CLICKS),
    *(Action(name, "engagement") for name in _ENGAGEMENTS),
    *(Action(name, "video_view") for name in _VIEWS),
    *(Action(name, "lead") for name in _LEADS),
    *(Action(name, "conversion", "default") for name in _RESULTS),
    Action("sends", "other"),
)
NAMES = dict(zip(wire.ActionRow.__struct_fields__, wire.ActionRow.__struct_encode_fields__, strict=True))
RULES: dict[str, Kind] = {"PURCHASE": "purchase", "LEAD": "lead", "INSTALL": "install"}
"""The kinds of conversions that rules count; the others have no kind of their own."""


def to_delivery(rows: Iterable[wire.DeliveryRow], charges: Mapping[str, Charge] | None) -> Iterator[Delivery]:
    """One record per row; ``charges`` are by the ids of our ad groups, else of our campaigns.

    ``billable_units`` counts what the campaign pays for, or what all campaigns of the campaign group do.
    Without ``charges`` it and the interactions are None: they depend on what each campaign pays for.
    """
    for row in rows:
        ids = row.ids
        campaign_id = ids.get(KINDS["CAMPAIGN_GROUP"], "")
        ad_group_id = ids.get(KINDS["CAMPAIGN"], "")
        charge = (charges or {}).get(ad_group_id or campaign_id, MIXED)
        units = {
            "impressions": row.impressions,
            "clicks": row.clicks,
            "video_views": row.video_views,
            "sends": row.sends,
        }.get(charge.event)
        interactions = units if charge.event in ACTIONS_BILLED else row.clicks
        yield Delivery(
            day=row.day,
            campaign_id=campaign_id,
            ad_group_id=ad_group_id,
            ad_id=ids.get(KINDS["CREATIVE"], ""),
            view_definition="" if row.video_views is None else VIEW,
            impressions=row.impressions,
            clicks=row.clicks,
            interactions=None if charges is None else interactions,
            engagements=_others(row.total_engagements, row.clicks),
            video_views=row.video_views,
            video_completions=row.video_completions,
            leads=row.one_click_leads,
            conversions_micros=_millions(row.external_website_conversions),
            revenue_micros=money(row.conversion_value_in_local_currency),
            billable_units=units,
            cost_micros=money(row.cost_in_local_currency),
        )


def to_interactions(rows: Iterable[wire.ActionRow]) -> Iterator[Interaction]:
    """What people did, one record per action that the row tells and that happened."""
    for row in rows:
        for action in ACTIONS:
            value = money(row.conversion_value_in_local_currency) if action.in_total else None
            yield from _told(row, action, action.name or NAMES[action.field], action.kind, value)


def to_conversions(rows: Iterable[wire.RuleRow], rules: Mapping[str, wire.Rule]) -> Iterator[Interaction]:
    """The same conversions by the rule that counts them: parts of the total, never added to it."""
    for row in rows:
        number = row.ids[KINDS["CONVERSION"]]
        rule = rules.get(number)
        name = f"{rule.name if rule else ''} #{number}".strip()
        kind = RULES.get((rule and rule.type) or "", "conversion")
        for action in CONVERSIONS:
            value = money(row.conversion_value_in_local_currency) if action.in_total else None
            yield from _told(row, action._replace(in_total=False), name, kind, value)


def money(amount: Decimal | None) -> int | None:
    """Micros of an amount with the noise of a float behind its decimals: a half goes to the even micro."""
    if amount is None:
        return None
    try:
        return to_micros(_EXACT.quantize(amount, MICRO))
    except ArithmeticError as error:
        raise ContractError(f"not an amount of money: {str(amount)[:40]!r}") from error


def _told(
    row: wire.RuleRow, action: Action, name: str, kind: Kind, value: int | None
) -> Iterator[Interaction]:
    quantity: int | None = getattr(row, action.field)
    if quantity is not None and (quantity or value):
        yield Interaction(
            day=row.day,
            campaign_id=row.ids[KINDS["CAMPAIGN_GROUP"]],
            action=name,
            attribution=action.attribution,
            kind=kind,
            quantity_micros=quantity * 1_000_000,
            value_micros=value,
            view_through=action.view_through,
            in_total=action.in_total,
        )


def _others(engagements: int | None, clicks: int | None) -> int | None:
    return None if engagements is None or clicks is None else max(0, engagements - clicks)


def _millions(count: int | None) -> int | None:
    return None if count is None else count * 1_000_000
