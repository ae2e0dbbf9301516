"""Whole blocks of a well-formed CSV file read at once, with proof that nothing was read differently."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final, Literal

import polars as pl

__all__ = ["quick_records"]

_Style = Literal["necessary", "always", "never"]
_STYLES: Final[tuple[_Style, ...]] = ("necessary", "always")


def quick_records(
    block: str, names: Sequence[str], delimiter: str, longest: int, *, quoted: bool = True
) -> pl.DataFrame | None:
    """Return the records of whole lines; null where the exact reader has to look.

    The records are written again, and the text must come out the same to the last byte: so no quotation mark, empty
    line, missing or extra field can have been understood in another way. Fields above ``longest`` are not taken.
    """
    try:
        data = block.encode()
    except UnicodeEncodeError:
        return None
    end = "\r\n" if block[: block.find("\n") + 1].endswith("\r\n") else "\n"
    if not block.endswith("\n"):
        data += end.encode()
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            separator=delimiter,
            quote_char='"' if quoted else None,
            schema=dict.fromkeys(names, pl.String),
            empty_string_is_null=False,
            extra_columns="raise",
            missing_columns="raise",
        )
    except pl.exceptions.PolarsError:
        return None
    always = block.startswith('"')
    styles: tuple[_Style, ...] = (_STYLES[::-1] if always else _STYLES[:1]) if quoted else ("never",)
    for style in styles:
        out = io.BytesIO()
        frame.write_csv(out, include_header=False, separator=delimiter, line_terminator=end, quote_style=style)
        if out.getvalue() == data:
            return frame if _short(frame, longest) else None
    return None


def _short(frame: pl.DataFrame, longest: int) -> bool:
    lengths = frame.select(pl.all().str.len_bytes().max())
    return max((length or 0 for length in lengths.row(0)), default=0) <= longest
