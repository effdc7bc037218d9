"""Who bridges you to a partner, and what your alliance portfolio looks like."""

from importlib.metadata import version

__version__ = version("alliance_explorer")
