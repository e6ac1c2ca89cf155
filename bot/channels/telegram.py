"""aiogram, which listens and does nothing else.

An update is confirmed to Telegram only after the desk has stored it: whatever is
killed and whenever, what was not stored comes again. Updates of one person are
taken in order; different people do not wait for one another.
"""

import asyncio
import contextlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import aiohttp
import structlog
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    Chat,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Contact,
    Location,
    Message,
    PhotoSize,
    ResultChatMemberUnion,
    TelegramObject,
    Update,
    User,
)
from aiogram.utils.magic_filter import MagicFilter
from aiohttp import web
from pydantic import ValidationError

from bot.channels import TELEGRAM
from bot.channels.lines import Lines
from bot.desk.incoming import (
    Called,
    Incoming,
    Joined,
    Left,
    Moved,
    Odd,
    Popup,
    Pressed,
    Reachable,
    Renamed,
    Shared,
    Upload,
    What,
    Wrote,
)
from bot.flows.words import INVISIBLE
from bot.settings import WRONG_TOKEN, UsageError

_log = structlog.get_logger(__name__)

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UPDATE = 1024 * 1024
# What no disk takes in a name, and what ends a name in a header: many a server, ours among them, loses a file over it.
_GARBLING = frozenset('<>:"|?*;')
_LONGEST_NAME = 120
_LONGEST_ENDING = 10
ALLOWED = ["message", "callback_query", "my_chat_member"]
COMMANDS = [
    BotCommand(command="nueva", description="Enviar una solicitud"),
    BotCommand(command="mis", description="Mis solicitudes"),
    BotCommand(command="bandeja", description="Lo que espera tu respuesta"),
    BotCommand(command="ver", description="Ver una solicitud por su folio"),
    BotCommand(command="buscar", description="Buscar por folio, área, fecha o texto"),
    BotCommand(command="cancelar", description="Dejar lo que estás llenando"),
    BotCommand(command="ayuda", description="Qué puedo hacer"),
]
_OURS = frozenset({"start", *(one.command for one in COMMANDS)})
_POLL_SECONDS = 25
_PAUSE = 2.0
# Longer than half a second, within which Telegram would bring only the first of what is asked for again.
_GRACE = 1.0
# To stop a spinner is worth no more: whoever pressed says nothing further until it is done.
_COURTESY = 10


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates as it comes: of a batch that aiogram cannot read it would say nothing, and bring it again for ever."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"
    offset: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Receives(Protocol):
    """The desk, as a channel sees it."""

    async def receive(self, incoming: Incoming) -> Popup | None:
        """Store an event; gives what to show over the chat."""
        ...


