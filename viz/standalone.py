"""One file with a picture in it that can be sent, kept and opened without a network."""

from collections.abc import Collection, Sequence

from markupsafe import Markup

from alliance_explorer.queries.models import Subgraph

from . import assets
from .layout import Positions
from .network import Picture, ego_picture, line_id, merged, path_picture, placed_picture
from .pages import render
from .selection import READABLE


def render_standalone(subgraph: Subgraph, title: str) -> str:
    """Return a picture as one HTML file that holds all it needs.

    Parameters
    ----------
    subgraph : Subgraph
        Those around an actor, or the ways between two; the latter have a node whose role is
        `target`.
    title : str
        Heading and title of the file.

    Returns
    -------
    str
        HTML. Its own policy forbids it to load anything.
    """
    ways = any(node.role == "target" for node in subgraph.nodes)
    if ways:
        picture = path_picture(subgraph)
    else:
        picture = ego_picture(subgraph, limit=max(READABLE, len(subgraph.nodes)))
    return _file(picture, title)


def render_placed(
    subgraph: Subgraph,
    positions: Positions,
    *,
    title: str,
    ties: Collection[str] | None = None,
    note: str = "",
    notes: Sequence[tuple[str, str]] = (),
    steps: Sequence[tuple[str, str]] = (),
) -> str:
    """Return a picture that somebody has arranged as one HTML file that holds all it needs.

    Parameters
    ----------
    subgraph : Subgraph
    positions : mapping of id to (x, y)
        A place for every node.
    title, note : str
        Heading, and what the author says of the whole.
    ties : collection of str, optional
        Ids of the lines to keep, as `explore.data_of` gives them; all unless given.
    notes, steps : sequence of (str, str)
        What the author says of actors and ties, and the steps of a story: whom or what it is
        about, and the text.
    """
    if ties is not None:
        kept = [e for some in merged(subgraph) if line_id(some[0]) in ties for e in some]
        subgraph = subgraph.model_copy(update={"edges": kept})
    names = ", ".join(n.name for n in subgraph.nodes if n.role == "focal")
    picture = placed_picture(subgraph, positions, names or title)
    return _file(picture, title, note, notes, steps)


def _file(
    picture: Picture,
    title: str,
    note: str = "",
    notes: Sequence[tuple[str, str]] = (),
    steps: Sequence[tuple[str, str]] = (),
) -> str:
    # Marked as safe: our own files and one of pyvis, made unable to end the element they are in.
    return render(
        "standalone.html",
        links=None,
        title=title,
        picture=picture,
        note=note,
        notes=notes,
        steps=steps,
        styles=[Markup(assets.style_text(name)) for name in ("palette.css", "app.css")],  # noqa: S704
        vis_network=Markup(assets.script_text(assets.VIS_NETWORK)),  # noqa: S704
        script=Markup(assets.script_text("labels.js", "picture.js")),  # noqa: S704
    )
