"""Kit: a long-lived process that answers blocks that end in NUL, in their order."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence

__all__ = ["Pipe", "PipeError"]

_READ = 1 << 16


class PipeError(Exception):
    """The process ended, or did not answer in time; internal to this folder."""


class Pipe:
    """Writes and reads at once, so that neither side waits for the other."""

    def __init__(self, command: Sequence[str], timeout: float) -> None:
        """Start the process in a session of its own."""
        self._timeout = timeout
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            bufsize=0,
        )

    def exchange(self, blocks: Sequence[bytes]) -> Iterator[bytes]:
        """Yield the answer to each block.

        Raises:
            PipeError: the process ended, or nothing came for the time that a block may take.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise PipeError("the process has no pipes")
        os.set_blocking(stdin.fileno(), False)
        waiting = memoryview(b"".join(block + b"\0" for block in blocks))
        left, buffer, last = len(blocks), b"", time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            selector.register(stdin, selectors.EVENT_WRITE)
            while left:
                ready = {key.fileobj for key, _ in selector.select(min(self._timeout, 1.0))}
                if stdin in ready:
                    waiting = waiting[self._write(waiting) :]
                    if not waiting:
                        selector.unregister(stdin)
                if stdout in ready:
                    got = os.read(stdout.fileno(), _READ)
                    if not got:
                        raise PipeError(f"the program ended with exit code {self._process.wait()}")
                    last = time.monotonic()
                    *whole, buffer = (buffer + got).split(b"\0")
                    left -= len(whole)
                    yield from whole
                if time.monotonic() - last > self._timeout:
                    raise PipeError(f"no answer for {self._timeout:g} seconds")

    def _write(self, data: memoryview) -> int:
        stdin = self._process.stdin
        try:
            return os.write(stdin.fileno(), data[:_READ]) if stdin is not None else 0
        except BlockingIOError:
            return 0
        except OSError as error:
            raise PipeError(f"the program takes nothing more: {error.strerror}") from error

    def close(self) -> None:
        """End the process and all that it started."""
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
