"""One run of a procedure: what was asked, where it stands, whose turn it is."""

from datetime import datetime
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field

from bot.flows.value import Value

Progress: TypeAlias = Literal["", "accepted", "under_way"]


class Turn(Value):
    """Somebody's move: an activity waiting for whoever answers for it.

    `key` counts within the request and is never used again, so that a button that
    names it can only ever mean this turn. `branch` is the key of the area or thing it
    is about, where there are several at once, and `item` its name. `stage` tells doing the activity from
    answering its question. `pool` is the role whose people may be handed the turn;
    `person`, who was, and `progress` what they have said of it: nothing yet, that they
    will, or that they are at it. `due` is the moment for which it is wanted, UTC.
    """

    key: int
    activity: str
    stage: Literal["act", "choose"]
    role: str
    area: str | None = None
    pool: str | None = None
    person: int | None = None
    progress: Progress = ""
    branch: str | None = None
    item: str | None = None
    due: datetime | None = None


class Extraordinary(Value):
    """Sent with less notice than the manual asks: how much there was, and why."""

    reason: str
    given: int
    asked: int
    unit: str


class Returned(Value):
    """What falls short, and what whoever returned it says."""

    requisitos: tuple[str, ...]
    comment: str = ""
    by: str


class Question(Value):
    """Something asked of whoever filed the request; nothing waits for its answer.

    `key` counts within the request and is never used again. `by` and `name` are those of
    whoever asked, `at` when, UTC; `answer` what was said to it.
    """

    key: int
    by: int
    name: str
    at: datetime
    text: str
    answer: str | None = None


class Request(Value):
    """A request as stored.

    `sent_at` and `received_at` are those of the first sending, UTC; `wanted` is the
    moment for which it is asked. `given` holds what activities' forms gathered, by
    activity (and branch, after a slash); `opened_as` is the role in which it was filed,
    `on_behalf` for whom, `parent` the request that began it; `settled`, the outcomes of
    the branches that have ended; `numbers`, the folios of inner series; `staff`, who of a pool has it,
    and `declined`, who of it has said that they cannot; `questions`, what was asked of
    whoever filed it, answered or not; `urgent`, whether its requester said that it cannot
    wait for the morning.
    """

    id: int
    manual: str
    procedure: str
    edition: str
    folio: str
    requester: int
    area: str
    answers: dict[str, Any]
    sent_at: datetime
    received_at: datetime
    wanted: datetime | None = None
    opened_as: str = ""
    on_behalf: str | None = None
    parent: int | None = None
    settled: tuple[str, ...] = ()
    extraordinary: Extraordinary | None = None
    turns: tuple[Turn, ...] = ()
    next_key: int = 1
    activity: str
    round: int = 0
    returned: Returned | None = None
    returns: tuple[Returned, ...] = ()
    given: dict[str, dict[str, Any]] = Field(default_factory=dict)
    staff: dict[str, int] = Field(default_factory=dict)
    declined: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    numbers: dict[str, str] = Field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    urgent: bool = False
    state: Literal["open", "closed"] = "open"
    outcome: str | None = None
    revision: int = 0

    def turn(self, key: int) -> Turn | None:
        """The open turn of that key, if it is still open."""
        return next((turn for turn in self.turns if turn.key == key), None)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that are still open: the end of a request is the end of its questions."""
        if self.state == "closed":
            return ()
        return tuple(one for one in self.questions if one.answer is None)

    def but(self, **changes: Any) -> Self:
        """Give the same request with these fields changed."""
        return self.model_copy(update=changes)
