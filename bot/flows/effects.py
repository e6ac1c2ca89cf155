"""What a request may want done in the world, beside being stored.

Turns opened and closed are read off the request itself; these are the rest.
"""

from datetime import datetime
from typing import TypeAlias

from bot.flows.procedure import Link
from bot.flows.value import Value


class Book(Value):
    """Put the request in the agenda of `role`, at its moment."""

    role: str
    activity: str
    starts: datetime
    ends: datetime | None = None


class Count(Value):
    """Give the next number of `series` to the request."""

    series: str
    activity: str


class Tell(Value):
    """Let the holders of `role` know, in silence, that `activity` was performed."""

    role: str
    activity: str


class Begin(Value):
    """Begin a linked request in another procedure, with some of these answers."""

    activity: str
    link: Link


Effect: TypeAlias = Book | Count | Tell | Begin
