"""The Dockerfile, read as far as tests without Docker need."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def instruction(name: str) -> str:
    """What the Dockerfile's last instruction of a name says: the one that counts."""
    text = Path(ROOT, "Dockerfile").read_text().replace("\\\n", " ")
    found: list[str] = re.findall(rf"^{name} (.*)$", text, flags=re.MULTILINE)
    return found[-1].strip()


def command() -> list[str]:
    """Program and arguments that the container runs."""
    found: list[str] = json.loads(instruction("CMD"))
    return found


def health_check() -> list[str]:
    """Program and arguments that tell whether the container is healthy."""
    found: list[str] = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    return found


def build_context() -> list[str]:
    """Names of the top-level files and folders that the build gets to see."""
    lines = Path(ROOT, ".dockerignore").read_text().splitlines()
    return [line.removeprefix("!") for line in lines if line.startswith("!")]
