"""What an image file really is: type and size in pixels from its first bytes (PNG: W3C PNG 3, JPEG: ITU T.81)."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

LARGEST_LOGO = 8 * 1024 * 1024  # bytes
WIDEST_LOGO = 10_000  # pixels, either way
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC): the segments that hold height and width.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
_LONGEST_HEADER = 1_000  # segments; a camera writes a few dozen


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """The media type and the size in pixels that a file's first bytes declare."""

    media_type: str
    width: int
    height: int

    def fits(self, size: int) -> bool:
        """Whether it can be a logo, as a file of so many bytes."""
        return size <= LARGEST_LOGO and all(0 < side <= WIDEST_LOGO for side in (self.width, self.height))


def read_header(stream: BinaryIO) -> ImageHeader | None:
    """Return what the file declares to be; None when it is neither PNG nor JPEG, or is cut short."""
    start = stream.read(24)
    if start.startswith(PNG_SIGNATURE):
        if len(start) < 24 or start[12:16] != b"IHDR":
            return None
        width, height = struct.unpack(">II", start[16:24])
        return ImageHeader("image/png", width, height)
    if start.startswith(b"\xff\xd8\xff"):
        stream.seek(2)
        return _jpeg(stream)
    return None


def _jpeg(stream: BinaryIO) -> ImageHeader | None:
    for _ in range(_LONGEST_HEADER):
        marker = _next_marker(stream)
        if marker is None:
            return None
        if marker in _BARE_MARKERS:
            continue
        length = int.from_bytes(stream.read(2), "big")
        if marker in _FRAMES:
            frame = stream.read(5)
            if len(frame) < 5:
                return None
            height, width = struct.unpack(">HH", frame[1:5])
            return ImageHeader("image/jpeg", width, height)
        if length < 2 or marker in {0xD9, 0xDA}:
            return None
        stream.seek(length - 2, 1)
    return None


def _next_marker(stream: BinaryIO) -> int | None:
    if stream.read(1) != b"\xff":
        return None
    for _ in range(64):  # fill bytes may stand before a marker
        code = stream.read(1)
        if not code:
            return None
        if code != b"\xff":
            return code[0]
    return None
