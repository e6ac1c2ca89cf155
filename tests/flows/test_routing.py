"""Every way through the procedures: which activities are recorded, in which order, for each gesture and each end."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.effects import Book, Count, Effect, Tell
from bot.flows.events import Event
from bot.flows.people import Area, Person, may_act
from bot.flows.procedure import Activity, Manual, Option, Procedure, Term
from bot.flows.request import Request, Returned, Turn
from bot.flows.routing import Gesture, Outcome, Refused, begin, perform, withdraw
from bot.flows.staff import assign
from tests.flows.shipped import CHALCO, COVERAGE, GRAPHICS, NAMES, SHIPPED, SUPPORT, WEDNESDAY, somebody

AREA = "cultura"


@dataclass
class Run:
    """A request on its way, with everything that happened to it."""

    manual: Manual
    law: Procedure
    request: Request
    kind: str = "central"
    events: list[Event] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)

    @classmethod
    def of(
        cls, manual: Manual, law: Procedure, answers: dict[str, Any] | None = None, *, kind: str = "central"
    ) -> "Run":
        request = Request(
            id=1,
            manual=manual.id,
            procedure=law.code,
            edition="0",
            folio="0001",
            requester=1,
            area=AREA,
            answers=answers or {},
            sent_at=WEDNESDAY,
            received_at=WEDNESDAY,
            activity=law.first.n,
        )
        run = cls(manual, law, request, kind)
        run.follow(begin(manual, law, request, gesture(run.holder(law.first.role), kind)))
        return run

    def holder(self, role: str) -> Person:
        of_area = self.manual.roles[role].of_area
        return somebody(role, area=AREA if of_area else None, known_as=sorted(self.manual.roles).index(role) + 1)

    def turn(self) -> Turn:
        [turn] = self.request.turns
        return turn

    def follow(self, outcome: Outcome | Refused) -> tuple[Event, ...]:
        assert isinstance(outcome, Outcome)
        assert outcome.events
        self.request = outcome.request
        self.events.extend(outcome.events)
        self.effects.extend(outcome.effects)
        self.keys.extend(turn.key for turn in self.request.turns if turn.key not in self.keys)
        return outcome.events

    def take(self, option: str | None = None, *, by: Person | None = None, **more: Any) -> tuple[Event, ...]:
        turn = self.turn()
        person = by or self.holder(turn.role)
        assert may_act(person, turn, self.manual)
        return self.follow(
            perform(self.manual, self.law, self.request, turn.key, gesture(person), option=option, **more)
        )

    def walk(self, gestures: str) -> "Run":
        """Take turns one after the other: `!` performs an activity, a word is the option chosen."""
        for one in gestures.split():
            self.take(None if one == "!" else one)
        return self

    @property
    def path(self) -> str:
        return " ".join(one.activity for one in self.events if one.kind != "closed")


def gesture(by: Person, kind: str = "central") -> Gesture:
    """Somebody's act; `kind` is that of the area that asks."""
    return Gesture(by=by, at=WEDNESDAY, areas={AREA: Area(id=AREA, name="Cultura", kind=kind)})


def covering() -> Run:
    return Run.of(CHALCO, COVERAGE, {"fecha": "2026-12-11T17:00-06:00/19:00"})


