"""The whole world from one number: who advertises, what happened, what it cost and what was billed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from . import bills, cast, contract, days, documents, evidence
from .model import FIRST_DAY, TODAY, Account, Bill, Draft, Planted, Proof, Row


@dataclass(frozen=True)
class World:
    """A few advertisers over two complete months and nine days; equal for equal seeds."""

    today: ClassVar[date] = TODAY
    first_day: ClassVar[date] = FIRST_DAY

    seed: int
    accounts: tuple[Account, ...]
    days: Mapping[str, tuple[Row, ...]]
    """By campaign id, in order of days."""
    bills: tuple[Bill, ...]
    evidence: tuple[Proof, ...]
    truth: tuple[Planted, ...]

    @classmethod
    def build(cls, *, seed: int = 7) -> World:
        draft = Draft(seed, cast.accounts(seed))
        for account in draft.accounts:
            cent = cast.CENT_MICROS[account.currency]
            for campaign in account.campaigns:
                draft.days[campaign.campaign_id] = days.happened(seed, campaign, cent)
        taken = contract.set_costs(draft)
        bills.write_bills(draft)
        documents.plant_documents(draft, taken)
        return cls(
            seed=seed,
            accounts=draft.accounts,
            days={campaign_id: tuple(rows) for campaign_id, rows in draft.days.items()},
            bills=tuple(draft.bills),
            evidence=evidence.gathered(draft),
            truth=tuple(
                sorted(draft.truth, key=lambda planted: (planted.check_id, planted.kind, planted.subject))
            ),
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
