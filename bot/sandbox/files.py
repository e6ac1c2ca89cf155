"""Files: bytes kept once on disk under their digest, and the names by which each bot knows them.

A `file_id` belongs to one bot; a `file_unique_id` is the same for everybody. A file may also be a mere
claim about its size, so that a video of 60 MB can be sent without anybody having one.
"""

import base64
import hashlib
import mimetypes
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.sandbox.errors import bad
from bot.sandbox.store import Store

DOWNLOAD_LIMIT = 20 * 1024 * 1024

PREFIX = {
    "photo": "AgACAgE",
    "document": "BQACAgE",
    "video": "BAACAgE",
    "audio": "CQACAgE",
    "voice": "AwACAgE",
    "animation": "CgACAgE",
    "video_note": "DQACAgE",
    "sticker": "CAACAgE",
}
FOLDER = {
    "photo": "photos",
    "video": "videos",
    "audio": "music",
    "voice": "voice",
    "animation": "animations",
    "video_note": "video_notes",
    "sticker": "stickers",
}


@dataclass(frozen=True)
class File:
    """A file as one bot knows it; `digest` is empty when there are no bytes behind it."""

    id: str
    unique_id: str
    manual: str
    kind: str
    name: str
    type: str
    size: int
    path: str
    digest: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Content:
    """What is about to become a file."""

    kind: str
    name: str
    type: str
    data: bytes | None
    size: int
    width: int = 0
    height: int = 0


class Files:
    """All files of all bots."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._known = {key: File(**row) for key, row in store.rows("files")}
        self._paths = {(file.manual, file.path): file for file in self._known.values()}

    def add(self, manual: str, content: Content) -> File:
        digest = self._write(content.data) if content.data is not None else ""
        mark = digest or hashlib.sha256(f"{content.kind}:{content.size}:{content.name}".encode()).hexdigest()
        seal = hashlib.sha256(f"{manual}:{content.kind}:{content.name}:{mark}".encode()).digest()
        file_id = PREFIX[content.kind] + base64.urlsafe_b64encode(seal + seal[:16]).decode().rstrip("=")
        if file_id in self._known:
            return self._known[file_id]
        number = sum(1 for known, _ in self._paths if known == manual)
        folder = FOLDER.get(content.kind, "documents")
        file = File(
            id=file_id,
            unique_id="AQAD" + mark[:12],
            manual=manual,
            kind=content.kind,
            name=content.name,
            type=content.type,
            size=content.size,
            path=f"{folder}/file_{number}{_suffix(content)}",
            digest=digest,
            width=content.width,
            height=content.height,
        )
        self._known[file_id] = file
        self._paths[manual, file.path] = file
        self._store.put("files", file_id, asdict(file))
        return file

    def known(self, manual: str, file_id: str) -> File | None:
        file = self._known.get(file_id)
        return file if file is not None and file.manual == manual else None

    def any(self, file_id: str) -> File | None:
        return self._known.get(file_id)

    def downloadable(self, manual: str, file_id: str) -> File:
        """Find a file for getFile, or say what Telegram says."""
        file = self._known.get(file_id)
        if file is None:
            raise bad("invalid file_id")
        if file.manual != manual:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if file.size > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        return file

    def at(self, manual: str, path: str) -> File | None:
        return self._paths.get((manual, path))

    def location(self, file: File) -> Path | None:
        """Where the bytes lie; None when there are none."""
        return self._folder / file.digest if file.digest else None

    def _write(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        target = self._folder / digest
        if not target.exists():
            partial = target.with_suffix(".part")
            partial.write_bytes(data)
            partial.replace(target)
        return digest


def guessed_type(name: str, stated: str) -> str:
    if stated and stated != "application/octet-stream":
        return stated
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _suffix(content: Content) -> str:
    suffix = Path(content.name).suffix or mimetypes.guess_extension(content.type) or ""
    return suffix if suffix.isascii() and suffix[1:].isalnum() else ""
