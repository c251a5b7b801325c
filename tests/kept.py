"""Work that is the same for every application of a run, done once a process: a fresh application a test stays cheap.

Each test still gets an application, an engine and a database file of its own. What they share cannot differ between
them: how a route's pattern becomes a function, and how a statement becomes SQL. Together that is half of a web test.
"""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine
from werkzeug.routing import Rule


def keep_routes(patch):
    """Compile each pattern of a route once."""
    compiled = Rule._compile_builder
    kept = {}

    def once(rule, append_unknown=True):
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = (rule.rule, append_unknown, *rule._trace)
        if key not in kept:
            kept[key] = compiled(rule, append_unknown)
        return kept[key]

    patch.setattr(Rule, "_compile_builder", once)


def keep_statements(patch):
    """Let all engines on SQLite share a dialect, under which SQLAlchemy keeps the SQL it has made."""
    made = SQLAlchemy._make_engine
    kept = create_engine("sqlite://")
    # a dialect asks the first connection what this SQLite can do
    kept.connect().close()
    kept.dispose()

    def sharing(extension, bind_key, options, app):
        engine = made(extension, bind_key, options, app)
        if engine.dialect.name == kept.dialect.name:
            engine.dialect, engine._compiled_cache = kept.dialect, kept._compiled_cache
        return engine

    patch.setattr(SQLAlchemy, "_make_engine", sharing)
