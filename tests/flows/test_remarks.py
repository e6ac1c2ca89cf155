"""Questions keep their keys and close once; an album is told in one line."""

from datetime import UTC, datetime

import pytest

from bot.flows.events import Event
from bot.flows.people import Grant, Person
from bot.flows.remarks import answer, ask, comment, may_answer, together, turn_to_ask
from bot.flows.request import Request, Turn
from bot.flows.routing import Gesture, Refused
from tests.flows.shipped import CHALCO

NOW = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
ANA = Person(id=1, manual="chalco", name="Ana Robles", grants=(Grant(role="enlace", area="cultura"),))
ROSA = Person(id=2, manual="chalco", name="Rosa Ibarra", grants=(Grant(role="coordinador"),))
LUIS = Person(id=3, manual="chalco", name="Luis Gil", grants=(Grant(role="enlace", area="cultura"),))
RAUL = Person(id=4, manual="chalco", name="Raúl Ortega", grants=(Grant(role="enlace", area="odapas"),))
TURN = Turn(key=1, activity="2", stage="choose", role="coordinador")
REQUEST = Request(
    id=1,
    manual="chalco",
    procedure="GCH-CCS-P01-2023",
    edition="x",
    folio="CHA-P01-2026-0001",
    requester=ANA.id,
    area="cultura",
    answers={},
    sent_at=NOW,
    received_at=NOW,
    opened_as="enlace",
    turns=(TURN,),
    activity="2",
)


def by(person: Person) -> Gesture:
    return Gesture(by=person, at=NOW)


def test_a_key_is_never_used_again_and_a_question_is_answered_once() -> None:
    first, asked = ask(REQUEST, TURN, by(ROSA), "¿Habrá luz?")
    assert (asked.kind, asked.role, asked.note) == ("asked", "coordinador", "¿Habrá luz?")
    outcome = answer(first, 1, by(ANA), "Sí", files=(7,))
    assert not isinstance(outcome, Refused)
    after, answered = outcome
    assert (answered.kind, answered.actor, answered.files) == ("answered", ANA.id, (7,))
    assert after.unanswered == ()
    assert answer(after, 1, by(ANA), "No") == Refused("question_is_closed")
    second, _ = ask(after, TURN, by(ROSA), "¿Y sonido?")
    assert [one.key for one in second.unanswered] == [2]
    assert second.turns == REQUEST.turns


def test_a_request_that_has_ended_has_no_open_questions() -> None:
    asked, _ = ask(REQUEST, TURN, by(ROSA), "¿Habrá luz?")
    ended = asked.but(state="closed")
    assert ended.unanswered == ()
    assert answer(ended, 1, by(ANA), "Sí") == Refused("request_is_closed")


@pytest.mark.parametrize(
    ("person", "asks", "answers"), [(ANA, False, True), (ROSA, True, False), (LUIS, False, True), (RAUL, False, False)]
)
def test_who_acts_asks_and_who_filed_answers(person: Person, *, asks: bool, answers: bool) -> None:
    assert (turn_to_ask(person, REQUEST, CHALCO) is not None) is asks
    assert may_answer(person, REQUEST) is answers


def test_an_album_is_told_in_one_line() -> None:
    names = {1: "uno.jpg", 2: "dos.jpg", 3: "tres.jpg", 4: "plano.pdf"}
    album = [
        comment(REQUEST, by(ROSA), "Así quedó", (1,)),
        comment(REQUEST, by(ROSA), "dos.jpg", (2,)),
        comment(REQUEST, by(ROSA), "tres.jpg", (3,)),
    ]
    words = comment(REQUEST, by(ROSA), "dos.jpg")
    other = comment(REQUEST, by(ANA), "plano.pdf", (4,))
    told = together([words, *album, other, comment(REQUEST, by(ANA), "El otro", (4,))], names)
    assert [(one.note, one.files) for one in told] == [
        ("dos.jpg", ()), ("Así quedó", (1, 2, 3)), ("plano.pdf", (4,)), ("El otro", (4,)),
    ]  # fmt: skip
    assert all(isinstance(one, Event) for one in told)
