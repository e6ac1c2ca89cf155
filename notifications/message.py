"""What is said, whoever carries it; and the ways in which saying it can fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Attachment:
    """A file to send along. `photo`: shown as a picture."""

    path: Path
    name: str
    photo: bool


@dataclass(frozen=True)
class Message:
    """HTML in Telegram's subset, and rows of (label, data); data that is a web address opens it."""

    html: str
    buttons: Sequence[Sequence[tuple[str, str]]] = ()
    silent: bool = False
    attachment: Attachment | None = None


class TryLaterError(Exception):
    """The platform cannot take it now; `after` says when to try again; `limited`, that we were too fast."""

    def __init__(self, reason: str, after: timedelta, *, limited: bool = False) -> None:
        super().__init__(reason)
        self.after = after
        self.limited = limited


class UnreachableError(Exception):
    """The person blocks us or has gone: nothing reaches them until they come back."""


class OutsideError(Exception):
    """We are not in that group, or not any more."""


class MovedError(Exception):
    """The group goes on in another `chat`."""

    def __init__(self, reason: str, chat: str) -> None:
        super().__init__(reason)
        self.chat = chat


class RefusedError(Exception):
    """The platform will never take this message."""


class GoneError(Exception):
    """The message to change is not there any more."""


class OffDutyError(Exception):
    """Another process speaks for this bot now: nothing was sent, and what waits is theirs."""


class Sender(Protocol):
    """How one bot speaks. Every method may raise the errors above.

    What is `awaited` goes before whatever else waits for its turn.
    """

    async def send(self, chat: str, message: Message, *, awaited: bool = False) -> str:
        """Send, and give the platform's id of the message."""
        ...

    async def edit(self, chat: str, message_id: str, message: Message, *, awaited: bool = False) -> None:
        """Change a message's words and buttons."""
        ...

    async def strip(self, chat: str, message_id: str, *, awaited: bool = False) -> None:
        """Take a message's buttons away; where that would make what is said there wait, they stay."""
        ...
