"""How large a picture is, read from its first bytes: Telegram states it, and refuses absurd shapes."""

import struct

PNG = b"\x89PNG\r\n\x1a\n"
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE = frozenset(range(0xD0, 0xD8)) | {0x01, 0xFF}

Size = tuple[int, int]


def image_size(content: bytes) -> Size | None:
    """Return width and height of a PNG, JPEG, GIF, BMP or WebP; None when it is no picture."""
    if content.startswith(PNG) and len(content) >= 24:  # noqa: PLR2004 - the end of a PNG's first block
        return struct.unpack(">II", content[16:24])
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return _pair("<HH", content[6:10])
    if content.startswith(b"BM"):
        return _pair("<ii", content[18:26])
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def image_type(content: bytes) -> str:
    known = {PNG: "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp", b"BM": "image/bmp"}
    return next((name for start, name in known.items() if content.startswith(start)), "image/jpeg")


def _pair(layout: str, piece: bytes) -> Size | None:
    if len(piece) != struct.calcsize(layout):
        return None
    width, height = struct.unpack(layout, piece)
    return abs(width), abs(height)


def _jpeg(content: bytes) -> Size | None:
    """Walk from marker to marker until the frame that states the size."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - every JPEG marker begins so
        marker = content[at + 1]
        if marker in STANDALONE:
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004 - padding before a marker
            continue
        if marker in JPEG_FRAMES:
            size = _pair(">HH", content[at + 5 : at + 9])
            return (size[1], size[0]) if size else None
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None


def _webp(content: bytes) -> Size | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    size = _pair("<HH", content[26:30])
    return (size[0] & 0x3FFF, size[1] & 0x3FFF) if size else None
