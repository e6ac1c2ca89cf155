"""What somebody did in their own chat, and which room of the desk it is for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk import arriving, consulting, filed, filling, hands, opening, rating, replies, searching
from bot.desk.incoming import Incoming, Odd, Popup, Pressed, Shared, Upload, Wrote
from bot.desk.presses import ACTS, LOOKS, MENU, opened
from bot.desk.trays import named
from bot.desk.visit import Button, Screen, Visit, home_row, number_in
from bot.flows.draft import Draft
from bot.flows.requisitos import Located, Phoned, Said, Sent, Typed
from bot.flows.words import fold

# Whoever left a form for so long and now greets is not answering it.
_AWAY = timedelta(hours=2)
_WORDS = (
    "home", "new", "mine", "tray", "search", "drafts", "resume", "discard", "prefs", "help", "undo", "away",
    "available",
    "invite", "people", "groups", "troubles",
)  # fmt: skip
_COMMANDS = {
    "start": "home",
    "menu": "home",
    "mis": "mine",
    "bandeja": "tray",
    "ayuda": "help",
    "help": "help",
    "borradores": "drafts",
    "avisos": "prefs",
    "invitar": "invite",
    "grupos": "groups",
}


async def dispatch(visit: Visit, incoming: Incoming) -> None:
    """Bring an event to the room that deals with it; a stranger's stays at the door."""
    if not visit.person.id or not visit.person.grants or visit.person.privacy_at is None:
        await _at_the_door(visit, incoming)
        return
    named = await replies.meant(visit, incoming.what)
    if named is not None:
        await _pressed(visit, named)
        return
    if await replies.heard(visit, incoming.what):
        return
    match incoming.what:
        case Pressed(data=data):
            await _pressed(visit, data)
        case Wrote() as wrote:
            await _wrote(visit, wrote, incoming)
        case Upload() as upload:
            await _upload(visit, upload)
        case Shared(phone=str() as phone):
            await _given(visit, Phoned(phone))
        case Shared(latitude=float() as latitude, longitude=float() as longitude, title=title):
            await _given(visit, Located(latitude, longitude, title))
        case Odd(kind=kind):
            await _odd(visit, kind)


async def _at_the_door(visit: Visit, incoming: Incoming) -> None:
    """Strangers, people whose roles have ended, and those who have not accepted the aviso yet."""
    what = incoming.what
    payload = _payload(what.text) if isinstance(what, Wrote) else ""
    if payload.startswith(arriving.INVITATION):
        secret = payload.removeprefix(arriving.INVITATION)
        if await arriving.invited(visit, secret, incoming.account):
            return
        await arriving.spent(visit)
        return
    if not visit.person.id or not visit.person.grants:
        await arriving.stranger(visit)
        return
    answer = what.data if isinstance(what, Pressed) else what.text if isinstance(what, Wrote) else ""
    word = visit.house.words.read(answer, ("accept", "decline"))
    if answer == "p:yes" or word == "accept":
        await arriving.accept(visit)
    else:
        await arriving.privacy(visit, declined=answer == "p:no" or word == "decline")


async def _pressed(visit: Visit, data: str) -> None:
    kind, _, rest = data.partition(":")
    parts = rest.split(":")
    numbers = [number_in(part) for part in parts]
    act = ACTS.get(kind)
    if act is None:
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return
    visit.looks = kind in LOOKS
    await act(visit, parts, [*numbers, -1, -1, -1])


