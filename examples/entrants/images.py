"""What can be done with 8 by 8 images before they are compared; all take and return rows of 64 pixels."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
MOVES = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))


def moved(images: Array, *, down: int, right: int) -> Array:
    """Move every image by at most one pixel; blank comes in."""
    padded = np.pad(images.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    return padded[:, 1 - down : 9 - down, 1 - right : 9 - right].reshape(-1, 64)


def blurred(images: Array) -> Array:
    """Average every pixel with its neighbours; the middle counts twice."""
    total = images + sum(moved(images, down=down, right=right) for down, right in MOVES)
    return np.asarray(total) / 6


def centred(images: Array) -> Array:
    """Move every image so that its ink is in the middle, as far as one pixel allows."""
    candidates = np.stack([moved(images, down=down, right=right) for down in (-1, 0, 1) for right in (-1, 0, 1)])
    ink = candidates.reshape(9, -1, 8, 8)
    place = np.arange(8) - 3.5
    total = np.maximum(ink.sum(axis=(2, 3)), 1)
    off = np.hypot((ink.sum(axis=3) @ place) / total, (ink.sum(axis=2) @ place) / total)
    # Ink that left the image must not pass for a better centre.
    lost = candidates[4].sum(axis=1) - candidates.sum(axis=2)
    best = np.argmin(off + lost / 8, axis=0)
    return np.asarray(candidates[best, np.arange(len(images))])


def profiles(images: Array) -> Array:
    """Describe an image by the ink in its rows, columns and quarters and by its edges."""
    square = images.reshape(-1, 8, 8)
    quarters = square.reshape(-1, 4, 2, 4, 2).sum(axis=(2, 4)).reshape(-1, 16)
    edges = np.abs(np.diff(square, axis=1)).sum(axis=1), np.abs(np.diff(square, axis=2)).sum(axis=2)
    return np.hstack([square.sum(axis=1), square.sum(axis=2), quarters, *edges])