class Ear:
    """One bot's handlers: translate, call, done.

    `keep` stores a file's bytes and gives their SHA-256; `word` turns a popup into
    its text; `away` is the error with which the desk says that nothing could be stored.
    """

    def __init__(
        self,
        manual: str,
        bot: Bot,
        desk: Receives,
        *,
        keep: Callable[[bytes], str],
        word: Callable[[str, Popup], str],
        away: type[Exception],
    ) -> None:
        self.manual = manual
        self.bot = bot
        self._desk = desk
        self._keep = keep
        self._word = word
        self.away = away
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_router(self._router())

    def _router(self) -> Router:
        router = Router()
        private = F.chat.type == ChatType.PRIVATE
        groups = F.chat.type.in_({ChatType.GROUP, ChatType.SUPERGROUP})
        # What comes most is looked for first.
        router.message.register(self._on_text, _at_once(private), _at_once(F.text.as_("text")))
        router.callback_query.register(self._on_press, _at_once(F.data.as_("data")))
        router.my_chat_member.register(self._on_membership, _at_once(private))
        router.my_chat_member.register(self._on_place, _at_once(groups))
        router.message.register(self._on_move_to, _at_once(F.migrate_to_chat_id.as_("to")))
        router.message.register(self._on_move_from, _at_once(F.migrate_from_chat_id.as_("old")))
        router.message.register(self._on_rename, _at_once(F.new_chat_title))
        router.message.register(self._on_group, _at_once(~private))
        router.message.register(self._on_photo, _at_once(F.photo[-1].as_("photo")))
        router.message.register(self._on_anything_else, _at_once(F.animation))  # which comes as a document too
        router.message.register(self._on_file, _at_once(F.document | F.video))
        router.message.register(self._on_location, _at_once(F.location.as_("location")))
        router.message.register(self._on_contact, _at_once(F.contact.as_("contact")))
        router.message.register(self._on_anything_else)
        return router

    async def _tell(self, message: Message, update: Update, what: What) -> None:
        if message.from_user is not None:
            await self._desk.receive(self._incoming(update, message.from_user, message.chat, what))

    def _incoming(self, update: Update, user: User | None, chat: Chat, what: What) -> Incoming:
        private = chat.type == ChatType.PRIVATE
        return Incoming(
            manual=self.manual,
            platform=TELEGRAM,
            update=str(update.update_id),
            account=str(user.id) if user else "",
            chat=str(chat.id),
            name=_told(user.full_name) if user else "",
            what=what,
            group=None if private else _told(chat.title or ""),
        )

    async def _on_text(self, message: Message, text: str, event_update: Update) -> None:
        if message.forward_origin is not None and not text.startswith("/"):
            await self._tell(message, event_update, Odd("forward"))
            return
        await self._tell(message, event_update, Wrote(text, _answers(message)))

    async def _on_press(self, query: CallbackQuery, data: str, event_update: Update) -> None:
        message = query.message
        if message is None:
            return
        pressed = Pressed(data, str(message.message_id))
        popup = await self._desk.receive(self._incoming(event_update, query.from_user, message.chat, pressed))
        # The courtesy comes last: it stops the spinner, and may fail on an old press.
        with contextlib.suppress(AiogramError):
            word = self._word(self.manual, popup) if popup is not None else None
            answer = query.answer(word, show_alert=popup.alert if popup is not None else None)
            await self.bot(answer, request_timeout=_COURTESY)

    async def _on_photo(self, message: Message, photo: PhotoSize, event_update: Update) -> None:
        name = f"foto-{message.message_id}.jpg"
        what = await self._fetched(message, photo.file_id, name, "image/jpeg", photo.file_size or 0, photo=True)
        await self._tell(message, event_update, what)

    async def _on_file(self, message: Message, event_update: Update) -> None:
        sent = message.document or message.video
        if sent is None:
            return
        name = _safe_name(sent.file_name or f"archivo-{message.message_id}")
        kind = sent.mime_type or "application/octet-stream"
        what = await self._fetched(message, sent.file_id, name, kind, sent.file_size or 0, photo=False)
        await self._tell(message, event_update, what)

    async def _fetched(self, message: Message, file: str, name: str, kind: str, size: int, *, photo: bool) -> Upload:
        """Bring the bytes home before anything is acknowledged: Telegram's ids are a bot's own."""
        caption, album = message.caption or "", message.media_group_id
        upload = Upload(name, kind, size, photo, None, None, album, caption, _answers(message))
        if size > LARGEST_FILE:
            return replace(upload, trouble="too_big")
        try:
            content = await self.bot.download(file, timeout=120)
        except TelegramBadRequest as error:
            return replace(upload, trouble="too_big" if "too big" in error.message.lower() else "lost")
        except (AiogramError, aiohttp.ClientError, TimeoutError):
            return replace(upload, trouble="lost")
        data = content.read() if content is not None else b""
        if not data:
            return replace(upload, trouble="empty")
        try:
            digest = await asyncio.to_thread(self._keep, data)
        except OSError as error:  # a full disk, as a rule: it comes again when there is room
            raise self.away(error.strerror or type(error).__name__) from error
        return replace(upload, size=len(data), sha256=digest)

    async def _on_location(self, message: Message, location: Location, event_update: Update) -> None:
        title = f"{message.venue.title}, {message.venue.address}" if message.venue else ""
        shared = Shared(location.latitude, location.longitude, title, reply_to=_answers(message))
        await self._tell(message, event_update, shared)

    async def _on_contact(self, message: Message, contact: Contact, event_update: Update) -> None:
        await self._tell(message, event_update, Shared(phone=contact.phone_number, reply_to=_answers(message)))

    async def _on_anything_else(self, message: Message, event_update: Update) -> None:
        kind = str(getattr(message.content_type, "value", message.content_type))
        await self._tell(message, event_update, Odd(kind))

    async def _on_group(self, message: Message, event_update: Update) -> None:
        """What is said in a group counts only when it is said to the bot; of the rest nothing is kept."""
        text = message.text or message.caption or ""
        answered = message.reply_to_message
        if answered is not None and answered.from_user is not None and answered.from_user.id == self.bot.id:
            await self._tell(message, event_update, Called(text, str(answered.message_id)))
        elif _is_for(text, (await self.bot.me()).username or ""):
            await self._tell(message, event_update, Called(text))

    async def _on_rename(self, message: Message, event_update: Update) -> None:
        await self._desk.receive(self._incoming(event_update, message.from_user, message.chat, Renamed()))

    async def _on_move_to(self, message: Message, to: int, event_update: Update) -> None:
        await self._desk.receive(self._incoming(event_update, message.from_user, message.chat, Moved(str(to))))

    async def _on_move_from(self, message: Message, old: int, event_update: Update) -> None:
        there = message.chat.model_copy(update={"id": old})
        moved = Moved(str(message.chat.id))
        await self._desk.receive(self._incoming(event_update, message.from_user, there, moved))

    async def _on_membership(self, change: ChatMemberUpdated, event_update: Update) -> None:
        gone = change.new_chat_member.status in {ChatMemberStatus.KICKED, ChatMemberStatus.LEFT}
        what = Reachable("blocked" if gone else "ok")
        await self._desk.receive(self._incoming(event_update, change.from_user, change.chat, what))

    async def _on_place(self, change: ChatMemberUpdated, event_update: Update) -> None:
        """The bot was taken into a group or out of it; another standing in it changes nothing."""
        was, is_ = (_is_in(one) for one in (change.old_chat_member, change.new_chat_member))
        if was != is_:
            what = Joined() if is_ else Left()
            await self._desk.receive(self._incoming(event_update, change.from_user, change.chat, what))

    def understand(self, raw: Any) -> Update | None:
        """Read an update as decoded from JSON; one that cannot be read is nobody's, and must not stop the next."""
        try:
            return Update.model_validate(_storable(raw), context={"bot": self.bot})
        except (ValidationError, RecursionError) as error:
            number = raw.get("update_id") if isinstance(raw, dict) else None
            _log.warning("update_not_understood", manual=self.manual, update=number, error=type(error).__name__)
            return None

    async def hear(self, update: Update) -> None:
        """Deal with one update; it raises `away` when nothing could be stored."""
        try:
            await self._hear(update)
        except self.away:
            raise
        except Exception:  # noqa: BLE001 (a mistake of ours over one update must not end everybody's bot)
            _log.exception("update_failed", manual=self.manual, update=update.update_id)

    async def _hear(self, update: Update) -> None:
        if update.message is None and update.callback_query is None and update.my_chat_member is None:
            return  # nothing that we asked for; aiogram would print all of it
        await self._dispatcher.feed_update(self.bot, update)

    async def poll(self) -> None:
        """Ask Telegram for updates until cancelled; confirm them once they are stored."""
        await self._patiently(lambda: self.bot.delete_webhook(drop_pending_updates=False))
        await self._patiently(self.bot.me)  # our name must not be asked for in the middle of an update
        async with asyncio.TaskGroup() as group:
            group.create_task(self.introduce())
            lines = Lines(group, self._hear_until_stored)
            while True:
                offset = lines.offset
                brought = await self._patiently(partial(self._ask, offset))
                numbered = [raw for raw in brought if isinstance(raw.get("update_id"), int)]
                for raw in lines.new(numbered, since=offset):
                    update = self.understand(raw)
                    if update is not None:
                        lines.take(update, whose=_whose(update))
                if brought and not numbered:
                    _log.warning("updates_without_numbers", manual=self.manual)
                    await asyncio.sleep(_PAUSE)
                await lines.stored(_GRACE)

    async def _hear_until_stored(self, update: Update) -> None:
        await _until_stored(partial(self.hear, update), self.away)

    async def _ask(self, offset: int | None) -> list[dict[str, Any]]:
        call = GetRawUpdates(offset=offset, timeout=_POLL_SECONDS, allowed_updates=ALLOWED)
        try:
            return await self.bot(call, request_timeout=_POLL_SECONDS + 10)
        except TelegramConflictError as error:
            # Somebody has set one since we began: what it does not take waits for us, but not for ever.
            if "webhook" in error.message.lower():
                _log.warning("webhook_in_the_way", manual=self.manual)
                await self.bot.delete_webhook(drop_pending_updates=False)
            raise

    async def _patiently(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """Repeat a call until Telegram takes it.

        Raises:
            UsageError: it does not know the token any more, which is nobody's patience to wait out.

        """
        pause = _PAUSE
        while True:
            try:
                return await call()
            except TelegramUnauthorizedError as error:
                raise UsageError(WRONG_TOKEN) from error
            except TelegramRetryAfter as error:
                pause = float(error.retry_after)
            except TelegramConflictError:
                _log.warning("somebody_else_polls", manual=self.manual)
            except (AiogramError, TimeoutError) as error:  # a page of the front end among them
                reason = f"{type(error).__name__}: {error}"[:200]
                _log.warning("telegram_unreachable", manual=self.manual, error=reason)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60.0)

    async def announce(self, url: str, secret: str) -> None:
        """Ask Telegram to bring updates to `url`, with the secret in its header."""
        await self._patiently(
            lambda: self.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED, max_connections=40)
        )
        await self._patiently(self.bot.me)

    async def introduce(self) -> None:
        """Say what we can do. Nobody waits for it: whoever starts often is refused this for an hour."""
        await self._patiently(lambda: self.bot.set_my_commands(COMMANDS))


