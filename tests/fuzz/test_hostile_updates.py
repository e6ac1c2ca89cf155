"""Whatever comes over the wire: nobody's mistake is everybody's, and nonsense changes nothing.

A few hundred updates on each database; `make fuzz` fires a hundred thousand.
"""

import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from aiogram import Bot
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import app
from bot.channels.telegram import Ear
from bot.desk.incoming import Incoming, Popup, Upload
from bot.sandbox.html_text import parse_html
from storage.database import UnavailableError
from tests.fuzz import words
from tests.fuzz.oracle import Judge, Known, Sender, State
from tests.fuzz.run import episode, listening
from tests.fuzz.shapes import KINDS, Shapes, mangled
from tests.fuzz.town import Wire, WrongError, injected, manual_of

SEED = "2026"


async def test_hundreds_of_hostile_updates_change_nothing_that_is_not_their_senders(
    database_url: str, tmp_path: Path
) -> None:
    counts = await episode(SEED, 3, 200, database=database_url, folder=tmp_path)
    assert counts["updates"] == 200
    assert counts["letters"] > 0


@dataclass
class Listener:
    """A desk that only listens."""

    heard: list[Incoming] = field(default_factory=list)

    async def receive(self, incoming: Incoming) -> Popup | None:
        self.heard.append(incoming)
        return None


def ear(desk: Listener, random: Random) -> Ear:
    token = app.sandbox_tokens(["chalco"])["chalco"]
    bot = Bot(token, session=Wire(random))
    return Ear("chalco", bot, desk, keep=lambda _: "0" * 64, word=lambda _, __: "", away=UnavailableError)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 2**32), spoilt=st.booleans())
@settings(max_examples=8)
async def test_every_type_of_update_is_understood_or_passed_over(kind: str, seed: int, *, spoilt: bool) -> None:
    random = Random(seed)  # noqa: S311 (to be had again)
    desk = Listener()
    here = ear(desk, random)
    raw = Shapes(random).update(7, kind)
    raw = mangled(random, copy.deepcopy(raw)) if spoilt else raw
    with listening() as logs:
        update = here.understand(json.loads(json.dumps(raw)))
        if update is not None:
            await here.hear(update)
    assert not logs.wrongs
    asked_for = kind in {"message", "callback_query", "my_chat_member"}
    assert asked_for or not desk.heard
    for incoming in desk.heard:
        assert "\0" not in str(incoming)
        str(incoming).encode()
        if isinstance(incoming.what, Upload):
            assert "/" not in incoming.what.name
            assert 0 < len(incoming.what.name) <= 120


REQUEST = {
    "manual": "chalco",
    "requester": "1",
    "area": "cultura",
    "revision": "1",
    "state": "open",
    "activity": "2",
    "answers": "{}",
    "rest": "{}",
    "procedure": "GCH-CCS-P01-2023",
}


def judged(person: Known | None, after: dict[str, str]) -> Judge:
    """Somebody's update, after which Ana's request is so."""
    before = State({("request", "1"): dict(REQUEST)}, 0)
    later = State({("request", "1"): {**REQUEST, **after}}, 0)
    return Judge(before, later, Sender(manual_of("chalco"), person))


def member(key: str, role: str, *areas: str) -> Known:
    return Known(key, frozenset({role}), frozenset(areas), privacy=True, draft=None)


def test_the_judge_knows_whose_request_it_is() -> None:
    for somebody in (member("1", "enlace", "cultura"), member("2", "enlace", "cultura"), member("3", "coordinador")):
        judged(somebody, {"state": "closed"}).rights()
    for other in (member("4", "enlace", "odapas"), member("5", "tecnico")):
        with pytest.raises(WrongError, match="none of theirs"):
            judged(other, {"state": "closed"}).rights()
    for nobody in (None, Known("6", frozenset(), frozenset(), privacy=True, draft=None)):
        with pytest.raises(WrongError, match="no role here"):
            judged(nobody, {"state": "closed"}).at_the_door()
    with pytest.raises(WrongError, match="and yet"):
        judged(member("1", "enlace", "cultura"), {"state": "closed"}).nothing("it was heard before", letters=True)


def test_the_judge_knows_words_from_markup() -> None:
    for said in ("<u>x</u>", f'<a href="{words.EVIL}">x</a>', words.PRODUCT, "&amp;lt;u&amp;gt;"):
        assert injected(parse_html(said)), said
    assert not injected(parse_html("<b>x</b> &lt;u&gt; {{ 31337 * 3 }}"))
