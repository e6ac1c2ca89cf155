"""The lines in which updates wait: what is asked for again, what is dealt with, and in what order."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiogram.types import Update

from bot.channels.lines import Lines

ANA, ROSA = 1101, 1102
PATIENCE = 40.0  # seconds; a machine may be busy with something else


@dataclass
class Office:
    """Deals with an update once it may, and writes down when it began and ended."""

    begun: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    _may: dict[int, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    _something: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def hear(self, update: Update) -> None:
        await self._note(self.begun, update.update_id)
        await self._may[update.update_id].wait()
        await self._note(self.ended, update.update_id)

    def lets(self, *numbers: int) -> None:
        """Let these come to their end."""
        for number in numbers:
            self._may[number].set()

    async def has_begun(self, *numbers: int) -> None:
        await self._has(self.begun, numbers)

    async def has_ended(self, *numbers: int) -> None:
        await self._has(self.ended, numbers)

    async def _note(self, where: list[int], number: int) -> None:
        async with self._something:
            where.append(number)
            self._something.notify_all()

    async def _has(self, where: list[int], numbers: tuple[int, ...]) -> None:
        async with asyncio.timeout(PATIENCE), self._something:
            await self._something.wait_for(lambda: set(numbers) <= set(where))


@dataclass
class Channel:
    """Asks on as the channel does, of a Telegram that brings what the test says."""

    lines: Lines
    office: Office

    def brings(self, *numbers: int, whose: int = ANA) -> list[int]:
        """Ask on, and take what is new of what is brought; gives its numbers."""
        brought: list[dict[str, Any]] = [{"update_id": number} for number in numbers]
        fresh = [raw["update_id"] for raw in self.lines.new(brought, since=self.lines.offset)]
        for number in fresh:
            self.lines.take(Update(update_id=number), whose=whose)
        return fresh

    async def deals_with(self, *numbers: int) -> None:
        """Let these be stored, and wait until all is."""
        self.office.lets(*numbers)
        await self.lines.stored(PATIENCE)


@asynccontextmanager
async def listening() -> AsyncIterator[Channel]:
    office = Office()
    async with asyncio.TaskGroup() as group:
        yield Channel(Lines(group, office.hear), office)


async def test_one_persons_updates_are_dealt_with_one_after_the_other() -> None:
    async with listening() as channel:
        channel.brings(1, 2, 3)
        channel.office.lets(2, 3)
        await channel.office.has_begun(1)
        assert channel.office.begun == [1]
        await channel.deals_with(1)
        assert channel.office.begun == channel.office.ended == [1, 2, 3]


async def test_what_is_brought_the_wrong_way_round_is_dealt_with_by_its_numbers() -> None:
    async with listening() as channel:
        assert channel.brings(9, 7, 8) == [7, 8, 9]
        await channel.deals_with(7, 8, 9)
        assert channel.office.ended == [7, 8, 9]


async def test_nobody_waits_for_somebody_else() -> None:
    async with listening() as channel:
        channel.brings(1, 2)
        channel.brings(1, 2, 3, whose=ROSA)
        channel.office.lets(3)
        await channel.office.has_ended(3)
        assert channel.office.begun == [1, 3]
        await channel.deals_with(1, 2)
        assert channel.office.ended == [3, 1, 2]


async def test_whoever_comes_back_has_a_line_again() -> None:
    async with listening() as channel:
        for number in (1, 2):
            channel.brings(number)
            await channel.deals_with(number)
        assert channel.office.ended == [1, 2]


async def test_at_first_all_that_waits_is_asked_for() -> None:
    async with listening() as channel:
        assert channel.lines.offset is None


async def test_nothing_is_confirmed_before_it_is_stored() -> None:
    """To ask on from a number confirms all before it: a kill would lose what was confirmed and not stored."""
    async with listening() as channel:
        channel.brings(5)
        channel.brings(5, 6, whose=ROSA)
        channel.brings(5, 6, 7)
        assert channel.lines.offset == 5
        channel.office.lets(6)
        await channel.office.has_ended(6)
        assert channel.lines.offset == 5
        channel.office.lets(5)
        await channel.office.has_begun(7)
        assert channel.lines.offset == 7
        await channel.deals_with(7)
        assert channel.lines.offset == 8


async def test_what_nobody_can_read_is_confirmed_like_what_is_stored() -> None:
    """It is never taken; to wait for it would bring it again for ever."""
    async with listening() as channel:
        channel.lines.new([{"update_id": 7}], since=None)
        assert channel.lines.offset == 8


async def test_where_nothing_comes_it_is_asked_on_from_the_same_number() -> None:
    async with listening() as channel:
        channel.brings(5)
        await channel.deals_with(5)
        assert channel.brings() == []
        assert channel.lines.offset == 6


async def test_what_is_asked_for_again_is_dealt_with_once() -> None:
    async with listening() as channel:
        channel.brings(1)
        assert channel.brings(1, 2, whose=ROSA) == [2]
        channel.office.lets(2)
        await channel.office.has_ended(2)
        assert channel.brings(1, 2, 3, whose=ROSA) == [3]  # 2 is stored, and comes along because 1 is not
        await channel.deals_with(1, 3)
        assert sorted(channel.office.ended) == [1, 2, 3]


async def test_what_is_slow_is_dealt_with_once_though_nothing_was_brought_in_between() -> None:
    async with listening() as channel:
        channel.brings(1)
        assert channel.brings() == channel.brings(1) == []
        assert channel.lines.offset == 1
        await channel.deals_with(1)
        assert channel.office.ended == [1]


async def test_what_is_brought_twice_at_once_is_dealt_with_once() -> None:
    async with listening() as channel:
        assert channel.brings(1, 1) == [1]
        await channel.deals_with(1)


async def test_telegram_may_count_anew_from_a_smaller_number() -> None:
    """After a week without updates it begins anywhere."""
    async with listening() as channel:
        channel.brings(900, 901)
        await channel.deals_with(900, 901)
        assert channel.brings(17, 18) == [17, 18]
        assert channel.lines.offset == 17
        await channel.deals_with(17, 18)
        assert channel.lines.offset == 19
        assert channel.brings(19) == [19]
        await channel.deals_with(19)


async def test_a_number_that_comes_anew_is_another_update() -> None:
    """It was confirmed, so Telegram would not bring it again: whoever wrote this would never be answered."""
    async with listening() as channel:
        channel.brings(900)
        await channel.deals_with(900)
        assert channel.brings(900) == [900]
        await channel.deals_with(900)
        channel.brings(950)
        await channel.deals_with(950)
        assert channel.brings(17, 18) == [17, 18]
        await channel.deals_with(17, 18)
        assert channel.brings(900) == [900]
        await channel.deals_with(900)
        assert channel.office.ended == [900, 900, 950, 17, 18, 900]


async def test_one_waits_for_what_is_slow_only_so_long() -> None:
    async with listening() as channel:
        channel.brings(1)
        async with asyncio.timeout(PATIENCE):
            await channel.lines.stored(0)
        assert channel.office.ended == []
        await channel.deals_with(1)
        assert channel.office.ended == [1]
