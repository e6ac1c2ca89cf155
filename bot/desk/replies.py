"""What answers a message of a request, and the ways in which people begin to talk about one."""

from collections.abc import Sequence

from bot.desk import consulting, describing, filling, talk
from bot.desk.incoming import Popup, Shared, Upload, What, Wrote
from bot.desk.talk import Remark
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows, number_in
from bot.flows import remarks
from bot.flows.requisitos import Misread, Typed, read
from storage.files import Kept
from storage.letters import Letter

_OFFERED = 12
# What the buttons do that act on a request: a turn, what one of a pool says of it, taking back, an opinion. And those
# that show it, or begin to talk about it.
_ACTS = frozenset({"t", "h", "o", "s", "v", "c", "y"})


async def meant(visit: Visit, what: What) -> str | None:
    """The button with which a message can be acted on, where what answers it is that button's label."""
    if not isinstance(what, Wrote) or what.reply_to is None or what.text.strip().isdecimal():
        return None
    letter = await _about(visit, what.reply_to)
    data = named(visit, letter, what.text) if letter is not None else None
    if data is None and letter is not None and letter.template == "ended":
        data = await _once_named(visit, what.reply_to, what.text)
    if data is not None and data.startswith("s:"):
        visit.message = what.reply_to  # where it was asked it is answered
    return data


def named(visit: Visit, letter: Letter, text: str) -> str | None:
    """Which of the buttons that act a text names: who writes «Sí cumple» to a card comments nothing."""
    acts = [one for row in letter.buttons for one in row if one[1].partition(":")[0] in _ACTS]
    return visit.house.words.among(text, acts)


async def _once_named(visit: Visit, message: str, text: str) -> str | None:
    """Which of the buttons that a message had when it was a card: that its turn is over is then what they hear."""
    earlier = await visit.work.said.lately(visit.manual.id, visit.platform, visit.chat, message)
    return next((data for data in (named(visit, one, text) for one in earlier) if data is not None), None)


async def heard(visit: Visit, what: What) -> bool:
    """Take what answers a message of a request, and tell whether it did.

    The question of the form that is being filled in is answered there; and a command is one, wherever it stands.
    """
    match what:
        case Wrote(text=text, reply_to=str() as message) if not text.lstrip().startswith("/"):
            return await take(visit, await _about(visit, message), text)
        case Upload(reply_to=message, album=album):
            letter = await talk.begun_album(visit, album)
            if letter is None and message is not None:
                letter = await _about(visit, message)
            return letter is not None and await _enclosed(visit, letter, what)
        case Shared(reply_to=str() as message):
            return await take(visit, await _about(visit, message), _pointed(what))
    return False


async def _about(visit: Visit, message: str) -> Letter | None:
    """The letter that a message shows, if it is about a request."""
    letter = await visit.work.said.showing(visit.manual.id, visit.platform, visit.chat, message)
    if letter is None or letter.request is None:
        return None
    before = await visit.work.people.before(visit.person.id)
    draft = await visit.work.drafts.get(before.draft, person=visit.person.id) if before.draft else None
    if draft is not None and draft.prompt is not None:
        asked = await visit.work.said.message_of(draft.prompt)
        return None if asked == message or letter.id == draft.prompt else letter
    return letter


async def take(visit: Visit, letter: Letter | None, text: str) -> bool:
    """Take words about the request of a letter, if there is one; tells whether there was."""
    if letter is None:
        return False
    said = read(visit.house.comment[0], Typed(text), visit.setting, {})
    if isinstance(said, Misread) and said.reason != "no_words":  # a thumb up is a word here
        await visit.note(Screen("misread", {"trouble": {"reason": said.reason, **said.facts}}))
        return True
    await _say(visit, letter, Remark(text.strip() if isinstance(said, Misread) else str(getattr(said, "value", ""))))
    return True


async def _enclosed(visit: Visit, letter: Letter, upload: Upload) -> bool:
    kept = await keep(visit, upload)
    if kept is not None:
        await _say(visit, letter, Remark(upload.caption.strip(), (kept,), upload.album))
    return True


async def _say(visit: Visit, letter: Letter, remark: Remark) -> None:
    before = await visit.work.people.before(visit.person.id)
    question = letter.facts["key"] if letter.template == "asked" else None
    await talk.say(visit, letter.request or 0, remark, question=question, aside=before.draft is not None)


def _pointed(shared: Shared) -> str:
    """A place or a number as words."""
    if shared.phone is not None:
        return shared.phone
    return f"{shared.title}\nhttps://maps.google.com/?q={shared.latitude:.5f},{shared.longitude:.5f}".strip()