def _at_once(rule: MagicFilter) -> Callable[[TelegramObject], Awaitable[Any]]:
    """The same filter, judged where it is asked: aiogram takes what cannot be awaited to a thread, for each message."""

    async def judged(event: TelegramObject) -> Any:
        return rule.resolve(event)

    return judged


def bot_for(token: str, *, api: str) -> Bot:
    """A bot that listens to the Bot API at that address (without a slash at its end)."""
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api)))


def webhook_app(ears: dict[str, Ear], *, secret: str, alive: Callable[[], Awaitable[bool]]) -> web.Application:
    """The web server that Telegram brings updates to: `POST /telegram/<manual>`.

    `GET /healthz` answers whether we are `alive`.

    A call without the secret is refused before it is read. 200 is answered once the
    update is stored, so that Telegram brings it again otherwise.
    """

    async def take(request: web.Request) -> web.Response:
        told = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(told, secret.encode()):
            return web.Response(status=401)
        ear = ears.get(request.match_info["manual"])
        if ear is None:
            return web.Response(status=404)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            raw = None
        update = ear.understand(raw)
        try:
            # What we cannot read is accepted, too: to refuse it would only bring it again for a day.
            if update is not None:
                await ear.hear(update)
        except ear.away as error:
            _log.warning("not_stored_yet", error=str(error))
            return web.Response(status=503)
        return web.Response(status=200)

    async def health(_: web.Request) -> web.Response:
        well = await alive()
        return web.json_response({"ok": well}, status=200 if well else 503)

    app = web.Application(client_max_size=LARGEST_UPDATE)
    app.router.add_post("/telegram/{manual}", take)
    app.router.add_get("/healthz", health)
    return app


