"""Answers for programs: with `--json` a command prints one JSON object, also when it refuses."""

import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

Refusal = Callable[[str], dict[str, Any]]


class JsonCommand(click.Command):
    """A command with an option `--json` whose refusals are JSON too; `refusal` gives their shape for a sentence."""

    def __init__(self, *args: Any, refusal: Refusal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._refusal = refusal

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments; a mistake in them is told in the shape that was asked for."""
        wants_json = "--json" in args
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.ClickException as problem:
            self._refuse(problem, as_json=wants_json)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it refuses is told in the shape that was asked for."""
        try:
            return super().invoke(ctx)
        except click.ClickException as problem:
            self._refuse(problem, as_json=bool(ctx.params.get("as_json")))

    def _refuse(self, problem: click.ClickException, *, as_json: bool) -> NoReturn:
        if not as_json:
            raise problem
        click.echo(json.dumps(self._refusal(problem.format_message()), ensure_ascii=False, indent=2))
        sys.exit(1)
