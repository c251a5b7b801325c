"""The application factory: the only place that sees every floor."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

import config
from app import engines, web
from app.cli import register_commands
from app.extensions import babel, csrf, db, htmx, login, migrate, queue, store
from app.web.requests import ShiaiRequest


def create_app(settings: config.Settings | None = None, **overrides: Any) -> Flask:
    """Make an application on these settings (read from the environment when none are given).

    Raises config.ConfigError for a setting that cannot be used, RuntimeError for a view without an access level.
    """
    settings = replace(settings or config.load(), **overrides)
    app = Flask("app")
    app.config.from_mapping(_flask_config(settings))
    app.extensions["settings"] = settings
    store.bind(settings.data_dir)
    queue.bind(settings.queue_url)
    for extension in (db, login, csrf, htmx):
        extension.init_app(app)
    # after the extensions: htmx-flask puts a request class of its own in, which ours builds on
    app.request_class = ShiaiRequest
    migrate.init_app(app, db, directory=str(Path(__file__).parent.parent / "migrations"))
    babel.init_app(app, locale_selector=web.locale.selected, timezone_selector=web.locale.zone_name)
    with app.app_context():
        engines.teach(db.engine)
    web.register(app)
    register_commands(app)
    return app


def _flask_config(settings: config.Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engines.options(
            settings.database_url, threads=max(settings.web_threads, settings.workers)
        ),
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": 7 * 86400,
        "MAX_CONTENT_LENGTH": config.MIB,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "MAX_FORM_PARTS": 100,
        # web/access.py checks it after it has said who may come in, so that a stranger's upload is not read first
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "TEMPLATES_AUTO_RELOAD": False,
    }
