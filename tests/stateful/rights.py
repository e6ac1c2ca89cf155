"""Who may do what, said once more and more simply than the product says it."""

from dataclasses import dataclass
from typing import Any

from bot.flows.procedure import Manual
from tests.stateful.seen import Seen

Held = frozenset[tuple[str, str | None]]


@dataclass(frozen=True)
class Rights:
    """The rights that these roles give: those that people had before a step, and after it."""

    manual: Manual
    seen: Seen

    def roles(self, person: int) -> Held:
        return self.seen.grants.get(person, frozenset())

    def holds(self, person: int, role: str) -> bool:
        return any(one == role for one, _ in self.roles(person))

    def may_take(self, person: int, turn: Any) -> bool:
        """The role is theirs (of that area, if it is held for areas), or one that stands for it; or the pool's is."""
        role = self.manual.roles[turn.role]
        for held, area in self.roles(person):
            if held in {turn.role, *role.anyone_of} and (not role.of_area or area == turn.area):
                return True
        return turn.pool is not None and self.holds(person, turn.pool) and turn.person_id in (None, person)

    def may_open(self, person: int, role: str, area: str) -> bool:
        """Whether they may file in that role: for an area, where it is held for areas."""
        return (role, area or None) in self.roles(person)

    def may_see(self, person: int, request: Any) -> bool:
        """Their own, their area's, all where they are of an office; what they were handed, and what waits for them."""
        if person == request.requester or person in request.rest["staff"].values():
            return True
        for held, area in self.roles(person):
            role = self.manual.roles.get(held)
            if role is not None and (area == request.area or not (role.of_area or role.serves)):
                return True
        return any(self.may_take(person, one) for one in self.seen.open_turns(request.id))

    def may_answer(self, person: int, request: Any) -> bool:
        """Whoever filed it, and whoever else speaks for its area."""
        return person == request.requester or (request.rest["opened_as"], request.area) in self.roles(person)
