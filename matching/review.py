"""Finding firms that may be one, asking about them, and remembering the answers.

Three things can happen to a pair: it is the same and is merged, it is asked about (a `Judgement`
that is open), or it is different and not told. What somebody has decided is not asked again.
"""

import datetime as dt
import hashlib
import heapq
import json
import math
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final, Literal, TypeAlias

from pydantic import TypeAdapter, ValidationError

from alliance_explorer.engine import Engine, Node, Step
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import SCHEMA, Properties, columns, nearest, upsert
from alliance_explorer.limits import PAIRS

from .candidates import Pair, alike, best_first, pairs
from .identity import check_said, former_ids
from .merging import merge, unmerge
from .models import (
    Applied,
    Evidence,
    FirmRef,
    Match,
    Matches,
    MergeRecord,
    Question,
    Queue,
    Unmerged,
    Verdict,
)
from .score import REVIEW, SAME, Candidate, host_of

Mode: TypeAlias = Literal["off", "suggest", "apply"]
MODES: Final[tuple[Mode, ...]] = ("off", "suggest", "apply")
JUDGEMENT: Final = SCHEMA.nodes["Judgement"]
VERDICTS: Final[tuple[Verdict, ...]] = ("open", "same", "different")
_EVIDENCE: Final = TypeAdapter(list[Evidence])
_FIRMS: Final = (
    "MATCH (f:Firm) RETURN f.id AS id, f.name AS name, f.aliases AS aliases, "
    "f.homepage AS homepage, f.crunchbase AS crunchbase, f.country AS country, f.city AS city, "
    "f.source AS source"
)


def mode_named(text: str) -> Mode:
    """The way of matching that a text names.

    Raises
    ------
    InvalidRequest
        There is none.
    """
    for mode in MODES:
        if mode == text:
            return mode
    raise InvalidRequest(f"{text!r} is no way of matching" + nearest(text, MODES), "match")


def candidates(engine: Engine) -> list[Candidate]:
    """Every firm as it is compared, in the order of ids. O(firms log firms)."""
    return [
        Candidate(
            id=str(row["id"]),
            names=[str(row["name"]), *map(str, a if isinstance(a := row["aliases"], list) else [])],
            host=host_of(_text(row["homepage"])),
            crunchbase=(_text(row["crunchbase"]) or "").lower() or None,
            country=_text(row["country"]),
            city=_text(row["city"]),
            source=_text(row["source"]),
        )
        for row in sorted(engine.read(_FIRMS), key=lambda row: str(row["id"]))
    ]


def match(
    engine: Engine,
    *,
    of: Collection[str] | None = None,
    limit: int = PAIRS.usual,
    seconds: float = math.inf,
) -> Matches:
    """Pairs of firms that may be one, best first; nothing is written.

    Parameters
    ----------
    engine : Engine
    of : collection of str, optional
        Only pairs with one of these firms, by id.
    limit : int
        Most pairs that are told.
    seconds : float
        Longest time that comparing may take.

    Raises
    ------
    QueryTimeout
        It takes longer.
    """
    judged, count = _judged(engine), Counter[str]()

    def undecided() -> Iterator[Pair]:
        everyone = candidates(engine)
        for pair in alike(everyone, of=of, deadline=time.monotonic() + seconds):
            known = judgement_id(pair.one.id, pair.other.id) in judged
            count["decided" if known else pair.outcome] += 1
            if not known:
                yield pair

    best = heapq.nsmallest(limit, undecided(), key=best_first)
    return Matches(
        same=count["same"],
        review=count["review"],
        decided=count["decided"],
        same_from=SAME,
        review_from=REVIEW,
        matches=[_match(p) for p in best],
    )


