"""Where somebody must go: the place, its map, and who waits there."""

from collections.abc import Mapping
from typing import Any

from bot.flows.procedure import Activity, Procedure, Requisito
from bot.flows.requisitos import show

_WHO_WAITS = frozenset({"person", "phone"})


def place(law: Procedure, activity: Activity, given: Mapping[str, Any]) -> dict[str, str | None] | None:
    """Where an activity takes place; with a link to its map, where it was shared as a location."""
    asked = law.requisito(activity.goes_to) if activity.goes_to else None
    value = given.get(asked.id) if asked else None
    if asked is None or value is None:
        return None
    where = (value.get("latitude"), value.get("longitude"))
    link = None if None in where else f"https://maps.google.com/?q={where[0]},{where[1]}"
    return {"label": asked.label, "text": show(asked, value), "map": link}


def in_order(law: Procedure, activity: Activity) -> tuple[Requisito, ...]:
    """What was asked, as whoever must go reads it: the place is said apart, and who waits there comes first."""
    if activity.goes_to is None:
        return law.requisitos
    asked = [one for one in law.requisitos if one.id != activity.goes_to]
    return tuple(sorted(asked, key=lambda one: one.kind not in _WHO_WAITS or one.group is not None))
