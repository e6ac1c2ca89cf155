"""How whoever asked was attended: one tap at the end, and a comment if it was not good."""

from collections.abc import Sequence

from bot.desk import addressing
from bot.desk.incoming import Popup
from bot.desk.visit import Button, Visit
from bot.flows.draft import Draft
from bot.flows.events import Event
from bot.flows.procedure import Option, Procedure
from bot.flows.request import Request
from storage.ratings import Rating

# From the best to the worst, as they are shown; a score counts from the worst, which is 1.
SCORES = ("great", "good", "fair", "poor")
_LOW = 2

Rows = tuple[tuple[Button, ...], ...]


def score_of(word: str) -> int:
    return len(SCORES) - SCORES.index(word)


async def ask(visit: Visit, law: Procedure, before: Request, after: Request, events: Sequence[Event]) -> Rows:
    """The buttons that ask how it was, once, when a request that somebody's area made has been attended.

    What was withdrawn or turned down was not attended; whoever filed for another cannot tell.
    """
    if before.state == "closed" or after.state != "closed" or not after.area or after.on_behalf:
        return ()
    if any(one.kind == "withdrawn" for one in events) or any(one.asks or one.confirm for one in _taken(law, events)):
        return ()
    if not await visit.work.ratings.ask(after.id, after.requester, now=visit.now):
        return ()
    buttons = tuple(visit.word(word, f"s:{after.id}:{score_of(word)}") for word in SCORES)
    return (buttons[:2], buttons[2:])


def _taken(law: Procedure, events: Sequence[Event]) -> list[Option]:
    options = [law.activity(one.activity).option(one.option) for one in events if one.option]
    return [one for one in options if one is not None]


async def rate(visit: Visit, request_id: int, score: int) -> Draft | None:
    """Keep an answer, the first that is given; gives the form that asks what went wrong, if it is low."""
    rating = await visit.work.ratings.get(request_id)
    request = await visit.work.requests.get(request_id)
    if rating is None or request is None or rating.person != visit.person.id or not 1 <= score <= len(SCORES):
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return None
    if request.state != "closed":
        visit.popup = Popup("popup/stale", {}, alert=True)
        return None
    if rating.score is not None:
        visit.popup = Popup("popup/rated", {"folio": request.folio})
        return None
    await visit.work.ratings.score(request_id, score, now=visit.now)
    visit.popup = Popup("popup/thanks", {"folio": request.folio})
    await _answered(visit, score)
    if score > _LOW:
        return None
    return Draft(id=0, person=visit.person.id, manual=visit.manual.id, purpose="rate", request=request.id)


def described(visit: Visit, rating: Rating) -> dict[str, str | None] | None:
    """An answer in words, with its comment."""
    if rating.score is None:
        return None
    return {"label": label_of(visit, rating.score), "comment": rating.comment}


def label_of(visit: Visit, score: int) -> str:
    return visit.house.words.label(SCORES[len(SCORES) - score])


async def _answered(visit: Visit, score: int) -> None:
    """Say the answer in place of the buttons that asked."""
    if visit.message is None:
        return
    shown = await visit.work.said.showing(visit.manual.id, visit.platform, visit.chat, visit.message)
    visit.message = None
    if shown is not None:
        rows = tuple(tuple(one for one in row if not one[1].startswith("s:")) for row in shown.buttons)
        await visit.post(
            [addressing.edited_again(shown, tuple(row for row in rows if row), rating=label_of(visit, score))]
        )


async def typed(visit: Visit, word: str) -> tuple[bool, Draft | None]:
    """Take an answer that was typed, for the last that was asked; tells whether anything was."""
    asked = await visit.work.ratings.open_of(visit.person.id)
    if asked is None:
        return False, None
    return True, await rate(visit, asked.request, score_of(word))
