"""Statements that are made once: what every update needs costs what SQLite needs for it, and little more.

SQLAlchemy finds out at each execution what it has known since the first: what the statement says in
SQL, and how each value goes in and comes out. That takes several times as long as SQLite does.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.dialects.sqlite.aiosqlite import dialect
from sqlalchemy.engine import IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
Values = Mapping[str, Any]
Way = Callable[[Any], Any]

_SQLITE = dialect()
# Longer lists are rare, and each of another length: their forms would only pile up.
_SHORT = 50


class _Form(NamedTuple):
    """A statement in SQL; of each of its values, in order, the name and the way in, or what it always is.

    `parts`: by what name of its own each part of a list goes.
    """

    sql: str
    values: tuple[tuple[str | None, Way | None, Any], ...]
    parts: Mapping[str, Sequence[str]]


class Prepared:
    """A statement on tables (not on mapped classes), to be kept for as long as the process runs.

    On PostgreSQL it is run as any other, by its `statement`.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._forms: dict[tuple[int, ...], _Form] = {}

    def read(self, here: sqlite3.Connection, given: Values) -> Result[Any]:
        """Run it with these values, and give the rows.

        Raises:
            DBAPIError: as SQLAlchemy would.

        """
        rows = self.write(here, given).fetchall()
        meta, ways = self._rows
        return IteratorResult(meta, iter([_read(row, ways) for row in rows] if ways else rows))

    def write(self, here: sqlite3.Connection, given: Values) -> sqlite3.Cursor:
        """Run it with these values; the cursor tells how many rows it touched.

        Raises:
            DBAPIError: as SQLAlchemy would.

        """
        form, given = self._form(given)
        try:
            return here.execute(form.sql, _in_order(form, given))
        except sqlite3.Error as error:
            raise as_usual(form.sql, error) from error

    def write_all(self, here: sqlite3.Connection, given: Sequence[Values]) -> sqlite3.Cursor:
        """Run it once with each of these sets of values, none of which may be a list.

        Raises:
            DBAPIError: as SQLAlchemy would.

        """
        form, _ = self._form(given[0])
        try:
            return here.executemany(form.sql, [_in_order(form, one) for one in given])
        except sqlite3.Error as error:
            raise as_usual(form.sql, error) from error

    @cached_property
    def _compiled(self) -> SQLCompiler:
        compiled = self.statement.compile(dialect=_SQLITE)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("it changes what there is, and not what is in it")
        return compiled

    @cached_property
    def _lists(self) -> tuple[str, ...]:
        return tuple(name for name, one in self._compiled.binds.items() if one.expanding and one.required)

    @cached_property
    def _rows(self) -> tuple[SimpleResultMetaData, list[tuple[int, Way]]]:
        """What the columns are called, and the way out of those that do not come as they are."""
        if not isinstance(self.statement, Select):
            raise TypeError("it gives no rows")
        columns = self.statement.selected_columns
        ways = [one.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None) for one in columns]
        return SimpleResultMetaData(columns.keys()), [(place, way) for place, way in enumerate(ways) if way is not None]

    def _form(self, given: Values) -> tuple[_Form, Values]:
        """Its form for lists of these lengths, and the values with each part of a list by a name of its own."""
        lengths = tuple([len(given[name]) for name in self._lists])
        form = self._forms.get(lengths) or self._make(lengths, given)
        for name, parts in form.parts.items():
            given = {**given, **dict(zip(parts, _parts(given[name]), strict=True))}
        return form, given

    def _make(self, lengths: tuple[int, ...], given: Values) -> _Form:
        state = self._compiled.construct_expanded_state(given)
        parts = {name: state.parameter_expansion[name] for name in self._lists}
        ours = {part for one in parts.values() for part in one}
        values: list[tuple[str | None, Way | None, Any]] = []
        for name in state.positiontup or ():
            bind = self._compiled.binds.get(name)
            way = (
                state.processors.get(name) if bind is None else bind.type.dialect_impl(_SQLITE).bind_processor(_SQLITE)
            )
            if name in ours or (bind is not None and bind.required):
                values.append((name, way, None))
            else:
                value = state.parameters[name]
                values.append((None, None, value if way is None else way(value)))
        form = _Form(state.statement, tuple(values), parts)
        if sum(lengths) <= _SHORT:
            self._forms[lengths] = form
        return form


def _parts(given: Sequence[Any]) -> list[Any]:
    """The parts of a list; of one of pairs, both of each."""
    return [part for one in given for part in (one if isinstance(one, tuple) else (one,))]


def _read(row: Sequence[Any], ways: list[tuple[int, Way]]) -> tuple[Any, ...]:
    read = list(row)
    for place, way in ways:
        read[place] = way(read[place])
    return tuple(read)


def _in_order(form: _Form, given: Values) -> list[Any]:
    return [
        always if name is None else given[name] if way is None else way(given[name])
        for name, way, always in form.values
    ]


def as_usual(sql: str, error: sqlite3.Error) -> DBAPIError:
    """The error as SQLAlchemy tells it: with the statement, and nothing of what people wrote."""
    return cast("DBAPIError", DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True))
