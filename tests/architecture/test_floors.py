"""The house: who may import whom, who may touch what (docs/architecture.md)."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, modules, under

WEB_LIBRARIES = {
    "flask",
    "flask_babel",
    "flask_login",
    "flask_migrate",
    "flask_sqlalchemy",
    "flask_wtf",
    "htmx_flask",
    "werkzeug",
    "wtforms",
    "jinja2",
    "markupsafe",
    "nh3",
}
BELOW_EXTENSIONS = (
    "app.rules",
    "app.models",
    "app.bundles",
    "app.evaluation",
    "app.storage",
    "app.clock",
    "app.doorbell",
    "evaluation_runtime",
    "config",
)
# db itself may be named by who makes it, reads, writes, and by three that let go of a session at the end of their turn
MAY_NAME_THE_SESSION = (
    "app.extensions",
    "app.services",
    "app.queries",
    "app.web.headers",
    "app.web.errors",
    "app.tasks.workbench",
    "app.tasks.evaluate",
    "app.tasks.trials",
    "app.tasks.builds",
)
ONLY_LET_GO = {
    "app.web.headers": {"remove"},
    "app.web.errors": {"rollback"},
    "app.tasks.workbench": {"remove"},
    "app.tasks.builds": {"remove"},
}
COLLECTING_BASINS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}


def top(name):
    return name.split(".")[0]


def test_imports_only_go_down():
    # in a process of its own, because import-linter silences the loggers of everybody else
    linter = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
    ]

    ended = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("module", under("app.rules"), ids=lambda it: it.name)
def test_rules_need_only_the_standard_library(module):
    outside = {
        it for it in module.imports() if top(it) not in sys.stdlib_module_names and not it.startswith("app.rules")
    }

    assert outside == set()


def test_the_settings_and_the_launcher_need_only_the_standard_library():
    for module in modules():
        if module.name in {"config", "launch"}:
            assert {top(it) for it in module.imports()} - set(sys.stdlib_module_names) <= {"config"}, module.name


def test_the_child_knows_nothing_of_the_application():
    allowed = {"evaluation_runtime", "numpy", "pandas", "sklearn", "scipy", "threadpoolctl", *sys.stdlib_module_names}

    found = {
        (module.name, it)
        for module in under("evaluation_runtime")
        for it in module.imports()
        # what answers scripts that call pip is found under pip's own name
        if it and top(it) not in allowed and not ("stand_ins" in module.name and top(it) == "pip")
    }

    assert found == set()


def test_nothing_below_the_extensions_knows_the_web():
    found = {(m.name, it) for m in under(*BELOW_EXTENSIONS) for it in m.imports() if top(it) in WEB_LIBRARIES}

    assert found == set()


def test_tables_bundles_processes_and_files_do_not_know_each_other():
    rooms = ("app.models", "app.bundles", "app.evaluation", "app.storage", "app.clock")
    found = {
        (module.name, it)
        for room in rooms
        for module in under(room)
        for it in module.imports()
        for other in rooms
        if other != room and (it == other or it.startswith(f"{other}."))
    }

    assert found == set()


def test_from_the_child_only_its_protocol_is_known_above():
    found = {
        (module.name, it)
        for module in under("app")
        for it in module.imports()
        if top(it) == "evaluation_runtime" and not module.name.startswith("app.evaluation")
    }

    assert found == set()


def test_the_session_is_named_only_by_services_and_queries():
    found = {
        (module.path, line)
        for module in under("app")
        if not module.name.startswith(MAY_NAME_THE_SESSION)
        for line, chain in module.chains()
        if chain == "db.session"
    }

    assert found == set()


def test_doors_only_let_go_of_the_session():
    for module in under(*ONLY_LET_GO):
        used = {
            node.attr
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "db.session"
        }
        assert used <= ONLY_LET_GO[module.name], module.name


def test_only_one_place_commits():
    found = {
        module.path
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }

    assert found == {"app/extensions.py"}


def test_nobody_locks_rows_as_whoever_writes_is_alone():
    found = {
        (module.path, node.lineno)
        for module in modules()
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr == "with_for_update")
        or (isinstance(node, ast.keyword) and node.arg == "with_for_update")
    }

    assert found == set()


def test_queries_never_write():
    found = {
        (module.path, node.lineno)
        for module in under("app.queries")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).removeprefix("db.session.")
        in {"add", "add_all", "merge", "delete", "update", "insert", "writing", "flush"}
    }

    assert found == set()


def test_only_services_open_a_transaction_that_writes():
    found = {
        module.path
        for module in under("app")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "writing"
    }

    assert {path for path in found if not path.startswith("app/services/")} == set()


def test_doors_hold_no_sql():
    found = {
        (module.path, it)
        for module in under("app.web", "app.cli")
        for it in module.imports()
        if top(it) in {"sqlalchemy", "sqlite3"}
    }

    assert found == set()


def test_nobody_imports_the_factory_but_the_front_doors():
    allowed = {"wsgi", "app.demo"}
    found = {
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in {"app", "app.factory"}
        and any(alias.name == "create_app" for alias in node.names)
    }

    assert found <= allowed


def test_one_clock():
    found = {
        (module.path, line)
        for module in under("app")
        if module.name != "app.clock"
        for line, chain in module.chains()
        if chain in {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    }

    assert found == set()


def test_no_import_hides_in_a_function():
    found = {
        (module.path, node.lineno)
        for module in modules()
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    # in the child, what a script needs is loaded where the walls already stand or memory is counted
    assert {it for it in found if it[0].startswith("app/") or it[0] in {"config.py", "wsgi.py"}} == set()


def test_no_file_is_a_collecting_basin():
    folders = [*ROOT.glob("app/**/*.py"), *ROOT.glob("evaluation_runtime/**/*.py"), *ROOT.glob("tests/**/*.py")]

    assert {it for it in folders if it.stem in COLLECTING_BASINS or it.parent.name in COLLECTING_BASINS} == set()


@pytest.mark.parametrize("module", modules(), ids=lambda it: it.name)
def test_a_module_is_short(module):
    assert module.lines <= 300


def test_a_function_is_short():
    long = {
        (module.path, function.name, length)
        for module in modules()
        for function in module.functions()
        if (length := (function.end_lineno or 0) - function.lineno + 1) > 40
    }

    # one transaction read from top to bottom is clearer than four helpers that share its state
    assert {it[:2] for it in long} <= {("app/services/submissions.py", "submit")}
    assert all(it[2] <= 60 for it in long)


def test_public_functions_say_what_they_do():
    silent = {
        (module.path, function.name)
        for module in under("app.services", "app.queries", "app.tasks", "app.storage")
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not ast.get_docstring(function)
    }

    assert silent == set()


def test_nothing_unpickles_and_nothing_evaluates_text():
    calls = {"eval", "exec", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "os.system", "shelve.open"}
    found = {
        (module.path, ast.unparse(node.func))
        for module in under("app")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in calls
    }

    assert found == set()


def test_nothing_calls_out():
    libraries = {"urllib.request", "http.client", "requests", "httpx", "smtplib", "ftplib", "aiohttp"}
    found = {(module.path, it) for module in modules() for it in module.imports() if it in libraries}

    assert found == set()
