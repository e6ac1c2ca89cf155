"""Group chats: which role's decision cards each receives, and what becomes of them when a group moves or is lost."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, update
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from storage.hands import Part
from storage.letters import Letter, Letters
from storage.prepared import Prepared
from storage.tables import GROUP, AddressRow, GroupRow, LetterRow, TaskRow

# What whoever linked a group is told once the bot is not in it any more.
LOST = "group_lost"

_WAITS = ("pending", "held", "quiet")
# Nobody is there to read it any more; not lost, and nobody's trouble.
_DROPPED = "dropped"


@dataclass(frozen=True)
class Group:
    """A group chat in which the bot is; `person` linked it to the role, or added the bot."""

    id: int
    manual: str
    platform: str
    chat: str
    title: str
    role: str | None
    person: int | None


_THEIRS = rows_of(GROUP).where(GROUP.c.manual == bindparam("manual")).order_by(GROUP.c.id)
_EVERY = Prepared(_THEIRS)
_LINKED = Prepared(_THEIRS.where(GROUP.c.role.in_(bindparam("roles", expanding=True))))


class Groups(Part):
    async def at(self, manual: str, platform: str, chat: str) -> Group | None:
        row = await self._row(manual, platform, chat)
        return _group(row) if row is not None else None

    async def get(self, key: int) -> Group | None:
        row = await self._session.get(GroupRow, key)
        return _group(row) if row is not None else None

    async def every(self, manual: str, roles: Collection[str] | None = None) -> list[Group]:
        """The groups of a municipality; those linked to some of these roles, where any are given."""
        if roles is None:
            return [_group(row) for row in await self._run(_EVERY, {"manual": manual})]
        return [_group(row) for row in await self._run(_LINKED, {"manual": manual, "roles": list(roles)})]

    async def open(self, manual: str, platform: str, chat: str, *, title: str, person: int, now: datetime) -> Group:
        """Write a group down, linked to nothing yet."""
        row = GroupRow(manual=manual, platform=platform, chat=chat, title=title, person_id=person, at=now)
        self._session.add(row)
        await self._session.flush()
        return _group(row)

    async def link(self, key: int, role: str | None, *, person: int, now: datetime) -> None:
        """Bring a role's cards to a group from now on, or none."""
        await self._change(key, role=role, person_id=person, at=now)

    async def call(self, key: int, title: str) -> None:
        """Note what a group is called by now."""
        await self._change(key, title=title)

    async def leave(self, manual: str, platform: str, chat: str, *, now: datetime) -> None:
        """Forget a group that the bot is not in any more, and what waits for it; whoever linked it is told."""
        row = await self._row(manual, platform, chat)
        await self._session.exec(
            update(LetterRow)
            .where(*_said_in(manual, platform, chat), col(LetterRow.state).in_(_WAITS))
            .values(state=_DROPPED, not_before=None)
        )
        await self._forget_cards(_said_in(manual, platform, chat))
        if row is None:
            return
        await self._session.delete(row)
        await self._session.flush()
        await self._tell(row, now)

    async def move(self, manual: str, platform: str, chat: str, *, to: str, now: datetime) -> None:
        """Go on in the chat that a group has become.

        What waits is said there. What was said in the old one cannot be changed any more, so the
        cards that are still open are sent again. To move twice changes nothing.
        """
        await self._move_row(manual, platform, chat, to)
        here = _said_in(manual, platform, chat)
        waiting = (*here, col(LetterRow.state).in_(_WAITS))
        again = await self._open_cards(manual, platform, chat)
        # To change or strip what is beyond reach: the first is said anew, the second has no more object.
        sent = aliased(LetterRow)
        beyond = or_(
            col(LetterRow.message).is_not(None),
            exists().where(col(sent.id) == col(LetterRow.edits), col(sent.state) == "sent"),
        )
        await self._session.exec(
            update(LetterRow).where(*waiting, col(LetterRow.kind) == "strip", beyond).values(state=_DROPPED)
        )
        await self._session.exec(
            update(LetterRow)
            .where(*waiting, col(LetterRow.kind) == "edit", beyond)
            .values(kind="send", message=None, edits=None)
        )
        await self._session.exec(update(LetterRow).where(*waiting).values(chat=to))
        for row in again:
            await self._letters.post([_again(row, to)], now=now)
        await self._forget_cards(here)

    async def _open_cards(self, manual: str, platform: str, chat: str) -> list[LetterRow]:
        """The letters whose message shows a card that still waits: sent, and not turned into anything else since.

        From the turns that are open, which are few: there is no end to the cards that were ever said in a group.
        """
        cards = await self._session.exec(
            select(LetterRow)
            .join(TaskRow, and_(col(TaskRow.request_id) == LetterRow.request_id, col(TaskRow.key) == LetterRow.turn))
            .where(TaskRow.manual == manual, TaskRow.state == "open")
            .where(*_said_in(manual, platform, chat), col(LetterRow.state) == "sent")
            .order_by(col(LetterRow.id))
        )
        return [row for row in cards.all() if not await self._changed(row)]

    async def _changed(self, row: LetterRow) -> bool:
        over = or_(
            col(LetterRow.edits) == row.id, and_(col(LetterRow.kind) == "edit", col(LetterRow.message) == row.message)
        )
        here = _said_in(row.manual, row.platform, row.chat)
        later = await self._session.exec(select(LetterRow.id).where(*here, col(LetterRow.id) > row.id, over).limit(1))
        return later.first() is not None

    async def _forget_cards(self, here: tuple[ColumnElement[bool], ...]) -> None:
        """Nothing that was said there can be brought up to date any more."""
        await self._session.exec(update(LetterRow).where(*here, col(LetterRow.turn).is_not(None)).values(turn=None))

    @property
    def _letters(self) -> Letters:
        return Letters(self._hands)

    async def _move_row(self, manual: str, platform: str, chat: str, to: str) -> None:
        old, new = await self._row(manual, platform, chat), await self._row(manual, platform, to)
        if old is None:
            return
        if new is None:
            old.chat = to
            self._session.add(old)
            await self._session.flush()
            return
        role, person, at = old.role, old.person_id, old.at
        await self._session.delete(old)
        await self._session.flush()
        if new.role is None:
            await self._change(new.id or 0, role=role, person_id=person, at=at)

    async def _tell(self, row: GroupRow, now: datetime) -> None:
        address = (
            await self._session.exec(
                select(AddressRow)
                .where(AddressRow.manual == row.manual, AddressRow.person_id == row.person_id)
                .limit(1)
            )
        ).first()
        if address is None:
            return
        letter = Letter(
            manual=row.manual,
            platform=address.platform,
            chat=address.chat,
            person=address.person_id,
            template=LOST,
            facts={"title": row.title, "linked": row.role is not None},
            held=address.state != "ok",
        )
        await self._letters.post([letter], now=now)

    async def _row(self, manual: str, platform: str, chat: str) -> GroupRow | None:
        found = await self._session.exec(
            select(GroupRow).where(GroupRow.manual == manual, GroupRow.platform == platform, GroupRow.chat == chat)
        )
        return found.first()

    async def _change(self, key: int, **changes: object) -> None:
        await self._session.exec(update(GroupRow).where(col(GroupRow.id) == key).values(**changes))


def _group(row: Any) -> Group:
    return Group(row.id or 0, row.manual, row.platform, row.chat, row.title, row.role, row.person_id)


def _said_in(manual: str, platform: str, chat: str) -> tuple[ColumnElement[bool], ...]:
    return (col(LetterRow.manual) == manual, col(LetterRow.platform) == platform, col(LetterRow.chat) == chat)


def _again(row: LetterRow, chat: str) -> Letter:
    """A card as it was last shown, for another chat."""
    return Letter(
        manual=row.manual,
        platform=row.platform,
        chat=chat,
        template=row.template,
        facts=row.facts,
        buttons=[[(label, data) for label, data in line] for line in row.buttons],
        silent=True,
        request=row.request_id,
        turn=row.turn,
    )
