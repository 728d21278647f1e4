"""Accounts in which one thing is played on purpose, a fault with its decoy beside it: chance spares them.

What is played is told by the account's ``scene``; which of two campaigns, accounts or months is guilty, the
seed decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from ..calendar import Window, month_name
from .cast import BOOKED, MANAGER
from .casting import Cast, Part
from .contract import Spot
from .model import COMPLETE, Account, Campaign, Draft, Kind, Planted, stream
from .paper import Proof
from .social import CENT, SOCIAL_MANAGER

STOCKTAKING = date(2026, 10, 20)
STOCK = Cast("Stock on hand", "search", "cpc", 45, 900, 1, still_on=STOCKTAKING)
SHELF = Cast("Shelf space", "social", "cpm", 280, 5_000, 1, still_on=STOCKTAKING)
SITE = Cast("Trail search", "search", "cpc", 55, 1_300, 1)
PURSE = Cast("Small purse", "search", "cpc", 40, 1_000, 1)
BANNER = Cast("Quayside banner", "direct", "cpm", 300, 9_000, agreed="cap")
CLICKS = Cast("Newsletter clicks", "direct", "cpc", 75, 9_000, agreed="fixed")
ORDERED = Cast("Ordered banner", "direct", "cpm", 280, 9_000, agreed="fixed", days=BOOKED, flight=BOOKED)
SERVED = Cast(
    "Banner by our server", "direct", "cpm", 310, 12_000, agreed="fixed", counted_by="harbor_evidence"
)
INSTALLS = Cast("App installs", "direct", "cpi", 140, 9_000, agreed="fixed")
LEADS = Cast("Quote requests", "direct", "cpl", 900, 10_000, agreed="fixed")
SALES = Cast("Orders", "direct", "cpa", 1_200, 9_000, agreed="fixed")
PARTNERS = Cast("Partner sales", "direct", "cps", 800, 11_000, agreed="fixed", validation_days=14)
RETURNED = SALES._replace(name="Orders on approval", validation_days=14)
CREDITED = CLICKS._replace(name="Credited clicks")
STEPS = CLICKS._replace(name="Clicks in steps", step=1_500)


def _harbor(number: int, scene: str, name: str, *, bought_by: str = "") -> Account:
    account_id = f"HB-{number}"
    return Account("harbor", "harbor", account_id, f"{name} at Harbor", "USD", "America/New_York",
                   billed_to=account_id, prints_subtotal=False, scene=scene, bought_by=bought_by)  # fmt: skip


def _quay(number: int, scene: str, name: str) -> Account:
    account_id = f"QY-{number}"
    return Account("quay", "quay", account_id, f"{name} at the Quay", "USD", "America/New_York",
                   billed_to=account_id, tax_ppm=80_000, jurisdiction="US-NY", scene=scene)  # fmt: skip


def _both(cast: Cast) -> tuple[Cast, Cast]:
    return cast._replace(name=f"{cast.name} A"), cast._replace(name=f"{cast.name} B")


SCENES: tuple[Part, ...] = (
    (
        Account("google", "google_ads", "2000000108", "Alpine Sports", "EUR", "Europe/Berlin",
                manager_id=MANAGER, billed_to="alpine", scene="alpine"),
        (*_both(SITE), *_both(STOCK), *_both(PURSE)),
    ),
    (
        Account("meta", "meta_ads", "3000000209", "Alpine Social", "EUR", "Europe/Berlin",
                manager_id=SOCIAL_MANAGER, billed_to="alpine social", row_micros=CENT, scene="alpine"),
        _both(SHELF),
    ),
    (_harbor(101, "overlap", "Lights"), (BANNER,)),
    (_harbor(102, "overlap", "Bells"), (BANNER,)),
    (_harbor(103, "credits", "Studio"), ()),
    (_harbor(104, "agency", "Agency", bought_by="mediahaus_invoices"), _both(BANNER)),
    (_harbor(105, "withdrawn", "Letters"), _both(CLICKS)),
    (_harbor(106, "budgets", "Orders"), (*_both(ORDERED), *_both(ORDERED._replace(name="Capped banner")))),
    (_harbor(107, "units", "Guarantees"), _both(ORDERED)),
    (_harbor(108, "served", "Servers"), _both(SERVED)),
    (_harbor(109, "installs", "App"), _both(INSTALLS)),
    (_harbor(110, "leads", "Quotes"), _both(LEADS)),
    (_harbor(111, "lead list", "Requests"), _both(LEADS)),
    (_harbor(112, "purchases", "Shop"), _both(SALES)),
    (_harbor(113, "refunds", "Partners"), (*_both(PARTNERS), *_both(RETURNED))),
    (_harbor(114, "verified", "Traffic"), (*_both(CLICKS), CREDITED)),
    (_harbor(115, "steps", "Steps"), (STEPS,)),
    (_harbor(116, "sale list", "Baskets"), _both(SALES)),
    (_quay(101, "claims", "Orders"), (SALES,)),
    (_quay(102, "claims", "More orders"), (SALES._replace(price=1_500),)),
    (_quay(103, "tax", "Reach"), (BANNER,)),
    (
        Account("thames", "thames", "TH-101", "Trailhead at Thames", "GBP", "Europe/London",
                billed_to="TH-101", scene="exchange", prints_subtotal=False),
        (BANNER,),
    ),
    (
        Account("mediahaus", "mediahaus", "MH-101", "Mediahaus", "USD", "America/New_York",
                billed_to="MH-101", scene="fee", prints_subtotal=False),
        (),
    ),
)  # fmt: skip

Thing = TypeVar("Thing")
KINDS: tuple[Kind, Kind] = ("fault", "decoy")


def of(draft: Draft, scene: str, connector: str = "") -> list[Account]:
    return [
        account
        for account in draft.accounts
        if account.scene == scene and connector in ("", account.connector)
    ]


def called(account: Account, name: str) -> list[Campaign]:
    """The campaigns of the account whose name begins so."""
    return [campaign for campaign in account.campaigns if campaign.name.startswith(name)]


def roles(draft: Draft, purpose: str, things: Sequence[Thing]) -> Iterator[tuple[Kind, Thing]]:
    """A fault and a decoy among the things; the seed says which is which."""
    return zip(KINDS, stream(draft.seed, "scenes", purpose).sample(list(things), 2), strict=True)


def spots(draft: Draft, scene: str, *names: str) -> Iterator[Spot]:
    """The complete months of the scene's campaigns, or of those whose name begins so."""
    for account in of(draft, scene):
        for campaign in account.campaigns:
            if not names or campaign.name.startswith(names):
                for window in COMPLETE:
                    yield Spot(account, campaign, window)


