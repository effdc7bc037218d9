"""Files that pages load: ours, and vis-network out of the installed pyvis package.

Nothing of vis-network is copied into this project: its script is read where pip put it. Its
stylesheet is not needed, because the parts that it styles (buttons, editors, tooltips) are ours.
"""

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from . import style

VIS_NETWORK: Final = "vis-network.min.js"
_VIS_FOLDER: Final = ("lib", "vis-9.1.2")
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Media types by the end of a file's name."""


class MissingAsset(RuntimeError):
    """The installed pyvis is not laid out as expected."""


@cache
def vis_network() -> bytes:
    """Return the script of vis-network.

    Raises
    ------
    MissingAsset
        The installed pyvis has no such file.
    """
    root = files("pyvis")
    for start in (root, root / "templates"):
        found = start.joinpath(*_VIS_FOLDER, VIS_NETWORK)
        if found.is_file():
            return found.read_bytes()
    raise MissingAsset(f"the installed pyvis has no {'/'.join((*_VIS_FOLDER, VIS_NETWORK))}")


def own() -> Traversable:
    """Return the folder of our own scripts, stylesheets and pictures."""
    return files("alliance_explorer.viz") / "static"


@cache
def served() -> dict[str, bytes]:
    """Return everything that is served under `/static/`, by path: the whole allowed list."""
    found = {}
    for folder, start in ((own(), ""), (own() / "explore", "explore/")):
        for entry in folder.iterdir():
            if entry.is_file() and any(entry.name.endswith(end) for end in TYPES):
                found[start + entry.name] = entry.read_bytes()
    found["palette.css"] = style.stylesheet().encode()
    found[f"vendor/{VIS_NETWORK}"] = vis_network()
    return found


def media_type(path: str) -> str:
    """Return the media type of a served file."""
    return TYPES["." + path.rpartition(".")[2]]


def script_text(*names: str) -> str:
    """Return a script so that it can stand inside `<script>` in a page: it cannot end it early.

    Of several, each may import from those before it: they become one.
    """
    if names == (VIS_NETWORK,):
        raw = vis_network().decode("utf-8")
    else:
        raw = "\n".join((own() / name).read_text("utf-8") for name in names)
        raw = re.sub(r'^import \{.*?\} from "\./.*?";\n|^export ', "", raw, flags=re.MULTILINE)
    return raw.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def style_text(name: str) -> str:
    """Return a stylesheet so that it can stand inside `<style>` in a page."""
    raw = style.stylesheet() if name == "palette.css" else (own() / name).read_text("utf-8")
    return raw.replace("</style", r"<\/style")
