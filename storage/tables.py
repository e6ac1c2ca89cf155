"""How things look at rest. Imported by nobody outside `storage`.

Moments are stored in UTC. Every row that needs it says whose it is: one
deployment can serve several municipalities.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlmodel import Field, SQLModel

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# The index of words: a table of FTS5 and its shadows, or an index that no class of ours describes.
BESIDE = "search_words"


def is_described(name: str | None, kind: str, parents: Any) -> bool:
    """Whether something in a database is one of those that are described here."""
    del kind, parents
    return name is None or not name.startswith(BESIDE)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC: SQLite forgets time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _moment(*, nullable: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Moment(), nullable=nullable, index=index))


def _json() -> Any:
    return Field(default=None, sa_column=Column(JSON, nullable=False))


class Table(SQLModel):
    metadata = METADATA


class AreaRow(Table, table=True):
    __tablename__ = "area"
    manual: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    kind: str = "central"


class PersonRow(Table, table=True):
    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    manual: str = Field(index=True)
    name: str
    privacy_at: datetime | None = _moment(nullable=True)
    draft_id: int | None = None
    focus: list[Any] = _json()
    available: bool = Field(default=True, sa_column=Column(Boolean, nullable=False, server_default=true()))
    prefs: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    sentence: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    active_at: datetime | None = _moment(nullable=True)
    digest_on: date | None = None
    created_at: datetime = _moment()


class AddressRow(Table, table=True):
    """Where a person is reached; `account` and `chat` are the platform's own ids."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("manual", "platform", "account"),)
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    platform: str
    account: str
    chat: str
    person_id: int = Field(foreign_key="person.id", index=True)
    state: str = "ok"


class GrantRow(Table, table=True):
    __tablename__ = "role_grant"
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    area: str | None = None
    since: datetime = _moment()
    until: datetime | None = _moment(nullable=True)
    substitute_of: int | None = Field(default=None, foreign_key="person.id")
    __table_args__ = (Index("ix_role_grant_holders", "manual", "role", "area"),)


class InviteRow(Table, table=True):
    """A link that gives a role. Only the hash of its secret is kept."""

    __tablename__ = "invite"
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    hash: str = Field(unique=True)
    role: str
    area: str | None = None
    uses: int
    expires_at: datetime = _moment()
    made_by: int | None = Field(default=None, foreign_key="person.id")


