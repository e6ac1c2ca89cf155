"""What one living process does at a time, of all that are at work in one database."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any, Literal, NamedTuple

Kind = Literal["send", "listen"]

# What there is to do while on duty, until cancelled: it ends when what it had begun is finished.
Task = Callable[[], Coroutine[Any, Any, None]]


class Duty(NamedTuple):
    """To speak for a bot (`send`), or to ask for its updates (`listen`)."""

    kind: Kind
    bot: str


class Alone:
    """The only process there is: always on duty for everything, with nobody to tell."""

    def has(self, _: Duty) -> bool:
        return True

    def ring(self) -> None:
        pass

    async def run(self, tasks: Mapping[Duty, Task]) -> None:
        """Do all of it until cancelled."""
        async with asyncio.TaskGroup() as group:
            for task in tasks.values():
                group.create_task(task())


Key = tuple[Kind, int]
"""A duty as the database knows it: other processes may serve bots that this one has never heard of."""


def next_to_take(
    mine: Collection[Key], me: int, able: Mapping[Key, Collection[int]], held: Mapping[Key, int]
) -> Key | None:
    """Choose a free duty of mine, unless somebody else who could take it has less to do.

    Processes are numbers: `able` could take a duty, and one has `held` it. Whoever has the
    least to do takes it, so that no duty is left to somebody who thinks that another will.
    """
    load = _loads(held)
    for duty in mine:
        if duty not in held and all(load[me, duty[0]] <= load[one, duty[0]] for one in able.get(duty, ())):
            return duty
    return None


def next_to_give(me: int, able: Mapping[Key, Collection[int]], held: Mapping[Key, int]) -> Key | None:
    """Choose a duty of mine for somebody who, with it, would still not have more to do than I."""
    load = _loads(held)
    for duty, holder in held.items():
        if holder == me and any(load[one, duty[0]] + 2 <= load[me, duty[0]] for one in able.get(duty, ())):
            return duty
    return None


def _loads(held: Mapping[Key, int]) -> Counter[tuple[int, Kind]]:
    return Counter((holder, duty[0]) for duty, holder in held.items())