def resolve_matches(
    engine: Engine,
    mode: Mode,
    *,
    by: str,
    of: Collection[str] | None = None,
    now: dt.datetime | None = None,
) -> Applied:
    """Act on what matches: `suggest` asks about every pair, `apply` merges what is the same.

    Parameters
    ----------
    engine : Engine
    mode : {'suggest', 'apply'}
    by : str
        Who wants it; recorded with each merge.
    of : collection of str, optional
        Only pairs with one of these firms, by id. The other one is kept then.
    now : datetime.datetime, optional
        For tests.

    Notes
    -----
    A chain of pairs is not enough to merge its ends: a firm joins one that has taken in others
    only if it is the same as, or for review with, each of them.
    """
    check_said(by, "by")
    everyone = {c.id: c for c in candidates(engine)}
    judged = _judged(engine)
    found = [
        p
        for p in pairs(everyone.values(), of=of)
        if judgement_id(p.one.id, p.other.id) not in judged
    ]
    known = {(p.one.id, p.other.id) for p in found} | {(p.other.id, p.one.id) for p in found}
    groups: dict[str, set[str]] = {}
    merged: list[MergeRecord] = []
    asked: list[Pair] = []
    for pair in found:
        one, other = _holder(groups, pair.one.id), _holder(groups, pair.other.id)
        if one == other:
            continue
        across = [(a, b) for a in groups.get(one, {one}) for b in groups.get(other, {other})]
        if pair.outcome != "same" or mode != "apply" or not known.issuperset(across):
            asked.append(pair)
            continue
        kept, gone = _kept_first(everyone[one], everyone[other], of or ())
        merged.append(
            merge(
                engine,
                kept,
                gone,
                by=by,
                why="; ".join(f"{e.rule} {e.points:+g}" for e in pair.evidence),
                score=pair.score,
                now=now,
            )
        )
        groups[kept] = groups.get(kept, {kept}) | groups.pop(gone, {gone})
    asked = [p for p in asked if _holder(groups, p.one.id) != _holder(groups, p.other.id)]
    _write(engine, [_question(p) for p in asked])
    return Applied(merged=merged, queued=len(asked), compared=len(everyone))


def queue(engine: Engine, verdict: str = "open", limit: int | None = None) -> Queue:
    """The review queue, or what was decided, or (`all`) both. O(judgements).

    Raises
    ------
    InvalidRequest
        No such verdict.
    """
    known = (*VERDICTS, "all")
    if verdict not in known:
        raise InvalidRequest(f"{verdict!r} is no verdict" + nearest(verdict, known), "verdict")
    nodes, names = _judgements(engine), _names(engine)
    former = former_ids(engine)
    count = dict.fromkeys(VERDICTS, 0)
    questions = []
    for node in nodes:
        ends = [former.get(str(node[k]), str(node[k])) for k in ("one", "other")]
        gone = not names.keys() >= set(ends)
        if node["verdict"] == "open" and (ends[0] == ends[1] or gone):
            continue  # merged meanwhile, or erased
        count[_verdict(node)] += 1
        if verdict in ("all", node["verdict"]):
            questions.append(_told(node, names))
    questions.sort(key=lambda q: (-(q.score or 0.0), q.id))
    return Queue(
        open=count["open"],
        same=count["same"],
        different=count["different"],
        questions=questions[:limit],
    )


def decide(
    engine: Engine,
    id_: str,
    verdict: Verdict,
    *,
    by: str,
    why: str = "",
    now: dt.datetime | None = None,
) -> Question:
    """Answer a question of the review queue: `same` merges the two, `different` leaves them.

    Raises
    ------
    InvalidRequest
        There is no such question, no such verdict, or it was decided.
    """
    check_said(by, "by")
    check_said(why, "why")
    if verdict not in ("same", "different"):
        raise InvalidRequest(
            f"{verdict!r} decides nothing" + nearest(verdict, ("same", "different")), "verdict"
        )
    node = next((n for n in _judgements(engine) if n["id"] == id_), None)
    if node is None:
        raise InvalidRequest(f"there is no question {id_!r}; `review` lists them", "id")
    if node["verdict"] != "open":
        raise InvalidRequest(f"{id_} was decided: {node['verdict']}", "id")
    if verdict == "same":
        former = former_ids(engine)
        one, other = (former.get(str(node[k]), str(node[k])) for k in ("one", "other"))
        if one != other:
            everyone = {c.id: c for c in candidates(engine) if c.id in (one, other)}
            for id2 in (one, other):
                if id2 not in everyone:
                    raise InvalidRequest(f"there is no firm {id2!r} any more", "id")
            kept, gone = _kept_first(everyone[one], everyone[other], ())
            score = node.get("score")
            number = float(score) if isinstance(score, int | float) else None
            merge(engine, kept, gone, by=by, why=why or "accepted", score=number, now=now)
    decided = {**node, "verdict": verdict, "by": by, "why": why, "at": _now(now)}
    _write(engine, [decided])
    return _told(decided, _names(engine))


