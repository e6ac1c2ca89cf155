"""The outbox: what was promised to be said, in the transaction that made it true."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    exists,
    false,
    or_,
    true,
    tuple_,
    update,
)
from sqlalchemy import select as rows_of
from sqlmodel import col, func, select

from storage.hands import Part
from storage.prepared import Prepared
from storage.tables import LETTER, LetterRow

# The letter whose picture is drawn when it is delivered: its facts say of which procedure.
MAP = "map"

Kind = Literal["send", "edit", "strip"]
Rows = Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Letter:
    """One thing to say in one chat.

    `buttons` are rows of (label, data). `edit` and `strip` (take the buttons away)
    change an earlier message: the platform's own id in `message`, or that of the
    letter `edits`. A `send` may take the buttons of an earlier letter away, once it is said: those that it `strips`.
    `file` is the id of a file to send with it. `request` says what it
    is about, and `turn` which card it is. `held`: for somebody who blocks the bot, until they come back.
    `awaited`: whoever reads it has just done something, and is waiting.
    """

    manual: str
    platform: str
    chat: str
    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    buttons: Rows = ()
    kind: Kind = "send"
    person: int | None = None
    silent: bool = False
    awaited: bool = False
    edits: int | None = None
    message: str | None = None
    strips: int | None = None
    file: int | None = None
    request: int | None = None
    turn: int | None = None
    held: bool = False
    quiet: bool = False
    id: int = 0
    attempts: int = 0


@dataclass(frozen=True)
class Trouble:
    """Letters that do not arrive in a chat, and why.

    `state`: `held` while somebody blocks the bot, `dead` when they were refused for good,
    `pending` while the first of them is tried again and again, or must wait for long.
    """

    platform: str
    chat: str
    state: str
    person: int | None
    error: str
    count: int


# From so many attempts on, which takes a minute, or so long a wait, an administrator should know.
_OFTEN = 5
_LONG = timedelta(minutes=2)


_earlier, _shown, _awaited = LETTER.alias(), LETTER.alias(), LETTER.alias()
_BOT = tuple_(LETTER.c.manual, LETTER.c.platform)
_MAY_GO = (
    # What changes an earlier message, or its buttons, says which, or which letter it is to look up.
    rows_of(*(one for one in LETTER.c if one.name != "message"))
    .add_columns(func.coalesce(LETTER.c.message, _shown.c.message).label("message"))
    .outerjoin(_shown, _shown.c.id == func.coalesce(LETTER.c.edits, LETTER.c.strips))
    .where(
        or_(
            LETTER.c.not_before.is_(None),
            LETTER.c.not_before <= bindparam("now"),
            LETTER.c.postponed_at > bindparam("now"),  # the clock was set back, and the wait with it
        )
    )
    .where(_BOT.not_in(bindparam("paused", expanding=True)))
    .order_by(LETTER.c.id)
    .limit(bindparam("most"))
)


def _waits_in_the_chat_of(one: FromClause, other: FromClause) -> tuple[ColumnElement[bool], ...]:
    same = (other.c[name] == one.c[name] for name in ("manual", "platform", "chat"))
    return (*same, other.c.state == "pending")


def _also_of(statement: Select[Any]) -> tuple[Prepared, Prepared]:
    """A statement, and the same for some bots alone."""
    return Prepared(statement), Prepared(statement.where(_BOT.in_(bindparam("bots", expanding=True))))


# The first that waits in a chat where one is awaited.
_DUE_AWAITED = _also_of(
    _MAY_GO.where(
        LETTER.c.id.in_(
            rows_of(
                rows_of(func.min(_earlier.c.id)).where(*_waits_in_the_chat_of(_awaited, _earlier)).scalar_subquery()
            ).where(_awaited.c.state == "pending", _awaited.c.awaited == true())
        )
    )
)
_DUE = _also_of(
    _MAY_GO.where(LETTER.c.state == "pending", LETTER.c.awaited == false()).where(
        ~exists().where(*_waits_in_the_chat_of(LETTER, _earlier), _earlier.c.id < LETTER.c.id)
    )
)
_DELIVERED = Prepared(
    update(LETTER)
    .where(LETTER.c.id == bindparam("the_id"), LETTER.c.chat == bindparam("the_chat"))
    .values(state="sent", message=bindparam("said"), sent_at=bindparam("now"), not_before=None)
)
_WAITS = Prepared(
    rows_of(LETTER.c.id)
    .where(LETTER.c.request_id == bindparam("request"), LETTER.c.turn.is_not(None), LETTER.c.state == "quiet")
    .limit(1)
)
# By its state alone, for few are quiet: by its municipality SQLite would look through all that was ever said there.
_WAITED = update(LETTER).where(LETTER.c.state == "quiet", LETTER.c.manual.concat("") == bindparam("of"))
_LET_GO = {
    False: Prepared(_WAITED.values(state="pending")),
    True: Prepared(_WAITED.values(state="pending", silent=True)),
}
# Read first, and sorted by municipality and chat then: by chat they would be found among all that was ever said.
_RARE = (
    rows_of(LETTER.c.id, *(LETTER.c[name] for name in ("manual", "platform", "chat", "kind", "state", "error")))
    .where(LETTER.c.state.in_(["held", "dead", "pending"]))
    .cte("rare")
    .prefix_with("MATERIALIZED")
)
_TROUBLED = Prepared(
    rows_of(func.max(_RARE.c.id).label("last"), func.max(_RARE.c.error).label("error"), func.count().label("number"))
    .where(_RARE.c.manual == bindparam("manual"), _RARE.c.kind != "strip")
    .where(
        or_(
            _RARE.c.state != "pending",
            tuple_(_RARE.c.platform, _RARE.c.chat).in_(bindparam("stuck", expanding=True)),
        )
    )
    .group_by(_RARE.c.platform, _RARE.c.chat, _RARE.c.state)
)


class Letters(Part):
    async def post(self, letters: Sequence[Letter], *, now: datetime) -> list[int]:
        """Promise these letters, and give their ids in order."""
        # One by one, so that ids grow in the order of saying.
        return [await self._reworded(one) or await self._add(one, now=now) for one in letters]

    async def _add(self, one: Letter, *, now: datetime) -> int:
        if one.request is not None and one.kind != "strip":
            await self._make_way(one)
        return await self._hands.add(
            LETTER,
            manual=one.manual,
            platform=one.platform,
            chat=one.chat,
            person_id=one.person,
            kind=one.kind,
            template=one.template,
            facts=one.facts,
            buttons=_kept(one.buttons),
            silent=one.silent,
            awaited=one.awaited,
            edits=one.edits,
            strips=one.strips,
            file_id=one.file,
            request_id=one.request,
            turn=one.turn,
            message=one.message,
            state="held" if one.held else "quiet" if one.quiet else "pending",
            attempts=0,
            created_at=now,
        )

    async def _reworded(self, one: Letter) -> int | None:
        """Change what still waits for the morning, before it is said; gives its id."""
        if one.kind != "edit" or not one.edits:
            return None
        words = {"template": one.template, "facts": one.facts, "buttons": _kept(one.buttons), "turn": one.turn}
        changed = await self._hands.change(LETTER, {"id": one.edits, "state": "quiet"}, **words)
        return one.edits if changed else None

    async def due(
        self,
        *,
        now: datetime,
        busy: Sequence[tuple[str, str, str]] = (),
        paused: Sequence[tuple[str, str]] = (),
        full: Sequence[tuple[str, str]] = (),
        bots: Sequence[tuple[str, str]] | None = None,
        limit: int = 100,
        spare: int = 0,
    ) -> list[Letter]:
        """Find the first waiting letter of each chat: those that are awaited, and then the others, the oldest first.

        So many as `limit` says; `spare` more where they are awaited.

        One chat's letters keep their order: a later one waits for an earlier one,
        also while the earlier one waits to be tried again; so what stands before an awaited
        one is awaited too. Chats that are `busy`, and those of bots that are `paused`, are left
        out; so are all but those of `bots`, where these are given. Of bots that are `full`, only what
        is awaited is found.
        """
        known = {*busy}
        found: list[Letter] = []
        for statements, awaited, most in ((_DUE_AWAITED, True, limit + spare), (_DUE, False, limit)):
            room = most - len(found)
            if room > 0:
                # Busy chats are left out here, and not by another statement for each set of them.
                out = [*paused, *(() if awaited else full)]
                given = {"now": now, "paused": out, "bots": list(bots or ()), "most": room + len(known)}
                rows = await self._run(statements[bots is not None], given)
                new = [one for one in rows if (one.manual, one.platform, one.chat) not in known][:room]
                known.update((one.manual, one.platform, one.chat) for one in new)
                found.extend(replace(letter_of(one), awaited=awaited) for one in new)
        return found

    async def delivered(self, letters: Sequence[tuple[int, str, str | None]], *, now: datetime) -> None:
        """Note where letters stand: of each its id, its chat and the platform's id of the message.

        One whose group moved meanwhile goes on waiting, for the chat that it became.
        """
        if letters:
            marks = [{"the_id": key, "the_chat": chat, "said": message, "now": now} for key, chat, message in letters]
            await self._hands.do(_DELIVERED, marks)

    async def postponed(self, key: int, *, now: datetime, until: datetime, error: str, attempts: int) -> None:
        await self._mark(key, postponed_at=now, not_before=until, error=error[:500], attempts=attempts)

    async def failed(self, key: int, *, error: str) -> None:
        """Note why a letter could not be delivered; it goes on waiting."""
        await self._mark(key, error=error[:500])

    async def undeliverable(self, key: int, *, error: str) -> None:
        await self._mark(key, state="dead", error=error[:500])

    async def hold(self, manual: str, platform: str, chat: str) -> None:
        """Keep what waits for somebody who blocks the bot, until they come back."""
        await self._move(manual, platform, chat, "pending", "held")

    async def release(self, manual: str, platform: str, chat: str) -> None:
        """Let what was held for somebody go out."""
        await self._move(manual, platform, chat, "held", "pending")

    async def _make_way(self, one: Letter) -> None:
        """Let what waits for the morning in the same chat about the same request not come after this.

        It goes first, without a sound; but a card of the same turn is not said at all, unless this
        merely brings one up to date.
        """
        about = {"manual": one.manual, "platform": one.platform, "chat": one.chat, "request_id": one.request}
        if one.turn is not None and one.file is None and (one.kind == "send" or not one.silent):
            card = {**about, "state": "quiet", "turn": one.turn, "file_id": None}
            await self._hands.change(LETTER, card, state="dropped")
        if one.kind == "send" and not one.quiet:
            await self._hands.change(LETTER, {**about, "state": "quiet"}, state="pending", silent=True)

    async def drop(self, request: int, turn: int) -> None:
        """Never say what waits for the morning about a turn: it has ended."""
        waiting = (
            col(LetterRow.request_id) == request,
            col(LetterRow.turn) == turn,
            col(LetterRow.state) == "quiet",
        )
        await self._session.exec(update(LetterRow).where(*waiting).values(state="dropped"))

    async def unsay(self, key: int) -> None:
        """Never say a letter that waits for the morning."""
        waiting = (col(LetterRow.id) == key, col(LetterRow.state) == "quiet")
        await self._session.exec(update(LetterRow).where(*waiting).values(state="dropped"))

    async def let_go(self, manual: str, *, silent: bool) -> int:
        """Let what waited for the morning go out, and tell how many letters that was."""
        return await self._hands.do(_LET_GO[silent], {"of": manual})

    async def wait(self) -> set[str]:
        """Tell in which municipalities something waits for the morning."""
        return set(await self._session.exec(select(LetterRow.manual).where(LetterRow.state == "quiet").distinct()))

    async def waits(self, request: int) -> bool:
        """Whether some card of a request waits for the morning."""
        return (await self._run(_WAITS, {"request": request})).first() is not None

    async def everything(self, manual: str) -> list[Letter]:
        """Every letter of a municipality, in the order of saying."""
        rows = await self._session.exec(select(LetterRow).where(LetterRow.manual == manual).order_by(col(LetterRow.id)))
        return [letter_of(row) for row in rows]

    async def troubled(self, manual: str) -> list[Trouble]:
        """What does not arrive, by chat: for an administrator."""
        counted = await self._run(_TROUBLED, {"manual": manual, "stuck": await self._stuck(manual)})
        told = {row.last: (row.error or "", row.number) for row in counted}
        rows = await self._session.exec(
            select(LetterRow).where(col(LetterRow.id).in_(told)).order_by(col(LetterRow.id).desc())
        )
        return [Trouble(row.platform, row.chat, row.state, row.person_id, *told[row.id or 0]) for row in rows]

    async def _stuck(self, manual: str) -> list[tuple[str, str]]:
        """In which chats the first letter that waits keeps all the others."""
        rows = await self._session.exec(
            select(LetterRow).where(
                LetterRow.manual == manual, LetterRow.state == "pending", col(LetterRow.not_before).is_not(None)
            )
        )
        return [
            (row.platform, row.chat)
            for row in rows
            if row.attempts >= _OFTEN or (row.not_before or row.created_at) - row.created_at >= _LONG
        ]

    async def _mark(self, key: int, **changes: Any) -> None:
        await self._hands.change(LETTER, {"id": key}, **changes)

    async def _move(self, manual: str, platform: str, chat: str, before: str, after: str) -> None:
        await self._session.exec(
            update(LetterRow)
            .where(
                col(LetterRow.manual) == manual,
                col(LetterRow.platform) == platform,
                col(LetterRow.chat) == chat,
                col(LetterRow.state) == before,
            )
            .values(state=after, not_before=None)
        )


def _kept(buttons: Rows) -> list[list[list[str]]]:
    return [[list(button) for button in row] for row in buttons]


def letter_of(row: Any) -> Letter:
    return Letter(
        manual=row.manual,
        platform=row.platform,
        chat=row.chat,
        template=row.template,
        facts=row.facts,
        buttons=[[(label, data) for label, data in line] for line in row.buttons],
        kind=row.kind,
        person=row.person_id,
        silent=row.silent,
        awaited=row.awaited,
        edits=row.edits,
        strips=row.strips,
        message=row.message,
        file=row.file_id,
        request=row.request_id,
        turn=row.turn,
        id=row.id or 0,
        attempts=row.attempts,
    )
