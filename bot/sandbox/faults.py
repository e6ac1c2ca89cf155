"""Trouble on request: the answers that Telegram gives on a bad day, and an optional speed limit.

`KINDS` are what may be asked for, and this is what each does to the call that it meets:

- `429` (`retry_after`), `500`, `502` (a page of the front end), `blocked`, `deactivated`: that answer, and nothing done
- `flood`: from the first call on, 429 to all for so many `seconds` of the sandbox's clock, saying how many are left
- `expired`: an answer to a press comes too late
- `drop`: the connection is cut, and nothing done; `lose_response`: it is cut after the deed
- `slow`: the deed waits for `seconds` of real time, and is not done if the caller hangs up by then; `slow_answer`: only
  the answer waits
- `conflict`: somebody else asks for the updates
- `reversed`: the next answer to getUpdates with several updates has the last one first
- `late`: an update (of the kind `update`, where given) reaches its queue only so many `seconds` of the sandbox's clock
  later, if it is still worth telling by then

Clearing the faults ends what is slow and brings what is late at once.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.bell import Bell
from bot.sandbox.bots import Bot
from bot.sandbox.call import Call
from bot.sandbox.callbacks import TOO_OLD
from bot.sandbox.errors import (
    BAD_GATEWAY,
    BAD_REQUEST,
    INTERNAL,
    ApiError,
    Json,
    PhoneError,
    bad,
    conflict,
    forbidden,
    too_many,
)
from bot.sandbox.polling import RIVAL

KINDS = (
    "429", "500", "502", "drop", "lose_response", "slow", "blocked", "deactivated", "conflict",
    "flood", "slow_answer", "expired", "reversed", "late",
)  # fmt: skip
ALSO_CALLED = {
    "too_many": "429",
    "server_error": "500",
    "bad_gateway": "502",
}
QUIET = frozenset({"getupdates", "getme", "setwebhook", "deletewebhook", "getwebhookinfo", "file"})
"""Only a fault that names one of these hits it: a script means what the bot says, not its listening."""

OF_UPDATES = frozenset({"reversed", "late"})
"""These meet what is brought to the bot, and no call of its own."""

ONLY = {"conflict": "getupdates", "expired": "answercallbackquery"}
"""What these are about, unless they name another method."""

SPEAKING = ("send", "forward", "copy")


@dataclass(frozen=True)
class Fault:
    """One scripted trouble, and how often it still happens; zero times means for ever. `met`: how often it has."""

    fault: str
    times: int = 1
    retry_after: int = 1
    seconds: float = 1.0
    manual: str | None = None
    token: str | None = None
    chat: int | None = None
    method: str | None = None
    update: str | None = None
    until: datetime | None = None
    met: int = 0

    def hits(self, call: Call) -> bool:
        if self.fault in OF_UPDATES or not self.is_about(call.bot):
            return False
        if self.chat is not None and self.chat != call.params.integer("chat_id"):
            return False
        only = self.method.lower() if self.method is not None else ONLY.get(self.fault)
        return call.method == only if only else call.method not in QUIET

    def delays(self, bot: Bot, kind: str, lane: str) -> bool:
        """Whether an update comes late; of a press, the lane says who pressed."""
        if self.fault != "late" or not self.is_about(bot) or self.update not in (None, kind):
            return False
        return self.chat is None or lane.endswith(f":{self.chat}")

    def is_about(self, bot: Bot) -> bool:
        return self.manual in (None, bot.manual) and self.token in (None, bot.who.token)

    def json(self) -> Json:
        return {key: value for key, value in vars(self).items() if value is not None and key != "until"}

    def refusal(self) -> ApiError | None:
        """Say what the bot is told, where it is told anything in the usual form."""
        match self.fault:
            case "429" | "flood":
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
            case "expired":
                return bad(TOO_OLD)
            case _:
                return None


NOTHING = Fault("")
"""The trouble of a good day."""


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

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._left: list[Fault] = []
        self._limiter: Limiter | None = None
        self._cleared = Bell()

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
                name: str(given[name]) for name in ("manual", "token", "method", "update") if given.get(name)
            }
            seconds = float(given.get("seconds", 1.0))
        except (TypeError, ValueError) as error:
            raise PhoneError(BAD_REQUEST, "Los números de la falla no se entienden.") from error
        self._left.append(Fault(kind, seconds=seconds, **numbers, **texts))

    def clear(self) -> None:
        self._left.clear()
        self._limiter = None
        self._cleared.ring()

    async def linger(self, seconds: float) -> None:
        """Be slow, until the faults are cleared."""
        await self._cleared.wait(seconds)

    def json(self) -> list[Json]:
        pace = [{"fault": "pace", **self._limiter.settings}] if self._limiter else []
        return [*(fault.json() for fault in self._left), *pace]

    def next(self, call: Call) -> Fault | None:
        """Take the fault that this call meets, if any, and count it."""
        now = self._clock()
        self._left = [fault for fault in self._left if fault.until is None or fault.until > now]
        found = first(fault for fault in self._left if fault.hits(call))
        if found is None:
            return None
        if found.fault != "flood":
            return self._count(found)
        until = found.until or now + timedelta(seconds=found.seconds)
        left = math.ceil((until - now).total_seconds())
        return self._count(replace(found, times=0, until=until, retry_after=left), instead_of=found)

    def turned(self, call: Call, result: Any) -> Any:
        """Give several updates the wrong way round, if that is how they should come."""
        turning = (fault for fault in self._left if fault.fault == "reversed" and fault.is_about(call.bot))
        if call.method != "getupdates" or not result[1:] or (found := first(turning)) is None:
            return result
        self._count(found)
        return result[::-1]

    def lateness(self, bot: Bot, kind: str, lane: str) -> float:
        """Tell how many seconds late an update comes, and count it."""
        found = first(fault for fault in self._left if fault.delays(bot, kind, lane))
        return self._count(found).seconds if found is not None else 0.0

    def _count(self, fault: Fault, *, instead_of: Fault | None = None) -> Fault:
        at = self._left.index(instead_of or fault)
        if fault.times == 1:
            del self._left[at]
        else:
            self._left[at] = replace(fault, times=max(fault.times - 1, 0), met=fault.met + 1)
        return fault

    def limit(self, call: Call) -> None:
        if self._limiter is not None:
            self._limiter.check(call)


def first(faults: Iterable[Fault]) -> Fault | None:
    return next(iter(faults), None)