def undo(
    engine: Engine, merge_id: str, *, by: str, why: str = "", now: dt.datetime | None = None
) -> Unmerged:
    """Undo a merge, and remember that the two are different, so that matching leaves them.

    Raises
    ------
    InvalidRequest
        As `unmerge`.
    """
    check_said(by, "by")
    check_said(why, "why")
    undone = unmerge(engine, merge_id)
    one, other = sorted((undone.kept.id, undone.restored.id))
    node: Properties = {
        "id": judgement_id(one, other),
        "one": one,
        "other": other,
        "verdict": "different",
        "by": by,
        "why": why or f"{merge_id} was undone",
        "at": _now(now),
    }
    _write(engine, [node])
    return undone


def judgement_id(one: str, other: str) -> str:
    """Id of the judgement about two firms; which is named first does not matter."""
    text = json.dumps(sorted((one, other)))
    return "judgement:" + hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


# --- parts ---------------------------------------------------------------------------------------


def _judged(engine: Engine) -> set[str]:
    """Ids of the judgements that somebody has decided."""
    return {str(n["id"]) for n in _judgements(engine) if n["verdict"] != "open"}


def _holder(groups: dict[str, set[str]], id_: str) -> str:
    return next((kept for kept, ids in groups.items() if id_ in ids), id_)


def _kept_first(one: Candidate, other: Candidate, new: Collection[str]) -> tuple[str, str]:
    """Which firm stays: the one that was there before, of which more is known, the smaller id."""

    def rank(c: Candidate) -> tuple[bool, int, str]:
        known = sum(x is not None for x in (c.host, c.crunchbase, c.country, c.city))
        return (c.id in new, -known, c.id)

    first, second = sorted((one, other), key=rank)
    return first.id, second.id


def _judgements(engine: Engine) -> list[Properties]:
    found = []
    for row in engine.read("MATCH (j:Judgement) RETURN j"):
        node = row["j"]
        assert isinstance(node, Node)
        found.append({k: v for k, v in node.properties.items() if v is not None})
    return sorted(found, key=lambda n: str(n["id"]))


def _names(engine: Engine) -> dict[str, str]:
    rows = engine.read("MATCH (f:Firm) RETURN f.id AS id, f.name AS name")
    found = {str(r["id"]): str(r["name"]) for r in rows}
    rows = engine.read("MATCH (m:Merge) RETURN m.merged AS id, m.merged_name AS name")
    return {str(r["id"]): str(r["name"] or r["id"]) for r in rows} | found


def _verdict(node: Properties) -> Verdict:
    return next((v for v in VERDICTS if v == node["verdict"]), "open")


def _told(node: Properties, names: dict[str, str]) -> Question:
    try:
        evidence = _EVIDENCE.validate_json(str(node.get("matching") or "[]"))
    except ValidationError:
        evidence = []
    one, other, score = str(node["one"]), str(node["other"]), node.get("score")
    return Question(
        id=str(node["id"]),
        one=FirmRef(id=one, name=names.get(one, one)),
        other=FirmRef(id=other, name=names.get(other, other)),
        verdict=_verdict(node),
        score=float(score) if isinstance(score, int | float) else None,
        evidence=evidence,
        by=str(node.get("by") or ""),
        at=str(node.get("at") or ""),
        why=str(node.get("why") or ""),
    )


def _question(pair: Pair) -> Properties:
    return {
        "id": judgement_id(pair.one.id, pair.other.id),
        "one": pair.one.id,
        "other": pair.other.id,
        "verdict": "open",
        "score": pair.score,
        "matching": _EVIDENCE.dump_json(list(pair.evidence)).decode(),
    }


def _match(pair: Pair) -> Match:
    return Match(
        one=FirmRef(id=pair.one.id, name=pair.one.names[0]),
        other=FirmRef(id=pair.other.id, name=pair.other.names[0]),
        outcome=pair.outcome,
        score=pair.score,
        evidence=list(pair.evidence),
    )


def _write(engine: Engine, nodes: Iterable[Properties]) -> None:
    rows = list(nodes)
    if rows:
        statement = upsert(engine.dialect, JUDGEMENT)
        engine.write_steps([Step(statement, rows, columns(JUDGEMENT))])


def _now(now: dt.datetime | None) -> str:
    return (now or dt.datetime.now(dt.UTC)).isoformat(timespec="microseconds")


def _text(value: object) -> str | None:
    return str(value) if value else None
