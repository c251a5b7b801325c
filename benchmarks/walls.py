"""An evaluation behind its walls, beside a call and beside a fresh interpreter, timed by benchmarks/isolation.py."""

import tempfile
from pathlib import Path

from threadpoolctl import threadpool_limits

from app.evaluation.runner import Evaluator
from benchmarks import isolation
from benchmarks.report import Line, median, p95

ROUNDS = 40
CALLED, WALLED, EMPTY, FRESH = (
    "in this process",
    "behind the walls",
    "does nothing, behind the walls",
    "fresh interpreter",
)


def measure() -> list[Line]:
    """Alternate the ways, round by round; ratios are taken inside a round."""
    with tempfile.TemporaryDirectory() as name, threadpool_limits(1):
        folder = Path(name)
        truth, guess = isolation.write_data(folder)
        evaluator = Evaluator(jobs_dir=folder / "jobs", isolation="strict")
        summary = evaluator.start().summary
        try:
            rounds = isolation.measure(isolation.variants(folder, evaluator, truth=truth, guess=guess), rounds=ROUNDS)
        finally:
            evaluator.close()
    walled = [taken[WALLED] / taken[CALLED] for taken in rounds]
    empty = [taken[EMPTY] for taken in rounds]
    fresh = [taken[FRESH] / taken[WALLED] for taken in rounds if FRESH in taken]
    print(summary)
    return [
        Line(
            name="evaluation behind all walls, to a call in process",
            value=median(walled),
            tail=p95(walled),
            unit="x",
            limit=1.15,
        ),
        Line(
            name="  a script that does nothing behind them", value=median(empty), tail=p95(empty), unit="ms", limit=12
        ),
        Line(
            name="  a fresh interpreter to an evaluation behind walls",
            value=median(fresh),
            unit="x",
            limit=8,
            at_least=True,
        ),
    ]