# Each line: procedure | gestures after the filing | the activities recorded | how it ends, or whose turn it is.
PATHS = """
P01 | | 1 | 2 coordinador
P01 | cumple | 1 2 5 6 | 7 comunicacion
P01 | cumple ! ! | 1 2 5 6 7 8 | Cobertura concluida
P01 | no_cumple | 1 2 3 | 4 enlace
P01 | no_cumple ! | 1 2 3 4 1 | 2 coordinador
P01 | no_cumple ! cumple ! ! | 1 2 3 4 1 2 5 6 7 8 | Cobertura concluida
P01 | no_cumple ! no_cumple ! cumple ! ! | 1 2 3 4 1 2 3 4 1 2 5 6 7 8 | Cobertura concluida
P06 | cumple | 1 2 5 6 | 7 comunicacion
P06 | cumple ! | 1 2 5 6 7 | 7 enlace
P06 | cumple ! aprobar | 1 2 5 6 7 7 8 | 10 comunicacion
P06 | cumple ! aprobar ! | 1 2 5 6 7 7 8 10 | Material entregado
P06 | cumple ! cambios | 1 2 5 6 7 7 9 | 5 coordinador
P06 | cumple ! cambios ! ! aprobar ! | 1 2 5 6 7 7 9 5 6 7 7 8 10 | Material entregado
P06 | cumple ! cambios ! ! cambios ! ! aprobar ! | 1 2 5 6 7 7 9 5 6 7 7 9 5 6 7 7 8 10 | Material entregado
P06 | no_cumple ! cumple ! aprobar ! | 1 2 3 4 1 2 5 6 7 7 8 10 | Material entregado
P10 | | 1 | 2 coordinador
P10 | ! | 1 2 | 3 gobierno_digital
P10 | ! cumple | 1 2 3 | 6 gobierno_digital
P10 | ! cumple ! solucionada conforme | 1 2 3 6 7 9 10 | Solucionada
P10 | ! cumple ! no_solucionada | 1 2 3 6 7 | 8 gobierno_digital
P10 | ! cumple ! no_solucionada ! | 1 2 3 6 7 8 | No solucionada, con dictamen técnico interno
P10 | ! no_procede | 1 2 3 | No procede
P10 | ! no_cumple ! ! cumple ! solucionada conforme | 1 2 3 4 5 1 2 3 6 7 9 10 | Solucionada
P10 | ! cumple ! solucionada no_conforme | 1 2 3 6 7 9 | 7 gobierno_digital
P10 | ! cumple ! solucionada no_conforme solucionada conforme | 1 2 3 6 7 9 7 9 10 | Solucionada
P10 | ! cumple ! solucionada no_conforme no_solucionada | 1 2 3 6 7 9 7 | 8 gobierno_digital
P10 | ! cumple ! taller taller | 1 2 3 6 7 7 | 7 gobierno_digital
P10 | ! cumple ! taller solucionada conforme | 1 2 3 6 7 7 9 10 | Solucionada
"""
LAWS = {"P01": COVERAGE, "P06": GRAPHICS, "P10": SUPPORT}
LINES = [tuple(part.strip() for part in line.split("|")) for line in PATHS.strip().splitlines()]


@pytest.mark.parametrize(("law", "gestures", "path", "where"), LINES)
def test_a_request_walks_the_activities_of_the_manual(law: str, gestures: str, path: str, where: str) -> None:
    run = Run.of(CHALCO, LAWS[law]).walk(gestures)
    assert run.path == path
    if run.request.state == "closed":
        assert run.request.outcome == where
        assert (run.request.turns, run.events[-1].kind, run.events[-1].note) == ((), "closed", where)
    else:
        assert f"{run.turn().activity} {run.turn().role}" == where
        assert run.request.outcome is None
    assert len(run.keys) == len(set(run.keys))


def test_the_record_says_what_was_done_by_whom_and_what_the_bot_did() -> None:
    run = Run.of(CHALCO, GRAPHICS).walk("no_cumple ! cumple ! cambios ! ! aprobar !")
    told = [(one.activity, one.kind, one.role, one.option, one.actor is None) for one in run.events]
    assert told == [
        ("1", "filed", "enlace", None, False),
        ("2", "decided", "coordinador", "no_cumple", False),
        ("3", "performed", "coordinador", None, False),
        ("4", "corrected", "enlace", None, False),
        ("1", "performed", "enlace", None, False),
        ("2", "decided", "coordinador", "cumple", False),
        ("5", "performed", "coordinador", None, False),
        ("6", "performed", "comunicacion", None, True),
        ("7", "delivered", "comunicacion", None, False),
        ("7", "reviewed", "enlace", "cambios", False),
        ("9", "performed", "enlace", None, False),
        ("5", "performed", "coordinador", None, False),
        ("6", "performed", "comunicacion", None, True),
        ("7", "delivered", "comunicacion", None, False),
        ("7", "reviewed", "enlace", "aprobar", False),
        ("8", "performed", "enlace", None, False),
        ("10", "performed", "comunicacion", None, False),
        ("10", "closed", "comunicacion", None, True),
    ]
    assert {one.name for one in run.events if one.actor is None} == {"bot"}
    assert {one.at for one in run.events} == {WEDNESDAY}


