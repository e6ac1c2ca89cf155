"""The two libraries that the product uses, and that know Telegram better than we do, find nothing amiss."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import pytest
import telegram
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    Update,
)

from bot.sandbox.server import Sandbox
from tests.sandbox.doors import ANA, TOWN, Door
from tests.sandbox.pictures import png

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


async def test_every_kind_of_update_is_well_formed(door: Door) -> None:
    """Both libraries read each kind strictly, so a missing or misnamed field fails here."""
    for kind in ("sticker", "voice", "poll", "video", "animation", "audio", "video_note", "dice", "venue"):
        await door.does(ANA.id, "others", kind=kind)
    await door.does(ANA.id, "locations", latitude=1, longitude=2)
    await door.does(ANA.id, "contacts", phone="+52")
    await door.sends_file(ANA.id, "photo", "a.png", png(9, 9), caption="#obra")
    sent = await door.says(ANA.id, "a", forward=True)
    await door.does(ANA.id, "edits", message_id=sent["message_id"], text="b")
    await door.does(ANA.id, "presses", message_id=sent["message_id"], data="x")
    await door.does(ANA.id, "block", blocked=True)
    await door.tries("groups", title="Obras", members=[ANA.id])
    updates = await door.updates()
    assert len(updates) == 18
    for update in updates:
        [kind] = update.keys() - {"update_id"}
        assert getattr(Update.model_validate(update), kind) is not None
        assert getattr(telegram.Update.de_json(update, None), kind) is not None


async def test_aiogram_understands_every_answer(sandbox: Sandbox) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    async with Bot(TOWN.token, session=session) as bot:
        picture = BufferedInputFile(png(20, 20), "a.png")
        assert (await bot.get_me()).can_join_groups
        photo = await bot.send_photo(ANA.id, photo=picture, caption="a", reply_markup=BUTTONS)
        assert photo.photo
        assert (await bot.send_video(ANA.id, video=picture)).video
        assert (await bot.send_audio(ANA.id, audio=picture)).audio
        assert (await bot.send_voice(ANA.id, voice=picture)).voice
        assert (await bot.send_animation(ANA.id, animation=picture)).animation
        assert (await bot.send_video_note(ANA.id, video_note=picture)).video_note
        assert (await bot.send_sticker(ANA.id, sticker=picture)).sticker
        assert (await bot.send_poll(ANA.id, question="a", options=["a", "b"])).poll
        assert (await bot.send_dice(ANA.id)).dice
        media: list[Any] = [InputMediaPhoto(media=picture), InputMediaPhoto(media=photo.photo[-1].file_id)]
        assert len(await bot.send_media_group(ANA.id, media=media)) == 2
        edited = await bot.edit_message_caption(chat_id=ANA.id, message_id=photo.message_id, caption="b")
        assert isinstance(edited, Message)
        assert edited.caption == "b"
        assert (await bot.get_chat(ANA.id)).first_name == "Ana"
        assert (await bot.get_chat_member(ANA.id, ANA.id)).status == "member"
        assert (await bot.get_webhook_info()).url == ""
        assert (await bot.get_chat_menu_button()).type == "commands"
        assert (await bot.get_my_default_administrator_rights()).can_manage_chat is False
        buffer = await bot.download(photo.photo[-1])
        assert buffer is not None
        assert buffer.read() == png(20, 20)


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
