"""A municipality to which things happen step by step; after each of them the model is asked."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import event

from bot.flows.people import ADMINISTRATOR
from storage.database import Database
from tests.stateful.model import Step
from tests.stateful.rights import Rights
from tests.stateful.seen import Seen
from tests.stateful.told import Told
from tests.stateful.town import Town

T = TypeVar("T")

START = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # a Wednesday, ten in the morning


class Steps(RuleBasedStateMachine):
    """One municipality; its first request is of the procedure of that code."""

    def __init__(self, manual: str, code: str, fresh: Callable[[], str]) -> None:
        super().__init__()
        self.code = code
        self.runner = asyncio.Runner()
        self.database = self._run(_opened(fresh()))
        self.town = Town(self.database, manual, START)
        self._run(self.town.open())
        self.manual = self.town.known
        self.seen = self.seen_now = self._run(self.town.looks())
        self.pressed = (0, "")
        self.last = 0
        self.invited: tuple[int, str, str | None] | None = None
        self.linked: dict[str, set[str | None]] = {}

    def teardown(self) -> None:
        try:
            self._run(self._chains_hold())
        finally:
            self._run(self.database.close())
            self.runner.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @property
    def _rights(self) -> Rights:
        return Rights(self.manual, self.seen)

    def _step(self, act: Callable[[], Coroutine[Any, Any, Any]], *, by: int | None = None, data: str = "") -> None:
        """Let something happen, bring what is said about it, and hold all of it against the model."""
        self.pressed = (by or 0, data)
        self.invited = None
        self.seen_now = self.seen
        past = len(self.town.history)
        with self.town.attentive():
            self._run(act())
            self._run(self.town.delivers())
        after = self._run(self.town.looks(letters_after=self.last))
        Step(self.manual, self.seen, after).check()
        self._roles_change_by_right(after)
        self._run(self._groups_now())
        actors = {self.town.ids[int(one.account)] for _, one in self.town.history[past:]}
        chats = {str(who): key for who, key in self.town.ids.items()}
        Told(self.manual, self.seen, after, frozenset(actors), chats, self.linked).check()
        self.last = max((one.id for one in after.letters), default=self.last)
        changed = [key for key in after.requests if after.record[key] != self.seen.record.get(key)]
        self._run(self._chains_hold(changed))
        self.seen = self.seen_now = after

    def _roles_change_by_right(self, after: Seen) -> None:
        """A role ends because an administrator ended it, and begins because somebody used an invitation to it."""
        before = {(key, *one) for key, held in self.seen.grants.items() for one in held}
        now = {(key, *one) for key, held in after.grants.items() for one in held}
        who, data = self.pressed
        for person, role, area in before - now:
            ended = data.startswith(f"u:{person}:") and data.endswith(":yes")
            assert ended, f"{role} {area} of {person} was ended"
            assert self._rights.holds(self.town.ids[who], ADMINISTRATOR), f"{who} ended {role} of {person}"
        assert len(before - now) <= 1, before - now
        assert now - before <= {self.invited}, now - before
        assert any(role == ADMINISTRATOR for _, role, _ in now), "nobody administers any more"

    async def _groups_now(self) -> None:
        async with self.database.transaction() as work:
            for group in await work.groups.every(self.manual.id):
                self.linked[group.chat].add(group.role)

    async def _chains_hold(self, keys: Iterable[int] | None = None) -> None:
        async with self.database.transaction() as work:
            for key in self.seen.requests if keys is None else keys:
                assert await work.requests.first_break(key) is None, f"the record of {key} is broken"


async def _opened(url: str) -> Database:
    database = Database(url)
    if database.embedded:
        event.listen(database.engine.sync_engine, "connect", _in_haste)
    return database


def _in_haste(connection: Any, _: Any) -> None:
    """What is thrown away a moment later need not wait for the disk."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
