"""A story's cast: people with a phone, over real HTTP through the sandbox.

Behind the verbs (`says`, `presses`, `sends`, `hears`) run the real dispatcher, the
real database, the real outbox and the real templates. Waiting is the sandbox's long
poll: nothing sleeps, and what does not come fails with what did.
"""

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import aiohttp

from bot.clock import Minds
from bot.flows.events import HANDS, Event
from bot.flows.request import Request
from storage.database import Database

ZONE = ZoneInfo("America/Mexico_City")
PATIENCE = 40.0  # seconds; a machine may be busy with something else


@dataclass
class Heard:
    """A message as the phone shows it."""

    id: int
    text: str
    labels: list[str]
    data: dict[str, str]
    file: dict[str, Any] | None
    silent: bool
    edited: bool
    html: str = ""


@dataclass
class World:
    """The sandbox of one municipality."""

    url: str
    http: aiohttp.ClientSession
    database: Database
    manual: str = "chalco"
    desk: Minds | None = None
    phones: dict[int, "Phone"] = field(default_factory=dict)

    async def call(self, verb: str, path: str, /, **payload: Any) -> Any:
        """Call the sandbox's own interface."""
        body = {"manual": self.manual, **payload} if verb == "POST" else None
        async with self.http.request(verb, f"{self.url}{path}", json=body) as answer:
            said = await answer.json()
            assert answer.status < 400, said
            return said

    async def at(self, moment: str) -> None:
        """Make it be that hour in the municipality."""
        now = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
        await self.call("POST", "/sandbox/time", now=now.isoformat())

    async def at_moment(self, moment: datetime) -> None:
        """Make it be that moment, unless it is later already."""
        if await self.now() < moment:
            await self.call("POST", "/sandbox/time", now=moment.isoformat())

    async def now(self) -> datetime:
        """What time the sandbox says it is."""
        return datetime.fromisoformat((await self.call("GET", "/sandbox/time"))["now"])

    async def later(self, **span: float) -> None:
        """Let time pass."""
        seconds = span.get("hours", 0) * 3600 + span.get("days", 0) * 86400 + span.get("seconds", 0)
        await self.call("POST", "/sandbox/time", advance=seconds)

    async def has_said_all(self) -> None:
        """Wait until what is due has been dealt with, and every message that it promised has been sent."""
        while self.desk is not None and await self.desk.pass_time():
            pass
        somebody = next(iter(self.phones))
        for _ in range(int(PATIENCE * 20)):
            async with self.database.transaction() as work:
                waiting = await work.letters.due(now=datetime(9999, 1, 1, tzinfo=ZONE), limit=1)
            if not waiting:
                return
            await self.call("GET", f"/sandbox/people/{somebody}/chat?manual={self.manual}&after=999999999&wait=0.05")
        raise AssertionError("something was never sent")

    async def reaches(self, person: int, *, reachable: bool) -> None:
        """Wait until the bot knows whether a person can be reached."""
        for _ in range(int(PATIENCE * 20)):
            async with self.database.transaction() as work:
                found = await work.people.at(self.manual, "telegram", str(person), now=datetime.now(ZONE))  # noqa: TID251 (any hour will do)
            if found is not None and found.reachable is reachable:
                return
            await self.call("GET", f"/sandbox/people/{person}/chat?manual={self.manual}&after=999999999&wait=0.05")
        raise AssertionError(f"{person} is still {'un' if reachable else ''}reachable")

    async def group(self, title: str, *members: "Phone", admin: bool = False) -> int:
        """Found a group with these people, the first of whom takes the bot into it; gives its id."""
        people = [one.person for one in members]
        founded: int = (await self.call("POST", "/sandbox/groups", title=title, members=people, admin=admin))["id"]
        return founded

    async def place_bot(self, group: int, status: str, *, by: "Phone") -> None:
        """Let somebody throw the bot out of a group, or take it back."""
        await self.call("POST", f"/sandbox/groups/{group}/bot", status=status, by=by.person)

    async def record(self, folio: str) -> tuple[Request, list[Event]]:
        """A request and its record, as committed."""
        async with self.database.transaction() as work:
            request = await work.requests.by_folio(self.manual, folio)
            assert request is not None, folio
            assert await work.requests.first_break(request.id) is None
            return request, [line.event for line in await work.requests.record(request.id)]

    async def agenda(self, folio: str) -> int:
        """How many entries of the agenda are of that request."""
        async with self.database.transaction() as work:
            request = await work.requests.by_folio(self.manual, folio)
            assert request is not None, folio
            return len(await work.requests.agenda(request.id))

    async def walked(self, folio: str) -> list[str]:
        """The activities of a record, in order, each as often as it was performed."""
        _, events = await self.record(folio)
        quiet = {*HANDS, "numbered", "commented", "asked", "answered", "closed", "withdrawn", "undone"}
        return [one.activity for one in events if one.kind not in quiet]


