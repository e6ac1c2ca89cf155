"""What happens in a group: it gets the cards that its role decides, and no menu."""

from bot.desk import acting, addressing, filling, hands, linking, pool, replies
from bot.desk.incoming import Called, Incoming, Joined, Left, Moved, Popup, Pressed
from bot.desk.visit import Screen, Visit, number_in
from bot.flows.people import may_act, may_look
from bot.flows.words import fold
from storage.people import Contact


async def happened(visit: Visit, incoming: Incoming, contact: Contact | None) -> None:
    """Deal with what somebody did in a group, or to the bot's place in it."""
    here = (visit.manual.id, visit.platform, visit.chat)
    match incoming.what:
        case Left():
            await visit.work.groups.leave(*here, now=visit.now)
            return
        case Moved(to=to):
            await visit.work.groups.move(*here, to=to, now=visit.now)
            return
    known = await visit.work.groups.at(*here)
    if known is not None and incoming.group and incoming.group != known.title:
        await visit.work.groups.call(known.id, incoming.group)
    match incoming.what:
        case Pressed(data=data):
            await _pressed(visit, data, contact)
        case Joined() if known is None:
            await _joined(visit, incoming.group or "", contact)
        case Called(text=text) if _starts(text):  # as the link that adds the bot to a group ends
            if known is None:
                await _joined(visit, incoming.group or "", contact)
        case Called(text=text, reply_to=str() as message) if not text.startswith("/"):
            await _answered(visit, message, text, contact)
        case Called():
            await visit.show(Screen("group", {"office": visit.manual.office}))


def _starts(text: str) -> bool:
    command = text.split(maxsplit=1)[0] if text.strip() else ""
    return fold(command.partition("@")[0]) == "start" and command.startswith("/")


async def _pressed(visit: Visit, data: str, contact: Contact | None) -> None:
    """Take a turn by a button in a group: at once, or by a form that is filled in in private."""
    kind, *parts = data.split(":")
    numbers = [number_in(one) for one in parts[:2]]
    if kind not in {"t", "h"} or len(parts) != 3 or -1 in numbers:  # noqa: PLR2004 (request, turn and act)
        visit.popup = Popup("popup/unknown", {}, alert=True)
        return
    if contact is not None and contact.person.grants and contact.person.privacy_at is None:
        visit.popup = Popup("popup/come_private", {"accepted": False}, alert=True)
        return
    if kind == "h":
        await _taken(visit, numbers[0], numbers[1], contact)
        return
    draft = await acting.press(visit, numbers[0], numbers[1], parts[2])
    if draft is None or contact is None:
        return
    if not contact.reachable:
        visit.popup = Popup("popup/come_private", {"accepted": True}, alert=True)
        return
    _go_private(visit, contact)
    await filling.open_act(visit, draft)
    visit.popup = Popup("popup/in_private", {})


async def _taken(visit: Visit, request_id: int, key: int, contact: Contact | None) -> None:
    """Take a turn that waits in a pool; its card, with all that follows, goes on in private."""
    request = await visit.work.requests.get(request_id, lock=True)
    turn = request.turn(key) if request is not None else None
    theirs = turn is not None and turn.pool is not None and visit.person.holds(turn.pool)
    if contact is not None and theirs and turn is not None and turn.person in (None, visit.person.id):
        if not contact.reachable:
            visit.popup = Popup("popup/come_private", {"accepted": True}, alert=True)
            return
        _go_private(visit, contact)
        visit.popup = Popup("popup/handed", {"name": visit.person.name})
    await pool.press(visit, request_id, key, hands.ACTS["take"])


async def _answered(visit: Visit, message: str, text: str, contact: Contact | None) -> None:
    """Take what answers a card as a comment of whoever may see the request; the rest is talk among people."""
    letter = await visit.work.said.showing(visit.manual.id, visit.platform, visit.chat, message)
    request = await visit.work.requests.get(letter.request) if letter is not None and letter.request else None
    if contact is None or contact.person.privacy_at is None or request is None or not text.strip():
        return
    named = replies.named(visit, letter, text) if letter is not None and not text.strip().isdecimal() else None
    turn = request.turn(letter.turn) if named is not None and letter is not None and letter.turn is not None else None
    if named is not None and turn is not None and may_act(visit.person, turn, visit.manual):
        await _pressed(visit, named, contact)
    elif may_look(visit.person, request, visit.manual):
        _go_private(visit, contact)
        await replies.take(visit, letter, text)


def _go_private(visit: Visit, contact: Contact) -> None:
    """Go on in the person's own chat."""
    visit.group, visit.platform, visit.chat, visit.message = False, contact.platform, contact.chat, None


async def _joined(visit: Visit, title: str, contact: Contact | None) -> None:
    """Say one polite line; and ask whoever may answer it, in private, which cards this group is for."""
    await visit.show(Screen("joined", {"office": visit.manual.office}))
    if contact is None or contact.person.privacy_at is None or not linking.linkable(visit):
        return
    group = await visit.work.groups.open(
        visit.manual.id, visit.platform, visit.chat, title=title, person=visit.person.id, now=visit.now
    )
    _go_private(visit, contact)
    screen = linking.question(visit, group)
    before = await visit.work.people.before(visit.person.id)
    if before.draft is None:
        await visit.show(screen)
    else:  # what they type goes on answering the form that they are filling in
        await visit.post([addressing.to(visit, contact, screen)])
