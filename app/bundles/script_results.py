"""What a script gives for which phase, as far as its source shows it: phases it knows by name, splits, metrics."""

import ast
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from app.bundles.script_source import Package

_METRICS = ("accuracies", "metrics", "scores")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_ENTRY = ("__init__.py", "main.py")


@dataclass(frozen=True, slots=True)
class Phases:
    """The phases for which a line is reached: those that are named, or all but those."""

    names: frozenset[str] = frozenset()
    are_named: bool = False

    def admit(self, codename: str) -> bool:
        """Tell whether a phase comes to the line."""
        return (codename in self.names) is self.are_named

    def narrowed(self, names: frozenset[str], *, inside: bool) -> "Phases":
        """Return the phases of a branch that is taken for these names, or of the other branch."""
        if inside:
            kept = self.names & names if self.are_named else names - self.names
            return Phases(kept, are_named=True)
        return Phases(self.names - names, are_named=True) if self.are_named else Phases(self.names | names)


@dataclass(frozen=True, slots=True)
class Given:
    """A result that a line gives: its splits with their metrics, each None where the source does not show them."""

    phases: Phases
    splits: dict[str, tuple[str, ...] | None] | None
    line: int


@dataclass(frozen=True, slots=True)
class ScriptGives:
    """All results of `evaluate`, in the file that defines it; `known` are the codenames it compares with, by line."""

    file: str
    given: tuple[Given, ...]
    known: dict[str, int]


def script_gives(package: Package) -> ScriptGives | None:
    """Read the results of `evaluate` from its source; None where it is not defined in plain sight."""
    found = [(path, node) for path in _ENTRY if path in package.reached for node in _functions(package, path)]
    if len(found) != 1:
        return None
    path, function = found[0]
    parameters = [it.arg for it in (*function.args.posonlyargs, *function.args.args)]
    if len(parameters) < 3:
        return None
    reading = _Reading(parameters[2], _returned(function))
    reading.visit(function.body, Phases())
    given = [_without_labels(it) for it in reading.given] if _fills_in_later(function) else reading.given
    return ScriptGives(path, tuple(given), reading.known)


def _fills_in_later(function: ast.FunctionDef) -> bool:
    """Tell whether metrics are added to a result that stands already: `output["result"][0]["test"]["F1"] = …`."""
    targets = [target for it in _walk(function) if isinstance(it, ast.Assign) for target in it.targets]
    return any(isinstance(it, ast.Subscript) and ast.unparse(it).count("[") > 2 for it in targets)


def _without_labels(given: Given) -> Given:
    splits = None if given.splits is None else dict.fromkeys(given.splits)
    return Given(given.phases, splits, given.line)


def _functions(package: Package, path: str) -> Iterator[ast.FunctionDef]:
    tree = package.tree(path)
    yield from (it for it in (tree.body if tree else ()) if isinstance(it, ast.FunctionDef) and it.name == "evaluate")


