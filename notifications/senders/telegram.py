"""python-telegram-bot, which speaks and does nothing else: its rate limiter is why it is here."""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, cast

# Without this, reading how long to wait after a 429 warns that it will be a timedelta one day.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, BaseRateLimiter, ExtBot
from telegram.request import BaseRequest

from notifications.message import (
    Attachment,
    GoneError,
    Message,
    MovedError,
    OffDutyError,
    OutsideError,
    RefusedError,
    TryLaterError,
    UnreachableError,
)
from notifications.senders.pacing import Pace, Window
from notifications.senders.wire import Wire

JSONDict = dict[str, Any]

_SOON = timedelta(seconds=2)
# Seconds to wait for an answer; what was taken without one by then is said again.
_PATIENCE = 20.0
# How many calls that came late may be made up for at once.
_CATCH_UP = 4
# How many messages a group may have in a minute.
_OF_A_GROUP = 20
_PICTURE = 10 * 1024 * 1024
# How many files are on their way at once.
_UPLOADS = 4
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# Telegram's words, as python-telegram-bot hands them on: compared without capitals.
_SAME = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "no text in the message")
_NO_PICTURE = ("image_process_failed", "photo_invalid_dimensions", "too big for a photo")
_AWAY = ("chat not found", "user is deactivated", "peer_id_invalid")


class Limiter(AIORateLimiter):
    """Lets no second hold more calls than the rate, wherever it begins, and spreads over it those that nobody awaits.

    What is awaited has the next place there is. Asks once more, when a call's turn has come, whether
    this process still speaks for the bot.
    """

    def __init__(self, *, rate: float, on_duty: Callable[[], bool] = lambda: True) -> None:
        # A small bucket spreads the calls over the second, and lets those catch up that came late; how many there
        # are in a second is kept by the window, as a group's are by its own.
        most = max(1, int(rate))
        bucket = min(_CATCH_UP, most)
        super().__init__(overall_max_rate=bucket, overall_time_period=bucket / rate, group_max_rate=0, max_retries=0)
        self._on_duty = on_duty
        self._line = asyncio.Lock()
        self._window = Window(most=most, seconds=most / rate)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSONDict | list[JSONDict]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> bool | JSONDict | list[JSONDict]:
        if "chat_id" not in data:
            return await super().process_request(callback, args, kwargs, endpoint, data, None)
        awaited = bool(rate_limit_args)
        async with AsyncExitStack() as waiting:
            if not awaited:  # one at a time, so that no crowd stands at the window whom the bucket let through already
                await waiting.enter_async_context(self._line)

            async def call(*given: Any, **named: Any) -> bool | JSONDict | list[JSONDict]:
                async with self._window.place(awaited=awaited):
                    await waiting.aclose()
                    if not self._on_duty():
                        raise OffDutyError
                    return await callback(*given, **named)

            # Only what names a chat is put into the bucket.
            return await super().process_request(call, args, kwargs, endpoint, {} if awaited else data, None)


