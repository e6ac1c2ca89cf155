"""What people say to a requisito, and what may become of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from bot.flows.calendar import Calendar
from bot.flows.procedure import Requisito

TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 2000
MAX_FILES = 20


@dataclass(frozen=True)
class Typed:
    """Somebody wrote this; `sure` where it is an answer of before, which nobody doubts again."""

    text: str
    sure: bool = False


@dataclass(frozen=True)
class Picked:
    """Somebody pressed the button of this key."""

    key: str


@dataclass(frozen=True)
class Sent:
    """Somebody sent a file that is already kept; `photo` where the app sent it as a picture."""

    file: int
    photo: bool


@dataclass(frozen=True)
class Located:
    """Somebody shared a location, in degrees."""

    latitude: float
    longitude: float
    title: str = ""


@dataclass(frozen=True)
class Phoned:
    """Somebody shared a telephone number."""

    number: str


Said: TypeAlias = Typed | Picked | Sent | Located | Phoned


@dataclass(frozen=True)
class Answered:
    """The requisito has its answer."""

    value: Any


@dataclass(frozen=True)
class Unfinished:
    """Part of the answer is here; `pending` is what to keep until the rest comes.

    `forgets` names what was pending and is so no more.
    """

    pending: dict[str, Any]
    forgets: tuple[str, ...] = ()

    def after(self, pending: Mapping[str, Any]) -> dict[str, Any]:
        """What is pending now, after what was."""
        return {**{key: one for key, one in pending.items() if key not in self.forgets}, **self.pending}


@dataclass(frozen=True)
class Misread:
    """What was said is no answer; `reason` names the template's line, `facts` its figures.

    `pending` is what was understood all the same, to be kept beside the question.
    `forgets` names what was pending and is so no more.
    """

    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    pending: dict[str, Any] = field(default_factory=dict)
    forgets: tuple[str, ...] = ()

    def after(self, pending: Mapping[str, Any]) -> dict[str, Any]:
        """What is pending now, after what was."""
        return Unfinished(self.pending, self.forgets).after(pending)


Reading: TypeAlias = Answered | Unfinished | Misread


@dataclass(frozen=True)
class Setting:
    """What reading an answer may depend on: the hour here, the days, the areas by name, and who is known.

    `past`: whether a date may lie behind us, as that of something already done. `people`
    are names by an id of theirs, where the question is about somebody.
    """

    now: datetime
    calendar: Calendar
    areas: Mapping[str, str] = field(default_factory=dict)
    past: bool = False
    people: Mapping[str, str] = field(default_factory=dict)


Reader: TypeAlias = Callable[[Requisito, Said, Setting, Mapping[str, Any]], Reading]
