"""Draw the logos of the examples: `python -m examples.make_logos`. The outputs are committed.

Shapes are drawn four times too large and averaged down, which is all the smoothing they need.
"""

import itertools
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits

EXAMPLES = Path(__file__).resolve().parent
SIZE, OVERSAMPLING = 320, 4
INK = (31, 41, 88)
PAPER = (246, 245, 240)
MIST = (196, 203, 224)
INDIGO = (72, 91, 166)
VERMILION = (214, 76, 52)

Mask = npt.NDArray[np.bool_]
Canvas = npt.NDArray[np.float64]
Colour = tuple[int, int, int]


def grid() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return x (to the right) and y (upwards) of every fine pixel, both from 0 to 1."""
    steps = (np.arange(SIZE * OVERSAMPLING) + 0.5) / (SIZE * OVERSAMPLING)
    return np.broadcast_to(steps, (steps.size, steps.size)), np.broadcast_to(steps[::-1, None], (steps.size,) * 2)


X, Y = grid()


def canvas(background: Colour) -> Canvas:
    """Return an image of one colour."""
    return np.broadcast_to(np.array(background, dtype=np.float64), (*X.shape, 3)).copy()


def paint(image: Canvas, mask: Mask, colour: Colour) -> None:
    """Fill a mask with a colour, in place."""
    image[mask] = colour


def box(left: float, bottom: float, width: float, height: float) -> Mask:
    """Return an upright rectangle."""
    return (left <= X) & (left + width > X) & (bottom <= Y) & (bottom + height > Y)


def disc(x: float, y: float, radius: float) -> Mask:
    """Return a filled circle."""
    return (X - x) ** 2 + (Y - y) ** 2 < radius**2


def line(start: tuple[float, float], end: tuple[float, float], width: float) -> Mask:
    """Return a straight stroke with round ends."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    along = np.clip(((X - x0) * dx + (Y - y0) * dy) / (dx**2 + dy**2), 0, 1)
    return (X - x0 - along * dx) ** 2 + (Y - y0 - along * dy) ** 2 < (width / 2) ** 2


def roc_curve() -> Canvas:
    """Draw a ROC curve above the diagonal of guessing, with its area."""
    image = canvas(PAPER)
    low, high = 0.16, 0.86
    side = high - low
    across = np.clip((X - low) / side, 0, 1)
    curve = low + side * across**0.22
    inside = (low < X) & (high > X)
    paint(image, inside & (low < Y) & (curve > Y), MIST)
    for start in np.arange(0.02, 0.98, 0.08):
        first, last = low + side * start, low + side * (start + 0.035)
        paint(image, line((first, first), (last, last), 0.012), INDIGO)
    points = [(low + side * t, low + side * t**0.22) for t in np.linspace(0, 1, 60) ** 3]
    for start, end in itertools.pairwise(points):
        paint(image, line(start, end, 0.028), INK)
    paint(image, box(low - 0.02, low - 0.02, side + 0.04, 0.02) | box(low - 0.02, low - 0.02, 0.02, side + 0.04), INK)
    paint(image, disc(*points[24], 0.04), VERMILION)
    return image


def tile(
    image: Canvas, pixels: npt.NDArray[np.float64], *, left: float, bottom: float, side: float, ink: Colour
) -> None:
    """Draw one 8 by 8 digit, in place."""
    column = np.floor((X - left) / side * 8).astype(int).clip(0, 7)
    row = np.floor((bottom + side - Y) / side * 8).astype(int).clip(0, 7)
    where = box(left, bottom, side, side)
    strength = (pixels.reshape(8, 8)[row, column] / 16)[where][:, None]
    image[where] = (1 - strength) * np.array(PAPER) + strength * np.array(ink)


def ranked_digits() -> Canvas:
    """Draw a large query digit over the first four places of a ranking; the third is wrong."""
    source = load_digits()
    image = canvas(INDIGO)
    threes = np.flatnonzero(source.target == 3)
    wrong = np.flatnonzero(source.target == 8)[0]
    tile(image, source.data[threes[0]], left=0.27, bottom=0.40, side=0.46, ink=INK)
    for place, row in enumerate((threes[3], threes[9], wrong, threes[20])):
        left = 0.10 + place * 0.21
        if row == wrong:
            paint(image, box(left - 0.015, 0.115, 0.20, 0.20), VERMILION)
        tile(image, source.data[row], left=left, bottom=0.13, side=0.17, ink=INK)
    return image


def residuals() -> Canvas:
    """Draw a regression line and what it misses."""
    image = canvas(INK)
    rng = np.random.default_rng(442)
    for x in np.linspace(0.17, 0.83, 9):
        fitted = 0.24 + 0.62 * (x - 0.1)
        measured = float(np.clip(fitted + rng.normal(0, 0.13), 0.12, 0.88))
        paint(image, line((x, fitted), (x, measured), 0.014), VERMILION)
        paint(image, disc(x, measured, 0.032), PAPER)
    paint(image, line((0.10, 0.24), (0.90, 0.24 + 0.62 * 0.8), 0.022), MIST)
    return image


def png(image: Canvas) -> bytes:
    """Encode an image as PNG with 8 bits a channel (W3C PNG, third edition)."""
    coarse = image.reshape(SIZE, OVERSAMPLING, SIZE, OVERSAMPLING, 3).mean(axis=(1, 3)).round().astype(np.uint8)
    # Filter 2 stores each row as its difference from the row above; flat areas then vanish.
    above = np.vstack([np.zeros_like(coarse[:1]), coarse[:-1]])
    filtered = (coarse - above).reshape(SIZE, -1)
    raw = b"".join(b"\x02" + row.tobytes() for row in filtered)
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one PNG chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


DRAWINGS: dict[str, Callable[[], Canvas]] = {
    "breast-cancer-auc": roc_curve,
    "digits-ranking": ranked_digits,
    "diabetes-rmse": residuals,
}


def main() -> None:
    """Write every logo into its example's folder."""
    for name, draw in DRAWINGS.items():
        content = png(draw())
        (EXAMPLES / name / "logo.png").write_bytes(content)
        print(f"{name}/logo.png: {len(content):,} bytes")


if __name__ == "__main__":
    main()
