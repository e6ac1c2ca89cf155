"""The database and its transaction.

SQLite is embedded: one process, write-ahead log, every commit on the disk before it
is acknowledged. PostgreSQL is for when one machine is not enough. Nobody else in
the code base begins or commits anything.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from zoneinfo import ZoneInfo

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import embedded
from storage.drafts import Drafts
from storage.editions import Editions, Laws
from storage.files import Files
from storage.groups import Groups
from storage.hands import Hands
from storage.letters import Letters
from storage.people import People
from storage.ratings import Ratings
from storage.requests import Requests
from storage.said import Said
from storage.search import Search
from storage.tasks import Tasks
from storage.undo import Undos

# Nobody there, nobody of that name, no way to them, or nobody in time. asyncio has no other word than OSError for a
# name that stands for several addresses of which none answers, as `localhost` does.
NO_ANSWER = (OSError, PoolTimeoutError)

# How long PostgreSQL may take to let us in, and to answer a statement, in seconds. A network that swallows what it is
# given ends no connection: whoever waited without end would still do so when it is back.
_PATIENCE = 30.0


class Work:
    """Everything that one transaction may read and write."""

    def __init__(self, hands: Hands, zones: Mapping[str, ZoneInfo], laws: Laws) -> None:
        self._hands = hands
        self.people = People(hands)
        self.drafts = Drafts(hands)
        self.editions = Editions(hands, laws)
        self.search = Search(hands, self.editions, zones)
        self.requests = Requests(hands, self.search)
        self.tasks = Tasks(hands)
        self.letters = Letters(hands)
        self.said = Said(hands)
        self.files = Files(hands)
        self.groups = Groups(hands)
        self.undos = Undos(hands)
        self.ratings = Ratings(hands)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """What fails inside is undone alone, and the rest of the transaction can go on.

        Raises:
            UnavailableError: as `transaction`.
            UnstorableError: as `transaction`.

        """
        with _in_our_words():
            async with self._hands.apart():
                yield


class UnavailableError(Exception):
    """The database cannot be reached now; what was committed is safe in it. Try again.

    The text is the driver's name for it, such as `SQLITE_FULL`, and nothing of what people wrote.
    """


class UnstorableError(Exception):
    """The database will not take what it was given, now or later: a mistake of ours, or of a value it cannot hold.

    The text says which statement, and nothing of what people wrote.
    """


class Database:
    """Where everything is kept. `url` is SQLAlchemy's, with an async driver; `zones` are the municipalities' own."""

    def __init__(self, url: str, zones: Mapping[str, ZoneInfo] | None = None) -> None:
        self._engine = _engine(url)
        self._zones = zones or {}
        self._laws: Laws = {}
        self._embedded = make_url(url).get_backend_name() == "sqlite"
        self._writer = embedded.Writer(self._engine) if self._embedded else None

    @property
    def engine(self) -> AsyncEngine:
        return self._engine

    @property
    def embedded(self) -> bool:
        """Whether this is the one-process SQLite."""
        return self._embedded

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Work]:
        """Everything inside happens, or none of it does.

        Leaving the block commits and an exception rolls back, so nobody else in
        the code base calls `commit`.

        Raises:
            UnavailableError: the database is away, full or in somebody else's hands.
            UnstorableError: it refuses what it was asked.

        """
        with _in_our_words():
            async with self._transaction() as work:
                yield work

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Work]:
        async with self._writing() as hands:
            try:
                yield Work(hands, self._zones, self._laws)
                await hands.finish()
            finally:
                await hands.close()

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Hands]:
        if self._writer is None:
            async with self._engine.begin() as connection:
                yield Hands(connection, None)
        else:
            async with self._writer.transaction() as (connection, here):
                yield Hands(connection, here)

    async def answers(self) -> bool:
        """Tell whether the database is there."""
        try:
            async with self._writing() as hands:  # in the same line as everybody, and not against them
                await hands.run_once(text("SELECT 1"))
        except (DBAPIError, *NO_ANSWER):
            return False
        return True

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer.close()
        await self._engine.dispose()


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except NO_ANSWER as error:
        raise UnavailableError(_named(error)) from error
    except SQLAlchemyError as error:
        if isinstance(error, DBAPIError) and _is_away(error):
            raise UnavailableError(_named(error.orig or error)) from error
        # Not `from error`: a driver may quote the very words that it could not take.
        raise UnstorableError(_told(error)) from None


# Classes of SQLSTATE: connections, the operator's doing (57; a standby that only reads is 25, a login refused 28, a
# database that is not there 3D), room (53, 58), and rows in somebody else's hands (40, 55).
_PASSING = {"08", "25", "28", "3D", "40", "53", "55", "57", "58"}
# A file that is damaged is for whoever keeps the backups: what comes meanwhile is not lost.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _is_away(error: DBAPIError) -> bool:
    """Tell a database that cannot be reached from one that refuses what it is asked.

    A connection lost in mid-sentence comes from asyncpg as an error of almost any kind:
    its SQLSTATE tells.
    """
    if error.connection_invalidated or _state(error)[:2] in _PASSING:
        return True
    if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:  # the rest says where
        return True
    if isinstance(error, InterfaceError):  # which a value that cannot be put on the wire is, too
        return not isinstance(error.orig.__cause__ if error.orig else None, ValueError)
    return isinstance(error, OperationalError | InternalError)


def _named(error: BaseException) -> str:
    """What is wrong, in a name of the driver's or the system's own: a sentence may quote what people wrote."""
    known = getattr(error, "sqlite_errorname", None) or getattr(error, "strerror", None)
    return str(known or type(error.__cause__ or error).__name__)


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _told(error: SQLAlchemyError) -> str:
    if not isinstance(error, DBAPIError):
        return type(error).__name__
    return " ".join([type(error).__name__, _state(error), (error.statement or "")[:300]])


def _engine(url: str) -> AsyncEngine:
    if make_url(url).get_backend_name() == "sqlite":
        return embedded.engine(make_url(url))
    # Ten for each process, so that half a dozen of them fit into the hundred that PostgreSQL gives unless told. An
    # error that is logged must not carry what people wrote.
    patience = {"timeout": _PATIENCE, "command_timeout": _PATIENCE}
    return create_async_engine(
        url, pool_size=10, max_overflow=0, pool_pre_ping=True, hide_parameters=True, connect_args=patience
    )
