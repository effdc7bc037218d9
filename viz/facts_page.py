"""The page that says where a node or a fact is from."""

from alliance_explorer.queries.models import Ref
from alliance_explorer.queries.provenance import Explanation, Explanations

from .links import PAGED_LABELS, Links
from .pages import Problem, render


def facts_page(
    links: Links,
    *,
    what: str = "",
    other: str = "",
    answer: Explanations | None = None,
    problem: Problem | None = None,
) -> str:
    """Return the page: the form alone, where something is from, or what is wrong.

    Parameters
    ----------
    links : Links
    what, other : str
        As typed: an id or a name; with `other`, all facts between the two are meant.
    answer : Explanations, optional
    problem : Problem, optional
    """
    path, pairs = ("facts", [("from", what), ("to", other)]) if other else (f"facts/{what}", [])
    return render(
        "facts.html",
        links=links,
        what=what,
        other=other,
        answer=answer,
        title=_title,
        pages_of=_pages_of,
        problem=problem,
        data=[("this answer as JSON", links.api(path, pairs))] if answer else [],
    )


def _title(item: Explanation) -> str:
    """What is explained: the name of a node, or both ends of a fact."""
    return " → ".join(e.name for e in item.ends) or str(item.now.get("name") or item.id)


def _pages_of(item: Explanation) -> list[Ref]:
    """Those it is about who have a page of their own: the node itself, or both ends of a fact."""
    own = Ref(id=item.id, label=item.type, name=_title(item))
    return [ref for ref in item.ends or [own] if ref.label in PAGED_LABELS]
