"""How long the lists of answers are: unless asked for more, and at most. Declared once.

Questions, resources and commands take their defaults, bounds and texts from here.
"""

from dataclasses import dataclass
from typing import Final

from .errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Limit:
    """How many of something an answer tells.

    Parameters
    ----------
    what : str
        What is counted, as it reads after "most".
    usual : int
        How many unless asked otherwise.
    most : int
        How many one may ask for.
    least : int
        The fewest that one may ask for.
    """

    what: str
    usual: int
    most: int
    least: int = 1

    def check(self, number: int) -> None:
        """Refuse a number out of bounds.

        Raises
        ------
        InvalidRequest
        """
        if not self.least <= number <= self.most:
            raise InvalidRequest(f"limit has to be from {self.least} to {self.most}", "limit")


HITS: Final = Limit("names", 20, 200)
TIES_OF_A_KIND: Final = Limit("ties of each kind", 200, 1_000)
NEIGHBOURHOOD: Final = Limit("nodes beside the actor", 60, 500)
NEIGHBOURS: Final = Limit("neighbours of each kind", 10, 500, least=0)
MEMBERS: Final = Limit("members", 100, 5_000)
WAYS: Final = Limit("answers", 10, 50)

ALLIANCES: Final = Limit("alliances one by one", 200, 5_000)
LEDGER: Final = Limit("entries", 100, 5_000)
LEAKS: Final = Limit("leakage paths", 100, 1_000)
CHRONOLOGY: Final = Limit("items, the latest", 500, 5_000)
JUDGED: Final = Limit("alliances to judge", 50, 200)
PARTNERS: Final = Limit("partners", 50, 500)

CANDIDATES: Final = Limit("candidates that are found", 20, 100)
CENTRAL_FIRMS: Final = Limit("firms", 20, 1_000)
GROUPS: Final = Limit("groups", 40, 100)
EXPOSED: Final = Limit("partners at stake", 20, 50)
FOUND: Final = Limit("partners or constellations that are found", 10, 50)
PAIRS: Final = Limit("pairs", 100, 1_000)
ROWS: Final = Limit("rows", 200, 10_000)
