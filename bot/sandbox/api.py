"""The Bot API's front door: tokens, methods, envelopes, faults, and the download of files."""

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.bots import Bot
from bot.sandbox.call import Call
from bot.sandbox.errors import NOT_FOUND, TOO_LARGE, TOO_MANY, UNAUTHORIZED, ApiError
from bot.sandbox.faults import Faults
from bot.sandbox.files import DOWNLOAD_LIMIT
from bot.sandbox.methods import envelope, perform
from bot.sandbox.params import read_params
from bot.sandbox.state import State

LONGEST_TOKEN = 80
BAD_GATEWAY = 502
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
            return html(TOO_LARGE, "413 Request Entity Too Large")

    async def _answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = self._faults.next(call)
        kind = fault.fault if fault else ""
        if fault and (refusal := fault.refusal()):
            raise refusal
        if kind == "502":
            return html(BAD_GATEWAY, "502 Bad Gateway")
        if kind == "drop":
            return hang_up(request)
        if kind == "slow" and fault:
            await asyncio.sleep(fault.seconds)
        self._faults.limit(call)
        result = await perform(call)
        if kind == "lose_response":
            return hang_up(request)
        return web.json_response(envelope(result), dumps=dumps)

    def _bot(self, token: str) -> Bot:
        number, colon, _ = token.partition(":")
        if not (number.isdecimal() and colon) or number.startswith("0") or len(token) > LONGEST_TOKEN:
            raise ApiError(UNAUTHORIZED, "Unauthorized: invalid token specified")
        if token not in self._state.tokens:
            raise ApiError(UNAUTHORIZED, "Unauthorized")
        return self._state.tokens[token]

    async def download(self, request: web.Request) -> web.StreamResponse:
        try:
            bot = self._bot(request.match_info["token"])
        except ApiError as error:
            return refused(error)
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
    if error.code == TOO_LARGE:
        return html(TOO_LARGE, "413 Request Entity Too Large")
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
