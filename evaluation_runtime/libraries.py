"""The libraries that nearly every script wants, loaded and used once before there is a script."""

import contextlib
import importlib
import io
import sys
from collections.abc import Iterator

from evaluation_runtime import older_names

_PRELOAD = ("numpy", "pandas", "scipy.stats", "sklearn.metrics", "multiprocessing.pool", "subprocess", "csv", "zipfile")
# What a metric over 100,000 rows takes. More would be given to every child that stands by, used or not.
_WORKING_BYTES = 8 * 1024 * 1024


def load(*, all_needed: bool) -> None:
    """Import the libraries and give them their older names. Raises ImportError if all are needed.

    An environment of a challenge need not have them.
    """
    for name in _PRELOAD:
        try:
            importlib.import_module(name)
        except Exception:  # whatever a library of another age raises, it is for the script to meet
            if all_needed:
                raise
    older_names.put_back()


def use() -> Iterator[None]:
    """Use the loaded libraries once, in small steps: what they import and fetch from disk at first use is paid here.

    It yields before each step, so that a child that has its job by then can leave the rest.
    """
    if all(name in sys.modules for name in ("numpy", "pandas", "sklearn.metrics")):
        # older and newer ones in an environment of their own may not know all that is tried here
        with contextlib.suppress(Exception):
            yield from _steps()


def _steps() -> Iterator[None]:
    numpy, pandas = sys.modules["numpy"], sys.modules["pandas"]
    metrics = sys.modules["sklearn.metrics"]
    yield
    truth = pandas.read_csv(io.StringIO("id,label\n1,0\n2,1\n3,1\n"))
    guess = pandas.read_csv(io.StringIO("id,score\n3,0.9\n1,0.2\n2,0.4\n"))
    yield
    both = truth.merge(guess, on="id", validate="one_to_one")
    yield
    metrics.roc_auc_score(both["label"], both["score"])
    yield
    metrics.f1_score(both["label"], both["score"] > 0.3)
    yield
    numpy.linalg.norm(numpy.ones((3, 3)) @ numpy.ones(3))


def touch_memory() -> None:
    """Have the kernel give this process its first working memory now; the C library keeps it when it is freed."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].ones(_WORKING_BYTES, dtype="uint8")
