"""The schema as a document for readers; `docs/schema.md` is made of it."""

from .model import NodeType, Property, RelationshipType
from .schema import SCHEMA

_LEAD = """# The schema

<!-- Made by `make docs` from graph_schema/schema.py; do not edit. -->

Every node label and relationship type, with the columns of the `tables` format: one CSV or JSONL
file per type, named after it (`Firm.csv`, `MEMBER_OF.jsonl`), in a folder or a .zip. Relationships
have the columns `from` and `to` instead of `id`. (An export adds their `id` where it is not made
of what they say: of facts that were moved by a merge, and of later periods of snapshots. Leave it
out of your own tables.) Lists are separated by `;`; a list with an
entry that contains one is a JSON array, `["a; b", "c"]`. Dates are `2011`,
`2011-03` or `2011-03-31`; a year or month stands for its first day, and in a column marked *end*
for the first day after it. An empty cell means not known. Text is UTF-8.

Facts hold in half-open intervals [since, until). Every fact may name its `source`, the place in it
(`evidence`), our `confidence` and when it was `recorded_at`.
"""


def document() -> str:
    """Markdown: one table per type."""
    parts = [_LEAD, "## Nodes\n"]
    parts += [_type(n, n.label) for n in SCHEMA.nodes.values()]
    parts.append("## Relationships\n")
    for r in SCHEMA.relationships.values():
        mark = "–" if r.symmetric else "→"
        ends = ", ".join(f"{a} {mark} {b}" for a, b in r.ends)
        key = ", ".join(("from", "to", *r.key, "source"))
        parts.append(_type(r, f"{r.type} ({ends})", f"One fact per {key}."))
    return "\n".join(parts)


def _type(type_: NodeType | RelationshipType, title: str, note: str = "") -> str:
    rows = "\n".join(_row(p) for p in type_.properties if note == "" or p.name != "id")
    lead = f"{type_.description} {note}".strip()
    return f"### {title}\n\n{lead}\n\n| column | type | meaning |\n| --- | --- | --- |\n{rows}\n"


def _row(p: Property) -> str:
    kind = f"{p.type}{', end' if p.exclusive_end else ''}{', required' if p.required else ''}"
    meaning = p.description + (f" [{p.unit}]" if p.unit else "")
    if p.bounds:
        meaning += f", {p.bounds[0]:g} to {p.bounds[1]:g}"
    if p.choices:
        meaning += "; one of " + ", ".join(f"`{c}`" for c in p.choices)
    return f"| `{p.name}` | {kind} | {meaning.replace('|', chr(92) + '|')} |"
