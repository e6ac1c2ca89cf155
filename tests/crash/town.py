"""A town whose bot is killed: the Telegram, the people and the database outlive it."""

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic

import aiohttp

from bot import app, shelf
from bot.channels import TELEGRAM
from bot.flows.people import Area
from bot.flows.quiet import Prefs
from bot.sandbox.clock import SandboxClock
from bot.sandbox.world import DemoPerson, Municipality
from bot.settings import MANUALS
from storage.database import Database
from storage.files import Vault
from tests.crash import audit, order
from tests.crash.cast import Comunicacion, Enlace, Person, Presser
from tests.crash.wire import Door, Telegram, Trap
from tests.processes.machines import Process, free_ports
from tests.story import World

ENLACES = range(5001, 5009)
COORDINADORES = (5101, 5102)
COMUNICACION = (5201,)
# They may file as well, and do not.
VISITORS = (5301, 5302)
NOW = datetime.now(UTC)  # noqa: TID251 (the process goes by the real clock)


@dataclass(frozen=True)
class Deployment:
    """How the bot is run: so many whole processes, and how they hear (`both`: by turns)."""

    database: str
    processes: int
    hears: str

    def __str__(self) -> str:
        return f"{self.database}, {self.processes} × {self.hears}"


class Victim:
    """A place for a process: whoever is killed there is followed by another at once."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.process: Process | None = None

    def sends(self, what: signal.Signals) -> None:
        """Send its process a signal, where there is one."""
        if self.process is not None:
            self.process.send(what)

    async def ended(self) -> int:
        """Wait until it has, and give its exit code."""
        assert self.process is not None
        return await self.process.ended()


class Town:
    """Everything but the bot. `way`: how the bot reaches the database, where that is not as everybody else does."""

    def __init__(self, deployment: Deployment, telegram: Telegram, database_url: str, data: Path, seed: int) -> None:
        self.deployment = deployment
        self.telegram = telegram
        self.database_url = database_url
        self.way = database_url
        self.data = data
        self.chance = random.Random(seed)  # noqa: S311 (a plan that can be repeated)
        self.starts = 0
        self.deaths: list[int] = []
        self.wrong: list[str] = []
        self.processes: list[Process] = []
        self.victims = [Victim(port) for port in free_ports(deployment.processes)]
        self.door = Door([victim.port for victim in self.victims], telegram)

    async def starts_a_bot(self, victim: Victim, readers: asyncio.TaskGroup) -> None:
        settings = {
            "token": app.sandbox_tokens(["chalco"])["chalco"],
            "manual": "chalco",
            "data": str(self.data),
            "database": self.way,
            "telegram_api": self.telegram.url,
            "rate": "1000",
            "chat_burst": "1000",
        }
        if self.deployment.hears == "webhook" or (self.deployment.hears == "both" and self.starts % 2):
            settings |= {
                "webhook_url": self.door.url,
                "webhook_secret": "nobody-guesses-it_7",
                "webhook_port": str(victim.port),
            }
        self.starts += 1
        victim.process = await Process.start(None, **settings)
        self.processes.append(victim.process)
        readers.create_task(victim.process.read())

    async def kills(self, victim: Victim, readers: asyncio.TaskGroup) -> None:
        """Kill it at some instant, look at what it left, and start another."""
        sprung = asyncio.Event()

        def spring() -> None:
            victim.sends(signal.SIGKILL)
            sprung.set()

        self._sets_a_trap(spring)
        await sprung.wait()
        assert await victim.ended() == -signal.SIGKILL
        await self.telegram.hears_the_last_of_the_dead()
        self.deaths.append(len(self.telegram.calls))
        # Asked in this order: what is acknowledged meanwhile, by somebody who is alive, must not count.
        acknowledged = self.telegram.acknowledged()
        self.wrong += audit.acknowledged_is_stored(acknowledged, await audit.seen(self.database_url))
        await self.starts_a_bot(victim, readers)

    async def ends(self) -> None:
        """Let every process end of itself."""
        for victim in self.victims:
            assert victim.process is not None
            await victim.process.until("running")  # before that, nobody has told it what to do with a signal
            victim.sends(signal.SIGTERM)
        self.wrong += [f"ended with {code}" for one in self.victims if (code := await one.ended()) != 0]

    def is_over(self) -> None:
        """Leave nothing running, and show what was written: of a test that fails, it is seen."""
        for victim in self.victims:
            victim.sends(signal.SIGKILL)
        for process in self.processes:
            sys.stdout.writelines(f"{line}\n" for line in process.lines[-40:])

    def _sets_a_trap(self, spring: Callable[[], None]) -> None:
        """Some kills come as Telegram has just taken a message, some as it hands an update over, some at any time."""
        chance = self.chance
        delay = chance.choice([0.0, 0.0, chance.uniform(0, 0.02), chance.uniform(0, 0.3)])
        kind = chance.choices(["taken", "handed", "any"], [5, 4, 2])[0]
        if kind == "any":
            delay = chance.uniform(0.5, 8)
            asyncio.get_running_loop().call_later(delay, spring)
            self._tells(f"in {delay:.1f} s")
        else:
            self.telegram.trap = Trap(kind, chance.randint(1, 40), delay, spring)
            self._tells(f"{delay:.3f} s after call {self.telegram.trap.left} is {kind}")

    def _tells(self, when: str) -> None:
        """Say how far it has come: hundreds of kills take their time."""
        sys.stdout.write(f"{self.deployment}: kill {len(self.deaths) + 1}, {when}\n")
        sys.stdout.flush()

    async def populate(self) -> None:
        """Know the people, past the aviso de privacidad, told things at any hour, and nothing by the clock."""
        database = Database(self.database_url)
        async with database.transaction() as work:
            await work.people.open_area("chalco", Area(id="cultura", name="Dirección de Cultura", kind="central"))
            roles = {"enlace": (*ENLACES, *VISITORS), "coordinador": COORDINADORES, "comunicacion": COMUNICACION}
            for role, people in roles.items():
                for one in people:
                    person = await work.people.meet("chalco", TELEGRAM, str(one), name=f"Persona {one}", now=NOW)
                    await work.people.accept_privacy(person.id, now=NOW)
                    await work.people.prefer(person.id, Prefs(night=True, digest=False))
                    await work.people.give(person, role, "cultura" if role == "enlace" else None, now=NOW)
        await database.close()


class Load:
    """The people at work."""

    def __init__(self, town: Town, world: World) -> None:
        self._town = town
        chance = town.chance

        def own() -> random.Random:
            return random.Random(chance.random())  # noqa: S311 (as above)

        self.enlaces = [Enlace(world, one, own(), on=_a_day_far_off()) for one in ENLACES]
        self._coordinadores = [Presser(world, one, own(), "Sí cumple") for one in COORDINADORES]
        self._approvers = [Presser(world, one, own(), "Dar Vo.Bo.") for one in ENLACES]
        self._comunicacion = [Comunicacion(world, one, own()) for one in COMUNICACION]
        self.visitors = [Person(world, one, own()) for one in VISITORS]
        self.forms_go_on = True
        self._work_goes_on = True

    async def runs(self) -> None:
        """Until no more forms are wanted, and then until each has been decided and all is said."""
        town = self._town
        async with asyncio.TaskGroup() as others:
            rosa, mariana = self._coordinadores
            others.create_task(rosa.works(self._goes_on, self._life, mariana))
            for approver in self._approvers:
                others.create_task(approver.works(self._goes_on, self._life))
            for one in self._comunicacion:
                others.create_task(one.works(lambda: self.forms_go_on))
            async with asyncio.TaskGroup() as filing:
                for enlace in self.enlaces:
                    filing.create_task(enlace.works(lambda: self.forms_go_on))
            while not await self._is_done():
                await town.telegram.something()
            self._work_goes_on = False

    async def _is_done(self) -> bool:
        if self._town.telegram.unheard():  # asked first: whatever was heard by now is in the rows
            return False
        rows = await audit.rows(self._town.database_url, "task", "letter")
        waits = [one for one in rows["task"] if one.state == "open" and one.role == "coordinador"]
        unsaid = [one for one in rows["letter"] if one.state == "pending"]
        return not waits and not unsaid

    def _goes_on(self) -> bool:
        return self._work_goes_on

    def _life(self) -> int:
        return self._town.starts

    @property
    def people(self) -> list[Person]:
        return [*self.enlaces, *self._comunicacion]

    @property
    def duels(self) -> int:
        return sum(one.duels for one in self._coordinadores)


def _a_day_far_off() -> date:
    calendar = shelf.catalogue(MANUALS).manuals["chalco"].calendar
    return calendar.next_business_day((NOW + timedelta(days=30)).date(), inclusive=True)


@asynccontextmanager
async def town_of(
    deployment: Deployment, database_url: str, folder: Path, seed: int
) -> AsyncIterator[tuple[Town, Load]]:
    """A town without a bot, its people with their phones in their hands."""
    token = app.sandbox_tokens(["chalco"])["chalco"]
    place = Municipality(id="chalco", title="Chalco", token=token, username="oficialia_chalco_bot")
    numbers = (*ENLACES, *COORDINADORES, *COMUNICACION, *VISITORS)
    people = [DemoPerson(one, "chalco", f"Persona {one}", (), None) for one in numbers]
    async with AsyncExitStack() as stack:
        telegram = Telegram([place], people, data=folder / "telegram", clock=SandboxClock())
        await telegram.start()
        stack.push_async_callback(telegram.stop)
        town = Town(deployment, telegram, database_url, folder / "data", seed)
        await town.door.start()
        stack.push_async_callback(town.door.stop)
        await town.populate()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield town, Load(town, World(telegram.url, http, Database(database_url)))


@dataclass(frozen=True)
class Outcome:
    """What was wrong, and how much there was of everything."""

    wrong: list[str]
    counts: dict[str, int]

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in self.counts.items())


async def killed(deployment: Deployment, database_url: str, folder: Path, *, kills: int, seed: int) -> Outcome:
    """Let the people work while the bot is killed so many times; then let all come to rest, and look."""
    async with town_of(deployment, database_url, folder, seed) as (town, load):

        async def kill(readers: asyncio.TaskGroup) -> None:
            for _ in range(kills):
                await town.kills(town.chance.choice(town.victims), readers)

        return await lived_through(town, load, kill)


async def lived_through(town: Town, load: Load, happens: Callable[[asyncio.TaskGroup], Awaitable[None]]) -> Outcome:
    """Let the people work while something happens to their bot; then let all come to rest, and look."""
    began = monotonic()
    async with asyncio.TaskGroup() as group:
        try:
            for victim in town.victims:
                await town.starts_a_bot(victim, group)
            work = group.create_task(load.runs())
            await happens(group)
            load.forms_go_on = False
            await work
            await town.ends()
        finally:
            town.is_over()
    return await _outcome(town, load, began)


async def _outcome(town: Town, load: Load, began: float) -> Outcome:
    books = await audit.read(town.database_url)
    forms = [form for enlace in load.enlaces for form in enlace.forms]
    files = [sent for person in load.people for sent in person.sent]
    disorder, repeats = order.each_chat_heard_in_order(
        books, town.telegram.calls, town.deaths, one_writer=town.deployment.database == "sqlite"
    )
    wrong = [
        *town.wrong,
        *audit.acknowledged_is_stored(town.telegram.acknowledged(), await audit.seen(town.database_url)),
        *audit.every_answer_is_in_its_request(books, forms),
        *audit.files_are_kept(books, Vault(town.data / "files"), files),
        *audit.folios_are_whole(books),
        *audit.every_turn_ended_once(books),
        *audit.whoever_waits_has_a_turn(books),
        *audit.nothing_is_orphaned(books),
        *audit.records_hold(books),
        *audit.nothing_is_left_unsaid(books),
        *disorder,
        *(str(line) for process in town.processes for line in process.lines if line.get("level") == "error"),
    ]
    counts = {
        "kills": len(town.deaths),
        "updates": len(books["seen_update"]),
        "requests": len(forms),
        "answers": sum(len(one.answers) for one in books["request"]),
        "files": len(files),
        "decisions": sum(one.kind == "decided" for one in books["request_event"]),
        "duels": load.duels,
        "letters": sum(one.state == "sent" for one in books["letter"]),
        "repeats": repeats,
        "seconds": round(monotonic() - began),
    }
    return Outcome(wrong, counts)
