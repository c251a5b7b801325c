"""Challenges as pages need them."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.bundles.spec import ChallengeSpec
from app.bundles.spec_json import decode
from app.extensions import db
from app.models.accounts import Account
from app.models.challenges import Challenge, ChallengeHost, Phase, PhaseSplit
from app.models.leaderboards import Standing
from app.models.participation import Ban
from app.models.teams import Membership, Team, is_ranked
from app.models.versions import BundleAsset, BundleVersion
from app.rules.permissions import Standpoint
from app.rules.states import VersionStatus

# written once: putting the statement together takes longer than running it
_BY_SLUG = (
    select(Challenge)
    .where(Challenge.slug == bindparam("slug"))
    .options(
        joinedload(Challenge.version),
        selectinload(Challenge.hosts).joinedload(ChallengeHost.account),
        selectinload(Challenge.phases)
        .selectinload(Phase.splits)
        .options(joinedload(PhaseSplit.dataset_split), joinedload(PhaseSplit.leaderboard)),
    )
)


_ITS_PERSON: dict[str, BindParameter[int]] = {
    "challenge_id": bindparam("challenge_id"),
    "account_id": bindparam("account_id"),
}
# one row whatever the person is, with NULL where there is no team and no ban
_nobody = select(literal(1).label("one")).subquery()
_STANDPOINT = (
    select(
        select(ChallengeHost).filter_by(**_ITS_PERSON).exists(),
        select(Ban.reason).filter_by(**_ITS_PERSON).scalar_subquery(),
        *(Membership.team_id, Membership.is_leader, Membership.terms_sha256, Team.status, Team.status_reason),
    )
    .select_from(_nobody)
    .outerjoin(
        Membership,
        and_(Membership.challenge_id == bindparam("challenge_id"), Membership.account_id == bindparam("account_id")),
    )
    .outerjoin(Team, Team.id == Membership.team_id)
)
_PHASE = select(Phase).options(contains_eager(Phase.challenge)).join(Phase.challenge)
_PHASE_BY_ID = _PHASE.where(Phase.id == bindparam("phase_id"))
_PHASE_BY_CODENAME = _PHASE.where(
    Challenge.slug == bindparam("slug"), Phase.codename == bindparam("codename"), Phase.removed_at.is_(None)
)


_PHASE_SPLIT = (
    select(PhaseSplit)
    .where(PhaseSplit.id == bindparam("phase_split_id"))
    .options(
        joinedload(PhaseSplit.leaderboard),
        joinedload(PhaseSplit.dataset_split),
        joinedload(PhaseSplit.phase).joinedload(Phase.challenge),
    )
)


def by_slug(slug: str) -> Challenge | None:
    """Return the challenge with its phases, boards and hosts."""
    return db.session.scalar(_BY_SLUG, {"slug": slug})


def standpoint(challenge_id: int, account: Account | None) -> Standpoint:
    """Return how a person stands to a challenge."""
    if account is None:
        return Standpoint()
    person = {"challenge_id": challenge_id, "account_id": account.id}
    is_host, ban_reason, team_id, leads, accepted, status, reason = db.session.execute(_STANDPOINT, person).one()
    if team_id is None:
        return Standpoint(is_admin=account.is_admin, is_host=bool(is_host), ban_reason=ban_reason)
    return Standpoint(
        is_admin=account.is_admin,
        is_host=bool(is_host),
        team_id=team_id,
        team_status=status,
        team_reason=reason,
        is_leader=leads,
        accepted_rules=accepted,
        ban_reason=ban_reason,
    )


def listed_for(account: Account | None) -> Sequence[Challenge]:
    """Return the challenges a person may know of, the soonest to end first.

    The same rule as permissions.may_see_challenge; a test compares the two.
    """
    query = select(Challenge).options(selectinload(Challenge.phases)).order_by(Challenge.end_at, Challenge.id)
    is_live = Challenge.is_approved & Challenge.is_published
    if account is None:
        query = query.where(is_live)
    elif not account.is_admin:
        hosted = select(ChallengeHost.challenge_id).where(ChallengeHost.account_id == account.id)
        query = query.where(or_(is_live, Challenge.id.in_(hosted)))
    return db.session.scalars(query).all()


def hosted_by(account: Account) -> Sequence[Challenge]:
    """Return the challenges a person hosts, newest first."""
    return db.session.scalars(
        select(Challenge)
        .join(ChallengeHost)
        .where(ChallengeHost.account_id == account.id)
        .options(joinedload(Challenge.version))
        .order_by(Challenge.id.desc())
    ).all()


def joined_by(account: Account | None) -> frozenset[int]:
    """Return the ids of the challenges a person takes part in."""
    if account is None:
        return frozenset()
    return frozenset(
        db.session.scalars(select(Membership.challenge_id).where(Membership.account_id == account.id)).all()
    )


def team_counts(challenge_ids: Sequence[int]) -> dict[int, int]:
    """Return the number of teams that take part in each challenge, hosts' own left out."""
    rows = db.session.execute(
        select(Team.challenge_id, func.count())
        .where(Team.challenge_id.in_(challenge_ids), is_ranked())
        .group_by(Team.challenge_id)
    )
    return {row.challenge_id: row[1] for row in rows}


