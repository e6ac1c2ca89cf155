"""What arrives broken, what cannot be stored, and Telegram being away when the bot starts: nobody else notices."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot import app, shelf
from bot.channels import TELEGRAM
from bot.desk.incoming import Incoming, Wrote
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Municipality
from bot.settings import MANUALS, Settings, UsageError
from tests.stories.stage import WEDNESDAY, Stage, staged
from tests.stories.test_cobertura import ana_files
from tests.story import Phone, World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
async def rim(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(database_url, tmp_path) as stage:
        yield stage


@pytest.fixture
def world(rim: Stage) -> World:
    return rim.world


@on_sqlite
async def test_an_update_that_nobody_can_read_is_passed_over(rim: Stage, ana: Phone) -> None:
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.hears("Nombre del evento · Paso 1 de 4")
    queue = rim.server._state.bots["chalco"].queue
    with capture_logs() as logs:
        for payload in ({"text": "Fiesta ajena"}, {"message_id": "uno", "chat": 7}, {}):
            queue.push("message", payload, lane="1101")
        await ana.says("Feria")
        await ana.hears("✓ Nombre del evento: Feria", "Paso 2 de 4")
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["update_not_understood"] * 3
    await ana.says("viernes 27 de noviembre 5 pm")
    await ana.hears("✓ Fecha y hora: viernes 27", "Paso 3 de 4")
    assert len(queue.pending) <= 1  # nothing of it comes again


@on_postgres
async def test_what_the_database_refuses_is_told_to_whoever_said_it(rim: Stage) -> None:
    """A name with a NUL, which the channel would have taken out, stands for whatever nobody has thought of."""
    async with rim.app.database.transaction() as work:
        now = datetime.now(UTC)  # noqa: TID251 (any will do)
        await work.people.invite("chalco", "the-secret", role="coordinador", area=None, made_by=None, now=now)
    account = (await rim.world.call("POST", "/sandbox/people", name="Nadie"))["id"]
    nobody = Phone(rim.world, account, "Nadie")
    await nobody.says("hola")
    await nobody.hears("Coordinación")
    said = Incoming(
        manual="chalco", platform=TELEGRAM, update="900000001", account=str(account), chat=str(account),
        name="Nadie \0", what=Wrote("/start inv-the-secret"),
    )  # fmt: skip
    with capture_logs() as logs:
        assert await rim.app.desk.receive(said) is None
    [failed] = [line for line in logs if line["event"] == "event_failed"]
    assert failed["error"] == "UnstorableError"
    await nobody.hears("900000001-")
    await nobody.says("/start inv-the-secret")  # which was not spent
    await nobody.hears("Coordinador")


async def test_a_reminder_that_fails_keeps_nobody_from_theirs(rim: Stage, ana: Phone, raul: Phone, rosa: Phone) -> None:
    folios = [await ana_files(ana), await ana_files(raul)]  # of two areas: a card tells of the area's last
    for folio in folios:
        await rosa.hears(folio, "¿Cumple con los requisitos?")
    async with rim.app.database.transaction() as work:
        for folio in folios:
            request = await work.requests.by_folio("chalco", folio)
            assert request is not None
            at = datetime.fromisoformat(f"{WEDNESDAY}-06:00") + timedelta(hours=1)
            await work.requests.remind(request, request.turns[0].key, kind="term", at=at)
    async with rim.app.database.transaction() as work:
        await work._hands.run_once(
            text("UPDATE request SET edition = 'gone' WHERE folio = :folio"), {"folio": folios[0]}
        )
    with capture_logs() as logs:
        await rim.world.later(hours=2)
        await rosa.hears(folios[1], "Ya pasó la hora prevista")
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["reminder_failed"]
    assert await rim.app.desk.pass_time() == 0


class Start:
    """A Telegram, and a bot that has not started yet."""

    def __init__(self, server: Sandbox, settings: Settings) -> None:
        self.server = server
        self._settings = settings.model_copy(update={"telegram_api": server.url})

    def app(self, token: str, **others: str) -> app.App:
        catalogue, tokens = shelf.catalogue(MANUALS), {"chalco": token, **others}
        return app.App(self._settings, catalogue, tokens, clock=lambda: datetime.now(UTC), names={})  # noqa: TID251 (any will do)

    async def call(self, path: str, **payload: object) -> None:
        async with aiohttp.ClientSession() as http, http.post(f"{self.server.url}{path}", json=payload) as answer:
            assert answer.status == 200, await answer.text()


TOKEN = app.sandbox_tokens(["chalco"])["chalco"]


@pytest.fixture
async def start(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    monkeypatch.setattr(app, "_PAUSE", 0.02)
    town = Municipality(id="chalco", title="Chalco", token=TOKEN, username="oficialia_chalco_bot")
    server = Sandbox([town], [], data=tmp_path, clock=SandboxClock())
    await server.start()
    yield Start(server, Settings(data=tmp_path, database=database_url))
    await server.stop()


async def answers_a_stranger(start: Start, bot: app.App) -> None:
    """Run it until it has."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(bot.run())
        async with aiohttp.ClientSession() as http:
            person = {"manual": "chalco", "name": "Nadie"}
            async with http.post(f"{start.server.url}/sandbox/people", json=person) as answer:
                stranger = (await answer.json())["id"]
            phone = Phone(World(start.server.url, http, bot.database), stranger, "Nadie")
            await phone.says("hola")
            await phone.hears("Coordinación")
        running.cancel()


@on_sqlite
@pytest.mark.parametrize("fault", ["500", "502", "drop", "429"])
async def test_a_bot_that_starts_while_telegram_is_away_waits_for_it(start: Start, fault: str) -> None:
    await start.call("/sandbox/faults", fault=fault, method="getMe", times=3, retry_after=1)
    bot = start.app(TOKEN)
    with capture_logs() as logs:
        await answers_a_stranger(start, bot)
    away = [line for line in logs if line["event"] == "telegram_unreachable"]
    assert len(away) == 3
    assert bot._link("chalco", "start=x") == "https://t.me/oficialia_chalco_bot?start=x"


@on_sqlite
async def test_a_bot_that_may_not_say_its_commands_listens(start: Start) -> None:
    """As one that has been started too often today."""
    await start.call("/sandbox/faults", fault="429", method="setMyCommands", retry_after=3600, times=0)
    await answers_a_stranger(start, start.app(TOKEN))


@on_sqlite
async def test_a_token_that_telegram_does_not_know_ends_it_with_a_sentence(start: Start) -> None:
    unknown = "7999999999:nobody-has-this-token-in-the-sandbox"
    with pytest.raises(UsageError, match="Telegram no reconoce el token"):
        await app._until_stopped(start.app(unknown).run())


@on_sqlite
async def test_a_token_that_was_taken_back_ends_nobody_elses_bot(start: Start) -> None:
    bot = start.app(TOKEN, leon="7999999999:nobody-has-this-token-in-the-sandbox")
    with capture_logs() as logs:
        await answers_a_stranger(start, bot)
    assert {line["manual"] for line in logs if line["event"] == "token_refused"} == {"leon"}
