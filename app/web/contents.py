"""Every field of a version's bundle, for who runs the challenge."""

from flask import Blueprint

from app.bundles.contents import Effect, Part, contents
from app.bundles.spec import ChallengeSpec
from app.queries import challenges
from app.queries.current import current_spec
from app.rules.errors import N_, Conflict
from app.web.access import Access, open_to
from app.web.challenges import page
from app.web.loading import hosted_version

bp = Blueprint("contents", __name__)

EFFECTS = {
    Effect.KEPT: N_("kept; nothing acts on it yet"),
    Effect.WITHOUT: N_("kept; has no effect here"),
    Effect.UNKNOWN: N_("not a known key; kept"),
}


@bp.get("/challenges/<slug>/manage/versions/<int:number>/contents")
@open_to(Access.SIGNED_IN)
def show(slug: str, number: int) -> str:
    found = hosted_version(slug, number)
    uploaded = challenges.spec_of(found.version)
    is_live = found.version.id == found.challenge.version_id
    if uploaded is None and not is_live:
        raise Conflict(N_("The contents of this version are not kept; download its bundle."))
    shown = current_spec(found.challenge) if is_live else uploaded
    return page(
        "contents/show.html",
        found.seen,
        tab="manage",
        version=found.version,
        parts=contents(shown) if shown else [],
        before=_values(uploaded) if is_live and uploaded else {},
        effects=EFFECTS,
    )


def _values(spec: ChallengeSpec) -> dict[tuple[str, str], object]:
    parts: list[Part] = contents(spec)
    return {(part.place, line.key): line.value for part in parts for line in part.lines}
