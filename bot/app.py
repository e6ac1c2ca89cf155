"""The composition root: the only module that knows every concrete class."""

import asyncio
import contextlib
import fcntl
import gc
import logging
import re
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from bot import shelf
from bot.channels import TELEGRAM
from bot.clock import keep_time
from bot.deferral import built_when_used
from bot.desk import Desk
from bot.flows.calendar import Reception
from bot.flows.catalogue import Catalogue
from bot.flows.people import ADMINISTRATOR
from bot.flows.procedure import Procedure
from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox
from bot.sandbox.world import DemoPerson, Municipality
from bot.settings import PARTS, WRONG_TOKEN, Part, Settings, UsageError
from notifications.courier import Bell, Courier
from notifications.documents.picture import png_of
from notifications.message import RefusedError, TryLaterError
from notifications.render import Renderer
from notifications.senders.pacing import Pace
from notifications.senders.telegram import TelegramSender
from storage import migrate
from storage.database import Database, UnavailableError
from storage.duties import Alone, Duty, Task
from storage.files import Vault

if TYPE_CHECKING:
    from bot.channels.telegram import Ear
    from storage.line import Line

_log = structlog.get_logger(__name__)

_PAUSE = 2.0
_GOODBYE = 5.0
_NO_DATABASE = "la base de datos no responde; revisa OFICIALIA_DATABASE"

Clock = Callable[[], datetime]
# By night and on days off the bot disturbs nobody, and a newcomer would wait for a phone to ring.
_TRIALS = Reception(days=frozenset(range(5)), opens=time(9), closes=time(17))
# Not `\b` before it: in an address the token follows `bot` without a break.
_TOKEN = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{10,}")


def real_clock() -> datetime:
    """The moment, in UTC. Everybody else is given a clock."""
    return datetime.now(UTC)  # noqa: TID251 (the one real clock)


def set_up_logs(*, as_json: bool) -> None:
    """Log lines to standard error, without any bot's token."""
    # httpx writes the address of every call at INFO, and the token is in it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # They write a whole traceback for each 429 and each page of the front end, which the courier tells in a line.
    for name in ("telegram.ext.AIORateLimiter", "telegram.request.BaseRequest"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if as_json
            else structlog.dev.ConsoleRenderer(colors=False),
            lambda _, __, line: _without_tokens(str(line)),  # last, so that it sees all that is written
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Stderr())),
    )


class _Stderr:
    """Standard error. A line that it cannot take, as when it is a file on a full disk, is lost, and nothing else is."""

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.flush()


class _Discreet(logging.Formatter):
    """What libraries log, without tokens either."""

    def format(self, record: logging.LogRecord) -> str:
        return _without_tokens(super().format(record))


def _without_tokens(line: str) -> str:
    return _TOKEN.sub("<token>", line)


@contextmanager
def only_one(folder: Path, *, lock: str = "lock") -> Iterator[None]:
    """Hold a data folder for this process: SQLite has room for one bot.

    Raises:
        UsageError: another process holds it.

    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / lock).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(
                f"otro proceso ya usa la carpeta {folder}; con SQLite corre uno solo "
                "(para varios, usa PostgreSQL en OFICIALIA_DATABASE)"
            ) from error
        yield


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the data folder for this process, and the SQLite file: two folders may mean the same one.

    Raises:
        UsageError: another process holds either.

    """
    file = settings.database_file
    with only_one(settings.data):
        if file is None:
            yield
            return
        with only_one(file.parent, lock=f"{file.name}.lock"):
            yield


