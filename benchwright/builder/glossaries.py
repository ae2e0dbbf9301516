"""Glossaries: which term a translation must use, and what must not be translated."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder._tbx import terms_of
from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["GLOSSARY", "read_glossary"]

GLOSSARY: Final = pl.Schema(dict.fromkeys(("source", "target", "source_language", "target_language"), pl.String()))
"""A row without ``target`` forbids the translation of ``source``; without languages it holds for all of them."""
NO_TERM: Final = ("no accepted term", "open")
"""What a note or the column ``status`` says of a term that has no accepted translation."""


def read_glossary(path: Path, *, every: bool = False) -> pl.DataFrame:
    """Return the terms of a CSV, TSV or TBX file with the columns of :data:`GLOSSARY`.

    In a table the languages may be left out, and a column ``status`` may say ``no accepted term``. TBX is read in the
    forms of ISO 30042:2008 (``martif``) and ISO 30042:2019 (``tbx``); a note ``do not translate`` or
    ``no accepted term`` says what it says.

    Args:
        path: the file.
        every: with terms that have no accepted translation too, told by a column ``open``; else they are left out.

    Raises:
        NotFoundError: the file does not exist.
        InputError: ``glossary-broken``: it is no table or no TBX, or lacks a column.
    """
    if not path.is_file():
        raise NotFoundError(Problem("file-not-found", "the glossary does not exist", str(path)))
    read = _read_tbx if path.suffix.casefold() in (".tbx", ".xml") else _read_table
    table = read(path)
    return table if every else table.filter(~pl.col("open")).drop("open")


def _read_tbx(path: Path) -> pl.DataFrame:
    try:
        rows = terms_of(path)
    except ValueError as error:
        raise _broken(path, str(error)) from error
    return pl.DataFrame(rows, schema={**GLOSSARY, "open": pl.Boolean()}, orient="row")


def _read_table(path: Path) -> pl.DataFrame:
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    head = text.split(b"\n", 1)[0]
    sign = max(("\t", ",", ";"), key=lambda one: head.count(one.encode()))
    try:
        table = pl.read_csv(io.BytesIO(text), separator=sign, infer_schema=False, truncate_ragged_lines=False)
    except pl.exceptions.PolarsError as error:
        raise _broken(path, str(error).splitlines()[0]) from error
    names = {name.strip().casefold(): name for name in table.columns}
    if not {"source", "target"} <= names.keys():
        raise _broken(path, f"the columns {', '.join(table.columns) or 'none'}")
    filled = [
        (pl.col(names[name]).str.strip_chars().replace("", None) if name in names else pl.lit(None, pl.String)).alias(
            name
        )
        for name in GLOSSARY
    ]
    status = (
        pl.col(names["status"]).str.strip_chars().str.to_lowercase() if "status" in names else pl.lit(None, pl.String)
    )
    still = status.is_in(list(NO_TERM)).fill_null(value=False) & filled[1].is_null()
    return table.select(*filled, still.alias("open")).filter(pl.col("source").is_not_null())


def _broken(path: Path, found: str) -> InputError:
    return InputError(
        Problem(
            code="glossary-broken",
            message="the glossary cannot be read",
            file=str(path),
            found=found,
            expected="TBX, or CSV or TSV in UTF-8 with the columns source and target, and source_language and "
            "target_language where it holds for some languages only",
            remedy="an empty target means that the term must stay as it is",
        )
    )
