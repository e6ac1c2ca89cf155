"""What people say about a request to one another: comments, questions to whoever filed it, and their answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.desk import addressing, bringing, cards, describing
from bot.desk.visit import Button, Screen, Visit, home_row
from bot.flows import remarks
from bot.flows.events import Event
from bot.flows.people import may_act, may_look
from bot.flows.procedure import Procedure
from bot.flows.request import Question, Request
from bot.flows.routing import Refused
from storage.files import Kept
from storage.letters import Letter
from storage.people import Contact
from storage.said import Card

# What is told to whoever spoke; the pictures of an album that come after the first are added to it.
_RECEIPTS = ("commented", "answered", "not_said")
# Letters of a caption that are always read whole under a file; what is longer goes before it.
_CAPTION = 700


@dataclass(frozen=True)
class Remark:
    """What somebody says: words, files, or both. `album` is the same for pictures that were sent together."""

    text: str
    files: tuple[Kept, ...] = ()
    album: str | None = None

    @property
    def note(self) -> str:
        """What the record keeps of it: its words, or the names of the files."""
        return self.text or remarks.named(one.name for one in self.files)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(one.id for one in self.files)


async def say(
    visit: Visit, request_id: int, remark: Remark, *, question: int | None = None, aside: bool = False
) -> None:
    """Bring what somebody says to those whom it concerns; or tell them why not, and give their words back.

    It is the answer to `question`, where that is still open. `aside`: a form goes on being filled in.
    """
    request = await visit.work.requests.get(request_id, lock=True)
    begun = await begun_album(visit, remark.album)
    if request is None or request.manual != visit.manual.id or (begun and begun.template == "not_said"):
        return
    if not may_look(visit.person, request, visit.manual):
        await not_said(visit, request, "unseen", remark, aside=aside)
    elif request.state == "closed":
        await not_said(visit, request, "closed", remark, aside=aside)
    elif question is None or not await _answer(visit, request, question, remark, aside=aside):
        await _comment(visit, request, remark, aside=aside)


async def _comment(visit: Visit, request: Request, remark: Remark, *, aside: bool) -> None:
    """Write a comment into the record and bring it to everybody who takes part."""
    law = await visit.law_of(request)
    begun = await begun_album(visit, remark.album)
    event = remarks.comment(request, visit.gesture, remark.note, remark.ids)
    await visit.work.requests.save(request, request, [event], now=visit.now)
    others = [one for one in await partakers(visit, request) if one.person.id != visit.person.id]
    if begun is not None:
        others = [one for one in others if one.person.id in begun.facts["to"]]
    loud = await _rung(visit, request, others) if begun is None else set()
    facts = {**describing.head(visit, law, request, request.activity), "by": visit.person.name}
    row = (visit.word("view", f"v:{request.id}"), visit.word("comment", f"c:{request.id}"))
    for contact in others:
        screen = Screen("comment", facts, (row,) if begun is None else ())
        silent = contact.person.id not in loud
        await visit.post(bring(visit, contact, request, screen, remark, silent=silent))
    receipt = Screen("commented", {**facts, "reached": len(others), **_reached(others, remark)}, (row[:1],))
    await _acknowledge(visit, request, receipt, begun, aside=aside)


async def _answer(visit: Visit, request: Request, key: int, remark: Remark, *, aside: bool) -> bool:
    """Close a question and bring its answer to whoever asked; tells whether there was such a question."""
    if not remarks.may_answer(visit.person, request):
        return False
    outcome = remarks.answer(request, key, visit.gesture, remark.note, remark.ids)
    if isinstance(outcome, Refused):
        return False
    law = await visit.law_of(request)
    after, event = outcome
    after = await visit.work.requests.save(request, after, [event], now=visit.now)
    question = next(one for one in after.questions if one.key == key)
    asked = await _who_asked(visit, after, question)
    facts = {
        **describing.head(visit, law, after, after.activity),
        "by": visit.person.name,
        "asked": question.text,
        "asker": question.name,
    }
    for contact in asked:
        rows: list[tuple[Button, ...]] = [(visit.word("view", f"v:{after.id}"), visit.word("comment", f"c:{after.id}"))]
        turn = next((one for one in after.turns if may_act(contact.person, one, visit.manual)), None)
        if turn is not None:
            rows.insert(0, (visit.word("card", f"k:{after.id}:{turn.key}"),))
        screen = Screen("answer", facts, tuple(rows))
        await visit.post(bring(visit, contact, after, screen, remark, silent=False))
    await _settle(visit, law, after, question, remark)
    await _refresh(visit, law, after)
    view = (visit.word("view", f"v:{after.id}"),)
    receipt = Screen("answered", {**facts, **_reached(asked, remark)}, (view,))
    await _acknowledge(visit, after, receipt, None, aside=aside)
    return True


async def ask(visit: Visit, request_id: int, text: str) -> None:
    """Ask something of whoever filed a request, which goes on meanwhile."""
    request = await visit.work.requests.get(request_id, lock=True)
    if request is None or request.manual != visit.manual.id:
        return
    if not may_look(visit.person, request, visit.manual):
        await not_said(visit, request, "unseen", Remark(text))
        return
    if request.state == "closed":
        await not_said(visit, request, "closed", Remark(text))
        return
    turn = remarks.turn_to_ask(visit.person, request, visit.manual)
    if turn is None:
        await not_said(visit, request, "not_yours", Remark(text))
        return
    to = await _who_answers(visit, request)
    if not to:
        await not_said(visit, request, "nobody", Remark(text))
        return
    law = await visit.law_of(request)
    after, event = remarks.ask(request, turn, visit.gesture, text)
    after = await visit.work.requests.save(request, after, [event], now=visit.now)
    question = after.questions[-1]
    screen = _asked(visit, law, after, question)
    for contact in to:
        await visit.post([addressing.to(visit, contact, screen, request=after)])
    await _refresh(visit, law, after)
    names = [one.person.name for one in to]
    view = (visit.word("view", f"v:{after.id}"),)
    screen = Screen("question_sent", {**screen.facts, "names": names}, (view, *home_row(visit)))
    await visit.show(screen, request=after.id)


def _asked(visit: Visit, law: Procedure, request: Request, question: Question) -> Screen:
    facts = {
        **describing.head(visit, law, request, request.activity),
        "by": question.name,
        "text": question.text,
        "key": question.key,
    }
    row = (visit.word("answer", f"y:{request.id}:{question.key}"), visit.word("view", f"v:{request.id}"))
    return Screen("asked", facts, (row,))


async def close(visit: Visit, law: Procedure, before: Request) -> None:
    """Show on the questions of a request that has ended that they need no answer any more."""
    for question in before.unanswered:
        await _settle(visit, law, before, question, None)


async def reopen(visit: Visit, law: Procedure, request: Request) -> None:
    """Bring back the questions of a request whose end was taken back."""
    for question in request.unanswered:
        await _instead(visit, request, question, "question_over", _asked(visit, law, request, question))


async def _settle(visit: Visit, law: Procedure, request: Request, question: Question, answer: Remark | None) -> None:
    """Put how a question ended in place of it, wherever it was shown, and take its buttons away."""
    facts = {
        **describing.head(visit, law, request, request.activity),
        "by": question.name,
        "text": question.text,
        "key": question.key,
        "answer": answer.note if answer else None,
        "who": visit.person.name,
    }
    screen = Screen("question_over", facts, ((visit.word("view", f"v:{request.id}"),),))
    await _instead(visit, request, question, "asked", screen)


async def _instead(visit: Visit, request: Request, question: Question, template: str, screen: Screen) -> None:
    """Put a screen in place of a question, wherever it is shown in those words."""
    for one in await visit.work.said.worded(request.id, template):
        if one.facts.get("key") == question.key:
            copy = Card(one.id, one.message, one.platform, one.chat, one.person)
            await visit.post([addressing.edited(visit, copy, screen, request.id)])


async def _refresh(visit: Visit, law: Procedure, request: Request) -> None:
    """Bring the cards of a request up to date with the questions that are open, for those who may see it still."""
    for turn in request.turns:
        screen = await cards.card(visit, law, request, turn)
        copies = await visit.work.said.cards(request.id, turn.key)
        people = sorted({one.person for one in copies if one.person is not None})
        known = await visit.work.people.contacts(visit.manual.id, people, now=visit.now)
        looking = {None, *(one.person.id for one in known if may_look(one.person, request, visit.manual))}
        for copy in (one for one in copies if one.person in looking):
            letter = addressing.edited(visit, copy, screen, request.id)
            # Everybody keeps their own buttons: what can be done is what it was.
            await visit.post([replace(letter, buttons=copy.buttons, turn=turn.key)])


async def _who_answers(visit: Visit, request: Request) -> list[Contact]:
    """Whoever filed the request; where they have no role any more, whoever else speaks for its area."""
    people = visit.work.people
    filed = await people.contacts(visit.manual.id, [request.requester], now=visit.now)
    if any(one.person.grants for one in filed):
        return filed
    if not request.area:
        return []
    ids = await people.holders(visit.manual.id, request.opened_as, request.area, now=visit.now)
    return await people.contacts(visit.manual.id, [one for one in ids if one != visit.person.id], now=visit.now)


async def _who_asked(visit: Visit, request: Request, question: Question) -> list[Contact]:
    """Whoever asked; where they may not see the request any more, whoever must act on it now."""
    found = await visit.work.people.contacts(visit.manual.id, [question.by], now=visit.now)
    if any(may_look(one.person, request, visit.manual) for one in found):
        return found
    return [one for one in await _must_act(visit, request) if one.person.id != visit.person.id]


async def not_said(
    visit: Visit, request: Request, reason: str, remark: Remark | None = None, *, aside: bool = False
) -> None:
    """Tell why something does not reach anybody, and what can be done instead."""
    buttons: list[Button] = []
    if reason != "unseen":
        buttons.append(visit.word("view", f"v:{request.id}"))
    if reason in {"not_yours", "nobody"}:
        buttons.append(visit.word("comment", f"c:{request.id}"))
    again = reason == "closed" and request.requester == visit.person.id
    if again:
        buttons.append(visit.word("repeat", f"z:{request.id}"))
    facts = {
        "folio": request.folio,
        "reason": reason,
        "text": remark.text if remark else "",
        "outcome": request.outcome,
        "again": again,
        "album": remark.album if remark else None,
    }
    rows = ((tuple(buttons),) if buttons else ()) + home_row(visit)
    await _tell(visit, Screen("not_said", facts, rows), request.id, aside=aside)


async def begun_album(visit: Visit, album: str | None) -> Letter | None:
    """What acknowledged the first pictures of an album of which more come now."""
    if album is None:
        return None
    last = await visit.work.said.latest(visit.manual.id, visit.platform, visit.chat, _RECEIPTS)
    return last if last is not None and last.facts.get("album") == album else None


def _reached(contacts: Sequence[Contact], remark: Remark) -> dict[str, Any]:
    return {"to": [one.person.id for one in contacts], "files": len(remark.files), "album": remark.album}


async def _acknowledge(visit: Visit, request: Request, screen: Screen, begun: Letter | None, *, aside: bool) -> None:
    if begun is not None:  # one message for an album, however it comes
        files = begun.facts["files"] + screen.facts["files"]
        screen = replace(screen, template=begun.template, facts={**begun.facts, "files": files})
    over = (begun.edits or begun.id) if begun else None
    await _tell(visit, replace(screen, rows=(*screen.rows, *home_row(visit))), request.id, over=over, aside=aside)


async def _tell(visit: Visit, screen: Screen, request: int, *, over: int | None = None, aside: bool) -> None:
    """Answer whoever spoke; beside the form that they are filling in, if they are."""
    if not aside:
        await visit.show(screen, over=over, request=request)
        return
    # Without the way back to the menu, which would leave the form.
    await visit.note(replace(screen, rows=screen.rows[:-1]), over=over, request=request)


def bring(
    visit: Visit, contact: Contact, request: Request, screen: Screen, remark: Remark, *, silent: bool
) -> list[Letter]:
    """The letters that bring words and files to somebody; one of them rings at most."""
    none = {"text": remark.text, "file": None, "place": 0, "total": len(remark.files)}
    words = replace(screen, facts={**screen.facts, **none})
    if not remark.files:
        return [addressing.to(visit, contact, words, silent=silent, request=request)]
    letters: list[Letter] = []
    if len(remark.text) > _CAPTION:
        letters.append(addressing.to(visit, contact, words, silent=silent, request=request))
    for place, file in enumerate(remark.files, start=1):
        first = not letters
        about = {"text": remark.text if first else "", "file": file.name, "place": place, "total": len(remark.files)}
        under = Screen(screen.template, {**screen.facts, **about}, screen.rows if first else ())
        letter = addressing.to(visit, contact, under, silent=silent or not first, request=request)
        letters.append(replace(letter, file=file.id))
    return letters


async def partakers(visit: Visit, request: Request) -> list[Contact]:
    """Whoever filed it, whoever has acted on it, and whoever must act now, each once, of those who may still see it."""
    ids = [request.requester, *request.staff.values()]
    ids.extend(one.event.actor for one in await visit.work.requests.record(request.id) if one.event.actor)
    known = await visit.work.people.contacts(visit.manual.id, list(dict.fromkeys(ids)), now=visit.now)
    partakers = {
        one.person.id: one for one in known if one.person.grants and may_look(one.person, request, visit.manual)
    }
    partakers.update({one.person.id: one for one in await _must_act(visit, request)})
    return list(partakers.values())


async def _must_act(visit: Visit, request: Request) -> list[Contact]:
    found: dict[int, Contact] = {}
    for turn in request.turns:
        asked, _ = await bringing.holders(visit, request, turn)
        found.update({one.person.id: one for one in asked})
    return list(found.values())


async def _rung(visit: Visit, request: Request, others: Sequence[Contact]) -> set[int]:
    """Whose phone a comment rings: whoever must act; and from those who act, whoever filed the request.

    Where that is nobody else, everybody's: somebody has to hear it.
    """
    everybody = {one.person.id for one in others}
    if remarks.may_answer(visit.person, request):
        loud = {one.person.id for one in await _must_act(visit, request)}
    else:
        loud = {request.requester}
    return (loud & everybody) or everybody


async def send_files(visit: Visit, law: Procedure, request: Request) -> None:
    """Bring what was sent in comments and answers to whoever looks at the request."""
    me = Contact(visit.person, visit.platform, visit.chat, reachable=True)
    for event, found in await files(visit, request):
        names = remarks.named(one.name for one in found)
        facts = {**describing.head(visit, law, request, event.activity), "by": event.name}
        remark = Remark("" if event.note in (names, found[0].name) else event.note or "", tuple(found))
        await visit.post(bring(visit, me, request, Screen("comment", facts), remark, silent=True))


async def files(visit: Visit, request: Request) -> list[tuple[Event, list[Kept]]]:
    """What was sent in comments and answers, in order, with the words that came with it."""
    events = [one.event for one in await visit.work.requests.record(request.id)]
    known = await visit.work.files.some([file for one in events for file in one.files])
    told = remarks.together([one for one in events if one.files], {key: one.name for key, one in known.items()})
    return [(one, [known[file] for file in one.files if file in known]) for one in told]


async def lines(visit: Visit, request: Request) -> list[Event]:
    """A request's record as it is told: an album is one line."""
    events = [one.event for one in await visit.work.requests.record(request.id)]
    known = await visit.work.files.some([file for one in events for file in one.files])
    return remarks.together(events, {key: one.name for key, one in known.items()})
