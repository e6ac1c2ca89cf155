"""The audit finds what is wrong: each check is shown something that it must not let pass."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.crash import audit, order
from tests.notes import Call


def books(**tables: list[dict[str, Any]]) -> audit.Books:
    return audit.Books({name: [SimpleNamespace(**row) for row in rows] for name, rows in tables.items()})


def send(message: int, request: int | None = None) -> dict[str, Any]:
    about = {"request_id": request, "edits": None, "strips": None}
    return {"kind": "send", "chat": "1", "message": str(message), "state": "sent", **about}


def edit(message: int, request: int | None = None) -> dict[str, Any]:
    return {**send(message, request), "kind": "edit"}


def heard(*said: str) -> list[Call]:
    """`5` is message 5 sent, `!5` changed, `?5` refused because it is so already, `-5` without its buttons."""
    kinds = {
        "!": ("editMessageText", True),
        "?": ("editMessageText", False),
        "-": ("editMessageReplyMarkup", True),
    }
    found = []
    for one in said:
        method, taken = kinds.get(one[0], ("sendMessage", True))
        found.append(Call(method, "1", one.lstrip("!?-"), status=200 if taken else 400))
    return found


@pytest.mark.parametrize(
    ("letters", "said", "deaths", "repeats"),
    [
        ([send(5), edit(5), send(6)], ["5", "!5", "6"], [], 0),
        ([send(6), send(7)], ["5", "6", "7"], [1], 1),
        ([send(5), edit(5), send(6)], ["5", "!5", "?5", "6"], [2], 1),
        ([send(5), edit(5), edit(5), send(6)], ["5", "!5", "!5", "6"], [2], 0),
        ([send(5), edit(5), edit(5), send(6)], ["5", "!5", "!5", "!5", "6"], [2], 1),
        ([send(6), edit(5), send(7)], ["5", "6", "!5", "7"], [1], 1),
        ([send(5), edit(5), edit(5)], ["5", "!5", "!5"], [2], 0),
        ([send(5), {**send(6), "strips": 0}, send(7)], ["5", "6", "-5", "7"], [], 0),
        ([send(5), {**send(7), "strips": 0}], ["5", "6", "7", "-5"], [2], 1),
        ([send(5), {**edit(5), "kind": "strip", "edits": 0}, send(6)], ["5", "-5", "6"], [], 0),
    ],
    ids=[
        "whole",
        "sent-twice",
        "changed-twice",
        "two-changes",
        "three-for-two",
        "twin-changed",
        "at-the-end",
        "stripped-along",
        "stripped-along-late",
        "stripped",
    ],
)
def test_what_a_death_repeats_is_counted_and_not_wrong(
    letters: list[dict[str, Any]], said: list[str], deaths: list[int], repeats: int
) -> None:
    numbered = [{"id": number, **letter} for number, letter in enumerate(letters)]
    found = order.each_chat_heard_in_order(books(letter=numbered), heard(*said), deaths, one_writer=True)
    assert found == ([], repeats)


@pytest.mark.parametrize(
    ("letters", "said", "one_writer"),
    [
        ([send(6), send(7)], ["5", "6", "7"], True),
        ([send(5), send(6)], ["6", "5"], True),
        ([send(5, 1), send(6, 1)], ["6", "5"], False),
        ([send(5), send(6)], ["6", "5"], False),
        ([send(5), send(6)], ["5"], False),
        ([send(5), edit(5)], ["5"], True),
        ([send(5)], ["5", "!5"], True),
        ([send(5)], ["5", "6"], True),
    ],
)
def test_what_is_out_of_order_or_said_too_often_is_found(
    letters: list[dict[str, Any]], said: list[str], *, one_writer: bool
) -> None:
    numbered = [{"id": number, **letter} for number, letter in enumerate(letters)]
    wrong, _ = order.each_chat_heard_in_order(books(letter=numbered), heard(*said), [], one_writer=one_writer)
    assert wrong


def test_where_several_write_at_once_two_requests_may_change_places() -> None:
    letters = [{"id": 1, **send(5, 1)}, {"id": 2, **send(6, 2)}]
    assert order.each_chat_heard_in_order(books(letter=letters), heard("6", "5"), [], one_writer=False) == ([], 0)


def folio(number: int) -> dict[str, Any]:
    return {"manual": "chalco", "folio": f"CHA-P01-2026-{number:04}"}


@pytest.mark.parametrize("numbers", [[1, 2, 4], [1, 2], [1, 2, 2], [2, 3]])
def test_a_hole_among_folios_is_found(numbers: list[int]) -> None:
    series = [{"manual": "chalco", "series": "P01", "year": 2026, "next": 4}]
    assert audit.folios_are_whole(books(request=[folio(one) for one in numbers], folio_series=series))
    assert not audit.folios_are_whole(books(request=[folio(one) for one in (1, 2, 3)], folio_series=series))


def run(*acts: int, ended: tuple[int, ...]) -> audit.Books:
    """A request whose turn of activity 2 was acted on at some moments, and that of others ended."""
    lines = [{"request_id": 1, "at": at, "activity": "2", "kind": "decided", "actor": 7} for at in acts]
    filed = {"request_id": 1, "at": 0, "activity": "1", "kind": "filed", "actor": 5}
    turns = [{"request_id": 1, "activity": "2", "state": "done", "closed_at": at} for at in ended]
    return books(request=[{"id": 1, "folio": "F"}], request_event=[filed, *lines], task=turns)


def test_a_decision_taken_twice_or_by_nobody_is_found() -> None:
    assert not audit.every_turn_ended_once(run(4, 9, ended=(4, 9)))
    assert audit.every_turn_ended_once(run(4, 4, ended=(4,)))
    assert audit.every_turn_ended_once(run(4, 9, ended=(4,)))
    assert audit.every_turn_ended_once(run(ended=(4,)))


def test_an_answer_under_another_question_is_found() -> None:
    asked = {"folio": "F", "requester": 3, "answers": {"lugar": "Plaza"}}
    kept = books(request=[asked], address=[{"person_id": 3, "account": "5001"}])
    form = audit.Form("5001", "F", {"lugar": "Plaza"})
    assert not audit.every_answer_is_in_its_request(kept, [form])
    assert audit.every_answer_is_in_its_request(kept, [audit.Form("5001", "F", {"lugar": "Calle"})])
    assert audit.every_answer_is_in_its_request(kept, [audit.Form("5002", "F", {"lugar": "Plaza"})])
    assert audit.every_answer_is_in_its_request(kept, [])
    assert audit.every_answer_is_in_its_request(kept, [form, audit.Form("5001", "G", {})])


def test_what_waits_for_nobody_and_what_is_still_unsaid_are_found() -> None:
    turn = {"request_id": 1, "key": 1, "state": "done", "closed_at": 4}
    assert audit.whoever_waits_has_a_turn(books(request=[{"id": 1, "folio": "F", "state": "open"}], task=[turn]))
    assert not audit.whoever_waits_has_a_turn(books(request=[{"id": 1, "folio": "F", "state": "closed"}], task=[turn]))
    assert audit.nothing_is_left_unsaid(books(letter=[{"state": "pending"}, {"state": "sent"}])) == [
        "1 letters are pending"
    ]
    assert audit.acknowledged_is_stored({"7", "8"}, {"8", "9"}) == ["update 7 was acknowledged and is not stored"]
