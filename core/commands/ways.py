"""Ways from one actor to another: bridges, paths."""

from collections.abc import Callable
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from alliance_explorer import printing, queries
from alliance_explorer.console import (
    Answer,
    AsOf,
    Firm,
    Json,
    KnownAt,
    at_most,
    chosen,
    explorer,
    show,
)
from alliance_explorer.errors import InvalidRequest
from alliance_explorer.graph_schema import nearest
from alliance_explorer.limits import WAYS
from alliance_explorer.queries import KINDS, Description, Explorer, PathOptions, parse_day
from alliance_explorer.queries.bridging.bridge_matrix import BridgeMatrix
from alliance_explorer.queries.graph.ties import TIES_TOLD, default_weights, parse_weights

Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help=f"Kind of tie to go over; repeatable: {', '.join(KINDS)}."),
]
MaxSteps = Annotated[int, typer.Option("--max-steps", min=1, max=6, help="Longest chain.")]
Avoid = Annotated[
    list[str] | None,
    typer.Option("--avoid", help="Firm, person or network not to go through; repeatable."),
]
Limit = Annotated[int, at_most(WAYS)]
HalfLife = Annotated[
    float | None,
    typer.Option("--half-life", help="Years in which an ended tie halves; as configured, else 5."),
]
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


Ties = Annotated[
    int, typer.Option("--ties", min=1, max=1000, help="Most ties of a step to tell; all count.")
]
AvoidCompetitorsOf = Annotated[
    list[str] | None,
    typer.Option(
        "--avoid-competitors-of", metavar="focal|target", help="No competitor of this end."
    ),
]
Via = Annotated[
    list[str] | None,
    typer.Option("--via", help="Firm, person or network that each way must pass; up to 3."),
]
MaxShared = Annotated[
    int | None,
    typer.Option("--max-shared", min=2, help="No ties over networks larger than this."),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="FIRM", help="Asks together with the first, as one side."),
]
Target = Annotated[
    list[str] | None,
    typer.Argument(
        help="Id or name of a firm, person or network; several are taken as one side.",
        show_default=False,
    ),
]
Country = Annotated[
    str | None,
    typer.Option("--country", help="In place of TARGET: any firm of a country: DE, Germany…"),
]
ActorType = Annotated[str | None, typer.Option("--actor-type", help="Any firm of this type.")]
CapabilityName = Annotated[
    str | None, typer.Option("--capability", help="Any firm that offers this.")
]
Segment = Annotated[
    str | None, typer.Option("--segment", help="Any firm with these words in its core business.")
]
NetworkName = Annotated[str | None, typer.Option("--network", help="Any firm of this network.")]


def asked(
    kinds: list[str] | None,
    weights: list[str] | None,
    as_of: str | None,
    known_at: str | None,
    half_life: float | None,
    **rest: object,
) -> PathOptions:
    """The options of a search, checked; what is wrong is said in one sentence."""
    chosen_kinds = [k for text in kinds or () for k in text.split(",") if k]
    weighted = parse_weights(weights or ())
    for kind in weighted:
        if kind not in KINDS:
            raise InvalidRequest(f"no kind of tie is called {kind!r}" + nearest(kind, KINDS))
    settings = chosen.get()
    try:
        return PathOptions.model_validate(
            {
                **{name: tuple(v) if isinstance(v, list) else v for name, v in rest.items()},
                **({"kinds": chosen_kinds} if chosen_kinds else {}),
                "weights": default_weights(settings.weights) | weighted,
                "as_of": parse_day(as_of, "as_of"),
                "known_at": parse_day(known_at, "known_at"),
                "half_life": settings.half_life if half_life is None else half_life,
            }
        )
    except ValidationError as exc:
        first = exc.errors()[0]
        name = str(first["loc"][0]).replace("_", "-").removesuffix("s")
        if name == "kind":
            raise InvalidRequest(first["msg"].removeprefix("Value error, ")) from None
        raise InvalidRequest(f"--{name}: {first['msg']}") from None


def _ways(
    ask: Callable[[Explorer, list[str], list[str] | Description, PathOptions], Answer],
    tell: Callable[[Console, Answer], None],
) -> Callable[..., None]:
    """A command that asks for ways from one side to another."""

    def command(
        focal: Firm,
        target: Target = None,
        also: With = None,
        country: Country = None,
        actor_type: ActorType = None,
        capability: CapabilityName = None,
        segment: Segment = None,
        network: NetworkName = None,
        kinds: Kinds = None,
        max_steps: MaxSteps = 3,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        avoid: Avoid = None,
        avoid_competitors_of: AvoidCompetitorsOf = None,
        via: Via = None,
        max_shared: MaxShared = None,
        limit: Limit = WAYS.usual,
        ties: Ties = TIES_TOLD,
        half_life: HalfLife = None,
        weights: Weights = None,
        ended: Ended = None,
        min_confidence: MinConfidence = 0.0,
        json: Json = False,
    ) -> None:
        described = Description(
            country=country,
            actor_type=actor_type,
            capability=capability,
            segment=segment,
            network=network,
        )
        if bool(target) != described.empty:
            raise InvalidRequest("say who is to be reached: TARGET, or --country and so on")
        options = asked(
            kinds,
            weights,
            as_of,
            known_at,
            half_life,
            avoid=avoid or [],
            avoid_competitors_of=avoid_competitors_of or [],
            via=via or [],
            max_shared=max_shared,
            max_steps=max_steps,
            limit=limit,
            ties=ties,
            ended=ended,
            min_confidence=min_confidence,
        )
        with explorer() as x:
            show(ask(x, [focal, *(also or [])], target or described, options), json, tell)

    return command


bridges = _ways(queries.bridges, printing.bridges)
paths = _ways(queries.paths, printing.paths)


def bridge_matrix(
    focal: Firm,
    targets: Annotated[
        list[str],
        typer.Argument(help="Targets, each for itself: firms, people or networks.", metavar="TO"),
    ],
    also: With = None,
    kinds: Kinds = None,
    max_steps: MaxSteps = 3,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    avoid: Avoid = None,
    max_shared: MaxShared = None,
    limit: Limit = WAYS.usual,
    json: Json = False,
) -> None:
    """Show which bridges lead to which of several targets, and how well."""
    options = asked(
        kinds,
        None,
        as_of,
        known_at,
        None,
        avoid=avoid or [],
        max_shared=max_shared,
        max_steps=max_steps,
        limit=limit,
    )
    with explorer() as x:
        answer = queries.bridge_matrix(x, [focal, *(also or [])], targets, options)
        show(answer, json, _tell_matrix)


def _tell_matrix(console: Console, m: BridgeMatrix) -> None:
    """Bridges by targets; a dot where there is no way."""
    console.print(printing.text_of(m.summary, style="bold"))
    names = [t.target.name for t in m.targets]
    table = printing.table_of("bridge", "worth", *names, right=("worth", *names))
    for row in m.bridges:
        cells = [f"{c.strength:.4f}" if c else "·" for c in row.cells]
        printing.add(table, row.bridge.name, f"{row.worth:.4f}", *cells)
    tied = [f"{t.direct:.4f}" if t.direct is not None else "·" for t in m.targets]
    printing.add(table, "(tied already)", "", *tied)
    console.print(table)
    if not m.complete:
        printing.warning(console, "a search was cut off: better ways may exist")