class DraftRow(Table, table=True):
    """A form being filled in. Its number is never used again: old buttons live for ever, and some discard."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_touched", "touched_at"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str
    procedure: str
    edition: str
    request_id: int | None = Field(default=None, foreign_key="request.id")
    turn: int | None = None
    option: str | None = None
    area: str | None = None
    answers: dict[str, Any] = _json()
    skipped: list[str] = _json()
    asking: str | None = None
    step: int
    pending: dict[str, Any] = _json()
    misses: int
    prompt: int | None = None
    touched_at: datetime = _moment()
    warned_at: datetime | None = _moment(nullable=True)
    origin: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


class RequestRow(Table, table=True):
    __tablename__ = "request"
    __table_args__ = (
        Index("ix_request_mine", "requester", "id"),
        Index("ix_request_mine_open", "requester", "state", "id"),
        Index("ix_request_habits", "requester", "procedure", "id"),
        Index("ix_request_area", "manual", "area", "id"),
        Index("ix_request_area_open", "manual", "area", "state", "id"),
        Index("ix_request_month", "manual", "area", "sent_at"),
        Index("ix_request_alike", "manual", "area", "procedure", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    folio: str = Field(unique=True)
    procedure: str
    edition: str
    requester: int = Field(foreign_key="person.id")
    area: str
    answers: dict[str, Any] = _json()
    rest: dict[str, Any] = _json()
    activity: str
    round: int
    state: str
    outcome: str | None = None
    revision: int
    sent_at: datetime = _moment()
    received_at: datetime = _moment()
    wanted: datetime | None = _moment(nullable=True)


class EventRow(Table, table=True):
    """Append only. Each line holds the hash of the one before, so that no line can be changed unseen."""

    __tablename__ = "request_event"
    __table_args__ = (UniqueConstraint("request_id", "seq"), Index("ix_request_event_actor", "actor", "id"))
    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="request.id")
    seq: int
    at: datetime = _moment()
    activity: str
    kind: str
    actor: int | None = Field(default=None, foreign_key="person.id")
    name: str
    role: str | None = None
    option: str | None = None
    note: str | None = None
    files: list[int] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    before: str
    hash: str


class SearchRow(Table, table=True):
    """The words by which a request is found. `search_words`, which looks into them, is made by its revision alone."""

    __tablename__ = "search_entry"
    request_id: int = Field(primary_key=True, foreign_key="request.id", sa_column_kwargs={"autoincrement": False})
    words: str


class TaskRow(Table, table=True):
    """A turn, and how it ended."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("request_id", "key"),
        Index("ix_task_tray", "manual", "state", "role", "due"),
        Index("ix_task_person", "person_id", "manual", "state", "closed_at", "opened_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    request_id: int = Field(foreign_key="request.id")
    key: int
    activity: str
    stage: str
    role: str
    area: str | None = None
    pool: str | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id")
    branch: str | None = None
    item: str | None = None
    due: datetime | None = _moment(nullable=True)
    progress: str = Field(default="", sa_column=Column(String, nullable=False, server_default=text("''")))
    state: str
    opened_at: datetime = _moment()
    closed_at: datetime | None = _moment(nullable=True)
    closed_by: str | None = None
    closed_with: str | None = None


class FileRow(Table, table=True):
    """What was sent. The bytes are kept by us under their SHA-256: Telegram's ids are a bot's own."""

    __tablename__ = "file"
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    sha256: str = Field(index=True)
    name: str
    type: str
    size: int
    photo: bool
    person_id: int = Field(foreign_key="person.id")
    at: datetime = _moment()


class LetterRow(Table, table=True):
    """Something promised to somebody, until it is delivered: the outbox."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_waiting", "state", "awaited", "id"),
        Index("ix_letter_chat", "manual", "platform", "chat", "state", "id"),
        Index("ix_letter_card", "request_id", "turn"),
        Index("ix_letter_message", "manual", "platform", "chat", "message"),
    )
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    platform: str
    chat: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    kind: str
    template: str
    facts: dict[str, Any] = _json()
    buttons: list[Any] = _json()
    silent: bool
    awaited: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    edits: int | None = Field(default=None, foreign_key="letter.id")
    strips: int | None = None
    file_id: int | None = Field(default=None, foreign_key="file.id")
    request_id: int | None = Field(default=None, foreign_key="request.id")
    turn: int | None = None
    message: str | None = None
    state: str
    attempts: int
    not_before: datetime | None = _moment(nullable=True)
    postponed_at: datetime | None = _moment(nullable=True)
    created_at: datetime = _moment()
    sent_at: datetime | None = _moment(nullable=True)
    error: str | None = None


class DeadlineRow(Table, table=True):
    """An hour at which something must be looked at again."""

    __tablename__ = "deadline"
    __table_args__ = (Index("ix_deadline_due", "done", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    request_id: int = Field(foreign_key="request.id")
    turn: int
    kind: str
    at: datetime = _moment()
    done: bool


class UndoRow(Table, table=True):
    """How a request was before its last gesture, for whoever made it to take it back."""

    __tablename__ = "undo"
    request_id: int = Field(primary_key=True, foreign_key="request.id")
    revision: int = Field(primary_key=True)
    manual: str | None = None
    person_id: int = Field(foreign_key="person.id")
    until: datetime = _moment()
    before: dict[str, Any] = _json()


class RatingRow(Table, table=True):
    """What whoever asked thought of it; a row without a score was asked and not answered."""

    __tablename__ = "rating"
    __table_args__ = (
        Index(
            "ix_rating_open",
            "person_id",
            "at",
            "request_id",
            sqlite_where=text("score IS NULL"),
            postgresql_where=text("score IS NULL"),
        ),
    )
    request_id: int = Field(primary_key=True, foreign_key="request.id")
    person_id: int = Field(foreign_key="person.id")
    score: int | None = None
    comment: str | None = None
    at: datetime = _moment()


class GroupRow(Table, table=True):
    """A group chat that receives the decision cards of a role."""

    __tablename__ = "group_chat"
    __table_args__ = (UniqueConstraint("manual", "platform", "chat"),)
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    platform: str
    chat: str
    title: str
    role: str | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = _moment()


class AgendaRow(Table, table=True):
    __tablename__ = "agenda_entry"
    __table_args__ = (Index("ix_agenda_entry_when", "manual", "role", "starts"),)
    id: int | None = Field(default=None, primary_key=True)
    manual: str
    request_id: int = Field(foreign_key="request.id", index=True)
    role: str
    title: str
    starts: datetime = _moment()
    ends: datetime | None = _moment(nullable=True)


class SeriesRow(Table, table=True):
    """The next number of a series of folios, for a year."""

    __tablename__ = "folio_series"
    manual: str = Field(primary_key=True)
    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    next: int


class SeenRow(Table, table=True):
    """An update already dealt with, so that Telegram's repeat of it counts for nothing."""

    __tablename__ = "seen_update"
    manual: str = Field(primary_key=True)
    platform: str = Field(primary_key=True)
    update: str = Field(primary_key=True)
    at: datetime = _moment(index=True)


class EditionRow(Table, table=True):
    """A procedure as it was when some request was filed."""

    __tablename__ = "procedure_edition"
    manual: str = Field(primary_key=True)
    procedure: str = Field(primary_key=True)
    edition: str = Field(primary_key=True)
    content: dict[str, Any] = _json()
    at: datetime = _moment()


# The same as tables, for statements.
PERSON, ADDRESS, GRANT, AREA = (METADATA.tables[name] for name in ("person", "address", "role_grant", "area"))
REQUEST, EVENT, TASK, AGENDA = (METADATA.tables[name] for name in ("request", "request_event", "task", "agenda_entry"))
DRAFT, LETTER, RATING, SEARCH = (METADATA.tables[name] for name in ("draft", "letter", "rating", "search_entry"))
SERIES, SEEN, GROUP = (METADATA.tables[name] for name in ("folio_series", "seen_update", "group_chat"))
EDITION, DEADLINE = (METADATA.tables[name] for name in ("procedure_edition", "deadline"))
