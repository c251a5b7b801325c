"""Accounts on the command line, for whoever runs the machine."""

import json
import sys

import click
from flask.cli import with_appcontext

from app import clock
from app.cli.instance import prepare_if_new
from app.queries import site as site_queries
from app.rules.errors import DomainError
from app.services import registration


@click.command("create-admin")
@click.argument("name")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="Write the result as JSON.")
@with_appcontext
def create_admin(name: str, email: str, *, as_json: bool) -> None:
    """Make an administrator called NAME with the address EMAIL.

    The password is asked for, or read from standard input when that is a file or a pipe. It is never an option: other
    people on the machine could read it in the list of processes.
    """
    prepare_if_new()
    try:
        entry = registration.checked_entry(
            name=name, email=email, password=_password(), site_name=site_queries.site().name
        )
        account = registration.create_admin(entry, now=clock.now())
    except DomainError as problem:
        if as_json:
            click.echo(json.dumps({"error": str(problem)}, ensure_ascii=False))
            sys.exit(1)
        raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps({"id": account.id, "name": account.name, "email": account.email}, ensure_ascii=False))
    else:
        click.echo(f"{account.name} is an administrator now and can sign in.")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
