"""Lines of a script's source, as problems show them."""

from pathlib import Path

from app.bundles.problems import ExcerptLine

_READ = 1024 * 1024


def excerpt_of(source: Path, line: int | None) -> tuple[ExcerptLine, ...]:
    """Return a line of a source file with its neighbours, each cut at 200 characters."""
    if line is None:
        return ()
    lines = source.read_bytes()[:_READ].decode("utf-8", "replace").splitlines()
    first, last = max(1, line - 1), min(len(lines), line + 1)
    return tuple(ExcerptLine(number, lines[number - 1][:200]) for number in range(first, last + 1))
