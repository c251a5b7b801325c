"""What the walls cost: the same evaluate() in this process, in a fresh interpreter, and behind the walls.

Run with `python -m benchmarks.isolation`. Every round runs each variant once in random order; differences and
ratios are taken inside a round, so that a busy machine disturbs both sides alike.
"""

import argparse
import importlib.util
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from app.evaluation.job import Job
from app.evaluation.outcome import Expected, Scored
from app.evaluation.runner import Evaluator

ROWS = 100_000
AUC = """
import pandas as pd
from sklearn.metrics import roc_auc_score


def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    truth = pd.read_csv(test_annotation_file)
    guess = pd.read_csv(user_submission_file)
    both = truth.merge(guess, on="id", validate="one_to_one")
    return {"result": [{"test": {"AUC": roc_auc_score(both["label"], both["score"])}}]}
"""
NOOP = """
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    return {"result": [{"test": {"AUC": 0.5}}]}
"""
FRESH = "import sys; sys.path.insert(0, sys.argv[1]); import auc; auc.evaluate(sys.argv[2], sys.argv[3], 'dev')"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        truth, guess = write_data(folder)
        evaluator = Evaluator(jobs_dir=folder / "jobs")
        isolation = evaluator.start()
        print(isolation.summary)
        try:
            show(measure(variants(folder, evaluator, truth=truth, guess=guess), rounds=rounds))
        finally:
            evaluator.close()


def write_data(folder: Path) -> tuple[Path, Path]:
    """Write 100,000 labels and as many scores in another order."""
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, ROWS)
    truth = pd.DataFrame({"id": np.arange(ROWS), "label": labels})
    guess = pd.DataFrame({"id": np.arange(ROWS), "score": (labels + generator.normal(0, 1, ROWS)).round(6)})
    paths = folder / "truth.csv", folder / "guess.csv"
    truth.to_csv(paths[0], index=False)
    guess.sample(frac=1, random_state=0).to_csv(paths[1], index=False)
    return paths


def variants(folder: Path, evaluator: Evaluator, *, truth: Path, guess: Path) -> dict[str, Callable[[], object]]:
    """Give what is compared, each ready to be called."""
    packages = {}
    for name, source in (("auc", AUC), ("noop", NOOP)):
        packages[name] = folder / name
        packages[name].mkdir()
        (packages[name] / "__init__.py").write_text(source)
    (folder / "auc.py").write_text(AUC)
    evaluate = loaded(folder / "auc.py")
    command = [sys.executable, "-c", FRESH, str(folder), str(truth), str(guess)]

    def isolated(name: str) -> None:
        job = Job(
            key=name,
            package=packages[name],
            challenge_number=1,
            annotation=truth,
            annotation_suffix=".csv",
            submission=guess,
            submission_suffix=".csv",
            phase_codename="dev",
        )
        outcome = evaluator.evaluate(job, expected=Expected(splits=("test",)))
        assert isinstance(outcome, Scored), outcome

    return {
        "in this process": lambda: evaluate(str(truth), str(guess), "dev"),
        "behind the walls": lambda: isolated("auc"),
        "does nothing, behind the walls": lambda: isolated("noop"),
        "fresh interpreter": lambda: subprocess.run(command, check=True),
    }


def loaded(path: Path) -> Callable[[str, str, str], object]:
    """Load a script's evaluate() into this process."""
    spec = importlib.util.spec_from_file_location("auc", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    evaluate: Callable[[str, str, str], object] = module.evaluate
    return evaluate


def measure(compared: dict[str, Callable[[], object]], *, rounds: int) -> list[dict[str, float]]:
    """Time every variant once a round, the dear one every fifth; the first round warms up and is left out."""
    measured = []
    for number in range(rounds + 1):
        names = [name for name in compared if name != "fresh interpreter" or number % 5 == 1]
        random.shuffle(names)
        times = {}
        for name in names:
            begun = time.perf_counter()
            compared[name]()
            times[name] = (time.perf_counter() - begun) * 1000
            # The end of a child costs a few milliseconds after its answer: not the next variant's fault.
            time.sleep(0.03)
        measured.append(times)
    return measured[1:]


def show(measured: list[dict[str, float]]) -> None:
    """Print medians, paired differences and paired ratios to the call in this process."""
    base = "in this process"
    print(f"{'variant':34}{'median ms':>10}{'p95 ms':>9}{'over ms':>9}{'ratio':>8}{'n':>5}")
    for name in dict.fromkeys(name for times in measured for name in times):
        times = sorted(round_[name] for round_ in measured if name in round_)
        over = statistics.median(round_[name] - round_[base] for round_ in measured if name in round_)
        ratio = statistics.median(round_[name] / round_[base] for round_ in measured if name in round_)
        p95 = times[int(len(times) * 0.95)]
        print(f"{name:34}{statistics.median(times):10.1f}{p95:9.1f}{over:9.1f}{ratio:8.2f}{len(times):5}")
    print("Targets: behind the walls <= 1.15 times the call; does nothing <= 12 ms; fresh interpreter >= 8 times.")


if __name__ == "__main__":
    main()
