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
        N_("The key `%(found)s` contains quotation marks that YAML does not accept; it is read as `%(inner)s`."),
        N_("Write plain quotes on both sides of it, or none."),
        at=mark_of(key),
        found=written[:80],
        inner=inner[:80],
    )
    return inner


def _without_stray_mark(written: str) -> str:
    return written.strip('"') if written.count('"') == 1 else written


def say_without_colon(document: YamlDocument, path: NodePath, node: yaml.MappingNode) -> None:
    """Warn of `{text: this, or that}`: the comma ends the text, and what follows is a key without a value."""
    for key, child in node.value[1:] if node.flow_style else ():
        ended = key.end_mark.line == child.start_mark.line and isinstance(child, yaml.ScalarNode)
        if not isinstance(key, yaml.ScalarNode) or key.style or not ended or child.style or child.value:
            continue
        between = document.lines[key.end_mark.line][key.end_mark.column : child.start_mark.column]
        if ":" not in between:
            document.complain(
                Severity.WARNING,
                (*path, key.value),
                N_("Between { } a comma ends a text without quotes: `%(found)s` is no longer part of it."),
                N_("Put quotes around the whole text, or give the key its colon."),
                at=mark_of(key),
                found=str(key.value)[:80],
            )


def say_repeated(document: YamlDocument, path: NodePath, repeated: Sequence[Repetition]) -> None:
    """Warn of keys that stand twice; several in one item of a list are an item that lacks its dash."""
    if len(repeated) > 1 and path and isinstance(path[-1], int):
        _say_missing_dash(document, repeated)
        return
    for it in repeated:
        document.complain(
            Severity.WARNING,
            it.path,
            N_("The key `%(key)s` is already in line %(line)s.")
            if it.same
            else N_("The key `%(key)s` is already in line %(line)s; the value of this line is used."),
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
            "A dash seems to be missing before `%(key)s`: it and %(count)s more keys are already in this entry, from "
            "line %(line)s on, and only the later values are used."
        ),
        N_("Write `- ` before `%(key)s` if a new entry begins here; otherwise remove the duplicates."),
        at=first.mark,
        key=first.path[-1],
        count=len(repeated) - 1,
        line=first.earlier.line,
    )
