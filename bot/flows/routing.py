"""Where a request goes next.

Two verbs: `begin` files it, `perform` takes a turn. Both answer with the request
as it is now, the events that happened, in order, one at least for every activity
performed, and the effects that are wanted. Nothing is sent or stored here.

A person can be early, late or mistaken; none of that is an error. It is a
`Refused` with a reason, and the request stays as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

from bot.flows.calendar import due_after
from bot.flows.effects import Begin, Book, Count, Effect, Tell
from bot.flows.events import BOT, Event, Happened
from bot.flows.people import Area, Person, acts_as
from bot.flows.procedure import Activity, Manual, Option, Procedure, Requisito, applies
from bot.flows.request import Request, Returned, Turn
from bot.flows.requisitos import moments

_WRITTEN = frozenset({"text", "long_text", "person", "link"})


@dataclass(frozen=True)
class Gesture:
    """Somebody's single act, which may perform several activities; `at` in UTC.

    `areas` are the municipality's areas: their names and kinds, by id.
    """

    by: Person
    at: datetime
    areas: Mapping[str, Area] = field(default_factory=dict)


@dataclass(frozen=True)
class Branch:
    """One of several that go on side by side: an area, a thing, a comment, a planned item."""

    key: str
    name: str
    area: str | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What a gesture did."""

    request: Request
    events: tuple[Event, ...]
    effects: tuple[Effect, ...]


Reason: TypeAlias = Literal["turn_is_gone", "no_such_option", "request_is_closed", "question_is_closed"]


@dataclass(frozen=True)
class Refused:
    """Why nothing happened."""

    reason: Reason


@dataclass(frozen=True)
class _Walk:
    """A request on its way: what has happened to it in this gesture so far.

    `role` is the one in which the gesture is made, and every line of whoever makes it says so: the one that
    an activity names may be another, by the kind of the area, or because somebody of a pool was handed it.
    """

    manual: Manual
    procedure: Procedure
    gesture: Gesture
    request: Request
    role: str | None = None
    branch: Branch | None = None
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
    ) -> "_Walk":
        event = Event(
            at=self.gesture.at,
            activity=activity.n,
            kind=kind,
            actor=None if bot else self.gesture.by.id,
            name=BOT if bot else self.gesture.by.name,
            role=self.answering(activity) if bot else self.role,
            option=option,
            note=note,
        )
        return replace(self, events=(*self.events, event))

    def answering(self, activity: Activity) -> str:
        """The role that answers for an activity, by the kind of the area that asks."""
        area = self.gesture.areas.get(self.request.area)
        return activity.role_for.get(area.kind, activity.role) if area else activity.role

    def outcome(self) -> Outcome:
        return Outcome(self.request, self.events, self.effects)


def begin(manual: Manual, procedure: Procedure, request: Request, gesture: Gesture) -> Outcome:
    """File `request`, as yet without a turn, and take it as far as it goes by itself."""
    walk = _Walk(manual, procedure, gesture, request, _opening(procedure, request))
    walk = walk.noting(procedure.first, "filed", note=request.on_behalf)
    if procedure.first.does == "plan":  # a campaign begins by being planned
        return _open(walk, procedure.first, stage="act").outcome()
    return _leave(walk, procedure.first).outcome()


def begin_linked(
    manual: Manual, procedure: Procedure, request: Request, gesture: Gesture, *, at: str, parent: str
) -> Outcome:
    """Begin a request at an inner activity, because another one (its folio is `parent`) led to it."""
    walk = _Walk(manual, procedure, gesture, request)
    walk = walk.noting(procedure.first, "linked", bot=True, note=parent)
    return _arrive(walk, at, came_from=procedure.first).outcome()


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
    branch = None
    if turn.branch is not None:
        known = turn.branch if turn.branch in gesture.areas else None
        branch = Branch(turn.branch, turn.item or "", turn.area or known, turn.due)
    walk = _Walk(manual, procedure, gesture, request, acts_as(gesture.by, turn), branch)
    activity = procedure.activity(turn.activity)
    if turn.stage == "act":
        return _act(_ending(walk, key), activity, values or {}, note).outcome()
    chosen = activity.option(option) if option else None
    if chosen is None:
        return Refused("no_such_option")
    if chosen.spawns:
        return _spawn(walk, activity, chosen, turn, values or {}).outcome()
    return _choose(_ending(walk, key), activity, chosen, values or {}, returned, note).outcome()


