"""The same dialogue as its users would write it, four times over.

`python -m tests.bench.rivals KIND --api URL --port N --folder DIR`. Each asks the same
questions, checks as little as such bots do, and gives a folio from a counter.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

TOKEN = "7000000001:bench-bench-bench-bench-bench-bench"
SECRET = "bench-secret"
PROCEDURE = "gch-ccs-p01-2023"

ASK_WHAT = "¿Qué necesitas? Que cubran un evento, un cartel o una página."
ASK_EVENT = "<b>Nombre del evento</b> · Paso 1 de 4\n¿Cómo se llama el evento?"
ASK_DATE = "✓ Nombre del evento: <b>{evento}</b>\n<b>Fecha y hora</b> · Paso 2 de 4\n¿Qué día y a qué hora empieza?"
ASK_PLACE = "✓ Fecha y hora: <b>{fecha}</b>\n<b>Lugar</b> · Paso 3 de 4\nEscribe el lugar y su dirección."
ASK_FORMAT = "✓ Lugar: <b>{lugar}</b>\n<b>Foto y/o video</b> · Paso 4 de 4\n1. Foto\n2. Video\n3. Foto y video"
REVIEW = (
    "<b>Revisa antes de enviar</b>\nNombre del evento: {evento}\nFecha y hora: {fecha}\nLugar: {lugar}\n"
    "Foto y/o video: {formato}"
)
DONE = "✅ Solicitud enviada. Tu folio es CHA-P01-2026-{number:04d}."


def keyboard(*labels: tuple[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data)] for text, data in labels]
    )


WAYS = (("Atrás", "back"), ("Cancelar", "cancel"))


class Filing(StatesGroup):
    evento = State()
    fecha = State()
    lugar = State()
    formato = State()
    review = State()


def fsm_router() -> Router:
    """The textbook: a state a question, the answers in the FSM's data."""
    router = Router()
    count = iter(range(1, 10**9))

    @router.message(F.text == "nueva")
    async def new(message: Message, state: FSMContext) -> None:
        await state.clear()
        await message.answer(ASK_WHAT, reply_markup=keyboard(("Que cubran un evento", f"n:{PROCEDURE}")))

    @router.callback_query(F.data == f"n:{PROCEDURE}")
    async def chosen(query: CallbackQuery, state: FSMContext) -> None:
        await state.set_state(Filing.evento)
        await query.answer()
        if isinstance(query.message, Message):
            await query.message.edit_text(ASK_EVENT, reply_markup=keyboard(*WAYS))

    @router.message(Filing.evento)
    async def event(message: Message, state: FSMContext) -> None:
        await state.update_data(evento=message.text)
        await state.set_state(Filing.fecha)
        await message.answer(ASK_DATE.format(evento=message.text), reply_markup=keyboard(*WAYS))

    @router.message(Filing.fecha)
    async def date(message: Message, state: FSMContext) -> None:
        await state.update_data(fecha=message.text)
        await state.set_state(Filing.lugar)
        await message.answer(ASK_PLACE.format(fecha=message.text), reply_markup=keyboard(*WAYS))

    @router.message(Filing.lugar)
    async def place(message: Message, state: FSMContext) -> None:
        await state.update_data(lugar=message.text)
        await state.set_state(Filing.formato)
        await message.answer(ASK_FORMAT.format(lugar=message.text), reply_markup=keyboard(*WAYS))

    @router.message(Filing.formato)
    async def format_(message: Message, state: FSMContext) -> None:
        data = await state.update_data(formato=message.text)
        await state.set_state(Filing.review)
        await message.answer(REVIEW.format(**data), reply_markup=keyboard(("Enviar solicitud", "send"), *WAYS))

    @router.message(Filing.review, F.text == "enviar")
    async def send(message: Message, state: FSMContext) -> None:
        await state.clear()
        await message.answer(DONE.format(number=next(count)))

    return router


class BenchDraft(SQLModel, table=True):
    person: int = Field(primary_key=True)
    step: str = "evento"
    evento: str = ""
    fecha: str = ""
    lugar: str = ""
    formato: str = ""


class BenchRequest(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    person: int
    evento: str
    fecha: str
    lugar: str
    formato: str
    at: datetime


NEXT = {"evento": "fecha", "fecha": "lugar", "lugar": "formato", "formato": "review"}
ASKS = {"fecha": ASK_DATE, "lugar": ASK_PLACE, "formato": ASK_FORMAT, "review": REVIEW}


def database_router(engine: AsyncEngine) -> Router:
    """The next textbook: the draft in a table, a session for each handler."""
    router = Router()

    @router.message(F.text == "nueva")
    async def new(message: Message) -> None:
        await message.answer(ASK_WHAT, reply_markup=keyboard(("Que cubran un evento", f"n:{PROCEDURE}")))

    @router.callback_query(F.data == f"n:{PROCEDURE}")
    async def chosen(query: CallbackQuery) -> None:
        async with AsyncSession(engine) as session:
            await session.merge(BenchDraft(person=query.from_user.id))
            await session.commit()
        await query.answer()
        if isinstance(query.message, Message):
            await query.message.edit_text(ASK_EVENT, reply_markup=keyboard(*WAYS))

    @router.message(F.text)
    async def answered(message: Message) -> None:
        person = message.from_user.id if message.from_user else 0
        async with AsyncSession(engine) as session:
            draft = await session.get(BenchDraft, person)
            if draft is None:
                return
            if draft.step == "review":
                await session.delete(draft)
                given = draft.model_dump(exclude={"step"})
                session.add(BenchRequest(**given, at=datetime.now(UTC)))  # noqa: TID251 (a rival's own way)
                await session.commit()
                number = (await session.exec(select(func.count(col(BenchRequest.id))))).one()
                await message.answer(DONE.format(number=number))
                return
            setattr(draft, draft.step, message.text or "")
            draft.step = NEXT[draft.step]
            session.add(draft)
            await session.commit()
            await session.refresh(draft)
            said = ASKS[draft.step].format(**draft.model_dump())
        await message.answer(said, reply_markup=keyboard(*WAYS))

    return router


async def serve_aiogram(dispatcher: Dispatcher, api: str, port: int) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    application = web.Application()
    # handle_in_background=False: Telegram is answered when the update is dealt with, as ours is.
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET).register(
        application, path="/telegram/chalco"
    )
    setup_application(application, dispatcher, bot=bot)
    await _serve(application, port)


