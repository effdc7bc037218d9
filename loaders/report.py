"""The summary of a load as the API answers it and the CLI prints it."""

from pydantic import BaseModel, ConfigDict, Field

from alliance_explorer.graph_schema import SCHEMA, RelationshipRecord

from .model import Count, Summary

# A report names so many rejects; the rejects file has them all.
MAX_REJECTS_SHOWN = 1_000


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counts(_Model):
    """Rows; `read == loaded + unchanged + rejected` and `loaded == created + changed`."""

    read: int
    loaded: int
    created: int
    changed: int
    unchanged: int
    rejected: int


class Reject(_Model):
    """One thing wrong with one row."""

    type: str
    file: str
    line: int = Field(description="from 1; 0 when the row has no line of its own")
    field: str
    reason: str


class LoadReport(_Model):
    """What a load did."""

    total: Counts
    types: dict[str, Counts] = Field(description="by node label and relationship type")
    rejects: list[Reject] = Field(description="the first 1,000 at most")
    notes: list[str]
    merged: int = Field(0, description="new firms that were merged with another; --match apply")
    queued: int = Field(0, description="pairs of firms that were put into the review queue")


class Mapped(_Model):
    """A record as it would be written."""

    type: str
    file: str
    line: int
    properties: dict[str, object] = Field(description="of relationships with `from` and `to`")


class DryReport(LoadReport):
    """What a load would do."""

    records: list[Mapped] = Field(description="the first of each type")


def dry_report(summary: Summary) -> DryReport:
    """The report of a dry load."""
    records = []
    for item in summary.first:
        properties: dict[str, object] = dict(item.record.properties)
        if isinstance(item.record, RelationshipRecord):
            del properties["id"]
            properties = {"from": item.record.from_id, "to": item.record.to_id, **properties}
        records.append(
            Mapped(
                type=item.record.type.name, file=item.file, line=item.line, properties=properties
            )
        )
    return DryReport(**dict(report(summary)), records=records)


def report(summary: Summary) -> LoadReport:
    """The report of a summary."""
    rejects = [
        Reject(type=r.type, file=r.file, line=r.line, field=p.field, reason=p.reason)
        for r in summary.rejects[:MAX_REJECTS_SHOWN]
        for p in r.problems
    ]
    return LoadReport(
        total=_counts(summary.total),
        types={name: _counts(c) for name, c in sorted(summary.counts.items(), key=_place)},
        rejects=[_sound(r) for r in rejects[:MAX_REJECTS_SHOWN]],
        notes=summary.notes,
        merged=summary.merged,
        queued=summary.queued,
    )


def _place(item: tuple[str, Count]) -> int:
    names = [t.name for t in SCHEMA]
    return names.index(item[0]) if item[0] in names else len(names)


def _counts(count: Count) -> Counts:
    return Counts(
        read=count.read,
        loaded=count.loaded,
        created=count.created,
        changed=count.changed,
        unchanged=count.unchanged,
        rejected=count.rejected,
    )


def _sound(reject: Reject) -> Reject:
    """Text that no encoding can hold is made visible instead of breaking the answer."""
    texts = {
        k: v.encode("utf-8", "backslashreplace").decode() if isinstance(v, str) else v
        for k, v in reject.model_dump().items()
    }
    return Reject.model_validate(texts)
