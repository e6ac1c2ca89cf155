"""The folder with the bytes, on a full disk."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.files import Vault

PICTURE = bytes(100_000)


@contextmanager
def little_room() -> Iterator[None]:
    """No file may be larger than a page."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_a_full_disk_took_of_a_file_is_given_back(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with little_room(), pytest.raises(OSError, match="File too large"):
        vault.put(PICTURE)
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]
    assert vault.path(vault.put(PICTURE)).read_bytes() == PICTURE
