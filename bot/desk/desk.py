"""The desk: every event comes in here, and is dealt with in one transaction of its own."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.desk import groups, sorting
from bot.desk.incoming import Called, Incoming, Popup, Pressed, Reachable
from bot.desk.passing import Tick
from bot.desk.visit import Screen, Visit
from bot.flows.catalogue import Catalogue
from bot.flows.edition import editions
from bot.flows.house import House
from bot.flows.people import Area, Person
from storage.database import Database, UnavailableError, UnstorableError, Work
from storage.letters import Letter
from storage.people import Contact
from storage.requests import StaleRequestError

_log = structlog.get_logger(__name__)

_TRIES = 3
# What is said in the chat as well, by what comes there.
_ON_THE_CARD = ("popup/done", "popup/late")


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
            try:
                popup = await self._apologise(incoming, error)
            except UnstorableError as worse:  # not even that it came: it must come again
                raise UnavailableError(str(worse)) from worse
        self._bell()
        return popup

    async def pass_time(self) -> int:
        """Deal with some of what has become due; tells how much that was, nothing once nothing is left."""
        count = await Tick(self._database, self._catalogue.manuals, self._clock, self._alone).pass_time()
        if count:
            self._bell()
        return count

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
        await sorting.dispatch(visit, incoming)
        return await self._said(visit, incoming)

    async def _alone(self, work: Work, manual: str, now: datetime) -> Visit:
        """What the clock brings: nobody did anything, time has passed."""
        nobody = Incoming(manual=manual, platform="", update="", account="", chat="", name="bot", what=Called())
        return await self._visit(work, nobody, None, now)

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
            await visit.note(Screen(popup.template, popup.facts))
        return None
