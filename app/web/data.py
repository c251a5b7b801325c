"""The data of a challenge: the files that its host shares with participants, and the pictures its pages show."""

from flask import Blueprint, Response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import store
from app.models.versions import BundleAsset
from app.queries import challenges
from app.rules.errors import N_, NotAllowed, NotFound
from app.rules.permissions import may_have_data
from app.services import assets
from app.web.access import Access, open_to
from app.web.asked import is_on
from app.web.auth import account_at_browser
from app.web.challenges import page
from app.web.downloads import download
from app.web.fragments import piece_or_redirect
from app.web.loading import SeenChallenge, hosted_challenge, visible_challenge

bp = Blueprint("data", __name__, url_prefix="/challenges/<slug>")


@bp.get("/data")
@open_to(Access.READER)
def index(slug: str) -> str:
    seen = visible_challenge(slug)
    listed = challenges.assets(challenges.files_version_id(seen.challenge.id))
    shared = [it for it in listed if it.is_shared and it.image_type is None]
    return page("challenges/data.html", seen, tab="data", files=shared)


@bp.get("/files/<path:path>")
@open_to(Access.READER)
def file(slug: str, path: str) -> Response:
    seen = visible_challenge(slug)
    found = _asset(seen, path)
    if found.image_type is not None:
        return send_file(store.open(found.file_key), found.image_type)
    if not may_have_data(seen.person):
        if seen.person.team_id is not None:
            raise NotAllowed(N_("The host has not opened the data to your team."))
        raise NotAllowed(N_("Take part in the challenge first; then you can download its data."))
    return download(send_file(store.open(found.file_key), None, True, path.rsplit("/", 1)[-1]))


@bp.post("/manage/files/<path:path>")
@open_to(Access.SIGNED_IN)
def set_shared(slug: str, path: str) -> ResponseReturnValue:
    found = _asset(hosted_challenge(slug), path)
    assets.share(found, shared=is_on(), by=account_at_browser(), now=clock.now())
    html = render_template("hosting/_shared.html", file=found, slug=slug)
    return piece_or_redirect(html, to=url_for("hosting.show", slug=slug))


def _asset(seen: SeenChallenge, path: str) -> BundleAsset:
    """Return a file of the bundle: shared ones for everybody who sees the challenge, the others for who runs it."""
    found = challenges.asset(challenges.files_version_id(seen.challenge.id), path)
    if found is None or not (found.is_shared or seen.person.runs_it):
        raise NotFound
    return found
