"""Where a request goes next.

Two verbs: `begin` files it, `perform` takes a turn. Both answer with the request
as it is now, the events that happened, in order, one at least for every activity
performed, and the effects that are wanted. Nothing is sent or stored here.

A person can be early, late or mistaken; none of that is an error. It is a
`Refused` with a reason, and the request stays as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

from bot.flows.calendar import due_after
from bot.flows.effects import Book, Count, Effect, Tell
from bot.flows.events import BOT, Event, Happened
from bot.flows.people import Person
from bot.flows.procedure import Activity, Manual, Option, Procedure
from bot.flows.request import Request, Returned, Turn
from bot.flows.requisitos import moments


@dataclass(frozen=True)
class Gesture:
    """Somebody's single act, which may perform several activities; `at` in UTC."""

    by: Person
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """What a gesture did."""

    request: Request
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]


Reason: TypeAlias = Literal["turn_is_gone", "no_such_option", "request_is_closed"]


@dataclass(frozen=True)
class Refused:
    """Why nothing happened."""

    reason: Reason


@dataclass(frozen=True)
class _Walk:
    """A request on its way: what has happened to it in this gesture so far."""

    manual: Manual
    procedure: Procedure
    gesture: Gesture
    request: Request
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()

    def but(self, **changes: Any) -> "_Walk":
        return replace(self, request=self.request.but(**changes))

    def wanting(self, effect: Effect) -> "_Walk":
        return replace(self, effects=(*self.effects, effect))

    def noting(
        self,
        activity: Activity,
        kind: Happened,
        *,
        bot: bool = False,
        option: str | None = None,
        note: str | None = None,
        role: str | None = None,
    ) -> "_Walk":
        event = Event(
            at=self.gesture.at,
            activity=activity.n,
            kind=kind,
            actor=None if bot else self.gesture.by.id,
            name=BOT if bot else self.gesture.by.name,
            role=role or activity.role,
            option=option,
            note=note,
        )
        return replace(self, events=(*self.events, event))

    def outcome(self) -> Outcome:
        return Outcome(self.request, self.events, self.effects)


def begin(manual: Manual, procedure: Procedure, request: Request, gesture: Gesture) -> Outcome:
    """File `request`, as yet without a turn, and take it as far as it goes by itself."""
    walk = _Walk(manual, procedure, gesture, request)
    walk = walk.noting(procedure.first, "filed")
    return _leave(walk, procedure.first).outcome()


def perform(
    manual: Manual,
    procedure: Procedure,
    request: Request,
    key: int,
    gesture: Gesture,
    *,
    option: str | None = None,
    values: Mapping[str, Any] | None = None,
    returned: Returned | None = None,
    note: str | None = None,
) -> Outcome | Refused:
    """Take the turn of that key.

    `values` are the answers to the form of the activity or option; for a correction,
    the requisitos mended. `returned` says what falls short, where an option returns.
    """
    if request.state == "closed":
        return Refused("request_is_closed")
    turn = request.turn(key)
    if turn is None:
        return Refused("turn_is_gone")
    walk = _Walk(manual, procedure, gesture, request)
    walk = walk.but(turns=tuple(one for one in request.turns if one.key != key))
    activity = procedure.activity(turn.activity)
    if turn.stage == "choose":
        chosen = activity.option(option) if option else None
        if chosen is None:
            return Refused("no_such_option")
        return _choose(walk, activity, chosen, turn, values or {}, returned, note).outcome()
    return _act(walk, activity, values or {}, note).outcome()


def withdraw(
    manual: Manual, procedure: Procedure, request: Request, gesture: Gesture, note: str | None
) -> Outcome | Refused:
    """Close a request at the wish of whoever filed it."""
    if request.state == "closed":
        return Refused("request_is_closed")
    walk = _Walk(manual, procedure, gesture, request)
    activity = procedure.activity(request.activity)
    walk = walk.noting(activity, "withdrawn", role=procedure.first.role, note=note)
    return walk.but(turns=(), state="closed", outcome=manual.withdrawn).outcome()


def _choose(
    walk: _Walk,
    activity: Activity,
    option: Option,
    turn: Turn,
    values: Mapping[str, Any],
    returned: Returned | None,
    note: str | None,
) -> _Walk:
    kind: Happened = "reviewed" if activity.does == "deliver" else "decided"
    said = note or (returned.comment if returned else None) or _words_of(values)
    walk = walk.noting(activity, kind, option=option.id, note=said or None, role=turn.role)
    walk = _keeping(walk, activity, values).but(returned=returned)
    if option.to is None:
        return _close(walk, activity, option.outcome or option.label)
    return _arrive(walk, option.to, came_from=activity)


def _act(walk: _Walk, activity: Activity, values: Mapping[str, Any], note: str | None) -> _Walk:
    if activity.does == "correct":
        answers = {**walk.request.answers, **values}
        walk = walk.noting(activity, "corrected", note=note)
        return _leave(walk.but(answers=answers, returned=None), activity)
    if activity.does == "deliver":
        walk = walk.but(round=walk.request.round + 1)
        walk = walk.noting(activity, "delivered", note=f"ronda {walk.request.round}")
        return _open(_keeping(walk, activity, values), activity, stage="choose")
    kind: Happened = "recorded" if activity.does == "outside" else "performed"
    walk = walk.noting(activity, kind, note=note or _words_of(values))
    return _leave(_keeping(walk, activity, values), activity)


def _leave(walk: _Walk, activity: Activity) -> _Walk:
    if activity.folio is not None:
        walk = walk.wanting(Count(series=activity.folio, activity=activity.n))
    for role in activity.tell:
        walk = walk.wanting(Tell(role=role, activity=activity.n))
    if activity.next is None:
        return _close(walk, activity, activity.end or "")
    return _arrive(walk, activity.next, came_from=activity)


def _arrive(walk: _Walk, n: str, *, came_from: Activity) -> _Walk:
    """Perform what needs nobody, then give the turn to whoever answers for what is left."""
    activity = walk.procedure.activity(n)
    walk = walk.but(activity=n)
    joined = came_from.n in activity.joins
    if joined or activity.does == "auto":
        walk = walk.noting(activity, "performed", bot=not joined)
        return _leave(walk, activity)
    stage: Literal["act", "choose"] = "choose" if activity.does == "decide" else "act"
    return _open(walk, activity, stage=stage)


def _open(walk: _Walk, activity: Activity, *, stage: Literal["act", "choose"]) -> _Walk:
    role = activity.role
    if stage == "choose" and activity.does == "deliver":
        role = next(option.by for option in activity.options if option.by) or role
    request = walk.request
    turn = Turn(
        key=request.next_key,
        activity=activity.n,
        stage=stage,
        role=role,
        area=request.area if walk.manual.roles[role].of_area else None,
        pool=activity.assign.role if activity.assign else None,
        person=_whose(walk, activity),
        due=_due(walk, activity),
    )
    if activity.agenda is not None:
        starts, ends = moments(request.answers.get(activity.agenda), walk.manual.calendar)
        if starts is not None:
            walk = walk.wanting(Book(role=activity.role, activity=activity.n, starts=starts, ends=ends))
    return walk.but(turns=(*request.turns, turn), next_key=request.next_key + 1, activity=activity.n)


def _whose(walk: _Walk, activity: Activity) -> int | None:
    """Whoever of the pool acts keeps the request, so that one técnico sees it through."""
    if activity.assign is None:
        return None
    if walk.gesture.by.holds(activity.assign.role):
        return walk.gesture.by.id
    return walk.request.staff.get(activity.assign.role)


def _due(walk: _Walk, activity: Activity) -> datetime | None:
    if activity.term is not None:
        reception = walk.procedure.reception
        return due_after(
            walk.gesture.at,
            activity.term.amount,
            activity.term.unit,
            calendar=walk.manual.calendar,
            reception=reception,
        )
    return walk.request.wanted


def _keeping(walk: _Walk, activity: Activity, values: Mapping[str, Any]) -> _Walk:
    if not values:
        return walk
    mine = {**walk.request.given.get(activity.n, {}), **values}
    return walk.but(given={**walk.request.given, activity.n: mine})


def _close(walk: _Walk, activity: Activity, outcome: str) -> _Walk:
    walk = walk.noting(activity, "closed", bot=True, note=outcome)
    return walk.but(turns=(), state="closed", outcome=outcome, activity=activity.n)


def _words_of(values: Mapping[str, Any]) -> str | None:
    """What was written in a form, for the record: its texts, not its files."""
    said = [value for value in values.values() if isinstance(value, str)]
    return " · ".join(said) or None


def assign(request: Request, key: int, *, pool: str, person: int) -> Request:
    """Put one of the pool's people on a turn, and remember who has the request."""
    turns = tuple(one.model_copy(update={"person": person}) if one.key == key else one for one in request.turns)
    return request.but(turns=turns, staff={**request.staff, pool: person})
