"""Commands for bundles: check one, import one, evaluate a file offline."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app, url_for

import config
from app import clock
from app.bundles.changes import Change
from app.bundles.check import CheckedBundle, check
from app.bundles.problems import Severity, error
from app.cli.answers import JsonCommand
from app.cli.instance import prepare_if_new
from app.evaluation.isolation import NotIsolated
from app.evaluation.job import Job, Limits
from app.evaluation.outcome import Expected, Outcome, Scored
from app.evaluation.runner import Evaluator
from app.models.accounts import Account
from app.models.versions import BundleVersion
from app.queries import accounts
from app.queries import challenges as challenge_queries
from app.queries import site as site_queries
from app.rules.errors import DomainError
from app.rules.failures import FAILURES
from app.rules.names import file_suffix
from app.services import bundles, challenges, versions
from app.tasks.evaluate import ring
from app.tasks.metadata import host_metadata

ZIP = click.argument("bundle", metavar="ZIP", type=click.Path(exists=True, dir_okay=False, path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def _settings() -> config.Settings:
    settings: config.Settings = current_app.extensions["settings"]
    return settings


@contextmanager
def _checked(bundle: Path) -> Iterator[CheckedBundle]:
    prepare_if_new()
    settings = _settings()
    with tempfile.TemporaryDirectory(dir=settings.data_dir / "tmp") as work_dir:
        zone = site_queries.site().timezone or settings.timezone
        yield check(bundle, work_dir=Path(work_dir), default_zone=zone)


def _refused_check(sentence: str) -> dict[str, Any]:
    return {"ok": False, "problems": [error(_as_it_is(sentence)).to_json()], "challenge": None}


def _refused_import(sentence: str) -> dict[str, Any]:
    return {**_refused_check(sentence), "error": sentence}


def _refused_score(sentence: str) -> dict[str, Any]:
    printed = {"stdout": "", "stderr": "", "seconds": 0.0}
    return {"status": "failed", "result": [], "submission_result": None, **printed, "reason": sentence}


def _as_it_is(sentence: str) -> str:
    # a problem's sentence is a template
    return sentence.replace("%", "%%")


@click.command("check-bundle", cls=JsonCommand, refusal=_refused_check)
@ZIP
@JSON
def check_bundle(bundle: Path, *, as_json: bool) -> None:
    """Say everything that is wrong with a challenge bundle; exit 1 when it cannot be imported."""
    with _checked(bundle) as checked:
        _report(checked, as_json=as_json)
        sys.exit(0 if checked.ok else 1)


def _report(checked: CheckedBundle, *, as_json: bool) -> None:
    if as_json:
        problems = [it.to_json() for it in checked.problems]
        shown = {"ok": checked.ok, "problems": problems, "challenge": _summary(checked)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for it in checked.problems:
        place = ":".join(str(part) for part in (it.file, it.line, it.column) if part)
        click.echo(f"{it.severity.value:8}{place}  {it.text()}")
        if it.hint:
            click.echo(f"        {it.advice()}")
    click.echo("The bundle is sound." if checked.ok else "The bundle cannot be imported yet.")


def _summary(checked: CheckedBundle) -> dict[str, Any] | None:
    if checked.spec is None:
        return None
    spec = checked.spec
    return {
        "title": spec.title,
        "start_date": spec.start_date.isoformat(),
        "end_date": spec.end_date.isoformat(),
        "phases": [phase.codename for phase in spec.challenge_phases],
        "dataset_splits": [split.codename for split in spec.dataset_splits],
        "leaderboards": [list(board.labels) for board in spec.leaderboard],
        "files": len(checked.files),
    }


@click.command("import-bundle", cls=JsonCommand, refusal=_refused_import)
@ZIP
@click.option("--host", required=True, help="Name or e-mail address of the account that hosts it.")
@click.option("--update", "slug", metavar="SLUG", help="Make it a new version of this challenge; says what changes.")
@click.option("--approve", is_flag=True, help="Approve and publish it at once.")
@JSON
def import_bundle(bundle: Path, *, host: str, slug: str | None, approve: bool, as_json: bool) -> None:
    """Import a challenge bundle as if its host had uploaded it."""
    prepare_if_new()
    by = accounts.by_name_or_email(host)
    if by is None:
        raise click.ClickException(f"There is no account called {host!r}. Make it with create-admin or sign up first.")
    with _checked(bundle) as checked:
        if not checked.ok:
            _report(checked, as_json=as_json)
            sys.exit(1)
        try:
            version = _bring_in(checked, bundle, slug=slug, by=by)
            if approve:
                challenges.approve_from_console(version.challenge, now=clock.now())
        except DomainError as problem:
            raise click.ClickException(str(problem)) from problem
        # the first trials wait already
        ring()
    _say_imported(version, as_json=as_json)


def _bring_in(checked: CheckedBundle, bundle: Path, *, slug: str | None, by: Account) -> BundleVersion:
    """Make a new challenge, or a new version of the one with this slug."""
    if slug is None:
        made = bundles.import_bundle(checked, zip_path=bundle, file_name=bundle.name, by=by, now=clock.now())
        return made.versions[-1]
    known = challenge_queries.by_slug(slug)
    if known is None:
        raise click.ClickException(f"There is no challenge {slug!r}.")
    return versions.update_from_console(known, checked, zip_path=bundle, file_name=bundle.name, by=by, now=clock.now())


def _say_imported(version: BundleVersion, *, as_json: bool) -> None:
    challenge, changes = version.challenge, [Change.from_row(row) for row in version.changes]
    with current_app.test_request_context():
        address = _settings().address + url_for("challenges.show", slug=challenge.slug)
    is_live = challenge.is_approved and challenge.version_id == version.id
    if as_json:
        shown = {"ok": True, "slug": challenge.slug, "approved": is_live, "address": address}
        told = {"version": version.number, "status": version.status.value, "changes": [it.to_json() for it in changes]}
        click.echo(json.dumps(shown | told, ensure_ascii=False))
        return
    for it in changes:
        click.echo(it.text())
    waits = "" if is_live else f" Version {version.number} waits for approval."
    click.echo(f"Imported: {address}{waits}")


@click.command("score", cls=JsonCommand, refusal=_refused_score)
@ZIP
@click.option("--phase", "codename", required=True, help="Codename of the phase.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@JSON
def score(bundle: Path, codename: str, file: Path, *, as_json: bool) -> None:
    """Evaluate a file offline, in the same walled-off child that the worker uses; exit 1 when there is no score."""
    with _checked(bundle) as checked:
        if not checked.ok:
            _report_unsound(checked, as_json=as_json)
        outcome = _evaluate(checked, codename, file)
    shown = _outcome(outcome)
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2) if as_json else _sentences(shown))
    sys.exit(0 if isinstance(outcome, Scored) else 1)


def _report_unsound(checked: CheckedBundle, *, as_json: bool) -> None:
    if not as_json:
        _report(checked, as_json=False)
        sys.exit(1)
    errors = [f"{it.text()} {it.advice()}".strip() for it in checked.problems if it.severity is Severity.ERROR]
    raise click.ClickException("\n".join(["The bundle cannot be imported yet.", *errors]))


def _evaluate(checked: CheckedBundle, codename: str, file: Path) -> Outcome:
    spec = checked.spec
    phase = spec.phase(codename) if spec else None
    if spec is None or phase is None or checked.root is None or checked.script_folder is None:
        known = ", ".join(it.codename for it in spec.challenge_phases) if spec else ""
        raise click.ClickException(f"The bundle has no phase {codename!r}. It has: {known}.")
    expected = Expected.of_boards(
        (spec.split(it.dataset_split_id).codename, spec.board(it.leaderboard_id).labels)
        for it in spec.phase_splits_of(phase)
    )
    annotation = checked.root / phase.test_annotation_file if phase.test_annotation_file else None
    settings = _settings()
    job = Job(
        key="score",
        package=checked.script_folder,
        challenge_number=1,
        annotation=annotation,
        annotation_suffix=file_suffix(annotation.name) if annotation else "",
        submission=file,
        submission_suffix=file_suffix(file.name),
        phase_codename=codename,
        submission_metadata=host_metadata(file_name=file.name, host=""),
        limits=Limits(wall_seconds=settings.evaluation_seconds, memory_bytes=settings.evaluation_memory_bytes),
    )
    with tempfile.TemporaryDirectory(dir=settings.data_dir / "tmp") as jobs_dir:
        evaluator = Evaluator(jobs_dir=Path(jobs_dir), isolation=settings.isolation)
        try:
            evaluator.start()
            return evaluator.evaluate(job, expected=expected)
        except NotIsolated as refusal:
            raise click.ClickException(str(refusal)) from refusal
        finally:
            evaluator.close()


def _outcome(outcome: Outcome) -> dict[str, Any]:
    common = {"stdout": outcome.logs.stdout, "stderr": outcome.logs.stderr, "seconds": round(outcome.seconds, 3)}
    if isinstance(outcome, Scored):
        result = [{"split": it.split, "scores": it.scores} for it in outcome.splits]
        returned = json.loads(outcome.submission_result) if outcome.submission_result else None
        return {"status": "finished", "result": result, "submission_result": returned, **common, "reason": None}
    # what the script said on purpose comes before the traceback in which it also stands
    reason = "\n".join(filter(None, [f"{FAILURES[outcome.code].host} {outcome.message}".strip(), outcome.in_full]))
    return {"status": "failed", "result": [], "submission_result": None, **common, "reason": reason}


def _sentences(shown: dict[str, Any]) -> str:
    lines = [f"{shown['status']} after {shown['seconds']} s"]
    for split in shown["result"]:
        lines += [f"  {split['split']}: {label} = {value}" for label, value in split["scores"].items()]
    if shown["reason"]:
        lines.append(f"  {shown['reason']}")
    lines += [f"\n{shown[stream].rstrip()}" for stream in ("stdout", "stderr") if shown[stream]]
    return "\n".join(lines)


COMMANDS = (check_bundle, import_bundle, score)
