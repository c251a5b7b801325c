"""What a script imports from outside: neither its own modules nor Python's."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from app.bundles.distributions import is_standard
from app.bundles.script_source import Package


@dataclass(frozen=True, slots=True)
class Import:
    """One module that a file imports; `optional` where the script goes on without it."""

    module: str
    file: str
    line: int
    optional: bool


def outside_imports(package: Package) -> list[Import]:
    """Return what the reached modules of a package import from outside, file by file."""
    found: list[Import] = []
    for path in sorted(package.reached):
        tree = package.tree(path)
        for module, line, optional in _imported(tree) if tree else ():
            if not is_standard(module) and not _is_own(package, path, module):
                found.append(Import(module, path, line, optional))
    return found


def _imported(tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno, optional
        elif isinstance(node, ast.If) and _is_for_type_checkers(node.test):
            waiting += [(it, optional) for it in node.orelse]
        elif isinstance(node, ast.Try):
            guarded = any(_catches_imports(it.type) for it in node.handlers)
            waiting += [(it, optional or guarded) for it in node.body]
            rest = (*node.handlers, *node.orelse, *node.finalbody)
            waiting += [(it, optional) for it in rest]
        else:
            waiting += [(it, optional) for it in ast.iter_child_nodes(node)]


def _is_for_type_checkers(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in {getattr(test, "id", ""), getattr(test, "attr", "")}


def _catches_imports(caught: ast.expr | None) -> bool:
    names = {it.id for it in ast.walk(caught) if isinstance(it, ast.Name)} if caught else {"Exception"}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def _is_own(package: Package, path: str, module: str) -> bool:
    """Whether a module lies in the script's folder, which is on the path, as is the name EvalAI gives it."""
    top = module.split(".", maxsplit=1)[0]
    if top in {"challenge_data", "evaluation_script"} or package.module("", top) or package.has_folder(top):
        return True
    folder = path.rpartition("/")[0]
    # scripts put their own folders on the path themselves
    return bool(folder) and package.module(folder, top) is not None
