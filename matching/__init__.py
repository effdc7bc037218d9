"""One company, one node: which firms are one, merging them, and undoing it."""

from .candidates import Pair, pairs
from .identity import former_ids, redirected
from .merging import Merged, merge, merged_firms, merges, unmerge
from .review import MODES, Mode, decide, match, mode_named, queue, resolve_matches, undo
from .score import Candidate, compared, host_of, outcome_of, score_of

__all__ = [
    "MODES",
    "Candidate",
    "Merged",
    "Mode",
    "Pair",
    "compared",
    "decide",
    "former_ids",
    "host_of",
    "match",
    "merge",
    "merged_firms",
    "merges",
    "mode_named",
    "outcome_of",
    "pairs",
    "queue",
    "redirected",
    "resolve_matches",
    "score_of",
    "undo",
    "unmerge",
]
