"""Episodes of updates against a town of their own, each judged by what it changed.

An update is nonsense, and may change nothing that is watched, when nobody can read it, when
it is of a type that the bot never asked for, when it was heard before, when it holds nothing
that could be an answer, or when its sender has no role in that municipality and brings no
invitation. Any other may change what its sender has to do with (`oracle.Judge`).
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import structlog
from aiogram.types import Update
from sqlalchemy import select

from storage.tables import METADATA
from tests.fuzz.attack import Attacker, Stroke
from tests.fuzz.oracle import Judge, Reader, Sender, State, changed
from tests.fuzz.town import MUNICIPALITIES, Town, WrongError, found, manual_of

EPISODE = 1000
"""Updates to each town: enough for requests to grow, few enough to be seen again in a minute."""

_LETTER = METADATA.tables["letter"].c
_ANSWERS = ("document", "video", "location", "contact")
_UNHEARD = ("fact_missing", "not_stored_yet", "outbox_unwritable", "outbox_unreadable", "delivery_not_noted_yet")


@dataclass
class FailureError(Exception):
    """What went wrong, and everything needed to see it again."""

    seed: str
    episode: int
    place: int
    stroke: Stroke
    reason: str

    def __str__(self) -> str:
        where = f"seed {self.seed}, episode {self.episode}, update {self.place}, of {self.stroke.manual}"
        return f"{where}: {self.reason}\n{self.stroke.body[:4000]}"


@dataclass
class Logs:
    """What the program wrote about itself that it should not have had to."""

    wrongs: list[str] = field(default_factory=list)

    def __call__(self, _: Any, method: str, line: MutableMapping[str, Any]) -> Any:
        if method in {"error", "exception", "critical"} or line["event"] in _UNHEARD:
            trace = structlog.processors.format_exc_info(None, method, {**line, "exc_info": sys.exc_info()})
            self.wrongs.append(str(dict(trace)))
        raise structlog.DropEvent


@contextmanager
def listening() -> Iterator[Logs]:
    """Hear what is logged meanwhile."""
    before, logs = structlog.get_config()["processors"], Logs()
    structlog.configure(processors=[logs])
    try:
        yield logs
    finally:
        structlog.configure(processors=before)


async def episode(seed: str, place: int, updates: int, *, database: str, folder: Path) -> Counter[str]:
    """Fire so many updates at a new town; gives how many of each kind there were.

    Raises:
        FailureError: one of them did what no update may do.

    """
    random = Random(f"{seed}:{place}")  # noqa: S311 (to be had again)
    manuals = (MUNICIPALITIES[place % len(MUNICIPALITIES)], random.choice(MUNICIPALITIES))
    manuals = manuals if manuals[0] != manuals[1] else (manuals[0], MUNICIPALITIES[(place + 1) % len(MUNICIPALITIES)])
    town = await found(database, folder, manuals, random)
    attacker, reader = Attacker(town, random, manuals), Reader(town.database)
    try:
        with listening() as logs:
            before = await reader.state()
            for number in range(updates):
                stroke = attacker.next(before)
                try:
                    before = await _struck(town, reader, stroke, before, logs, hurry=random.random() < 0.6)
                    if number % 50 == 49:
                        before = await _time_passes(town, reader, random, logs)
                except Exception as error:
                    raise FailureError(seed, place, number, stroke, f"{type(error).__name__}: {error}") from error
    finally:
        await town.close()
    attacker.counts["updates"] += updates
    attacker.counts["letters"] += before.letters
    attacker.counts["requests"] += len(before.where("request"))
    attacker.counts["events"] += len(before.where("request_event"))
    return attacker.counts


async def _time_passes(town: Town, reader: Reader, random: Random, logs: Logs) -> State:
    town.clock.pass_(hours=random.choice((0, 0, 0, 1, 5, 20, 24 * 8)))
    await town.desk.pass_time()
    await town.deliver()
    _quiet(logs)
    return await reader.state()


async def _struck(town: Town, reader: Reader, stroke: Stroke, before: State, logs: Logs, *, hurry: bool) -> State:
    """Take one update and judge it; and, where there is no hurry, deliver what was promised until now.

    Raises:
        WrongError: it did what it may not.

    """
    town.clock.pass_(seconds=7)
    ear = town.ears[stroke.manual]
    understood = ear.understand(_read(stroke.body))
    sender = _sender(town, stroke.manual, before, understood)
    if understood is not None:
        await ear.hear(understood)
    _quiet(logs)
    after = await reader.state()
    judge = Judge(before, after, sender)
    _judged(judge, stroke, understood)
    if after.letters > before.letters:
        await _nobody_is_shown_what_is_not_theirs(town, judge, understood)
    if hurry:
        return after
    await town.deliver()
    _quiet(logs)
    return after


def _quiet(logs: Logs) -> None:
    if logs.wrongs:
        raise WrongError(logs.wrongs[0])


def _judged(judge: Judge, stroke: Stroke, update: Update | None) -> None:
    why = _nonsense(stroke, update)
    if why is not None:
        judge.nothing(why, letters=True)
    elif update is not None and _holds_no_answer(update):
        judge.nothing("it holds no answer", letters=False)
    elif judge.sender.is_member or judge.sender.invited:
        judge.rights()
    else:
        judge.at_the_door()


def _nonsense(stroke: Stroke, update: Update | None) -> str | None:
    """Why an update counts for nothing at all, and gets no answer."""
    if update is None:
        return "nobody can read it"
    if update.message is None and update.callback_query is None and update.my_chat_member is None:
        return "nobody asked for it"
    return "it was heard before" if stroke.replayed else None


def _holds_no_answer(update: Update) -> bool:
    """Whether an update in somebody's own chat says nothing that could be meant for a form, or for a request."""
    said = update.message
    if said is None:
        return update.my_chat_member is not None and update.my_chat_member.chat.type == "private"
    if said.chat.type != "private":
        return False
    if said.text:
        return said.forward_origin is not None and not said.text.startswith("/")
    if said.photo:
        return False
    return said.animation is not None or not any(getattr(said, one) for one in _ANSWERS)


def _event(update: Update | None) -> Any:
    return update and (update.message or update.callback_query or update.my_chat_member)


def _sender(town: Town, manual: str, state: State, update: Update | None) -> Sender:
    user = getattr(_event(update), "from_user", None)
    person = state.person(manual, str(user.id)) if user else None
    text = (update.message.text if update and update.message else None) or ""
    return Sender(manual_of(manual), person, invited=any(secret in text for secret in town.secrets))


async def _nobody_is_shown_what_is_not_theirs(town: Town, judge: Judge, update: Update | None) -> None:
    """What is said about a request in the sender's own chat is about one that they have to do with."""
    account = str(getattr(getattr(_event(update), "from_user", None), "id", ""))
    about = select(_LETTER.manual, _LETTER.chat, _LETTER.request_id, _LETTER.template)
    async with town.database.engine.connect() as connection:
        said = (await connection.execute(about.where(_LETTER.id > judge.before.letters))).all()
    later = Judge(judge.after, judge.after, judge.sender)
    for manual, chat, request, template in said:
        if manual != judge.sender.manual.id:
            raise WrongError(f"«{template}» goes to another municipality")
        theirs = request is None or judge.has_business(str(request)) or later.has_business(str(request))
        if chat == account and not theirs:
            raise WrongError(f"«{template}» shows them request {request}: {changed(judge.before, judge.after)}")


def _read(body: str) -> Any:
    """An update as the webhook decodes it."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