async def _wrote(visit: Visit, wrote: Wrote, incoming: Incoming) -> None:
    text = wrote.text.strip()
    if text.startswith("/"):
        await _command(visit, text, incoming)
        return
    before = await visit.work.people.before(visit.person.id)
    word = visit.house.words.read(text, _WORDS)
    draft = await visit.work.drafts.get(before.draft, person=visit.person.id) if before.draft is not None else None
    if draft is not None and draft.purpose == "search":
        await searching.asked(visit, draft, text)
        return
    if draft is not None:
        await _wrote_in_a_form(visit, draft, before.focus, wrote.text, word)
        return
    chosen = visit.house.words.among(text, before.focus) if before.focus else None
    chosen = chosen or opening.agreed(visit, before.focus, text)
    if chosen is not None:
        if not await _doubted(visit, chosen, text):
            await _pressed(visit, chosen)
        return
    if word is not None:
        await MENU[word](visit)
        return
    if await searching.typed(visit, text) or await replies.typed(visit, text, before.focus):
        return
    if await _typed_act(visit, text) or await _typed_rating(visit, text):
        return
    folio = consulting.FOLIO.search(text)
    if folio is not None:
        await consulting.find(visit, folio.group())
        return
    if not await opening.sought(visit, text):
        await consulting.home(visit, lost=True)


async def _wrote_in_a_form(visit: Visit, draft: Draft, focus: Sequence[Button], text: str, word: str | None) -> None:
    """Answer its question; unless the words are a button's of what was looked at beside it, or leave it."""
    shown = visit.house.words.among(text, focus) if focus and not text.strip().isdecimal() else None
    leaves = _is_back(draft, visit.now) or not await filling.takes_words(visit, draft, text.strip())
    if shown is not None:
        await _pressed(visit, shown)
    elif word is None or not leaves:
        await filling.answer(visit, draft, Typed(text))
    else:
        await MENU[word](visit)  # the draft waits among the others


async def _doubted(visit: Visit, chosen: str, text: str) -> bool:
    """Ask which card is meant, where others that it fits have come since the last screen was shown."""
    parts = chosen.split(":")
    if parts[0] not in {"t", "h"}:
        return False
    request = await visit.work.requests.get(int(parts[1]))
    since = await visit.work.said.cards_since(visit.manual.id, visit.platform, visit.chat, chosen)
    turn = request.turn(int(parts[2])) if request else None
    meant = [(named(request.folio if request else "", turn.item if turn else None), chosen)]
    for letter in since:
        data = visit.house.words.among(text, [one for row in letter.buttons for one in row])
        if data is not None and data.partition(":")[0] in {"t", "h"}:
            meant.append((named(letter.facts["folio"], letter.facts["item"]), data))
    if len(meant) == 1:
        return False
    await _ask_which(visit, text, meant)
    return True


async def _ask_which(visit: Visit, text: str, meant: list[Button]) -> None:
    facts = {"label": text, "folios": [label for label, _ in meant]}
    rows = tuple((button,) for button in meant)
    await visit.show(Screen("which_request", facts, (*rows, *home_row(visit))))


async def _typed_act(visit: Visit, text: str) -> bool:
    """Take a turn by the typed label of its button; with several such turns, ask which."""
    matching: list[Button] = []
    for one in await visit.work.tasks.tray(visit.person, visit.manual):
        law = await visit.work.editions.get(visit.manual.id, one.procedure, one.edition)
        if law is None:
            continue
        activity = law.activity(one.turn.activity)
        labels = (
            [(option.label, option.id) for option in activity.options]
            if one.turn.stage == "choose"
            else [(activity.action or "", "!")]
        )
        said = [f"t:{one.request}:{one.turn.key}:{act}" for label, act in labels if fold(label) == fold(text)]
        beside = None if said else hands.typed(visit, activity, one.request, one.turn, text)
        matching.extend((named(one.folio, one.turn.item), data) for data in (*said, *((beside,) if beside else ())))
    if len(matching) == 1:
        await _pressed(visit, matching[0][1])
    elif matching:
        await _ask_which(visit, text, matching)
    return bool(matching)


async def _typed_rating(visit: Visit, text: str) -> bool:
    word = visit.house.words.read(text, rating.SCORES)
    if word is None:
        return False
    asked, draft = await rating.typed(visit, word)
    await opened(visit, draft)
    return asked


