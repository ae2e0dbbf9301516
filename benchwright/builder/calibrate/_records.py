"""Records of labelled files, whatever they are written in, and the languages that they name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError, Problem, SchemaError
from benchwright.schemas.languages import parse_language

__all__ = ["first_of", "read_records", "told_language"]

_TABLES: Final = (".csv", ".tsv", ".txt", ".parquet")
_SOURCE: Final = ("source_language", "source_locale", "src_lang", "source_lang", "lang_tag")
_TARGET: Final = ("target_language", "target_locale", "tgt_lang", "target_lang")
_PAIR: Final = ("lp", "langs", "language_pair", "lang_pair")
_GLUED: Final = re.compile(r"([a-z]{2})([a-z]{2})")


def first_of(record: dict[str, Any], names: Sequence[str]) -> Any:
    """Return the first of some values that is there."""
    return next((record[name] for name in names if record.get(name) is not None), None)


def read_records(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the records of a file, and how many could not be read.

    Raises:
        InputError: ``json-damaged``: the file is no JSON; or no table that is read.
    """
    if path.suffix.lower() in _TABLES:
        return _table(path)
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        whole = json.loads(text)
        records = whole if isinstance(whole, list) else [whole]
    except json.JSONDecodeError:
        records = [_line(line, path, place) for place, line in enumerate(text.splitlines(), 1) if line.strip()]
    kept = [one for one in records if isinstance(one, dict)]
    return kept, len(records) - len(kept)


def _line(line: str, path: Path, place: int) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(
            Problem(
                "json-damaged",
                "the labelled file is neither JSON nor JSON lines",
                path.name,
                f"line {place}",
                found=str(error),
                expected="a list of records, or one record a line",
                remedy="mend the line, or write the file anew",
            )
        ) from error


def _table(path: Path) -> tuple[list[dict[str, Any]], int]:
    if path.suffix.lower() == ".parquet":
        import polars as pl

        try:
            return pl.read_parquet(path).to_dicts(), 0
        except pl.exceptions.PolarsError as error:
            raise InputError(
                Problem(
                    "file-unreadable", "the file is no Parquet", path.name, found=str(error), remedy="write it anew"
                )
            ) from error
    from benchwright.sources._layouts.files import read_batches

    records: list[dict[str, Any]] = []
    broken = 0
    for batch in read_batches(path, path.name):
        records += batch.frame.to_dicts()
        broken += len(batch.rejects)
    return records, broken


def told_language(record: dict[str, Any], file: str, source: str | None, target: str | None) -> tuple[str, str]:
    """Return the languages of one record: what it says itself, else what the user says.

    Raises:
        InputError: ``language-unclear``: nobody says one, or nobody knows it.
    """
    pair = re.split(r"[-_>]+", str(first_of(record, _PAIR) or ""), maxsplit=1)
    halves = pair if len(pair) == 2 else [None, None]
    named = (first_of(record, _SOURCE) or halves[0] or source, first_of(record, _TARGET) or halves[1] or target)
    tags = [None if one is None else _tag(str(one)) for one in named]
    if tags[0] is None or tags[1] is None:
        side, option = ("source", "--source-lang") if tags[0] is None else ("translation", "--lang")
        raise InputError(
            Problem(
                "language-unclear",
                f"the language of the {side} is not told",
                file,
                found=str(named[0] if tags[0] is None else named[1]),
                expected="a tag such as es or pt-BR in the records, or from the user",
                remedy=f"name it with {option}",
            )
        )
    return tags[0], tags[1]


def _tag(text: str) -> str | None:
    """Return the BCP-47 tag; of glued locales (``enus``) too."""
    glued = _GLUED.fullmatch(text.casefold())
    for one in (text, f"{glued[1]}-{glued[2].upper()}" if glued else ""):
        try:
            return parse_language(one)
        except SchemaError:
            continue
    return None
