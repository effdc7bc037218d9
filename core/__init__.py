"""Who bridges you to a partner, and what your alliance portfolio looks like.

In a notebook: `import alliance_explorer as ax`, then `ax.open(URL)`; see `docs/python.md`.
"""

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook import Graph, frame, open, to_networkx, to_pandas

__version__ = version("alliance_explorer")
__all__ = ["Graph", "__version__", "frame", "open", "to_networkx", "to_pandas"]


def __getattr__(name: str) -> Any:
    # Only when asked for: every part of the package imports this module first.
    if name in __all__:
        from . import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
