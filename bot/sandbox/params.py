"""What a call carries, whichever way it came: query, form, JSON or multipart.

Telegram takes all four and does not care which; a number may arrive as text and a structure as a JSON string.
"""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import TOO_LARGE, ApiError, Json, bad

UPLOAD_LIMIT = 50 * 1024 * 1024
BODY_LIMIT = 4 * 1024 * 1024
POLE = 90
CHUNK = 256 * 1024
TRUE_WORDS = frozenset({"true", "yes", "1"})


@dataclass(frozen=True)
class Upload:
    """A file inside the request."""

    filename: str
    content_type: str
    content: bytes


class Params:
    """The arguments of one call."""

    def __init__(self, values: Json, uploads: dict[str, Upload] | None = None) -> None:
        self._values = values
        self.uploads = uploads or {}

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def all(self) -> Json:
        return dict(self._values)

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name).strip() or default)
        except ValueError:
            return default

    def number(self, name: str, default: float = 0.0) -> float:
        try:
            return float(self.text(name).strip() or default)
        except (ValueError, OverflowError):
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).strip().lower() in TRUE_WORDS

    def json(self, name: str) -> Any:
        """Read a structure, which forms carry as a JSON string; absent is None."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return loads(value)
        except ValueError as error:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from error

    def object(self, name: str) -> Json | None:
        value = self.json(name)
        if value is not None and not isinstance(value, dict):
            raise bad(f"object expected as {name.replace('_', ' ')}")
        return value

    def list(self, name: str) -> list[Any] | None:
        value = self.json(name)
        if value is not None and not isinstance(value, list):
            raise bad(f"expected an Array of {name.replace('_', ' ')}")
        return value

    def with_values(self, **values: Any) -> "Params":
        return Params(self._values | values, self.uploads)


async def read_params(request: web.Request) -> Params:
    values: Json = dict(request.query)
    kind = request.content_type
    if kind.startswith("multipart/"):
        return await _multipart(request, values)
    if (request.content_length or 0) > BODY_LIMIT:
        raise too_large()
    try:
        body = await request.text() if request.can_read_body else ""
    except UnicodeDecodeError as error:
        raise bad("strings must be encoded in UTF-8") from error
    # curl calls everything a form; for the sandbox's own interface what looks like an object is one.
    looks = request.path.startswith("/sandbox/") and body.lstrip().startswith("{")
    if body and (kind == "application/json" or looks):
        values |= _object(body)
    elif kind == "application/x-www-form-urlencoded" and body:
        values |= dict(await request.post())
    return Params(values)


def loads(text: str) -> Any:
    """Read JSON as strictly as Telegram: no halves of characters, no numbers that are not numbers."""
    try:
        value = json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if "\\ud" in text.lower():
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def whole(value: Any, what: str) -> int:
    """Read an integer inside a structure."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise bad(f"can't parse {what}: expected an Integer") from error


def place_on_earth(latitude: float, longitude: float) -> Json | None:
    """Return a location, unless there is no such place; what is no number is no place either."""
    if abs(latitude) <= POLE and abs(longitude) <= 2 * POLE:
        return {"latitude": latitude, "longitude": longitude}
    return None


def too_large() -> ApiError:
    return ApiError(TOO_LARGE, "Request Entity Too Large")


def _object(body: str) -> Json:
    try:
        value = loads(body)
    except ValueError as error:
        raise bad("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise bad("can't parse JSON object: expected an object")
    return value


async def _multipart(request: web.Request, values: Json) -> Params:
    uploads: dict[str, Upload] = {}
    room = UPLOAD_LIMIT + BODY_LIMIT
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        content = await _content(part, UPLOAD_LIMIT if part.filename is not None else BODY_LIMIT)
        room -= len(content)
        if room < 0:
            raise too_large()
        if part.filename is None:
            values[part.name] = content.decode(errors="replace")
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream").split(";")[0].strip()
            uploads[part.name] = Upload(filename=part.filename, content_type=kind, content=content)
    return Params(values, uploads)


async def _content(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(CHUNK):
        content += chunk
        if len(content) > limit:
            raise too_large()
    return bytes(part.decode(content))
