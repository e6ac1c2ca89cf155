"""Trouble on request: the answers that Telegram gives on a bad day, and an optional speed limit."""

import math
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import (
    BAD_GATEWAY,
    BAD_REQUEST,
    INTERNAL,
    ApiError,
    Json,
    PhoneError,
    conflict,
    forbidden,
    too_many,
)
from bot.sandbox.polling import RIVAL

KINDS = ("429", "500", "502", "drop", "lose_response", "slow", "blocked", "deactivated", "conflict")
ALSO_CALLED = {
    "too_many": "429",
    "server_error": "500",
    "bad_gateway": "502",
}
QUIET = frozenset({"getupdates", "getme", "setwebhook", "deletewebhook", "getwebhookinfo", "file"})
"""Only a fault that names one of these hits it: a script means what the bot says, not its listening."""

SPEAKING = ("send", "forward", "copy")


@dataclass(frozen=True)
class Fault:
    """One scripted trouble, and how often it still happens; zero times means for ever."""

    fault: str
    times: int = 1
    retry_after: int = 1
    seconds: float = 1.0
    manual: str | None = None
    token: str | None = None
    chat: int | None = None
    method: str | None = None

    def hits(self, call: Call) -> bool:
        if self.manual is not None and self.manual != call.bot.manual:
            return False
        if self.token is not None and self.token != call.bot.who.token:
            return False
        if self.chat is not None and self.chat != call.params.integer("chat_id"):
            return False
        if self.method is not None:
            return self.method.lower() == call.method
        if self.fault == "conflict":
            return call.method == "getupdates"
        return call.method not in QUIET

    def json(self) -> Json:
        return {key: value for key, value in vars(self).items() if value is not None}

    def refusal(self) -> ApiError | None:
        """Say what the bot is told, where it is told anything in the usual form."""
        match self.fault:
            case "429":
                return too_many(self.retry_after)
            case "500":
                return ApiError(INTERNAL, "Internal Server Error: restart")
            case "502":
                return ApiError(BAD_GATEWAY, "Bad Gateway")
            case "blocked":
                return forbidden("bot was blocked by the user")
            case "deactivated":
                return forbidden("user is deactivated")
            case "conflict":
                return conflict(RIVAL)
            case _:
                return None


class Limiter:
    """Telegram's published speeds, enforced over sliding windows of real time."""

    def __init__(self, *, per_second: int, per_chat: int, per_group_minute: int) -> None:
        self.settings = {
            "per_second": per_second,
            "per_chat": per_chat,
            "per_group_minute": per_group_minute,
        }
        self._sent: dict[tuple[str, str, int], deque[float]] = {}

    def check(self, call: Call) -> None:
        if not call.method.startswith(SPEAKING) or call.method == "sendchataction":
            return
        now, chat = time.monotonic(), call.params.integer("chat_id")
        manual = call.bot.manual
        windows = [((manual, "all", 0), self.settings["per_second"], 1.0)]
        windows.append(((manual, "chat", chat), self.settings["per_chat"], 1.0))
        if chat < 0:
            windows.append(((manual, "group", chat), self.settings["per_group_minute"], 60.0))
        wait = 0.0
        for key, most, seconds in windows:
            sent = self._sent.setdefault(key, deque())
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if most and len(sent) >= most:
                wait = max(wait, sent[0] + seconds - now)
        if wait:
            raise too_many(math.ceil(wait))
        for key, _, _ in windows:
            self._sent[key].append(now)


class Faults:
    """The troubles still to come, oldest first."""

    def __init__(self) -> None:
        self._left: list[Fault] = []
        self._limiter: Limiter | None = None

    def add(self, given: Json) -> None:
        named = str(given.get("fault") or given.get("kind") or "")
        kind = ALSO_CALLED.get(named, named)
        given = {"chat": given.get("chat_id")} | given
        try:
            if kind == "pace":
                self._limiter = Limiter(
                    per_second=int(given.get("per_second", 30)),
                    per_chat=int(given.get("per_chat", 1)),
                    per_group_minute=int(given.get("per_group_minute", 20)),
                )
                return
            if kind not in KINDS:
                raise PhoneError(BAD_REQUEST, f"No conozco la falla «{kind}».")
            numbers: dict[str, Any] = {
                name: int(given[name]) for name in ("times", "retry_after", "chat") if given.get(name) is not None
            }
            texts: dict[str, Any] = {
                name: str(given[name]) for name in ("manual", "token", "method") if given.get(name)
            }
            seconds = float(given.get("seconds", 1.0))
        except (TypeError, ValueError) as error:
            raise PhoneError(BAD_REQUEST, "Los números de la falla no se entienden.") from error
        self._left.append(Fault(kind, seconds=seconds, **numbers, **texts))

    def clear(self) -> None:
        self._left.clear()
        self._limiter = None

    def json(self) -> list[Json]:
        pace = [{"fault": "pace", **self._limiter.settings}] if self._limiter else []
        return [*(fault.json() for fault in self._left), *pace]

    def next(self, call: Call) -> Fault | None:
        """Take the fault that this call meets, if any, and count it."""
        found = first(fault for fault in self._left if fault.hits(call))
        if found is None:
            return None
        at = self._left.index(found)
        if found.times == 1:
            del self._left[at]
        elif found.times > 1:
            self._left[at] = replace(found, times=found.times - 1)
        return found

    def limit(self, call: Call) -> None:
        if self._limiter is not None:
            self._limiter.check(call)


def first(faults: Iterable[Fault]) -> Fault | None:
    return next(iter(faults), None)