class App:
    """One process of a deployment: a database, a desk, and a bot for each municipality with a token.

    `parts`: what it does, of what there is to do.
    """

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        tokens: dict[str, str],
        *,
        clock: Clock,
        names: dict[str, str],
        parts: Collection[Part] = PARTS,
    ) -> None:
        self.settings = settings
        self._parts = parts
        self.bell = Bell()
        self.ticks = Bell()
        self._names = names
        self._catalogue = catalogue
        self._vault = Vault(settings.data / "files")
        zones = {one.id: ZoneInfo(one.zone) for one in catalogue.manuals.values()}
        self.database = Database(settings.database_url, zones)
        self._line = _line_of(self.database, settings, self.bell)
        self.renderer = Renderer(zones, strict=False)
        self.desk = Desk(
            self.database,
            catalogue,
            shelf.house(),
            clock=clock,
            secret=lambda: secrets.token_urlsafe(24),
            link=self._link,
            bell=self._ring,
        )
        self._senders = {
            (manual, TELEGRAM): TelegramSender(
                token,
                api=settings.telegram_api,
                rate=settings.rate,
                pace=Pace(burst=settings.chat_burst, per_second=1),
                on_duty=partial(self._line.has, Duty("send", manual)),
            )
            for manual, token in tokens.items()
        }
        self.courier = Courier(
            self.database,
            self.renderer,
            self._senders,
            self._vault,
            draw=self._drawn,
            clock=clock,
            bell=self.bell,
            shared=not self.database.embedded,
        )
        self.ears = self._listeners(tokens) if "listen" in parts else {}

    def _listeners(self, tokens: dict[str, str]) -> "dict[str, Ear]":
        with built_when_used():  # of all that aiogram can understand, little is ever said
            from bot.channels.telegram import Ear, bot_for  # noqa: PLC0415 (aiogram takes long, and only listeners need it)

        return {
            manual: Ear(
                manual,
                bot_for(token, api=self.settings.telegram_api),
                self.desk,
                keep=self._vault.put,
                word=lambda at, popup: self.renderer.popup(at, popup.template, popup.facts),
                away=UnavailableError,
            )
            for manual, token in tokens.items()
        }

    def _drawn(self, manual: str, law: Procedure, mark: str | None) -> bytes:
        return png_of(self._catalogue.manuals[manual], law, mark=mark)

    def _link(self, manual: str, query: str) -> str:
        return f"https://t.me/{self._names.get(manual, 'bot')}?{query}"

    def _ring(self) -> None:
        self.bell.ring()
        self._line.ring()

    async def run(self) -> None:
        """Listen, speak and keep time, or the parts of it that are ours, until cancelled."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.database.close)
            async with asyncio.TaskGroup() as group:
                for ear in self.ears.values():
                    stack.push_async_callback(ear.bot.session.close)
                for (manual, _), sender in self._senders.items():
                    stack.push_async_callback(sender.close)
                    group.create_task(self._open(manual, sender))
            if "send" not in self._parts or len(self._parts) > 1:
                await self.desk.open()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._line.run(self._duties()))
                if "send" in self._parts:
                    group.create_task(self.courier.run())
                if "clock" in self._parts:
                    group.create_task(keep_time(self.desk, self.ticks))
                if "listen" in self._parts and self.settings.webhook_url:
                    await self._be_called(stack)
                _log.info("running", parts=sorted(self._parts), manuals=sorted(manual for manual, _ in self._senders))

    def _duties(self) -> dict[Duty, Task]:
        """What only one process at a time may do for a bot. With a webhook, any number may listen."""
        duties: dict[Duty, Task] = {}
        if "send" in self._parts:
            for bot in self._senders:
                duties[Duty("send", bot[0])] = partial(self.courier.speak_for, bot)
        if "listen" in self._parts and not self.settings.webhook_url:
            for manual, ear in self.ears.items():
                duties[Duty("listen", manual)] = partial(self._hear, manual, ear)
        return duties

    async def _hear(self, manual: str, ear: "Ear") -> None:
        with self._among_others(manual):
            await ear.poll()
        await asyncio.Event().wait()

    @contextmanager
    def _among_others(self, manual: str) -> Iterator[None]:
        """A token that was taken back ends nobody else's bot; where there is no other, it ends all of it."""
        try:
            yield
        except* UsageError:
            if len(self._senders or self.ears) == 1:
                raise
            _log.error("token_refused", manual=manual)

    async def _open(self, manual: str, sender: TelegramSender) -> None:
        """Learn a bot's name, however long Telegram takes.

        Raises:
            UsageError: Telegram knows no such token, and there is no other.

        """
        with self._among_others(manual):
            await self._learn_name(manual, sender)

    async def _learn_name(self, manual: str, sender: TelegramSender) -> None:
        pause = _PAUSE
        while True:
            try:
                self._names[manual] = await sender.open()
            except RefusedError as error:
                raise UsageError(WRONG_TOKEN) from error
            except TryLaterError as error:
                _log.warning("telegram_unreachable", manual=manual, error=str(error))
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60.0)

    async def _be_called(self, stack: AsyncExitStack) -> None:
        from bot.channels.telegram import webhook_app  # noqa: PLC0415 (as above)

        given = self.settings.webhook_secret
        secret = given.get_secret_value() if given else ""
        runner = web.AppRunner(
            webhook_app(self.ears, secret=secret, alive=self.database.answers),
            # Whoever has begun a call and never ends it is not waited for: it comes again.
            shutdown_timeout=_GOODBYE,
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self.settings.webhook_host, self.settings.webhook_port).start()
        for manual, ear in self.ears.items():
            with self._among_others(manual):
                await ear.announce(f"{self.settings.webhook_url.rstrip('/')}/telegram/{manual}", secret)
        for manual, ear in self.ears.items():
            with self._among_others(manual):
                await ear.introduce()


