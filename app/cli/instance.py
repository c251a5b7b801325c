"""Commands for the installation itself."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade

from app import clock, engines
from app.extensions import db
from app.queries import site as site_queries
from app.services import rebuilding, site


def prepare_if_new() -> None:
    """Make the tables of a data directory that no server has used yet; leave any other alone."""
    with _reached():
        if not site_queries.has_tables():
            upgrade()


def _update_tables() -> None:
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    with db.engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    if not set(heads) <= {script.revision for script in scripts.walk_revisions()}:
        raise click.ClickException(
            "The database was brought up to date by a newer Shiai than this one. "
            "Start the newer one again, or restore a backup from before the update."
        )
    upgrade()


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except Exception as problem:
        if not engines.is_away(problem):
            raise
        said = engines.in_a_line(problem)
        raise click.ClickException(
            f"The database cannot be reached: {said}. Start its server, or set SHIAI_DATABASE_URL to another one."
        ) from problem


@click.command("prepare")
def prepare() -> None:
    """Bring the database up to date and print the set-up link while there is no administrator yet."""
    with _reached():
        _update_tables()
    computed = rebuilding.bring_up_to_date(now=clock.now())
    if computed:
        click.echo(f"  {computed} leaderboards were computed anew, as this update needs it.")
    token = site.setup_link_token(clock.now())
    if token is not None:
        address = current_app.extensions["settings"].address
        click.echo("\n  This server has no administrator yet. Open this address within an hour to become one:\n")
        click.echo(f"    {address}/setup/{token}\n")


COMMANDS = (prepare,)
