"""The audit: what must be so of any database at rest, and of what a Telegram took.

Every check gives the sentences that say what is wrong, so that nothing wrong is an empty list.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.flows.events import HANDS, TALK
from storage.database import Database
from storage.files import Vault
from storage.tables import METADATA

# Lines that perform no activity of anybody's turn.
_BESIDE = {*HANDS, *TALK, "filed", "numbered", "linked", "settled", "closed"}
# Lines that end every turn there is.
_ENDING = {"withdrawn", "undone"}


@dataclass
class Books:
    """Every row of every table, by the table's name and in the order of ids."""

    tables: Mapping[str, list[Any]]
    breaks: list[str] = field(default_factory=list)

    def __getitem__(self, table: str) -> list[Any]:
        return self.tables[table]

    def by_request(self, table: str) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for one in self[table]:
            found[one.request_id].append(one)
        return found


async def seen(url: str) -> set[str]:
    """The updates that a database has dealt with; of one that its process left as it was, too."""
    return {row.update for row in (await rows(url, "seen_update"))["seen_update"]}


async def read(url: str) -> Books:
    """Read a database that nobody writes to."""
    tables = await rows(url, *METADATA.tables)
    breaks = []
    database = Database(url)
    async with database.transaction() as work:
        for request in tables["request"]:
            line = await work.requests.first_break(request.id)
            if line is not None:
                breaks.append(f"{request.folio}: the record does not hold from line {line} on")
    await database.close()
    return Books(tables, breaks)


async def rows(url: str, *names: str) -> dict[str, list[Any]]:
    """Every row of these tables, beside whoever writes to them."""
    engine = create_async_engine(url)
    found = {}
    async with engine.connect() as connection:
        for name in names:
            table = METADATA.tables[name]
            every = await connection.execute(select(table).order_by(*table.primary_key.columns))
            found[name] = [SimpleNamespace(**row) for row in every.mappings()]
    await engine.dispose()
    return found


def acknowledged_is_stored(acknowledged: Collection[str], stored: Collection[str]) -> list[str]:
    """Whatever was confirmed to Telegram has been dealt with."""
    return [f"update {one} was acknowledged and is not stored" for one in sorted(set(acknowledged) - set(stored))]


def folios_are_whole(books: Books) -> list[str]:
    """The folios of a series count from one on, each once, up to the last that was given."""
    wrong = []
    taken: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for request in books["request"]:
        _, series, year, number = request.folio.rsplit("-", 3)
        taken[request.manual, series, int(year)].append(int(number))
    given = {(one.manual, one.series, one.year): one.next - 1 for one in books["folio_series"]}
    for series, numbers in taken.items():
        if sorted(numbers) != list(range(1, given.get(series, 0) + 1)):
            wrong.append(f"series {series}: {sorted(numbers)}, though {given.get(series)} were given")
    return wrong


def every_turn_ended_once(books: Books) -> list[str]:
    """Each turn that is over was ended by one act, and nobody acted without a turn."""
    lines, turns = books.by_request("request_event"), books.by_request("task")
    return [wrong for one in books["request"] for wrong in _wrong_with_turns(one, lines[one.id], turns[one.id])]


def _wrong_with_turns(request: Any, lines: list[Any], turns: list[Any]) -> Iterator[str]:
    ended = Counter((one.closed_at, one.activity) for one in turns if one.state == "done")
    over = {one.at for one in lines if one.kind in _ENDING}
    filed = {one.at for one in lines if one.kind == "filed"}
    acts = Counter((one.at, one.activity) for one in lines if one.actor is not None and one.kind not in _BESIDE)
    for (at, activity), count in ended.items():
        if at not in over and acts[at, activity] != count:
            yield f"{request.folio}: {count} turns of activity {activity} ended by {acts[at, activity]} acts"
    moments = {at for at, _ in ended} | over | filed
    for at, activity in acts:
        if at not in moments:
            yield f"{request.folio}: activity {activity} was performed at {at}, when nobody's turn ended"
    if len(filed) != 1:
        yield f"{request.folio}: filed {len(filed)} times"


def whoever_waits_has_a_turn(books: Books) -> list[str]:
    """An open request waits for somebody, and a closed one for nobody; what is over has its hour."""
    waiting = Counter(one.request_id for one in books["task"] if one.state == "open")
    wrong = [
        f"{one.folio} is {one.state} with {waiting[one.id]} open turns"
        for one in books["request"]
        if (one.state == "open") != (waiting[one.id] > 0)
    ]
    return wrong + [
        f"turn {one.request_id}/{one.key} is {one.state}, closed at {one.closed_at}"
        for one in books["task"]
        if (one.state == "done") != (one.closed_at is not None)
    ]


def nothing_is_orphaned(books: Books) -> list[str]:
    """Forms, what somebody has in front, agendas and words belong to something that is still there."""
    drafts = {one.id: one for one in books["draft"]}
    open_turns = {(one.request_id, one.key) for one in books["task"] if one.state == "open"}
    wrong = [
        f"form {one.id} is for a turn that is over"
        for one in drafts.values()
        if one.turn is not None and (one.request_id, one.turn) not in open_turns
    ]
    for person in books["person"]:
        draft = drafts.get(person.draft_id)
        if person.draft_id is not None and (draft is None or draft.person_id != person.id):
            wrong.append(f"{person.name} has form {person.draft_id} in front, which is not theirs")
    states = {one.id: one.state for one in books["request"]}
    wrong.extend(
        f"entry {one.id} of an agenda is of no request" for one in books["agenda_entry"] if one.request_id not in states
    )
    found = {one.request_id for one in books["search_entry"]}
    wrong.extend(f"request {one} cannot be found by its words" for one in states if one not in found)
    return wrong


def nothing_is_left_unsaid(books: Books) -> list[str]:
    """At rest every letter was delivered, or is not worth saying any more."""
    left = Counter(one.state for one in books["letter"] if one.state not in {"sent", "dropped"})
    return [f"{count} letters are {state}" for state, count in left.items()]


def records_hold(books: Books) -> list[str]:
    """No line of a record was changed, lost or put in."""
    return books.breaks


def files_are_kept(books: Books, vault: Vault, sent: Collection[str] = ()) -> list[str]:
    """Every file's bytes are on the disk, and so is every file that was `sent` (by its SHA-256)."""
    known = {one.sha256 for one in books["file"]}
    lost = [f"the bytes of {one} are not on the disk" for one in known if not vault.path(one).is_file()]
    return lost + [f"file {one} was sent and is not known" for one in sent if one not in known]


@dataclass(frozen=True)
class Form:
    """A form that somebody filled in: what its answers must be."""

    account: str
    folio: str
    answers: Mapping[str, Any]


def every_answer_is_in_its_request(books: Books, forms: Sequence[Form]) -> list[str]:
    """What was typed stands under its own question, in one request for each form and no other."""
    wrong = []
    requests = {one.folio: one for one in books["request"]}
    accounts = {one.person_id: one.account for one in books["address"]}
    if sorted(requests) != sorted(form.folio for form in forms):
        wrong.append(f"{len(requests)} requests were filed by {len(forms)} forms")
    for form in forms:
        request = requests.get(form.folio)
        if request is None:
            wrong.append(f"{form.folio} was promised and does not exist")
            continue
        kept = {name: request.answers.get(name) for name in form.answers}
        if kept != form.answers or accounts[request.requester] != form.account:
            wrong.append(f"{form.folio}: {form.answers} of {form.account} became {kept} of {request.requester}")
    return wrong