async def keep(visit: Visit, upload: Upload) -> Kept | None:
    """Write down a file whose bytes are here; otherwise say what became of it."""
    if upload.trouble is not None or upload.sha256 is None:
        facts = {"trouble": upload.trouble, "name": upload.name, "size": upload.size}
        await visit.note(Screen("file_trouble", facts))
        return None
    return await visit.work.files.keep(
        visit.manual.id,
        visit.person.id,
        sha256=upload.sha256,
        name=upload.name,
        type=upload.type,
        size=upload.size,
        photo=upload.photo,
        now=visit.now,
    )


async def begin_question(visit: Visit, request_id: int) -> None:
    """Ask what whoever takes a turn wants to know."""
    request = await consulting.seen(visit, request_id)
    if request is None:
        return
    if request.state == "closed":
        await talk.not_said(visit, request, "closed")
    elif remarks.turn_to_ask(visit.person, request, visit.manual) is None:
        visit.popup = Popup("popup/stale", {}, alert=True)
    else:
        await filling.open_form(visit, filling.about(visit, request, "ask"))


async def begin_answer(visit: Visit, request_id: int, key: int) -> None:
    """Ask for the answer to a question."""
    request = await consulting.seen(visit, request_id)
    if request is None:
        return
    if request.state == "closed":
        await talk.not_said(visit, request, "closed")
    elif not remarks.may_answer(visit.person, request):
        visit.popup = Popup("popup/stale", {}, alert=True)
    elif all(one.key != key for one in request.unanswered):
        visit.popup = Popup("popup/answered", {"folio": request.folio}, alert=True)
    else:
        await filling.open_form(visit, filling.about(visit, request, "answer").but(option=str(key)))


async def questions(visit: Visit) -> None:
    """What the person was asked and has not answered; of a single question, the form at once."""
    found = [(one, asked) for one in await visit.work.requests.questioned(visit.person.id) for asked in one.unanswered]
    if len(found) == 1:
        [(request, asked)] = found
        visit.message = None
        await begin_answer(visit, request.id, asked.key)
        return
    told = [{"folio": one.folio, **describing.question(asked)} for one, asked in found[:_OFFERED]]
    buttons = [(one.folio, f"y:{one.id}:{asked.key}") for one, asked in found[:_OFFERED]]
    await visit.show(Screen("questions", {"questions": told}, (*in_rows(buttons, width=2), *home_row(visit))))


async def typed(visit: Visit, text: str, focus: Sequence[Button]) -> bool:
    """Begin what a typed «comentar», «preguntar» or «responder» means; of several requests, ask which."""
    word = visit.house.words.read(text, ("comment", "ask", "answer"))
    if word is None:
        return False
    shown = list(dict.fromkeys(data for _, data in focus if _meaning(data) == word))
    if word == "answer" and len(shown) != 1:
        await questions(visit)
        return True
    offered = await _named(visit, shown) or await _open_to(visit, word)
    label = visit.house.words.label(word)
    if len(offered) == 1:
        await begin(visit, offered[0][1])
    elif offered:
        facts = {"label": label, "folios": [folio for folio, _ in offered]}
        await visit.show(Screen("which_request", facts, (*((one,) for one in offered), *home_row(visit))))
    else:
        await visit.show(Screen("none_open", {"label": label}, home_row(visit)))
    return True


async def _named(visit: Visit, shown: Sequence[str]) -> list[Button]:
    """These buttons, each by the folio of its request; of a single one nobody asks which."""
    requests = [await visit.work.requests.get(number_in(data.split(":")[1])) for data in shown]
    return [(one.folio, data) for one, data in zip(requests, shown, strict=True) if one is not None]


def _meaning(data: str) -> str | None:
    kind, _, rest = data.partition(":")
    if kind == "y":
        return "answer" if ":" in rest else "ask"
    return "comment" if kind == "c" else None


async def begin(visit: Visit, data: str) -> None:
    """Open the form that a button of ours stands for."""
    kind, *parts = data.split(":")
    numbers = [number_in(part) for part in parts]
    visit.message = None
    if kind == "c":
        await consulting.begin_comment(visit, numbers[0])
    elif len(numbers) > 1:
        await begin_answer(visit, numbers[0], numbers[1])
    else:
        await begin_question(visit, numbers[0])


async def _open_to(visit: Visit, word: str) -> list[Button]:
    """The requests that the person may comment, or ask about: those that wait for them, and their own."""
    tray = await visit.work.tasks.tray(visit.person, visit.manual, limit=_OFFERED)
    if word == "ask":
        known = [await visit.work.requests.get(one) for one in dict.fromkeys(one.request for one in tray)]
        return [
            (one.folio, f"y:{one.id}")
            for one in known
            if one is not None and remarks.turn_to_ask(visit.person, one, visit.manual) is not None
        ]
    own = [one for one in await visit.work.requests.of(visit.person.id, limit=_OFFERED) if one.state == "open"]
    found = {one.request: one.folio for one in tray} | {one.id: one.folio for one in own}
    return [(folio, f"c:{key}") for key, folio in found.items()][:_OFFERED]