class Phone:
    """Somebody's phone; with a group open, where it is given one."""

    def __init__(self, world: World, person: int, name: str, *, group: int | None = None) -> None:
        self.group = group
        self.world = world
        self.person = person
        self.name = name
        self._seen = 0
        self._messages: dict[int, Heard] = {}
        self._unread: dict[int, Heard] = {}
        self.answered: dict[str, tuple[int, str]] = {}
        if group is None:
            world.phones[person] = self

    def into(self, group: int) -> "Phone":
        """The same phone, with a group open."""
        return Phone(self.world, self.person, self.name, group=group)

    @property
    def _there(self) -> dict[str, int]:
        return {} if self.group is None else {"chat": self.group}

    async def _look(self, wait: float) -> None:
        path = f"/sandbox/people/{self.person}/chat?manual={self.world.manual}&after={self._seen}&wait={wait}"
        path += f"&chat={self.group}" if self.group is not None else ""
        chat = await self.world.call("GET", path)
        self._seen = chat["revision"]
        for one in chat["messages"]:
            if one["from"] != "bot":
                continue
            buttons = [button for row in one["buttons"] for button in row]
            heard = Heard(
                one["message_id"],
                one["text"] or "",
                [button["text"] for button in buttons],
                {button["text"]: button["data"] for button in buttons},
                one["file"],
                bool(one.get("silent")),
                bool(one["edited"]),
                one["html"] or "",
            )
            before = self._messages.get(heard.id)
            self._messages[heard.id] = heard
            if before is not None and before.text == heard.text and not heard.labels:
                self._unread.pop(heard.id, None)  # its buttons were taken away: nothing new is said
            else:
                self._unread[heard.id] = heard
        for gone in chat.get("deleted", []):
            self._messages.pop(gone, None)

    async def hears(self, *fragments: str, buttons: Iterable[str] | None = None, absent: Iterable[str] = ()) -> Heard:
        """Wait for a message, new or changed, with all these fragments (and exactly these buttons, where given)."""
        wanted = None if buttons is None else list(buttons)
        waited = 0.0
        while True:
            for heard in list(self._unread.values()):
                fits = all(one in heard.text for one in fragments)
                if fits and (wanted is None or heard.labels == wanted) and not any(a in heard.text for a in absent):
                    self._unread = {key: one for key, one in self._unread.items() if key > heard.id}
                    return heard
            if waited >= PATIENCE:
                said = "\n---\n".join(f"{one.text}\n{one.labels}" for one in self._messages.values()) or "(nothing)"
                raise AssertionError(f"{self.name} never heard {fragments} {wanted or ''}; the chat says:\n{said}")
            await self._look(wait=1.0)
            waited += 1.0

    async def says(self, text: str, **more: Any) -> int:
        """Send a text; gives the update's id."""
        path = f"/sandbox/people/{self.person}/messages"
        sent: int = (await self.world.call("POST", path, text=text, **self._there, **more))["update_id"]
        return sent

    async def presses(self, label: str, *, on: Heard | None = None, data: str | None = None) -> int:
        """Press a button by its label, on the newest message that has it; gives the update's id."""
        await self._look(wait=0)
        if on is None:
            having = [one for one in self._messages.values() if label in one.labels]
            assert having, f"{self.name} has no button «{label}»; only {[m.labels for m in self._messages.values()]}"
            on = having[-1]
        pressed: dict[str, int] = await self.world.call(
            "POST",
            f"/sandbox/people/{self.person}/presses",
            message_id=on.id,
            data=data or on.data[label],
            **self._there,
        )
        return pressed["update_id"]

    async def sends(
        self, content: bytes, name: str = "cartel.pdf", *, kind: str = "document", said: str | None = None, **more: str
    ) -> int:
        """Send a file, said to be of such a type; gives the update's id."""
        # Encoded here: what a header cannot hold is no name to aiohttp, and a name to whoever is up to something.
        form = aiohttp.FormData({"manual": self.world.manual, "kind": kind, **more}, quote_fields=False)
        form.add_field("file", content, filename=quote(name, safe=""), content_type=said)
        async with self.world.http.post(f"{self.world.url}/sandbox/people/{self.person}/files", data=form) as answer:
            assert answer.status == 200, await answer.text()
            sent: int = (await answer.json())["update_id"]
        return sent

    async def sees(self, *fragments: str) -> str:
        """Wait for a popup with all these fragments."""
        path = f"/sandbox/people/{self.person}/popups?manual={self.world.manual}"
        for _ in range(int(PATIENCE * 20)):
            popups = await self.world.call("GET", path)
            for popup in popups:
                if all(one in popup["text"] for one in fragments):
                    return str(popup["text"])
            # The popup list has no long poll of its own; the chat's serves to let time pass.
            await self._look(wait=0.05)
        raise AssertionError(f"{self.name} never saw {fragments}; only {popups}")

    async def has_button(self, label: str, data: str) -> Heard:
        """Wait for a message with that very button."""
        waited = 0.0
        while waited < PATIENCE:
            for one in reversed(self._messages.values()):
                if one.data.get(label) == data:
                    return one
            await self._look(wait=0.5)
            waited += 0.5
        raise AssertionError(f"{self.name} was never given «{label}» ({data})")

    async def waits(self) -> None:
        """Let the bot get on with it."""
        await self._look(wait=0.1)

    async def confirms(self) -> None:
        """Press the last button of the second screen: the one that does it."""
        while True:
            asked = next((one for one in reversed(self._messages.values()) if "Todavía no" in one.labels), None)
            if asked is not None:
                await self.presses(asked.labels[-1], on=asked)
                return
            await self._look(wait=0.5)

    async def ever_heard(self, *fragments: str) -> list[Heard]:
        """Every message with all these fragments, once all that is promised has been said."""
        await self.world.has_said_all()
        await self._look(wait=0)
        return [one for one in self._messages.values() if all(fragment in one.text for fragment in fragments)]

    def shown(self, message: int) -> Heard:
        """A message as it looks now."""
        return self._messages[message]

    def latest(self, *fragments: str) -> Heard:
        """The newest message heard so far with all these fragments."""
        return self._having(*fragments)[-1]

    def heard(self, *fragments: str) -> int:
        """How many messages with all these fragments the chat shows."""
        return len(self._having(*fragments))

    def _having(self, *fragments: str) -> list[Heard]:
        return [one for one in self._messages.values() if all(wanted in one.text for wanted in fragments)]

    def unread(self) -> list[str]:
        return [one.text for one in self._unread.values()]

    async def lives_through(self, *steps: tuple[str, str]) -> None:
        """Say each thing, after hearing what comes before it."""
        for heard, said in steps:
            await self.hears(heard)
            await self.says(said)


def sqlite_rows(path: Path, query: str) -> list[Any]:
    """Look into a SQLite file from outside."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


async def together(*acts: Any) -> None:
    """Let several people act at the same instant."""
    await asyncio.gather(*acts)
