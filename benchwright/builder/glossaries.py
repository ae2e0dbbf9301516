"""Glossaries: which term a translation must use, and what must not be translated."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["GLOSSARY", "read_glossary"]

GLOSSARY: Final = pl.Schema(dict.fromkeys(("source", "target", "source_language", "target_language"), pl.String()))
"""A row without ``target`` forbids the translation of ``source``; without languages it holds for all of them."""


def read_glossary(path: Path) -> pl.DataFrame:
    """Return the terms of a CSV or TSV file with the columns of :data:`GLOSSARY`; the languages may be left out.

    Raises:
        NotFoundError: the file does not exist.
        InputError: ``glossary-broken``: it is no table, or lacks a column.
    """
    if not path.is_file():
        raise NotFoundError(Problem("file-not-found", "the glossary does not exist", str(path)))
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
    return table.select(filled).filter(pl.col("source").is_not_null())


def _broken(path: Path, found: str) -> InputError:
    return InputError(
        Problem(
            code="glossary-broken",
            message="the glossary cannot be read",
            file=str(path),
            found=found,
            expected="CSV or TSV in UTF-8 with the columns source and target, and source_language and target_language "
            "where it holds for some languages only",
            remedy="an empty target means that the term must stay as it is",
        )
    )
