"""What a chat shows: what it was told, as that stands there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as rows_of
from sqlmodel import col, select

from storage.hands import Part
from storage.letters import Letter, Rows, letter_of
from storage.prepared import Prepared
from storage.tables import LETTER, LetterRow

# How many messages of a chat are looked through for what one of them was.
_LATELY = 40


@dataclass(frozen=True)
class Card:
    """A card that was sent, or is about to be; `message` is the platform's id once it is known.

    `quiet`: it waits for the morning.
    """

    letter: int
    message: str | None
    platform: str
    chat: str
    person: int | None
    buttons: Rows = ()
    quiet: bool = False


_MESSAGE = Prepared(rows_of(LETTER.c.message).where(LETTER.c.id == bindparam("id")))
_IN_CHAT = (
    LETTER.c.manual == bindparam("manual"),
    LETTER.c.platform == bindparam("platform"),
    LETTER.c.chat == bindparam("chat"),
)
_SHOWING = Prepared(
    rows_of(LETTER)
    .where(*_IN_CHAT, LETTER.c.message == bindparam("message"), LETTER.c.kind != "strip")
    .order_by(LETTER.c.id.desc())
    .limit(1)
)
_NEXT = Prepared(rows_of(LETTER).where(*_IN_CHAT, LETTER.c.state == "pending").order_by(LETTER.c.id).limit(1))
# One state at a time: their order in a chat is then the index's own, and nothing older is read.
_LAST = Prepared(
    rows_of(LETTER)
    .where(*_IN_CHAT, LETTER.c.state == bindparam("state"), LETTER.c.kind != "strip")
    .order_by(LETTER.c.id.desc())
    .limit(bindparam("most"))
)


class Said(Part):
    async def message_of(self, key: int) -> str | None:
        """Give the platform's id of a letter already sent."""
        found: str | None = (await self._run(_MESSAGE, {"id": key})).scalar()
        return found

    async def still(self, key: int) -> Letter | None:
        """Give a letter if its message still shows it: sent, and not turned into something else since."""
        row = await self._session.get(LetterRow, key)
        if row is None or row.message is None or await self._overwritten(row):
            return None
        return letter_of(row)

    async def showing(self, manual: str, platform: str, chat: str, message: str) -> Letter | None:
        """Give the letter that a message of a chat shows now.

        A message that nobody knows was taken by the platform, and its mark is not written yet, or was never
        written: the process died, and said the same again. A chat hears one letter after the other, so that
        message shows the next that the chat heard, or else the one that is on its way.
        """
        where = {"manual": manual, "platform": platform, "chat": chat}
        # Asked for first, so that it cannot be marked between two questions and be in no answer.
        on_its_way = (await self._run(_NEXT, where)).first()
        row = (await self._run(_SHOWING, {**where, "message": message})).first()
        row = row or _next_after(message, await self._last(manual, platform, chat)) or on_its_way
        return letter_of(row) if row is not None and row.kind != "strip" else None

    async def lately(self, manual: str, platform: str, chat: str, message: str, *, limit: int = 12) -> list[Letter]:
        """What a message has shown lately, the last first."""
        rows = await self._session.exec(
            select(LetterRow)
            .where(
                LetterRow.manual == manual,
                LetterRow.platform == platform,
                LetterRow.chat == chat,
                LetterRow.message == message,
            )
            .order_by(col(LetterRow.id).desc())
            .limit(limit)
        )
        return [letter_of(row) for row in rows]

    async def latest(self, manual: str, platform: str, chat: str, templates: Sequence[str]) -> Letter | None:
        """Find what was said last in a chat in those words, if that was lately."""
        said = await self._last(manual, platform, chat)
        return next((letter_of(row) for row in said if row.template in templates), None)

    async def worded(self, request: int, template: str) -> list[Letter]:
        """Find every letter about a request in those words that its chat shows still, or will."""
        rows = (
            await self._session.exec(
                select(LetterRow)
                .where(LetterRow.request_id == request, LetterRow.template == template)
                .where(col(LetterRow.state).in_(["pending", "sent", "held", "quiet"]))
                .order_by(col(LetterRow.id))
            )
        ).all()
        return [letter_of(row) for row in rows if row.message is None or not await self._overwritten(row)]

    async def cards(self, request: int, turn: int) -> list[Card]:
        """Find every message that shows a turn's card now, or will when it is sent.

        A message that has since been turned into something else is not among them.
        """
        rows = (
            await self._session.exec(
                select(LetterRow)
                .where(LetterRow.request_id == request, LetterRow.turn == turn, LetterRow.kind != "strip")
                .where(col(LetterRow.file_id).is_(None))
                .where(col(LetterRow.state).in_(["pending", "sent", "held", "quiet"]))
                .order_by(col(LetterRow.id))
            )
        ).all()
        shown: dict[tuple[str, str, str], LetterRow] = {}
        for row in rows:
            shown[row.platform, row.chat, row.message or f"letter {row.id}"] = row
        return [
            Card(row.id or 0, row.message, row.platform, row.chat, row.person_id, row.buttons, row.state == "quiet")
            for row in shown.values()
            if row.message is None or not await self._overwritten(row)
        ]

    async def cards_since(self, manual: str, platform: str, chat: str, data: str) -> list[Letter]:
        """Find the cards that came to a chat after the button with that data, or may have, and stand there still.

        They are in order.
        """
        found: list[Any] = []
        for row in await self._last(manual, platform, chat):
            brought_up_to_date = row.kind == "edit" and row.silent
            if not brought_up_to_date and any(button[1] == data for line in row.buttons for button in line):
                break
            if row.kind == "send" and row.turn is not None and row.file_id is None:
                found.append(row)
        return [letter_of(row) for row in reversed(found) if row.message is None or not await self._overwritten(row)]

    async def _last(self, manual: str, platform: str, chat: str) -> list[Any]:
        """What was said last in a chat, or is about to be, the newest first."""
        where = {"manual": manual, "platform": platform, "chat": chat, "most": _LATELY}
        # What still waits may have been taken already, and read. It is asked for first: what is marked between the two
        # questions is then in both answers, and not in none.
        both = [row for state in ("pending", "sent") for row in await self._run(_LAST, {**where, "state": state})]
        return sorted({row.id: row for row in both}.values(), key=lambda row: -row.id)[:_LATELY]

    async def _overwritten(self, row: Any) -> bool:
        later = await self._session.exec(
            select(LetterRow.id)
            .where(
                LetterRow.manual == row.manual,
                LetterRow.platform == row.platform,
                LetterRow.chat == row.chat,
                LetterRow.message == row.message,
                LetterRow.kind == "edit",
                col(LetterRow.id) > row.id,
            )
            .limit(1)
        )
        return later.first() is not None


def _next_after(message: str, said: Sequence[Any]) -> Any:
    """Which of what a chat heard lately came next after a message, by the platform's count; `said` is newest first."""
    if not message.isdecimal():
        return None
    known = [row for row in said if row.message and row.message.isdecimal()]
    later = [row for row in known if int(row.message) > int(message)]
    is_older_than_all = len(later) == len(known) and len(said) == _LATELY
    return min(later, key=lambda row: int(row.message)) if later and not is_older_than_all else None
