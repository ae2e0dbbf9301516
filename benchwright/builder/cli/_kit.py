"""What the commands share: options, the reply with its exit code, tables and progress."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

import typer

if TYPE_CHECKING:
    from benchwright.schemas.errors import Problem

__all__ = ["JsonFlag", "QuietFlag", "Reply", "VerboseFlag", "examples", "keep_memory", "pairs"]

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but problems.")]
VerboseFlag = Annotated[bool, typer.Option("--verbose", "-v", help="Print more.")]
_DEFECT: Final = 3


def keep_memory() -> None:
    """Let polars keep memory for ten seconds where it would give it back after half a one and ask for it again.

    To be called before polars is imported, by commands that work through many blocks of one size: a tenth less
    processor time. What the user has set stays.
    """
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:10000,muzzy_decay_ms:10000")


def examples(*lines: str) -> str:
    """Return the epilog of a command: a heading, and each example on its own line."""
    # The \b keeps the lines of the paragraph apart.
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def pairs(texts: list[str]) -> dict[str, str]:
    """Return settings given as ``KEY=VALUE``.

    Raises:
        UserError: one has no equals sign.
    """
    from benchwright.schemas.errors import Problem, UserError

    parted = [text.partition("=") for text in texts]
    if wrong := [text for text, (_, sign, _) in zip(texts, parted, strict=True) if not sign]:
        raise UserError(
            Problem("override-syntax", "a setting is not understood", found=wrong[0], expected="--slurm KEY=VALUE")
        )
    return {key: value for key, _, value in parted}


class Reply:
    """The answer of one command: tables for people, or one JSON document; problems on standard error.

    Used as a context manager around the work: an error raised on purpose is printed and becomes its exit code, any
    other error is a defect and exits with 3.
    """

    def __init__(self, command: str, *, as_json: bool = False, quiet: bool = False, verbose: bool = False) -> None:
        self.command = command
        self.as_json = as_json
        self.quiet = quiet
        self.verbose = verbose
        self.data: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from benchwright.schemas.errors import BenchwrightError

        if error is None:
            self._document(0, [])
        elif isinstance(error, BenchwrightError):
            self._problems(error.problems)
            self._document(error.exit_code, error.problems)
            raise typer.Exit(error.exit_code) from None
        elif isinstance(error, Exception) and not isinstance(error, typer.Exit | typer.Abort | typer.BadParameter):
            print("".join(traceback.format_exception(error)), file=sys.stderr)
            self._problems(problems := (_defect(error),))
            self._document(_DEFECT, problems)
            raise typer.Exit(_DEFECT) from None

    def say(self, text: str = "") -> None:
        """Print a line for people."""
        if not self.as_json and not self.quiet:
            with _pipe():
                print(text, flush=True)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table for people; numbers stand to the right, null is a dash."""
        kept = [list(row) for row in rows]
        if self.as_json or self.quiet or not kept:
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title, title_justify="left", title_style="bold")
        for place, column in enumerate(columns):
            numbers = all(row[place] is None or isinstance(row[place], int | float) for row in kept)
            numbers = numbers and any(row[place] is not None for row in kept)
            table.add_column(column, justify="right" if numbers else "left", overflow="fold")
        for row in kept:
            table.add_row(*(Text("-" if cell is None else str(cell)) for cell in row))
        with _pipe():
            Console(width=None if sys.stdout.isatty() else 160).print(table)

    def progress(self, stage: str, done: int, total: int, name: str) -> None:
        """Rewrite one line on standard error, only where that is a terminal."""
        if sys.stderr.isatty() and not self.quiet:
            text = f"{stage} {done}/{total} {name}"[:100]
            end = "\n" if done == total else ""
            print(f"\r\x1b[K{text}", end=end, file=sys.stderr, flush=True)

    def _problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            print(problem, file=sys.stderr)

    def _document(self, code: int, problems: Sequence[Problem]) -> None:
        if self.as_json:
            from dataclasses import asdict

            document = {"command": self.command, "exit_code": code, "problems": [asdict(one) for one in problems]}
            with _pipe():
                print(json.dumps({**document, **self.data}, ensure_ascii=False, indent=2, default=str), flush=True)


@contextlib.contextmanager
def _pipe() -> Iterator[None]:
    """Go on in silence when the reader of standard output has left (``... | head``): the exit code still counts."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _defect(error: Exception) -> Problem:
    from benchwright.schemas.errors import Problem

    return Problem(
        code="stage-failed",
        message="Benchwright stopped with an unexpected error",
        found=f"{type(error).__name__}: {error}",
        remedy="this is a defect of Benchwright: please report it with the lines above",
    )
