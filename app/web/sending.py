"""Sending a file to a phase: what is allowed, the form, and what the server makes of what comes."""

import shlex
from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models.challenges import Phase
from app.queries import quotas, submissions
from app.rules import attributes, permissions
from app.rules.attributes import Kind
from app.rules.errors import N_, DomainError, Invalid, NotFound, SentBefore, TooMany
from app.rules.states import SubmissionStatus
from app.rules.zones import quota_zone
from app.services import admission
from app.services import submissions as submission_services
from app.storage import IncomingFile, StoredFile
from app.tasks.evaluate import ring
from app.web import locale
from app.web.access import Access, open_to, refuse_too_large
from app.web.auth import account_at_browser
from app.web.challenges import obstacle_of, page
from app.web.errors import STATUS
from app.web.forms.submissions import ATTRIBUTE, SubmissionForm
from app.web.loading import SeenChallenge, own_submission, phase_to_submit_to, visible_challenge, visible_phase
from app.web.requests import ShiaiRequest
from app.web.settings import settings

# what a program may send besides the file and the attributes
NAMED = ("method_name", "method_description", "project_url", "publication_url", "show_on_board")

bp = Blueprint("sending", __name__, url_prefix="/challenges/<slug>/submit")


@bp.get("")
@open_to(Access.SIGNED_IN)
def new(slug: str) -> ResponseReturnValue:
    seen = visible_challenge(slug)
    if seen.person.team_id is None:
        return redirect(url_for("participation.join", slug=slug), 303)
    now = clock.now()
    running = [phase for phase in seen.phases if phase.season(now) is phase.season(now).RUNNING]
    if not seen.phases:
        raise NotFound(N_("This challenge has no phase that takes submissions yet."))
    chosen = (running or seen.phases)[0]
    return redirect(url_for(".new_to", slug=slug, codename=chosen.codename), 303)


@bp.get("/<codename>")
@open_to(Access.SIGNED_IN)
def new_to(slug: str, codename: str) -> ResponseReturnValue:
    seen, phase = visible_phase(slug, codename)
    if seen.person.team_id is None:
        return redirect(url_for("participation.join", slug=slug), 303)
    return _form_page(seen, phase, SubmissionForm.for_phase(phase))


@bp.post("/<codename>")
@open_to(Access.SIGNED_IN, upload="submission")
def send(slug: str, codename: str) -> ResponseReturnValue:
    phase = phase_to_submit_to(slug, codename)
    form = SubmissionForm.for_phase(phase)
    if not form.validate_on_submit():
        return _form_again(slug, codename, form), 422
    try:
        file, name = _what_was_sent(form, phase)
        submission_id = submission_services.submit(
            phase,
            by=account_at_browser(),
            file=file,
            file_name=name,
            form_key=form.form_key.data or "",
            method=form.method,
            show_on_board=form.wish,
            now=clock.now(),
            zone=locale.server_zone(),
            again=form.is_again,
        )
    except SentBefore as problem:
        return _form_again(slug, codename, form, same_id=problem.submission_id), STATUS[SentBefore]
    except DomainError as problem:
        headers = {"Retry-After": str(problem.retry_after)} if isinstance(problem, TooMany) else {}
        return _form_again(slug, codename, form.refused(problem)), STATUS[type(problem)], headers
    ring()
    return redirect(url_for("submissions.show", submission_id=submission_id), 303)


def _form_again(slug: str, codename: str, form: SubmissionForm, *, same_id: int | None = None) -> str:
    seen, phase = visible_phase(slug, codename)
    return _form_page(seen, phase, form, same_id=same_id)


def _what_was_sent(form: SubmissionForm, phase: Phase) -> tuple[IncomingFile | StoredFile, str]:
    """Return the file and its name: uploaded, pasted, or one of the team's that is sent again."""
    if form.received is not None:
        refuse_too_large(form.received, "submission")
        return form.received, form.file_name
    if form.pasted_text:
        return cast("ShiaiRequest", request).receive(form.pasted_text.encode()), form.file_name
    earlier = own_submission(form.same_as.data or 0).submission
    if earlier.phase_id != phase.id or earlier.status is SubmissionStatus.DELETED:
        raise Invalid(N_("That file is not there any more. Choose it again."), "file")
    return StoredFile(key=earlier.file_key, size=earlier.size, sha256=earlier.sha256), earlier.file_name


