"""Commands for the installation itself."""

import click
from flask import current_app
from flask_migrate import upgrade

from app import clock
from app.services import site


@click.command("prepare")
def prepare() -> None:
    """Bring the database up to date and print the set-up link while there is no administrator yet."""
    upgrade()
    token = site.setup_link_token(clock.now())
    if token is not None:
        address = current_app.extensions["settings"].address
        click.echo("\n  This server has no administrator yet. Open this address within an hour to become one:\n")
        click.echo(f"    {address}/setup/{token}\n")


COMMANDS = (prepare,)
