"""Every option of every decision, every loop and every end of every procedure, through the sandbox."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot import shelf
from notifications.render import Renderer
from tests import plainness
from tests.stories.stage import staged
from tests.story import ZONE, World
from tests.walker import Walk

CATALOGUE = shelf.catalogue(shelf.MANUALS)
PROCEDURES = [(manual.id, law.code) for manual in CATALOGUE.manuals.values() for law in manual.procedures]

# The engine is the same on both databases, and the other stories run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def anywhere(database_url: str, tmp_path: Path, manual: str) -> AsyncIterator[World]:
    async with staged(database_url, tmp_path, manual=manual) as stage:
        yield stage.world


async def _all_is_plain(world: World, record_property: Callable[[str, object], None]) -> None:
    """Everything that anybody was told on the way keeps to the rules of how the bot talks."""
    renderer = Renderer({world.manual: ZONE})
    async with world.database.transaction() as work:
        messages = plainness.read(await work.letters.everything(world.manual), renderer.text)
    tally = plainness.Tally()
    for one in messages:
        tally.count(one)
    record_property("plain", f"{world.manual} {tally.said()}")
    assert not [fault for one in messages for fault in plainness.faults(one)]


@pytest.mark.parametrize(("manual", "code"), PROCEDURES)
async def test_every_exit_is_taken(
    anywhere: World, manual: str, code: str, record_property: Callable[[str, object], None]
) -> None:
    found = CATALOGUE.manuals[manual]
    walk = Walk(anywhere, found, CATALOGUE.procedure(manual, code))
    await walk.all_of_it()
    await _all_is_plain(anywhere, record_property)
    taken = " ".join(f"{n}:{act}" for n, act in sorted(walk.taken))
    record_property(
        "exits", f"{manual} {code} · {walk.requests} requests · {taken} · ends: {'; '.join(sorted(walk.ends))}"
    )
    assert not walk.left()
    outcomes = {one.end for one in walk.law.activities if one.end}
    outcomes |= {option.outcome for one in walk.law.activities for option in one.options if option.outcome}
    reached = "; ".join(walk.ends)
    assert all(one in reached for one in outcomes), f"never ended as {outcomes}: {reached}"
