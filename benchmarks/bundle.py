"""The two challenges that are measured, as bundles: the AUC over 100,000 rows, and a script that does nothing."""

import random
from pathlib import Path

from examples.build import zip_bytes

ROWS = 100_000
SEED = 20261123

AUC_SCRIPT = """\
import pandas as pd
from sklearn.metrics import roc_auc_score


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    truth = pd.read_csv(test_annotation_file)
    guess = pd.read_csv(user_submission_file)
    both = truth.merge(guess, on="id", validate="one_to_one")
    return {"result": [{"test": {"AUC": float(roc_auc_score(both["label"], both["score"]))}}]}
"""
NOTHING_SCRIPT = """\
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    return {"result": [{"test": {"AUC": 0.5}}]}
"""
SCRIPTS = {"auc": AUC_SCRIPT, "nothing": NOTHING_SCRIPT}

_CONFIG = """\
title: Bench {name}
short_description: Measured, not played.
description: page.html
evaluation_details: page.html
terms_and_conditions: page.html
submission_guidelines: page.html
evaluation_script: evaluation_script.zip
remote_evaluation: False
start_date: 2026-01-01 00:00:00
end_date: 2099-12-31 23:59:59
published: True
leaderboard:
  - id: 1
    schema: {{"labels": ["AUC"], "default_order_by": "AUC"}}
challenge_phases:
  - id: 1
    name: Bench
    description: page.html
    codename: bench
    is_public: True
    leaderboard_public: True
    is_submission_public: True
    start_date: 2026-01-01 00:00:00
    end_date: 2099-12-31 23:59:59
    test_annotation_file: annotations/truth.csv
    max_submissions_per_day: 100000
    max_submissions_per_month: 100000
    max_submissions: 100000
    max_concurrent_submissions_allowed: 100000
dataset_splits:
  - id: 1
    name: Test
    codename: test
challenge_phase_splits:
  - challenge_phase_id: 1
    leaderboard_id: 1
    dataset_split_id: 1
    visibility: 3
    leaderboard_decimal_precision: 4
    is_leaderboard_order_descending: True
"""


def write_bundle(name: str, into: Path) -> Path:
    """Write the zip of the challenge `name` (a key of SCRIPTS) and return its path."""
    script = zip_bytes([("__init__.py", b"from .main import evaluate\n"), ("main.py", SCRIPTS[name].encode())])
    files = [
        ("challenge_config.yaml", _CONFIG.format(name=name).encode()),
        ("page.html", b"<p>For measuring.</p>"),
        ("annotations/truth.csv", truth() if name == "auc" else b"id,label\n1,0\n2,1\n"),
        ("evaluation_script.zip", script),
    ]
    path = into / f"{name}.zip"
    path.write_bytes(zip_bytes(files))
    return path


def truth() -> bytes:
    """Return the labels of all rows: 0.8 MB."""
    chance = random.Random(SEED)
    return ("id,label\n" + "".join(f"{row},{chance.randrange(2)}\n" for row in range(ROWS))).encode()


def predictions() -> bytes:
    """Return a score for every row, in another order: 1.5 MB."""
    chance = random.Random(SEED + 1)
    order = list(range(ROWS))
    chance.shuffle(order)
    return ("id,score\n" + "".join(f"{row},{chance.random():.6f}\n" for row in order)).encode()


def write_script(name: str, into: Path) -> Path:
    """Write the unpacked script folder of `name` and return its path."""
    folder = into / f"script_{name}"
    folder.mkdir()
    (folder / "__init__.py").write_text("from .main import evaluate\n")
    (folder / "main.py").write_text(SCRIPTS[name])
    return folder
