"""Make the data, annotations and sample submissions of the examples: `python -m examples.make_data`.

The sources are the data sets that ship inside scikit-learn, so nothing is downloaded. The outputs are
committed; run this by hand after changing it. Only `random.Random` draws, because its shuffle is the
same in every Python version.
"""

import csv
import io
import json
import random
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits

EXAMPLES = Path(__file__).resolve().parent

# The measurements of size give the answer away (AUC above 0.99), so the challenge keeps texture and shape.
TUMOUR_COLUMNS = {
    "mean texture": "texture",
    "mean smoothness": "smoothness",
    "mean compactness": "compactness",
    "mean symmetry": "symmetry",
    "mean fractal dimension": "fractal_dimension",
    "texture error": "texture_error",
    "smoothness error": "smoothness_error",
    "compactness error": "compactness_error",
    "symmetry error": "symmetry_error",
    "fractal dimension error": "fractal_dimension_error",
}
DIABETES_COLUMNS = ("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6")
GALLERY_PER_DIGIT = (9, 12, 7, 10, 14, 8, 11, 6, 13, 10)
SHIFTS = ((0, 1), (0, -1), (1, 0), (-1, 0))

Files = dict[str, bytes]
Rows = Iterable[Sequence[object]]


def csv_bytes(*, header: Sequence[str], rows: Rows) -> bytes:
    """Write rows as UTF-8 CSV with line feeds."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def json_bytes(value: dict[str, object]) -> bytes:
    """Write JSON with one entry a line for the outer map, so that differences can be read."""
    lines = (f"  {json.dumps(key)}: {json.dumps(entry)}" for key, entry in value.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def npz_bytes(**arrays: npt.NDArray[Any]) -> bytes:
    """Write what `np.load` reads: neither compressed nor Zip64, so that every Python and zlib gives the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.save(entry, array)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), entry.getvalue())
    return content.getvalue()


def shuffled(count: int, *, seed: int) -> list[int]:
    """Return 0 to count - 1 in an order that depends on the seed alone."""
    order = list(range(count))
    random.Random(seed).shuffle(order)
    return order


def breast_cancer() -> Files:
    """Make the tumour data: 249 rows to learn from, 160 scored in each phase."""
    source = load_breast_cancer()
    wanted = [list(source.feature_names).index(name) for name in TUMOUR_COLUMNS]
    malignant = 1 - source.target  # scikit-learn counts benign as 1
    rows = []
    for number, row in enumerate(shuffled(len(malignant), seed=569), start=1):
        measured = [float(value) for value in source.data[row, wanted]]
        rows.append((f"t{number:04d}", measured, int(malignant[row])))
    train, test = rows[:249], sorted(rows[249:])
    phase_of = {row[0]: ("dev" if place % 2 == 0 else "final") for place, row in enumerate(rows[249:])}
    header = ["id", *TUMOUR_COLUMNS.values()]
    return {
        "data/train.csv": csv_bytes(
            header=[*header, "malignant"], rows=((key, *values, label) for key, values, label in train)
        ),
        "data/test.csv": csv_bytes(header=header, rows=((key, *values) for key, values, _ in test)),
        "annotations/test_labels.csv": csv_bytes(
            header=("id", "malignant", "phase"), rows=((key, label, phase_of[key]) for key, _, label in test)
        ),
        "sample_submission.csv": csv_bytes(header=("id", "probability"), rows=((key, "0.5") for key, _, _ in test)),
    }


def shifted(image: npt.NDArray[np.int64], *, down: int, right: int) -> npt.NDArray[np.int64]:
    """Move an 8 by 8 image by at most one pixel; what leaves is lost, what comes in is blank."""
    padded = np.pad(image.reshape(8, 8), 1)
    return padded[1 - down : 9 - down, 1 - right : 9 - right].reshape(64)


def gallery_and_rest(digit_of: npt.NDArray[np.int64]) -> tuple[dict[str, int], list[int]]:
    """Take as many rows of each digit as GALLERY_PER_DIGIT says; return {gallery id: row} and the other rows."""
    room, taken, rest = list(GALLERY_PER_DIGIT), [], []
    for row in shuffled(len(digit_of), seed=1797):
        if room[digit_of[row]]:
            room[digit_of[row]] -= 1
            taken.append(row)
        else:
            rest.append(row)
    return {f"g{number:03d}": row for number, row in enumerate(taken, start=1)}, rest


def query_group(number: int) -> tuple[str, str]:
    """Return the phase and the split of a query; all four groups take turns."""
    return "dev" if number % 4 < 2 else "final", "shifted" if number % 2 else "straight"


def digits() -> Files:
    """Make the ranking data: 600 labelled images, a gallery of 100, and 400 queries in four groups."""
    source = load_digits()
    images, digit_of = source.data.astype(int), source.target
    gallery, rest = gallery_and_rest(digit_of)
    queries: list[tuple[object, ...]] = []
    relevance: dict[str, object] = {"gallery": list(gallery)}
    for number, row in enumerate(rest[600:1000]):
        phase, split = query_group(number)
        down, right = SHIFTS[number // 4 % 4] if split == "shifted" else (0, 0)
        key = f"q{number + 1:03d}"
        queries.append((key, *shifted(images[row], down=down, right=right)))
        relevant = [name for name, item in gallery.items() if digit_of[item] == digit_of[row]]
        relevance[key] = {"phase": phase, "split": split, "relevant": relevant}
    pixels = [f"p{row}{column}" for row in range(8) for column in range(8)]
    sample = {str(key): list(gallery)[:10] for key, *_ in queries}
    return {
        "data/train.csv": csv_bytes(
            header=(*pixels, "digit"), rows=((*images[row], digit_of[row]) for row in rest[:600])
        ),
        "data/gallery.csv": csv_bytes(
            header=("id", *pixels), rows=((key, *images[row]) for key, row in gallery.items())
        ),
        "data/queries.csv": csv_bytes(header=("id", *pixels), rows=queries),
        "annotations/relevance.json": json_bytes(relevance),
        "sample_submission.json": json_bytes(dict(sample)),
    }


def diabetes() -> Files:
    """Make the diabetes data: 242 rows to learn from, 100 scored in public and 100 for the host alone."""
    source = load_diabetes(scaled=False)
    order = shuffled(len(source.target), seed=442)
    rows = [(f"d{number:03d}", row) for number, row in enumerate(order, start=1)]
    train, test = rows[:242], rows[242:]
    annotation = npz_bytes(
        id=np.array([key for key, _ in test]),
        progression=np.array([source.target[row] for _, row in test], dtype=np.float64),
        is_public=np.array([place % 2 == 0 for place in range(len(test))]),
    )
    columns = source.data.tolist()
    return {
        "data/train.csv": csv_bytes(
            header=("id", *DIABETES_COLUMNS, "progression"),
            rows=((key, *columns[row], float(source.target[row])) for key, row in train),
        ),
        "data/test.csv": csv_bytes(header=("id", *DIABETES_COLUMNS), rows=((key, *columns[row]) for key, row in test)),
        "annotations/test_targets.npz": annotation,
        "sample_submission.csv": csv_bytes(header=("id", "progression"), rows=((key, "150.0") for key, _ in test)),
    }


MAKERS = {"breast-cancer-auc": breast_cancer, "digits-ranking": digits, "diabetes-rmse": diabetes}


def main() -> None:
    """Write every file into its example's folder."""
    for name, make in MAKERS.items():
        for relative, content in make().items():
            target = EXAMPLES / name / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            print(f"{name}/{relative}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
