"""The house stays as it was laid out, and can be built anywhere."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = {"bot", "storage", "notifications", "tests", "deploy", ".ci"}
LOCKS = ("requirements.txt", "requirements-postgres.txt", "requirements-dev.txt")
PACKAGES = ("bot", "storage", "notifications")


def tracked() -> list[str]:
    """Every file of the repository; where there is none (an unpacked archive), nothing to check."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git repository")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 (our own command)
    return [path for path in listed.stdout.split("\0") if path]


def test_there_are_no_other_folders() -> None:
    assert {path.partition("/")[0] for path in tracked() if "/" in path} <= FOLDERS


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_path(name: str) -> None:
    """Whoever installs chooses from where."""
    for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
        assert not re.search(r"://|file:|(^|\s)[./~]|--(extra-)?index-url|--find-links|-i\s|@", line), number


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_and_hashes_everything(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"^[a-z0-9][a-z0-9._-]*(\[[a-z0-9,._-]+\])?==\S+", line), line[:80]
        assert "--hash=sha256:" in line, line[:80]


def test_what_is_run_is_what_is_tested() -> None:
    """The locks agree on every version."""
    pins = [
        dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in LOCKS
    ]
    for some in pins[:-1]:
        assert {name: pins[-1].get(name) for name in some} == some


def test_no_file_names_a_machine_or_holds_a_token() -> None:
    # Put together here, so that this file is not one of those that it looks for.
    homes = re.compile("/" + r"(?:home|Users)/\w+/|/" + "tmp/\\w")
    tokens = re.compile(r"\b[1-9]\d{8,9}" + r":AA[A-Za-z0-9_-]{33}\b")
    for path in tracked():
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        assert not homes.search(text), path
        assert not tokens.search(text), path


def test_every_module_says_why_it_is_there() -> None:
    silent = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if tree.body and ast.get_docstring(tree) is None:
                silent.append(path.relative_to(ROOT).as_posix())
    assert not silent


def test_the_doors_between_packages_stay_empty() -> None:
    """`storage` imports the core through `bot/__init__.py`, so nothing may stand there."""
    for name in ("bot/__init__.py", "notifications/__init__.py", "storage/__init__.py"):
        assert (ROOT / name).read_text(encoding="utf-8") == ""


def test_one_process_among_several_is_as_hardened_as_one_alone() -> None:
    def said(name: str) -> set[str]:
        lines = (ROOT / "deploy" / name).read_text(encoding="utf-8").splitlines()
        return {line for line in lines if line and not line.startswith("#")}

    one, among = said("oficialia.service"), said("oficialia@.service")
    assert {line.partition("=")[0] for line in one - among} == {
        "Description",
        "ExecStart",
        "StartLimitIntervalSec",
        "StartLimitBurst",
    }
    assert among - one == {
        "Description=Oficialía, el bot del manual de procedimientos (%i)",
        "StartLimitIntervalSec=0",
        "Environment=PART=%i",
        "EnvironmentFile=-/etc/oficialia/%i.env",
        "ExecStart=/opt/oficialia/.venv/bin/python -m bot run --only ${PART}",
    }