def _ending(walk: _Walk, key: int) -> _Walk:
    return walk.but(turns=tuple(one for one in walk.request.turns if one.key != key))


def withdraw(
    manual: Manual, procedure: Procedure, request: Request, gesture: Gesture, note: str | None
) -> Outcome | Refused:
    """Close a request at the wish of whoever filed it.

    It stays theirs to withdraw when the role in which they filed it has ended; then they do so in none.
    """
    if request.state == "closed":
        return Refused("request_is_closed")
    role = _opening(procedure, request)
    held = gesture.by.holds(role, request.area or None)
    walk = _Walk(manual, procedure, gesture, request, role if held else None)
    walk = walk.noting(procedure.activity(request.activity), "withdrawn", note=note)
    return walk.but(turns=(), state="closed", outcome=manual.withdrawn).outcome()


def _opening(procedure: Procedure, request: Request) -> str:
    """The role in which a request was filed."""
    return request.opened_as or procedure.first.role


def _choose(
    walk: _Walk,
    activity: Activity,
    option: Option,
    values: Mapping[str, Any],
    returned: Returned | None,
    note: str | None,
) -> _Walk:
    kind: Happened = "reviewed" if activity.does == "deliver" else "decided"
    said = note or (returned.comment if returned else None) or _words_of(option.form, values)
    walk = walk.noting(activity, kind, option=option.id, note=said or None)
    walk = _choosing(walk, activity, values).but(returned=returned)
    if returned is not None:
        walk = walk.but(returns=(*walk.request.returns, returned))
    if option.due is not None and walk.branch is not None:
        due = moments(values.get(option.due), walk.manual.calendar)[0]
        walk = replace(walk, branch=replace(walk.branch, due=due))
    if option.to is None:
        return _close(walk, activity, option.outcome or option.label)
    return _arrive(_wanting(walk, activity), option.to, came_from=activity)


def _choosing(walk: _Walk, activity: Activity, values: Mapping[str, Any]) -> _Walk:
    """Keep what a choice's form gathered in place of what an earlier choice did: that has been answered."""
    if activity.does != "decide":
        return _keeping(walk, activity, values)
    key = f"{activity.n}/{walk.branch.key}" if walk.branch else activity.n
    given = {other: kept for other, kept in walk.request.given.items() if other != key}
    return _keeping(walk.but(given=given), activity, values)


def _spawn(walk: _Walk, activity: Activity, option: Option, turn: Turn, values: Mapping[str, Any]) -> _Walk:
    """Begin something beside a turn, which goes on waiting."""
    walk = walk.noting(activity, "decided", option=option.id, note=_words_of(option.form, values))
    number = 1 + len([key for key in walk.request.given if key.startswith(f"{activity.n}/")])
    branch = Branch(f"{activity.n}-{number}", f"{option.label} {number}", turn.area)
    side = replace(_keeping(replace(walk, branch=branch), activity, values), branch=branch)
    stays = walk.request.activity
    return _arrive(side, option.to or activity.n, came_from=activity).but(activity=stays)


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
    walk = walk.noting(activity, kind, note=note or _words_of(activity.form, values))
    return _leave(_keeping(walk, activity, values), activity)


def _leave(walk: _Walk, activity: Activity) -> _Walk:
    walk = _wanting(walk, activity)
    if activity.next is None:
        return _close(walk, activity, activity.end or "")
    return _arrive(walk, activity.next, came_from=activity)


def _wanting(walk: _Walk, activity: Activity) -> _Walk:
    """Want what follows from an activity having been performed."""
    if activity.folio is not None:
        walk = walk.wanting(Count(series=activity.folio, activity=activity.n))
    for role in activity.tell:
        walk = walk.wanting(Tell(role=role, activity=activity.n))
    if activity.opens is not None and applies(activity.opens.when, walk.request.answers):
        walk = walk.wanting(Begin(activity=activity.n, link=activity.opens))
    return walk


def _arrive(walk: _Walk, n: str, *, came_from: Activity) -> _Walk:
    """Perform what needs nobody, then give the turn to whoever answers for what is left."""
    activity = walk.procedure.activity(n)
    if activity.join:
        if walk.request.turns:
            return _settled(walk, came_from)
        walk = replace(walk, branch=None)
    if activity.each is not None and walk.branch is None:
        branches = _branches(walk, activity.each)
        if not branches:  # nothing was named: then it is one thing, as ever
            return _enter(walk, activity, came_from)
        for branch in branches:
            walk = replace(_enter(replace(walk, branch=branch), activity, came_from), branch=None)
        return walk
    return _enter(walk, activity, came_from)


def _enter(walk: _Walk, activity: Activity, came_from: Activity) -> _Walk:
    walk = walk.but(activity=activity.n)
    joined = came_from.n in activity.joins
    if joined or activity.does == "auto":
        walk = walk.noting(activity, "performed", bot=not joined)
        return _leave(walk, activity)
    stage: Literal["act", "choose"] = "choose" if activity.does == "decide" else "act"
    return _open(walk, activity, stage=stage)


def _settled(walk: _Walk, came_from: Activity) -> _Walk:
    """One of several has arrived where the others are waited for."""
    name = walk.branch.name if walk.branch else None
    return walk.noting(came_from, "settled", bot=True, note=name).but(activity=walk.request.turns[0].activity)


def _branches(walk: _Walk, name: str) -> list[Branch]:
    """What goes on side by side: the areas, things or planned items of that name."""
    gathered = [walk.request.answers, *walk.request.given.values()]
    found = next((one[name] for one in gathered if name in one), None)
    if isinstance(found, Mapping):  # a plan: each item with its day
        names = _names(walk)
        return [
            Branch(str(key), names.get(key, str(key)), key if key in walk.gesture.areas else None, _day(walk, day))
            for key, day in found.items()
        ]
    if found is None:
        return []
    branches: list[Branch] = []
    for place, one in enumerate(found if isinstance(found, list) else [found], start=1):
        if isinstance(one, Mapping):
            label = next((value for value in one.values() if isinstance(value, str)), str(place))
            branches.append(Branch(str(place), label))
        else:
            known = walk.gesture.areas.get(str(one))
            branches.append(Branch(str(one), known.name if known else str(one), str(one)))
    return branches


def _names(walk: _Walk) -> dict[str, str]:
    named = {key: area.name for key, area in walk.gesture.areas.items()}
    for things in walk.manual.lists.values():
        named.update(things)
    return named


def _day(walk: _Walk, day: Any) -> datetime | None:
    return moments(day, walk.manual.calendar)[0]


def _open(walk: _Walk, activity: Activity, *, stage: Literal["act", "choose"]) -> _Walk:
    role = _role(walk, activity, stage)
    request = walk.request
    area = (walk.branch.area if walk.branch else None) or request.area
    turn = Turn(
        key=request.next_key,
        activity=activity.n,
        stage=stage,
        role=role,
        area=area if walk.manual.roles[role].of_area else None,
        pool=activity.assign.role if activity.assign else None,
        person=_whose(walk, activity),
        progress="under_way" if activity.assign and walk.gesture.by.holds(activity.assign.role) else "",
        branch=walk.branch.key if walk.branch else None,
        item=walk.branch.name if walk.branch else None,
        due=_due(walk, activity),
    )
    if activity.agenda is not None:
        starts, ends = moments(request.answers.get(activity.agenda), walk.manual.calendar)
        if starts is not None:
            walk = walk.wanting(Book(role=activity.role, activity=activity.n, starts=starts, ends=ends))
    return walk.but(turns=(*request.turns, turn), next_key=request.next_key + 1, activity=activity.n)


def _role(walk: _Walk, activity: Activity, stage: Literal["act", "choose"]) -> str:
    """Who must take a turn: the activity's role, whoever reviews it, or whoever filed for somebody else."""
    role = walk.answering(activity)
    if stage == "choose" and activity.does == "deliver":
        role = next(option.by for option in activity.options if option.by) or role
    asks = role == walk.procedure.first.role and walk.branch is None
    return _opening(walk.procedure, walk.request) if asks else role


def _whose(walk: _Walk, activity: Activity) -> int | None:
    """Whoever of the pool acts keeps the request, so that one técnico sees it through."""
    if activity.assign is None:
        return None
    if walk.gesture.by.holds(activity.assign.role):
        return walk.gesture.by.id
    return walk.request.staff.get(activity.assign.role)


def _due(walk: _Walk, activity: Activity) -> datetime | None:
    if walk.branch is not None and walk.branch.due is not None:
        return walk.branch.due
    delivery = walk.procedure.delivery
    term = activity.term or (delivery if delivery and delivery.from_activity == activity.n else None)
    if term is None:
        return walk.request.wanted
    return due_after(
        walk.gesture.at,
        term.amount,
        term.unit,
        calendar=walk.manual.calendar,
        reception=walk.procedure.reception,
    )


def _keeping(walk: _Walk, activity: Activity, values: Mapping[str, Any]) -> _Walk:
    """Keep what a form gathered; of a proposal, every round."""
    if activity.does == "plan":
        values = {activity.plan or "plan": dict(values)}
    if not values:
        return walk
    key = f"{activity.n}/{walk.branch.key}" if walk.branch else activity.n
    given = dict(walk.request.given)
    if activity.does == "deliver" and key in given and set(values) & set(given[key]):
        given[f"{key}#{walk.request.round - 1}"] = given[key]
    given[key] = {**given.get(key, {}), **values}
    return walk.but(given=given)


def _close(walk: _Walk, activity: Activity, outcome: str) -> _Walk:
    """End the request; or, of several side by side, one of them."""
    if walk.branch is None:
        walk = walk.noting(activity, "closed", bot=True, note=outcome)
        return walk.but(turns=(), state="closed", outcome=outcome, activity=activity.n)
    walk = walk.noting(activity, "settled", bot=True, note=f"{walk.branch.name}: {outcome}")
    walk = walk.but(settled=(*walk.request.settled, outcome))
    if walk.request.turns:
        return walk.but(activity=walk.request.turns[0].activity)
    whole = "; ".join(dict.fromkeys(walk.request.settled))
    return _close(replace(walk, branch=None), activity, whole)


def _words_of(form: Sequence[Requisito], values: Mapping[str, Any]) -> str | None:
    """What was written in a form, for the record: its words, not its files or the ids of its options."""
    said = [str(values[one.id]) for one in form if one.kind in _WRITTEN and one.id in values]
    return " · ".join(said) or None


def taken_back(before: Request, after: Request) -> Request:
    """Give a request as it was before an act that led to `after`.

    Turns that the act ended are opened again under new keys: a key is never used twice. What was asked
    meanwhile was asked.
    """
    key = after.next_key
    turns: list[Turn] = []
    for turn in before.turns:
        if after.turn(turn.key) is not None:
            turns.append(turn)
        else:
            turns.append(turn.model_copy(update={"key": key}))
            key += 1
    return before.but(turns=tuple(turns), next_key=key, revision=after.revision, questions=after.questions)
