"""What every process stands on: settings, files, queue and database. Whoever opens doors adds them.

The worker opens none, and the web server none to the shell: what those load would take a third of their memory more.
"""

from typing import Any

from flask import Flask

import config
from app import engines
from app.extensions import db, queue, store


def make_app(settings: config.Settings) -> Flask:
    """Make an application without doors."""
    app = Flask("app")
    app.config.from_mapping(_flask_config(settings))
    app.extensions["settings"] = settings
    store.bind(settings.data_dir)
    queue.bind(settings.queue_url)
    db.init_app(app)
    with app.app_context():
        engines.teach(db.engine)
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
