"""What an update may change, told from the tables alone.

Nothing here asks the desk whether something was allowed. Before and after each update the
tables are read, and every row that differs must be one that its sender had any business with.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, String, Table, cast, func, literal, null, select, union_all
from sqlalchemy.dialects import postgresql, sqlite

from bot.flows.people import ADMINISTRATOR
from bot.flows.procedure import Manual
from storage.database import Database
from storage.tables import METADATA
from tests.fuzz.town import WrongError

Key = tuple[str, str]
Row = dict[str, str | None]

# The columns by which a row is judged. Everything that is not the bot's own memory of what it said.
_WATCHED: dict[str, tuple[str, ...]] = {
    "request": ("manual", "requester", "area", "revision", "state", "activity", "answers", "rest", "procedure"),
    "task": ("manual", "request_id", "role", "area", "pool", "person_id", "state", "progress", "closed_by"),
    "request_event": ("request_id", "seq", "kind", "actor", "role", "activity", "hash"),
    "address": ("manual", "account", "person_id"),
    "role_grant": ("manual", "person_id", "role", "area", "until"),
    "invite": ("manual", "role", "area", "uses", "made_by"),
    "rating": ("person_id", "score", "comment"),
    "agenda_entry": ("manual", "request_id", "role"),
    "deadline": ("request_id", "turn", "done"),
    "folio_series": ("next",),
    "undo": ("person_id",),
    "group_chat": ("manual", "role"),
    "draft": ("manual", "person_id", "step", "answers", "request_id", "asking", "pending"),
    "file": ("manual", "person_id", "sha256", "name"),
    "person": ("manual", "privacy_at", "draft_id", "available", "prefs"),
}
# A private matter of each person, whatever they are.
_OWN = ("draft", "file", "person", "rating", "undo")
_OF_REQUESTS = ("request", "task", "request_event", "agenda_entry", "deadline")


def _texts(table: Table, names: Iterable[str]) -> list[Any]:
    width = max(map(len, _WATCHED.values()))
    columns: list[Any] = [cast(table.c[name], String) for name in names]
    return columns + [null()] * (width - len(columns))


def _key(table: Table) -> Any:
    keys: list[Column[Any]] = list(table.primary_key.columns)
    text: Any = cast(keys[0], String)
    for one in keys[1:]:
        text = text + ":" + cast(one, String)
    return text


_SAID = METADATA.tables["letter"]
_ALL = union_all(
    *(
        select(literal(name), _key(METADATA.tables[name]), *_texts(METADATA.tables[name], columns))
        for name, columns in _WATCHED.items()
    ),
    select(literal("letter"), cast(func.max(_SAID.c.id), String), *_texts(_SAID, ())),
)
_SQL = {
    dialect.name: str(_ALL.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    for dialect in (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]
}


@dataclass(frozen=True)
class Known:
    """Somebody as the tables have them, with the roles that have not ended."""

    id: str
    roles: frozenset[str]
    areas: frozenset[str]
    privacy: bool
    draft: str | None


@dataclass(frozen=True)
class State:
    """The watched tables at one moment; `letters`, how many were ever promised."""

    rows: dict[Key, Row]
    letters: int

    def where(self, table: str, **equal: str) -> list[Row]:
        """The rows of a table that hold these values."""
        return [
            row
            for (name, _), row in self.rows.items()
            if name == table and all(row[key] == value for key, value in equal.items())
        ]

    def person(self, manual: str, account: str) -> Known | None:
        """Whoever writes from that account."""
        found = self.where("address", manual=manual, account=account)
        if not found:
            return None
        key = found[0]["person_id"] or ""
        grants = [one for one in self.where("role_grant", person_id=key) if one["until"] is None]
        row = self.rows["person", key]
        return Known(
            key,
            roles=frozenset(one["role"] or "" for one in grants),
            areas=frozenset(one["area"] for one in grants if one["area"] is not None),
            privacy=row["privacy_at"] is not None,
            draft=row["draft_id"],
        )


class Reader:
    """Reads everything that is watched, past all of the house's own code."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._file = database.engine.url.database or ""
        self._sql = _SQL[database.engine.dialect.name]
        self._embedded = database.embedded

    async def state(self) -> State:
        found = self._read() if self._embedded else await self._ask()
        letters = next(int(one[1] or 0) for one in found if one[0] == "letter")
        rows = {
            (one[0], one[1]): dict(zip(_WATCHED[one[0]], one[2:], strict=False)) for one in found if one[0] != "letter"
        }
        return State(rows, letters)

    def _read(self) -> list[Any]:
        with closing(sqlite3.connect(self._file)) as connection:
            return connection.execute(self._sql).fetchall()

    async def _ask(self) -> list[Any]:
        async with self._engine.connect() as connection:
            return list((await connection.exec_driver_sql(self._sql)).all())


def changed(before: State, after: State) -> dict[Key, tuple[Row | None, Row | None]]:
    """The rows that differ, as they were and as they are."""
    keys = before.rows.keys() | after.rows.keys()
    pairs = {key: (before.rows.get(key), after.rows.get(key)) for key in keys}
    return {key: pair for key, pair in sorted(pairs.items()) if pair[0] != pair[1]}


@dataclass(frozen=True)
class Sender:
    """Whoever an update is from: nobody we know, where there is no person; `invited`, they bring a secret of ours."""

    manual: Manual
    person: Known | None
    invited: bool = False

    @property
    def is_member(self) -> bool:
        """Whether they hold a role here and have accepted the aviso de privacidad."""
        return self.person is not None and bool(self.person.roles) and self.person.privacy

    @property
    def key(self) -> str:
        return self.person.id if self.person else ""


