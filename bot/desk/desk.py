"""The desk: every event comes in here, and is dealt with in one transaction of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from bot.desk import (
    arriving,
    bringing,
    consulting,
    expiring,
    filed,
    filling,
    groups,
    hands,
    opening,
    rating,
    replies,
    searching,
    telling,
    undoing,
)
from bot.desk.incoming import (
    Called,
    Incoming,
    Odd,
    Popup,
    Pressed,
    Reachable,
    Shared,
    Upload,
    Wrote,
)
from bot.desk.presses import ACTS, MENU, opened
from bot.desk.visit import Screen, Visit, home_row, number_in
from bot.flows.catalogue import Catalogue
from bot.flows.draft import Draft
from bot.flows.edition import editions
from bot.flows.house import House
from bot.flows.people import Area, Person
from bot.flows.quiet import is_digest_time
from bot.flows.requisitos import Located, Phoned, Said, Sent, Typed
from bot.flows.words import fold
from storage.database import Database, UnavailableError, UnstorableError, Work
from storage.letters import Letter
from storage.people import Contact
from storage.requests import Reminder, StaleRequestError
from storage.undo import Undo

_log = structlog.get_logger(__name__)

_TRIES = 3
# Telegram brings an update again for a day at most.
_MEMORY = timedelta(days=7)
# Whoever left a form for so long and now greets is not answering it.
_AWAY = timedelta(hours=2)
_WORDS = (
    "home", "new", "mine", "tray", "search", "drafts", "resume", "discard", "prefs", "help", "undo", "away",
    "available",
    "invite", "people", "groups", "troubles",
)  # fmt: skip
# What is said in the chat as well, by what comes there.
_ON_THE_CARD = ("popup/done", "popup/late")
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


class Desk:
    """Reads, asks the core, writes; says nothing itself. What must be said waits in the outbox.

    `clock` gives the moment, in UTC. `secret` makes the secrets of invitations. `link`
    turns a manual's id and a query (`start=` or `startgroup=`, with a payload) into the
    address that opens a chat with its bot, or adds it to a group.
    `bell` is rung after each event, for whoever delivers.
    """

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        house: House,
        *,
        clock: Callable[[], datetime],
        secret: Callable[[], str],
        link: Callable[[str, str], str],
        bell: Callable[[], None],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._house = house
        self._editions = editions(catalogue)
        self._clock = clock
        self._secret = secret
        self._link = link
        self._bell = bell

    async def open(self) -> None:
        """Keep today's editions, so that what is filed now can always be read."""
        async with self._database.transaction() as work:
            for manual in self._catalogue.manuals.values():
                for key, place in manual.areas.items():
                    await work.people.open_area(manual.id, Area(id=key, name=place.name, kind=place.kind))
                for law in manual.procedures:
                    edition = self._editions[manual.id, law.code]
                    await work.editions.publish(manual.id, law, edition, now=self._clock())

    async def receive(self, incoming: Incoming) -> Popup | None:
        """Deal with one event, whatever it is; gives what to show over the chat, if anything.

        When this returns, the event is stored, and so is everything that will be said
        about it. An event that was already dealt with changes nothing.
        """
        try:
            popup = await self._tried(incoming)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the person must hear that it was not taken)
            popup = await self._apologise(incoming, error)
        self._bell()
        return popup

    async def pass_time(self) -> int:
        """Remind of what has become due, say what waited for its hour, and forget what is too old."""
        now = self._clock()
        async with self._database.transaction() as work:
            found = await work.requests.reminders(now=now)
            for reminder in found:
                await work.requests.reminded(reminder.id)
                with _kept_to_itself("reminder_failed", request=reminder.request):
                    async with work.apart():
                        await self._remind(work, reminder, now)
            over = await work.undos.over(now=now)
            for undo in over:
                await work.undos.forget(undo)
                with _kept_to_itself("undo_not_ended", request=undo.request):
                    async with work.apart():
                        await self._end_undo(work, undo, now)
            if await work.once("", "forget updates", now.date()):
                await work.requests.forget_updates(before=now - _MEMORY)
            awoken = await telling.let_go(work, self._catalogue.manuals.values(), now)
            faded = await self._fade(work, now)
        count = len(found) + len(over) + awoken + faded + await self._digest(now)
        if count:
            self._bell()
        return count

    async def _fade(self, work: Work, now: datetime) -> int:
        """Warn of the drafts that will go, and let those go whose time is over."""
        manuals = list(self._catalogue.manuals)
        fading = await expiring.fading(work, manuals, now)
        for draft in fading:
            await work.drafts.warned(draft.id, now=now)
            with _kept_to_itself("draft_not_announced", draft=draft.id):
                async with work.apart():
                    await expiring.warn(await self._visit(work, _nobody_in(draft.manual), None, now), draft)
        spent = await expiring.spent(work, manuals, now)
        for draft in spent:
            with _kept_to_itself("draft_end_not_told", draft=draft.id):
                async with work.apart():
                    await expiring.tell_end(await self._visit(work, _nobody_in(draft.manual), None, now), draft)
            await work.drafts.discard(draft.id)
        return len(fading) + len(spent)

    async def _digest(self, now: datetime) -> int:
        """On the morning of a working day, tell everybody once what waits for them."""
        count = 0
        for manual in self._catalogue.manuals.values():
            if not is_digest_time(manual, now):
                continue
            async with self._database.transaction() as work:
                if not await work.once(manual.id, "digest", manual.calendar.local(now).date()):
                    continue
                visit = await self._visit(work, _nobody_in(manual.id), None, now)
                doomed = await expiring.doomed(visit)
                laws: telling.Laws = {}
                for contact in await work.people.reached(manual.id, now=now):
                    with _kept_to_itself("digest_failed", person=contact.person.id):
                        async with work.apart():
                            count += await telling.digest(visit, contact, doomed.get(contact.person.id, 0), laws)
        return count

    async def _end_undo(self, work: Work, undo: Undo, now: datetime) -> None:
        if undo.before.manual in self._catalogue.manuals:
            await undoing.end(await self._visit(work, _nobody_in(undo.before.manual), None, now), undo)

    async def _remind(self, work: Work, reminder: Reminder, now: datetime) -> None:
        request = await work.requests.get(reminder.request)
        turn = request.turn(reminder.turn) if request else None
        if request is None or turn is None or request.manual not in self._catalogue.manuals:
            return
        visit = await self._visit(work, _nobody_in(request.manual), None, now)
        law = await visit.law_of(request)
        await bringing.push(visit, law, request, turn, reminder=True)

    async def _tried(self, incoming: Incoming) -> Popup | None:
        for left in reversed(range(_TRIES)):
            try:
                async with self._database.transaction() as work:
                    return await self._once(work, incoming)
            except (StaleRequestError, UnstorableError):  # somebody else came first: what they wrote is there now
                if not left:
                    raise
        return None

    async def _apologise(self, incoming: Incoming, error: Exception) -> Popup | None:
        """A mistake of ours: what was stored stays, and the person gets a reference to quote; a group need not hear."""
        reference = f"{incoming.update}-{self._clock():%H%M%S}"
        _log.exception("event_failed", reference=reference, manual=incoming.manual, error=type(error).__name__)
        letter = Letter(
            manual=incoming.manual,
            platform=incoming.platform,
            chat=incoming.chat,
            template="unexpected",
            facts={"reference": reference, "contact": self._catalogue.manuals[incoming.manual].contact},
            awaited=True,
        )
        in_group = incoming.group is not None
        async with self._database.transaction() as work:
            await work.requests.seen(incoming.manual, incoming.platform, incoming.update, now=self._clock())
            await work.letters.post([] if in_group else [letter], now=self._clock())
        return Popup("popup/unexpected", {"reference": reference}, alert=True) if in_group else None

    async def _once(self, work: Work, incoming: Incoming) -> Popup | None:
        now = self._clock()
        if await work.requests.seen(incoming.manual, incoming.platform, incoming.update, now=now):
            return None
        contact = await work.people.at(incoming.manual, incoming.platform, incoming.account, now=now)
        visit = await self._visit(work, incoming, contact, now)
        what = incoming.what
        if isinstance(what, Reachable):
            await self._reachable(visit, incoming, what)
            return None
        if contact is not None:
            await work.people.active(contact.person.id, now=now)
        if incoming.group is not None:
            await groups.happened(visit, incoming, contact)
            return visit.popup
        if contact is not None and not contact.reachable:
            await self._reachable(visit, incoming, Reachable("ok"))
        await self._dispatch(visit, incoming)
        return await self._said(visit, incoming)

    async def _visit(self, work: Work, incoming: Incoming, contact: Contact | None, now: datetime) -> Visit:
        manual = self._catalogue.manuals[incoming.manual]
        areas = await work.people.areas(manual.id)
        return Visit(
            work=work,
            house=self._house,
            catalogue=self._catalogue,
            manual=manual,
            person=contact.person if contact else Person(id=0, manual=manual.id, name=incoming.name),
            platform=incoming.platform,
            chat=incoming.chat,
            now=now,
            message=incoming.what.message if isinstance(incoming.what, Pressed) else None,
            places={one.id: one for one in areas},
            editions=self._editions,
            secret=self._secret,
            link=lambda payload: self._link(manual.id, f"start={payload}"),
            group_link=self._link(manual.id, "startgroup=tarjetas"),
            group=incoming.group is not None,
        )

    async def _reachable(self, visit: Visit, incoming: Incoming, what: Reachable) -> None:
        manual, platform = incoming.manual, incoming.platform
        await visit.work.people.reachable(manual, platform, incoming.account, state=what.state)
        if what.state == "ok":
            await visit.work.letters.release(manual, platform, incoming.chat)
        else:
            await visit.work.letters.hold(manual, platform, incoming.chat)

    async def _said(self, visit: Visit, incoming: Incoming) -> Popup | None:
        """A popup goes over a press; to whoever typed, the same is said in the chat."""
        popup = visit.popup
        if popup is None or isinstance(incoming.what, Pressed):
            return popup
        if popup.template not in _ON_THE_CARD:
            await filling.note(visit, Screen(popup.template, popup.facts))
        return None

    async def _dispatch(self, visit: Visit, incoming: Incoming) -> None:
        if not visit.person.id or not visit.person.grants or visit.person.privacy_at is None:
            await self._at_the_door(visit, incoming)
            return
        named = await replies.meant(visit, incoming.what)
        if named is not None:
            await self._pressed(visit, named)
            return
        if await replies.heard(visit, incoming.what):
            return
        match incoming.what:
            case Pressed(data=data):
                await self._pressed(visit, data)
            case Wrote() as wrote:
                await self._wrote(visit, wrote, incoming)
            case Upload() as upload:
                await self._upload(visit, upload)
            case Shared(phone=str() as phone):
                await self._given(visit, Phoned(phone))
            case Shared(latitude=float() as latitude, longitude=float() as longitude, title=title):
                await self._given(visit, Located(latitude, longitude, title))
            case Odd(kind=kind):
                await self._odd(visit, kind)

    async def _at_the_door(self, visit: Visit, incoming: Incoming) -> None:
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
            visit.message = None
            await arriving.stranger(visit)
            return
        answer = what.data if isinstance(what, Pressed) else what.text if isinstance(what, Wrote) else ""
        word = self._house.words.read(answer, ("accept", "decline"))
        if answer == "p:yes" or word == "accept":
            await arriving.accept(visit)
        else:
            await arriving.privacy(visit, declined=answer == "p:no" or word == "decline")

    async def _pressed(self, visit: Visit, data: str) -> None:
        kind, _, rest = data.partition(":")
        parts = rest.split(":")
        numbers = [number_in(part) for part in parts]
        act = ACTS.get(kind)
        if act is None:
            visit.popup = Popup("popup/unknown", {}, alert=True)
            return
        await act(visit, parts, [*numbers, -1, -1, -1])

    async def _wrote(self, visit: Visit, wrote: Wrote, incoming: Incoming) -> None:
        text = wrote.text.strip()
        if text.startswith("/"):
            await self._command(visit, text, incoming)
            return
        before = await visit.work.people.before(visit.person.id)
        word = self._house.words.read(text, _WORDS)
        draft = await visit.work.drafts.get(before.draft, person=visit.person.id) if before.draft is not None else None
        if draft is not None and draft.purpose == "search":
            await searching.asked(visit, draft, text)
            return
        if draft is not None:
            leaves = _is_back(draft, visit.now) or not await filling.takes_words(visit, draft, text)
            if word is None or not leaves:
                await filling.answer(visit, draft, Typed(wrote.text))
            else:
                await MENU[word](visit)  # the draft waits among the others
            return
        chosen = self._house.words.among(text, before.focus) if before.focus else None
        chosen = chosen or opening.agreed(visit, before.focus, text)
        if chosen is not None:
            if not await self._doubted(visit, chosen, text):
                await self._pressed(visit, chosen)
            return
        if word is not None:
            await MENU[word](visit)
            return
        if await searching.typed(visit, text) or await replies.typed(visit, text, before.focus):
            return
        if await self._typed_act(visit, text) or await self._typed_rating(visit, text):
            return
        folio = consulting.FOLIO.search(text)
        if folio is not None:
            await consulting.find(visit, folio.group())
            return
        if not await opening.sought(visit, text):
            await consulting.home(visit, lost=True)

    async def _doubted(self, visit: Visit, chosen: str, text: str) -> bool:
        """Ask which card is meant, where others that it fits have come since the last screen was shown."""
        parts = chosen.split(":")
        if parts[0] not in {"t", "h"}:
            return False
        request = await visit.work.requests.get(int(parts[1]))
        since = await visit.work.letters.cards_since(visit.manual.id, visit.platform, visit.chat, chosen)
        meant = [(request.folio if request else "", chosen)]
        for letter in since:
            data = self._house.words.among(text, [one for row in letter.buttons for one in row])
            if data is not None and data.partition(":")[0] in {"t", "h"}:
                meant.append((letter.facts["folio"], data))
        if len(meant) == 1:
            return False
        facts = {"label": text, "folios": [folio for folio, _ in meant]}
        rows = tuple((button,) for button in meant)
        await visit.show(Screen("which_request", facts, (*rows, *home_row(visit))))
        return True

    async def _typed_act(self, visit: Visit, text: str) -> bool:
        """Take a turn by the typed label of its button; with several such turns, ask which."""
        matching: list[tuple[str, str]] = []
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
            matching.extend((one.folio, data) for data in (*said, *((beside,) if beside else ())))
        if len(matching) == 1:
            await self._pressed(visit, matching[0][1])
        elif matching:
            facts = {"label": text, "folios": [folio for folio, _ in matching]}
            rows = tuple((button,) for button in matching)
            await visit.show(Screen("which_request", facts, (*rows, *home_row(visit))))
        return bool(matching)

    async def _typed_rating(self, visit: Visit, text: str) -> bool:
        word = self._house.words.read(text, rating.SCORES)
        if word is None:
            return False
        asked, draft = await rating.typed(visit, word)
        await opened(visit, draft)
        return asked

    async def _command(self, visit: Visit, text: str, incoming: Incoming) -> None:
        name, _, rest = text[1:].partition(" ")
        name, rest = fold(name.partition("@")[0]), rest.strip()
        if name == "start" and rest:
            await self._started(visit, rest, incoming)
        elif name == "nueva":
            await self._new(visit, rest)
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

    async def _new(self, visit: Visit, wanted: str) -> None:
        if not wanted:
            await opening.catalogue(visit)
        elif visit.manual.procedure(wanted) is not None or not await opening.sought(visit, wanted):
            await opening.open_procedure(visit, wanted)

    async def _started(self, visit: Visit, payload: str, incoming: Incoming) -> None:
        if payload.startswith(arriving.INVITATION):
            secret = payload.removeprefix(arriving.INVITATION)
            if not await arriving.invited(visit, secret, incoming.account):
                await arriving.spent(visit)
        elif payload.startswith("nueva-"):
            await opening.open_procedure(visit, payload.removeprefix("nueva-"))
        else:
            await consulting.home(visit)

    async def _upload(self, visit: Visit, upload: Upload) -> None:
        draft = await _active(visit)
        if draft is None:
            await filling.note(visit, Screen("file_alone", {"name": upload.name}, home_row(visit)))
            return
        if upload.trouble is None and not await filling.takes_files(visit, draft):
            await filling.note(visit, Screen("not_a_place_for_files", {"name": upload.name}))
            return
        kept = await replies.keep(visit, upload)
        if kept is None:
            return
        if draft.purpose in filling.ENCLOSING:
            await filling.enclose(visit, draft, kept, caption=upload.caption.strip(), album=upload.album)
        else:
            await filling.answer(visit, draft, Sent(kept.id, upload.photo), album=upload.album)

    async def _given(self, visit: Visit, said: Said) -> None:
        draft = await _active(visit)
        if draft is None:
            await consulting.home(visit, lost=True)
        else:
            await filling.answer(visit, draft, said)

    async def _odd(self, visit: Visit, kind: str) -> None:
        draft = await _active(visit)
        await filling.note(visit, Screen("unsupported", {"kind": kind, "asking": draft is not None}))


@contextmanager
def _kept_to_itself(event: str, **about: int) -> Iterator[None]:
    """A mistake of ours over one thing that is due must not keep the others from their hour."""
    try:
        yield
    except UnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it is, the others must go on)
        _log.exception(event, error=type(error).__name__, **about)


def _nobody_in(manual: str) -> Incoming:
    """What the clock brings: nobody did anything, time has passed."""
    return Incoming(manual=manual, platform="", update="", account="", chat="", name="bot", what=Called())


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
