"""YAML text of a stranger -> plain values, each with its line and column; every complaint about the form at once."""

from dataclasses import replace
from typing import Any

import yaml

from app.bundles.problems import BundleRefused, Problem, Severity
from app.bundles.yaml_document import Mark, YamlDocument, YamlLimits, excerpt, mark_of
from app.bundles.yaml_line_mistakes import exchanged_file
from app.bundles.yaml_mistakes import diagnose
from app.bundles.yaml_text import decoded, split_lines
from app.bundles.yaml_values import TooMuch, Walk, over, too_much
from app.rules.errors import N_

MENDABLE_LENGTH = 65_536  # each mended mistake costs one more pass over the text


def read_yaml(content: bytes, *, file: str, limits: YamlLimits | None = None) -> YamlDocument:
    """Read a configuration; mistakes that leave something to read are in `problems`, others raise BundleRefused."""
    limits = limits or YamlLimits()
    text = decoded(content, file=file, longest=limits.size)
    lines = split_lines(text)
    root, unused, mistakes = _composed(text, lines, file=file, limits=limits)
    document = YamlDocument(file=file, lines=lines, problems=mistakes)
    if not isinstance(root, yaml.MappingNode):
        raise BundleRefused([*mistakes, _no_mapping(root, document)])
    _say_unused(document, unused)
    document.data = Walk(document, limits).mapping(root, (), 1)
    return document


def _composed(
    text: str, lines: list[str], *, file: str, limits: YamlLimits
) -> tuple[yaml.Node | None, dict[str, Mark], list[Problem]]:
    """Parse, and where a mistake can be guessed, mend a copy and go on, so that the next one is told as well."""
    mistakes: list[Problem] = []
    while True:
        try:
            return *_compose(text, limits), mistakes
        except TooMuch as refusal:
            raise BundleRefused([*mistakes, too_much(refusal, lines, file)]) from None
        except yaml.YAMLError as failure:
            found = diagnose(failure, split_lines(text))
            mistakes.append(_placed(found.problem, lines, file))
            again = found.mended
            if again is None or len(text) > MENDABLE_LENGTH or len(mistakes) >= limits.mistakes:
                raise BundleRefused(mistakes) from None
            text = "\n".join(again)


def _placed(problem: Problem, lines: list[str], file: str) -> Problem:
    return replace(problem, file=file, excerpt=excerpt(lines, problem.line or 1))


class _Loader(yaml.SafeLoader):
    """PyYAML's composer with a limit on depth and size, checked before it goes deeper."""

    def __init__(self, text: str, limits: YamlLimits) -> None:
        self.limits = limits
        self.depth = self.nodes = 0
        self.unused: dict[str, Mark] = {}
        super().__init__(text)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.depth += 1
        self.nodes += 1
        if self.depth > self.limits.depth or self.nodes > self.limits.nodes:
            raise over(self._here(), self.limits, depth=self.depth)
        self._note_anchor(self.peek_event())  # type: ignore[no-untyped-call]
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _note_anchor(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.unused.pop(str(event.anchor), None)
        elif isinstance(event, yaml.ScalarEvent) and event.anchor:
            self.unused[event.anchor] = mark_of(event)

    def _here(self) -> Mark:
        return Mark(self.line + 1, self.column + 1)


def _compose(text: str, limits: YamlLimits) -> tuple[yaml.Node | None, dict[str, Mark]]:
    loader = _Loader(text, limits)
    try:
        root: yaml.Node | None = loader.get_single_node()
        return root, loader.unused
    finally:
        loader.dispose()


def _say_unused(document: YamlDocument, unused: dict[str, Mark]) -> None:
    """Warn of `name: &Dev Phase`: to YAML the first word is a label for the rest, which nothing here refers to."""
    for anchor, mark in unused.items():
        document.complain(
            Severity.WARNING,
            (),
            N_("YAML reads `&%(anchor)s` here as an anchor, not as part of the text."),
            N_("Put quotes around the whole value."),
            at=mark,
            anchor=anchor[:80],
        )


def _no_mapping(root: yaml.Node | None, document: YamlDocument) -> Problem:
    exchanged = exchanged_file(document.lines)
    if exchanged:
        return _placed(exchanged.problem, document.lines, document.file)
    if root is None:
        message, mark = N_("The configuration is empty."), Mark(1, 1)
    else:
        message, mark = N_("The configuration does not start with keys such as `title:`."), mark_of(root)
    return Problem(
        severity=Severity.ERROR,
        message=message,
        hint=N_("Write one `key: value` on each line, starting with `title: My challenge`."),
        file=document.file,
        line=mark.line,
        column=mark.column,
        excerpt=document.excerpt(mark.line),
    )
