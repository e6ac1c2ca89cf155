"""A municipality under fire: the real ear, desk, database, courier and templates.

Two ends of the wire are played here. `Wire` is what the ear calls: Telegram's answers to
`getMe`, `getFile` and `answerCallbackQuery`. `Phones` is where letters arrive, and refuses
what Telegram would refuse.
"""

from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import AnswerCallbackQuery, GetFile, GetMe, TelegramMethod
from aiogram.types import File, User
from sqlalchemy import event

from bot import app, shelf
from bot.channels import TELEGRAM
from bot.channels.telegram import Ear
from bot.desk import Desk
from bot.flows.procedure import Manual
from bot.sandbox.entities import Formatted
from bot.sandbox.markup import read_markup
from bot.sandbox.params import Params
from bot.sandbox.texts import caption_text, message_text
from bot.settings import MANUALS, Settings
from notifications.courier import Bell, Courier
from notifications.message import GoneError, Message
from notifications.render import Renderer
from storage.database import Database, UnavailableError
from storage.files import Vault
from tests.fuzz import words
from tests.sandbox.pictures import png

CATALOGUE = shelf.catalogue(MANUALS)
MUNICIPALITIES = tuple(CATALOGUE.manuals)
_ZONES = {one.id: ZoneInfo(one.zone) for one in CATALOGUE.manuals.values()}
_BEGINNING = datetime(2026, 11, 18, 16, tzinfo=UTC)
_PICTURE = png(8, 8)
_POPUP = 200


class WrongError(Exception):
    """Something happened that nobody's update may bring about."""