# Turns


def test_a_turn_is_of_the_area_where_its_role_is() -> None:
    run = Run.of(CHALCO, GRAPHICS)
    assert run.turn().area is None
    run.walk("no_cumple")
    assert (run.turn().stage, run.turn().role, run.turn().area) == ("act", "enlace", AREA)


def test_a_decision_waits_for_its_answer_and_a_task_for_its_deed() -> None:
    run = covering()
    assert run.turn().stage == "choose"
    run.walk("cumple")
    assert run.turn().stage == "act"


def test_a_proposal_is_reviewed_in_numbered_rounds_by_whoever_asked() -> None:
    run = Run.of(CHALCO, GRAPHICS).walk("cumple !")
    assert (run.turn().role, run.turn().stage, run.turn().area, run.request.round) == ("enlace", "choose", AREA, 1)
    run.walk("cambios ! !")
    assert run.request.round == 2
    assert [one.note for one in run.events if one.kind == "delivered"] == ["ronda 1", "ronda 2"]


def test_a_turn_that_is_gone_is_refused() -> None:
    run = covering()
    gone, by = run.turn().key, gesture(run.holder("coordinador"))
    run.walk("cumple")
    assert perform(CHALCO, COVERAGE, run.request, gone, by, option="no_cumple") == Refused("turn_is_gone")
    assert perform(CHALCO, COVERAGE, run.request, 99, by) == Refused("turn_is_gone")


@pytest.mark.parametrize("option", [None, "", "aprobar", "si"])
def test_an_option_that_does_not_exist_is_refused(option: str | None) -> None:
    run = covering()
    by = gesture(run.holder("coordinador"))
    refused = perform(CHALCO, COVERAGE, run.request, run.turn().key, by, option=option)
    assert refused == Refused("no_such_option")


def test_nothing_happens_to_a_closed_request() -> None:
    run = covering().walk("cumple ! !")
    by = gesture(somebody("enlace", area=AREA))
    assert perform(CHALCO, COVERAGE, run.request, 1, by, option="cumple") == Refused("request_is_closed")
    assert withdraw(CHALCO, COVERAGE, run.request, by, None) == Refused("request_is_closed")


@pytest.mark.parametrize("gestures", ["", "no_cumple", "cumple", "cumple !"])
def test_a_request_can_be_withdrawn_wherever_it_stands(gestures: str) -> None:
    run = covering().walk(gestures)
    stood = run.request.activity
    [event] = run.follow(withdraw(CHALCO, COVERAGE, run.request, gesture(run.holder("enlace")), "Se canceló"))
    assert (event.activity, event.kind, event.role, event.note) == (stood, "withdrawn", "enlace", "Se canceló")
    assert (run.request.state, run.request.turns, run.request.outcome) == ("closed", (), CHALCO.withdrawn)


def test_whoever_filed_a_request_withdraws_it_in_that_role_or_in_none() -> None:
    run = Run.of(CHALCO, COVERAGE)
    run.request = run.request.but(opened_as="coordinador", area="")
    for by, role in ((somebody("coordinador"), "coordinador"), (somebody("comunicacion"), None)):
        outcome = withdraw(CHALCO, COVERAGE, run.request, gesture(by), None)
        assert isinstance(outcome, Outcome)
        assert [one.role for one in outcome.events] == [role]


# What a gesture carries


def test_what_is_returned_goes_with_the_request_until_it_is_corrected() -> None:
    run = covering()
    returned = Returned(requisitos=("lugar",), comment="Falta la dirección", by="Rosa")
    decided, *_ = run.take("no_cumple", returned=returned)
    assert decided.note == "Falta la dirección"
    assert run.request.returned == returned
    run.take(values={"lugar": {"text": "Plaza Cívica 1"}})
    mended = run.request
    assert mended.returned is None
    assert mended.answers == {"fecha": "2026-12-11T17:00-06:00/19:00", "lugar": {"text": "Plaza Cívica 1"}}


