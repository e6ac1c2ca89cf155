"""A Bot API that is as far away as it is told, and notes by its own clock when each call came."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from telegram.request import BaseRequest, RequestData

_ME = {"id": 7000000001, "is_bot": True, "first_name": "Bot", "username": "far_bot"}
_NO_PICTURE = "Bad Request: IMAGE_PROCESS_FAILED"
# What is lost where floating point hours are added up.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Call:
    """One call, when it came there."""

    at: float
    method: str
    chat: str
    text: str


class Far(BaseRequest):
    """`ways`: of each call, in seconds, how long it takes there, and how long its answer takes back.

    It shows no pictures.
    """

    def __init__(self, ways: Iterator[tuple[float, float]]) -> None:
        self._ways = ways
        self.came: list[Call] = []

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **named: Any
    ) -> tuple[int, bytes]:
        del method, timeouts, named
        given = request_data.json_parameters if request_data else {}
        if "chat_id" not in given:
            return 200, json.dumps({"ok": True, "result": _ME}).encode()
        there, back = next(self._ways)
        await asyncio.sleep(there)
        call = Call(asyncio.get_running_loop().time(), url.rpartition("/")[2], given["chat_id"], given.get("text", ""))
        self.came.append(call)
        await asyncio.sleep(back)
        if call.method == "sendPhoto":
            return 400, json.dumps({"ok": False, "error_code": 400, "description": _NO_PICTURE}).encode()
        chat = {"id": int(call.chat), "type": "private"}
        message = {"message_id": len(self.came), "date": 1763000000, "chat": chat, "text": "…"}
        return 200, json.dumps({"ok": True, "result": message}).encode()

    @property
    def hours(self) -> list[float]:
        """When calls came."""
        return [one.at for one in self.came]

    def of_each_chat(self) -> dict[str, list[float]]:
        """When calls came, of each chat."""
        found: dict[str, list[float]] = defaultdict(list)
        for one in self.came:
            found[one.chat].append(one.at)
        return found


def crowded(came: Sequence[float], *, most: int, seconds: float) -> list[float]:
    """When a stretch of so many seconds held more calls than it may, wherever it begins."""
    return [later for earlier, later in zip(came, came[most:], strict=False) if later - earlier < seconds - _NOTHING]


def drained(came: Sequence[float], *, burst: int, gap: float) -> list[float]:
    """When a call found nothing left of a burst that is filled up by one in so many seconds."""
    found, left, before = list[float](), float(burst), 0.0
    for at in came:
        left = min(float(burst), left + (at - before) / gap)
        before = at
        if left < 1 - _NOTHING:
            found.append(at)
        else:
            left -= 1
    return found
