"""What people say about a request: comments, and questions that are asked and answered while it goes on."""

from collections.abc import Iterable, Mapping

from bot.flows.events import Event, Happened
from bot.flows.people import Person, acts_as, may_act
from bot.flows.procedure import Manual
from bot.flows.request import Question, Request, Turn
from bot.flows.routing import Gesture, Refused


def comment(request: Request, gesture: Gesture, note: str, files: tuple[int, ...] = ()) -> Event:
    """Add something to a request, which stays where it is."""
    return _said("commented", request.activity, gesture, note, files=files)


def turn_to_ask(person: Person, request: Request, manual: Manual) -> Turn | None:
    """The turn of theirs for which they may ask; whoever filed the request has nobody to ask."""
    if person.id == request.requester:
        return None
    return next((turn for turn in request.turns if may_act(person, turn, manual)), None)


def may_answer(person: Person, request: Request) -> bool:
    """Whether they speak for what was asked for: whoever filed it, and whoever else may in that area's name."""
    if person.id == request.requester:
        return True
    return bool(request.area) and person.holds(request.opened_as, request.area)


def ask(request: Request, turn: Turn, gesture: Gesture, text: str) -> tuple[Request, Event]:
    """Open a question, for whoever takes that turn."""
    question = Question(
        key=len(request.questions) + 1,  # none is ever taken away
        by=gesture.by.id,
        name=gesture.by.name,
        at=gesture.at,
        text=text,
    )
    event = _said("asked", turn.activity, gesture, text, role=acts_as(gesture.by, turn))
    return request.but(questions=(*request.questions, question)), event


def answer(
    request: Request, key: int, gesture: Gesture, note: str, files: tuple[int, ...] = ()
) -> tuple[Request, Event] | Refused:
    """Close a question with what is said to it."""
    if request.state == "closed":
        return Refused("request_is_closed")
    if all(one.key != key for one in request.unanswered):
        return Refused("question_is_closed")
    questions = tuple(one.model_copy(update={"answer": note}) if one.key == key else one for one in request.questions)
    event = _said("answered", request.activity, gesture, note, files=files)
    return request.but(questions=questions), event


def _said(
    kind: Happened, n: str, gesture: Gesture, note: str, *, role: str | None = None, files: tuple[int, ...] = ()
) -> Event:
    return Event(
        at=gesture.at,
        activity=n,
        kind=kind,
        actor=gesture.by.id,
        name=gesture.by.name,
        role=role,
        note=note,
        files=files,
    )


def named(files: Iterable[str]) -> str:
    """What stands in the record for files that came without a word: their names."""
    return ", ".join(files)


def together(events: Iterable[Event], names: Mapping[int, str]) -> list[Event]:
    """Tell the pictures of an album as one: they come one by one, and only the first has words.

    `names` are those of the files.
    """
    told: list[Event] = []
    for one in events:
        before = told[-1] if told else None
        if (
            before is not None
            and before.files
            and before.actor == one.actor
            and one.kind == "commented"
            and one.files
            and one.note == named(names.get(file, "") for file in one.files)
        ):
            told[-1] = before.model_copy(update={"files": (*before.files, *one.files)})
        else:
            told.append(one)
    return told