async def _command(visit: Visit, text: str, incoming: Incoming) -> None:
    name, _, rest = text[1:].partition(" ")
    name, rest = fold(name.partition("@")[0]), rest.strip()
    if name == "start" and rest:
        await _started(visit, rest, incoming)
    elif name == "nueva":
        await _new(visit, rest)
    elif name == "ver":
        await (consulting.find(visit, rest) if rest else filed.mine(visit))
    elif name == "buscar":
        await (searching.look_for(visit, rest) if rest else searching.begin(visit))
    elif name == "cancelar":
        await _cancel(visit)
    elif name in _COMMANDS:
        await MENU[_COMMANDS[name]](visit)
    else:
        await visit.show(Screen("no_command", {"command": f"/{name}"[:40]}, home_row(visit)))


async def _new(visit: Visit, wanted: str) -> None:
    if not wanted:
        await opening.catalogue(visit)
    elif visit.manual.procedure(wanted) is not None or not await opening.sought(visit, wanted):
        await opening.open_procedure(visit, wanted)


async def _started(visit: Visit, payload: str, incoming: Incoming) -> None:
    if payload.startswith(arriving.INVITATION):
        secret = payload.removeprefix(arriving.INVITATION)
        if not await arriving.invited(visit, secret, incoming.account):
            await arriving.spent(visit)
    elif payload.startswith("nueva-"):
        await opening.open_procedure(visit, payload.removeprefix("nueva-"))
    else:
        await consulting.home(visit)


async def _upload(visit: Visit, upload: Upload) -> None:
    draft = await _active(visit)
    if draft is None:
        await _refuse(visit, upload, Screen("file_alone", {"name": upload.name}, home_row(visit)))
        return
    if upload.trouble is None and not await filling.takes_files(visit, draft):
        await _refuse(visit, upload, Screen("not_a_place_for_files", {"name": upload.name}))
        return
    kept = await replies.keep(visit, upload)
    if kept is None:
        return
    if draft.purpose in filling.ENCLOSING:
        await filling.enclose(visit, draft, kept, caption=upload.caption.strip(), album=upload.album)
    else:
        await filling.answer(visit, draft, Sent(kept.id, upload.photo), album=upload.album)


async def _refuse(visit: Visit, upload: Upload, screen: Screen) -> None:
    """Say that a file is not kept; of an album, once."""
    if upload.album is not None:
        last = await visit.work.said.latest(visit.manual.id, visit.platform, visit.chat, [screen.template])
        if last is not None and last.facts.get("album") == upload.album:
            return
    await visit.note(replace(screen, facts={**screen.facts, "album": upload.album}))


async def _given(visit: Visit, said: Said) -> None:
    draft = await _active(visit)
    if draft is None:
        await consulting.home(visit, lost=True)
    else:
        await filling.answer(visit, draft, said)


async def _odd(visit: Visit, kind: str) -> None:
    draft = await _active(visit)
    await visit.note(Screen("unsupported", {"kind": kind, "asking": draft is not None}))


def _is_back(draft: Draft, now: datetime) -> bool:
    """Whether whoever fills in a form has been away from it for long."""
    return draft.touched_at is not None and now - draft.touched_at >= _AWAY


def _payload(text: str) -> str:
    """What follows /start, which is how a deep link arrives."""
    command, _, rest = text.strip().partition(" ")
    return rest.strip() if command.partition("@")[0] == "/start" else ""


async def _active(visit: Visit) -> Draft | None:
    before = await visit.work.people.before(visit.person.id)
    if before.draft is None:
        return None
    draft = await visit.work.drafts.get(before.draft, person=visit.person.id)
    return None if draft is not None and draft.purpose == "search" else draft  # which takes nothing but words


async def _cancel(visit: Visit) -> None:
    draft = await _active(visit)
    if draft is None:
        await consulting.home(visit)
    else:
        await filling.leave(visit, draft)
