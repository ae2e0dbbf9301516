"""The process that has COMET: started, spoken to, and started again where it dies."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from benchwright.builder.store import writing
from benchwright.schemas.errors import InputError, Problem

__all__ = ["CometSettings", "CometWorker", "Row"]

Row = tuple[str, str, str | None]
"""Source, translation, reference."""
PROTOCOL: Final = 1
SILENCE_S: Final = 120.0
"""Seconds without a sign of life after which the process is ended and started again; it gives one each five."""
DEATHS: Final = 3
"""Times that the process may die at one request before the run stops."""


@dataclass(frozen=True, slots=True)
class CometSettings:
    """How a model is run. ``dtype`` is ``fp32`` or ``bf16``; null leaves the choice to the worker."""

    encoder: str | None = None
    """Folder with the configuration and tokenizer of the encoder, where the checkpoint names another place."""
    dtype: str = "fp32"
    device: str | None = None
    threads: int | None = None
    tokens: int | None = None
    """Tokens of a batch."""

    def request(self) -> dict[str, Any]:
        """Return the settings as the worker reads them."""
        return {
            "encoder": self.encoder,
            "dtype": self.dtype,
            "device": self.device,
            "threads": self.threads,
            "tokens": self.tokens,
        }


@dataclass
class CometWorker:
    """One model in a process of its own; used as a context manager.

    Attributes:
        python: the Python of the environment.
        model: a checkpoint, a folder in COMET's layout, or a name on the hub.
        log: file for all that the process prints.
        settings: how the model is run.
        about: what the worker says of the model, once it is started.
        deaths: how often the process had to be started again.
    """

    python: Path
    model: str
    log: Path
    settings: CometSettings = field(default_factory=CometSettings)
    about: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    deaths: int = 0
    silence: float = SILENCE_S
    _process: subprocess.Popen[str] | None = None
    _lines: queue.Queue[str | None] = field(default_factory=queue.Queue)
    _last: int = 0

    def __enter__(self) -> Self:
        """Start the process and load the model.

        Raises:
            InputError: ``worker-failed``: the process does not start or has another protocol; ``model-unreadable``.
        """
        try:
            self._again({"op": "hello"})
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def score(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Return ``scores``, ``reasons`` (of scores that are null) and ``spans``, one of each for every row.

        Raises:
            InputError: ``worker-failed``: the process died several times at these rows, or the library failed.
        """
        reply = self._again({"op": "score", "rows": list(rows)})
        if "error" in reply:
            raise self._failed(str(reply["error"]))
        return reply

    @property
    def pid(self) -> int | None:
        """The number of the process that runs now."""
        return self._process.pid if self._process else None

    def _again(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask; where the process dies meanwhile, start another and ask that."""
        for _ in range(DEATHS):
            if self._process is None and not self._start():
                continue
            reply = self._ask(request)
            if reply is not None:
                return reply
        raise self._failed(f"the process died {DEATHS} times at one request")

    def _start(self) -> bool:
        """Start the process, shake hands and load the model; tell whether it lived that long."""
        program = files("benchwright.builder.score") / "worker" / "comet_worker.py"
        env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
        if Path(self.model).exists():
            env["HF_HUB_OFFLINE"] = "1"
        with writing(self.log):
            self.log.parent.mkdir(parents=True, exist_ok=True)
            errors = self.log.open("a", encoding="utf-8")
        with errors:
            try:
                self._process = subprocess.Popen(
                    [str(self.python), str(program)],
                    env={**env, "TOKENIZERS_PARALLELISM": "false", "PYTHONUNBUFFERED": "1"},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    encoding="utf-8",
                    start_new_session=True,
                )
            except OSError as error:
                raise self._failed(error.strerror or str(error)) from error
        self._lines = queue.Queue()
        threading.Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()
        hello = self._ask({"op": "hello"})
        if hello is None:
            return False
        if hello.get("protocol") != PROTOCOL:
            raise self._failed(f"it speaks protocol {hello.get('protocol')}, this is {PROTOCOL}: {hello.get('error')}")
        self.versions = dict(hello["versions"])
        about = self._ask({"op": "load", "model": self.model, **self.settings.request()})
        if about is None:
            return False
        if "error" in about:
            raise self._unreadable(str(about["error"]))
        self.about = about
        return True

    def _ask(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Return the reply to one request, or None where the process died or gave no sign of life."""
        process = self._process
        if process is None or process.stdin is None:
            return None
        self._last += 1
        try:
            process.stdin.write(json.dumps({"id": self._last, **request}) + "\n")
            process.stdin.flush()
        except OSError:
            self._died()
            return None
        while True:
            try:
                line = self._lines.get(timeout=self.silence)
            except queue.Empty:
                line = None
            if line is None:
                self._died()
                return None
            reply: dict[str, Any] = json.loads(line)
            if reply.get("id") == self._last:
                return reply

    def _died(self) -> None:
        self._end()
        self.deaths += 1

    def _end(self) -> None:
        """End the process and what it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                # Its other end is gone.
                with contextlib.suppress(OSError):
                    stream.close()

    def _failed(self, found: str) -> InputError:
        return InputError(
            Problem(
                "worker-failed",
                "the COMET worker stopped",
                file=str(self.log),
                found=found,
                expected="a process that scores rows",
                remedy="read the log; where memory was short, lower --comet-tokens; the run continues where it stood",
            )
        )

    def _unreadable(self, found: str) -> InputError:
        return InputError(
            Problem(
                "model-unreadable",
                "the model of COMET cannot be loaded",
                file=self.model,
                found=found[:400],
                expected="checkpoints/model.ckpt with hparams.yaml above it, and the encoder's config and tokenizer",
                remedy="name the folder of the encoder with --comet-encoder, or check the model",
            )
        )


def _read(stream: IO[str] | None, lines: queue.Queue[str | None]) -> None:
    for line in stream or ():
        lines.put(line)
    lines.put(None)
