"""Everything that a database says at one moment, read without the code that wrote it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from storage.database import Work
from storage.tables import METADATA, EventRow, GrantRow, LetterRow, RequestRow, SeriesRow, TaskRow

Line = Any  # a row of the record
TurnRow = Any  # a turn, open or ended
Grants = Mapping[int, frozenset[tuple[str, str | None]]]


@dataclass(frozen=True)
class Seen:
    """The rows of what must hold: requests by id, their turns by key, their records in order, and the rest."""

    requests: Mapping[int, Any]
    turns: Mapping[int, Mapping[int, TurnRow]]
    record: Mapping[int, tuple[Line, ...]]
    series: Mapping[tuple[str, int], int]
    grants: Grants
    letters: tuple[Any, ...] = ()

    def open_turns(self, request: int) -> list[TurnRow]:
        return [one for one in self.turns.get(request, {}).values() if one.state == "open"]

    def anywhere(self) -> list[TurnRow]:
        """Every open turn there is, the newest first."""
        every = [one for turns in self.turns.values() for one in turns.values() if one.state == "open"]
        return sorted(every, key=lambda one: -one.id)


async def look(work: Work, *, letters_after: int = 0) -> Seen:
    """Read it all; of the letters, those that are new."""

    async def rows(table: Any, *where: Any) -> list[Any]:
        columns = table.__table__
        query = select(columns).where(*where).order_by(*columns.primary_key.columns)
        return list((await work._hands.run_once(query)).all())

    turns: dict[int, dict[int, TurnRow]] = defaultdict(dict)
    for row in await rows(TaskRow):
        turns[row.request_id][row.key] = row
    record: dict[int, list[Line]] = defaultdict(list)
    for row in await rows(EventRow):
        record[row.request_id].append(row)
    grants: dict[int, set[tuple[str, str | None]]] = defaultdict(set)
    for row in await rows(GrantRow):
        if row.until is None:
            grants[row.person_id].add((row.role, row.area))
    return Seen(
        requests={row.id: row for row in await rows(RequestRow)},
        turns=dict(turns),
        record={key: tuple(sorted(lines, key=lambda one: one.seq)) for key, lines in record.items()},
        series={(row.series, row.year): row.next - 1 for row in await rows(SeriesRow)},
        grants={key: frozenset(held) for key, held in grants.items()},
        letters=tuple(await rows(LetterRow, col(LetterRow.id) > letters_after)),
    )


async def all_of_it(work: Work) -> dict[str, list[Any]]:
    """Every row of every table."""
    found = {}
    for table in METADATA.sorted_tables:
        found[table.name] = list((await work._hands.run_once(select(table).order_by(*table.primary_key.columns))).all())
    return found
