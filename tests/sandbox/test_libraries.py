"""The two libraries that the product uses, and that know Telegram better than we do, find nothing amiss."""

import asyncio
import io
from datetime import timedelta

import pytest
import telegram
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.sandbox.server import Sandbox
from tests.sandbox.doors import ANA, TOWN, Door

BUTTONS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Sí", callback_data="y")]])


async def test_aiogram_polls_answers_and_edits(sandbox: Sandbox, door: Door) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    bot = Bot(TOWN.token, session=session)
    dispatcher = Dispatcher()
    done = asyncio.Event()

    @dispatcher.message(CommandStart(deep_link=True))
    async def started(message: Message) -> None:
        await message.answer("<b>¿Sí?</b>", parse_mode="HTML", reply_markup=BUTTONS)

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Sí")
        await query.message.answer_document(BufferedInputFile(b"abc", "a.txt"), caption="Constancia")
        await query.answer("Listo")
        done.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(dispatcher.start_polling(bot, handle_signals=False))
        await door.says(ANA.id, "/start 007")
        screen = await door.sees(ANA.id, after=1, wait=20)
        [question] = screen["messages"]
        await door.does(ANA.id, "presses", message_id=question["message_id"], data="y")
        await done.wait()
        await dispatcher.stop_polling()
    texts = [message["text"] for message in (await door.sees(ANA.id))["messages"]]
    assert texts == ["/start 007", "Sí", "Constancia"]
    assert [popup["text"] for popup in await door.look(f"people/{ANA.id}/popups")] == ["Listo"]


async def test_python_telegram_bot_sends_and_understands_refusals(
    sandbox: Sandbox, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    bot = telegram.Bot(TOWN.token, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot")
    async with bot:
        assert bot.username == TOWN.username
        sent = await bot.send_message(ANA.id, "<i>hola</i>", parse_mode="HTML", disable_notification=True)
        assert sent.entities[0].type == "italic"
        document = await bot.send_document(ANA.id, io.BytesIO(b"%PDF-1"), filename="acta.pdf", caption="x" * 1024)
        assert document.document is not None
        assert document.document.file_name == "acta.pdf"
        file = await bot.get_file(document.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"%PDF-1"
        with pytest.raises(telegram.error.BadRequest, match="Message caption is too long"):
            await bot.send_document(ANA.id, document.document.file_id, caption="x" * 1025)
        await door.tries("faults", fault="429", retry_after=3)
        with pytest.raises(telegram.error.RetryAfter) as flood:
            await bot.send_message(ANA.id, "x")
        assert flood.value.retry_after == timedelta(seconds=3)
        await door.does(ANA.id, "block", blocked=True)
        with pytest.raises(telegram.error.Forbidden):
            await bot.send_message(ANA.id, "x")
        updates = await bot.get_updates(timeout=0)
        assert updates[-1].my_chat_member is not None
