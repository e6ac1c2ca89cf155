"""A form that somebody is filling in: a new request, a correction, or what an act asks for."""

from datetime import datetime
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field

from bot.flows.value import Value

Purpose: TypeAlias = Literal[
    "file", "correct", "act", "withdraw", "comment", "ask", "answer", "rate", "decline", "invite", "search"
]

REVIEW = "_review"
CONFIRM = "_confirm"
# Among the answers: the files that come with what is said, the words under them, and the album of the last of them.
ENCLOSED = "_enclosed"
CAPTION = "_caption"
ALBUM = "_album"


class Origin(Value):
    """The sentence with which a request began.

    `asked` is the requisito that it may answer as it stands. `halves` are the parts
    that it gave of other answers, by requisito, until they are asked.
    """

    text: str
    asked: str | None = None
    halves: dict[str, dict[str, Any]] = Field(default_factory=dict)

    def without(self, key: str) -> Self:
        """Give the same, its half of that answer used."""
        return self.model_copy(update={"halves": {one: half for one, half in self.halves.items() if one != key}})


class Draft(Value):
    """What was answered so far, and what is being asked.

    `asking` is a requisito's id, `REVIEW` or `CONFIRM`. `step` grows with every
    question shown, so that a button of an earlier one is known as such.
    `pending` is the part already given of an answer that takes several messages.
    `misses` counts the answers in a row that could not be read. `prompt` is the letter
    that asks, so that its buttons are taken away once it has its answer. `option` is the
    one chosen; of an answer to a question, that question's key.
    """

    id: int
    person: int
    manual: str
    purpose: Purpose
    procedure: str = ""
    edition: str = ""
    request: int | None = None
    turn: int | None = None
    option: str | None = None
    area: str | None = None
    answers: dict[str, Any] = Field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    asking: str | None = None
    step: int = 0
    pending: dict[str, Any] = Field(default_factory=dict)
    misses: int = 0
    prompt: int | None = None
    touched_at: datetime | None = None
    origin: Origin | None = None

    def but(self, **changes: Any) -> Self:
        """Give the same draft with these fields changed."""
        return self.model_copy(update=changes)
