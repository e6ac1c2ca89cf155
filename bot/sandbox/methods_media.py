"""Methods that send files: uploaded with the call, attached by name, or sent again by file_id."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import Json, bad
from bot.sandbox.files import Content, File, guessed_type
from bot.sandbox.images import image_size, image_type
from bot.sandbox.params import Params, Upload
from bot.sandbox.posting import caption_content, send, with_object

PHOTO_LIMIT = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
THUMBNAIL = 90
ALBUM = range(2, 11)
ALBUM_KINDS = ("photo", "video", "audio", "document", "live_photo")
UNCAPTIONED = ("video_note", "sticker")
DEFAULT_NAMES = {"photo": "photo.jpg", "voice": "voice.ogg", "sticker": "sticker.webp"}
VISUAL = {"video": (1280, 720), "animation": (480, 270), "sticker": (512, 512)}
TIMED = ("video", "animation", "audio", "voice", "video_note")


def media_json(file: File, kind: str, params: Params) -> Json:
    """Describe a file as its kind of message does."""
    base: Json = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
    if kind in VISUAL:
        width, height = VISUAL[kind]
        base |= {"width": params.integer("width") or width, "height": params.integer("height") or height}
    if kind in TIMED:
        base["duration"] = params.integer("duration")
    if kind == "video_note":
        base["length"] = params.integer("length") or 240
    elif kind == "sticker":
        base |= {"type": "regular", "is_animated": False, "is_video": False}
        base |= {"emoji": emoji} if (emoji := params.text("emoji")) else {}
    else:
        base["mime_type"] = file.type
    if kind in ("document", "video", "animation", "audio"):
        base["file_name"] = file.name
    if kind == "audio":
        base |= {name: params.text(name) for name in ("performer", "title") if name in params}
    return base


def photo_json(file: File) -> list[Json]:
    """List a photo's sizes, smallest first; the small one is declared only, its bytes are the same."""
    base: Json = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": file.size}
    largest = base | {"width": file.width, "height": file.height}
    scale = THUMBNAIL / max(file.width, file.height, 1)
    if scale >= 1:
        return [largest]
    small = {"width": max(1, round(file.width * scale)), "height": max(1, round(file.height * scale))}
    return [base | small, largest]


def file_content(file: File, kind: str, params: Params) -> Json:
    if kind == "photo":
        return {"photo": photo_json(file)}
    media = media_json(file, kind, params)
    return {kind: media, "document": media} if kind == "animation" else {kind: media}


def given_file(call: Call, params: Params, kind: str, field: str) -> File:
    """Find the file that the call means: sent along, named as an attachment, or known by its id."""
    value = params.text(field)
    upload = params.uploads.get(field)
    if upload is None and value.startswith("attach://"):
        upload = params.uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad(f"file part {value.removeprefix('attach://')} not found in the request")
    if upload is not None:
        return call.state.files.add(call.bot.manual, uploaded(upload, kind))
    if not value:
        raise bad(f"there is no {kind.replace('_', ' ')} in the request")
    if value.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    file = call.state.files.known(call.bot.manual, value)
    if file is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if file.kind != kind and "photo" in (file.kind, kind):
        raise bad(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


def uploaded(upload: Upload, kind: str) -> Content:
    """Check an upload as Telegram does before it becomes a file."""
    data = upload.content
    if not data:
        raise bad("file must be non-empty")
    name = upload.filename or DEFAULT_NAMES.get(kind, "file")
    stated = guessed_type(name, upload.content_type)
    if kind != "photo":
        return Content(kind, name, stated, data, len(data))
    if len(data) > PHOTO_LIMIT:
        raise bad(f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes")
    size = image_size(data)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    if sum(size) > PHOTO_SIDES or not min(size) or max(size) / min(size) > PHOTO_RATIO:
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return Content(kind, name, image_type(data), data, len(data), *size)


def send_file(kind: str, call: Call) -> Json:
    caption = {} if kind in UNCAPTIONED else caption_content(call)
    file = given_file(call, call.params, kind, kind)
    content = file_content(file, kind, call.params) | caption
    if call.params.flag("has_spoiler"):
        content["has_media_spoiler"] = True
    return send(call, content).message


def medium_content(call: Call, given: Any) -> Json:
    """Read one InputMedia."""
    params = with_object(call.params, given)
    kind = params.text("type")
    if kind not in (*ALBUM_KINDS, "animation"):
        raise bad("can't parse InputMedia: invalid media type specified")
    one = Call(call.state, call.bot, call.method, params)
    if not params.text("media"):
        raise bad("can't parse InputMedia: media is empty")
    caption = caption_content(one)
    spoiler = {"has_media_spoiler": True} if params.flag("has_spoiler") else {}
    return file_content(given_file(one, params, kind, "media"), kind, params) | caption | spoiler


def send_media_group(call: Call) -> list[Json]:
    media = call.params.list("media") or []
    if not media:
        raise bad("there are no media in the request")
    if len(media) not in ALBUM:
        raise bad("too few media to send" if len(media) < ALBUM.start else "too many messages to send as an album")
    kinds = {str(medium.get("type")) if isinstance(medium, dict) else "" for medium in media}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise bad("document and audio can't be mixed with other media types")
    if "animation" in kinds:
        raise bad("can't use animation in media group")
    call.writable()
    contents = [medium_content(call, medium) for medium in media]
    plain = Call(call.state, call.bot, call.method, call.params.with_values(reply_markup=None))
    album = {"media_group_id": str(secrets.randbits(60))}
    return [send(plain, content, extra=album).message for content in contents]


def get_file(call: Call) -> Json:
    file_id = call.params.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    file = call.state.files.downloadable(call.bot.manual, file_id)
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": file.path,
    }


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendphoto": partial(send_file, "photo"),
    "senddocument": partial(send_file, "document"),
    "sendvideo": partial(send_file, "video"),
    "sendaudio": partial(send_file, "audio"),
    "sendvoice": partial(send_file, "voice"),
    "sendanimation": partial(send_file, "animation"),
    "sendvideonote": partial(send_file, "video_note"),
    "sendsticker": partial(send_file, "sticker"),
    "sendmediagroup": send_media_group,
    "getfile": get_file,
}