def _line_of(database: Database, settings: Settings, bell: Bell) -> "Alone | Line":
    if database.embedded:
        return Alone()
    from storage.line import Line  # noqa: PLC0415 (its driver is installed only where there is a PostgreSQL)

    return Line(settings.database_url, bell=bell.ring)


def tokens_of(settings: Settings, catalogue: Catalogue) -> dict[str, str]:
    """Each municipality's token, as the environment gives them.

    Raises:
        UsageError: there is none, or one is for a municipality that there is not.

    """
    given = {manual: token.get_secret_value() for manual, token in settings.tokens.items()}
    if settings.token is not None:
        manual = settings.manual or (next(iter(catalogue.manuals)) if len(catalogue.manuals) == 1 else "")
        if not manual:
            raise UsageError("di de qué municipio es el bot: OFICIALIA_MANUAL=" + "|".join(catalogue.manuals))
        given[manual] = settings.token.get_secret_value()
    if not given:
        raise UsageError("falta el token del bot: OFICIALIA_TOKEN=… (se lo pides a @BotFather)")
    for manual, token in given.items():
        if manual not in catalogue.manuals:
            raise UsageError(f"no hay manual «{manual}»; los que hay: {', '.join(catalogue.manuals)}")
        if not _TOKEN.fullmatch(token):
            raise UsageError(f"el token de «{manual}» no tiene la forma de un token de Telegram")
    return given


async def run(settings: Settings, parts: Collection[Part] = PARTS) -> None:
    """The real bot, or a part of it: migrate what must be migrated, then run until told to stop.

    Raises:
        UsageError: what keeps it from running is something that a person can mend.

    """
    file = settings.database_file
    if file is not None and set(parts) != set(PARTS):
        raise UsageError(
            "con SQLite corre un solo proceso, que hace todo: quita --only, o pon una base PostgreSQL en "
            "OFICIALIA_DATABASE"
        )
    catalogue = shelf.catalogue(settings.manuals)
    tokens = tokens_of(settings, catalogue)
    with ExitStack() as locks:
        settings.data.mkdir(parents=True, exist_ok=True)
        if file is not None:
            locks.enter_context(alone(settings))
        app = App(settings, catalogue, tokens, clock=real_clock, names={}, parts=parts)
        if file is None and not await app.database.answers():
            raise UsageError(_NO_DATABASE)
        await migrate.upgrade(settings.database_url)
        # What is here now stays: to look through it for rubbish, again and again, would stop everybody. Only here,
        # where the process is the bot's own: a test's is not, and would never be rid of what its bots leave.
        gc.collect()
        gc.freeze()
        gc.enable()
        await _until_stopped(app.run())


