"""Who may do what, judged at the moment of the act."""

from datetime import datetime

from bot.flows.procedure import Manual
from bot.flows.request import Request, Turn
from bot.flows.value import Value

ADMINISTRATOR = "administrador"


class Grant(Value):
    """A role that somebody holds now; `area` where the role is held for one area."""

    role: str
    area: str | None = None


class Area(Value):
    """A part of the municipality that requests things."""

    id: str
    name: str
    kind: str = "central"


class Person(Value):
    """Somebody whom the bot knows, with the roles held at this moment.

    `privacy_at`: when the aviso de privacidad was accepted, UTC. `available`: whether
    work may be handed to them in person.
    """

    id: int
    manual: str
    name: str
    privacy_at: datetime | None = None
    available: bool = True
    grants: tuple[Grant, ...] = ()

    def holds(self, role: str, area: str | None = None) -> bool:
        """Whether the role is theirs now; of a given area, where one is given."""
        return any(one.role == role and (area is None or one.area == area) for one in self.grants)

    @property
    def roles(self) -> frozenset[str]:
        """The ids of every role held now."""
        return frozenset(one.role for one in self.grants)

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas for which some role is held, each once."""
        return tuple(dict.fromkeys(one.area for one in self.grants if one.area is not None))


def pools_of(person: Person, manual: Manual) -> frozenset[str]:
    """The roles of theirs whose people are handed work in person."""
    return manual.pools & person.roles


def may_act(person: Person, turn: Turn, manual: Manual) -> bool:
    """Whether this turn is theirs to take.

    A role of an area reaches that area's requests alone. Staff reach what was
    handed to them in person, or what waits in their pool with nobody's name on it.
    """
    role = manual.roles.get(turn.role)
    if role is None:  # the file no longer knows it; nobody can hold it
        return False
    if any(person.holds(one, turn.area if role.of_area else None) for one in manual.with_role(turn.role)):
        return True
    if turn.pool is None or not person.holds(turn.pool):
        return False
    return turn.person in (None, person.id)


def acts_as(person: Person, turn: Turn) -> str:
    """In which role somebody takes a turn that is theirs to take: as one of its pool, where they are."""
    return turn.pool if turn.pool is not None and person.holds(turn.pool) else turn.role


def may_see(person: Person, *, area: str, requester: int, manual: Manual) -> bool:
    """Whether they may look at a request of that area.

    Offices see what is turned to the manual's office; staff see what they are
    given (see `may_act`); an enlace sees their own area.
    """
    if requester == person.id or area in person.areas:
        return True
    return any(not role.of_area and role.serves is None and person.holds(name) for name, role in manual.roles.items())


def may_look(person: Person, request: Request, manual: Manual) -> bool:
    """Whether they may look at this request: by `may_see`, because it is with them, or because it is their turn."""
    return (
        may_see(person, area=request.area, requester=request.requester, manual=manual)
        or person.id in request.staff.values()
        or any(may_act(person, turn, manual) for turn in request.turns)
    )
