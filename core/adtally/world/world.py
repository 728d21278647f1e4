"""The whole world from one number: who advertises, what happened, what it cost and what was billed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from . import (
    attention,
    bills,
    cards,
    contract,
    counts,
    days,
    documents,
    evidence,
    filing,
    idle,
    networks,
    results,
    sales,
    scenes,
    staging,
)
from .cast import GOOGLE, PUBLISHERS
from .casting import CENT_MICROS, played
from .model import BETWEEN, FIRST_DAY, TODAY, VISITS, Account, Draft, Planted, Row, Withdrawn
from .paper import Bill, Charge, Proof
from .social import META, TIKTOK


@dataclass(frozen=True)
class World:
    """A few advertisers over two complete months and nine days; equal for equal seeds."""

    first_day: ClassVar[date] = FIRST_DAY
    visits: ClassVar[tuple[date, ...]] = VISITS
    between: ClassVar[Mapping[date, tuple[str, ...]]] = BETWEEN

    seed: int
    accounts: tuple[Account, ...]
    days: Mapping[str, tuple[Row, ...]]
    """By campaign id, in order of days."""
    bills: tuple[Bill, ...]
    charges: tuple[Charge, ...]
    evidence: tuple[Proof, ...]
    truth: tuple[Planted, ...]
    withdrawn: tuple[Withdrawn, ...] = ()
    today: date = TODAY
    """The day on which the sandbox is asked, at noon UTC."""

    @classmethod
    def build(cls, *, seed: int = 7) -> World:
        parts = (*GOOGLE, *PUBLISHERS, *META, *TIKTOK, *networks.parts(), *scenes.SCENES)
        draft = Draft(seed, played(parts, seed))
        for account in draft.accounts:
            cent = CENT_MICROS[account.currency]
            for campaign in account.campaigns:
                draft.days[campaign.campaign_id] = days.happened(seed, campaign, cent)
        idle.drop_days(draft)
        results.plant_results(draft)
        taken = contract.set_costs(draft)
        idle.overrun(draft)
        staging.play(draft)
        attention.plant_attention(draft)
        cards.charge_cards(draft)
        bills.write_bills(draft)
        documents.plant_documents(draft, taken)
        filing.play(draft)
        proofs = sales.play(draft, counts.play(draft, evidence.gathered(draft)))
        return cls(
            seed=seed,
            accounts=draft.accounts,
            days={campaign_id: tuple(rows) for campaign_id, rows in draft.days.items()},
            bills=tuple(draft.bills),
            charges=tuple(draft.charges),
            evidence=proofs,
            withdrawn=tuple(draft.withdrawn),
            truth=tuple(
                sorted(draft.truth, key=lambda planted: (planted.check_id, planted.kind, planted.subject))
            ),
        )

    def on(self, day: date) -> World:
        """The same world as it is on an earlier day: what came later has not happened or been withdrawn."""
        told = {
            campaign_id: tuple(row for row in rows if row.day <= day)
            for campaign_id, rows in self.days.items()
        }
        for one in self.withdrawn:
            if day < one.until and day >= one.day:
                told[one.campaign_id] = tuple(
                    replace(row, clicks=row.clicks + one.clicks) if row.day == one.day else row
                    for row in told[one.campaign_id]
                )
        return replace(
            self,
            today=day,
            days=told,
            bills=tuple(bill for bill in self.bills if bill.issue_day <= day),
            charges=tuple(charge for charge in self.charges if charge.day <= day),
            evidence=tuple(proof for proof in self.evidence if proof.day <= day),
        )

    def of_platform(self, platform: str) -> tuple[Account, ...]:
        return tuple(account for account in self.accounts if account.platform == platform)

    def write_truth(self, path: Path) -> None:
        """Write what was planted as JSON. Nothing but a test may read it."""
        document = {
            "seed": self.seed,
            "today": self.today.isoformat(),
            "planted": [asdict(planted) for planted in self.truth],
        }
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
