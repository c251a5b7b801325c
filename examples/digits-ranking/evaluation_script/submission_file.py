"""Read a participant's JSON file and say everything that is wrong with it at once."""

import json
from pathlib import Path

SHOWN = 10
MAP_WANTED = 'The file must hold one map of query ids to lists, such as {"q001": ["g007", "g042"], …}.'


class ParticipantVisibleError(ValueError):
    """What is wrong with the file, in words for the participant: Shiai shows the text of an exception of this name."""


def read_rankings(path, *, queries, gallery, longest):
    """Return {query id: [gallery ids]} for exactly the given queries.

    Raises ParticipantVisibleError that names up to ten queries for each kind of mistake. It never says which
    images belong together.
    """
    rankings, repeated = read_map(path)
    known = set(queries)
    complaints = [
        complaint("These queries appear more than once", repeated),
        complaint("These queries of data/queries.csv are missing", [key for key in queries if key not in rankings]),
        complaint("These keys are not queries of data/queries.csv", [key for key in rankings if key not in known]),
        complaint(
            "Some rankings cannot be used",
            [
                f"{key}: {problem}"
                for key, problem in (
                    (key, problem_of(ranked, gallery=gallery, longest=longest)) for key, ranked in rankings.items()
                )
                if problem
            ],
        ),
    ]
    if any(complaints):
        raise ParticipantVisibleError("\n".join(text for text in complaints if text))
    return rankings


def read_map(path):
    """Return the outer map of the file and the keys that it holds twice."""
    repeated = []

    def remember_repeated(pairs):
        seen = {}
        for key, value in pairs:
            if key in seen:
                repeated.append(key)
            seen[key] = value
        return seen

    try:
        with Path(path).open(encoding="utf-8-sig") as source:
            value = json.load(source, object_pairs_hook=remember_repeated)
    except UnicodeDecodeError:
        raise ParticipantVisibleError(
            "The file is not UTF-8 text. Save it as JSON in UTF-8 and submit it again."
        ) from None
    except json.JSONDecodeError as problem:
        raise ParticipantVisibleError(
            f"The file is not JSON: {problem.msg} at line {problem.lineno}, column {problem.colno}."
        ) from None
    except (RecursionError, ValueError):  # nested a thousand deep, or a number thousands of digits long
        raise ParticipantVisibleError(MAP_WANTED) from None
    if not isinstance(value, dict):
        raise ParticipantVisibleError(MAP_WANTED)
    return value, repeated


def problem_of(ranked, *, gallery, longest):
    """Return what is wrong with one ranking, or an empty text."""
    if not isinstance(ranked, list) or not all(isinstance(item, str) for item in ranked):
        return "not a list of gallery ids in quotes"
    if len(ranked) > longest:
        return f"{len(ranked)} places, at most {longest} are allowed"
    if len(set(ranked)) < len(ranked):
        return "names an image twice"
    strangers = [item for item in ranked if item not in gallery]
    if strangers:
        return f"{shortened(strangers[0])} is not in data/gallery.csv"
    return ""


def complaint(title, items):
    """Return one sentence naming up to ten items, or an empty text when there are none."""
    if not items:
        return ""
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return f"{title} ({len(items)}): {'; '.join(shortened(item) for item in items[:SHOWN])}{more}."


def shortened(text):
    """Return a stranger's text cut to one short printable line."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text[:81])
    return text if len(text) <= 80 else text[:79] + "…"
