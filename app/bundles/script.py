"""The evaluation script of a bundle: where it is, whether it parses, whether `evaluate` can be reached."""

from dataclasses import dataclass, replace
from pathlib import Path

from app.bundles.archive import open_bundle
from app.bundles.folder import BundleFiles, Folder
from app.bundles.problems import BundleRefused, Problem, Severity, error, has_errors, note
from app.bundles.script_excerpts import excerpt_of
from app.bundles.script_source import (
    Found,
    Mistake,
    Package,
    find_callable,
    follow_imports,
    line_of,
    parameter_names,
    positional_arguments,
)
from app.bundles.zip_listing import ArchiveLimits
from app.rules.errors import N_

_USUAL = ("evaluation_script.zip", "evaluation_script")
_MOST_SOURCES = 500
_ADDED = """# Added at import: the script came without an __init__.py.
from .main import evaluate
"""


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """The folder with the script, ready to be kept, or None; and what there is to say about it.

    `label` is its path in the bundle.
    """

    folder: Path | None
    problems: list[Problem]
    label: str = ""


def take_script(
    files: BundleFiles, name: str | None, *, configuration: str, into: Path, limits: ArchiveLimits
) -> ScriptResult:
    """Find what `evaluation_script` names, unpack it into `into` if it is a zip, and check its Python files.

    `name` is None when the configuration could not be read; then the usual places are tried.
    """
    folder = Folder(files, base=configuration.rpartition("/")[0])
    located, problems = _locate(folder, name)
    if located is None:
        return ScriptResult(None, problems)
    try:
        root, label = _opened(files, located, folder, into, limits, problems)
    except BundleRefused as refusal:
        inner = [replace(problem, file=located, path="evaluation_script") for problem in refusal.problems]
        return ScriptResult(None, [*problems, *inner])
    problems += _check(root, label)
    return ScriptResult(root, problems, label)


def _locate(folder: Folder, name: str | None) -> tuple[str | None, list[Problem]]:
    """Return the path of the zip or the folder; a raw folder is as good as the zip made of it."""
    wanted = [name] if name else list(_USUAL)
    for candidate in wanted:
        named = folder.look_up(candidate)
        if named.file or named.folder:
            return named.file or named.folder, []
    if name is None:
        return None, []
    for candidate in (name.removesuffix(".zip").rstrip("/"), f"{name.rstrip('/')}.zip", *_USUAL):
        named = folder.look_up(candidate)
        if named.file or named.folder:
            return (named.file or named.folder), [_taken_instead(name, named.file or f"{named.folder}/")]
    return None, [_no_script(folder, name)]


def _taken_instead(name: str, found: str) -> Problem:
    taken = note(N_("`%(name)s` is not in the bundle; `%(found)s` is used instead."), name=name[:80], found=found)
    return replace(taken, path="evaluation_script")


def _no_script(folder: Folder, name: str) -> Problem:
    missing = error(
        N_("The evaluation script `%(name)s` is not in the bundle."),
        N_("Add the zip, or a folder of that name with `__init__.py` and `main.py` in it."),
        name=name[:80],
    )
    return replace(missing, path="evaluation_script", supply=folder.look_up(name).wanted)


def _opened(
    files: BundleFiles, located: str, folder: Folder, into: Path, limits: ArchiveLimits, problems: list[Problem]
) -> tuple[Path, str]:
    if located in folder.paths:
        opened = open_bundle(files.on_disk(located), into, limits=limits)
        problems += [replace(problem, file=located) for problem in opened.problems]
        return opened.root, located
    root, label = files.on_disk(located), located
    inner = [child for child in root.iterdir() if child.is_dir()]
    if not _has_entry(root) and len(inner) == 1 and _has_entry(inner[0]):
        return inner[0], f"{label}/{inner[0].name}"
    return root, label


def _has_entry(folder: Path) -> bool:
    return (folder / "__init__.py").is_file() or (folder / "main.py").is_file()


def _check(root: Path, label: str) -> list[Problem]:
    package = Package(root)
    problems: list[Problem] = []
    if not (root / "__init__.py").is_file():
        problems.append(_without_entry(package, label))
        if has_errors(problems):
            return problems
    follow_imports(package, "__init__.py")
    _parse_the_rest(package)
    for path, mistake in sorted(package.mistakes.items()):
        problems.append(_mistake(package, path, mistake, label))
    if "__init__.py" not in package.mistakes:
        problems += _evaluate(package, label)
    return problems


