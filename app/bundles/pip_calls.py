"""What a script asks pip for, read from its source: `subprocess … pip install X`, `pip.main`, `os.system("pip …")`.

Bundles made from EvalAI's template do this while they are imported, mostly through a function of their own.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.bundles.call_words import Word, constant_texts, is_text, name_of, names_in, texts_behind_names, words_of

_RUNS_A_PROGRAM = {"run", "call", "check_call", "check_output", "Popen", "getoutput", "system", "popen"}
_IS_PIP = re.compile(r"(^|/)pip[\d.]*$")
_PIPS_OWN = {"main", "pip_main", "pipmain", "_main"}
_WITH_VALUE = {
    "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target",
    "--prefix", "--root", "--python-version", "--platform", "--timeout", "--retries", "--trusted-host", "--proxy",
}  # fmt: skip
_FROM_FILE = {"-r", "--requirement"}


@dataclass(frozen=True, slots=True)
class PipCall:
    """One request to pip: what is to be installed, files that list more, and whether a part of it cannot be read."""

    line: int
    wanted: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    is_clear: bool = True


@dataclass(slots=True)
class _Wrapper:
    """A function of the script that hands one of its parameters to pip."""

    position: int
    parameter: str
    direct: bool


@dataclass(frozen=True, slots=True)
class _Function:
    """The function a call stands in: its parameters, and the parameter behind every name made from one."""

    name: str = ""
    parameters: tuple[str, ...] = ()
    behind: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Scope:
    """What is known of a module: texts behind names, and functions that install what they are given."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    wrappers: dict[str, _Wrapper] = field(default_factory=dict)
    calls: list[PipCall] = field(default_factory=list)


def pip_calls(tree: ast.Module) -> list[PipCall]:
    """Return every request to pip in a module, in the order of its lines."""
    try:
        return sorted(_found(tree), key=lambda it: it.line)
    except RecursionError:
        return [PipCall(1, is_clear=False)]


def _found(tree: ast.Module) -> list[PipCall]:
    scope = _Scope(texts=texts_behind_names(tree))
    for call, function in _calls(tree):
        words = _install_words(call)
        if words is not None:
            _note(scope, call, words, function)
    for call, _ in _calls(tree):
        wrapper = scope.wrappers.get(name_of(call.func))
        if wrapper is not None:
            scope.calls.append(_through(scope, call, wrapper))
    return scope.calls


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, _Function]]:
    """Yield every call with the function it stands in."""
    waiting: list[tuple[ast.AST, _Function]] = [(tree, _Function())]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = _function(node)
        if isinstance(node, ast.Call):
            yield node, function
        waiting += [(child, function) for child in ast.iter_child_nodes(node)]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> _Function:
    given = node.args
    named = [it.arg for it in (*given.posonlyargs, *given.args, *([given.vararg] if given.vararg else []))]
    behind = {name: name for name in named}
    for step in node.body:
        if isinstance(step, ast.Assign) and isinstance(step.targets[0], ast.Name):
            used = [behind[name] for name in names_in(step.value) if name in behind]
            behind |= {step.targets[0].id: used[0]} if used else {}
    return _Function(node.name, tuple(named), behind)


def _install_words(call: ast.Call) -> list[Word] | None:
    """Return the words after `pip install` when the call is one, else None."""
    name = name_of(call.func)
    if not call.args or name not in _RUNS_A_PROGRAM | _PIPS_OWN:
        return None
    words = words_of(call.args[0])
    if name in _PIPS_OWN:
        return words[1:] if words and words[0] == "install" else None
    for place, word in enumerate(words[:-1]):
        if isinstance(word, str) and _IS_PIP.search(word) and words[place + 1] == "install":
            return words[place + 2 :]
    return None


def _note(scope: _Scope, call: ast.Call, words: Sequence[Word], function: _Function) -> None:
    """Keep a call that installs; one that installs what its function is given makes the function a wrapper."""
    known: list[Word] = []
    is_wrapper = False
    for word in words:
        given = [] if isinstance(word, str) else [it for it in names_in(word) if it in function.behind]
        if given and not isinstance(word, str):
            inner = word.value if isinstance(word, ast.Starred) else word
            parameter = function.behind[given[0]]
            direct = isinstance(inner, ast.Name) and inner.id == parameter
            scope.wrappers[function.name] = _Wrapper(function.parameters.index(parameter), parameter, direct)
            is_wrapper = True
        else:
            known.append(word)
    made = _read(scope, call.lineno, known)
    if made.wanted or made.files or not (is_wrapper or made.is_clear):
        scope.calls.append(made)


def _through(scope: _Scope, call: ast.Call, wrapper: _Wrapper) -> PipCall:
    if not wrapper.direct:
        # the wrapper makes a path of what it is given: a package that lies in the bundle
        return PipCall(call.lineno)
    named = [it.value for it in call.keywords if it.arg == wrapper.parameter]
    given = [*named, *call.args[wrapper.position :]]
    return _read(scope, call.lineno, [word for it in given for word in (words_of(it) if is_text(it) else [it])])


def _read(scope: _Scope, line: int, words: Sequence[Word]) -> PipCall:
    wanted: list[str] = []
    files: list[str] = []
    is_clear = True
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if isinstance(word, str) and word in _FROM_FILE and rest:
            found = _file_name(rest.pop(0))
            files += [found] if found else []
            is_clear = is_clear and found is not None
        elif isinstance(word, str) and word in _WITH_VALUE and rest:
            rest.pop(0)
        elif isinstance(word, str):
            wanted += [word] if word and not word.startswith("-") else []
        else:
            texts = _behind(scope, word)
            wanted += texts or []
            is_clear = is_clear and texts is not None
    return PipCall(line, tuple(wanted), tuple(files), is_clear)


def _file_name(word: Word) -> str | None:
    """Return the name of a file; of a path put together in the script, the last part that ends like one."""
    if isinstance(word, str):
        return word.rsplit("/", maxsplit=1)[-1]
    texts = [it.value for it in ast.walk(word) if isinstance(it, ast.Constant) and isinstance(it.value, str)]
    names = [text.rsplit("/", maxsplit=1)[-1] for text in texts if text.endswith((".txt", ".in"))]
    return names[-1] if names else None


def _behind(scope: _Scope, node: ast.expr) -> list[str] | None:
    inner = node.value if isinstance(node, ast.Starred) else node
    if isinstance(inner, ast.Name):
        return scope.texts.get(inner.id)
    return constant_texts(inner)
