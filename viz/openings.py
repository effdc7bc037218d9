"""Addresses of the same question under other conditions."""

from typing import Any

from alliance_explorer.queries.bridging.reach_models import Relaxation

from .forms import BridgeForm
from .links import Links


def under_relaxation(links: Links, form: BridgeForm, relaxation: Relaxation) -> str:
    """Return the address of the same bridges with a condition let go; empty if no field has it."""
    changes: dict[str, Any] = {}
    for name in relaxation.changes:
        value = relaxation.options.get(name)
        match name:
            case "max_steps" | "kinds":
                changes[name] = tuple(value) if isinstance(value, list) else value
            case "avoid_competitors_of":
                changes[name] = tuple(value) if isinstance(value, list) else ()
            case "as_of" | "known_at" | "max_shared" | "min_confidence":
                changes[name] = ""
            case "avoid":
                kept = value if isinstance(value, list) else []
                changes[name] = tuple(c for c in form.avoid if c.value in kept)
            case _:
                return ""
    return links.bridges(form.but(**changes))
