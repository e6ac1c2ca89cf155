"""A screen as a letter: to somebody, to a group, or over what was sent before."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.desk.visit import Button, Screen, Visit
from bot.flows.quiet import Prefs, Way, way_to_tell
from bot.flows.request import Request
from storage.groups import Group
from storage.letters import Letter
from storage.people import Contact
from storage.said import Card


def to(
    visit: Visit,
    contact: Contact,
    screen: Screen,
    *,
    silent: bool = False,
    informs: bool = False,
    request: Request | None = None,
    turn: int | None = None,
) -> Letter:
    """A letter with a screen, for somebody who did not just ask for it: when, and how loud, is up to the hour and them.

    `informs`: nothing is asked of them, so that it makes no sound unless they want it to.
    """
    way = _way(visit, contact.prefs, contact.active_at, request, informs=informs)
    return Letter(
        manual=visit.manual.id,
        platform=contact.platform,
        chat=contact.chat,
        person=contact.person.id,
        template=screen.template,
        facts=screen.facts,
        buttons=screen.rows,
        silent=silent or way == "silent",
        request=request.id if request else None,
        turn=turn,
        held=not contact.reachable,
        quiet=way == "wait",
    )


def to_group(
    visit: Visit,
    group: Group,
    screen: Screen,
    *,
    silent: bool = False,
    request: Request | None = None,
    turn: int | None = None,
) -> Letter:
    """A letter with a screen, for everybody in a group: it keeps the hours of those who said nothing about theirs."""
    way = _way(visit, Prefs(), None, request, informs=False)
    return Letter(
        manual=visit.manual.id,
        platform=group.platform,
        chat=group.chat,
        template=screen.template,
        facts=screen.facts,
        buttons=screen.rows,
        silent=silent or way == "silent",
        request=request.id if request else None,
        turn=turn,
        quiet=way == "wait",
    )


def _way(visit: Visit, prefs: Prefs, active_at: datetime | None, request: Request | None, *, informs: bool) -> Way:
    urgent = request is not None and request.urgent
    return way_to_tell(visit.manual, visit.now, prefs, active_at=active_at, urgent=urgent, informs=informs)


def edited(visit: Visit, copy: Card, screen: Screen, request: int) -> Letter:
    """A letter that turns a card already sent, or about to be, into something else; a group's is nobody's."""
    return Letter(
        manual=visit.manual.id,
        platform=copy.platform,
        chat=copy.chat,
        person=copy.person,
        template=screen.template,
        facts=screen.facts,
        buttons=screen.rows if copy.person is not None else (),
        kind="edit",
        edits=copy.letter or None,
        message=copy.message,
        silent=True,
        request=request,
    )


def edited_again(shown: Letter, rows: tuple[tuple[Button, ...], ...], **facts: Any) -> Letter:
    """The same letter with other buttons, and these facts besides."""
    facts = {**shown.facts, **facts}
    return replace(shown, buttons=rows, facts=facts, kind="edit", edits=None, silent=True, id=0, attempts=0)
