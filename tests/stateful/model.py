"""What must hold of every request after each step, whatever people did: a model of what a municipality expects.

It compares what the database said before a step with what it says after it. A step may hold
several acts; the lines and turns of one act share its moment, and no two acts share one.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.flows.events import HANDS, TALK
from bot.flows.procedure import Manual, Procedure
from tests.stateful.rights import Rights
from tests.stateful.seen import Seen

# What moves a request from one activity to another.
STEPS = frozenset({"filed", "linked", "performed", "decided", "delivered", "reviewed", "corrected", "recorded"})
_MINUTE = timedelta(seconds=60)


@dataclass(frozen=True)
class Act:
    """The lines that one act left, and the turns that it ended and opened."""

    at: datetime
    lines: Sequence[Any]
    ended: Sequence[Any]
    opened: Sequence[Any]

    @property
    def head(self) -> Any:
        """What was done; the rest follows from it."""
        return self.lines[0]

    @property
    def kinds(self) -> set[str]:
        return {one.kind for one in self.lines}


@dataclass(frozen=True)
class Step:
    """What a step made of a municipality."""

    manual: Manual
    before: Seen
    after: Seen

    @property
    def rights(self) -> tuple[Rights, Rights]:
        return Rights(self.manual, self.before), Rights(self.manual, self.after)

    def law(self, request: Any) -> Procedure:
        found = self.manual.procedure(request.procedure)
        assert found is not None, request
        return found

    def check(self) -> None:
        """Hold everything against the model."""
        assert self.before.requests.keys() <= self.after.requests.keys(), "a request is gone"
        for key, request in self.after.requests.items():
            self._turns_end_once(key)
            acts = self._acts(key)
            for act in acts:
                self._is_allowed(request, act)
                self._leads_on(request, act)
            self._counts(request, acts)
            self._waits_for_somebody(request)
        self._folios()

    def _acts(self, key: int) -> list[Act]:
        """The acts of this step, in the order of the record, of which no old line has changed."""
        old, new = self.before.record.get(key, ()), self.after.record[key]
        assert new[: len(old)] == old, f"the record of {key} was changed"
        moments: dict[datetime, list[Any]] = defaultdict(list)
        for line in new[len(old) :]:
            moments[line.at].append(line)
        turns = self.after.turns.get(key, {}).values()
        return [
            Act(
                at,
                lines,
                [one for one in turns if one.closed_at == at],
                [one for one in turns if one.opened_at == at],
            )
            for at, lines in moments.items()
        ]

    def _turns_end_once(self, key: int) -> None:
        """A turn that has ended stays as it ended; one that is open is the same turn, whoever has it."""
        for n, was in self.before.turns.get(key, {}).items():
            now = self.after.turns[key][n]
            if was.state != "open":
                assert now == was, f"turn {n} of {key} ended as {was}, and again as {now}"
            same = ("activity", "stage", "role", "area", "pool", "branch", "item", "opened_at")
            assert all(getattr(was, one) == getattr(now, one) for one in same), (was, now)

    def _counts(self, request: Any, acts: Sequence[Act]) -> None:
        """One revision for each act. What nobody did (a técnico's role ends, nobody else is there) leaves no line."""
        was = self.before.requests.get(request.id)
        grown = request.revision - (was.revision if was else 0)
        left = [
            one
            for one in self.before.turns.get(request.id, {}).values()
            if one.person_id and one.state == "open" and self._lost_role(one.person_id, one.pool)
        ]
        assert len(acts) <= grown <= len(acts) + len(left), f"{request.folio} grew by {grown} for {acts}"
        if not grown:
            assert request == was, f"{request.folio} changed without a line: {was} {request}"
            assert self.after.turns.get(request.id) == self.before.turns.get(request.id), request.folio
        keys = set(self.after.turns.get(request.id, {}))
        assert keys == set(range(1, len(keys) + 1)), f"{request.folio} has turns {keys}"

    def _lost_role(self, person: int, pool: str | None) -> bool:
        before, after = self.rights
        return pool is not None and before.holds(person, pool) and not after.holds(person, pool)

    def _waits_for_somebody(self, request: Any) -> None:
        waiting = self.after.open_turns(request.id)
        if request.state == "closed":
            assert not waiting, f"{request.folio} is closed and waits: {waiting}"
            assert request.outcome, f"{request.folio} is closed without an outcome"
            return
        assert waiting, f"{request.folio} waits for nobody"
        assert request.outcome is None, request
        law = self.law(request)
        rights = Rights(self.manual, self.after)
        for turn in waiting:
            role, activity = self.manual.roles[turn.role], law.activity(turn.activity)
            assert bool(turn.area) == role.of_area, turn
            assert turn.stage == "choose" or activity.does != "decide", turn
            assert turn.pool == (activity.assign.role if activity.assign else None), turn
            assert turn.person_id is None or rights.holds(turn.person_id, turn.pool), f"{turn} is with nobody of it"

    def _folios(self) -> None:
        """Every series is 1, 2, 3 without a hole, and nothing is numbered twice."""
        numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
        given = [one.folio for one in self.after.requests.values()]
        given.extend(number for one in self.after.requests.values() for number in one.rest["numbers"].values())
        for folio in given:
            series, year, number = folio.rsplit("-", 2)
            numbers[series, year].append(int(number))
        for series, taken in numbers.items():
            assert sorted(taken) == list(range(1, len(taken) + 1)), f"{series} has {sorted(taken)}"
        assert sorted(self.after.series.values()) == sorted(len(taken) for taken in numbers.values()), self.after.series

    def _is_allowed(self, request: Any, act: Act) -> None:
        """Whoever did it had the right to do it then, and did one thing."""
        one, who = act.head, act.head.actor
        was = self.before.requests.get(request.id)
        if who is None:  # what follows from somebody's act elsewhere, or from the end of a role
            assert act.kinds <= {"assigned"} or (one.kind == "linked" and was is None), act
            assert one.kind != "linked" or request.rest["parent"] in self.after.requests, request
            return
        assert any(one.kind == "filed" for one in act.lines) == (was is None and one.kind == "filed"), act
        assert self._has_right(request, act, who), f"{one.name} ({who}) had no right to {one.kind} {request.folio}"
        if one.kind in TALK | HANDS:
            assert not act.ended, act
            assert not act.opened, act
            assert len({line.kind for line in act.lines} - HANDS) == (one.kind in TALK), act
        elif one.kind == "undone":
            self._is_as_before(request, act)
        elif one.kind in STEPS and one.kind != "filed":
            self._ends_one_turn(request, act)

    def _has_right(self, request: Any, act: Act, who: int) -> bool:
        one = act.head
        rights = [one for one in self.rights if one.seen.requests.get(request.id)]
        turns = [*self.before.open_turns(request.id), *self.after.turns[request.id].values()]
        mine = [turn for turn in turns if any(view.may_take(who, turn) for view in self.rights)]
        here = [turn for turn in mine if turn.activity == one.activity]
        match one.kind:
            case "filed":
                return (
                    self.rights[0].may_open(who, request.rest["opened_as"], request.area) and who == request.requester
                )
            case "withdrawn":
                return bool(who == request.requester)
            case "commented":
                return any(view.may_see(who, view.seen.requests[request.id]) for view in rights)
            case "asked":
                return bool(mine) and who != request.requester
            case "answered":
                return self.rights[0].may_answer(who, request)
            case "accepted" | "set_out" | "declined":
                return any(turn.person_id == who and self.rights[0].holds(who, turn.pool) for turn in here)
            case "assigned":
                return any(turn.pool for turn in here)
            case "undone":
                return bool(here) and any(turn in here for turn in act.opened)
        return any(turn in here for turn in act.ended) or (self._spawns(request, one) and bool(here))

    def _spawns(self, request: Any, line: Any) -> bool:
        option = self.law(request).activity(line.activity).option(line.option or "")
        return option is not None and option.spawns

    def _ends_one_turn(self, request: Any, act: Act) -> None:
        """Each decision is about one turn, and a turn has one decision; the end of a request ends all."""
        [*ends] = [one for one in act.ended if one.activity == act.head.activity]
        if self._spawns(request, act.head):
            assert not act.ended, act
        elif "closed" in act.kinds:
            assert ends, act
        else:
            assert len(act.ended) == len(ends) == 1, act

    def _is_as_before(self, request: Any, act: Act) -> None:
        """What was taken back was one's own, a moment ago; and what waited then waits again."""
        lines = [one for one in self.after.record[request.id] if one.seq < act.head.seq and one.kind not in TALK]
        last = [one for one in lines if one.at == lines[-1].at]
        assert last[0].actor == act.head.actor, (last, act)
        assert last[0].kind in STEPS, last
        assert timedelta(0) <= act.at - last[0].at <= _MINUTE + timedelta(seconds=1), (last, act)
        turns = self.after.turns[request.id].values()
        then, now = last[0].at, act.at
        assert _waiting(turns, then, including=False) == _waiting(turns, now, including=True), (act, turns)

    def _leads_on(self, request: Any, act: Act) -> None:
        """Each activity follows from the one before by what the procedure says; and what should follow, does."""
        steps = [one for one in act.lines if one.kind in STEPS]
        reached: set[str] = set()
        for place, one in enumerate(steps):
            assert not place or one.activity in reached, f"{one.activity} does not follow from {steps[place - 1]}"
            to = self._exits(request, one)
            reached |= to
            if not to:
                assert act.kinds & {"closed", "settled"}, f"{request.folio} ends at {one.activity} and goes on: {act}"
            elif "settled" not in act.kinds:
                there = {*(other.activity for other in steps[place + 1 :]), *(turn.activity for turn in act.opened)}
                assert to & there, f"{request.folio}: {one.activity} leads to {to}, not to {there}"
        if act.head.kind != "undone":
            stray = [turn.activity for turn in act.opened if turn.activity not in reached]
            assert not stray, f"{request.folio}: {stray} were opened by {act}"
        if act.kinds & {"closed", "withdrawn"}:
            assert not act.opened, act

    def _exits(self, request: Any, line: Any) -> set[str]:
        """The activities to which this line leads; none, where the procedure ends."""
        activity = self.law(request).activity(line.activity)
        if line.kind in {"decided", "reviewed"}:
            option = activity.option(line.option)
            assert option is not None, line
            return {option.to} if option.to else set()
        if line.kind == "linked":
            links = [one.opens for law in self.manual.procedures for one in law.activities if one.opens]
            return {one.at for one in links if self.manual.procedure(one.procedure) == self.law(request)}
        if line.kind == "delivered" or (line.kind == "filed" and activity.does == "plan"):
            return {activity.n}
        return {activity.next} if activity.next else set()


def _waiting(turns: Any, at: datetime, *, including: bool) -> Counter[Any]:
    """What was open at a moment: just before it, or `including` what was opened then."""
    return Counter(
        (one.activity, one.stage, one.role, one.area, one.pool, one.branch)
        for one in turns
        if (one.opened_at <= at if including else one.opened_at < at)
        and (one.closed_at is None or (one.closed_at > at if including else one.closed_at >= at))
    )
