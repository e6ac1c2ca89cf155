"""Who exists in the sandbox: municipalities with a bot each, and people with a phone.

Plain values, so that the composition root can describe a world without knowing how Telegram is imitated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

FIRST_STRANGER = 900_000_001
"""Ids of strangers start here; demo people are numbered below."""


@dataclass(frozen=True)
class Municipality:
    """One municipality and the bot that serves it; `roles` are how its people's roles are called, by id."""

    id: str
    title: str
    token: str
    username: str
    roles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody the bot has already met; the id is the Telegram user and the private chat."""

    id: int
    manual: str
    name: str
    roles: tuple[str, ...]
    area: str | None


@dataclass(frozen=True)
class Stranger:
    """Somebody with a phone who has not pressed Start yet."""

    id: int
    manual: str
    name: str
