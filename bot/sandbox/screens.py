"""What the phones show, and what moves the sandbox itself: the clock, faults, groups, the stream."""

import asyncio
import math
import time
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox.api import dumps, stored
from bot.sandbox.errors import BAD_REQUEST, NOT_FOUND, Json, PhoneError
from bot.sandbox.faults import Faults
from bot.sandbox.params import Params, read_params
from bot.sandbox.people import Person
from bot.sandbox.phones import Phones
from bot.sandbox.state import State
from bot.sandbox.view import chat_view
from bot.sandbox.world import DemoPerson

LONGEST_WAIT = 50.0
HEARTBEAT = 15.0
ZONE = ZoneInfo("America/Mexico_City")
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Screens:
    """The calls under `/sandbox/` that look, and those that concern nobody's phone in particular."""

    def __init__(self, state: State, phones: Phones, faults: Faults) -> None:
        self._state = state
        self._phones = phones
        self._faults = faults
        self._closing = False

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/sandbox/manuals", self.manuals),
            web.get("/sandbox/roles", self.roles),
            web.get("/sandbox/people", self.people),
            web.get("/sandbox/people/{person}/chat", self.chat),
            web.get("/sandbox/people/{person}/popups", self.popups),
            web.get("/sandbox/files/{file}", self.file),
            web.post("/sandbox/redeliver", self.redeliver),
            web.get("/sandbox/time", self.time),
            web.post("/sandbox/time", self.move_time),
            web.get("/sandbox/faults", self.faults),
            web.post("/sandbox/faults", self.add_fault),
            web.delete("/sandbox/faults", self.clear_faults),
            web.get("/sandbox/stream", self.stream),
        ]

    async def manuals(self, _: web.Request) -> web.Response:
        found = [
            {"id": bot.manual, "title": bot.who.title, "token": bot.who.token, "username": bot.who.username}
            for bot in self._state.bots.values()
        ]
        return web.json_response(found, dumps=dumps)

    async def roles(self, request: web.Request) -> web.Response:
        bot = self._state.bot(Params(dict(request.query)).text("manual"))
        return web.json_response(dict(bot.who.roles), dumps=dumps)

    async def people(self, request: web.Request) -> web.Response:
        params = Params(dict(request.query))
        manual = params.text("manual") or None
        if manual is not None:
            self._state.bot(manual)
        found: list[Person] = list(self._state.people.demo(manual))
        if params.flag("strangers"):
            found += self._state.people.strangers(manual)
        return web.json_response([person_view(person) for person in found], dumps=dumps)

    async def chat(self, request: web.Request) -> web.Response:
        """Show a chat, holding the call until something is newer than `after`."""
        params = Params(dict(request.query))
        _, _, chat = self._phones.open(request.match_info["person"], params)
        self._state.store.commit()
        after, wait = params.integer("after"), params.number("wait")
        deadline = time.monotonic() + (min(max(wait, 0.0), LONGEST_WAIT) if math.isfinite(wait) else 0.0)
        while chat.revision <= after and not self._closing and (left := deadline - time.monotonic()) > 0:
            await chat.bell.wait(left)
        return web.json_response(chat_view(self._state, chat, after), dumps=dumps)

    async def popups(self, request: web.Request) -> web.Response:
        bot, person, _ = self._phones.open(request.match_info["person"], Params(dict(request.query)))
        self._state.store.commit()
        return web.json_response(self._state.callbacks.popups(bot.manual, person.id), dumps=dumps)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Show a picture, offer anything else for download: what people send must not run in the page."""
        file = self._state.files.any(request.match_info["file"])
        if file is None:
            raise PhoneError(NOT_FOUND, "No existe ese archivo.")
        shown = file.type in SHOWN
        how = "inline" if shown else "attachment"
        headers = {
            "Content-Type": file.type if shown else "application/octet-stream",
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=3600",
        }
        return stored(self._state.files.location(file), file.size, headers)

    async def redeliver(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        update_id = params.integer("update_id")
        if not self._state.bot(params.text("manual")).queue.redeliver(update_id):
            raise PhoneError(NOT_FOUND, f"No hubo ninguna actualización {update_id}.")
        self._state.store.commit()
        return web.json_response({"update_id": update_id})

    async def time(self, _: web.Request) -> web.Response:
        return web.json_response(self._now())

    async def move_time(self, request: web.Request) -> web.Response:
        """Move the clock; a time without an offset is the time on the wall, in the sandbox's zone."""
        params = await read_params(request)
        try:
            if "now" in params:
                now = datetime.fromisoformat(params.text("now"))
                self._state.clock.set(now if now.tzinfo else now.replace(tzinfo=ZONE))
            else:
                self._state.clock.advance(timedelta(seconds=float(params.text("advance"))))
        except (ValueError, OverflowError) as error:
            raise PhoneError(BAD_REQUEST, "La hora no se entiende: «now» en ISO o «advance» en segundos.") from error
        return web.json_response(self._now())

    def _now(self) -> Json:
        return {"now": self._state.clock().isoformat(), "zone": str(ZONE)}

    async def faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._faults.json())

    async def add_fault(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        self._faults.add(params.all())
        return web.json_response(self._faults.json())

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        for bot in self._state.bots.values():
            bot.queue.arrive(everything=True)
        self._state.store.commit()
        return web.json_response([])

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Send every change of one municipality's phones as it happens."""
        bot = self._state.bot(request.query.get("manual", ""))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        with self._state.stream.listen(bot.manual) as news:
            await response.prepare(request)
            await response.write(b": hola\n\n")
            while not self._closing:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        event = await news.get()
                except TimeoutError:
                    await response.write(b": sigo aqu\xc3\xad\n\n")
                    continue
                if event is None:
                    break
                await response.write(f"data: {dumps(event)}\n\n".encode())
        return response

    def close(self) -> None:
        """Let go of everybody who waits."""
        self._closing = True
        self._state.stream.close()
        for bot in self._state.bots.values():
            for chat in self._state.chats.of(bot.manual):
                chat.bell.ring()


def person_view(person: Person) -> Json:
    view: Json = {"id": person.id, "name": person.name, "roles": [], "area": None}
    if isinstance(person, DemoPerson):
        view |= {"roles": list(person.roles), "area": person.area}
    return view
