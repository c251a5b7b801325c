"""The source of the product, parsed, for the tests over all of it."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("app", "evaluation_runtime")
ALONE = ("config.py", "launch.py", "wsgi.py")


@dataclass(frozen=True)
class Module:
    """One file: its path from the root, its dotted name, its lines and its tree."""

    path: str
    name: str
    lines: int
    tree: ast.Module

    def imports(self):
        """Return every module this one imports, as written."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found.append(node.module or "")
        return found

    def functions(self):
        """Return every function and method."""
        return [it for it in ast.walk(self.tree) if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)]

    def chains(self):
        """Return (line, "db.session") for every dotted name that is read."""
        return [
            (node.lineno, f"{node.value.id}.{node.attr}")
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        ]


@cache
def modules():
    """Return every module of the product."""
    files = [ROOT / name for name in ALONE]
    for folder in FOLDERS:
        files += sorted((ROOT / folder).rglob("*.py"))
    return [_module(file) for file in files]


def _module(file):
    text = file.read_text(encoding="utf-8")
    path = file.relative_to(ROOT).as_posix()
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Module(path, name, len(text.splitlines()), ast.parse(text))


def under(*names):
    """Return the modules of these packages."""
    return [it for it in modules() if it.name.startswith(tuple(f"{name}." for name in names)) or it.name in names]
