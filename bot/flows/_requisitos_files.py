"""Files, photos and links, gathered until somebody says that it is all."""

from collections.abc import Mapping
from typing import Any

from bot.flows._requisitos_said import (
    MAX_FILES,
    Answered,
    Misread,
    Picked,
    Reading,
    Said,
    Sent,
    Setting,
    Typed,
    Unfinished,
)
from bot.flows._requisitos_texts import link_in
from bot.flows.procedure import Requisito


def read_files(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Gather files, photos and links until `done` ends the answer."""
    del setting
    got: list[Any] = list(pending.get("files", ()))
    if isinstance(said, Sent):
        if asked.kind == "photos" and not said.photo:
            return Misread("not_a_photo")
        if len(got) >= MAX_FILES:
            return Misread("too_many_files", {"limit": MAX_FILES})
        return Unfinished({"files": [*got, said.file]})
    if isinstance(said, Picked) and said.key == "drop":
        return Unfinished({"files": got[:-1]})
    if isinstance(said, Picked) and said.key == "done":
        return Answered(got) if got else Misread("no_files")
    if isinstance(said, Typed) and asked.kind == "files":
        link = link_in(said.text)
        if link and len(got) >= MAX_FILES:
            return Misread("too_many_files", {"limit": MAX_FILES})
        if link:
            return Unfinished({"files": [*got, link]})
    return Misread("not_a_file")