def _returned(function: ast.FunctionDef) -> set[str]:
    return {it.value.id for it in _walk(function) if isinstance(it, ast.Return) and isinstance(it.value, ast.Name)}


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Go through a statement without the functions and classes that are defined within."""
    waiting: deque[ast.AST] = deque([node])
    while waiting:
        it = waiting.popleft()
        yield it
        waiting += (child for child in ast.iter_child_nodes(it) if not isinstance(child, _SCOPES))


class _Reading:
    """Goes through the statements of `evaluate`, keeping for which phases each is reached."""

    def __init__(self, parameter: str, returned: set[str]) -> None:
        self.parameter, self.returned = parameter, returned
        self.given: list[Given] = []
        self.known: dict[str, int] = {}

    def visit(self, body: list[ast.stmt], phases: Phases) -> None:
        for node in body:
            names, is_inside = self._asked(node.test) if isinstance(node, ast.If) else (None, True)
            if isinstance(node, ast.If) and names is not None:
                self.known |= {name: node.lineno for name in sorted(names) if name not in self.known}
                self.visit(node.body, phases.narrowed(names, inside=is_inside))
                other = phases.narrowed(names, inside=not is_inside)
                self.visit(node.orelse, other)
                if not node.orelse and isinstance(node.body[-1], ast.Return | ast.Raise):
                    phases = other
            else:
                self._visit_plainly(node, phases)

    def _visit_plainly(self, node: ast.stmt, phases: Phases) -> None:
        parts = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
        parts += [handler.body for handler in getattr(node, "handlers", [])]
        if any(parts):
            for part in parts:
                self.visit(part, phases)
        else:
            self.given += [Given(phases, splits, line) for splits, line in self._results(node)]

    def _asked(self, test: ast.expr) -> tuple[frozenset[str] | None, bool]:
        """Return the codenames that a condition compares the phase with, and whether it holds for them."""
        if isinstance(test, ast.BoolOp):
            asked = [self._asked(it) for it in test.values]
            named = [names for names, is_inside in asked if names is not None and is_inside]
            if isinstance(test.op, ast.And) and named:
                return named[0], True
            return (frozenset[str]().union(*named), True) if len(named) == len(asked) else (None, True)
        if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not self._is_phase(test.left):
            return None, True
        names = _texts(test.comparators[0])
        if isinstance(test.ops[0], ast.Eq | ast.In):
            return names, True
        return (names, False) if isinstance(test.ops[0], ast.NotEq | ast.NotIn) else (None, True)

    def _is_phase(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.parameter

    def _results(self, node: ast.stmt) -> Iterator[tuple[dict[str, tuple[str, ...] | None] | None, int]]:
        """Yield what a single statement gives as a result; None where it may give anything."""
        for it in _walk(node):
            value = _value_of_result(it)
            if value is not None:
                yield _splits(value), it.lineno  # type: ignore[attr-defined]
                return
        if self._may_give(node):
            yield None, node.lineno

    def _may_give(self, node: ast.stmt) -> bool:
        """Tell whether a statement hands what is returned to something else, or takes it from there."""
        if isinstance(node, ast.Return):
            return node.value is not None and not isinstance(node.value, ast.Name | ast.Constant | ast.Dict)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            is_returned = any(isinstance(it, ast.Name) and it.id in self.returned for it in targets)
            if is_returned:
                return not isinstance(node.value, ast.Dict) and not _is_empty(node.value)
        calls = [it for it in _walk(node) if isinstance(it, ast.Call)]
        given = [arg for call in calls if _name(call.func) != "print" for arg in (*call.args, _owner(call.func))]
        return any(isinstance(arg, ast.Name) and arg.id in self.returned for arg in given)


def _is_empty(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Call) and _name(value.func) == "dict" and not value.args)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _owner(function: ast.expr) -> ast.expr:
    return function.value if isinstance(function, ast.Attribute) else function


def _texts(node: ast.expr) -> frozenset[str] | None:
    items = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    texts = [it.value for it in items if isinstance(it, ast.Constant) and isinstance(it.value, str)]
    return frozenset(texts) if texts and len(texts) == len(items) else None


def _value_of_result(node: ast.AST) -> ast.expr | None:
    """Return what is put under the key `result`: in a map, by its name, or appended to its list."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return next((value for key, value in pairs if _is_result(key)), None)
    if isinstance(node, ast.Assign) and any(_is_result_of(it) for it in node.targets):
        return node.value
    is_append = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append"
    return node.args[0] if is_append and node.args and _is_result_of(node.func.value) else None  # type: ignore[attr-defined]


def _is_result_of(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and _is_result(node.slice)


def _is_result(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "result"


def _splits(value: ast.expr) -> dict[str, tuple[str, ...] | None] | None:
    found: dict[str, tuple[str, ...] | None] = {}
    for entry in value.elts if isinstance(value, ast.List) else [value]:
        keys = [key.value if isinstance(key, ast.Constant) else None for key in getattr(entry, "keys", [None])]
        if not isinstance(entry, ast.Dict) or not all(isinstance(key, str) for key in keys):
            return None
        pairs = {str(key): inner for key, inner in zip(keys, entry.values, strict=True)}
        split = pairs.get("split")
        if "split" in pairs and any(name in pairs for name in _METRICS):
            if not isinstance(split, ast.Constant) or not isinstance(split.value, str):
                return None
            pairs = {split.value: next(pairs[name] for name in _METRICS if name in pairs)}
        found |= {name: _labels(inner) for name, inner in pairs.items()}
    return found


def _labels(node: ast.expr) -> tuple[str, ...] | None:
    keys = node.keys if isinstance(node, ast.Dict) else [None]
    texts = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return tuple(texts) if len(texts) == len(keys) and texts else None
