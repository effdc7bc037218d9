"""When a fact holds: half-open intervals [since, until), open where nothing is said."""

import datetime as dt
from collections.abc import Mapping


def holds(properties: Mapping[str, object], reference: dt.date) -> bool:
    """Whether a relationship holds on a day; what was acquired stays acquired."""
    since, until = properties.get("since", properties.get("date")), properties.get("until")
    return within(since, until, reference)


def within(since: object, until: object, reference: dt.date) -> bool:
    """Whether a day lies in [since, until)."""
    return not (isinstance(since, dt.date) and since > reference) and not (
        isinstance(until, dt.date) and until <= reference
    )


def known(properties: Mapping[str, object], known_at: dt.date | None) -> bool:
    """Whether a fact had been recorded by a day."""
    recorded = properties.get("recorded_at")
    return known_at is None or not (isinstance(recorded, dt.date) and recorded > known_at)


def begun(properties: Mapping[str, object], reference: dt.date) -> bool:
    """Whether a fact has held by a day, be it over or not."""
    return within(properties.get("since", properties.get("date")), None, reference)
