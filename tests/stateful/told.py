"""Who may be told about a request: whoever may see it, and whoever has to learn that a card of theirs is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.flows.people import ADMINISTRATOR
from bot.flows.procedure import Manual
from tests.stateful.rights import Rights
from tests.stateful.seen import Seen

# What is put over a card, or a question, that somebody was shown when it was theirs.
_OVER = frozenset({"ended", "handed", "question_over"})


@dataclass(frozen=True)
class Told:
    """The letters of a step, which `actors` (by their ids) may have asked for. `chats` are people's own."""

    manual: Manual
    before: Seen
    after: Seen
    actors: frozenset[int]
    chats: Mapping[str, int]
    groups: Mapping[str, set[str | None]]

    def check(self) -> None:
        for letter in self.after.letters:
            if letter.request_id is not None and letter.kind != "strip":
                assert self._may_be_told(letter), f"{letter.chat} is told of {letter.request_id}: {letter}"

    def _may_be_told(self, letter: Any) -> bool:
        if letter.chat in self.groups:
            return letter.person_id is None and (letter.kind == "edit" or self._of_its_role(letter))
        person = self.chats[letter.chat]
        assert letter.person_id == person, letter
        if letter.kind == "edit" and letter.template in _OVER:
            return True
        if letter.template == "nobody":
            return Rights(self.manual, self.after).holds(person, ADMINISTRATOR)
        if letter.template == "not_said" and person in self.actors:
            return True  # that their words reach nobody
        return self._had_a_turn(person, letter) or any(
            Rights(self.manual, seen).may_see(person, seen.requests[letter.request_id])
            for seen in (self.before, self.after)
            if letter.request_id in seen.requests
        )

    def _had_a_turn(self, person: int, letter: Any) -> bool:
        """Whether something waited for them when it was written, though it was over before the step was."""
        rights = Rights(self.manual, self.after)
        return any(
            turn.opened_at <= letter.created_at <= (turn.closed_at or letter.created_at)
            and rights.may_take(person, turn)
            for turn in self.after.turns[letter.request_id].values()
        )

    def _of_its_role(self, letter: Any) -> bool:
        """A group gets the cards of the role, or pool, to which it is linked."""
        turn = self.after.turns[letter.request_id][letter.turn]
        meant = {turn.role, *self.manual.roles[turn.role].anyone_of, turn.pool}
        return bool(self.groups[letter.chat] & meant)
