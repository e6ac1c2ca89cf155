"""The guide to writing a procedure, and the municipality that it spells out in full."""

import re
from pathlib import Path

from bot import shelf

TEXT = (shelf.MANUALS / "README.md").read_text(encoding="utf-8")
_FILE = re.compile(r"^```yaml\n# (\S+/\S+\.yaml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def files() -> dict[str, str]:
    """The files that the guide gives whole, by their path."""
    return {found[1]: found[2] for found in _FILE.finditer(TEXT)}


def write_into(folder: Path) -> Path:
    """Do what the guide says: put its files in a folder of manuals."""
    for path, text in files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder
