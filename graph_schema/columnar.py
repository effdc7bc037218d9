"""Many rows at once: the rules of `parse`, column by column.

What is said to be good here is exactly what `parse` makes of the row. What is not said to be good
may be so all the same: `parse` has the last word, and gives the reason.
"""

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .model import NodeType, Property, RelationshipType
from .records import MAX_ID, MAX_INDEXED, MAX_TEXT, check_id, key_text, value_of
from .schema import SCHEMA

_ARROW: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "strings": pa.list_(pa.string()),
}
# Ids as nearly all are; of others `check_id` decides.
_PLAIN_ID = r"[!-\"$&-.0-9:-\[\]-{}~]+"
_PLAIN_LETTERS = bytes(n for n in range(128) if re.fullmatch(_PLAIN_ID, chr(n)))
# Years below 1000 are left to `value_of`.
_WHOLE_DAY = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Columns of a table: typed, as `statements.columns` has them; and which rows are good."""

    columns: Mapping[str, pa.Array]
    good: Mask


def check(type_: NodeType | RelationshipType, cells: pa.Table) -> Checked:
    """Check the cells of a table.

    Parameters
    ----------
    type_ : NodeType or RelationshipType
    cells : pyarrow.Table
        Texts, none of them null, without NUL characters; columns that `check_columns` found good.

    Returns
    -------
    Checked
        With a column for each property that has one in `cells`, and the ids of relationships.
    """
    rows = len(cells)
    good = np.ones(rows, bool)
    columns: dict[str, pa.Array] = {}
    for name in cells.column_names:
        declared = type_.by_name.get(name, _END)
        columns[name] = _typed(declared, _one(cells.column(name)), good)
    if isinstance(type_, NodeType):
        for p in type_.properties:
            if p.required:
                good &= _mask(pc.is_valid(columns[p.name]))
        _check_ids(columns["id"], (type_.label,), good)
        for name in type_.indexed:
            if name in columns:
                good &= ~_mask(pc.greater(pc.binary_length(columns[name]), MAX_INDEXED))
        if "start" in type_.by_name:
            _check_interval(columns, "start", "end", good)
    else:
        _check_ends(type_, columns, good)
        _check_interval(columns, "since", "until", good)
    if "source" in columns:
        _check_ids(columns["source"], ("Source",), good)
    return Checked(columns, good)


_END = Property("end", "id of one end of a relationship")


def _one(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


def _mask(values: pa.Array) -> Mask:
    """True where it is true; null is not."""
    mask: Mask = pc.fill_null(values, False).to_numpy(zero_copy_only=False)
    return mask


def _typed(declared: Property, cells: pa.Array, good: Mask) -> pa.Array:
    """The values; each text that occurs is looked at once, and plain text not even that."""
    if declared.type == "string" and not declared.choices:
        trimmed = pc.utf8_trim_whitespace(cells)  # what Python takes for space, and nothing else
        if pc.max(pc.binary_length(trimmed)).as_py() <= MAX_TEXT:
            return pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    encoded = cells.dictionary_encode()
    if declared.type == "date" and (days := _whole_days(encoded.dictionary)) is not None:
        return days.take(encoded.indices)
    wrong: list[int] = []
    values: list[object] = []
    for number, word in enumerate(encoded.dictionary.to_pylist()):
        try:
            values.append(value_of(declared, word))
        except ValueError:
            values.append(None)
            wrong.append(number)
    if wrong:
        good &= ~np.isin(encoded.indices.to_numpy(), wrong)
    return pa.array(values, _ARROW[declared.type]).take(encoded.indices)


def _whole_days(words: pa.Array) -> pa.Array | None:
    """Words as dates if each is a day or blank: most are, and Arrow reads them at one go."""
    blank = pc.equal(words, "")
    if not pc.all(pc.or_(blank, pc.match_substring_regex(words, _WHOLE_DAY))).as_py():
        return None
    try:
        return pc.if_else(blank, None, words).cast(pa.date32())
    except pa.ArrowInvalid:  # such as 2011-02-30
        return None


def _all_plain(ids: pa.Array, labels: Iterable[str]) -> bool:
    """Whether it is certain, and seen at one go, that all ids are sound."""
    lengths = pc.binary_length(ids)
    prefixes = [SCHEMA.nodes[label].prefix for label in labels]
    begun = [pc.and_(pc.starts_with(ids, p), pc.greater(lengths, len(p))) for p in prefixes]
    sound = pc.and_(functools.reduce(pc.or_, begun), pc.less_equal(lengths, MAX_ID))
    letters = ids.buffers()[2]
    return bool(pc.all(sound).as_py()) and not (
        letters and letters.to_pybytes().translate(None, _PLAIN_LETTERS)
    )


def _check_ids(ids: pa.Array, labels: Iterable[str], good: Mask) -> None:
    labels = list(labels)
    if _all_plain(ids, labels):
        return
    encoded = ids.dictionary_encode()
    prefixes = "|".join(re.escape(SCHEMA.nodes[label].prefix) for label in labels)
    words = encoded.dictionary
    plain = pc.and_(
        pc.match_substring_regex(words, f"^(?:{prefixes}){_PLAIN_ID}$"),
        pc.less_equal(pc.binary_length(words), MAX_ID),
    )
    doubtful = np.flatnonzero(~_mask(plain)).tolist()
    wrong = [n for n in doubtful if check_id("id", words[n].as_py(), labels)]
    if wrong:
        good &= ~np.isin(pc.fill_null(encoded.indices, -1).to_numpy(), wrong)


def _check_ends(type_: RelationshipType, columns: dict[str, pa.Array], good: Mask) -> None:
    for side, column in enumerate(("from", "to")):
        good &= _mask(pc.is_valid(columns[column]))
        _check_ids(columns[column], sorted({pair[side] for pair in type_.ends}), good)
    from_id, to_id = columns.pop("from"), columns.pop("to")
    good &= ~_mask(pc.equal(from_id, to_id))
    if type_.symmetric:
        turned = pc.less(to_id, from_id)
        from_id, to_id = pc.if_else(turned, to_id, from_id), pc.if_else(turned, from_id, to_id)
    columns |= {"from_id": from_id, "to_id": to_id}
    if "id" in columns:  # few facts have an id that is not made of what they say
        good &= ~_mask(pc.is_valid(columns["id"]))
    columns["id"] = _fact_ids(type_, columns)


def _fact_ids(type_: RelationshipType, columns: Mapping[str, pa.Array]) -> pa.Array:
    """As `fact_id`."""
    parts = [pa.scalar(type_.type), columns["from_id"], columns["to_id"]]
    for key in (*type_.key, "source"):
        if key in columns:
            parts.append(_texts(columns[key]))
        else:
            parts.append(pa.scalar(""))
    joined = pc.binary_join_element_wise(
        *parts, "\x1f", null_handling="replace", null_replacement=""
    )
    texts = joined.cast("binary").to_pylist()
    fresh, digests = hashlib.blake2b(digest_size=12).copy, []
    for text in texts:  # a copy is made a quarter quicker than another from nothing
        one = fresh()
        one.update(text)
        digests.append(one.digest())
    # All have 24 letters, so that they need not be put together one by one.
    offsets = np.arange(len(texts) + 1, dtype=np.int32) * 24
    letters = b"".join(digests).hex().encode()
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(letters))


def _texts(values: pa.Array) -> pa.Array:
    if pa.types.is_string(values.type):
        return values
    encoded = values.dictionary_encode()
    words = [key_text(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(encoded.indices)


def _check_interval(columns: Mapping[str, pa.Array], first: str, last: str, good: Mask) -> None:
    if first in columns and last in columns:
        good &= ~_mask(pc.less_equal(columns[last], columns[first]))
