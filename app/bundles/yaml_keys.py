"""The keys of a map as they were meant: quotation marks that are letters to YAML, keys that stand there twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from app.bundles.problems import Severity
from app.bundles.yaml_document import Mark, NodePath, YamlDocument, mark_of
from app.rules.errors import N_


@dataclass(frozen=True, slots=True)
class Repetition:
    """A key that stands in its map a second time, where it stood before, and whether its value is the same."""

    path: NodePath
    mark: Mark
    earlier: Mark
    same: bool


def plain_key(document: YamlDocument, path: NodePath, key: yaml.ScalarNode) -> str:
    """Return a key without typographic quotes, or a quotation mark at one end only, that YAML takes for letters."""
    written = str(key.value)
    inner = written if key.style else _without_stray_mark(written.strip("“”„‟‘’‚‛"))
    if inner == written or not inner:
        return written
    document.complain(
        Severity.WARNING,
        (*path, inner),
        N_("The key `%(found)s` holds quotation marks that are none to YAML; it is read as `%(inner)s`."),
        N_("Write plain quotes on both sides of it, or none."),
        at=mark_of(key),
        found=written[:80],
        inner=inner[:80],
    )
    return inner


def _without_stray_mark(written: str) -> str:
    return written.strip('"') if written.count('"') == 1 else written


def say_repeated(document: YamlDocument, path: NodePath, repeated: Sequence[Repetition]) -> None:
    """Warn of keys that stand twice; several in one item of a list are an item that lacks its dash."""
    if len(repeated) > 1 and path and isinstance(path[-1], int):
        _say_missing_dash(document, repeated)
        return
    for it in repeated:
        document.complain(
            Severity.WARNING,
            it.path,
            N_("The key `%(key)s` stands here and in line %(line)s already.")
            if it.same
            else N_("The key `%(key)s` stands here and in line %(line)s already; the value of this line is taken."),
            N_("Keep one of the two and remove the other."),
            at=it.mark,
            key=it.path[-1],
            line=it.earlier.line,
        )


def _say_missing_dash(document: YamlDocument, repeated: Sequence[Repetition]) -> None:
    first = min(repeated, key=lambda it: it.mark.line)
    document.complain(
        Severity.WARNING,
        first.path,
        N_(
            "A dash seems to be missing before `%(key)s`: it and %(count)s further keys stand in this entry already, "
            "from line %(line)s on, and only the later values are taken."
        ),
        N_("Write `- ` before `%(key)s` where a new entry begins; else remove what stands twice."),
        at=first.mark,
        key=first.path[-1],
        count=len(repeated) - 1,
        line=first.earlier.line,
    )