@bp.get("/<codename>/allowed")
@open_to(Access.SIGNED_IN, fragment=True)
def allowed(slug: str, codename: str) -> str:
    seen, phase = _phase_of_team(slug, codename)
    return render_template("sending/_allowed.html", challenge=seen.challenge, phase=phase, **_allowed(seen, phase))


@bp.get("/<codename>/same/<digest>")
@open_to(Access.SIGNED_IN, fragment=True)
def same(slug: str, codename: str, digest: str) -> ResponseReturnValue:
    """Tell a browser, before it sends a file with this hash, whether its team sent it before."""
    seen, phase = _phase_of_team(slug, codename)
    found = quotas.situation(
        phase, seen.person.team_id, now=clock.now(), zone=locale.server_zone(), sha256=digest.lower()
    )
    if found.same_id is None:
        return "", 204
    return render_template("sending/_same.html", **_sent_before(found.same_id))


def _phase_of_team(slug: str, codename: str) -> tuple[SeenChallenge, Phase]:
    seen, phase = visible_phase(slug, codename)
    if seen.person.team_id is None:
        raise NotFound
    return seen, phase


def _form_page(seen: SeenChallenge, phase: Phase, form: SubmissionForm, *, same_id: int | None = None) -> str:
    return page(
        "sending/new.html",
        seen,
        tab="submit",
        phase=phase,
        form=form,
        command=_command(seen, phase),
        further=[*(name for name in NAMED if name in form), "again=yes"],
        **_allowed(seen, phase),
        **(_sent_before(same_id) if same_id is not None else {"same": None}),
    )


def _command(seen: SeenChallenge, phase: Phase) -> str:
    """Write the one line that sends a file from a shell, with every attribute that must be answered."""
    kinds = phase.allowed_submission_file_types or [".csv"]
    address = url_for("programs.submit", slug=seen.challenge.slug, codename=phase.codename, _external=True)
    asked = [it for it in attributes.parse(phase.submission_meta_attributes) if it.required]
    answers = [f"--form-string {shlex.quote(f'{ATTRIBUTE}{it.name}=…')}" for it in asked if it.kind is not Kind.BOOLEAN]
    words = ['curl --fail-with-body -H "Authorization: Bearer $SHIAI_TOKEN"', f"-F file=@predictions{kinds[0]}"]
    return " ".join([*words, *answers, shlex.quote(address)])


def _allowed(seen: SeenChallenge, phase: Phase) -> dict[str, object]:
    """Return what a phase allows this person's team just now."""
    now, zone, end, account = clock.now(), locale.server_zone(), admission.end_of(phase), account_at_browser()
    found = quotas.situation(phase, seen.person.team_id, account_id=account.id, now=now, zone=zone)
    most = settings().max_submission_bytes
    return {
        "left": found.left,
        "hindered": obstacle_of(seen) is not None,
        "again_at": admission.free_again_at(found, phase, team_id=seen.person.team_id, by=account),
        "most_free": admission.FREE_FAILURES_A_DAY,
        "open_ones": submissions.open_of(phase.id, seen.person.team_id),
        "is_open": permissions.may_submit_now(
            seen.person, start=phase.start_at, end=end, now=now, accepts_late=phase.accepts_late
        ),
        "is_late": permissions.is_late(seen.person, end=end, now=now),
        "end": end,
        "most_bytes": min(phase.max_file_bytes or most, most),
        "quota_zone": quota_zone(seen.challenge.timezone, server=zone),
    }


def _sent_before(submission_id: int) -> dict[str, object]:
    """Return what the team is told about a file it sent before."""
    found = own_submission(submission_id)
    return {"same": found.submission, "same_entries": found.entries}
