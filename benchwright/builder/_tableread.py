"""Reading tables that earlier commands wrote: what goes wrong is said with the file and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from benchwright.schemas.errors import InputError, Problem

__all__ = ["reading_table"]


@contextmanager
def reading_table(path: Path) -> Iterator[None]:
    """Turn errors of reading a table, within the block, into one that names the file.

    Raises:
        InputError: the table is damaged or is none.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            Problem(
                code="file-unreadable",
                message="a table cannot be read",
                file=str(path),
                found=str(error).splitlines()[0] if str(error) else type(error).__name__,
                expected="a Parquet file that Benchwright wrote",
                remedy="run `benchwright build` again",
            )
        ) from error
