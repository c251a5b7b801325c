"""The HTML door: what every page needs, and the blueprints in one list."""

from flask import Flask

from app.extensions import babel, csrf, htmx, login
from app.web import (
    access,
    accounts,
    addresses,
    admin,
    allowances,
    auth,
    board_exports,
    board_settings,
    challenges,
    change_filters,
    contents,
    data,
    deletions,
    descriptions,
    editing,
    environments,
    errors,
    filters,
    headers,
    home,
    hosting,
    leaderboards,
    locale,
    logos,
    marks,
    metrics,
    participation,
    past_boards,
    people,
    phase_settings,
    pictures,
    programs,
    questions,
    reruns,
    rules,
    sending,
    setup,
    submissions,
    team_requests,
    team_review,
    teams,
    tokens,
    trials,
    uploads,
    versions,
)
from app.web.requests import ShiaiRequest

BLUEPRINTS = (
    home.bp,
    setup.bp,
    accounts.bp,
    challenges.bp,
    data.bp,
    participation.bp,
    sending.bp,
    programs.bp,
    tokens.bp,
    teams.bp,
    team_requests.bp,
    team_review.bp,
    rules.bp,
    submissions.bp,
    deletions.bp,
    reruns.bp,
    phase_settings.bp,
    descriptions.bp,
    leaderboards.bp,
    board_settings.bp,
    board_exports.bp,
    past_boards.bp,
    marks.bp,
    pictures.bp,
    hosting.bp,
    allowances.bp,
    editing.bp,
    metrics.bp,
    logos.bp,
    questions.bp,
    contents.bp,
    trials.bp,
    uploads.bp,
    versions.bp,
    admin.bp,
    environments.bp,
    people.bp,
)


def register(app: Flask) -> None:
    """Attach the pages; RuntimeError when a view does not say who may call it."""
    for extension in (login, csrf, htmx):
        extension.init_app(app)
    # after the extensions: htmx-flask puts a request class of its own in, which ours builds on
    app.request_class = ShiaiRequest
    babel.init_app(app, locale_selector=locale.selected, timezone_selector=locale.zone_name)
    addresses.register(app)
    auth.register(app)
    errors.register(app)
    filters.register(app)
    change_filters.register(app)
    headers.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    access.register(app)


__all__ = ["register"]
