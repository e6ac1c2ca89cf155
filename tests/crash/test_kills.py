"""The bot is killed at random instants, under load, again and again: nothing is lost, and nothing happens twice.

`make crash` does it hundreds of times. The seed that is printed makes the same plan again
(`OFICIALIA_CRASH_SEED`); which instant each kill hits depends on the machine.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import story
from tests.crash.town import Deployment, killed

KILLS = int(os.environ.get("OFICIALIA_CRASHES", "0"))
# Each costs a start, which is most of what this takes.
FEW = {"sqlite": 2, "postgres": 1}
# A few are the same each time; many are others each time.
SEED = int(os.environ.get("OFICIALIA_CRASH_SEED") or (secrets.randbelow(1_000_000) if KILLS else 7))

ALONE = Deployment("sqlite", 1, "both")
BY_WEBHOOK = Deployment("postgres", 2, "webhook")
# How a bot on PostgreSQL can be run besides, with what share of the kills.
MANY = {ALONE: 0.4, Deployment("postgres", 1, "both"): 0.2, BY_WEBHOOK: 0.2, Deployment("postgres", 2, "polling"): 0.2}


def plans() -> list[object]:
    """Of each database the one deployment with most to go wrong, a few times; or all of them, often."""
    few = {one: FEW[one.database] for one in (ALONE, BY_WEBHOOK)}
    plan = {one: max(1, round(KILLS * share)) for one, share in MANY.items()} if KILLS else few
    return [pytest.param(one.database, one, kills, id=f"{one}, {kills} kills") for one, kills in plan.items()]


@pytest.mark.parametrize(("database_url", "deployment", "kills"), plans(), indirect=["database_url"])
async def test_whenever_it_is_killed_nothing_is_lost_and_nothing_happens_twice(
    database_url: str,
    deployment: Deployment,
    kills: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr(story, "PATIENCE", 300.0)  # whoever waits for an answer may live through several deaths
    outcome = await killed(deployment, database_url, tmp_path, kills=kills, seed=SEED)
    record_property("crash", f"{deployment}: {outcome} (seed {SEED})")
    assert outcome.wrong == [], f"seed {SEED}"
