"""The application factory: the only place that sees every floor."""

from dataclasses import replace
from typing import Any

from flask import Flask

import config
from app import cli, web
from app.foundation import make_app


def create_app(settings: config.Settings | None = None, **overrides: Any) -> Flask:
    """Make an application with all its doors on these settings (read from the environment when none are given).

    Raises config.ConfigError for a setting that cannot be used, RuntimeError for a view without an access level.
    """
    app = make_app(replace(settings or config.load(), **overrides))
    web.register(app)
    cli.register(app)
    return app
