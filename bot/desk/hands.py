"""What people of a pool, and those they serve, can do with a turn beside performing it."""

from typing import Any

from bot.desk.visit import Button, Visit
from bot.flows.people import Person
from bot.flows.procedure import Activity
from bot.flows.request import Request, Turn
from bot.flows.words import fold

# Each word of ours, and what it says in a button's data.
ACTS = {"take": "take", "accept_turn": "yes", "set_out": "go", "cannot": "no"}


def ways(visit: Visit, activity: Activity, request: int, turn: Turn, reader: Person) -> list[Button]:
    """The buttons beside the manual's own: to take a turn, accept it, set out or say that one cannot."""
    if turn.pool is None or not reader.holds(turn.pool):
        return []
    if turn.person is None:
        words = ["take"]
    elif turn.person != reader.id or turn.progress == "under_way":
        words = []
    else:
        words = ["accept_turn"] if turn.progress == "" else []
        if activity.goes_to is not None and not _says_so_itself(visit, activity):
            words.append("set_out")
        words.append("cannot")
    return [visit.word(word, f"h:{request}:{turn.key}:{ACTS[word]}") for word in words]


def _says_so_itself(visit: Visit, activity: Activity) -> bool:
    """Whether the manual's own button is the one with which somebody sets out."""
    return fold(activity.action or "") == fold(visit.house.words.label("set_out"))


def handing(visit: Visit, request: int, turn: Turn, reader: Person) -> list[Button]:
    """The button that hands a turn to one of its pool, or from one to another."""
    if turn.pool is None or (turn.person is None and reader.holds(turn.pool)):
        return []
    return [visit.word("assign" if turn.person is None else "reassign", f"a:{request}:{turn.key}")]


def typed(visit: Visit, activity: Activity, request: int, turn: Turn, text: str) -> str | None:
    """Which of these buttons somebody typed, by its label or another word for it."""
    buttons = [*ways(visit, activity, request, turn, visit.person), *handing(visit, request, turn, visit.person)]
    known = {visit.house.words.label(word): word for word in (*ACTS, "assign", "reassign")}
    for label, data in buttons:
        if visit.house.words.read(text, (known[label],)):
            return data
    return None


async def passed(visit: Visit, request: Request, turn: Turn) -> dict[str, Any] | None:
    """Who had a turn before, and why they cannot, until somebody accepts it."""
    if turn.pool is None or turn.progress:
        return None
    for line in reversed(await visit.work.requests.record(request.id)):
        if line.event.kind == "declined":
            return {"by": line.event.name, "note": line.event.note}
        if line.event.kind not in {"assigned", "commented"}:
            break
    return None
