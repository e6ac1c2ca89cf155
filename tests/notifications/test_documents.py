"""What we draw for a chat or a wall: it has a size, it shows something, and the command writes it."""

import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.flows.picture import draw
from bot.flows.procedure import Manual, Procedure
from notifications.documents.picture import png_of
from tests.flows.shipped import CHALCO, NAMES, SHIPPED, SUPPORT

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(SIGNATURE)
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def raw_of(png: bytes) -> bytes:
    """The picture's rows before they were packed."""
    at, packed = len(SIGNATURE), b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += length + 12
    return zlib.decompress(packed)


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_every_procedure_fits_a_phone_when_zoomed_and_a_telegram_photo(manual: Manual, law: Procedure) -> None:
    drawing = draw(manual, law)
    width, height = size_of(png_of(manual, law, mark=None))
    assert 1000 <= width <= max(1600, round(drawing.width))
    assert width >= round(drawing.width)  # a letter is never smaller than it was laid out
    assert height / width == pytest.approx(drawing.height / drawing.width, rel=0.01)
    assert width + height <= 10_000
    assert height < 20 * width


def test_the_picture_is_not_blank_and_a_mark_changes_it() -> None:
    plain, marked = png_of(CHALCO, SUPPORT, mark=None), png_of(CHALCO, SUPPORT, mark="3")
    assert len(set(raw_of(plain))) > 50
    assert plain != marked


def test_the_same_picture_twice_is_the_same_bytes() -> None:
    assert png_of(CHALCO, SUPPORT, mark="7") == png_of(CHALCO, SUPPORT, mark="7")


def test_letters_come_from_us_and_accents_leave_ink() -> None:
    def with_text(text: str) -> bytes:
        first = SUPPORT.activities[0].model_copy(update={"text": text})
        return raw_of(
            png_of(CHALCO, SUPPORT.model_copy(update={"activities": (first, *SUPPORT.activities[1:])}), mark=None)
        )

    bare, accented, asked = with_text("Pide n a u"), with_text("Pide ñ á ú"), with_text("¿Pide n a u?")
    assert bare != accented
    assert bare != asked


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["diagram", *arguments])
    return result.exit_code, result.output


def test_the_command_writes_svg_where_nothing_else_is_said() -> None:
    code, said = run("gch-ccs-p10-2023", "--mark", "7")
    assert code == 0
    ET.fromstring(said)  # noqa: S314 (we wrote it a moment ago)
    assert "AQUÍ" in said


def test_the_command_writes_the_file_that_its_name_promises(tmp_path: Path) -> None:
    png, svg = tmp_path / "p10.png", tmp_path / "p10.svg"
    assert run("GCH-CCS-P10-2023", "--manual", "chalco", "--out", str(png))[0] == 0
    assert run("GCH-CCS-P10-2023", "--manual", "chalco", "--out", str(svg))[0] == 0
    assert size_of(png.read_bytes()) == size_of(png_of(CHALCO, SUPPORT, mark=None))
    assert svg.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("NADA-99",), "no hay procedimiento"),
        (("GCH-CCS-P10-2023", "--manual", "otro"), "no hay procedimiento"),
        (("GCH-CCS-P10-2023", "--mark", "99"), "no tiene actividad 99"),
        (("GCH-CCS-P10-2023", "--out", "p10.doc"), ".svg o .png"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: tuple[str, ...], said: str) -> None:
    code, answer = run(*arguments)
    assert code == 1
    assert said in answer
    assert "Traceback" not in answer
