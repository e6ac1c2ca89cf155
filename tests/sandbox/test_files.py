"""Files travel both ways, keep their bytes, and meet Telegram's limits."""

import io
import json
from typing import Any

import aiohttp
import pytest

from tests.sandbox.doors import ANA, TOWN, Door
from tests.sandbox.pictures import png

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x01\xe0\x02\x80\x03" + b"\0" * 20


async def post(door: Door, method: str, params: dict[str, Any], **files: tuple[str, bytes]) -> Any:
    form = aiohttp.FormData(
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
    )
    for field, (name, content) in files.items():
        form.add_field(field, io.BytesIO(content), filename=name)
    async with door.session.post(f"/bot{TOWN.token}/{method}", data=form) as answer:
        return await answer.json()


async def download(door: Door, file_id: str) -> bytes:
    file = await door.call("getFile", file_id=file_id)
    async with door.session.get(f"/file/bot{TOWN.token}/{file['file_path']}") as answer:
        assert answer.status == 200
        return await answer.read()


async def test_a_photo_arrives_in_sizes_and_can_be_downloaded(door: Door) -> None:
    picture = png(300, 200)
    status, _ = await door.sends_file(ANA.id, "photo", "obra.png", picture, caption="La obra")
    assert status == 200
    [update] = await door.updates()
    message = update["message"]
    assert message["caption"] == "La obra"
    assert [(size["width"], size["height"]) for size in message["photo"]] == [(90, 60), (300, 200)]
    assert await download(door, message["photo"][-1]["file_id"]) == picture
    [shown] = (await door.sees(ANA.id))["messages"]
    assert shown["text"] == "La obra"
    assert shown["file"]["type"] == "image/png"
    async with door.session.get(shown["file"]["url"]) as answer:
        assert await answer.read() == picture
        assert answer.headers["Content-Type"] == "image/png"


async def test_a_jpegs_size_is_read_from_its_frame(door: Door) -> None:
    await door.sends_file(ANA.id, "photo", "x.jpg", JPEG)
    [update] = await door.updates()
    assert (update["message"]["photo"][-1]["width"], update["message"]["photo"][-1]["height"]) == (640, 480)


async def test_what_is_no_picture_is_no_photo(door: Door) -> None:
    status, answer = await door.sends_file(ANA.id, "photo", "x.jpg", b"hello")
    assert status == 400
    assert "IMAGE_PROCESS_FAILED" in answer["error"]


