"""The sandbox itself: one small web server that is Telegram to bots and a shelf of phones to people.

It listens on this machine only, and only to pages of its own: a foreign site open in the same browser
must not be able to act as anybody.
"""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from bot.sandbox.api import BotApi, refused
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import FORBIDDEN, NOT_FOUND, TOO_LARGE, ApiError, PhoneError
from bot.sandbox.faults import Faults
from bot.sandbox.groups import Groups
from bot.sandbox.methods import in_reply
from bot.sandbox.params import BODY_LIMIT, UPLOAD_LIMIT
from bot.sandbox.phones import OnStranger, Phones
from bot.sandbox.screens import Screens
from bot.sandbox.state import State
from bot.sandbox.webhooks import Webhooks
from bot.sandbox.world import DemoPerson, Municipality

PAGE = Path(__file__).with_name("page")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
TOO_BIG = "Es demasiado grande."
FAREWELL_SECONDS = 0.2
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}


class Sandbox:
    """Telegram on loopback, with its memory in a folder."""

    def __init__(
        self,
        municipalities: Iterable[Municipality],
        people: Iterable[DemoPerson],
        *,
        data: Path,
        clock: SandboxClock,
        on_stranger: OnStranger | None = None,
    ) -> None:
        self._state = State(municipalities, people, data=data, clock=clock)
        self._faults = Faults(clock)
        for bot in self._state.bots.values():
            bot.queue.lateness = partial(self._faults.lateness, bot)
        self._phones = Phones(self._state, on_stranger)
        self._screens = Screens(self._state, self._phones, self._faults)
        self._stack = AsyncExitStack()
        self._url = ""

    @property
    def url(self) -> str:
        if not self._url:
            raise RuntimeError("the sandbox has not been started")
        return self._url

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen; port 0 takes any that is free."""
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ValueError("the sandbox listens on this machine only")
        runner = web.AppRunner(
            self._application(),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=FAREWELL_SECONDS,
        )
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        self._url = str(URL.build(scheme="http", host=bound[0], port=bound[1]))
        webhooks = Webhooks(self._state, in_reply(self._state))
        group = await self._stack.enter_async_context(asyncio.TaskGroup())
        for bot in self._state.bots.values():
            serving = group.create_task(webhooks.serve(bot))
            self._stack.callback(serving.cancel)

    async def stop(self) -> None:
        """Stop listening; everything that happened is already written down."""
        self._screens.close()
        await self._stack.aclose()
        self._state.close()

    def _application(self) -> web.Application:
        app = web.Application(
            client_max_size=UPLOAD_LIMIT + BODY_LIMIT,
            middlewares=[self._own_pages_only, self._explain],
        )
        app.add_routes(BotApi(self._state, self._faults).routes())
        app.add_routes(self._phones.routes())
        app.add_routes(self._screens.routes())
        app.add_routes(Groups(self._state).routes())
        app.add_routes([web.get("/", self._page), web.get("/page/{name}", self._page)])
        return app

    @staticmethod
    async def _page(request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("name", "index.html")
        path = PAGE / name
        if path.parent != PAGE or path.suffix not in TYPES or not path.is_file():
            raise PhoneError(NOT_FOUND, "No hay ninguna página con ese nombre.")
        return web.FileResponse(path, headers={"Content-Type": TYPES[path.suffix], "Cache-Control": "no-cache"})

    @staticmethod
    @web.middleware
    async def _own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse foreign names (a site that rebinds its DNS to us) and foreign pages."""
        origin = request.headers.get("Origin")
        if not _is_local(f"http://{request.host}") or (origin is not None and origin != f"http://{request.host}"):
            return web.json_response({"error": "Solo desde esta máquina y esta página."}, status=FORBIDDEN)
        response = await handler(request)
        if not response.prepared:
            response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @staticmethod
    @web.middleware
    async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Turn what went wrong into the form in which that part of the server speaks."""
        try:
            return await handler(request)
        except PhoneError as error:
            return web.json_response({"error": error.text}, status=error.status)
        except ApiError as error:
            text = TOO_BIG if error.code == TOO_LARGE else f"No se entiende: {error.description}"
            return web.json_response({"error": text}, status=error.code)
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"error": TOO_BIG}, status=TOO_LARGE)
        except web.HTTPException as error:
            if request.path.startswith(("/sandbox", "/page")):
                return web.json_response({"error": "No existe esa llamada."}, status=error.status)
            return refused(ApiError(NOT_FOUND, "Not Found"))


def _is_local(url: str) -> bool:
    try:
        return URL(url).host in LOCAL_NAMES
    except ValueError:
        return False
