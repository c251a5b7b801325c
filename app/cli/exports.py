"""Commands that write what is here into a file."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import click

from app.cli.answers import JsonCommand
from app.cli.instance import prepare_if_new
from app.extensions import store
from app.queries import challenges
from app.rules.errors import DomainError
from app.services import exports


def _refused(sentence: str) -> dict[str, Any]:
    return {"ok": False, "error": sentence}


@click.command("export-bundle", cls=JsonCommand, refusal=_refused)
@click.argument("slug")
@click.argument("out", metavar="OUT.ZIP", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def export_bundle(slug: str, out: Path, *, as_json: bool) -> None:
    """Write a challenge, as it stands now, as a bundle that EvalAI and this server import."""
    prepare_if_new()
    challenge = challenges.by_slug(slug)
    if challenge is None:
        raise click.ClickException(f"There is no challenge {slug!r}.")
    with tempfile.TemporaryDirectory(dir=store.parts) as folder:
        packed = Path(folder) / "bundle.zip"
        try:
            exports.export_bundle(challenge, into=packed)
        except DomainError as problem:
            raise click.ClickException(str(problem)) from problem
        shutil.copyfile(packed, out)
    shown = {"ok": True, "slug": slug, "file": str(out), "size": out.stat().st_size}
    click.echo(json.dumps(shown, ensure_ascii=False) if as_json else f"Written: {out} ({shown['size']} bytes)")
