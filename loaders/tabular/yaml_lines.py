"""Small YAML files that people write: every value with its line, every mistake gathered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from alliance_explorer.errors import SourceError
from alliance_explorer.graph_schema import nearest

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 8


@dataclass(slots=True)
class YamlMap:
    """A mapping of YAML; each value with its line."""

    line: int
    items: dict[str, "tuple[int, YamlValue]"] = field(default_factory=dict)


YamlValue: TypeAlias = "str | list[tuple[int, YamlValue]] | YamlMap"


class Checked:
    """Reads the YAML and gathers what is wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[str] = []

    def wrong(self, line: int, path: str, reason: str) -> None:
        self.problems.append(f"{self.name}, line {line}, {path}: {reason}")

    def value(self, node: yaml.Node, path: str, depth: int = 0) -> YamlValue:
        line = _line(node)
        if depth > MAX_DEPTH:
            raise SourceError(f"{self.name}, line {line}, {path}: nested too deeply")
        if isinstance(node, yaml.SequenceNode):
            return [(_line(n), self.value(n, path, depth + 1)) for n in node.value]
        if isinstance(node, yaml.MappingNode):
            found = YamlMap(line)
            for key, value in node.value:
                name = str(key.value)
                if name in found.items:
                    self.wrong(_line(key), name, "stands twice")
                found.items[name] = _line(key), self.value(value, f"{path}.{name}", depth + 1)
            return found
        assert isinstance(node, yaml.ScalarNode)
        return "" if node.tag.endswith(":null") else str(node.value)

    def map(
        self, value: "tuple[int, YamlValue] | None", path: str, allowed: Iterable[str]
    ) -> YamlMap:
        """A mapping with no other keys than those that are allowed (any, if there are none)."""
        if value is None:
            return YamlMap(0)
        line, found = value
        if not isinstance(found, YamlMap):
            self.wrong(line, path, "should be a mapping, as `key: value`")
            return YamlMap(line)
        for key, (at, _) in found.items.items():
            if allowed and key not in allowed:
                self.wrong(at, f"{path}.{key}".lstrip("."), "is unknown" + nearest(key, allowed))
        return found

    def text(self, within: YamlMap, key: str, path: str) -> str | None:
        if key not in within.items:
            return None
        line, found = within.items[key]
        if isinstance(found, str) and found:
            return found
        self.wrong(line, f"{path}.{key}".lstrip("."), "should be a text")
        return None

    def texts(self, within: YamlMap, key: str, path: str) -> list[str]:
        if key not in within.items:
            return []
        line, found = within.items[key]
        if isinstance(found, str):
            return [found]
        if isinstance(found, list) and all(isinstance(v, str) for _, v in found):
            return [str(v) for _, v in found]
        self.wrong(line, f"{path}.{key}".lstrip("."), "should be a text or a list of texts")
        return []

    def choice(self, within: YamlMap, key: str, path: str, allowed: Sequence[str]) -> str | None:
        found = self.text(within, key, path)
        if found is not None and found not in allowed:
            reason = f"{found!r} is not allowed" + nearest(found, allowed)
            self.wrong(within.items[key][0], f"{path}.{key}".lstrip("."), reason)
            return None
        return found


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1 if node.start_mark else 0


def compose(path: Path) -> "tuple[YamlValue, Checked]":
    """Read a file; what is wrong with its content can be told to the second.

    Raises
    ------
    SourceError
        It cannot be read, is too large, empty, nested too deeply, or no YAML.
    """
    name = str(path)
    try:
        content = path.read_bytes()
        if len(content) > MAX_BYTES:
            raise SourceError(f"{name}: larger than {MAX_BYTES >> 20} MiB")
        text = content.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise SourceError(f"{name}: anchors and aliases are not allowed")
        root = yaml.compose(text, yaml.SafeLoader)
    except OSError as exc:
        raise SourceError(f"{name}: cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise SourceError(f"{name}: is not UTF-8") from exc
    except yaml.MarkedYAMLError as exc:
        at = f", line {exc.problem_mark.line + 1}" if exc.problem_mark else ""
        raise SourceError(f"{name}{at}: not YAML: {exc.problem}") from exc
    except (yaml.YAMLError, RecursionError) as exc:
        raise SourceError(f"{name}: not YAML: {str(exc).splitlines()[0]}") from exc
    if root is None:
        raise SourceError(f"{name}: is empty; nothing can be made of that")
    checked = Checked(name)
    return checked.value(root, ""), checked
