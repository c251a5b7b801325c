"""Building environments: real venvs from wheels made on the spot, and what happens when one comes to nothing."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import pytest

from app import clock as app_clock
from app.bundles.environment_text import normalised
from app.bundles.requirements import Need
from app.extensions import db, queue, store, writing
from app.models.accounts import Account
from app.models.challenges import Phase
from app.models.environments import Environment
from app.models.submissions import Submission
from app.models.teams import Team
from app.models.trials import Trial
from app.models.versions import BundleVersion
from app.queries import environments as environment_queries
from app.queries import trials as trial_queries
from app.rules.environments import BuildFailure, EnvironmentStatus
from app.rules.errors import Conflict, Invalid, NotAllowed
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import builds, environments, runs, trials
from app.tasks import builds as tasks
from app.tasks import evaluate
from app.tasks import trials as trial_tasks
from app.tasks.workbench import Workbench, workbench
from tests.evaluation.wheels import make_wheel
from tests.factories import (
    make_admin,
    make_challenge,
    make_host,
    make_package,
    make_site,
    make_submission,
    make_team,
    make_trial,
)


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "my wheels"
    make_wheel(folder, "tumourkit", "1.2", tumourkit="ANSWER = 42\n", requires=["leaf>=2"])
    make_wheel(folder, "leaf", "2.0", leaf="")
    return folder


@pytest.fixture
def bench(make_app, wheels, request):
    """A workbench whose server takes packages from the folder of wheels."""
    app = make_app(package_folder=wheels)
    with app.app_context():
        yield from _equipped(app)


def _equipped(app):
    make_site()
    workbench.equip(app, None, name="this worker")
    yield workbench
    workbench.__dict__.update(Workbench().__dict__)
    db.session.remove()


def asked_for(text, challenge=None, by="Ada 2"):
    challenge = challenge or make_challenge()
    requirements, mistakes = normalised(text)
    assert mistakes == []
    made = environments.ask(challenge.version, requirements=requirements, by=make_admin(by), now=app_clock.now())
    # what a build leaves is read anew, as by another process
    return Asked(made.id, made.key, made.asked_by_id)


@dataclass
class Asked:
    id: int
    key: str
    by_id: int

    @property
    def row(self):
        return db.session.get(Environment, self.id)

    @property
    def by(self):
        return db.session.get(Account, self.by_id)


def make_team_in(version_id):
    return make_team(db.session.get(BundleVersion, version_id).challenge)


def build_next(stop=None):
    done = tasks.run_next(stop=stop or threading.Event())
    db.session.rollback()
    return done


def test_an_environment_is_built_with_what_its_packages_need_and_their_versions_are_kept(bench):
    environment = asked_for("Tumourkit == 1.2  # ours\n")

    assert build_next()

    folder = store.environment(environment.key)
    assert environment.row.status is EnvironmentStatus.READY, store.build_log(environment.key).read_text()
    assert environment.row.packages == {"leaf": "2.0", "tumourkit": "1.2"}
    assert environment.row.size > 10_000
    assert "tumourkit" in store.build_log(environment.key).read_text()
    assert not (folder / "bin" / "pip").exists()
    assert not build_next()


def test_what_cannot_be_had_is_named_with_the_nearest_that_can(bench, wheels):
    make_wheel(wheels, "leaf", "1.4", leaf="")
    make_wheel(wheels, "leaf", "1.8rc1", leaf="")
    # asked for, but it would have to be built, so it cannot be had
    (wheels / "tumourkit-1.0.tar.gz").write_bytes(b"x")
    environment = asked_for("tumourkit==1.0\nleaf==1.7\nnothing-such>=3")

    build_next()

    assert (environment.row.status, environment.row.failure) == (EnvironmentStatus.FAILED, BuildFailure.UNAVAILABLE)
    assert {it["name"]: it["nearest"] for it in environment.row.unavailable} == {
        "tumourkit": "1.2",
        "leaf": "2.0",
        "nothing-such": "",
    }
    assert not store.environment(environment.key).exists()
    assert "tumourkit==1.0 cannot be had; nearest: 1.2" in store.build_log(environment.key).read_text()


def test_a_source_distribution_is_not_taken_because_it_would_run_code_of_a_stranger(bench, wheels):
    (wheels / "sourceonly-1.0.tar.gz").write_bytes(b"x")
    environment = asked_for("sourceonly")

    build_next()

    assert environment.row.status is EnvironmentStatus.FAILED


def test_without_a_source_of_packages_it_is_said_what_to_set(make_app):
    app = make_app()
    with app.app_context():
        for _ in _equipped(app):
            environment = asked_for("numpy")
            build_next()

            assert environment.row.failure is BuildFailure.NO_SOURCE
            assert "SHIAI_PACKAGE_INDEX" in environment.row.failure.label


def test_equal_requirements_share_one_environment_however_they_are_written(bench):
    first = asked_for("leaf>=1,<3\nTumour_Kit")
    challenge = make_challenge()
    second = environments.ask(
        challenge.version,
        requirements=normalised("tumour-kit\nLeaf <3, >=1\n")[0],
        by=first.by,
        now=app_clock.now(),
    )

    assert first.id == second.id


def at_once(app, *acts):
    """Let each act in a thread of its own, all from one moment on; return what each gave."""
    start = threading.Barrier(len(acts))

    def run(act):
        with app.app_context():
            start.wait()
            try:
                return act()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        given = [it.result() for it in [pool.submit(run, act) for act in acts]]
    db.session.rollback()
    return given


@pytest.mark.race
def test_administrators_who_ask_for_the_same_at_one_moment_share_one_environment(bench):
    admins = [make_admin(f"Ada {number}").id for number in range(4)]
    versions = [make_challenge().version_id for _ in admins]

    def ask(version_id, admin_id):
        version, by = db.session.get(BundleVersion, version_id), db.session.get(Account, admin_id)
        return environments.ask(version, requirements="leaf", by=by, now=app_clock.now()).id

    made = at_once(bench.app, *(partial(ask, *it) for it in zip(versions, admins, strict=True)))

    assert len(set(made)) == 1
    assert [it.environment.id for it in environment_queries.all_shared()] == made[:1]
    assert {it.id for it in environment_queries.versions_of(made[0])} == set(versions)


@pytest.mark.race
def test_of_two_who_remove_one_environment_at_one_moment_the_second_finds_it_gone(bench):
    environment = asked_for("leaf")
    environments.leave(environment_queries.all_shared()[0].versions[0], by=environment.by, now=app_clock.now())
    both_see_it = threading.Barrier(2)

    def remove():
        row, by = environment.row, environment.by
        both_see_it.wait()
        environments.remove(row, by=by, now=app_clock.now())

    at_once(bench.app, remove, remove)

    assert environment_queries.all_shared() == []


def test_in_an_environment_that_is_there_already_the_script_is_looked_at_at_once_and_again_when_it_leaves_it(bench):
    asked_for("leaf")
    build_next()
    other = make_challenge()
    requirements, _ = normalised("leaf")

    environments.ask(other.version, requirements=requirements, by=make_admin("Ada 5"), now=app_clock.now())
    in_it = trial_queries.of_version(other.version).check
    assert in_it.status is SubmissionStatus.QUEUED
    with writing():
        in_it.status = SubmissionStatus.FINISHED
    environments.leave(other.version, by=make_admin("Ada 6"), now=app_clock.now())

    assert trial_queries.of_version(other.version).check.status is SubmissionStatus.QUEUED


def test_trials_that_waited_for_an_environment_are_rung_for_when_it_is_there(bench):
    asked_for("leaf")
    queue.flush()

    build_next()

    assert queue.pending_count() == 1


def needing(*requirements):
    return [Need(name, asked).to_json() for name, asked in requirements]


def test_a_new_version_keeps_the_environment_of_the_one_before_or_gets_the_one_built_for_just_what_it_needs(bench):
    challenge = make_challenge()
    version_id = challenge.version_id
    first = asked_for("leaf==2.0", challenge).id
    build_next()
    elsewhere = make_challenge()
    second = asked_for("leaf\ntumourkit==1.2", elsewhere, by="Ada 3").id
    build_next()
    before = db.session.get(BundleVersion, version_id)
    before.needs = needing(("leaf", "==1.0"))

    def begins(*needs, before=before):
        return environments.fitting(BundleVersion(needs=needing(*needs)), before=before)

    assert begins(("leaf", "==1.0")) == first
    assert begins(("leaf", "==1.0"), ("nothing", "")) == first
    assert begins(("tumourkit", "==1.2"), ("leaf", "")) == second
    assert begins(("tumourkit", "==1.2"), ("leaf", ""), before=None) == second
    assert begins(("leaf", "==1.0"), before=None) is None
    assert begins(("numpy", ""), before=None) is None


def test_a_builder_that_died_leaves_the_environment_to_the_next_but_not_for_ever(bench, clock):
    environment = asked_for("leaf")
    for _ in range(builds.MOST_ATTEMPTS):
        assert builds.claim_next(now=clock.now()) is not None
        clock.advance(seconds=61)
        builds.put_back_lapsed(now=clock.now())

    assert (environment.row.status, environment.row.failure) == (EnvironmentStatus.FAILED, BuildFailure.OURS)


def test_what_was_deleted_is_built_again_and_its_submissions_wait_while_others_go_on(bench):
    environment = asked_for("leaf")
    build_next()
    shutil.rmtree(store.environment(environment.key))

    version_id = environment_queries.all_shared()[0].versions[0].id
    held = make_submission(db.session.get(BundleVersion, version_id).challenge.phases[0], make_team_in(version_id))
    other = make_challenge()
    free = make_submission(other.phases[0], make_team(other))

    assert builds.rebuild_missing() == 1
    assert runs.claim_next(worker="w", now=app_clock.now()) == (free.id, 1)
    assert runs.claim_next(worker="w", now=app_clock.now()) is None
    assert held.status is SubmissionStatus.QUEUED
    assert environment.row.status is EnvironmentStatus.WAITING
    assert environment.row.built_at is not None


def test_what_cannot_be_built_again_fails_its_submissions_in_words_and_is_tried_again(bench, evaluator, wheels, clock):
    bench.evaluator = evaluator
    environment = asked_for("leaf")
    build_next()
    shutil.rmtree(store.environment(environment.key))
    kept = (wheels / "leaf-2.0-py3-none-any.whl").rename(wheels / "away")
    version_id = environment_queries.all_shared()[0].versions[0].id
    phase = db.session.get(BundleVersion, version_id).challenge.phases[0]
    made = make_submission(phase, make_team_in(version_id)).id

    builds.rebuild_missing()
    build_next()
    evaluate.run_next(now=app_clock.now)

    db.session.rollback()
    failed = db.session.get(Submission, made)
    assert (failed.status, failed.failure) == (SubmissionStatus.FAILED, FailureCode.ENVIRONMENT)
    assert "could not be built again" in failed.notes[0]["message"]
    assert builds.try_again(now=clock.now()) == 0

    clock.advance(hours=1, seconds=1)
    kept.rename(wheels / "leaf-2.0-py3-none-any.whl")

    assert builds.try_again(now=clock.now()) == 1
    build_next()
    assert environment.row.status is EnvironmentStatus.READY
    assert db.session.get(Submission, made).status is SubmissionStatus.QUEUED


def test_a_trial_waits_for_the_environment_and_the_script_is_looked_at_in_it(bench, evaluator):
    bench.evaluator = evaluator
    challenge = make_challenge(package=make_package(__init__="import leaf\n\ndef evaluate(*f, **m): ...\n"))
    version_id = challenge.version_id
    before = trials.check_script(challenge.version, by=make_admin("Ada 3"), now=app_clock.now()).id
    trial_tasks.run_next(now=app_clock.now)
    asked_for("leaf", db.session.get(BundleVersion, version_id).challenge)
    waiting = trials.check_script(db.session.get(BundleVersion, version_id), by=make_admin(), now=app_clock.now()).id

    assert not trial_tasks.run_next(now=app_clock.now)
    build_next()
    assert trial_tasks.run_next(now=app_clock.now)

    db.session.rollback()
    assert [db.session.get(Trial, it).status for it in (before, waiting)] == [
        SubmissionStatus.FAILED,
        SubmissionStatus.FINISHED,
    ]
    assert not trial_tasks.run_next(now=app_clock.now)


def test_what_failed_for_want_of_packages_is_tried_again_when_they_are_there(bench, evaluator):
    bench.evaluator = evaluator
    source = "import leaf\n\ndef evaluate(*f, **m): return {'result': [{'test_split': {'AUC': 1, 'F1': 1}}]}\n"
    challenge = make_challenge(package=make_package(__init__=source))
    version_id, codename = challenge.version_id, challenge.phases[0].codename
    make_trial(challenge.version, codename)
    assert trial_tasks.run_next(now=app_clock.now)
    db.session.rollback()
    failed = trial_queries.of_version(db.session.get(BundleVersion, version_id)).failed

    asked_for("leaf", db.session.get(BundleVersion, version_id).challenge)
    build_next()
    while trial_tasks.run_next(now=app_clock.now):
        pass

    db.session.rollback()
    assert failed
    assert trial_queries.of_version(db.session.get(BundleVersion, version_id)).passed


def test_a_power_cut_in_the_middle_of_a_build_leaves_half_a_folder_that_is_made_anew(bench):
    environment = asked_for("leaf")
    builds.claim_next(now=app_clock.now())
    half = store.environment(environment.key)
    (half / "lib").mkdir(parents=True)
    (half / "lib" / "half.py").write_text("")

    builds.put_back_building()
    build_next()

    assert environment.row.status is EnvironmentStatus.READY
    assert not (half / "lib" / "half.py").exists()


def test_an_environment_that_is_removed_stays_on_disk_while_an_evaluation_runs_in_it(bench, evaluator):
    bench.evaluator = evaluator
    environment = asked_for("leaf")
    build_next()
    folder = store.environment(environment.key)

    with evaluator._place(folder):
        environments.leave(environment_queries.all_shared()[0].versions[0], by=environment.by, now=app_clock.now())
        environments.remove(environment.row, by=environment.by, now=app_clock.now())
        tasks.tidy()
        assert folder.is_dir()

        again = asked_for("leaf", by="Ada 3")
        assert not build_next()
        assert again.row.status is EnvironmentStatus.WAITING

    assert build_next()
    assert again.row.status is EnvironmentStatus.READY


def test_a_build_that_is_interrupted_leaves_no_folder_and_begins_again(bench):
    environment = asked_for("leaf")
    stop = threading.Event()
    stop.set()

    build_next(stop)

    assert environment.row.status is EnvironmentStatus.WAITING
    assert environment.row.attempt == 0
    assert not store.environment(environment.key).exists()


def test_one_that_is_removed_while_it_is_built_is_not_recorded(bench):
    environment = asked_for("leaf")
    key = environment.key
    claim = builds.claim_next(now=app_clock.now())
    environments.leave(environment_queries.all_shared()[0].versions[0], by=environment.by, now=app_clock.now())
    environments.remove(db.session.get(Environment, claim[0]), by=environment.by, now=app_clock.now())

    assert not builds.renew(claim, now=app_clock.now())
    assert not builds.record(claim, builds.Result(size=1), now=app_clock.now())
    assert environment_queries.by_key(key) is None


def test_only_what_no_version_uses_is_removed_and_its_files_go_too(bench):
    environment = asked_for("leaf")
    build_next()
    key = environment.key

    with pytest.raises(Conflict):
        environments.remove(environment.row, by=environment.by, now=app_clock.now())
    environments.leave(environment_queries.all_shared()[0].versions[0], by=environment.by, now=app_clock.now())
    environments.remove(environment.row, by=environment.by, now=app_clock.now())
    tasks.tidy()

    assert environment_queries.by_key(key) is None
    assert not store.environment(key).exists()
    assert not store.build_log(key).exists()


def test_only_administrators_choose_environments(bench):
    challenge = make_challenge()

    with pytest.raises(NotAllowed):
        environments.ask(challenge.version, requirements="leaf", by=make_host("Ivo"), now=app_clock.now())
    with pytest.raises(Invalid):
        environments.ask(challenge.version, requirements="", by=make_admin(), now=app_clock.now())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-r other.txt", "options"),
        ("--index-url https://evil.example/simple", "options"),
        ("leaf @ https://evil.example/leaf.whl", "address"),
        ("git+https://evil.example/leaf", "write a package"),
        ("./leaf", "write a package"),
        ("leaf = 1", "write a package"),
    ],
)
def test_requirements_name_packages_and_nothing_else(line, said):
    requirements, mistakes = normalised(f"numpy\n{line}\n")

    assert requirements == "numpy"
    assert [(it.line, said in it.message) for it in mistakes] == [(2, True)]


def test_upkeep_rings_for_what_waits_and_clears_away_what_no_row_names(bench):
    asked_for("leaf")
    lost = store.environment("0" * 32)
    lost.mkdir()
    queue.flush()

    tasks.look_after()
    tasks.tidy()

    assert queue.pending_count() == 1
    assert not lost.exists()


def test_a_submission_is_evaluated_with_the_servers_packages_until_the_environment_is_built_and_then_in_it(
    bench, evaluator
):
    bench.evaluator = evaluator
    source = (
        "import importlib.util\n\ndef evaluate(*f, **m):\n"
        "    found = [importlib.util.find_spec(it) is not None for it in ('tumourkit', 'numpy')]\n"
        "    return {'result': [{'test_split': {'AUC': int(found[0]), 'F1': int(found[1])}}]}\n"
    )
    challenge = make_challenge(package=make_package(__init__=source))
    phase_id, team_id = challenge.phases[0].id, make_team(challenge).id
    environment = asked_for("tumourkit", challenge)
    scores = []

    for _ in range(2):
        made = make_submission(db.session.get(Phase, phase_id), db.session.get(Team, team_id)).id
        evaluate.run_next(now=app_clock.now)
        db.session.rollback()
        scores += [entry.scores for entry in db.session.get(Submission, made).entries]
        build_next()

    assert scores == [{"AUC": 0.0, "F1": 1.0}, {"AUC": 1.0, "F1": 0.0}]
    assert environment.row.last_used_at is not None
