"""Fetches from the disk what the core understands: manuals, house forms, demo people."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.flows.catalogue import Catalogue, CatalogueError, Mistake, read_catalogue
from bot.flows.demo import Demo
from bot.flows.house import House, read_house

_FLOWS = Path(__file__).parent / "flows"
MANUALS = _FLOWS / "manuals"


def texts(folder: Path, manual: str = "*") -> dict[str, str]:
    """Read every YAML file of the manuals in a folder, or of one of them, by its path there.

    Raises:
        CatalogueError: a file is no UTF-8 text.

    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob(f"{manual}/*.yaml")):
        name = path.relative_to(folder).as_posix()
        try:
            found[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise CatalogueError([Mistake(name, 1, f"not UTF-8: {error.reason}")]) from error
    return found


def catalogue(folder: Path) -> Catalogue:
    """Understand the manuals of a folder.

    Raises:
        CatalogueError: with every mistake in every file.

    """
    return _understood(tuple(texts(folder).items()))


@lru_cache(maxsize=4)
def _understood(files: tuple[tuple[str, str], ...]) -> Catalogue:
    """Understand the same texts only once: it takes longer than to read them."""
    return read_catalogue(dict(files))


def house() -> House:
    """What every municipality shares."""
    return _house(
        (_FLOWS / "house.yaml").read_text(encoding="utf-8"), (_FLOWS / "words.yaml").read_text(encoding="utf-8")
    )


@lru_cache(maxsize=1)
def _house(forms: str, words: str) -> House:
    return read_house(forms, words)


def demo(folder: Path, manual: str) -> Demo:
    """The demo people of a municipality; nobody where the folder names none."""
    for path in folder.glob("*/demo.yaml"):
        if _plain(path.with_name("manual.yaml").read_text(encoding="utf-8")).get("manual") == manual:
            return Demo.model_validate(_plain(path.read_text(encoding="utf-8")))
    return Demo()


@lru_cache(maxsize=16)
def _plain(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded
