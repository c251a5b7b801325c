"""What can be known of an evaluation script without running it: does it parse, and where does `evaluate` come from."""

import ast
import contextlib
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

# A parsed file takes up to a hundred times its size in memory.
LARGEST_SOURCE = 512 * 1024
ALL_SOURCES = 2 * 1024 * 1024
_COMPILED = 128 * 1024
_LOCK = threading.Lock()  # catch_warnings changes the filters of the whole process for a moment


class Found(Enum):
    """Whether a module has a callable of some name: for certain, perhaps, no, or something that cannot be called."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"
    NOT_CALLABLE = "not callable"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why a source file cannot be parsed, counted from line and column 1; `certain` when Python would refuse it."""

    reason: str
    line: int | None = None
    column: int | None = None
    certain: bool = True


@dataclass(slots=True)
class Package:
    """The modules of a script folder, parsed as they are asked for; `reached` are those that the import touches."""

    root: Path
    mistakes: dict[str, Mistake] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    _trees: dict[str, ast.Module | None] = field(default_factory=dict)
    _read: int = 0

    def tree(self, path: str) -> ast.Module | None:
        """Return the parsed file, or None; why not is in `mistakes`."""
        if path not in self._trees:
            self._trees[path] = self._parse(path)
        return self._trees[path]

    def look_over(self, path: str) -> None:
        """Parse a file that nothing imports, for its mistakes alone."""
        if path not in self._trees:
            self._parse(path)

    def module(self, folder: str, dotted: str) -> str | None:
        """Return the file of a module named from a folder of the package; None when it is not part of it."""
        steps = [*filter(None, folder.split("/")), *filter(None, dotted.split("."))]
        for candidate in ("/".join([*steps, "__init__.py"]), "/".join(steps) + ".py"):
            # a script that wants to stop us imports a name longer than any that the disk knows
            with contextlib.suppress(OSError):
                if (self.root / candidate).is_file():
                    return candidate
        return None

    def has_folder(self, name: str) -> bool:
        """Whether the package has a folder of this name at its top."""
        with contextlib.suppress(OSError):
            return (self.root / name).is_dir()
        return False

    def _parse(self, path: str) -> ast.Module | None:
        source = self.root / path
        self._read += source.stat().st_size
        if source.stat().st_size > LARGEST_SOURCE or self._read > ALL_SOURCES:
            self.mistakes[path] = Mistake("there is too much Python to check it all", certain=False)
            return None
        try:
            with _LOCK, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source.read_bytes())
                if source.stat().st_size <= _COMPILED:
                    # finds what parsing does not: `from __future__` behind other lines, `return` outside of a function
                    compile(tree, path, "exec", dont_inherit=True)
                return tree
        except SyntaxError as failure:
            self.mistakes[path] = Mistake(failure.msg, failure.lineno or None, failure.offset or None)
        except ValueError as failure:
            self.mistakes[path] = Mistake(str(failure))
        except (RecursionError, MemoryError):
            self.mistakes[path] = Mistake("the file is nested too deeply to be checked", certain=False)
        return None


def follow_imports(package: Package, start: str) -> None:
    """Mark every module of the package that importing `start` reaches."""
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path in package.reached:
            continue
        package.reached.add(path)
        tree = package.tree(path)
        if tree:
            waiting += [found for node in ast.walk(tree) for found in _imported(package, path, node)]


def _imported(package: Package, path: str, node: ast.AST) -> Iterator[str]:
    names: list[tuple[str, str]] = []
    if isinstance(node, ast.Import):
        names = [("", alias.name) for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        folder = _folder_of_import(path, node)
        base = node.module or ""
        names = [(folder, base), *((folder, f"{base}.{alias.name}") for alias in node.names)]
    for folder, dotted in names:
        found = package.module(folder, dotted)
        if found:
            yield found


def _folder_of_import(path: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return ""
    steps = path.split("/")[:-1]
    kept = len(steps) - (node.level - 1)
    return "/".join(steps[:kept]) if kept >= 0 else ".."


def find_callable(package: Package, path: str, name: str, *, depth: int = 8) -> Found:
    """Tell whether the module at `path` offers a callable `name`, following imports within the package."""
    tree = package.tree(path)
    if tree is None or depth == 0:
        return Found.PERHAPS
    answers = [
        answer
        for node in _module_level(tree.body)
        for answer in [_offers(package, path, node, name, depth)]
        if answer is not None
    ]
    certain = [answer for answer in answers if answer is not Found.PERHAPS]
    if certain and (certain[-1] is Found.YES or Found.YES not in certain):
        return certain[-1]
    return Found.PERHAPS if answers else Found.NO  # several branches, or nothing that can be seen


def _module_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run on import, those inside `if`, `try`, `with` and loops included."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from _module_level(getattr(node, part, []))
        for handler in getattr(node, "handlers", []):
            yield from _module_level(handler.body)


def _offers(package: Package, path: str, node: ast.stmt, name: str, depth: int) -> Found | None:
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return _defined(node, name)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return _assigned(node, name)
    if isinstance(node, ast.ImportFrom):
        return _imported_name(package, path, node, name, depth)
    if isinstance(node, ast.Import) and any((alias.asname or alias.name) == name for alias in node.names):
        return Found.PERHAPS
    makes_names = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    return Found.PERHAPS if makes_names and _called(node) in {"exec", "setattr"} else None


def _called(node: ast.stmt) -> str:
    call = getattr(node, "value", None)
    return str(getattr(getattr(call, "func", None), "id", ""))


def _defined(node: ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef, name: str) -> Found | None:
    if node.name == name:
        return Found.NOT_CALLABLE if isinstance(node, ast.AsyncFunctionDef) else Found.YES
    return Found.PERHAPS if node.name == "__getattr__" else None


def _assigned(node: ast.Assign | ast.AnnAssign, name: str) -> Found | None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if not any(isinstance(target, ast.Name) and target.id == name for target in targets):
        return None
    if isinstance(node.value, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.Set):
        return Found.NOT_CALLABLE
    return Found.YES if isinstance(node.value, ast.Lambda) else Found.PERHAPS


def _imported_name(package: Package, path: str, node: ast.ImportFrom, name: str, depth: int) -> Found | None:
    for alias in node.names:
        if alias.name != "*" and (alias.asname or alias.name) != name:
            continue
        wanted = name if alias.name == "*" else alias.name
        folder = _folder_of_import(path, node)
        module = package.module(folder, node.module or "")
        if module and module != path:
            answer = find_callable(package, module, wanted, depth=depth - 1)
            inner = package.module(folder, f"{node.module or ''}.{wanted}")
            if answer is Found.NO and inner and alias.name != "*":
                return Found.NOT_CALLABLE
            if alias.name == "*" and answer is Found.NO:
                return None
            return answer
        return _outside(package, folder, node, wanted, star=alias.name == "*")
    return None


def _outside(package: Package, folder: str, node: ast.ImportFrom, name: str, *, star: bool) -> Found | None:
    """Judge an import from a module that the folder does not hold, or from the package itself."""
    if not star and package.module(folder, f"{node.module or ''}.{name}"):
        return Found.NOT_CALLABLE
    if node.level and node.module and not star:
        return Found.NO
    return Found.PERHAPS


def parameter_names(package: Package, path: str, name: str) -> list[str]:
    """Return what a plain function calls its positional parameters; nothing when it is not defined here."""
    tree = package.tree(path)
    for node in _module_level(tree.body) if tree else ():
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return [parameter.arg for parameter in (*node.args.posonlyargs, *node.args.args)]
    return []


def line_of(package: Package, path: str, name: str) -> int | None:
    """Return where a plain function is defined; None when it is not defined here."""
    tree = package.tree(path)
    nodes = _module_level(tree.body) if tree else ()
    return next((it.lineno for it in nodes if isinstance(it, ast.FunctionDef) and it.name == name), None)


def positional_arguments(package: Package, path: str, name: str) -> tuple[int, int] | None:
    """Return how many positional arguments a plain function needs and takes; None when it is not defined here."""
    tree = package.tree(path)
    for node in _module_level(tree.body) if tree else ():
        if isinstance(node, ast.FunctionDef) and node.name == name and not node.decorator_list:
            places = len(node.args.posonlyargs) + len(node.args.args)
            return places - len(node.args.defaults), 1_000 if node.args.vararg else places
    return None
