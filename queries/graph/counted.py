"""The ties of a view, for searches that look at all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from .projection import Ints
from .view import TieParts, View


@dataclass(frozen=True, slots=True)
class Counted:
    """Every tie that counts.

    Arrays of equal length, one entry for each actor in each body: actor and body as indexes, first
    day and first day after as days since 1970-01-01. `direct` holds the other ties, by both ends.
    """

    actor: Ints
    body: Ints
    since: Ints
    until: Ints
    direct: Mapping[int, Mapping[int, Sequence[TieParts]]]


_kept: WeakKeyDictionary[View, Counted] = WeakKeyDictionary()


def counted(view: View) -> Counted:
    """Every tie that a view counts; kept as long as the view is."""
    if view not in _kept:
        direct: dict[int, dict[int, list[TieParts]]] = {}
        for one, other, tie in view.direct():
            for a, b in ((one, other), (other, one)):
                direct.setdefault(a, {}).setdefault(b, []).append(tie)
        s = view.shared()
        _kept[view] = Counted(s.actor, s.body, s.since, s.until, direct)
    return _kept[view]
