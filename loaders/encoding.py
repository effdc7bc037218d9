"""What the first bytes of a file say of its encoding."""

from typing import Final

# Of files that are read as UTF-8, line by line.
IS_UTF16: Final = "is UTF-16; save it as UTF-8"


def is_utf16(first: bytes) -> bool:
    """Whether a file that begins with these two bytes or more says that it is UTF-16."""
    return first.startswith((b"\xff\xfe", b"\xfe\xff"))
