"""One person's event while it is being dealt with, inside its transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.desk.incoming import Popup
from bot.flows.catalogue import Catalogue
from bot.flows.draft import Draft
from bot.flows.house import House
from bot.flows.people import Area, Person
from bot.flows.procedure import Manual, Procedure
from bot.flows.request import Request
from bot.flows.requisitos import Setting
from bot.flows.routing import Gesture
from storage.database import Work
from storage.letters import Letter

Button = tuple[str, str]
# As far as the databases count.
_LAST_NUMBER = 2**31 - 1
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Screen:
    """Something to show: a template, its facts and rows of (label, data)."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    rows: Rows = ()


@dataclass
class Visit:
    """Who is here, what they pressed, and everything needed to answer them.

    `message` is the platform's id of the message whose button was pressed. `popup`
    is set by whoever has something to say over the chat. `group`: the chat is a group's,
    where nothing is asked and no menu is shown. `looks`: what was pressed only shows
    something, and a form that is being filled in below goes on, beside its buttons.
    """

    work: Work
    house: House
    catalogue: Catalogue
    manual: Manual
    person: Person
    platform: str
    chat: str
    now: datetime
    message: str | None
    places: dict[str, Area]
    editions: Mapping[tuple[str, str], str]
    secret: Callable[[], str]
    link: Callable[[str], str]
    group_link: str
    group: bool = False
    looks: bool = False
    popup: Popup | None = None

    @cached_property
    def areas(self) -> dict[str, str]:
        """The municipality's areas by id, as they are called."""
        return {key: area.name for key, area in self.places.items()}

    @property
    def gesture(self) -> Gesture:
        """What this person does now, for the core."""
        return Gesture(by=self.person, at=self.now, areas=self.places)

    @cached_property
    def setting(self) -> Setting:
        """What reading an answer may depend on."""
        return Setting(now=self.now, calendar=self.manual.calendar, areas=self.areas)

    def setting_for(self, draft: Draft) -> Setting:
        """The same for a draft: who acts may date what is already done."""
        return replace(self.setting, past=draft.purpose == "act")

    def word(self, key: str, data: str) -> Button:
        """A button of ours."""
        return (self.house.words.label(key), data)

    async def show(
        self,
        screen: Screen,
        *,
        draft: int | None = None,
        over: int | None = None,
        strips: int | None = None,
        aside: bool = False,
        request: int | None = None,
        turn: int | None = None,
    ) -> int:
        """Show a screen: in place of the message that was pressed, or as a new one. Gives the letter's id.

        `over` is an earlier letter to show it in place of; `strips`, one whose buttons go where this is a new message.
        What the person types next is read against it, unless it is shown `aside` while they fill in a form. In a group
        it has no buttons, and nothing is asked.
        """
        in_place = self.message is not None or over is not None
        letter = Letter(
            manual=self.manual.id,
            platform=self.platform,
            chat=self.chat,
            person=None if self.group else self.person.id or None,
            template=screen.template,
            facts=screen.facts,
            buttons=() if self.group else screen.rows,
            kind="edit" if in_place else "send",
            message=self.message,
            edits=over,
            strips=None if in_place else strips,
            silent=False,
            request=request,
            turn=turn,
        )
        [key] = await self.post([letter])
        if self.person.id and not self.group:
            focus = () if draft is not None else tuple(one for row in screen.rows for one in row if not is_link(one))
            form = await self._form() if aside or self.looks else None
            if form is None or self.looks:
                await self.work.people.put_before(self.person.id, draft=draft if form is None else form, focus=focus)
        return key

    async def _form(self) -> int | None:
        """The form that the person is filling in."""
        before = await self.work.people.before(self.person.id)
        draft = await self.work.drafts.get(before.draft, person=self.person.id) if before.draft is not None else None
        return draft.id if draft is not None and draft.purpose != "search" else None

    async def note(
        self,
        screen: Screen,
        *,
        silent: bool = False,
        request: int | None = None,
        over: int | None = None,
        file: int | None = None,
    ) -> int:
        """Say something beside what the person has before them, which stays as it is; gives the letter's id.

        `over` is a letter to say it over, and `file` the id of a file to bring with it.
        """
        letter = Letter(
            manual=self.manual.id,
            platform=self.platform,
            chat=self.chat,
            person=self.person.id or None,
            template=screen.template,
            facts=screen.facts,
            buttons=screen.rows,
            kind="send" if over is None else "edit",
            edits=over,
            silent=silent,
            file=file,
            request=request,
        )
        [key] = await self.post([letter])
        return key

    async def post(self, letters: Iterable[Letter]) -> list[int]:
        """Promise these letters, and give their ids; whoever is here waits for what is said in this chat."""
        here = (self.platform, self.chat)
        posted = [replace(one, awaited=(one.platform, one.chat) == here) for one in letters]
        return await self.work.letters.post(posted, now=self.now)

    async def law_of(self, request: Request) -> Procedure:
        """The procedure in the edition by which the request runs."""
        return await self.law(request.procedure, request.edition, request.folio)

    async def law(self, procedure: str, edition: str, folio: str) -> Procedure:
        """The same, of a request of which no more is known."""
        kept = await self.work.editions.get(self.manual.id, procedure, edition)
        if kept is None:
            raise LookupError(f"{folio} runs by an edition that was not kept")
        return kept


def is_link(button: Button) -> bool:
    """Whether a button opens an address, which nobody can do by typing."""
    return button[1].startswith("https://")


def in_rows(buttons: Sequence[Button], *, width: int | None = None) -> Rows:
    """Lay buttons out as a thumb finds them: long labels alone, short ones two or three to a row."""
    if width is None:
        longest = max((len(label) for label, _ in buttons), default=0)
        width = 1 if longest > 18 else 2 if longest > 9 else 3  # noqa: PLR2004 (letters that fit a phone)
    return tuple(tuple(buttons[place : place + width]) for place in range(0, len(buttons), width))


def home_row(visit: Visit) -> tuple[tuple[Button, ...], ...]:
    """The way back to the menu."""
    return ((visit.word("home", "m:home"),),)


def turning_row(visit: Visit, menu: str, page: int, *, last: bool) -> tuple[Button, ...]:
    """The ways to the pages before and after this one of what the menu shows, and back to the menu."""
    before = (visit.word("previous", f"m:{menu}:{page - 1}"),) if page else ()
    after = () if last else (visit.word("next", f"m:{menu}:{page + 1}"),)
    return (*before, *after, visit.word("home", "m:home"))


def number_in(part: str) -> int:
    """The number that a part of a button's data names; -1, which nothing of ours has, where it is none."""
    plain = part.isascii() and part.isdecimal() and len(part) <= len(str(_LAST_NUMBER))
    number = int(part) if plain else -1
    return number if number <= _LAST_NUMBER else -1