async def _until_stored(deal: Callable[[], Awaitable[None]], away: type[Exception]) -> None:
    pause = 0.2
    while True:
        try:
            return await deal()
        except away as error:
            _log.warning("not_stored_yet", error=str(error))
        await asyncio.sleep(pause)
        pause = min(pause * 2, 30.0)


def _storable(value: Any) -> Any:
    """The same without what a database's texts cannot hold: NUL, and halves of characters."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode() if not value.isprintable() else value
    if isinstance(value, dict):
        return {key: _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list) else value


def _is_in(member: ResultChatMemberUnion) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return not isinstance(member, ChatMemberLeft | ChatMemberBanned)


def _is_for(text: str, username: str) -> bool:
    """Whether a text in a group is said to the bot: a command of ours, or its name."""
    if text.startswith("/"):
        name, at, addressee = text.split(maxsplit=1)[0].removeprefix("/").partition("@")
        return addressee.lower() == username.lower() if at else name.lower() in _OURS
    return bool(username) and bool(re.search(rf"@{re.escape(username)}(?!\w)", text, re.IGNORECASE))


def _whose(update: Update) -> int:
    event = update.message or update.callback_query or update.my_chat_member
    return event.from_user.id if event is not None and event.from_user is not None else 0


def _answers(message: Message) -> str | None:
    """The id of the message that this one is a reply to."""
    return str(message.reply_to_message.message_id) if message.reply_to_message else None


def _told(name: str) -> str:
    """How somebody, or a group, is called: without marks that would turn the rest of the line around."""
    return INVISIBLE.sub("", name).strip()[:120]


def _safe_name(name: str) -> str:
    """A file's name without folders or anything that could garble a line; cut, but never what says how to open it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable() and char not in _GARBLING).strip(" .")
    if len(kept) > _LONGEST_NAME:
        _, dot, ending = kept.rpartition(".")
        tail = dot + ending if len(ending) <= _LONGEST_ENDING else ""
        kept = kept[: _LONGEST_NAME - len(tail)].rstrip(" .") + tail
    return kept or "archivo"
