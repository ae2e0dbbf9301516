"""The formats of files for translators by their names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchwright.builder.translate._people.rows import Bundle
from benchwright.builder.translate._people.sheets import read_csv, read_xlsx, write_csv, write_xlsx
from benchwright.builder.translate._people.tmx import read_tmx, write_tmx
from benchwright.builder.translate._people.xliff import read_xliff, write_xliff
from benchwright.schemas.errors import NotFoundError, Problem

__all__ = ["FORMATS", "read_bundle", "suffix_of", "write_bundle"]

FORMATS: Final = ("xliff", "xliff12", "xlsx", "csv", "tmx")
_SUFFIXES: Final = {"xliff": "xlf", "xliff12": "xlf"}
_BY_SUFFIX: Final = {".xlf": "xliff", ".xliff": "xliff", ".xlsx": "xlsx", ".csv": "csv", ".tsv": "csv", ".tmx": "tmx"}


def suffix_of(form: str) -> str:
    """Return the suffix of files of a format, without the dot.

    Raises:
        NotFoundError: ``name-unknown``.
    """
    if form not in FORMATS:
        raise _unknown(form)
    return _SUFFIXES.get(form, form)


def write_bundle(path: Path, bundle: Bundle, form: str) -> None:
    """Write a file for translators.

    Raises:
        NotFoundError: ``name-unknown``: there is no such format.
        OutputError: the file cannot be written.
    """
    match form:
        case "xliff":
            write_xliff(path, bundle, version="2.1")
        case "xliff12":
            write_xliff(path, bundle, version="1.2")
        case "xlsx":
            write_xlsx(path, bundle)
        case "csv":
            write_csv(path, bundle)
        case "tmx":
            write_tmx(path, bundle)
        case _:
            raise _unknown(form)


def read_bundle(path: Path, form: str, source: str, target: str) -> Bundle:
    """Return the rows of a file of translators; ``auto`` tells the format by the suffix.

    Raises:
        NotFoundError: the file does not exist, or there is no such format.
        InputError: ``exchange-broken``.
    """
    if not path.is_file():
        raise NotFoundError(Problem("file-not-found", "the file does not exist", str(path), remedy="check its name"))
    named = _BY_SUFFIX.get(path.suffix.casefold(), path.suffix or "none") if form == "auto" else form
    match named:
        case "xliff" | "xliff12":
            return read_xliff(path)
        case "xlsx":
            return read_xlsx(path)
        case "csv":
            return read_csv(path)
        case "tmx":
            return read_tmx(path, source, target)
        case _:
            raise _unknown(named)


def _unknown(form: str) -> NotFoundError:
    return NotFoundError(
        Problem(
            "name-unknown",
            "there is no such format of files for translators",
            found=form,
            expected=", ".join(FORMATS),
            remedy="name one with --format",
        )
    )