class TelegramSender:
    """One bot's voice. `api` is the Bot API's address, without a slash at its end; `rate`, calls a second at most.

    `on_duty` tells whether this process still speaks for the bot: whoever waited for a
    turn meanwhile says nothing more. `wire`: another way for calls to travel.
    """

    def __init__(
        self,
        token: str,
        *,
        api: str,
        rate: float,
        pace: Pace,
        on_duty: Callable[[], bool] = lambda: True,
        wire: BaseRequest | None = None,
    ) -> None:
        self._pace = pace
        self._uploads = asyncio.Semaphore(_UPLOADS)
        self._groups: dict[str, Window] = defaultdict(partial(Window, most=_OF_A_GROUP, seconds=60))
        self._bot: ExtBot[bool] = ExtBot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=wire or Wire(most=64, patience=_PATIENCE),
            get_updates_request=Wire(most=1, patience=_PATIENCE),
            rate_limiter=cast("BaseRateLimiter[bool]", Limiter(rate=rate, on_duty=on_duty)),
        )

    async def open(self) -> str:
        """Make sure that the token is one, and give the bot's user name.

        Raises:
            TryLaterError: Telegram does not answer now.
            RefusedError: it knows no such token.

        """
        try:
            await self._bot.initialize()
        except InvalidToken as error:
            raise RefusedError(str(error)) from error
        except TelegramError as error:
            raise _translated(error, "") from error
        return self._bot.username

    async def close(self) -> None:
        await self._bot.shutdown()

    async def send(self, chat: str, message: Message, *, awaited: bool = False) -> str:
        if message.attachment is not None:
            return await self._send_file(chat, message, message.attachment, awaited=awaited)
        async with self._turn(chat):
            sent = await self._bot.send_message(
                chat,
                message.html,
                parse_mode="HTML",
                reply_markup=_keyboard(message),
                disable_notification=message.silent,
                link_preview_options=_NO_PREVIEW,
                rate_limit_args=awaited,
            )
        return str(sent.message_id)

    @asynccontextmanager
    async def _turn(self, chat: str) -> AsyncIterator[None]:
        """Wait until this chat may have another call, to be made inside; where that takes long, it is for later."""
        async with AsyncExitStack() as places:
            if _is_group(chat):
                minute = self._groups[chat]
                if not minute.free:
                    raise TryLaterError("the group has had its messages of this minute", minute.until_free() or _SOON)
                await places.enter_async_context(minute.place())
            await places.enter_async_context(self._pace.turn(chat))
            try:
                yield
            except TelegramError as error:
                raise _translated(error, chat) from error

    async def _send_file(self, chat: str, message: Message, attachment: Attachment, *, awaited: bool) -> str:
        """Send a file with its caption; a picture that Telegram cannot show goes as any other file."""
        size = (await asyncio.to_thread(attachment.path.stat)).st_size
        if attachment.photo and size <= _PICTURE:
            try:
                return await self._upload(self._bot.send_photo, chat, message, attachment, awaited=awaited)
            except RefusedError as error:
                if not any(one in str(error).lower() for one in _NO_PICTURE):
                    raise
        return await self._upload(self._bot.send_document, chat, message, attachment, awaited=awaited)

    async def _upload(
        self,
        call: Callable[..., Coroutine[Any, Any, Any]],
        chat: str,
        message: Message,
        attachment: Attachment,
        *,
        awaited: bool,
    ) -> str:
        # Read when its turn has come, and a few at a time: one file for many people would be in memory many times.
        async with self._turn(chat), self._uploads:
            content = await asyncio.to_thread(attachment.path.read_bytes)
            file = InputFile(content, filename=attachment.name)
            sent = await call(
                chat,
                file,
                caption=message.html,
                parse_mode="HTML",
                reply_markup=_keyboard(message),
                disable_notification=message.silent,
                rate_limit_args=awaited,
            )
        return str(sent.message_id)

    async def edit(self, chat: str, message_id: str, message: Message, *, awaited: bool = False) -> None:
        async with self._turn(chat):
            with _as_it_was():
                await self._bot.edit_message_text(
                    message.html,
                    chat_id=chat,
                    message_id=int(message_id),
                    parse_mode="HTML",
                    reply_markup=_keyboard(message),
                    link_preview_options=_NO_PREVIEW,
                    rate_limit_args=awaited,
                )

    async def strip(self, chat: str, message_id: str, *, awaited: bool = False) -> None:
        # Buttons that stay say that they are old when they are pressed: an answer that has to wait is worse.
        if not self._pace.is_calm(chat):
            return
        async with self._turn(chat):
            with _as_it_was():
                await self._bot.edit_message_reply_markup(
                    chat_id=chat, message_id=int(message_id), reply_markup=None, rate_limit_args=awaited
                )


@contextmanager
def _as_it_was() -> Iterator[None]:
    """A change that changes nothing is no trouble."""
    try:
        yield
    except TelegramError as error:
        if _SAME not in str(error).lower():
            raise


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    return InlineKeyboardMarkup([[_button(label, data) for label, data in row] for row in message.buttons])


def _button(label: str, data: str) -> InlineKeyboardButton:
    if data.startswith("https://"):
        return InlineKeyboardButton(label, url=data)
    return InlineKeyboardButton(label, callback_data=data)


def _is_group(chat: str) -> bool:
    return chat.startswith("-")


def _translated(error: TelegramError, chat: str) -> Exception:
    """The world's mistakes in our words: try later, unreachable, outside, moved, refused, gone."""
    # What follows is a whole page of Telegram's front end.
    said = str(error).partition(". Parsing the server response")[0]
    lower = said.lower()
    if isinstance(error, RetryAfter):
        return TryLaterError(said, cast("timedelta", error.retry_after), limited=True)
    if isinstance(error, ChatMigrated):  # a group became a supergroup: the same people under another id
        return MovedError(said, str(error.new_chat_id))
    if isinstance(error, Forbidden) or any(one in lower for one in _AWAY):
        return OutsideError(said) if _is_group(chat) else UnreachableError(said)
    if isinstance(error, BadRequest):  # BadRequest *is a* NetworkError: keep it before that one
        return GoneError(said) if any(one in lower for one in _GONE) else RefusedError(said)
    if isinstance(error, NetworkError):
        return TryLaterError(said, _SOON)
    return TryLaterError(said, _SOON)
