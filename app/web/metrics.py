"""Editing the metrics of a leaderboard: which values are better, which metric ranks, what each means."""

from dataclasses import asdict

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.models.challenges import Challenge, Leaderboard
from app.rules.editing import fingerprint
from app.services import metrics
from app.web.access import Access, open_to
from app.web.auth import account_at_browser
from app.web.editing import answer
from app.web.forms.base import text
from app.web.forms.metrics import metrics_form
from app.web.loading import hosted_leaderboard

bp = Blueprint("metrics", __name__, url_prefix="/challenges/<slug>/manage/edit/metrics")


@bp.app_template_global()
def leaderboards_of(challenge: Challenge) -> list[Leaderboard]:
    """Return the leaderboards that the phases of a challenge write to, each once."""
    boards = (split.leaderboard for phase in challenge.phases for split in phase.splits)
    return list(dict.fromkeys(boards))


@bp.route("/<int:leaderboard_id>", methods=["GET", "POST"])
@open_to(Access.SIGNED_IN)
def edit(slug: str, leaderboard_id: int) -> ResponseReturnValue:
    seen, splits = hosted_leaderboard(slug, leaderboard_id)
    leaderboard, by = splits[0].leaderboard, account_at_browser()
    before = metrics.current(leaderboard, splits)
    form, names = metrics_form(before), [f"{it.phase.name}, {it.dataset_split.name}" for it in splits]

    def save() -> str | None:
        shown, agreed, now = text(form.seen), bool(form.agreed.data), clock.now()
        wanted = form.edit()
        ranked = metrics.edit(seen.challenge, leaderboard, wanted, seen=shown, agreed=agreed, by=by, now=now)
        return _("Saved. The ranks on the leaderboards are recalculated.") if ranked else None

    return answer("editing/metrics.html", seen, form, save, seen_now=fingerprint(asdict(before)), names=names)