def billed(draft: Draft, spot: Spot) -> int:
    """What the media lines of the month bill for the campaign."""
    return sum(
        line.amount_micros
        for bill in draft.bills
        for line in bill.lines
        if line.kind == "media"
        and line.campaign_id == spot.campaign.campaign_id
        and line.first_day in spot.window
    )


def rate_of(spot: Spot) -> int:
    return spot.campaign.agreement.rate_micros if spot.campaign.agreement else 0


def is_of(proof: Proof, spot: Spot, kind: str) -> bool:
    """Whether somebody else than the biller counted or kept it for the campaign in this month."""
    return (
        proof.kind == kind
        and proof.campaign_id == spot.campaign.campaign_id
        and proof.day in spot.window
        and proof.evidence_class != "E0"
    )


def say(
    draft: Draft,
    check_id: str,
    subject: str,
    window: Window,
    currency: str,
    kind: Kind,
    note: str,
    *,
    at_risk: int,
) -> None:
    draft.truth.append(
        Planted(
            check_id=check_id,
            subject=subject,
            month=month_name(window.first_day),
            currency=currency,
            kind=kind,
            note=note,
            diff_micros=at_risk,
            at_risk_micros=at_risk if kind == "fault" else None,
        )
    )


def say_of(draft: Draft, check_id: str, spot: Spot, kind: Kind, note: str, at_risk: int) -> None:
    say(draft, check_id, spot.subject, spot.window, spot.account.currency, kind, note, at_risk=at_risk)
