"""Everything that can have happened to a request, in the past tense."""

from collections.abc import Iterable
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
    "accepted",
    "declined",
    "set_out",
    "commented",
    "asked",
    "answered",
    "withdrawn",
    "undone",
    "settled",
    "linked",
    "closed",
]

BOT = "bot"
# What says who has a turn, and performs nothing.
HANDS: frozenset[Happened] = frozenset({"assigned", "accepted", "declined", "set_out"})
# What people say of a request, which stays where it is.
TALK: frozenset[Happened] = frozenset({"commented", "asked", "answered"})


class Event(Value):
    """One line of a request's record.

    `actor` is the person's id, or nothing where the bot performed it; `name` is how
    they were called that day. `role` is the one in which they did it, and one that they
    held; of what the bot performed, whose it was. `note` is what they wrote or what was
    numbered; `files`, the ids of what they sent with it.
    """

    at: datetime
    activity: str
    kind: Happened
    actor: int | None = None
    name: str = BOT
    role: str | None = None
    option: str | None = None
    note: str | None = None
    files: tuple[int, ...] = ()


def standing(events: Iterable[Event]) -> list[Event]:
    """What stands of a record: without the acts that were taken back, and the taking back.

    The lines of one act share its moment, and nothing comes between an act and its undoing.
    """
    kept: list[Event] = []
    for one in events:
        if one.kind != "undone":
            kept.append(one)
            continue
        at = kept[-1].at if kept else None
        while kept and kept[-1].at == at:
            kept.pop()
    return kept
