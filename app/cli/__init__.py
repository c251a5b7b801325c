"""The command line: `flask --app wsgi …`, one noun a file."""

from flask import Flask

from app.cli import accounts, boards, bundles, exports, instance

COMMANDS = (accounts.create_admin, *bundles.COMMANDS, exports.export_bundle, boards.repair_boards, *instance.COMMANDS)


def register_commands(app: Flask) -> None:
    """Make the commands known to `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)