class Wire(BaseSession):
    """What the Bot API answers to the ear, now and then that it does not."""

    def __init__(self, random: Random) -> None:
        super().__init__()
        self._random = random
        self.popups: list[str] = []

    async def close(self) -> None:
        """There is nothing to close."""

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109 (aiogram's own)
        del timeout
        if isinstance(method, GetMe):
            return User(id=bot.id, is_bot=True, first_name="Bot", username="town_bot")
        if isinstance(method, AnswerCallbackQuery):
            self.popups.append(method.text or "")
            if self._random.random() < 0.05:
                raise TelegramBadRequest(method=method, message="Bad Request: query is too old")
            return True
        if isinstance(method, GetFile):
            return self._file(method)
        raise WrongError(f"the ear spoke: {type(method).__name__}")

    def _file(self, method: GetFile) -> File:
        match method.file_id:
            case "huge":
                raise TelegramBadRequest(method=method, message="Bad Request: file is too big")
            case "lost":
                raise TelegramBadRequest(method=method, message="Bad Request: wrong file_id")
            case "gone":
                raise TelegramNetworkError(method=method, message="connection reset")
        return File(file_id=method.file_id, file_unique_id="u", file_path=f"documents/{method.file_id}")

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 (aiogram's own)
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002 (aiogram's own)
    ) -> AsyncGenerator[bytes, None]:
        del headers, timeout, chunk_size, raise_for_status
        yield b"" if url.endswith("empty") else self._random.choice((_PICTURE, b"%PDF-1.7", b"MZ\x90\0", b"<u>\0"))


@dataclass
class Shown:
    """A message of the bot's, as it stands in a chat now."""

    text: str
    buttons: Sequence[Sequence[tuple[str, str]]]

    @property
    def data(self) -> list[str]:
        return [data for row in self.buttons for _, data in row]


@dataclass
class Phones:
    """Every chat of one bot. What Telegram would refuse is remembered in `refused`."""

    chats: dict[str, dict[str, Shown]] = field(default_factory=lambda: defaultdict(dict))
    refused: list[str] = field(default_factory=list)
    taken: int = 0

    async def send(self, chat: str, message: Message, *, awaited: bool = False) -> str:
        del awaited
        self.taken += 1
        self.chats[chat][str(self.taken)] = self._shown(message)
        return str(self.taken)

    async def edit(self, chat: str, message_id: str, message: Message, *, awaited: bool = False) -> None:
        del awaited
        if message_id not in self.chats[chat]:
            raise GoneError("message to edit not found")
        self.chats[chat][message_id] = self._shown(message)

    async def strip(self, chat: str, message_id: str, *, awaited: bool = False) -> None:
        del awaited
        if message_id not in self.chats[chat]:
            raise GoneError("message to edit not found")
        self.chats[chat][message_id].buttons = ()

    def _shown(self, message: Message) -> Shown:
        said = {"parse_mode": "HTML", "text": message.html, "caption": message.html}
        try:
            formatted = caption_text(Params(said)) if message.attachment else message_text(Params(said))
            read_markup(Params({"reply_markup": _keyboard(message)}))
        except Exception as error:  # noqa: BLE001 (whatever Telegram would say of it)
            self.refused.append(f"{error}: {message.html[:500]!r} {message.buttons!r}")
            return Shown("", message.buttons)
        self.refused.extend(f"{what}: {message.html[:500]!r}" for what in injected(formatted))
        return Shown(formatted.text, message.buttons)


def _keyboard(message: Message) -> dict[str, Any]:
    rows = [
        [{"text": label, "url" if data.startswith("https://") else "callback_data": data} for label, data in row]
        for row in message.buttons
    ]
    return {"inline_keyboard": rows}


def injected(said: Formatted) -> list[str]:
    """What of a message somebody's words did, rather than said."""
    found = [f"<{one.type}> is at work" for one in said.entities if one.type in words.INJECTED]
    found += [
        "a link of somebody's"
        for one in said.entities
        if one.type == "text_link" and words.EVIL.rstrip("/") in str(one.extra)
    ]
    if words.PRODUCT in said.text:
        found.append("a template was run")
    if "&lt;u" in said.text or "&amp;lt;" in said.text:
        found.append("escaped twice")
    return found


@dataclass
class Clock:
    """The town's hour, which only passes when it is told to."""

    now: datetime = _BEGINNING

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Town:
    """One deployment of two municipalities, each with its bot."""

    database: Database
    desk: Desk
    courier: Courier
    clock: Clock
    ears: dict[str, Ear]
    phones: dict[str, Phones]
    wires: dict[str, Wire]
    secrets: list[str]

    async def deliver(self) -> None:
        """Bring every letter to its phone, and see that it is one.

        Raises:
            WrongError: Telegram would have refused one, or somebody's words were at work in it.

        """
        await self.courier.deliver_due()
        for phones in self.phones.values():
            if phones.refused:
                raise WrongError(phones.refused[0])
        for wire in self.wires.values():
            if any(len(one) > _POPUP for one in wire.popups):
                raise WrongError("a popup is too long")
            wire.popups.clear()

    async def close(self) -> None:
        await self.database.close()


def _hurry(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()


async def found(database: str, folder: Path, manuals: Sequence[str], random: Random) -> Town:
    """Found a town in an empty database, with the demo people of its municipalities."""
    kept = Database(database, _ZONES)
    if kept.embedded:  # what is thrown away a moment later need not wait for the disk
        event.listen(kept.engine.sync_engine, "connect", _hurry)
    clock, bell, secrets = Clock(), Bell(), list[str]()

    def secret() -> str:
        secrets.append(f"{random.getrandbits(96):024x}")
        return secrets[-1]

    desk = Desk(
        kept,
        CATALOGUE,
        shelf.house(),
        clock=clock,
        secret=secret,
        link=lambda manual, query: f"https://t.me/oficialia_{manual.replace('-', '_')}_bot?{query}",
        bell=bell.ring,
    )
    renderer, vault = Renderer(_ZONES), Vault(folder / "files")
    wires = {one: Wire(random) for one in manuals}
    tokens = app.sandbox_tokens(list(manuals))
    ears = {
        one: Ear(
            one,
            Bot(tokens[one], session=wires[one]),
            desk,
            keep=vault.put,
            word=lambda at, popup: renderer.popup(at, popup.template, popup.facts),
            away=UnavailableError,
        )
        for one in manuals
    }
    phones = {one: Phones() for one in manuals}
    courier = Courier(
        kept,
        renderer,
        {(one, TELEGRAM): phones[one] for one in manuals},
        vault,
        draw=lambda _, __, ___: _PICTURE,
        clock=clock,
        bell=bell,
    )
    await app._move_in(kept, Settings(data=folder), list(manuals))
    await desk.open()
    return Town(kept, desk, courier, clock, ears, phones, wires, secrets)


def manual_of(key: str) -> Manual:
    return CATALOGUE.manuals[key]
