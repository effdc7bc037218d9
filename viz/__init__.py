"""Pages and pictures: what a subgraph or an answer looks like in a browser."""

from .explore import explore_page
from .network import Picture, ego_picture, path_picture
from .pages import bridges_page, error_page, firm_page, search_page
from .selection import best_ways
from .standalone import render_standalone

__all__ = [
    "Picture",
    "best_ways",
    "bridges_page",
    "ego_picture",
    "error_page",
    "explore_page",
    "firm_page",
    "path_picture",
    "render_standalone",
    "search_page",
]
