"""Environments: an administrator asks for one, leaves it, removes it."""

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.bundles.distributions import installed_here
from app.bundles.environment_text import environment_key, normalised, proposal, python_version
from app.bundles.requirements import Need, State
from app.extensions import writing
from app.models.accounts import Account
from app.models.environments import Environment
from app.models.versions import BundleVersion
from app.queries import environments
from app.rules.environments import EnvironmentStatus
from app.rules.errors import N_, Conflict, Invalid, NotAllowed
from app.services import audit, reruns, trials

_USE_IS_NOTED_EVERY = timedelta(hours=1)


def ask(version: BundleVersion, *, requirements: str, by: Account, now: datetime) -> Environment:
    """Have a version evaluated in the environment of these requirements, given in normal form; it is built if need be.

    Until it was built for the first time, the server's own packages are used. In one that is there already, whether the
    script loads is looked at anew. Raises NotAllowed, Invalid.
    """
    _admins_only(by)
    if not requirements:
        raise Invalid(N_("Name at least one package."), field="requirements")
    with writing() as session:
        environment = _of(session, requirements, by=by, now=now)
        if environment.status is EnvironmentStatus.FAILED:
            environment.status, environment.attempt = EnvironmentStatus.WAITING, 0
        version.environment_id = environment.id
        if environment.is_usable:
            trials.look_again(session, version, now=now)
        details = {"version": version.number, "key": environment.key, "requirements": requirements.splitlines()}
        slug = version.challenge.slug
        audit.record(session, by=by, action="environment.asked", subject=slug, details=details, now=now)
    return environment


def _of(session: Session, requirements: str, *, by: Account, now: datetime) -> Environment:
    key = environment_key(requirements)
    known = environments.by_key(key)
    if known is not None:
        return known
    made = Environment(key=key, requirements=requirements, python=python_version(), asked_by_id=by.id, asked_at=now)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        # somebody asked for the same at this moment, on a database with more than one writer: it is theirs, and shared
        known = environments.by_key(key)
        if known is None:
            raise
        return known
    return made


def fitting(version: BundleVersion, *, before: BundleVersion | None) -> int | None:
    """Return the id of the environment that a new version begins with; None for the server's own packages.

    Equal needs keep what was chosen for the version before. Others get the environment that was built for just them,
    if there is one and the server's own packages are not enough, else that of the version before too.
    """
    needs, wanted = _needs(version)
    if before is not None and wanted == _needs(before)[1]:
        return before.environment_id
    chosen = before.environment_id if before is not None else None
    requirements, mistakes = normalised(wanted)
    if not requirements or mistakes or all(it.state(installed_here()) is State.SATISFIED for it in needs):
        return chosen
    built = environments.by_key(environment_key(requirements))
    return built.id if built is not None and built.is_usable else chosen


def _needs(version: BundleVersion) -> tuple[list[Need], str]:
    needs = [Need.from_json(it) for it in version.needs or []]
    return needs, proposal(needs)


def leave(version: BundleVersion, *, by: Account, now: datetime) -> None:
    """Have a version evaluated with the server's own packages again; whether its script loads is looked at anew."""
    _admins_only(by)
    with writing() as session:
        version.environment_id = None
        trials.look_again(session, version, now=now)
        details = {"version": version.number}
        slug = version.challenge.slug
        audit.record(session, by=by, action="environment.left", subject=slug, details=details, now=now)


def remove(environment: Environment, *, by: Account, now: datetime) -> None:
    """Delete an environment that no version uses; Conflict when one does.

    The worker deletes its folder, once nothing that was begun in it runs any more. One that another administrator
    removed at this moment is gone all the same.
    """
    _admins_only(by)
    environment_id, key = environment.id, environment.key
    with writing() as session:
        if session.get(Environment, environment_id) is None:
            return
        if environments.is_used(environment_id):
            raise Conflict(N_("A challenge is evaluated in this environment. Choose another one for it first."))
        details = {"requirements": environment.requirements.splitlines()}
        session.delete(environment)
        audit.record(session, by=by, action="environment.removed", subject=key[:12], details=details, now=now)


def evaluate_again(environment: Environment, *, now: datetime) -> int:
    """Queue what failed because this environment was not in order, as it is now; return how many there were."""
    return sum(
        reruns.rerun(challenge, ids, by=environment.asked_by, reason="", now=now)
        for challenge, ids in environments.failed_for_want_of(environment.id).items()
    )


def note_use(environment_id: int, *, now: datetime) -> None:
    """Note that a script was evaluated in it, to the hour."""
    environment = environments.by_id(environment_id)
    if environment is None or (environment.last_used_at and now - environment.last_used_at < _USE_IS_NOTED_EVERY):
        return
    with writing():
        environment.last_used_at = now


def _admins_only(by: Account) -> None:
    if not by.is_admin:
        raise NotAllowed(N_("Only an administrator can choose the environment that scripts are evaluated in."))
