"""People who were erased, known by salted hashes alone: they must not come back with a load.

A hash of the id keeps out the person and all facts of theirs; hashes of the names take them out of
free text, whatever their case and punctuation. Whoever has the database can still test whether a
name that they guess was erased: no list that works can prevent that.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from alliance_explorer.graph_schema import (
    NodeRecord,
    Problem,
    Properties,
    Record,
    RelationshipRecord,
    Value,
)

GONE: Final = "[erased]"
_PERSON: Final = re.compile(r"person:[^\s'\"|/?#%\\]+")
_WORD: Final = re.compile(r"\w+")


class Erased:
    """The list of who was erased.

    Parameters
    ----------
    ids : iterable of (str, str)
        Salt and hash of the id of each person.
    names : iterable of (str, int, str)
        Salt, number of words and hash of each name.
    """

    def __init__(
        self, ids: Iterable[tuple[str, str]] = (), names: Iterable[tuple[str, int, str]] = ()
    ) -> None:
        self._ids = list(ids)
        self._names = list(names)

    @classmethod
    def of(cls, statements: Iterable[Mapping[str, object]]) -> "Erased":
        """The list that some stored statements make."""
        ids, names = [], []
        for p in statements:
            said = json.loads(str(p["said"]))
            ids.append((said["salt"], str(p["about"])))
            names += [(said["salt"], n, digest) for n, digest in said["names"]]
        return cls(ids, names)

    def __bool__(self) -> bool:
        return bool(self._ids)

    def holds(self, id_: str) -> bool:
        """Whether an id is one of theirs."""
        return id_.startswith("person:") and any(
            hashed(salt, id_) == digest for salt, digest in self._ids
        )

    def concerns(self, record: Record) -> bool:
        """Whether a record is one of theirs, or ties something to them."""
        if isinstance(record, RelationshipRecord):
            return self.holds(record.from_id) or self.holds(record.to_id)
        return self.holds(record.id)

    def without_names(self, record: Record) -> Record:
        """The record with their names taken out of its free text."""
        clean: Properties = {}
        for name, value in record.properties.items():
            clean[name] = value if name in ("id", "source") else self.cleaned(value)
        if clean == record.properties:
            return record
        if isinstance(record, NodeRecord):
            return NodeRecord(record.type, record.id, clean)
        return RelationshipRecord(record.type, record.from_id, record.to_id, clean)

    def cleaned_json(self, text: str) -> str:
        """JSON with all its texts cleaned; of what is none, as any text."""
        try:
            found = json.loads(text)
        except ValueError:
            return self._text(text)
        clean = self._within(found)
        return text if clean == found else json.dumps(clean, ensure_ascii=False)

    def _within(self, value: object) -> object:
        if isinstance(value, dict):
            return {k: self._within(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self._within(v) for v in value]
        return self._text(value) if isinstance(value, str) else value

    def cleaned(self, value: Value) -> Value:
        """A value without their names."""
        if isinstance(value, list):
            return [self._text(v) for v in value]
        return self._text(value) if isinstance(value, str) else value

    def row(self, row: Mapping[str, object]) -> dict[str, object]:
        """A bad row as it may be told: nothing of it if it is theirs."""
        texts = [str(v) for v in row.values()]
        if any(self.holds(t.strip()) for t in texts):
            return {}
        return {k: self._text(v) if isinstance(v, str) else v for k, v in row.items()}

    def problems(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """What is wrong with a row, without their names and ids."""
        return tuple(Problem(p.field, self._text(p.reason)) for p in problems)

    def _text(self, text: str) -> str:
        text = _PERSON.sub(lambda m: GONE if self.holds(m[0]) else m[0], text)
        if not self._names:
            return text
        found = [(m.start(), m.end(), m[0].casefold()) for m in _WORD.finditer(text)]
        spans = []
        for salt, n, digest in self._names:
            for i in range(len(found) - n + 1):
                words = [w for _, _, w in found[i : i + n]]
                if hashed(salt, " ".join(words)) == digest:
                    spans.append((found[i][0], found[i + n - 1][1]))
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + GONE + text[end:]
        return text


def entry(salt: str, person: str, names: Iterable[str], day: dt.date) -> dict[str, object]:
    """The statement that keeps a person out; nothing in it names them."""
    digests = sorted(
        {(len(words), hashed(salt, " ".join(words))) for name in names if (words := words_of(name))}
    )
    return {
        "id": f"statement:{hashed(salt, 'statement ' + person)}",
        "about": hashed(salt, person),
        "of": "Person",
        "kind": "erased",
        "said": json.dumps({"salt": salt, "names": digests}),
        "recorded_at": day,
        "confidence": 1.0,
    }


def words_of(name: str) -> list[str]:
    """The words of a name as they are compared."""
    return [m[0].casefold() for m in _WORD.finditer(name)]


def hashed(salt: str, text: str) -> str:
    """A salted hash (128 bits, hex)."""
    return hashlib.blake2b(text.encode(), key=bytes.fromhex(salt), digest_size=16).hexdigest()