async def _serve(application: web.Application, port: int) -> None:
    async def health(_: web.Request) -> web.Response:
        return web.Response()

    application.router.add_get("/healthz", health)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


async def memory(api: str, port: int, folder: Path) -> None:
    del folder
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(fsm_router())
    await serve_aiogram(dispatcher, api, port)


async def redis(api: str, port: int, folder: Path) -> None:
    del folder
    from aiogram.fsm.storage.redis import RedisStorage  # noqa: PLC0415 (only where Redis answers)

    dispatcher = Dispatcher(storage=RedisStorage.from_url("redis://127.0.0.1:6379/9"))
    dispatcher.include_router(fsm_router())
    await serve_aiogram(dispatcher, api, port)


async def sqlmodel(api: str, port: int, folder: Path) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder / 'rival.sqlite'}")
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    dispatcher = Dispatcher()
    dispatcher.include_router(database_router(engine))
    await serve_aiogram(dispatcher, api, port)


async def ptb(api: str, port: int, folder: Path) -> None:
    """python-telegram-bot's ConversationHandler, kept by PicklePersistence."""
    import telegram  # noqa: PLC0415 (each rival loads its own library alone)
    from telegram import ext  # noqa: PLC0415 (as above)

    asking = iter(range(1, 10**9))

    def buttons(*labels: tuple[str, str]) -> Any:
        return telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton(t, callback_data=d)] for t, d in labels])

    async def new(update: telegram.Update, _: Any) -> int:
        assert update.message is not None
        await update.message.reply_html(ASK_WHAT, reply_markup=buttons(("Que cubran un evento", f"n:{PROCEDURE}")))
        return 0

    async def chosen(update: telegram.Update, _: Any) -> int:
        assert update.callback_query is not None
        await update.callback_query.answer()
        await update.callback_query.edit_message_text(ASK_EVENT, parse_mode="HTML", reply_markup=buttons(*WAYS))
        return 1

    def answering(key: str, said: str, state: int) -> Callable[[telegram.Update, Any], Coroutine[Any, Any, int]]:
        async def handler(update: telegram.Update, context: Any) -> int:
            assert update.message is not None
            context.user_data[key] = update.message.text
            await update.message.reply_html(said.format(**context.user_data), reply_markup=buttons(*WAYS))
            return state

        return handler

    async def send(update: telegram.Update, context: Any) -> int:
        assert update.message is not None
        context.user_data.clear()
        await update.message.reply_html(DONE.format(number=next(asking)))
        return ext.ConversationHandler.END

    text = ext.filters.TEXT & ~ext.filters.COMMAND
    conversation = ext.ConversationHandler(
        entry_points=[ext.MessageHandler(ext.filters.Text(["nueva"]), new)],
        states={
            0: [ext.CallbackQueryHandler(chosen, pattern="^n:")],
            1: [ext.MessageHandler(text, answering("evento", ASK_DATE, 2))],
            2: [ext.MessageHandler(text, answering("fecha", ASK_PLACE, 3))],
            3: [ext.MessageHandler(text, answering("lugar", ASK_FORMAT, 4))],
            4: [ext.MessageHandler(text, answering("formato", REVIEW, 5))],
            5: [ext.MessageHandler(ext.filters.Text(["enviar"]), send)],
        },
        fallbacks=[],
        name="filing",
        persistent=True,
    )
    application = (
        ext.Application.builder()
        .token(TOKEN)
        .base_url(f"{api}/bot")
        .updater(None)
        .persistence(ext.PicklePersistence(folder / "rival.pickle"))
        .build()
    )
    application.add_handler(conversation)

    async def take(request: web.Request) -> web.Response:
        await application.update_queue.put(telegram.Update.de_json(await request.json(), application.bot))
        return web.Response()

    server = web.Application()
    server.router.add_post("/telegram/chalco", take)
    async with application:
        await application.start()
        await _serve(server, port)


KINDS: dict[str, Callable[[str, int, Path], Coroutine[Any, Any, None]]] = {
    "aiogram-memory": memory,
    "aiogram-redis": redis,
    "ptb-pickle": ptb,
    "aiogram-sqlmodel": sqlmodel,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--api", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    asyncio.run(KINDS[given.kind](given.api, given.port, given.folder))


if __name__ == "__main__":
    main()