def for_review() -> Sequence[Challenge]:
    """Return every challenge for the admin: waiting ones first, then the newest."""
    waiting = BundleVersion.status == VersionStatus.WAITING
    return (
        db.session.scalars(
            select(Challenge)
            .outerjoin(BundleVersion, Challenge.version_id == BundleVersion.id)
            .options(
                joinedload(Challenge.version).joinedload(BundleVersion.uploaded_by),
                selectinload(Challenge.phases),
            )
            .order_by(waiting.desc(), Challenge.id.desc())
        )
        .unique()
        .all()
    )


def phase(phase_id: int) -> Phase | None:
    """Return a phase with its challenge."""
    return db.session.scalar(_PHASE_BY_ID, {"phase_id": phase_id})


def phase_by_codename(slug: str, codename: str) -> Phase | None:
    """Return a phase with its challenge, and without all that a page shows around it."""
    return db.session.scalar(_PHASE_BY_CODENAME, {"slug": slug, "codename": codename})


def phase_split(phase_split_id: int) -> PhaseSplit | None:
    """Return one board with its phase, its challenge and its columns."""
    return db.session.scalar(_PHASE_SPLIT, {"phase_split_id": phase_split_id})


def phase_split_apart(phase_split_id: int) -> PhaseSplit | None:
    """Return the same of no session, to be kept and read by several threads; nothing else can be loaded through it."""
    with Session(db.engine) as apart:
        return apart.scalar(_PHASE_SPLIT, {"phase_split_id": phase_split_id})


def slug_is_taken(slug: str) -> bool:
    """Whether a challenge has this slug."""
    return db.session.scalar(select(Challenge.id).where(Challenge.slug == slug)) is not None


def phase_splits_of(challenge_id: int) -> Sequence[PhaseSplit]:
    """Return every board of a challenge."""
    return db.session.scalars(
        select(PhaseSplit).join(Phase).where(Phase.challenge_id == challenge_id).order_by(PhaseSplit.id)
    ).all()


def removed_boards(challenge_id: int) -> Sequence[PhaseSplit]:
    """Return the boards with scores that a version removed, oldest first."""
    return db.session.scalars(
        select(PhaseSplit)
        .join(Phase)
        .where(Phase.challenge_id == challenge_id, PhaseSplit.removed_at.is_not(None))
        .where(exists().where(Standing.phase_split_id == PhaseSplit.id))
        .options(joinedload(PhaseSplit.phase), joinedload(PhaseSplit.dataset_split), joinedload(PhaseSplit.leaderboard))
        .order_by(PhaseSplit.id)
    ).all()


def all_phase_splits() -> Sequence[PhaseSplit]:
    """Return every board there is."""
    return db.session.scalars(select(PhaseSplit)).all()


def files_version_id(challenge_id: int) -> int:
    """Return the id of the version whose files participants get: the newest, whose pages are live already; 0 if none.

    Also while its script waits for approval: the pages show its pictures.
    """
    newest = select(BundleVersion.id).where(BundleVersion.challenge_id == challenge_id)
    return db.session.scalar(newest.order_by(BundleVersion.number.desc()).limit(1)) or 0


def assets(version_id: int) -> Sequence[BundleAsset]:
    """Return the files of a bundle version that could be shared, in order of their paths."""
    return db.session.scalars(
        select(BundleAsset).where(BundleAsset.version_id == version_id).order_by(BundleAsset.path)
    ).all()


def asset(version_id: int, path: str) -> BundleAsset | None:
    """Return one such file; a picture is also found by the end of its path, as pages in a folder name it."""
    of_version = select(BundleAsset).where(BundleAsset.version_id == version_id)
    found = db.session.scalar(of_version.where(BundleAsset.path == path))
    if found is not None:
        return found
    ending = BundleAsset.path.endswith(f"/{path}", autoescape=True)
    return db.session.scalar(of_version.where(ending, BundleAsset.image_type.is_not(None)).limit(1))


def spec_of(version: BundleVersion) -> ChallengeSpec | None:
    """Return the challenge as this version's bundle describes it; None for versions from before it was kept.

    What hosts edit since lives in the rows (challenge, phases, boards) and may differ; see docs/decisions/0012.
    """
    return None if version.spec is None else decode(version.spec)


def file_keys() -> set[str]:
    """Return the key of every file that a challenge needs: bundles, annotations, logos."""
    columns = (
        *(BundleVersion.file_key, BundleVersion.logo_key, BundleAsset.file_key),
        *(Phase.annotation_key, Challenge.logo),
    )
    keys = {key for column in columns for key in db.session.scalars(select(column)) if key}
    kept = db.session.scalars(select(BundleVersion.annotations))
    return keys | {file["key"] for annotations in kept for file in annotations.values()}


def package_keys() -> set[str]:
    """Return the key of every unpacked evaluation script."""
    return set(db.session.scalars(select(BundleVersion.package_key)))