def test_what_a_form_gathered_stays_under_its_activity() -> None:
    run = Run.of(CHALCO, GRAPHICS).walk("cumple")
    run.take(values={"propuesta": [7]})
    reviewed, *_ = run.take("cambios", values={"observaciones": "Más grande"})
    assert reviewed.note == "Más grande"
    assert run.request.given == {"7": {"propuesta": [7], "observaciones": "Más grande"}}
    run.walk("!").take(values={"propuesta": [8]})
    assert run.request.given["7"] == {"propuesta": [8], "observaciones": "Más grande"}


def test_a_reason_is_in_the_record() -> None:
    run = Run.of(CHALCO, SUPPORT).walk("!")
    decided, closed = run.take("no_procede", note="No es equipo del Ayuntamiento")
    assert (decided.note, closed.note) == ("No es equipo del Ayuntamiento", "No procede")


def test_a_dictamen_is_in_the_record_in_words() -> None:
    run = Run.of(CHALCO, SUPPORT).walk("! cumple ! no_solucionada")
    told, _ = run.take(values={"causa": "adquisicion", "motivos": "Fuente quemada", "especificaciones": "500 W"})
    assert told.note == "Fuente quemada · 500 W", "words, not the ids of options"


# What follows from an activity


def test_a_coverage_is_put_in_the_agenda_at_its_hours() -> None:
    run = covering().walk("cumple")
    starts = WEDNESDAY.replace(month=12, day=11, hour=23, minute=0)
    assert run.effects == [Book(role="comunicacion", activity="7", starts=starts, ends=starts + timedelta(hours=2))]
    assert Run.of(CHALCO, COVERAGE).walk("cumple").effects == [], "without a date there is nothing to put"


def test_the_coordination_is_told_of_an_approval() -> None:
    run = Run.of(CHALCO, GRAPHICS).walk("cumple ! cambios ! !")
    assert run.effects == []
    run.walk("aprobar")
    assert run.effects == [Tell(role="coordinador", activity="8")]


def test_a_format_gets_its_number_once_somebody_goes() -> None:
    run = Run.of(CHALCO, SUPPORT).walk("! cumple")
    assert run.effects == []
    run.walk("! solucionada no_conforme solucionada conforme")
    assert run.effects == [Count(series="formato_soporte", activity="6")]


def test_one_person_of_the_pool_sees_a_request_through() -> None:
    run = Run.of(CHALCO, SUPPORT).walk("! cumple")
    tono = somebody("tecnico", known_as=50)
    elena = somebody("tecnico", known_as=51)
    assert (run.turn().pool, run.turn().person) == ("tecnico", None)
    run.request = assign(run.request, run.turn().key, pool="tecnico", person=tono.id)
    assert run.turn().person == tono.id
    assert may_act(tono, run.turn(), CHALCO)
    assert not may_act(elena, run.turn(), CHALCO)
    run.take(by=tono)
    assert run.turn().person == tono.id
    run.take("solucionada", by=tono)
    assert (run.turn().role, run.turn().pool, run.turn().person) == ("enlace", None, None)
    run.walk("no_conforme")
    assert run.turn().person == tono.id


def test_whoever_of_the_pool_takes_a_request_keeps_it() -> None:
    run = Run.of(CHALCO, SUPPORT).walk("! cumple")
    run.take(by=somebody("tecnico", known_as=51))
    assert run.turn().person == 51


def test_a_turn_is_wanted_for_the_moment_of_the_request_or_by_its_own_term() -> None:
    run = covering()
    run.request = run.request.but(wanted=WEDNESDAY + timedelta(days=23))
    run.walk("cumple")
    assert run.turn().due == WEDNESDAY + timedelta(days=23)
    termed = tuple(
        one.model_copy(update={"term": Term(amount=2, unit="business_days")}) if one.n == "2" else one
        for one in COVERAGE.activities
    )
    within = Run.of(CHALCO, COVERAGE.model_copy(update={"activities": termed}))
    assert within.turn().due == WEDNESDAY.replace(day=20, hour=22, minute=0), "when reception closes on Friday"


# Any way through any procedure


def nearest(law: Procedure, activity: Activity) -> Option:
    """The option from which an end is the fewest activities away."""
    return min(activity.options, key=lambda option: steps(law, option.to))