def _without_entry(package: Package, label: str) -> Problem:
    """Add the missing `__init__.py` where `main.py` has what it would offer; otherwise complain."""
    main = package.root / "main.py"
    if main.is_file() and find_callable(package, "main.py", "evaluate") in {Found.YES, Found.PERHAPS}:
        (package.root / "__init__.py").write_text(_ADDED, encoding="utf-8")
        return Problem(
            severity=Severity.WARNING,
            message=N_("The evaluation script has no `__init__.py`; one was added that takes `evaluate` from main.py."),
            hint=N_("Add an `__init__.py` with the line `from .main import evaluate`."),
            file=label,
        )
    return error(
        N_("The evaluation script has no `__init__.py` at its top."),
        N_("Pack the contents of the script folder, with an `__init__.py` that says `from .main import evaluate`."),
        file=label,
    )


def _parse_the_rest(package: Package) -> None:
    for number, source in enumerate(sorted(package.root.rglob("*.py"))):
        if number < _MOST_SOURCES and source.is_file():
            package.look_over(source.relative_to(package.root).as_posix())


def _mistake(package: Package, path: str, mistake: Mistake, label: str) -> Problem:
    if not mistake.certain:
        severity, message = Severity.WARNING, N_("The file could not be checked: %(reason)s.")
    elif path in package.reached:
        severity, message = Severity.ERROR, N_("The file is not valid Python: %(reason)s.")
    else:
        severity = Severity.WARNING
        message = N_("The file is not valid Python (%(reason)s), but nothing imports it.")
    return Problem(
        severity=severity,
        message=message,
        hint=N_("Correct this line; try `python -m py_compile` on the file."),
        values={"reason": mistake.reason.rstrip(".")},
        file=f"{label}/{path}",
        line=mistake.line,
        column=mistake.column,
        excerpt=excerpt_of(package.root / path, mistake.line),
    )


def _evaluate(package: Package, label: str) -> list[Problem]:
    found = find_callable(package, "__init__.py", "evaluate")
    file = f"{label}/__init__.py"
    if found is Found.NO:
        return [
            error(
                N_("The evaluation script defines no `evaluate`."),
                N_("Write `from .main import evaluate` into `__init__.py`, and define `evaluate` in main.py."),
                file=file,
            )
        ]
    if found is Found.NOT_CALLABLE:
        return [
            error(
                N_("The `evaluate` of the evaluation script is not a plain function."),
                N_("Write `def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):`."),
                file=file,
            )
        ]
    if found is Found.PERHAPS and package.reached & package.mistakes.keys():
        return []
    if found is Found.PERHAPS:
        return [
            note(N_("Whether the script defines `evaluate` is known only when it runs; a trial will show."), file=file)
        ]
    return _arguments(package, label)


def _arguments(package: Package, label: str) -> list[Problem]:
    for path in sorted(package.reached):
        counts = positional_arguments(package, path, "evaluate")
        if counts and path in {"__init__.py", "main.py"} and not counts[0] <= 3 <= counts[1]:
            return [
                _about_evaluate(
                    package,
                    path,
                    label,
                    Severity.ERROR,
                    N_("`evaluate` cannot be called with three arguments."),
                    N_(
                        "Define it as `evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs)`."
                    ),
                )
            ]
        names = parameter_names(package, path, "evaluate")[:3] if path in {"__init__.py", "main.py"} else []
        if _out_of_order(names):
            return [
                _about_evaluate(
                    package,
                    path,
                    label,
                    Severity.WARNING,
                    N_("`evaluate(%(names)s, …)` has its parameters in an unusual order."),
                    N_("It is called by position: first the correct answers, then the submission, then the phase."),
                    names=", ".join(names),
                )
            ]
    return []


def _about_evaluate(
    package: Package, path: str, label: str, severity: Severity, message: str, hint: str, **values: str
) -> Problem:
    """Say something about `evaluate` at the line that defines it."""
    line = line_of(package, path, "evaluate")
    return Problem(
        severity=severity,
        message=message,
        hint=hint,
        values=values,
        file=f"{label}/{path}",
        line=line,
        excerpt=excerpt_of(package.root / path, line),
    )


def _out_of_order(names: list[str]) -> bool:
    """Tell whether three names say of a file that it is another than comes at its place."""
    if len(names) < 3:
        return False
    first, second, third = ({*name.lower().split("_")} for name in names)
    return bool(
        first & {"submission", "user", "prediction", "predictions", "pred", "phase"}
        or second & {"phase", "codename"}
        or (second & {"annotation", "truth", "gt"} and "user" not in second)
        or (third & {"submission", "annotation", "output"} and "phase" not in third)
    )
