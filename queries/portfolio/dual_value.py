"""What each side of an alliance takes away, and whether what they seek is in conflict.

References
----------
Pérez & Cambra-Fierro, *Value creation and appropriation in asymmetric alliances*: an asymmetric
alliance lasts where each side appropriates a value of its own rather than a slice of the same one.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

from alliance_explorer.queries.models import Ref

from .dependence_models import DualValue
from .record_parts import Deal, texts

_WORD: Final = re.compile(r"\w+")
_EMPTY: Final = frozenset(
    {"a", "an", "and", "at", "by", "for", "from", "in", "into", "its", "of", "on", "or", "our"}
    | {"the", "their", "through", "to", "with"}
)
# Our rule: who seeks this wants to decide over what the other needs for itself.
_CONTROL: Final = frozenset({"control", "dominance", "dominate", "exclusivity", "monopoly"})

Stated = Literal["appropriated", "sought", "not recorded"]


def dual_value(deal: Deal, firm: Ref, partner: Ref) -> DualValue:
    """What both take away; where that is not recorded, what they sought, and marked so."""
    own, own_stated = _taken(deal, firm)
    theirs, their_stated = _taken(deal, partner)
    common = same_goods(own, theirs)
    if not own or not theirs:
        verdict: Literal["different goods", "partly the same good", "slices of one good", "unknown"]
        verdict = "unknown"
    elif not common:
        verdict = "different goods"
    elif len({a for a, _ in common}) == len(own) and len({b for _, b in common}) == len(theirs):
        verdict = "slices of one good"
    else:
        verdict = "partly the same good"
    return DualValue(
        firm=own,
        partner=theirs,
        firm_stated=own_stated,
        partner_stated=their_stated,
        common=common,
        verdict=verdict,
        sentence=_sentence(firm, partner, own, theirs, own_stated, their_stated, verdict),
    )


def same_goods(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs that name the same good: all words of one are among the words of the other.

    Our rule; case and small words (of, to, the…) do not count.
    """
    return [
        (a, b)
        for a in one
        for b in other
        if _words(a) and _words(b) and (_words(a) <= _words(b) or _words(b) <= _words(a))
    ]


def conflicts(deal: Deal, firm: Ref, partner: Ref) -> list[str]:
    """What both seek that cannot be had by both, as sentences.

    Our rule, read from the words of `value_sought`: both seek the same good, of which each can have
    a part only; or one seeks control (or exclusivity, dominance, a monopoly) of something.
    """
    if not deal.stated("value_sought"):  # of most alliances
        return []
    own, theirs = _sought(deal, firm), _sought(deal, partner)
    found = [
        f"Both seek the same: {firm.name} {a}, {partner.name} {b}."
        for a, b in same_goods(own, theirs)
    ]
    for who, sought in ((firm, own), (partner, theirs)):
        found += [f"{who.name} seeks {good}." for good in sought if _words(good) & _CONTROL]
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(w for w in _WORD.findall(text.casefold()) if w not in _EMPTY)


def _sought(deal: Deal, firm: Ref) -> list[str]:
    return _listed(deal, firm, "value_sought")


def _listed(deal: Deal, firm: Ref, name: str) -> list[str]:
    found = [t for f in deal.facts_of(firm.id) for t in texts(f.properties.get(name))]
    return list(dict.fromkeys(found))


def _taken(deal: Deal, firm: Ref) -> tuple[list[str], Stated]:
    if taken := _listed(deal, firm, "value_appropriated"):
        return taken, "appropriated"
    if sought := _sought(deal, firm):
        return sought, "sought"
    return [], "not recorded"


def _sentence(
    firm: Ref,
    partner: Ref,
    own: Sequence[str],
    theirs: Sequence[str],
    own_stated: Stated,
    their_stated: Stated,
    verdict: str,
) -> str:
    def told(who: Ref, goods: Sequence[str], stated: Stated) -> str:
        if stated == "not recorded":
            return f"what {who.name} takes away is not recorded"
        if stated == "sought":
            return f"what {who.name} took away is not recorded; it sought {', '.join(goods)}"
        return f"{who.name} takes away {', '.join(goods)}"

    both = f"{told(firm, own, own_stated)}; {told(partner, theirs, their_stated)}"
    sentence = both[:1].upper() + both[1:]
    if verdict == "unknown":
        return f"{sentence}."
    taken = own_stated == their_stated == "appropriated"
    return f"{sentence}: {'' if taken else 'as far as sought, '}{verdict}."