async def test_a_document_keeps_name_type_and_bytes(door: Door) -> None:
    await door.sends_file(ANA.id, "document", "Oficio Nº 1.html", b"<script>alert(1)</script>")
    [update] = await door.updates()
    document = update["message"]["document"]
    assert document["file_name"] == "Oficio Nº 1.html"
    assert document["mime_type"] == "text/html"
    assert document["file_size"] == 25
    [shown] = (await door.sees(ANA.id))["messages"]
    async with door.session.get(shown["file"]["url"]) as answer:
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_the_bot_uploads_and_sends_again_by_id(door: Door, other: Door) -> None:
    sent = await post(
        door,
        "sendDocument",
        {"chat_id": ANA.id, "caption": "<b>x</b>", "parse_mode": "HTML"},
        document=("a.pdf", b"%PDF-1"),
    )
    document = sent["result"]["document"]
    assert sent["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 1}]
    again = await door.call("sendDocument", chat_id=ANA.id, document=document["file_id"])
    assert again["document"] == document
    refusal = await door.refusal("sendPhoto", chat_id=ANA.id, photo=document["file_id"])
    assert refusal == "Bad Request: can't use file of type Document as Photo"
    refusal = await other.refusal("getFile", file_id=document["file_id"])
    assert refusal == "Bad Request: wrong file_id or the file is temporarily unavailable"
    assert await door.refusal("getFile", file_id="nada") == "Bad Request: invalid file_id"


async def test_an_attachment_is_found_by_its_name(door: Door) -> None:
    sent = await post(door, "sendDocument", {"chat_id": ANA.id, "document": "attach://it"}, it=("a.txt", b"abc"))
    assert sent["result"]["document"]["file_name"] == "a.txt"
    media = [{"type": "photo", "media": "attach://one", "caption": "Dos"}, {"type": "photo", "media": "attach://two"}]
    album = await post(
        door, "sendMediaGroup", {"chat_id": ANA.id, "media": media}, one=("1.png", png(9, 9)), two=("2.png", png(8, 8))
    )
    first, second = album["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption"] == "Dos"
    edited = await post(
        door,
        "editMessageMedia",
        {"chat_id": ANA.id, "message_id": first["message_id"], "media": {"type": "photo", "media": "attach://n"}},
        n=("3.png", png(7, 7)),
    )
    assert edited["result"]["photo"][-1]["width"] == 7
    assert "caption" not in edited["result"]


@pytest.mark.parametrize(
    ("method", "field", "content", "reason"),
    [
        ("sendDocument", "document", b"", "file must be non-empty"),
        ("sendPhoto", "photo", b"text", "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", png(1, 30), "PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "other", b"x", "there is no photo in the request"),
    ],
)
async def test_uploads_that_telegram_would_refuse(
    door: Door, method: str, field: str, content: bytes, reason: str
) -> None:
    answer = await post(door, method, {"chat_id": ANA.id}, **{field: ("x", content)})
    assert answer["description"] == f"Bad Request: {reason}"


async def test_a_photo_has_ten_megabytes_at_most(door: Door) -> None:
    answer = await post(door, "sendPhoto", {"chat_id": ANA.id}, photo=("x.png", bytes(10 * 1024 * 1024 + 1)))
    assert answer["description"] == (
        "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"
    )


async def test_an_upload_over_fifty_megabytes_meets_the_front_end(door: Door) -> None:
    form = aiohttp.FormData({"chat_id": str(ANA.id)})
    form.add_field("document", io.BytesIO(b"x" * (50 * 1024 * 1024 + 1)), filename="x")
    async with door.session.post(f"/bot{TOWN.token}/sendDocument", data=form) as answer:
        assert answer.status == 413
        assert answer.content_type == "text/html"


async def test_a_large_video_needs_no_bytes_and_cannot_be_fetched(door: Door) -> None:
    await door.does(ANA.id, "others", kind="video", size=60 * 1024 * 1024)
    [update] = await door.updates()
    video = update["message"]["video"]
    assert video["file_size"] == 60 * 1024 * 1024
    assert await door.refusal("getFile", file_id=video["file_id"]) == "Bad Request: file is too big"


@pytest.mark.parametrize(
    "kind", ["sticker", "voice", "poll", "video", "animation", "audio", "video_note", "dice", "venue"]
)
async def test_what_no_form_expects_can_be_sent(door: Door, kind: str) -> None:
    await door.does(ANA.id, "others", kind=kind)
    [update] = await door.updates()
    assert kind in update["message"]
    assert (await door.sees(ANA.id))["messages"][0]["kind"] == kind


async def test_copies_and_forwards_take_the_file_along(door: Door) -> None:
    sent = await post(door, "sendDocument", {"chat_id": ANA.id, "caption": "x"}, document=("a.pdf", b"%PDF-1"))
    at = {"chat_id": 1002, "from_chat_id": ANA.id, "message_id": sent["result"]["message_id"]}
    copied = await door.call("copyMessage", **at, caption="y")
    forwarded = await door.call("forwardMessage", **at)
    assert forwarded["forward_origin"]["sender_user"]["is_bot"] is True
    one, two = (await door.sees(1002))["messages"]
    assert (one["message_id"], one["text"], one["file"]["name"]) == (copied["message_id"], "y", "a.pdf")
    assert (two["text"], two["file"]["name"]) == ("x", "a.pdf")
