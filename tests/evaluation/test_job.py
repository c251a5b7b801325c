import os
import time

import pytest

from app.evaluation.job import Job, laid_out, sweep


@pytest.fixture
def job(tmp_path):
    package = tmp_path / "package"
    (package / "inner" / "__pycache__").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "inner" / "data.txt").write_text("data")
    (package / "inner" / "__pycache__" / "old.pyc").write_text("")
    (package / "link").symlink_to("/etc/passwd")
    (tmp_path / "guess").write_text("1")
    for path in (package / "__init__.py", tmp_path / "guess"):
        path.chmod(0o600)
    (tmp_path / "jobs").mkdir()
    return Job(
        key="one",
        package=package,
        challenge_number=5,
        submission=tmp_path / "guess",
        submission_suffix=".csv",
        phase_codename="dev",
    )


def wait_until_empty(folder):
    """Folders are removed aside, so that nobody waits for it."""
    deadline = time.monotonic() + 10
    while left := list(folder.iterdir()):
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


def test_a_job_is_laid_out_as_evalai_lays_it_out(job, tmp_path):
    with laid_out(job, jobs_dir=tmp_path / "jobs") as layout:
        folder = tmp_path / "jobs" / layout.folder
        package = folder / "compute" / "challenge_data" / "challenge_5"

        assert (package / "inner" / "data.txt").read_text() == "data"
        assert (folder / "submission" / layout.submission).read_text() == "1"
        assert layout.submission.endswith(".csv")
        assert layout.annotation is None


def test_the_next_job_of_the_same_key_is_not_swept_away_with_the_last(job, tmp_path):
    for _ in range(100):
        with laid_out(job, jobs_dir=tmp_path / "jobs") as layout:
            folder = tmp_path / "jobs" / layout.folder

            assert {path.name for path in folder.iterdir()} == {"compute", "scratch", "submission"}


def test_links_and_old_bytecode_are_left_behind(job, tmp_path):
    with laid_out(job, jobs_dir=tmp_path / "jobs") as layout:
        names = {path.name for path in (tmp_path / "jobs" / layout.folder).rglob("*")}

    assert not names & {"link", "__pycache__", "old.pyc"}


def test_a_file_is_linked_where_the_child_can_read_it_and_copied_where_not(job, tmp_path):
    with laid_out(job, jobs_dir=tmp_path / "jobs") as layout:
        laid = tmp_path / "jobs" / layout.folder / "submission" / layout.submission
        mode = laid.stat().st_mode & 0o777
        shared = laid.stat().st_ino == job.submission.stat().st_ino

    assert (mode, shared) == ((0o444, False) if os.geteuid() == 0 else (0o600, True))


def test_nothing_is_left_even_when_the_run_breaks(job, tmp_path):
    with pytest.raises(RuntimeError), laid_out(job, jobs_dir=tmp_path / "jobs"):
        raise RuntimeError

    wait_until_empty(tmp_path / "jobs")
    assert job.submission.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("suffix", ["/../x", "\0"])
def test_a_suffix_that_leads_elsewhere_is_refused(job, tmp_path, suffix):
    wrong = Job(**{**vars(job), "submission_suffix": suffix})

    with pytest.raises(ValueError, match="suffix"), laid_out(wrong, jobs_dir=tmp_path / "jobs"):
        pass


def test_what_a_killed_worker_left_is_swept_and_links_are_not_followed(tmp_path):
    jobs, elsewhere = tmp_path / "jobs", tmp_path / "elsewhere"
    (jobs / "old-job").mkdir(parents=True)
    (jobs / "old-job" / "labels.csv").write_text("1")
    elsewhere.mkdir()
    (jobs / "link").symlink_to(elsewhere)

    sweep(jobs)

    assert not (jobs / "old-job").exists()
    assert elsewhere.exists()
