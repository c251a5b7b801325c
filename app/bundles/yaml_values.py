"""Parsed YAML nodes -> plain values: no tags, no repeated keys, aliases and merges counted in full."""

import datetime as dt
from typing import Any

import yaml

from app.bundles.problems import BundleRefused, Problem, Severity
from app.bundles.yaml_document import Mark, NodePath, Unreadable, YamlDocument, YamlLimits, excerpt, mark_of
from app.bundles.yaml_keys import Repetition, plain_key, say_repeated, say_without_colon
from app.rules.errors import N_

CORE = "tag:yaml.org,2002:"
_HIDDEN_SPACES = frozenset("\u3000\u00a0\ufeff\u200b\u2003\u2009\u202f")


class TooMuch(Exception):
    def __init__(self, mark: Mark, message: str, **values: Any) -> None:
        self.mark = mark
        self.message = message
        self.values = values
        super().__init__(message)


def over(mark: Mark, limits: YamlLimits, *, depth: int) -> TooMuch:
    if depth > limits.depth:
        return TooMuch(mark, N_("Lists and maps are nested more than %(depth)s levels deep here."), depth=limits.depth)
    return TooMuch(
        mark, N_("The configuration has more than %(nodes)s values, aliases counted in full."), nodes=limits.nodes
    )


def too_much(refusal: TooMuch, lines: list[str], file: str) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        message=refusal.message,
        hint=N_("Write a smaller configuration."),
        values=refusal.values,
        file=file,
        line=refusal.mark.line,
        column=refusal.mark.column,
        excerpt=excerpt(lines, refusal.mark.line),
    )


class Walk:
    """Turns nodes into plain values, counting what aliases and merges add."""

    def __init__(self, document: YamlDocument, limits: YamlLimits) -> None:
        self.document = document
        self.limits = limits
        self.nodes = 0
        self.constructor = yaml.SafeLoader("")

    def value(self, node: yaml.Node, path: NodePath, depth: int) -> Any:
        self.document.marks[path] = mark_of(node)
        self._count(node, depth)
        if not self._tag_is_plain(node, path):
            return Unreadable.VALUE
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, place), depth + 1) for place, child in enumerate(node.value)]
        return self._scalar(node, path) if isinstance(node, yaml.ScalarNode) else Unreadable.VALUE

    def mapping(self, node: yaml.MappingNode, path: NodePath, depth: int) -> dict[str, Any]:
        """Return the values by the text of their keys; merged keys (`<<`) give way to written ones."""
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        repeated: list[Repetition] = []
        for key, child in node.value:
            if key.tag == f"{CORE}merge":
                merged = {**self._merged(child, path, depth), **merged}
            elif isinstance(key, yaml.ScalarNode):
                repeated += self._entry(found, key, child, path, depth)
            else:
                self._complain(
                    key,
                    path,
                    N_("A list or a map is used as a key here."),
                    N_("Write a word as the key. A value that starts with { or [ needs quotes."),
                )
        say_repeated(self.document, path, repeated)
        say_without_colon(self.document, path, node)
        return {**merged, **found}

    def _entry(
        self, found: dict[str, Any], key: yaml.ScalarNode, child: yaml.Node, path: NodePath, depth: int
    ) -> list[Repetition]:
        name = plain_key(self.document, path, key)
        inner = (*path, name)
        earlier = self.document.keys.get(inner) if name in found else None
        self.document.keys[inner] = mark_of(key)
        if name[:1] in _HIDDEN_SPACES:
            self._complain(
                key,
                inner,
                N_("There is a space before this key that YAML does not accept: %(sign)s."),
                N_("Delete what is before the key and indent it with plain spaces."),
                sign=f"U+{ord(name[0]):04X}",
            )
        value = self.value(child, inner, depth + 1)
        repeated = [Repetition(inner, mark_of(key), earlier, same=found[name] == value)] if earlier else []
        found[name] = value
        return repeated

    def _merged(self, node: yaml.Node, path: NodePath, depth: int) -> dict[str, Any]:
        self._count(node, depth)
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for source in sources:
            if isinstance(source, yaml.MappingNode):
                self._count(source, depth)
                merged = {**self.mapping(source, path, depth + 1), **merged}
            else:
                self._complain(node, path, N_("`<<` can only merge a map."), N_("Write an alias such as `*name`."))
        return merged

    def _scalar(self, node: yaml.ScalarNode, path: NodePath) -> Any:
        self.document.raw[path] = text = str(node.value)
        if node.style:
            self.document.quoted.add(path)
        kind = node.tag.removeprefix(CORE)
        if kind in {"str", "value", "merge"}:
            return text
        if kind == "null":
            return None
        try:
            return _SCALARS[kind](self.constructor, node)
        except (ValueError, OverflowError, KeyError):
            self._refuse_scalar(node, path, kind)
            return Unreadable.VALUE

    def _refuse_scalar(self, node: yaml.Node, path: NodePath, kind: str) -> None:
        if kind == "timestamp":
            self._complain(
                node,
                path,
                N_("There is no such date or time: %(found)s."),
                N_("Write a real date and a time up to 23:59:59, as in 2026-03-31 18:00:00."),
                found=str(node.value)[:60],
            )
        else:
            self._complain(
                node, path, N_("This number is too large: %(found)s."), N_("Write a smaller one."), found=_short(node)
            )

    def _tag_is_plain(self, node: yaml.Node, path: NodePath) -> bool:
        if node.tag.removeprefix(CORE) in {*_SCALARS, "str", "null", "map", "seq", "merge", "value"}:
            return True
        self._complain(
            node,
            path,
            N_("The tag `%(tag)s` is not allowed in a configuration."),
            N_("Remove the tag, or put quotes around a value that starts with an exclamation mark."),
            tag=node.tag.replace(CORE, "!!")[:60],
        )
        return False

    def _complain(self, node: yaml.Node, path: NodePath, message: str, hint: str, **values: Any) -> None:
        self.document.complain(Severity.ERROR, path, message, hint, at=mark_of(node), **values)

    def _count(self, node: yaml.Node, depth: int) -> None:
        self.nodes += 1
        if depth > self.limits.depth or self.nodes > self.limits.nodes:
            refusal = over(mark_of(node), self.limits, depth=depth)
            raise BundleRefused([*self.document.problems, too_much(refusal, self.document.lines, self.document.file)])


def _short(node: yaml.Node) -> str:
    text = str(node.value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _integer(constructor: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    if len(node.value) > 100:
        raise ValueError
    number = int(constructor.construct_yaml_int(node))
    if not -(2**63) <= number < 2**63:
        raise OverflowError
    return number


def _decimal(constructor: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    if len(node.value) > 100:
        raise ValueError
    return float(constructor.construct_yaml_float(node))


def _moment(constructor: yaml.SafeLoader, node: yaml.ScalarNode) -> dt.date | dt.datetime:
    if len(node.value) > 100:
        raise ValueError
    moment: dt.date | dt.datetime = constructor.construct_yaml_timestamp(node)
    return moment


def _truth(constructor: yaml.SafeLoader, node: yaml.ScalarNode) -> bool:
    return bool(constructor.construct_yaml_bool(node))


_SCALARS = {"int": _integer, "float": _decimal, "timestamp": _moment, "bool": _truth}
