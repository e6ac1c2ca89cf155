"""What a channel brings to the desk: who did what, in words of no platform."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True)
class Wrote:
    """A text; `reply_to` is the message it answers, by the platform's id."""

    text: str
    reply_to: str | None = None
    forwarded: bool = False


@dataclass(frozen=True)
class Pressed:
    """A button of the message of that id."""

    data: str
    message: str


@dataclass(frozen=True)
class Upload:
    """A file whose bytes are already kept under `sha256`; or the `trouble` that kept it away.

    `album` is the same for pictures that were sent together. `size` in bytes. `reply_to`
    is the message it answers.
    """

    name: str
    type: str
    size: int
    photo: bool
    sha256: str | None
    trouble: Literal["too_big", "lost", "empty"] | None = None
    album: str | None = None
    caption: str = ""
    reply_to: str | None = None


@dataclass(frozen=True)
class Shared:
    """A location, in degrees, or a telephone number; `reply_to` is the message it answers."""

    latitude: float | None = None
    longitude: float | None = None
    title: str = ""
    phone: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True)
class Odd:
    """Something that is no answer to anything: a sticker, a voice note, a poll."""

    kind: str


@dataclass(frozen=True)
class Reachable:
    """The person blocked the bot, or came back."""

    state: Literal["ok", "blocked"]


@dataclass(frozen=True)
class Called:
    """Somebody spoke to the bot in a group; `reply_to` is the message of the bot's that they answered."""

    text: str = ""
    reply_to: str | None = None


@dataclass(frozen=True)
class Joined:
    """Somebody took the bot into a group."""


@dataclass(frozen=True)
class Left:
    """The bot is not in a group any more."""


@dataclass(frozen=True)
class Renamed:
    """A group is called something else now."""


@dataclass(frozen=True)
class Moved:
    """A group goes on in another chat."""

    to: str


What: TypeAlias = Wrote | Pressed | Upload | Shared | Odd | Reachable | Called | Joined | Left | Renamed | Moved


@dataclass(frozen=True)
class Incoming:
    """One event. `update` is the platform's id of it, the same when it is brought again.

    `group`: what the group is called, where the chat is one.
    """

    manual: str
    platform: str
    update: str
    account: str
    chat: str
    name: str
    what: What
    group: str | None = None


@dataclass(frozen=True)
class Popup:
    """What to show over the chat in answer to a press; `alert` waits to be read."""

    template: str
    facts: dict[str, Any]
    alert: bool = False
