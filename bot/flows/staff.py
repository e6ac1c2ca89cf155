"""Who of a pool has a turn: whose it should be, and what becomes of it when they accept or cannot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.flows.request import Progress, Request


@dataclass(frozen=True)
class Candidate:
    """Somebody of a pool: how many open turns they have, and the last moment at which they had anything to do."""

    person: int
    available: bool
    load: int
    busy_at: datetime | None = None


def fairest(pool: Sequence[Candidate], *, declined: Collection[int] = ()) -> int | None:
    """Whose turn it should be: of the available, who has least, and of those who has waited longest.

    Whoever never had one comes first; between equals, the order of the pool decides.
    Nobody is given what they have declined.
    """
    free = [one for one in pool if one.available and one.person not in declined]
    if not free:
        return None
    return min(free, key=_fairness).person


def _fairness(one: Candidate) -> tuple[int, bool, float]:
    return (one.load, one.busy_at is not None, one.busy_at.timestamp() if one.busy_at else 0.0)


def assign(request: Request, key: int, *, pool: str, person: int, progress: Progress = "") -> Request:
    """Put one of the pool's people on a turn, and remember who has the request."""
    declined = tuple(one for one in request.declined.get(pool, ()) if one != person)
    return _turned(request, key, person, progress).but(
        staff={**request.staff, pool: person},
        declined={**request.declined, pool: declined},
    )


def release(request: Request, key: int, *, pool: str) -> Request:
    """Put a turn back into its pool, with nobody's name on it."""
    staff = {role: person for role, person in request.staff.items() if role != pool}
    return _turned(request, key, None, "").but(staff=staff)


def decline(request: Request, key: int, *, pool: str, person: int) -> Request:
    """The same, because whoever had it cannot: it will not be handed to them again."""
    others = tuple(one for one in request.declined.get(pool, ()) if one != person)
    return release(request, key, pool=pool).but(declined={**request.declined, pool: (*others, person)})


def advance(request: Request, key: int, progress: Progress) -> Request:
    """Note what whoever has a turn says of it."""
    turn = request.turn(key)
    return _turned(request, key, turn.person, progress) if turn else request


def _turned(request: Request, key: int, person: int | None, progress: Progress) -> Request:
    changes = {"person": person, "progress": progress}
    return request.but(turns=tuple(one.model_copy(update=changes) if one.key == key else one for one in request.turns))
