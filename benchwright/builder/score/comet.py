"""COMET as a metric: what a model is given, and the workers that run it."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

from benchwright.builder.environments import find
from benchwright.builder.score._metric import Info, Texts, Value
from benchwright.builder.score._worker import CometSettings, CometWorker, Row
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.signature import signature

__all__ = ["Comet", "CometPool"]

_COLUMNS: Final = {
    "qe": ("source", "target"),
    "back": ("target", "back", "source"),
    "reference": ("source", "target", "reference"),
}
"""What COMET takes as source, translation and reference. The back-translation is judged as a translation of ours."""
_WORDS: Final = {
    "qe": "translation without a reference",
    "back": "back-translation, the source its reference",
    "reference": "translation against the reference",
}


class CometPool:
    """One model in one or several workers; used as a context manager."""

    def __init__(self, model: str, log: Path, settings: CometSettings, workers: int = 1) -> None:
        """Say what is run; nothing is started before the block is entered.

        Raises:
            MissingDependencyError: the environment ``comet`` was not made.
        """
        self.place = find("comet")
        self.settings = settings
        self.name = _name(model)
        one = CometWorker(self.place.python, model, log, settings)
        several = workers > 1 and not settings.device
        self.workers = [replace(one, settings=_on(settings, number)) if several else one for number in range(workers)]
        self._free: queue.Queue[CometWorker] = queue.Queue()

    def __enter__(self) -> Self:
        """Start the workers."""
        with ExitStack() as started:
            for worker in self.workers:
                self._free.put(started.enter_context(worker))
            # All of them run: they are ended with the pool.
            started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        for worker in self.workers:
            worker.__exit__(None, None, None)

    @property
    def about(self) -> dict[str, Any]:
        """Return what the workers say of the model."""
        return self.workers[0].about

    @property
    def deaths(self) -> int:
        """Return how often a worker had to be started again."""
        return sum(one.deaths for one in self.workers)

    def score(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Give the rows to a worker that is free."""
        worker = self._free.get()
        try:
            return worker.score(rows)
        finally:
            self._free.put(worker)

    def metrics(self, *, back: bool, reference: bool) -> list[Comet]:
        """Return what the model can be asked for, of the texts that are there.

        Raises:
            InputError: ``metric-impossible``: the model needs a reference, and there is neither one nor a
                back-translation.
        """
        needs, takes = self.about["needs_reference"], self.about["takes_reference"]
        modes = [] if needs else ["qe"]
        modes += ["back"] if takes and back else []
        modes += ["reference"] if takes and reference else []
        if not modes:
            raise InputError(
                Problem(
                    "metric-impossible",
                    f"the model {self.name} needs a reference",
                    expected="back-translations or reference translations",
                    remedy="add --back or --reference, or take a model that needs none",
                )
            )
        return [Comet(self, mode) for mode in modes]


def _on(settings: CometSettings, number: int) -> CometSettings:
    return replace(settings, device=f"cuda:{number}")


def _name(model: str) -> str:
    """Return a short name: of a checkpoint that of its folder, of the hub's the last part."""
    path = Path(model)
    return path.parents[1].name if path.suffix == ".ckpt" and len(path.parents) > 1 else path.name


@dataclass(frozen=True)
class Comet:
    """One model in one mode: ``qe``, ``back`` or ``reference``."""

    pool: CometPool
    mode: str

    @property
    def jobs(self) -> int:
        """Return the number of workers."""
        return len(self.pool.workers)

    @property
    def info(self) -> Info:
        """Return what is said of it."""
        what = f"COMET {self.pool.name}: {_WORDS[self.mode]}"
        return Info(f"comet_{self.mode}:{self.pool.name}", _COLUMNS[self.mode], True, None, None, what)

    def signature(self, language: str) -> str:
        """Return model, hash of its weights, number format and the lock file; the language changes nothing."""
        del language
        return signature(
            f"comet_{self.mode}",
            model=self.pool.name,
            sha256=self.pool.about["sha256"],
            kind=self.pool.about["class"],
            dtype=self.pool.settings.dtype,
            environment=self.pool.place.signature,
            version=self.pool.workers[0].versions.get("unbabel-comet", "unknown"),
        )

    def values(self, language: str, rows: Sequence[Texts]) -> list[Value]:
        """Return the scores; a row past the model's length has a reason and no score."""
        del language
        asked: list[Row] = [(row[0], row[1], row[2] if len(row) > 2 else None) for row in rows]
        told = self.pool.score(asked)
        # Stretches are places in what the model judged: only in these modes is that the item's own text.
        own = self.mode != "back"
        return [
            Value(value, reason, tuple(spans) if own else ())
            for value, reason, spans in zip(told["scores"], told["reasons"], told["spans"], strict=True)
        ]
