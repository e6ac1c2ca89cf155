"""Everything that can have happened to a request, in the past tense."""

from datetime import datetime
from typing import Literal, TypeAlias

from bot.flows.value import Value

Happened: TypeAlias = Literal[
    "filed",
    "performed",
    "decided",
    "delivered",
    "reviewed",
    "corrected",
    "recorded",
    "numbered",
    "assigned",
    "commented",
    "withdrawn",
    "settled",
    "linked",
    "closed",
]

BOT = "bot"


class Event(Value):
    """One line of a request's record.

    `actor` is the person's id, or nothing where the bot performed it; `name` is how
    they were called that day. `note` is what they wrote or what was numbered.
    """

    at: datetime
    activity: str
    kind: Happened
    actor: int | None = None
    name: str = BOT
    role: str | None = None
    option: str | None = None
    note: str | None = None
