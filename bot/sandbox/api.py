"""The Bot API's front door: tokens, methods, envelopes, faults, and the download of files."""

import json
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.bots import Bot
from bot.sandbox.call import Call
from bot.sandbox.errors import BAD_GATEWAY, NOT_FOUND, TOO_LARGE, TOO_MANY, UNAUTHORIZED, ApiError
from bot.sandbox.faults import NOTHING, Fault, Faults
from bot.sandbox.files import DOWNLOAD_LIMIT
from bot.sandbox.methods import envelope, perform
from bot.sandbox.params import Params, read_params
from bot.sandbox.state import State

LONGEST_TOKEN = 80
FRONT_END = {TOO_LARGE: "413 Request Entity Too Large", BAD_GATEWAY: "502 Bad Gateway"}
"""What is refused before the Bot API itself ever hears of it."""

PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>\r\n"


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class BotApi:
    """Answers `/bot<token>/METHOD` and `/file/bot<token>/PATH`."""

    def __init__(self, state: State, faults: Faults) -> None:
        self._state = state
        self._faults = faults

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.route("*", "/bot{token:[^/]+}/{method:[^/]*}", self.call),
            web.get("/file/bot{token:[^/]+}/{path:.+}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        if request.method not in ("GET", "POST"):
            return refused(ApiError(NOT_FOUND, "Not Found"))
        try:
            bot = self._bot(request.match_info["token"])
            params = await read_params(request)
            call = Call(self._state, bot, request.match_info["method"].lower(), params)
            return await self._answer(request, call)
        except ApiError as error:
            return refused(error)
        except web.HTTPRequestEntityTooLarge:
            return html(TOO_LARGE, FRONT_END[TOO_LARGE])

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = await self._trouble(call)
        if fault.fault == "drop":
            return hang_up(request)
        self._faults.limit(call)
        result = self._faults.turned(call, await perform(call))
        if fault.fault == "slow_answer":
            await self._faults.linger(fault.seconds)
        if fault.fault == "lose_response":
            return hang_up(request)
        return web.json_response(envelope(result), dumps=dumps)

    async def _trouble(self, call: Call) -> Fault:
        """Let the call meet the fault that waits for it; answer with what is left to do about it."""
        fault = self._faults.next(call) or NOTHING
        if refusal := fault.refusal():
            raise refusal
        if fault.fault == "slow":
            await self._faults.linger(fault.seconds)
        return fault

    def _bot(self, token: str) -> Bot:
        number, colon, _ = token.partition(":")
        if not (number.isdecimal() and colon) or number.startswith("0") or len(token) > LONGEST_TOKEN:
            raise ApiError(UNAUTHORIZED, "Unauthorized: invalid token specified")
        if token not in self._state.tokens:
            raise ApiError(UNAUTHORIZED, "Unauthorized")
        return self._state.tokens[token]

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Hand out a file; a fault strikes here only when it names the method `file`."""
        try:
            bot = self._bot(request.match_info["token"])
            fault = await self._trouble(Call(self._state, bot, "file", Params({})))
        except ApiError as error:
            return refused(error)
        if fault.fault in ("drop", "lose_response"):
            return hang_up(request)
        if fault.fault == "slow_answer":
            await self._faults.linger(fault.seconds)
        file = self._state.files.at(bot.manual, request.match_info["path"])
        if file is None or file.size > DOWNLOAD_LIMIT:
            return refused(ApiError(NOT_FOUND, "Not Found"))
        headers = {"Content-Type": "application/octet-stream"}
        return stored(self._state.files.location(file), file.size, headers)


def stored(path: Path | None, size: int, headers: dict[str, str]) -> web.StreamResponse:
    """Serve a file's bytes, or so many zeros when it was only claimed to exist."""
    if path is not None:
        return web.FileResponse(path, headers=headers)
    return web.Response(body=bytes(min(size, DOWNLOAD_LIMIT)), headers=headers)


def refused(error: ApiError) -> web.Response:
    if error.code in FRONT_END:
        return html(error.code, FRONT_END[error.code])
    response = web.json_response(error.envelope(), status=error.code, dumps=dumps)
    if error.code == TOO_MANY:
        response.headers["Retry-After"] = str(error.parameters["retry_after"])
    return response


def html(status: int, title: str) -> web.Response:
    """Answer as Telegram's front end does when it is not the Bot API that speaks."""
    return web.Response(status=status, text=PAGE.format(title), content_type="text/html")


def hang_up(request: web.Request) -> web.Response:
    """Close the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
