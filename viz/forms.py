"""The state of a page as its form and its address carry it: the address alone restores a page."""

from dataclasses import dataclass, replace
from typing import Any, Final

from alliance_explorer.limits import WAYS
from alliance_explorer.queries.graph.ties import KINDS

MAX_STEPS: Final = 3


@dataclass(frozen=True)
class Choice:
    """Something chosen by id, or typed by name: what the address carries, and what is shown."""

    value: str
    name: str


@dataclass(frozen=True)
class BridgeForm:
    """The whole state of the page on bridges; its names are those of the programming interface.

    Parameters
    ----------
    focal, target : Choice, optional
        Who asks, and who is to be reached.
    also : tuple of Choice
        Who asks together with `focal`, as one side.
    to_country, to_actor_type, to_capability, to_segment : str
        In place of `target`: whoever fits all of it.
    as_of, known_at : str
        As typed: a year, a month, a day or nothing.
    kinds : tuple of str
        Kinds of ties to go over.
    weights : tuple of (str, str)
        Own weights of kinds.
    avoid, via : tuple of Choice
        Who must not be on the way, and whom each way must pass.
    avoid_competitors_of : tuple of str
        Of `focal` or `target`.
    max_shared, min_confidence, half_life : str
        As typed; empty: as usual.
    max_steps : int
        Longest chain, in introductions.
    limit : int
        Most bridges to show.
    """

    focal: Choice | None = None
    target: Choice | None = None
    also: tuple[Choice, ...] = ()
    to_country: str = ""
    to_actor_type: str = ""
    to_capability: str = ""
    to_segment: str = ""
    as_of: str = ""
    known_at: str = ""
    kinds: tuple[str, ...] = KINDS
    weights: tuple[tuple[str, str], ...] = ()
    avoid: tuple[Choice, ...] = ()
    via: tuple[Choice, ...] = ()
    avoid_competitors_of: tuple[str, ...] = ()
    max_shared: str = ""
    min_confidence: str = ""
    half_life: str = ""
    max_steps: int = MAX_STEPS
    limit: int = WAYS.usual

    def but(self, **changes: Any) -> "BridgeForm":
        """Return the same form with some fields changed."""
        return replace(self, **changes)

    def avoiding(self, value: str, name: str) -> "BridgeForm":
        """Return the form with one more on the list of those to avoid."""
        others = tuple(a for a in self.avoid if a.value != value)
        return self.but(avoid=(*others, Choice(value, name)))

    def without(self, value: str) -> "BridgeForm":
        """Return the form with one less among those to avoid, to pass, and to ask with."""

        def rest(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
            return tuple(c for c in choices if c.value != value)

        return self.but(avoid=rest(self.avoid), via=rest(self.via), also=rest(self.also))

    @property
    def all_kinds(self) -> bool:
        """Whether every kind of tie is chosen."""
        return set(self.kinds) >= set(KINDS)

    @property
    def described(self) -> bool:
        """Whether whoever fits is to be reached."""
        return any(value for _, value in self.description())

    @property
    def asked(self) -> bool:
        """Whether there are two ends to ask about."""
        return bool(self.focal and (self.target or self.described))

    @property
    def refined(self) -> bool:
        """Whether anything beside both ends and the day is set."""
        ends = {name: "" for name, _ in self.description()}
        return self.but(focal=None, target=None, as_of="", **ends) != BridgeForm()

    def parameters(self) -> list[tuple[str, str]]:
        """Return what the address carries; what is as usual is left out."""
        pairs = [("from", c.value) for c in (self.focal, *self.also) if c]
        if self.target:
            pairs.append(("to", self.target.value))
        pairs += self.description()
        pairs += self.dates()
        if not self.all_kinds:
            pairs += [("kinds", kind) for kind in self.kinds]
        pairs += [("weight", f"{kind}:{weight}") for kind, weight in self.weights]
        pairs += [("avoid", choice.value) for choice in self.avoid]
        pairs += [("avoid_competitors_of", end) for end in self.avoid_competitors_of]
        pairs += [("via", choice.value) for choice in self.via]
        pairs.append(("max_shared", self.max_shared))
        pairs.append(("min_confidence", self.min_confidence))
        pairs.append(("half_life", self.half_life))
        if self.max_steps != MAX_STEPS:
            pairs.append(("max_steps", str(self.max_steps)))
        if self.limit != WAYS.usual:
            pairs.append(("limit", str(self.limit)))
        return [(name, value) for name, value in pairs if value]

    def dates(self) -> list[tuple[str, str]]:
        """Return both dates as typed."""
        return [("as_of", self.as_of), ("known_at", self.known_at)]

    def description(self) -> list[tuple[str, str]]:
        """Return what whoever fits has to fit."""
        names = ("to_country", "to_actor_type", "to_capability", "to_segment")
        return [(name, getattr(self, name)) for name in names]