async def _until_stopped(work: Any) -> None:
    """Run until SIGINT or SIGTERM; what was not stored by then comes again.

    Raises:
        UsageError: what keeps it from running is something that a person can mend.

    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work)
            for one in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(one, task.cancel)
    except* UsageError as told:
        raise _first(told) from told
    except* OSError as taken:
        raise UsageError(f"no se pudo abrir el puerto o la carpeta: {_first(taken)}") from taken
    except* UnavailableError as away:
        raise UsageError(_NO_DATABASE) from away


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def sandbox_tokens(manuals: list[str]) -> dict[str, str]:
    """A token for each municipality of the sandbox, always the same. They open nothing outside it."""
    return {manual: f"{7000000001 + place}:sandbox-{manual}".ljust(46, "x") for place, manual in enumerate(manuals)}


@asynccontextmanager
async def sandbox(
    settings: Settings, *, port: int, manual: str | None, clock: SandboxClock | None = None
) -> AsyncIterator[tuple[Sandbox, App]]:
    """A Bot API on loopback, its demo people, and the real bot against it over real HTTP.

    `manual`: only that municipality; otherwise all. `port` 0 takes a free one.
    """
    catalogue = shelf.catalogue(settings.manuals)
    # The largest manual first: it is what a newcomer sees.
    largest = sorted(catalogue.manuals, key=lambda one: -len(catalogue.manuals[one].procedures))
    known = [manual] if manual else largest
    if manual and manual not in catalogue.manuals:
        raise UsageError(f"no hay manual «{manual}»; los que hay: {', '.join(catalogue.manuals)}")
    clock = clock or SandboxClock()
    tokens = sandbox_tokens(known)
    names = {one: f"oficialia_{one.replace('-', '_')}_bot" for one in known}
    municipalities = [
        Municipality(
            id=one,
            title=catalogue.manuals[one].title,
            token=tokens[one],
            username=names[one],
            roles={
                ADMINISTRATOR: ADMINISTRATOR.capitalize(),
                **{key: role.label for key, role in catalogue.manuals[one].roles.items()},
            },
        )
        for one in known
    ]
    people = [
        DemoPerson(
            id=somebody.id,
            manual=one,
            name=somebody.name,
            roles=somebody.roles,
            area=_area_name(catalogue, one, somebody.area),
        )
        for one in known
        for somebody in shelf.demo(settings.manuals, one).people
    ]
    server = Sandbox(municipalities, people, data=settings.data, clock=clock)
    now = clock()
    opening = _TRIALS.received_at(now, catalogue.manuals[known[0]].calendar)
    if opening > now and not clock.offset:  # nobody has moved it yet
        clock.set(opening)
    await migrate.upgrade(settings.database_url)
    await server.start(port=port)
    try:
        here = settings.model_copy(update={"telegram_api": server.url})
        app = App(here, catalogue, tokens, clock=clock, names=names)
        clock.listen(app.bell.ring)
        clock.listen(app.ticks.ring)
        try:
            await _move_in(app.database, settings, known)
            async with asyncio.TaskGroup() as group:
                running = group.create_task(app.run())
                try:
                    yield server, app
                finally:
                    running.cancel()
        finally:
            await app.database.close()
    finally:
        await server.stop()


def _area_name(catalogue: Catalogue, manual: str, area: str | None) -> str | None:
    place = catalogue.manuals[manual].areas.get(area or "")
    return place.name if place else None


async def _move_in(database: Database, settings: Settings, manuals: list[str]) -> None:
    """Make the demo people known, past the aviso de privacidad, with their roles; once."""
    now = datetime(2020, 1, 1, tzinfo=UTC)  # long ago: the sandbox's clock may be set back
    async with database.transaction() as work:
        for manual in manuals:
            demo = shelf.demo(settings.manuals, manual)
            for one in demo.people:
                account = str(one.id)
                if await work.people.at(manual, TELEGRAM, account, now=now) is not None:
                    continue
                person = await work.people.meet(manual, TELEGRAM, account, name=one.name, now=now)
                await work.people.accept_privacy(person.id, now=now)
                for role in one.roles:
                    area = one.area if role != ADMINISTRATOR else None
                    await work.people.give(person, role, area, now=now)


async def serve_sandbox(settings: Settings, *, port: int, manual: str | None, headless: bool) -> None:
    """Run the sandbox until told to stop, and say where it is."""
    with alone(settings):

        async def serve() -> None:
            async with sandbox(settings, port=port, manual=manual) as (server, _):
                lines = [f"Oficialía · simulador: {server.url}"]
                if not headless:
                    lines.append("Abre esa dirección en tu navegador. Ctrl+C para terminar.")
                sys.stdout.write("\n".join(lines) + "\n")
                sys.stdout.flush()
                await asyncio.Event().wait()

        with contextlib.suppress(asyncio.CancelledError):
            await _until_stopped(serve())
