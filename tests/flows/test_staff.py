"""Whose turn it should be."""

from datetime import datetime, timedelta

import pytest

from bot.flows.request import Request, Turn
from bot.flows.staff import Candidate, advance, assign, decline, fairest, release
from tests.flows.shipped import WEDNESDAY


def hours_ago(hours: int) -> datetime:
    return WEDNESDAY - timedelta(hours=hours)


def here(person: int, load: int, busy_at: datetime | None = None) -> Candidate:
    return Candidate(person, available=True, load=load, busy_at=busy_at)


def away(person: int) -> Candidate:
    return Candidate(person, available=False, load=0)


POOLS: dict[str, tuple[list[Candidate], tuple[int, ...], int | None]] = {
    "nobody": ([], (), None),
    "the only one": ([here(1, 5)], (), 1),
    "the least loaded": ([here(1, 2), here(2, 1, hours_ago(1))], (), 2),
    "not whoever is away": ([away(1), here(2, 3)], (), 2),
    "all away": ([away(1), away(2)], (), None),
    "whoever never had one": ([here(1, 0, hours_ago(9)), here(2, 0)], (), 2),
    "whoever has waited longest": ([here(1, 1, hours_ago(1)), here(2, 1, hours_ago(2))], (), 2),
    "the first of equals": ([here(3, 0), here(2, 0)], (), 3),
    "not whoever declined": ([here(1, 0), here(2, 9)], (1,), 2),
    "all declined": ([here(1, 0)], (1,), None),
}


@pytest.mark.parametrize("name", POOLS)
def test_the_fairest_of_a_pool_is(name: str) -> None:
    pool, declined, expected = POOLS[name]
    assert fairest(pool, declined=declined) == expected


REQUEST = Request(
    id=1, manual="chalco", procedure="P", edition="e", folio="F", requester=9, area="cultura", answers={},
    sent_at=WEDNESDAY, received_at=WEDNESDAY, activity="6",
    turns=(
        Turn(key=1, activity="6", stage="act", role="gobierno_digital", pool="tecnico"),
        Turn(key=2, activity="7", stage="act", role="gobierno_digital", pool="tecnico", person=8),
    ),
)  # fmt: skip


def hands(request: Request) -> list[tuple[int | None, str]]:
    return [(turn.person, turn.progress) for turn in request.turns]


def test_one_turn_is_handed_and_the_others_stay() -> None:
    request = assign(REQUEST, 1, pool="tecnico", person=4)
    assert hands(request) == [(4, ""), (8, "")]
    assert request.staff == {"tecnico": 4}
    assert hands(advance(request, 1, "accepted")) == [(4, "accepted"), (8, "")]
    assert hands(advance(request, 5, "accepted")) == hands(request)
    assert release(request, 1, pool="tecnico").staff == {}


def test_another_who_is_handed_it_has_not_accepted_it_yet() -> None:
    request = advance(assign(REQUEST, 1, pool="tecnico", person=4), 1, "accepted")
    assert hands(assign(request, 1, pool="tecnico", person=5)) == [(5, ""), (8, "")]


def test_whoever_declines_is_remembered_until_they_have_it_after_all() -> None:
    request = decline(assign(REQUEST, 1, pool="tecnico", person=4), 1, pool="tecnico", person=4)
    assert (hands(request)[0], request.staff, request.declined) == ((None, ""), {}, {"tecnico": (4,)})
    request = decline(assign(request, 1, pool="tecnico", person=5), 1, pool="tecnico", person=5)
    assert request.declined == {"tecnico": (4, 5)}
    assert assign(request, 1, pool="tecnico", person=4).declined == {"tecnico": (5,)}
