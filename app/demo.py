"""`make demo`: fills an empty data directory with the examples, accounts, teams and three weeks of real submissions."""

import logging
import os
import secrets
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from flask_migrate import upgrade

import config
from app import clock, create_app
from app.evaluation.runner import Evaluator
from app.extensions import store
from app.models.accounts import Account
from app.models.challenges import Challenge, Phase
from app.queries import submissions as submission_queries
from app.queries.site import site
from app.rules import attributes
from app.services import demo, examples, marks, participation, submissions
from app.services.submissions import Method
from app.tasks.evaluate import run_next
from app.tasks.workbench import workbench
from examples.build import EXAMPLES, NAMES
from examples.entrants import PEOPLE, Entrant, entrants

DAYS = 22
PASSWORDS_FILE = "demo-passwords"
STAFF = {demo.ADMIN: "Admin", demo.HOST: "Organisers"}


def main() -> None:
    """Fill the data directory, unless it was filled before, and print who can sign in."""
    os.umask(0o077)
    if len(sys.argv) > 1:
        sys.exit("The demo takes no arguments. SHIAI_DATA_DIR names the data directory it fills.")
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    try:
        settings = config.load()
    except config.ConfigError as problem:
        sys.exit(f"The demo cannot start. {problem}")
    passwords_file = settings.data_dir / PASSWORDS_FILE
    app = create_app(settings)
    with app.app_context():
        upgrade()
        if not passwords_file.exists():
            if site().set_up_at is not None:
                sys.exit(f"{settings.data_dir} is in use already. Name an empty data directory with SHIAI_DATA_DIR.")
            _fill(app, settings, passwords_file)
    print(passwords_file.read_text(encoding="utf-8"))


def _fill(app: Flask, settings: config.Settings, passwords_file: Path) -> None:
    print("Filling the demo with accounts, challenges and submissions by real models (once, under a minute) ...")
    begun = time.monotonic()
    start = (clock.now() - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    names = STAFF | PEOPLE
    secret = {handle: secrets.token_urlsafe(12) for handle in names}
    people = demo.found_company(names, secret=secret, now=start)
    challenges = examples.install(host=people[demo.HOST], now=start)
    evaluator = Evaluator(jobs_dir=settings.data_dir / "jobs", isolation=settings.isolation)
    evaluator.start()
    workbench.equip(app, evaluator, name="demo")
    try:
        for example, challenge in zip(NAMES, challenges, strict=True):
            _baseline(challenge, example, host=people[demo.HOST], now=start)
            count = _compete(challenge, entrants(example), people=people, start=start)
            print(f"  {challenge.title}: {count} submissions", flush=True)
    finally:
        evaluator.close()
    _keep(names, secret, passwords_file)
    print(f"  done in {time.monotonic() - begun:.0f} s", flush=True)


def _keep(names: dict[str, str], secret: dict[str, str], path: Path) -> None:
    path.touch(mode=0o600)
    lines = [f"  {handle + '@example.com':28}{secret[handle]:20}{name}" for handle, name in names.items()]
    path.write_text("\n  Who can sign in (e-mail, password, name):\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _baseline(challenge: Challenge, example: str, *, host: Account, now: datetime) -> None:
    """Let the host send the sample to every phase and mark it as the baseline."""
    participation.join_alone(challenge, by=host, accepts_rules=True, now=now)
    sample = next((EXAMPLES / example).glob("sample_submission.*"))
    method = Method(name="Sample submission")
    for phase in list(challenge.phases):
        sent = _send(phase, sample.read_bytes(), name=sample.name, method=method, by=host, now=now)
        baseline = submission_queries.submission(sent)
        if baseline is not None:
            marks.set_baseline(baseline, is_baseline=True, by=host, now=now)


def _compete(challenge: Challenge, field: list[Entrant], *, people: dict[str, Account], start: datetime) -> int:
    """Let the teams join on the first day and submit in order of time; return how many files they sent."""
    for entrant in field:
        _join(challenge, entrant, people=people, now=start + timedelta(hours=1))
    tries = sorted(
        ((attempt.day, attempt.hour, entrant.team, attempt) for entrant in field for attempt in entrant.attempts),
        key=lambda it: it[:3],
    )
    phases = {phase.codename: phase for phase in challenge.phases}
    by = {entrant.team: people[entrant.members[0]] for entrant in field}
    for number, (day, hour, team, attempt) in enumerate(tries):
        # minutes apart, as people are
        now = start + timedelta(days=day, hours=hour, minutes=number * 7 % 60)
        asked = attributes.parse(phases[attempt.phase].submission_meta_attributes)
        given = [attributes.checked(it, attempt.answers.get(it.name)) for it in asked]
        method = Method(name=attempt.method, description=attempt.note, attributes=given)
        _send(phases[attempt.phase], attempt.predictions, name=attempt.filename, method=method, by=by[team], now=now)
    return len(tries)


def _join(challenge: Challenge, entrant: Entrant, *, people: dict[str, Account], now: datetime) -> None:
    first, *others = entrant.members
    team = participation.found_team(challenge, name=entrant.team, by=people[first], accepts_rules=True, now=now)
    for other in others:
        code = team.join_code or ""
        participation.join_team(challenge, code=code, by=people[other], accepts_rules=True, now=now)


def _send(phase: Phase, content: bytes, *, name: str, method: Method, by: Account, now: datetime) -> int:
    """Submit a file as a participant would, evaluate it as the worker would at that moment, and return its id."""
    incoming = store.incoming()
    try:
        incoming.write(content)
        submission_id = submissions.submit(
            phase,
            by=by,
            file=incoming,
            file_name=name,
            form_key=secrets.token_urlsafe(24),
            method=method,
            show_on_board=True,
            now=now,
            zone=ZoneInfo("UTC"),
            # two weeks of a team may give the same predictions
            again=True,
        )
    finally:
        incoming.discard()
    # a session of its own, as in the worker: evaluating lets go of the one it runs in
    with workbench.in_app():
        run_next(now=lambda: now + timedelta(seconds=2))
    return submission_id


if __name__ == "__main__":
    main()
