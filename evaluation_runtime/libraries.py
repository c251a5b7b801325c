"""The libraries that nearly every script wants, loaded and used once before there is a script."""

import importlib
import io
import sys
from collections.abc import Iterator

_PRELOAD = ("numpy", "pandas", "scipy.stats", "sklearn.metrics", "multiprocessing.pool", "subprocess", "csv", "zipfile")
# What a metric over 100,000 rows takes. More would be given to every child that stands by, used or not.
_WORKING_BYTES = 8 * 1024 * 1024


def load() -> None:
    """Import the libraries."""
    for name in _PRELOAD:
        importlib.import_module(name)


def use() -> Iterator[None]:
    """Use the loaded libraries once, in small steps: what they import and fetch from disk at first use is paid here.

    It yields after each step, so that a child that gets its job meanwhile can leave the rest.
    """
    numpy, pandas = sys.modules["numpy"], sys.modules["pandas"]
    metrics = sys.modules["sklearn.metrics"]
    truth = pandas.read_csv(io.StringIO("id,label\n1,0\n2,1\n3,1\n"))
    guess = pandas.read_csv(io.StringIO("id,score\n3,0.9\n1,0.2\n2,0.4\n"))
    yield
    both = truth.merge(guess, on="id", validate="one_to_one")
    yield
    metrics.roc_auc_score(both["label"], both["score"])
    yield
    metrics.f1_score(both["label"], both["score"] > 0.3)
    numpy.linalg.norm(numpy.ones((3, 3)) @ numpy.ones(3))
    yield


def touch_memory() -> None:
    """Have the kernel give this process its first working memory now; the C library keeps it when it is freed."""
    sys.modules["numpy"].ones(_WORKING_BYTES, dtype="uint8")
