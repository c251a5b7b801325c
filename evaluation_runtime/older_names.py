"""Names that numpy, pandas, scikit-learn and scipy have dropped since scripts were written for them, put back.

Only what still exists under another name or as another argument, so that no number comes out otherwise. A library of
its own age in a challenge's environment has its names and is left alone.
"""

import builtins
import contextlib
import functools
import inspect
import sys
import warnings
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

# To 1.24: other words for Python's own types.
_PYTHON = ("float", "int", "object", "str", "complex")
# To 2.0 and later: dropped name -> name that stays.
_NUMPY = {
    "unicode": "str_", "float_": "float64", "complex_": "complex128", "string_": "bytes_", "unicode_": "str_",
    "bool8": "bool_", "longfloat": "longdouble", "cfloat": "complex128", "singlecomplex": "complex64",
    "Inf": "inf", "Infinity": "inf", "PINF": "inf", "infty": "inf", "NaN": "nan",
    "product": "prod", "cumproduct": "cumprod", "sometrue": "any", "alltrue": "all", "round_": "round",
    "mat": "asmatrix", "row_stack": "vstack", "trapz": "trapezoid",
}  # fmt: skip
_WARNINGS = ("VisibleDeprecationWarning", "RankWarning", "ComplexWarning", "AxisError", "ModuleDeprecationWarning")
_SCIPY = {"simps": "simpson", "trapz": "trapezoid", "cumtrapz": "cumulative_trapezoid"}
_ROOTS = {
    "mean_squared_error": "root_mean_squared_error",
    "mean_squared_log_error": "root_mean_squared_log_error",
}


def put_back() -> None:
    """Give the libraries that are loaded their older names; whatever goes wrong, they stay as they are."""
    for name, mend in _MENDS.items():
        module = sys.modules.get(name)
        if module is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # a library of another age may be made in any way
                with contextlib.suppress(Exception):
                    mend(module)


def _add(owner: Any, name: str, value: Any) -> None:
    if not hasattr(owner, name):
        setattr(owner, name, value)


def _rename(owner: Any, names: Mapping[str, str]) -> None:
    for old, new in names.items():
        if hasattr(owner, new):
            _add(owner, old, getattr(owner, new))


def _numpy(numpy: Any) -> None:
    for name in _PYTHON:
        _add(numpy, name, getattr(builtins, name))
    _rename(numpy, _NUMPY)
    _add(numpy, "NINF", -numpy.inf)
    _add(numpy, "warnings", warnings)
    for name in _WARNINGS:
        _add(numpy, name, getattr(numpy.exceptions, name, None))
    _add(numpy, "in1d", lambda ar1, ar2, *args, **named: numpy.isin(numpy.ravel(ar1), ar2, *args, **named))
    _add(numpy, "asfarray", lambda a, dtype=numpy.float64: numpy.asarray(a, dtype=dtype))
    _add(numpy, "msort", lambda a: numpy.sort(a, axis=0))
    _add(numpy, "asscalar", lambda a: a.item())


def _scipy(integrate: Any) -> None:
    _rename(integrate, _SCIPY)


def _sklearn(metrics: Any) -> None:
    for name, root in _ROOTS.items():
        metric = getattr(metrics, name)
        if "squared" not in inspect.signature(metric).parameters:
            setattr(metrics, name, _with_root(metric, getattr(metrics, root)))


def _with_root(metric: Callable[..., Any], root: Callable[..., Any]) -> Callable[..., Any]:
    """Let a metric be asked for its root by `squared=False`, as up to scikit-learn 1.5."""

    @functools.wraps(metric)
    def either(*args: Any, squared: bool = True, **named: Any) -> Any:
        return metric(*args, **named) if squared else root(*args, **named)

    return either


def _pandas(pandas: Any) -> None:
    for kind in (pandas.DataFrame, pandas.Series):
        _add(kind, "iteritems", kind.items)
        _fill_by_method(kind)
    _add(pandas.DataFrame, "applymap", getattr(pandas.DataFrame, "map", None))
    _add(pandas.DataFrame, "append", _append_rows)
    _add(pandas.Series, "append", _append_values)
    _add(pandas.Series, "ravel", lambda self, order="C": self.to_numpy().ravel(order))
    _read_by_blanks(pandas)


def _append_rows(self: Any, other: Any, ignore_index: bool = False, **named: Any) -> Any:  # noqa: FBT001, FBT002 - pandas' own order
    pandas = sys.modules["pandas"]
    if isinstance(other, dict):
        other = pandas.DataFrame([other])
    elif isinstance(other, pandas.Series):
        other = other.to_frame().T
    elif isinstance(other, list) and not any(isinstance(it, pandas.DataFrame) for it in other):
        other = pandas.DataFrame(other)
    others = other if isinstance(other, list) else [other]
    parts = [part for part in (self, *others) if len(part.columns) or len(part)]
    return pandas.concat(parts or [self], ignore_index=ignore_index, **named)


def _append_values(self: Any, to_append: Any, ignore_index: bool = False, **named: Any) -> Any:  # noqa: FBT001, FBT002 - pandas' own order
    others = to_append if isinstance(to_append, list | tuple) else [to_append]
    return sys.modules["pandas"].concat([self, *others], ignore_index=ignore_index, **named)


def _fill_by_method(kind: Any) -> None:
    """Take `fillna(method="ffill")`, which has methods of its own since pandas 3."""
    fill = kind.fillna
    if "method" in inspect.signature(fill).parameters:
        return

    @functools.wraps(fill)
    def either(self: Any, value: Any = None, *, method: str | None = None, **named: Any) -> Any:
        if method is None:
            return fill(self, value, **named)
        return self.ffill(**named) if method in {"ffill", "pad"} else self.bfill(**named)

    kind.fillna = either


def _read_by_blanks(pandas: Any) -> None:
    """Take `read_csv(…, delim_whitespace=True)`, which is `sep=r"\\s+"` since pandas 3."""
    read = pandas.read_csv
    if "delim_whitespace" in inspect.signature(read).parameters:
        return

    @functools.wraps(read)
    def either(*args: Any, delim_whitespace: bool = False, **named: Any) -> Any:
        return read(*args, **(named | {"sep": r"\s+"} if delim_whitespace else named))

    pandas.read_csv = either


_MENDS: dict[str, Callable[[ModuleType], None]] = {
    "numpy": _numpy,
    "scipy.integrate": _scipy,
    "sklearn.metrics": _sklearn,
    "pandas": _pandas,
}
