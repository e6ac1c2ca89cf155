"""What goes straight to SQLite says the same as by SQLAlchemy."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from storage.database import Database, UnstorableError
from storage.prepared import Prepared
from storage.tables import LETTER, LetterRow

NOW = datetime(2026, 11, 27, 16, 0, 0, 123456, tzinfo=UTC)
LETTER_OF_ALL_KINDS: dict[str, Any] = {
    "manual": "chalco",
    "platform": "telegram",
    "chat": "1101",
    "kind": "send",
    "template": "words",
    "facts": {"said": "¿Qué día? «5 p. m.»", "list": [1, None, {"a": 2.5}]},
    "buttons": [[["Sí", "y:1"]]],
    "silent": True,
    "awaited": False,
    "state": "pending",
    "attempts": 3,
    "created_at": NOW.astimezone(timezone(timedelta(hours=-6))),
}
_OF_CHATS = Prepared(
    select(LETTER)
    .where(LETTER.c.chat.in_(bindparam("chats", expanding=True)), LETTER.c.state.in_(["pending", "sent"]))
    .order_by(LETTER.c.id)
)
_BY_STATE = Prepared(select(LETTER.c.id).where(LETTER.c.state == bindparam("state")))


async def test_every_kind_of_value_is_read_as_it_was_written(database: Database) -> None:
    async with database.transaction() as work:
        key = await work._hands.add(LETTER, **LETTER_OF_ALL_KINDS)
        mapped = await work._hands.session.get(LetterRow, key)
        [row] = await work._hands.run(_OF_CHATS, {"chats": ["1101"]})
        assert mapped is not None
        assert row._asdict() == {one.name: getattr(mapped, one.name) for one in LETTER.c}
        assert {name: row._asdict()[name] for name in LETTER_OF_ALL_KINDS} == LETTER_OF_ALL_KINDS
        assert row.created_at.tzinfo == UTC


async def test_a_list_may_be_of_any_length(database: Database) -> None:
    async with database.transaction() as work:
        keys = [await work._hands.add(LETTER, **{**LETTER_OF_ALL_KINDS, "chat": chat}) for chat in ("1", "2", "3")]
        many = [str(number) for number in range(2, 300)]
        for chats, found in ((["1", "3"], [0, 2]), ([], []), (["2"], [1]), (["3", "1"], [0, 2]), (many, [1, 2])):
            rows = await work._hands.run(_OF_CHATS, {"chats": chats})
            assert [row.id for row in rows] == [keys[place] for place in found]


async def test_what_is_not_given_is_not_taken_for_nothing(database: Database) -> None:
    with pytest.raises((KeyError, UnstorableError)):
        async with database.transaction() as work:
            await work._hands.run(_BY_STATE, {})


async def test_who_is_there_already_is_told_by_the_statement_and_not_by_their_name(database: Database) -> None:
    async def meets() -> None:
        async with database.transaction() as work:
            await work.people.meet("chalco", "telegram", "1101", name="mi domicilio", now=NOW)

    await meets()
    with pytest.raises(UnstorableError) as refusal:
        await meets()
    assert "INSERT INTO address" in str(refusal.value)
    assert "domicilio" not in str(refusal.value)
