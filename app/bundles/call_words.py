"""The words of a command as a script writes it: text, lists, f-strings, and the names that stand for texts."""

import ast
import shlex
from collections.abc import Mapping

_GAP = "\0{}\0"

# A word of a command: its text, or the expression that would make it.
Word = str | ast.expr


def words_of(node: ast.expr) -> list[Word]:
    """Take a command apart, whether it is written as a list or as one text."""
    if isinstance(node, ast.List | ast.Tuple):
        return [word for item in node.elts for word in _item(item)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and not is_text(node):
        return [*words_of(node.left), *words_of(node.right)]
    if isinstance(node, ast.Call) and name_of(node.func) == "split" and isinstance(node.func, ast.Attribute):
        return words_of(node.func.value)
    gaps: list[ast.expr] = []
    text = _text(node, gaps)
    if text is None:
        return [node]
    try:
        parts = shlex.split(text)
    except ValueError:
        parts = text.split()
    return [gaps[int(part.split("\0")[1])] if "\0" in part else part for part in parts]


def _item(node: ast.expr) -> list[Word]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    return [node]


def is_text(node: ast.expr) -> bool:
    """Whether an expression is a text that is written out at least in part."""
    gaps: list[ast.expr] = []
    return _text(node, gaps) is not None


def _text(node: ast.expr, gaps: list[ast.expr]) -> str | None:
    """Return a text with a numbered gap for every part that is not written out; None for what is no text."""
    if isinstance(node, ast.Constant):
        # a gap is marked by the one sign that no word of a command can hold
        return node.value.replace("\0", "") if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_piece(it, gaps) for it in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [_text(side, gaps) for side in (node.left, node.right)]
        return None if sides == [None, None] else "".join(_piece(side, gaps) for side in (node.left, node.right))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _filled(node.left, node.right, "%s", gaps)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format" and node.args:
        return _filled(node.func.value, node.args[0], "{}", gaps)
    return None


def _piece(node: ast.expr, gaps: list[ast.expr]) -> str:
    text = _text(node, gaps)
    return _gap(node, gaps) if text is None else text


def _filled(template: ast.expr, value: ast.expr, sign: str, gaps: list[ast.expr]) -> str | None:
    text = _text(template, gaps)
    return None if text is None else text.replace(sign, _gap(value, gaps), 1)


def _gap(node: ast.expr, gaps: list[ast.expr]) -> str:
    gaps.append(node.value if isinstance(node, ast.FormattedValue) else node)
    return _GAP.format(len(gaps) - 1)


def texts_behind_names(tree: ast.Module) -> dict[str, list[str]]:
    """Return the texts that a name stands for somewhere in the module: assigned, or gone through by a loop."""
    found: dict[str, list[str]] = {}
    loops: list[tuple[str, ast.expr]] = []
    tables = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.For | ast.comprehension):
            loops += [(node.target.id, node.iter)] if isinstance(node.target, ast.Name) else _columns(node, tables)
        texts = constant_texts(node.value) if isinstance(node, ast.Assign) else None
        for target in targets:
            if isinstance(target, ast.Name) and texts is not None:
                found.setdefault(target.id, []).extend(texts)
    for name, source in loops:
        texts = found.get(source.id) if isinstance(source, ast.Name) else constant_texts(source)
        if texts is not None:
            found.setdefault(name, []).extend(texts)
    return found


def _columns(loop: ast.For | ast.comprehension, tables: Mapping[str, ast.expr]) -> list[tuple[str, ast.expr]]:
    """Return, for `for module, package in PAIRS`, each name with the list of what it goes through."""
    source = tables.get(loop.iter.id) if isinstance(loop.iter, ast.Name) else loop.iter
    rows = source.elts if isinstance(source, ast.List | ast.Tuple) else []
    names = loop.target.elts if isinstance(loop.target, ast.Tuple) else []
    cells = [row.elts for row in rows if isinstance(row, ast.List | ast.Tuple) and len(row.elts) == len(names)]
    if not cells or len(cells) != len(rows):
        return []
    return [
        (name.id, ast.List([row[place] for row in cells], ast.Load()))
        for place, name in enumerate(names)
        if isinstance(name, ast.Name)
    ]


def constant_texts(node: ast.expr) -> list[str] | None:
    """Return the texts of a literal, one or a list of them; None for anything else."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
    texts = [it.value for it in items if isinstance(it, ast.Constant) and isinstance(it.value, str)]
    return texts if texts and len(texts) == len(items) else None


def names_in(node: ast.expr) -> list[str]:
    """Return every name that an expression uses."""
    return [it.id for it in ast.walk(node) if isinstance(it, ast.Name)]


def name_of(function: ast.expr) -> str:
    """Return the last part of what is called."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
