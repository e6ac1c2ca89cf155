"""A Bot API that costs next to nothing: it answers every call with yes, and tells who was told what."""

import asyncio
import itertools
import json
import re
from collections.abc import Callable
from typing import Self
from urllib.parse import unquote_plus

_CHAT = re.compile(r'(?:^|&)chat_id=(-?\d+)|name="chat_id"\r\n(?:[^\r]*\r\n)*\r\n(-?\d+)')
_ME = {"id": 7000000001, "is_bot": True, "first_name": "Bot", "username": "bench_bot"}
_TOO_MANY = {"description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}

Told = Callable[[int, str, str], None]


class Stub:
    """Listens on loopback; `told` hears the method, the chat and the whole body of each call."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._ids = itertools.count(1)
        self.calls = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def answer(self, path: str, body: bytes) -> bytes:
        self.calls += 1
        method = path.rpartition("/")[2].lower()
        text = body.decode(errors="replace")
        if not text.startswith("--"):  # a form, rather than its parts
            text = unquote_plus(text)
        chat = _CHAT.search(text)
        number = int(chat[1] or chat[2]) if chat else 0
        if chat and self.refuses(number):
            return _http("429 Too Many Requests", {"ok": False, "error_code": 429, **_TOO_MANY})
        result: object = True
        if method == "getme":
            result = _ME
        elif method in {"sendmessage", "editmessagetext", "editmessagereplymarkup"}:
            result = {
                "message_id": next(self._ids),
                "date": 1763000000,
                "chat": {"id": number, "type": "private"},
                "text": "…",
            }
        if chat:
            self._told(number, method, text)
        return _http("200 OK", {"ok": True, "result": result})

    def refuses(self, chat: int) -> bool:
        """Whether a call about a chat comes too soon; this stub minds no pace."""
        del chat
        return False


def _http(status: str, answer: dict[str, object]) -> bytes:
    said = json.dumps(answer).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
    return head.encode() + said


class _Connection(asyncio.Protocol):
    """One kept-alive connection, with just enough of HTTP."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            if headers.get("transfer-encoding") == "chunked":
                whole = _unchunked(rest)
                if whole is None:
                    return
                body, self._buffer = whole
            else:
                length = int(headers.get("content-length", "0"))
                if len(rest) < length:
                    return
                body, self._buffer = rest[:length], rest[length:]
            path = lines[0].split(" ")[1]
            self._transport.write(self._stub.answer(path, body))  # type: ignore[attr-defined]


def _unchunked(data: bytes) -> tuple[bytes, bytes] | None:
    """The body and what follows it, once all of its chunks are here."""
    body = b""
    while True:
        size, found, rest = data.partition(b"\r\n")
        if not found:
            return None
        length = int(size.split(b";")[0], 16)
        if len(rest) < length + 2:
            return None
        body, data = body + rest[:length], rest[length + 2 :]
        if length == 0:
            return body, data
