"""What a worker process holds: the evaluator, its name, and the runs it has claimed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from flask import Flask

from app.evaluation.job import Limits
from app.evaluation.runner import Evaluator
from app.extensions import db
from config import Settings

Claim = tuple[int, int]
Part = TypeVar("Part")


class Hand:
    """The runs of one kind that a worker has in hand; used by all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: set[Claim] = set()
        self._lost: set[Claim] = set()

    @contextmanager
    def holding(self, claim: Claim) -> Iterator[None]:
        """Keep a claim alive for as long as its run takes."""
        with self._lock:
            self._claims.add(claim)
        try:
            yield
        finally:
            with self._lock:
                self._claims.discard(claim)
                self._lost.discard(claim)

    def claims(self) -> list[Claim]:
        """Return the runs (id, attempt) in hand just now."""
        with self._lock:
            return sorted(self._claims)

    def lose(self, claims: set[Claim]) -> None:
        """Note that these runs were cancelled or taken over; their children are to be killed."""
        with self._lock:
            self._lost |= claims & self._claims

    def has_lost(self, claim: Claim) -> bool:
        """Whether a run in hand is no longer wanted."""
        with self._lock:
            return claim in self._lost


class Workbench(Hand):
    """Made bare at import, so that tasks can name it, and equipped by the worker's front door.

    Its own hand holds runs of submissions, `trials` those of trials.
    """

    def __init__(self) -> None:
        super().__init__()
        self.app: Flask | None = None
        self.evaluator: Evaluator | None = None
        self.name = ""
        self.trials = Hand()

    def equip(self, app: Flask, evaluator: Evaluator, *, name: str) -> None:
        """Give the tasks their application and their evaluator."""
        self.app, self.evaluator, self.name = app, evaluator, name

    @property
    def settings(self) -> Settings:
        """The settings of the application. Here and below: RuntimeError before the bench was equipped."""
        return cast("Settings", _there(self.app).extensions["settings"])

    @property
    def limits(self) -> Limits:
        """What one evaluation may use."""
        known = self.settings
        return Limits(wall_seconds=known.evaluation_seconds, memory_bytes=known.evaluation_memory_bytes)

    @property
    def ready_evaluator(self) -> Evaluator:
        """The evaluator, for who cannot do without it."""
        return _there(self.evaluator)

    @contextmanager
    def in_app(self) -> Iterator[None]:
        """Run a task with the application at hand and a database session of its own."""
        with _there(self.app).app_context():
            try:
                yield
            finally:
                db.session.remove()


def _there(part: Part | None) -> Part:
    if part is None:
        raise RuntimeError("the worker has not been equipped")
    return part


workbench = Workbench()