def steps(law: Procedure, n: str | None) -> int:
    taken, level = 0, {n}
    while not any(one is None or law.activity(one).end is not None for one in level):
        taken += 1
        reached = {way for one in level if one is not None for way in law.activity(one).exits()}
        ends = any(option.to is None for one in level if one is not None for option in law.activity(one).options)
        level = reached | ({None} if ends else set())
        assert taken <= len(law.activities)
    return taken


def well_told(run: Run, before: Request, turn: Turn, events: tuple[Event, ...], *, stays: bool) -> None:
    """A gesture's events begin with its own activity and follow the procedure's ways from there.

    `stays`: the turn goes on waiting, because what was chosen begins beside it.
    """
    events = tuple(one for one in events if one.kind != "settled")
    numbers = {one.n for one in run.law.activities}
    assert {one.activity for one in events} <= numbers
    assert events[0].activity == turn.activity
    for one, following in pairwise(events):
        ways = set(run.law.activity(one.activity).exits())
        assert following.activity in ways or (following.kind == "closed" and following.activity == one.activity)
    assert (run.request.turn(turn.key) is not None) is stays
    assert before.next_key <= run.request.next_key
    assert all(one.key >= before.next_key for one in run.request.turns if one not in before.turns)
    if run.request.state == "closed":
        assert (events[-1].kind, run.request.turns) == ("closed", ())
        assert run.request.outcome
        return
    assert run.request.turns
    last = run.law.activity(events[-1].activity)
    opened = {one.activity for one in run.request.turns if one not in before.turns}
    assert opened <= {last.n, *last.exits()}


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
@settings(max_examples=40)
@given(st.lists(st.integers(0, 5), max_size=15))
def test_every_way_is_recorded_and_comes_to_an_end(manual: Manual, law: Procedure, ways: list[int]) -> None:
    run = Run.of(manual, law)
    limit = len(ways) + 4 * len(law.activities)
    for taken in range(limit):
        if run.request.state == "closed":
            break
        before, turn = run.request, run.request.turns[0]
        activity = law.activity(turn.activity)
        option, stays = None, False
        if turn.stage == "choose":
            chosen = activity.options[ways[taken] % len(activity.options)] if taken < len(ways) else None
            taken_option = chosen or nearest(law, activity)
            option, stays = taken_option.id, taken_option.spawns
        by = gesture(run.holder(turn.role))
        assert may_act(by.by, turn, manual)
        followed = run.follow(perform(manual, law, before, turn.key, by, option=option))
        well_told(run, before, turn, followed, stays=stays)
        if stays:
            continue
        assert perform(manual, law, run.request, turn.key, by, option=option) in (
            Refused("turn_is_gone"),
            Refused("request_is_closed"),
        )
    assert run.request.state == "closed"
    assert len(run.keys) == len(set(run.keys))
    assert {int(one) for one in run.keys} == set(range(1, run.request.next_key))


@pytest.mark.parametrize("kind", ["central", "organismo"])
@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_every_activity_can_be_performed_in_a_role_that_one_holds(manual: Manual, law: Procedure, kind: str) -> None:
    """Every option of every turn is tried once from wherever it is first met, by each who may."""
    performed: set[str] = set()
    tried: set[tuple[str, str, str | None]] = set()
    pending = [Run.of(manual, law, kind=kind)]
    while pending:
        run = pending.pop()
        performed.update(one.activity for one in run.events)
        for turn in run.request.turns:
            options = [one.id for one in law.activity(turn.activity).options] if turn.stage == "choose" else [None]
            for option in options:
                if (turn.activity, turn.stage, option) in tried:
                    continue
                tried.add((turn.activity, turn.stage, option))
                for role in sorted({*manual.with_role(turn.role), turn.pool or turn.role}):
                    branch, by = Run(manual, law, run.request, kind), run.holder(role)
                    act = gesture(by, kind)
                    events = branch.follow(perform(manual, law, run.request, turn.key, act, option=option))
                    signed = {one.role or "" for one in events if one.actor == by.id}
                    assert all(manual.with_role(one) & by.roles for one in signed), (role, signed)
                pending.append(branch)
    assert performed == {one.n for one in law.activities}
