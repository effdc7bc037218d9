"""Firms that a load brought, matched with those that were there."""

from collections.abc import Callable

from alliance_explorer.engine import Engine
from alliance_explorer.matching import Mode, mode_named, resolve_matches

from .model import Summary

_EXAMPLES = 10
_IDS = "MATCH (f:Firm) RETURN f.id AS id"


def joined(engine: Engine, mode: Mode, load: Callable[[], Summary]) -> Summary:
    """Load, and then look for firms that are one.

    Parameters
    ----------
    engine : Engine
    mode : {'off', 'suggest', 'apply'}
        What happens to a new firm that matches another: nothing; the pair goes into the review
        queue; it is merged if it is surely the same, else the pair goes into the queue.
    load : callable

    Raises
    ------
    InvalidRequest
        No such mode; before anything is loaded.
    """
    if mode_named(mode) == "off":
        return load()
    before = {str(row["id"]) for row in engine.read(_IDS)}
    summary = load()
    new = {str(row["id"]) for row in engine.read(_IDS)} - before
    if new:
        done = resolve_matches(engine, mode, by="load", of=new)
        summary.merged, summary.queued = len(done.merged), done.queued
        summary.notes.append(
            f"matching: {len(new):,} new firms, {len(done.merged):,} of them merged with another "
            f"(`merges` lists them), {done.queued:,} pairs to look at (`review`)"
        )
        for one in done.merged[:_EXAMPLES]:
            summary.notes.append(
                f"merged: {one.merged.name} ({one.merged.id}) into {one.kept.name} "
                f"({one.kept.id}), score {one.score:g}: {one.why}"
            )
    return summary