@dataclass
class Judge:
    """Compares what an update changed with what its sender may change."""

    before: State
    after: State
    sender: Sender
    wrongs: list[str] = field(default_factory=list)

    def nothing(self, why: str, *, letters: bool) -> None:
        """Nothing may have changed; where `letters`, nothing may have been promised either.

        Raises:
            WrongError: something has, or was.

        """
        if differs := changed(self.before, self.after):
            raise WrongError(f"{why}, and yet: {differs}")
        if letters and self.after.letters != self.before.letters:
            raise WrongError(f"{why}, and yet something was said")

    def at_the_door(self) -> None:
        """Of whoever has no role here, nothing is kept; of whoever was given one, that they accept the aviso.

        Raises:
            WrongError: something else has changed.

        """
        known = self.sender.person is not None and bool(self.sender.person.roles)
        for (table, key), (was, is_) in changed(self.before, self.after).items():
            accepts = known and (table, key) == ("person", self.sender.key)
            if not accepts and (table != "group_chat" or self._of_groups(was or {}, is_ or {})):
                raise WrongError(f"whoever has no role here changed {table} {key}: {was} to {is_}")

    def rights(self) -> None:
        """Every row that changed is one that the sender has to do with.

        Raises:
            WrongError: one is not.

        """
        for (table, key), (was, is_) in changed(self.before, self.after).items():
            wrong = self._wrong(table, key, was or {}, is_ or {})
            if wrong:
                raise WrongError(f"{wrong}: {table} {key} was {was}, is {is_}")

    def _wrong(self, table: str, key: str, was: Row, is_: Row) -> str | None:
        row = is_ or was
        if row.get("manual") not in (None, self.sender.manual.id):
            return "another municipality's"
        if table == "role_grant":
            return self._of_roles(row)
        if table == "invite":
            return None if self._administers() or (was and self.sender.invited) else "an invitation by nobody"
        if table == "group_chat":
            return self._of_groups(was, is_)
        if table in _OWN:
            return self._of_people(table, key, row)
        if table in _OF_REQUESTS:
            return self._of_requests(table, key, was, is_)
        return None

    def _administers(self) -> bool:
        person = self.sender.person
        return self.sender.is_member and person is not None and ADMINISTRATOR in person.roles

    def _of_roles(self, row: Row) -> str | None:
        if self._administers():
            return None
        if not self.sender.invited:
            return "a role by nobody who administers"
        new = self.sender.person is None or row["person_id"] == self.sender.key
        return None if new else "an invitation gave somebody else a role"

    def _of_groups(self, was: Row, is_: Row) -> str | None:
        """A group comes, goes and moves as Telegram says; for which role it is, is somebody's decision."""
        if not was or not is_ or was["role"] == is_["role"]:
            return None
        return None if self.sender.is_member else "a group's role by a stranger"

    def _of_people(self, table: str, key: str, row: Row) -> str | None:
        own = key if table == "person" else row["person_id"]
        if own == self.sender.key or (self.sender.invited and self.sender.person is None):
            return None
        about = row.get("request_id") or (key.partition(":")[0] if table in ("undo", "rating") else None)
        # What others were doing about a request goes with it.
        return None if about and self.has_business(about) else "somebody else's"

    def _of_requests(self, table: str, key: str, was: Row, is_: Row) -> str | None:
        if table == "request" and not was:
            return self._of_new(is_)
        request = key if table == "request" else (is_ or was)["request_id"]
        assert request is not None
        if ("request", request) in self.before.rows and not self.has_business(request):
            return "a request that is none of theirs"
        return self._of_events(was, is_) if table == "request_event" else None

    def _of_new(self, row: Row) -> str | None:
        """Filed by its requester; or begun by another request, on which somebody acts."""
        begun = '"parent": null' not in (row["rest"] or "") and '"parent"' in (row["rest"] or "")
        if begun:
            return None
        law = self.sender.manual.procedure(row["procedure"] or "")
        opens = law is not None and self.sender.person is not None and set(law.opened_by) & self.sender.person.roles
        return None if opens and row["requester"] == self.sender.key else "filed by nobody who may"

    def _of_events(self, was: Row, is_: Row) -> str | None:
        if was:
            return "the record was changed"
        if is_["actor"] not in (None, self.sender.key):
            return "in somebody else's name"
        request = self.after.rows["request", is_["request_id"] or ""]
        if is_["kind"] == "withdrawn" and request["requester"] != self.sender.key:
            return "withdrawn by somebody who did not file it"
        person = self.sender.person
        known = self.sender.manual.with_role(is_["role"]) if is_["role"] in self.sender.manual.roles else {is_["role"]}
        acts = is_["actor"] is not None and is_["role"] is not None
        if acts and person is not None and not (known & person.roles):
            return "in a role that they do not hold"
        return None

    def has_business(self, request: str) -> bool:
        """Whether a request was the sender's to touch: theirs, their area's, before their office, or handed to them."""
        person, row = self.sender.person, self.before.rows.get(("request", request))
        if person is None or row is None or not self.sender.is_member or row["manual"] != self.sender.manual.id:
            return False
        if row["requester"] == self.sender.key or row["area"] in person.areas:
            return True
        roles = self.sender.manual.roles
        if any(not role.of_area and role.serves is None and name in person.roles for name, role in roles.items()):
            return True
        turns = self.before.where("task", request_id=request)
        return any(
            one["person_id"] == self.sender.key
            or (one["person_id"] is None and one["pool"] in person.roles)
            or (one["role"] in person.roles and one["area"] in (None, *person.areas))
            for one in turns
        )
