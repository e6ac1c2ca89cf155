"""What people sent: a row that says what it is, and the bytes under their SHA-256."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from storage.hands import Part
from storage.tables import FileRow


@dataclass(frozen=True)
class Kept:
    """A file that somebody sent; `size` in bytes, `type` a MIME type."""

    id: int
    sha256: str
    name: str
    type: str
    size: int
    photo: bool


class Files(Part):
    async def keep(
        self,
        manual: str,
        person: int,
        *,
        sha256: str,
        name: str,
        type: str,  # noqa: A002 (a file's type is called so)
        size: int,
        photo: bool,
        now: datetime,
    ) -> Kept:
        row = FileRow(
            manual=manual,
            person_id=person,
            sha256=sha256,
            name=name,
            type=type,
            size=size,
            photo=photo,
            at=now,
        )
        self._session.add(row)
        await self._session.flush()
        return _kept(row)

    async def some(self, ids: Sequence[int]) -> dict[int, Kept]:
        """Find files by id; those unknown are left out."""
        if not ids:
            return {}
        rows = await self._session.exec(select(FileRow).where(col(FileRow.id).in_(ids)))
        return {row.id or 0: _kept(row) for row in rows}


def _kept(row: FileRow) -> Kept:
    return Kept(row.id or 0, row.sha256, row.name, row.type, row.size, row.photo)


class Vault:
    """The folder with the bytes. A name is its content's hash, so a file is written once and never changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes, on the disk before this returns, and give their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file, _gone_if_it_fails(Path(file.name)):
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
        _settle(path.parent, self._folder)  # also what was there: whoever put it may have died before this
        return digest

    def path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _settle(*folders: Path) -> None:
    """Wait until the disk has these folders as they are now: a file's name is in its folder, not in the file."""
    for folder in folders:
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextlib.contextmanager
def _gone_if_it_fails(file: Path) -> Iterator[None]:
    """What a full disk took of a file is given back: it is tried again, and each time would fill what room there is."""
    try:
        yield
    except OSError:
        file.unlink()
        raise
