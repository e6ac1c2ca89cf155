"""What the README promises is there: its paths, its commands, its settings, the targets of make."""

import re
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "deploy").rglob("*.md"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)


def table(head: str) -> dict[str, str]:
    """A table's first two columns."""
    lines = README.partition(head)[2].splitlines()[1:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    length = next((n for n, row in enumerate(rows) if len(row) < 2), len(rows))
    return {row[0].strip("`"): row[1] for row in rows[:length]}


def test_every_setting_is_told_with_its_default() -> None:
    told = table("| setting | default | what it is |")
    assert set(told) == {f"OFICIALIA_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = told[f"OFICIALIA_{name.upper()}"]
        value = field.default
        shown = str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else value
        if default.startswith("`") and field.default_factory is None:
            assert default == f"`{shown}`"


def test_every_command_is_told_with_its_options() -> None:
    told = {row.partition(" ")[0]: row for row in table("| command | does |")}
    assert set(told) == set(main.commands)
    for name, command in main.commands.items():
        options = {option for one in command.params for option in one.opts if option.startswith("--")}
        assert options == set(re.findall(r"--[a-z-]+", told[name])), name


def test_every_target_of_make_that_is_told_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)$", README, re.MULTILINE))
    assert {one or other for one, other in told} <= targets


def test_the_house_is_laid_out_as_told() -> None:
    block = README.partition("## How the house is laid out")[2].split("```")[1]
    for path in re.findall(r"^(\S+/\S*)\s{2,}", block, re.MULTILINE):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        target = link.partition("#")[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name}: {link}"
