"""One file with a picture in it that can be sent, kept and opened without a network."""

from markupsafe import Markup

from alliance_explorer.queries.models import Subgraph

from . import assets
from .network import ego_picture, path_picture
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
    # Marked as safe: our own files and one of pyvis, made unable to end the element they are in.
    return render(
        "standalone.html",
        links=None,
        title=title,
        picture=picture,
        styles=[Markup(assets.style_text(name)) for name in ("palette.css", "app.css")],  # noqa: S704
        vis_network=Markup(assets.script_text(assets.VIS_NETWORK)),  # noqa: S704
        script=Markup(assets.script_text("picture.js")),  # noqa: S704
    )
