"""Read a participant's CSV file and say everything that is wrong with it at once."""

import csv
import math
from pathlib import Path

HEADER = ["id", "probability"]
SHOWN = 10


class ParticipantVisibleError(ValueError):
    """What is wrong with the file, in words for the participant: Shiai shows the text of an exception of this name."""


def read_probabilities(path, *, expected_ids):
    """Return {id: probability} for exactly the expected ids.

    Raises ParticipantVisibleError that names up to ten ids or lines for each kind of mistake. It never says
    anything about the labels.
    """
    rows = list(numbered_rows(path))
    check_header(rows)
    probability, repeated, wrong = {}, [], []
    for line, row in rows[1:]:
        problem = problem_of(row)
        if problem:
            wrong.append(f"line {line}: {problem}")
            continue
        key = row[0].strip()
        if key in probability:
            repeated.append(key)
        probability[key] = float(row[1])
    # An id whose line is wrong already has its sentence; it is not missing as well.
    present = {row[0].strip() for _, row in rows[1:]}
    expected = set(expected_ids)
    complaints = [
        complaint("Some lines cannot be used", wrong),
        complaint("These ids appear more than once", repeated),
        complaint("These ids of data/test.csv are missing", [key for key in expected_ids if key not in present]),
        complaint("These ids are not in data/test.csv", [key for key in probability if key not in expected]),
    ]
    if any(complaints):
        raise ParticipantVisibleError("\n".join(text for text in complaints if text))
    return probability


def numbered_rows(path):
    """Yield (line number, values) for every line that is not blank."""
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as source:
            reader = csv.reader(source)
            for row in reader:
                if any(value.strip() for value in row):
                    yield reader.line_num, row
    except UnicodeDecodeError:
        raise ParticipantVisibleError(
            "The file is not UTF-8 text. Save it as CSV in UTF-8 and submit it again."
        ) from None
    except csv.Error as problem:
        raise ParticipantVisibleError(f"The file cannot be read as CSV: {problem}.") from None


def check_header(rows):
    """Raise ParticipantVisibleError unless the first line is the agreed header."""
    if not rows:
        raise ParticipantVisibleError(f"The file is empty. Its first line must be {','.join(HEADER)}.")
    found = [value.strip() for value in rows[0][1]]
    if found != HEADER:
        raise ParticipantVisibleError(f"The first line must be {','.join(HEADER)} but is {shortened(','.join(found))}.")


def problem_of(row):
    """Return what is wrong with one line, or an empty text."""
    if len(row) != len(HEADER):
        return f"{len(HEADER)} values are wanted, {len(row)} found"
    try:
        value = float(row[1])
    except ValueError:
        return f"{shortened(row[1])} is not a number"
    if not math.isfinite(value) or not 0 <= value <= 1:
        return f"{shortened(row[1])} is not between 0 and 1"
    return ""


def complaint(title, items):
    """Return one sentence naming up to ten items, or an empty text when there are none."""
    if not items:
        return ""
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return f"{title} ({len(items)}): {'; '.join(shortened(item, quoted=False) for item in items[:SHOWN])}{more}."


def shortened(text, *, quoted=True):
    """Return a stranger's text cut to one short printable line."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text[:61])
    text = text if len(text) <= 60 else text[:59] + "…"
    return f"“{text}”" if quoted else text
