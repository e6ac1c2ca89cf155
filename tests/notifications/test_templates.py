"""Every word the bot says: used, worded from what the desk gives, and taken by Telegram whatever people write."""

import ast
import re
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot import shelf
from bot.flows.procedure import Kind
from bot.flows.words import fold
from bot.sandbox.entities import Formatted, trimmed
from bot.sandbox.html_text import parse_html
from notifications.render import CAPTION, POPUP, TEMPLATES, TEXT, Renderer
from tests.notifications.facts import ROWS, SAID, Facts, with_words

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.relative_to(TEMPLATES).as_posix().removesuffix(".html.j2") for path in TEMPLATES.rglob("*.html.j2"))
CASES = [pytest.param(name, facts, id=f"{name}-{n}") for name, rows in ROWS.items() for n, facts in enumerate(rows)]
TOGETHER = [frozenset(("send", "send_again")), frozenset(("not_yet", "cancel"))]
"""Words that mean the same where both can be typed."""

LONG = (
    ("letters", "Ñandú " * 333 + "ña"),
    ("marks", "<&>\"'" * 400),
    ("emoji", "🏛️👩‍💼" * 333),
    ("lines", "uno\n" * 500),
    ("one word", "x" * 2000),
)
HOSTILE = (
    "<b>grande</b>",
    "</b></i></a>",
    '<a href="https://example.com">liga</a>',
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }} {% raw %} {{ cycler.__init__ }}",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &nbsp;",
    "\u202egnirts\u202c \u2066a\u2069 \u200f",
    "*negritas* _cursivas_ `código` [liga](tg://user?id=1)",
    "<",
    "a < b > c & d",
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer({"chalco": ZoneInfo("America/Mexico_City")})


def taken(html: str) -> Formatted:
    """What Telegram makes of a message; it raises what Telegram would answer."""
    assert len(html.encode()) <= 32768
    return trimmed(parse_html(html))


def constants(folder: str) -> set[str]:
    """Every text in the code of a folder."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def named() -> set[str]:
    """Every template that the desk names: of a screen, a popup, a letter, or a list to choose from."""
    found: set[str] = set()
    places = {"Screen": 0, "Popup": 0, "_choice": 1}
    for path in (ROOT / "bot" / "desk").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            place = places.get(getattr(node.func, "id", ""))
            given = [] if place is None else node.args[place : place + 1]
            given += [word.value for word in node.keywords if word.arg == "template"]
            found.update(one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return found - {""}


def parts() -> set[str]:
    """Templates that other templates are made of."""
    pattern = re.compile(r'(?:from|include|import|extends) "([^"]+)\.html\.j2"')
    return {name for path in TEMPLATES.rglob("*.j2") for name in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_template_is_said_somewhere() -> None:
    unused = set(NAMES) - constants("bot/desk") - constants("storage") - parts()
    assert not unused


def test_every_template_that_is_named_exists() -> None:
    assert named() | parts() <= set(NAMES)


def test_every_template_has_facts_to_be_tried_with() -> None:
    assert set(NAMES) - {"common"} == set(ROWS), "write its facts in tests/notifications/facts.py"


@pytest.mark.parametrize(("name", "facts"), CASES)
def test_it_is_worded_from_what_the_desk_gives(renderer: Renderer, name: str, facts: Facts) -> None:
    html = renderer.text("chalco", name, with_words(facts, "Feria del libro"))
    said = taken(html)
    assert said.text
    assert not re.search(r"\bNone\b|\bTrue\b|\bFalse\b|Undefined|[{}]|  \n|\n\n\n", said.text), said.text
    if any(SAID in str(value) for value in facts.values()):
        assert SAID not in said.text


@pytest.mark.parametrize(("name", "facts"), CASES)
def test_it_fits_whatever_is_written(renderer: Renderer, name: str, facts: Facts) -> None:
    limit = CAPTION if name == "enclosure" or facts.get("file") else TEXT
    for what, words in LONG:
        said = taken(renderer.text("chalco", name, with_words(facts, words), limit=limit))
        assert 0 < len(said.text) <= limit, what
        if name.startswith("popup/"):
            assert 0 < len(renderer.popup("chalco", name, with_words(facts, words))) <= POPUP


@pytest.mark.parametrize(("name", "facts"), CASES)
def test_what_people_write_comes_out_as_they_wrote_it(renderer: Renderer, name: str, facts: Facts) -> None:
    plain = renderer.text("chalco", name, with_words(facts, "llano"))
    kinds = sorted(entity.type for entity in taken(plain).entities)
    for words in HOSTILE:
        said = taken(renderer.text("chalco", name, with_words(facts, words)))
        if said.text.endswith("…"):
            continue  # too long with these words, and cut
        assert said.text.count(words.strip()) >= taken(plain).text.count("llano"), words
        assert sorted(entity.type for entity in said.entities) == kinds, words
        if name.startswith("popup/") and "llano" in plain:
            assert words in renderer.popup("chalco", name, with_words(facts, words))


@pytest.mark.parametrize("kind", get_args(Kind))
def test_whoever_misses_thrice_is_told_whom_to_call(renderer: Renderer, kind: str) -> None:
    """And of buttons, where there are any beside the ways."""
    facts = {**ROWS["question"][0], "kind": kind, "lost": True, "echo": None}
    pressed = renderer.text("chalco", "question", facts)
    assert f"Usa los botones o llama: {facts['contact']}" in pressed
    written = renderer.text("chalco", "question", {**facts, "options": []})
    has_buttons = kind in {"time", "choice", "choices", "yes_no", "area"}
    assert (f"Llama: {facts['contact']}" in written) != has_buttons


def test_a_list_of_hundreds_is_cut_rather_than_lost(renderer: Renderer) -> None:
    facts = {"drafts": [{"title": "<Que cubran> " * 20, "done": 1, "total": 2, "at": "2026-12-11"}] * 200}
    said = taken(renderer.text("chalco", "drafts", facts))
    assert TEXT - 1 <= len(said.text) <= TEXT
    assert said.text.startswith("Borradores\n1. <Que cubran>")
    assert said.text.endswith("…")


def test_an_answer_is_cut_no_shorter_than_needed(renderer: Renderer) -> None:
    facts = with_words(ROWS["review"][0], "x" * 600)
    facts["answers"] = facts["answers"][:5]
    assert "x" * 600 in renderer.text("chalco", "review", facts)


def test_our_buttons_fit_a_phone() -> None:
    for key, word in shelf.house().words.words.items():
        most = 24 if key == "why" else 20
        assert len(word.label) <= most, f"{key}: {word.label}"


def test_every_label_typed_means_its_button() -> None:
    words = shelf.house().words
    for key, word in words.words.items():
        for text in (word.label, word.label.upper(), f"{word.label}.", *word.typed):
            assert words.read(text, (key,)) == key, f"{key}: {text}"


def screens() -> list[tuple[str, ...]]:
    """The words that are read beside each other, as the code lists them."""
    known = set(shelf.house().words.words)
    found: set[tuple[str, ...]] = set()
    for folder in ("bot/desk", "bot/flows"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Tuple):
                    given = [one.value for one in node.elts if isinstance(one, ast.Constant)]
                    keys = tuple(one for one in given if isinstance(one, str))
                    if len(keys) == len(node.elts) > 1 and set(keys) <= known:
                        found.add(keys)
    # A question: the way out is read first, then the ways on (see `filling.answer` and `intake.reply`).
    ways = ("cancel", "why", "mend", "keep", "skip", "back")
    for more in (
        ("done", "drop"),
        ("calendar",),
        ("first_days", "earlier_month", "later_month"),
        ("other_hour", "usual_hours", "other_day"),
    ):
        found.add((*ways, *more))
    return sorted(found)


@pytest.mark.parametrize("among", screens(), ids="-".join)
def test_no_word_means_two_buttons_at_once(among: tuple[str, ...]) -> None:
    words = shelf.house().words
    meant: dict[str, str] = {}
    for key in among:
        for text in {fold(one) for one in (words.label(key), *words.words[key].typed)}:
            other = meant.setdefault(text, key)
            assert other == key or frozenset((other, key)) in TOGETHER, f"«{text}»: {other} or {key}"
        first = words.read(words.label(key), among)
        assert first == key or frozenset((first, key)) in TOGETHER
