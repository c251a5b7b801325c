"""The demo fills an empty data directory and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import config

ROOT = Path(config.__file__).parent


def run(data_dir, *arguments, typed=""):
    environ = {"PATH": os.environ["PATH"], "SHIAI_DATA_DIR": str(data_dir)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environ,
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_server_that_people_use_is_never_filled_with_a_demo(tmp_path):
    made = run(
        tmp_path, "-m", "flask", "--app", "wsgi", "create-admin", "Ada", "a@b.org", typed="correct horse battery\n"
    )

    ended = run(tmp_path, "-m", "app.demo")

    assert made.returncode == 0
    assert ended.returncode == 1
    assert "is in use already. Name an empty data directory with SHIAI_DATA_DIR." in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "demo-passwords").exists()


def test_a_question_for_help_fills_nothing(tmp_path):
    ended = run(tmp_path, "-m", "app.demo", "--help")

    assert ended.returncode == 1
    assert "takes no arguments" in ended.stderr
    assert list(tmp_path.iterdir()) == []
