"""The bot's own words: short labels, tuteo, and the glossary's words only."""

import re
from pathlib import Path

import pytest

from bot import shelf
from notifications.render import TEMPLATES
from tests.plainness import LABEL

# "Usted" in any of its dresses; the bot says tú.
FORMAL = re.compile(
    r"(?i)\b(?:ustedes|usted|favor de|s[ií]rvase|ingrese|seleccione|elija|capture|escriba|env[ií]e|presione|revise"
    r"|tenga|indique|proporcione)\b"
)
# What the glossary has another word for.
FOREIGN = re.compile(r"(?i)\b(?:tickets?|expedientes?|usuarios?|clic|click|chatbot|requerimientos?)\b")
SIGNS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]+>", re.DOTALL)

HOUSE = Path(shelf.__file__).parent / "flows" / "house.yaml"
WORDS = shelf.house().words.words


def said(file: Path) -> str:
    """What a template or a form says, without what only a program reads."""
    return SIGNS.sub(" ", file.read_text())


@pytest.mark.parametrize("key", WORDS)
def test_a_button_of_ours_fits_a_small_phone(key: str) -> None:
    assert len(WORDS[key].label) <= LABEL


@pytest.mark.parametrize("file", [*sorted(TEMPLATES.rglob("*.j2")), HOUSE], ids=lambda file: file.name)
def test_what_we_say_is_plain(file: Path) -> None:
    assert FORMAL.findall(said(file)) == []
    assert FOREIGN.findall(said(file)) == []
