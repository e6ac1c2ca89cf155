"""One bot's queue of updates: numbered, kept until confirmed, dropped when their time is over."""

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bot.sandbox.bell import Bell
from bot.sandbox.errors import Json
from bot.sandbox.store import Store

FIRST_UPDATE = 710_000_001
MESSAGE_LIFE = 24 * 3600
CALLBACK_LIFE = 150
FUTURE = 10
"""An offset further than this past the last update means: begin again at the first."""

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class Update:
    """What happened, in whose lane it must keep its order, and until when it is worth telling."""

    id: int
    kind: str
    lane: str
    expires: int
    payload: Json

    def json(self) -> Json:
        return {"update_id": self.id, self.kind: self.payload}


@dataclass(frozen=True)
class Late:
    """What has happened, and reaches the queue only then; its number is given when it does."""

    at: float
    kind: str
    lane: str
    expires: int
    payload: Json


@dataclass
class Poll:
    """A getUpdates call that waits; whoever ends it says why."""

    ended: str = ""


@dataclass
class Pace:
    """When and with which offset the bot last asked, by real time."""

    offset: int | None = None
    started: float = float("-inf")
    finished: float = float("-inf")
    next_conflict: float = float("-inf")
    next_webhook: float = float("-inf")


@dataclass
class Queue:
    """Updates of one bot, oldest first."""

    manual: str
    store: Store
    clock: Callable[[], datetime]
    allowed: frozenset[str] | None = None
    pending: dict[int, Update] = field(default_factory=dict)
    again: list[Update] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    lateness: Callable[[str, str], float] = lambda _kind, _lane: 0.0
    bell: Bell = field(default_factory=Bell)
    next_id: int = FIRST_UPDATE
    poll: Poll | None = None
    pace: Pace = field(default_factory=Pace)
    webhook_changed: Bell = field(default_factory=Bell)

    def load(self) -> None:
        """Remember what was stored before the process ended."""
        for key, row in self.store.rows("updates"):
            if key.startswith(f"{self.manual}:"):
                self.pending[row["id"]] = Update(**row)
        for key, row in self.store.rows("again"):
            if key.startswith(f"{self.manual}:"):
                self.again.append(Update(**row))
        counter = self.store.get("counters", f"{self.manual}:update")
        self.next_id = counter["next"] if counter else FIRST_UPDATE
        self.late = [Late(**row) for key, row in self.store.rows("late") if key.startswith(f"{self.manual}:")]
        self.arrive(everything=True)  # to be late is forgotten like every fault, and what was late is not

    def push(self, kind: str, payload: Json, *, lane: str, life: int = MESSAGE_LIFE) -> int | None:
        """Keep an update for the bot, unless it asked not to be told of this kind."""
        if not self.wants(kind):
            return None
        expires = self._now() + life
        if seconds := self.lateness(kind, lane):
            self._keep_back(Late(self.clock().timestamp() + seconds, kind, lane, expires, payload))
            return None
        return self._add(kind, lane, expires, payload)

    def _add(self, kind: str, lane: str, expires: int, payload: Json) -> int:
        update = Update(self.next_id, kind, lane, expires, payload)
        self.next_id += 1
        self.store.put("counters", f"{self.manual}:update", {"next": self.next_id})
        self.store.put("updates", self._key(update.id), asdict(update))
        self.pending[update.id] = update
        self.bell.ring()
        return update.id

    def _keep_back(self, late: Late) -> None:
        self.late.append(late)
        self._write_late()
        self.bell.ring()  # whoever waits must look again by then

    def _write_late(self) -> None:
        for key in [key for key, _ in self.store.rows("late") if key.startswith(f"{self.manual}:")]:
            self.store.remove("late", key)
        for place, one in enumerate(self.late):
            self.store.put("late", f"{self.manual}:{place}", asdict(one))

    def arrive(self, *, everything: bool = False) -> None:
        """Number what was late and is due now, or all of it; what is not worth telling any more never comes."""
        now = self.clock().timestamp()
        due = [one for one in self.late if everything or one.at <= now]
        if not due:
            return
        self.late = [one for one in self.late if one not in due]
        self._write_late()
        for one in due:
            self._add(one.kind, one.lane, one.expires, one.payload)

    def until_late(self) -> float:
        """Tell in how many seconds the next late update is due."""
        return max(min((one.at for one in self.late), default=math.inf) - self.clock().timestamp(), 0.0)

    def wants(self, kind: str) -> bool:
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def confirm_before(self, offset: int) -> None:
        for update_id in [known for known in self.pending if known < offset]:
            self.confirm(update_id)

    def confirm(self, update_id: int) -> None:
        """Take an update out; it stays on record, so that it can be delivered once more on request."""
        update = self.pending.pop(update_id, None)
        if update is not None:
            self.store.remove("updates", self._key(update_id))
            self.store.put("delivered", self._key(update_id), asdict(update))

    def confirm_again(self, update: Update) -> None:
        if update in self.again:
            self.again.remove(update)
            self.store.remove("again", self._key(update.id))

    def redeliver(self, update_id: int) -> bool:
        """Bring a confirmed update back, under its old number; False if there never was one."""
        if update_id in self.pending:
            return True
        row = self.store.get("delivered", self._key(update_id))
        if row is None:
            return False
        update = Update(**(row | {"expires": self._now() + MESSAGE_LIFE}))
        if all(update_id != waiting.id for waiting in self.again):
            self.again.append(update)
            self.store.put("again", self._key(update_id), asdict(update))
        self.bell.ring()
        return True

    def settle(self, offset: int) -> int:
        """Apply an offset as Telegram does and answer from where to read."""
        if offset < 0:
            kept = list(self.pending)[offset:]
            offset = kept[0] if kept else self.next_id
        elif offset > self.next_id + FUTURE:
            return 0
        self.confirm_before(offset)
        return offset

    def batch(self, offset: int, limit: int) -> list[Update]:
        self.drop_expired()
        return [update for update in self.pending.values() if update.id >= offset][:limit]

    def lanes(self) -> Iterable[str]:
        """In which lanes something waits, oldest first."""
        self.drop_expired()
        return dict.fromkeys(update.lane for update in (*self.again, *self.pending.values()))

    def head(self, lane: str) -> Update | None:
        self.drop_expired()
        waiting = (update for update in (*self.again, *self.pending.values()) if update.lane == lane)
        return next(waiting, None)

    def clear(self) -> None:
        self.confirm_before(self.next_id)

    def drop_expired(self) -> None:
        self.arrive()
        now = self._now()
        for update in [update for update in self.pending.values() if update.expires <= now]:
            self.confirm(update.id)

    def end_poll(self, reason: str) -> None:
        """Send away whoever waits for updates."""
        if self.poll is not None:
            self.poll.ended = reason
            self.bell.ring()

    def _now(self) -> int:
        return int(self.clock().timestamp())

    def _key(self, update_id: int) -> str:
        return f"{self.manual}:{update_id}"
