"""The answers of the GA4 Data API, as far as they are read.

Source: Data API v1beta, RunReportResponse and ResponseMetaData (read in the official Python client 0.23.3,
2026-11). Every value of a row is text. Proto3 leaves out what is zero or empty: the rows, their number, each
flag.
"""

from __future__ import annotations

from msgspec import Struct


class Wire(Struct, gc=False, rename="camel"):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False, rename="camel"):
    """The same, for what an answer may leave out: frozen, so that all answers share one empty part."""


class Header(Wire):
    name: str = ""


class Value(Wire):
    value: str


class Row(Wire):
    dimension_values: list[Value] = []
    metric_values: list[Value] = []

    @property
    def key(self) -> tuple[str, ...]:
        """The day and what follows it, as GA4 writes them."""
        return tuple(one.value for one in self.dimension_values)


class Sampling(Part, frozen=True):
    """How much of one range of days was read."""

    samples_read_count: int | None = None
    sampling_space_size: int | None = None


class MetricRestriction(Part, frozen=True):
    metric_name: str = ""


class Restrictions(Part, frozen=True):
    """What is withheld from who asks."""

    active_metric_restrictions: tuple[MetricRestriction, ...] = ()


class Metadata(Wire):
    """What GA4 says of the whole report; the currency and the clock are those of the day of asking."""

    time_zone: str = ""
    currency_code: str = ""
    empty_reason: str = ""
    subject_to_thresholding: bool = False
    data_loss_from_other_row: bool = False
    sampling_metadatas: tuple[Sampling, ...] = ()
    schema_restriction_response: Restrictions = Restrictions()
    data_truncation_reasons: object = None
    """Whose form is not known well: what counts is whether there are any."""


class Report(Wire):
    """One page. Without ``metadata`` it is none: an answer that says nothing is no empty report."""

    metadata: Metadata
    dimension_headers: list[Header] = []
    metric_headers: list[Header] = []
    rows: list[Row] = []
    row_count: int = 0


class Reason(Wire):
    reason: str = ""


class Fault(Wire):
    message: str = ""
    status: str = ""
    details: list[Reason] = []


class Refusal(Wire):
    error: Fault
