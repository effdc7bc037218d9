"""Ways from one actor to another: bridges, paths."""

from collections.abc import Callable
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from alliance_explorer import printing, queries
from alliance_explorer.console import Answer, AsOf, Firm, Json, KnownAt, explorer, show
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.queries import KINDS, Explorer, PathOptions, parse_day
from alliance_explorer.queries.ties import DEFAULT_HALF_LIFE, parse_weights

Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help=f"Kind of tie to go over; repeatable: {', '.join(KINDS)}."),
]
MaxSteps = Annotated[int, typer.Option("--max-steps", min=1, max=6, help="Longest chain.")]
Avoid = Annotated[
    list[str] | None,
    typer.Option("--avoid", help="Firm, person or network not to go through; repeatable."),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=50, help="Most answers.")]
HalfLife = Annotated[float, typer.Option("--half-life", help="Years in which an ended tie halves.")]
Weights = Annotated[
    list[str] | None,
    typer.Option("--weight", metavar="KIND:W", help="Own weight of a kind of tie."),
]
MinConfidence = Annotated[
    float, typer.Option("--min-confidence", min=0, max=1, help="Leave out facts of less.")
]
Ended = Annotated[
    bool | None,
    typer.Option(
        "--ended/--no-ended", help="Count ended ties, faded; by default only without --as-of."
    ),
]


def asked(
    kinds: list[str] | None,
    weights: list[str] | None,
    avoid: list[str] | None,
    as_of: str | None,
    known_at: str | None,
    **rest: object,
) -> PathOptions:
    """The options of a search, checked; what is wrong is said in one sentence."""
    chosen = [k for text in kinds or () for k in text.split(",") if k]
    weighted = parse_weights(weights or ())
    for kind in weighted:
        if kind not in KINDS:
            raise InvalidRequest(f"no kind of tie is called {kind!r}" + nearest(kind, KINDS))
    try:
        return PathOptions.model_validate(
            {
                **rest,
                **({"kinds": chosen} if chosen else {}),
                "weights": weighted,
                "avoid": tuple(avoid or ()),
                "as_of": parse_day(as_of, "as_of"),
                "known_at": parse_day(known_at, "known_at"),
            }
        )
    except ValidationError as exc:
        first = exc.errors()[0]
        name = str(first["loc"][0]).replace("_", "-").removesuffix("s")
        if name == "kind":
            raise InvalidRequest(first["msg"].removeprefix("Value error, ")) from None
        raise InvalidRequest(f"--{name}: {first['msg']}") from None


def _ways(
    ask: Callable[[Explorer, str, str, PathOptions], Answer],
    tell: Callable[[Console, Answer], None],
) -> Callable[..., None]:
    """A command that asks for ways from one actor to another."""

    def command(
        focal: Firm,
        target: Firm,
        kinds: Kinds = None,
        max_steps: MaxSteps = 3,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        avoid: Avoid = None,
        limit: Limit = 10,
        half_life: HalfLife = DEFAULT_HALF_LIFE,
        weights: Weights = None,
        ended: Ended = None,
        min_confidence: MinConfidence = 0.0,
        json: Json = False,
    ) -> None:
        options = asked(
            kinds,
            weights,
            avoid,
            as_of,
            known_at,
            max_steps=max_steps,
            limit=limit,
            half_life=half_life,
            ended=ended,
            min_confidence=min_confidence,
        )
        with explorer() as x:
            show(ask(x, focal, target, options), json, tell)

    return command


bridges = _ways(queries.bridges, printing.bridges)
paths = _ways(queries.paths, printing.paths)
