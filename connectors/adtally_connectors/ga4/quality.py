"""What weakens a report: rows withheld, estimated, rolled up or cut off.

Source: ResponseMetaData of the Data API v1beta (read in the official Python client 0.23.3) and the Data API's
change log, ``dataTruncationReasons`` since 2026-09-14; read 2026-11. GA4 says it of the whole report, not of
a row: what is withheld has no row that could say so.
"""

from __future__ import annotations

from . import wire

SAMPLED, THRESHOLDED, OTHER_ROW, TRUNCATED = "sampled", "thresholded", "other_row", "truncated"


def flags(told: wire.Metadata) -> str:
    """The words for what weakens the report, joined by spaces; "" = nothing does."""
    found = {
        SAMPLED: any(map(_is_a_sample, told.sampling_metadatas)),
        THRESHOLDED: told.subject_to_thresholding,
        OTHER_ROW: told.data_loss_from_other_row,
        TRUNCATED: bool(told.data_truncation_reasons),
    }
    return " ".join(word for word, holds in found.items() if holds)


def is_withheld(metric: str, told: wire.Metadata) -> bool:
    """Whether who asks may not see this metric; GA4 then writes zeros."""
    return any(
        one.metric_name == metric for one in told.schema_restriction_response.active_metric_restrictions
    )


def _is_a_sample(one: wire.Sampling) -> bool:
    """Whether less was read than there is; so it is also where GA4 does not say how much."""
    read, space = one.samples_read_count, one.sampling_space_size
    return read is None or space is None or read < space
