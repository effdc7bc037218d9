"""Size classes of firms [European Commission]."""

from collections.abc import Mapping

NOT_RECORDED = "not recorded"
# European Commission: employees below which a firm is of a class.
SIZE_CLASSES = ((10, "micro"), (50, "small"), (250, "medium"))


def size_class(properties: Mapping[str, object]) -> str:
    """The recorded size class, else the one that the number of employees gives."""
    if "size_class" in properties:
        return str(properties["size_class"])
    employees = properties.get("employees")
    if not isinstance(employees, int):
        return NOT_RECORDED
    return next((name for below, name in SIZE_CLASSES if employees < below), "large")
