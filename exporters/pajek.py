"""Pajek .net [Batagelj & Mrvar 1998]: vertices by name, arcs labelled with the relationship type.

A name that several nodes have is followed by the id in parentheses. A tie's value is its strength
where the content has one, else 1.

References
----------
Batagelj & Mrvar 1998, *Pajek - program for large network analysis*, Connections 21(2) 47-57.
"""

from collections import Counter
from collections.abc import Iterator

from .content import Content, Lost


def pajek(content: Content, lost: Lost) -> Iterator[str]:
    """The file, piece by piece; it keeps the number of each id, 100 bytes or so."""
    numbers: dict[str, int] = {}
    names: Counter[str] = Counter()
    for n, node in enumerate(content.nodes(), start=1):
        numbers[node.id] = n
        names[_bare(node.name)] += 1
        lost.add("values of nodes: Pajek holds names alone", len(node.properties))
    yield f"*Vertices {len(numbers)}\n"
    for node in content.nodes():
        name = _bare(node.name)
        lost.add("names with quotation marks or line ends, which were replaced", name != node.name)
        yield f'{numbers[node.id]} "{name if names[name] == 1 else f"{name} ({node.id})"}"\n'
    # One section: of several relations, other programs read the first alone.
    yield "*Arcs\n" if content.directed else "*Edges\n"
    for tie in content.ties():
        strength = tie.properties.get("strength")
        value = strength if isinstance(strength, float) else 1
        told = len(tie.properties) - isinstance(strength, float)
        lost.add("values of ties: Pajek holds type and strength alone", told)
        yield f'{numbers[tie.from_id]} {numbers[tie.to_id]} {value} l "{tie.type}"\n'


def _bare(name: str) -> str:
    return " ".join(name.replace('"', "'").split())
