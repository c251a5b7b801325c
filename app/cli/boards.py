"""Commands for leaderboards."""

import json
from typing import Any

import click

from app import clock
from app.cli.answers import JsonCommand
from app.cli.instance import prepare_if_new
from app.services import rebuilding
from app.services.rebuilding import Difference


def _refused(sentence: str) -> dict[str, Any]:
    return {"ok": False, "error": sentence}


@click.command("repair-boards", cls=JsonCommand, refusal=_refused)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def repair_boards(*, as_json: bool) -> None:
    """Compute every standing of every leaderboard anew and say which were not right."""
    prepare_if_new()
    found = rebuilding.repair(now=clock.now())
    differences = [it for every in found.values() for it in every]
    if as_json:
        said = {"ok": True, "boards": len(found), "differences": [_plain(it) for it in differences]}
        click.echo(json.dumps(said, ensure_ascii=False, default=str))
        return
    for it in differences:
        click.echo(f"leaderboard {it.phase_split_id}, team {it.team_id}: {_said(it.kept)} -> {_said(it.computed)}")
    click.echo(f"{len(found)} leaderboards computed anew, {len(differences)} standings were not right.")


def _plain(it: Difference) -> dict[str, Any]:
    kept, computed = (None if side is None else dict(side) for side in (it.kept, it.computed))
    return {"leaderboard": it.phase_split_id, "team": it.team_id, "kept": kept, "computed": computed}


def _said(side: Any) -> str:
    return "nothing" if side is None else f"submission {side['submission_id']}, {side['entries']} entries"
