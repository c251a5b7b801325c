"""What nobody asked for and yet must be done: lost messages, lapsed leases, files that belong to nobody."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import clock as app_clock
from app.extensions import db, queue, store, writing
from app.models.submissions import Submission
from app.models.versions import BundleAsset
from app.queries import site as site_queries
from app.queries import submissions as submission_queries
from app.rules.states import SubmissionStatus
from app.services import outcomes, runs, workers
from app.tasks import patience
from app.tasks.upkeep import Upkeep, tidy_files
from tests import databases
from tests.factories import make_challenge, make_package, make_stored_file, make_submission, make_team, scored
from tests.journeys.installation import until

pytestmark = pytest.mark.usefixtures("bench")


def submission():
    challenge = make_challenge()
    return make_submission(challenge.phases[0], make_team(challenge))


def in_round(bench, duty):
    with bench.in_app():
        duty()
    db.session.rollback()


def test_a_lost_message_is_sent_again(bench):
    submission()
    submission()
    queue.flush()

    in_round(bench, Upkeep().sweep)

    assert queue.pending_count() == 2


def test_messages_do_not_pile_up_over_the_rounds(bench):
    submission()

    for _ in range(5):
        in_round(bench, Upkeep().sweep)

    assert queue.pending_count() == 1


def test_a_queue_file_that_is_emptied_is_filled_from_the_rows(bench):
    submission()
    queue.storage.flush_all()

    in_round(bench, Upkeep().sweep)

    assert queue.pending_count() == 1


def test_a_run_whose_worker_died_waits_again_and_is_rung_for(bench, clock):
    made = submission()
    runs.claim_next(worker="dead", now=clock.now())
    clock.advance(seconds=61)

    in_round(bench, Upkeep().sweep)

    db.session.refresh(made)
    assert made.status is SubmissionStatus.QUEUED
    assert queue.pending_count() == 1


def test_a_run_in_hand_keeps_its_lease_through_the_rounds(bench, clock):
    made = submission()
    claim = runs.claim_next(worker="this worker", now=clock.now())
    with bench.holding(claim):
        for _ in range(5):
            clock.advance(seconds=45)
            Upkeep().tick()

    db.session.refresh(made)
    assert made.status is SubmissionStatus.RUNNING
    assert made.lease_until == clock.now() + runs.LEASE


def test_a_round_says_that_the_worker_is_alive(bench, clock):
    Upkeep().tick()

    assert site_queries.worker().seen_at == clock.now()


def test_a_run_that_was_taken_over_is_lost_to_its_worker(bench, clock):
    submission()
    claim = runs.claim_next(worker="this worker", now=clock.now())
    with bench.holding(claim):
        Upkeep().tick()
        assert not bench.has_lost(claim)

        runs.put_back(claim[0], attempt=claim[1], cause="lease", uses_attempt=True, now=clock.now())
        Upkeep().tick()

        assert bench.has_lost(claim)
    assert not bench.has_lost(claim)


def test_a_duty_that_fails_stops_neither_the_others_nor_the_next_round(bench, monkeypatch, caplog):
    def broken(**_values):
        raise OSError("database is locked")

    monkeypatch.setattr(workers, "put_back_lapsed", broken)
    upkeep = Upkeep()

    upkeep.tick()
    upkeep.tick()

    assert "upkeep failed and will be tried again" in caplog.text
    assert site_queries.worker() is not None


def made_old(path):
    old = time.time() - 3601
    os.utime(path, (old, old))


def test_files_that_no_row_names_go_after_an_hour_and_every_other_file_stays(bench):
    made = submission()
    phase, version = made.phase, made.phase.challenge.version
    forgotten, recent = make_stored_file(b"forgotten"), make_stored_file(b"recent")
    lost_package = make_package()
    wanted = [store.path(key) for key in (made.file_key, phase.annotation_key, version.file_key)]
    for path in (*wanted, store.path(forgotten.key), store.package(version.package_key), store.package(lost_package)):
        made_old(path)

    in_round(bench, tidy_files)

    assert all(path.is_file() for path in wanted)
    assert store.package(version.package_key).is_dir()
    assert store.path(recent.key).is_file()
    assert not store.path(forgotten.key).exists()
    assert not store.package(lost_package).exists()


def test_uploads_broken_off_go_after_a_day(bench):
    fresh, stale, folder = store.parts / "a.part", store.parts / "b.part", store.parts / "c.part"
    fresh.write_bytes(b"x")
    stale.write_bytes(b"x")
    folder.mkdir()
    (folder / "main.py").write_bytes(b"x")
    for path in (stale, folder):
        os.utime(path, (time.time() - 90_000,) * 2)

    in_round(bench, tidy_files)

    assert list(store.parts.iterdir()) == [fresh]


def test_the_shared_assets_of_a_bundle_and_its_logo_stay(bench):
    logo, asset = make_stored_file(b"logo"), make_stored_file(b"asset")
    challenge = make_challenge(logo=logo.key)
    with writing() as session:
        session.add(
            BundleAsset(version_id=challenge.version_id, path="x.csv", file_key=asset.key, size=5, sha256=asset.sha256)
        )
    for kept in (logo, asset):
        made_old(store.path(kept.key))

    in_round(bench, tidy_files)

    assert store.path(logo.key).is_file()
    assert store.path(asset.key).is_file()


def test_a_locked_database_is_waited_for(app, bench, tmp_path):
    made = submission().id
    db.session.remove()
    release, is_held = threading.Event(), threading.Event()

    def hold():
        with databases.held(tmp_path):
            is_held.set()
            release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait(30)
    threading.Timer(0.7, release.set).start()

    assert runs.claim_next(worker="w", now=app_clock.now()) == (made, 1)

    assert release.is_set()
    holder.join()
    assert submission_queries.waiting() == 0


def test_a_clock_set_forward_a_day_ends_no_run_in_hand(bench, clock):
    made = submission()
    claim = runs.claim_next(worker="this worker", now=clock.now())
    upkeep = Upkeep()
    with bench.holding(claim):
        upkeep.tick()
        clock.advance(days=1)
        in_round(bench, upkeep.sweep)

    db.session.refresh(made)
    assert (made.status, made.attempt) == (SubmissionStatus.RUNNING, 1)


def test_what_an_evaluation_gave_is_written_down_when_the_database_is_back(app, bench, tmp_path, monkeypatch):
    monkeypatch.setattr(patience, "PAUSE_S", 0.05)
    submission()
    number, attempt = runs.claim_next(worker="this worker", now=app_clock.now())
    tries = []

    def write():
        tries.append(None)
        return outcomes.record(
            number, attempt=attempt, outcome=scored({"test_split": {"AUC": 1.0}}), now=app_clock.now()
        )

    def patiently():
        with bench.in_app():
            return patience.sooner_or_later(write)

    with ThreadPoolExecutor(1) as beside:
        db.session.remove()
        db.engine.dispose()
        with databases.away(tmp_path):
            written = beside.submit(patiently)
            until(lambda: len(tries) > 1)
        assert written.result(30)

    assert db.session.get(Submission, number).status is SubmissionStatus.FINISHED
