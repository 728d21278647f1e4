"""Chains of documents over all months: which bill takes the place of which, and what was credited on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ..calendar import Window
from ..ledger import Connection
from . import sql_documents
from .document_facts import ChainEntry, CreditChain

NO_CREDITS = ("refund",)
"""Documents below zero that pay back instead of correcting a bill."""


class Head(NamedTuple):
    """A closed document of any month."""

    connector: str
    platform: str
    invoice_id: str
    number: str
    account_id: str
    kind: str
    judged_day: str | None
    day: str | None
    currency: str
    total_micros: int

    @property
    def subject(self) -> str:
        return f"{self.connector}/{self.invoice_id}"

    @property
    def label(self) -> str:
        return self.number or self.invoice_id


class _Credit(NamedTuple):
    """A credit memo, or a line of a bill that gives back, and what it names."""

    head: Head
    line: str
    amount_micros: int
    names: frozenset[str]


class Corrections:
    """Every closed document of the ledger, and the links between them."""

    def __init__(self, conn: Connection, known_on: date) -> None:
        rows = [Head(*row) for row in conn.execute(sql_documents.HEADS, {"known_on": known_on.isoformat()})]
        bearers: dict[tuple[str, str], str] = {}
        self._heads = [
            head  # one number from two connectors of a platform is one bill
            for head in rows
            if bearers.setdefault((head.platform, head.label), head.connector) == head.connector
        ]
        self.known = frozenset(head.subject for head in self._heads)
        """Subjects of the documents, each bill once."""
        self._links: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for connector, invoice_id, kind, other_id in conn.execute(sql_documents.LINKS):
            self._links[connector, invoice_id].append((kind, other_id))
        self._lines: defaultdict[tuple[str, str], list[tuple[str, int, str]]] = defaultdict(list)
        for connector, invoice_id, *line in conn.execute(sql_documents.NAMING_LINES):
            self._lines[connector, invoice_id].append((line[0], line[1], line[2]))
        self._by_name: defaultdict[tuple[str, str], list[Head]] = defaultdict(list)
        for head in self._heads:
            for name in {head.invoice_id, head.label} if head.total_micros >= 0 else ():
                self._by_name[head.platform, name].append(head)
        self._newer = self._replaced()
        self.superseded = frozenset(self._newer)
        """Subjects of documents that another one replaces."""
        self.void = self.superseded | frozenset(self._cancelling())
        """Those, and subjects of the credit memos that cancel them in full: together they bill nothing."""

    def memos(self, subject_of: Sequence[str]) -> int:
        """How many micros credit memos give back that name one of these documents, and nothing else."""
        wanted = set(subject_of)
        return sum(
            head.total_micros
            for head in self._heads
            if head.total_micros < 0 and head.subject not in self.void
            if (found := self._found(head.platform, self._names(head))) and found <= wanted
        )

    def chains(self, month: Window) -> Iterator[CreditChain]:
        """The chains that some credit of the month belongs to; later credits do not count."""
        first_text, last_text = month.first_day.isoformat(), month.last_day.isoformat()
        given = [one for one in self._credits() if (one.head.judged_day or "~") <= last_text]
        groups: dict[str, str] = {}

        def root(node: str) -> str:
            while groups.setdefault(node, node) != node:
                node = groups[node]
            return node

        nodes = list[str]()
        for number, credit in enumerate(given):
            own = root(f"#{number}")
            nodes.append(own)
            for name in credit.names:
                for subject in self._found(credit.head.platform, {name}) or {
                    f"?{credit.head.platform}/{name}"
                }:
                    groups[root(subject)] = own = root(own)
        found: defaultdict[str, list[_Credit]] = defaultdict(list)
        for node, credit in zip(nodes, given, strict=True):
            found[root(node)].append(credit)
        for chain in found.values():
            if any((one.head.judged_day or "") >= first_text for one in chain):
                yield self._chain(chain)

    def _chain(self, given: Sequence[_Credit]) -> CreditChain:
        heads = {head.subject: head for head in self._heads}
        subjects, unknown = set[str](), set[str]()
        for credit in given:
            for name in credit.names:
                named = self._found(credit.head.platform, {name})
                subjects |= named
                unknown |= set() if named else {name}
        originals = [heads[subject] for subject in sorted(subjects)]
        about = originals[0] if originals else given[0].head
        ordered = sorted(given, key=lambda one: (one.head.day or "", one.head.subject, one.line))
        return CreditChain(
            connector=about.connector,
            platform=about.platform,
            account_id=about.account_id,
            originals=tuple(_entry(head, head.total_micros) for head in originals),
            credits=tuple(_entry(one.head, one.amount_micros, one.line) for one in ordered),
            unknown=tuple(sorted(unknown)),
        )

    def _credits(self) -> Iterator[_Credit]:
        """Memos as a whole, or by line where their lines name all that they correct; then lines of bills."""
        for head in self._heads:
            if head.subject in self.void or head.kind in NO_CREDITS:
                continue
            lines = self._lines[head.connector, head.invoice_id]
            names = self._names(head)
            by_line = head.total_micros >= 0 or (
                len(names) > 1 and sum(amount for _, amount, _ in lines) == head.total_micros
            )
            if not by_line:
                yield _Credit(head, "", head.total_micros, frozenset(names))
                continue
            for line, amount, original in lines:
                if amount < 0:
                    yield _Credit(head, line, amount, frozenset({original}))

    def _names(self, head: Head) -> set[str]:
        key = (head.connector, head.invoice_id)
        linked = {other for kind, other in self._links[key] if kind == "corrects" and other}
        return linked | {original for *_, original in self._lines[key]}

    def _found(self, platform: str, names: set[str] | frozenset[str]) -> set[str]:
        """The subjects of what stands today in the place of the bills of these names."""
        return {
            self._newest(head.subject) for name in names for head in self._by_name.get((platform, name), ())
        }

    def _newest(self, subject: str) -> str:
        seen = {subject}
        while (newer := self._newer.get(subject)) and newer not in seen:
            seen.add(newer)
            subject = newer
        return subject

    def _replaced(self) -> dict[str, str]:
        """Each document that another one replaces, or corrects with a bill of its own, and by which."""
        found: dict[str, str] = {}
        for head in self._heads if self._links else ():
            for _, other in self._links.get((head.connector, head.invoice_id), ()):
                for target in self._by_name.get((head.platform, other), ()) if head.total_micros >= 0 else ():
                    if target.subject != head.subject:
                        found[target.subject] = head.subject
        return found

    def _cancelling(self) -> Iterator[str]:
        cancelled = set[str]()
        for head in self._heads:
            if head.total_micros >= 0:
                continue
            for name in self._names(head):
                for target in self._by_name.get((head.platform, name), ()):
                    whole = target.total_micros == -head.total_micros
                    if whole and target.subject in self._newer and target.subject not in cancelled:
                        cancelled.add(target.subject)
                        yield head.subject


def _entry(head: Head, amount: int, line: str = "") -> ChainEntry:
    return ChainEntry(
        table="invoice_lines" if line else "invoices",
        key=f"{head.subject}/{line}" if line else head.subject,
        label=head.label,
        day=date.fromisoformat(head.day) if head.day else None,
        currency=head.currency,
        amount_micros=amount,
    )
