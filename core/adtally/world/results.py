"""Who only saw the ad: results that were sold as clicked ones."""

from __future__ import annotations

from ..calendar import month_name
from .contract import Spot
from .model import SEPTEMBER, Draft, Kind, Planted, stream, total


def plant_results(draft: Draft) -> None:
    """Leave one install by a view in a month that pays for clicked ones only, and none in another campaign.

    Only September is final: installs are counted for weeks.
    """
    rng = stream(draft.seed, "results")
    for account in draft.accounts:
        for campaign in account.campaigns:
            agreement = campaign.agreement
            if agreement is None or not agreement.click_only:
                continue
            rows = draft.rows(campaign, SEPTEMBER)
            for row in rows:
                row.view_through = 0
            kind: Kind = "fault" if campaign.seen_only else "decoy"
            if kind == "fault":
                rng.choice([row for row in rows if row.installs]).view_through = 1
            seen = total(rows, "view_through")
            planted = Planted(
                check_id="view-through-share",
                subject=Spot(account, campaign, SEPTEMBER).subject,
                month=month_name(SEPTEMBER.first_day),
                currency=account.currency,
                kind=kind,
                note=f"{seen} of {total(rows, 'installs')} installs by people who did not click",
                at_risk_micros=agreement.rate_micros * seen if kind == "fault" else None,
            )
            draft.truth.append(planted)
