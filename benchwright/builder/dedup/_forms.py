"""Kit: the forms in which the parts of two items are compared; the items keep their texts.

The comparable form is NFKC, lower-cased, of letters, marks, digits and the signs that carry a value; raised and lowered
digits stay apart from others, so that 10² is not 102. Numbers are compared as they are written, each with its sign or
comparator: 1.5 and 15 differ although their letters do not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Final

import polars as pl

from benchwright.builder.dedup._letters import PART

__all__ = ["MASK", "form", "forms_digest", "with_forms", "with_senses"]

_RAISED: Final = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", [f"{sign}{n}" for sign in ("ꞌ", "ꞌꞌ") for n in range(10)], strict=True)
)
_FOLDED: Final = {"ß": "ss", "ς": "σ"}
_DROPPED: Final = r"[^\p{L}\p{M}\p{N}+<>=±×÷≤≥≠%^√−]+"
_NUMBER: Final = r"(?:[<>≤≥±]\s?=?\s?|(?:^|[^\p{L}\p{N})\]])[-−–])?\p{Nd}+(?:[.,٫٬/:]\p{Nd}+)*"
"""A number with what stands before it: a comparator, or a sign that is no hyphen between words or numbers."""
_BEFORE: Final = r"^[^-−–<>≤≥±\p{Nd}]"
_DIGITS: Final = {
    **{
        sign: str(unicodedata.decimal(sign))
        for sign in map(chr, range(0x80, 0x20000))
        if unicodedata.decimal(sign, 10) < 10
    },
    "−": "-",
    "–": "-",
}
_ANYWHERE: Final = frozenset({"zh", "ja", "ko", "th"})
MASK: Final = "#"


def form(text: pl.Expr) -> pl.Expr:
    """Return the comparable form of a text."""
    wide = text.str.replace_many(_RAISED).str.normalize("NFKC").str.to_lowercase().str.replace_many(_FOLDED)
    return wide.str.replace_all(_DROPPED, "")


def with_forms(frame: pl.DataFrame) -> pl.DataFrame:
    """Return items with the columns in which they are compared.

    Args:
        frame: columns ``stem``, ``context`` and ``options``, the texts of the options with :data:`PART` between them.

    Returns:
        The same with ``stem_form``, ``context_form``, ``stem_masked`` (runs of digits as one sign), ``printed``
        (forms of the options in their order), ``sorted`` (the same sorted) and ``masked`` (sorted and masked).
    """
    printed = pl.col("options").str.split(PART).list.eval(form(pl.element()))
    masked = printed.list.eval(pl.element().str.replace_all(r"\p{N}+", MASK)).list.sort()
    return frame.with_columns(
        stem_form=form(pl.col("stem")),
        context_form=form(pl.col("context")),
        stem_masked=form(pl.col("stem")).str.replace_all(r"\p{N}+", MASK),
        printed=printed.list.join(PART),
        sorted=printed.list.sort().list.join(PART),
        masked=masked.list.join(PART),
    )


def with_senses(frame: pl.DataFrame) -> pl.DataFrame:
    """Return items with their numbers, and with how many words of each sense they have.

    Args:
        frame: columns ``language``, ``stem``, ``options`` and ``context``.

    Returns:
        The same with ``stem_numbers`` and ``numbers`` (as they are written, in ASCII digits, sorted; number words of
        the language too) and ``senses`` (as in ``down:1,not:2``).
    """
    plain = frame.with_columns(
        _stem=_plain(pl.concat_str("context", pl.lit("\n"), "stem")), _rest=_plain(pl.col("options"))
    ).with_row_index("_row")
    parts = [_sensed(part, _primary(str(tag))) for (tag,), part in plain.partition_by("language", as_dict=True).items()]
    return pl.concat(parts).sort("_row").drop("_row", "_stem", "_rest") if parts else _sensed(plain, "")


def _plain(text: pl.Expr) -> pl.Expr:
    apart = text.str.replace_many(_RAISED)
    return apart.str.normalize("NFKC").str.to_lowercase().str.replace_all("’", "'", literal=True)


def _sensed(frame: pl.DataFrame, language: str) -> pl.DataFrame:
    senses = _senses().get(language, {})
    words = senses.get("number")
    stem, rest = (_numbers(pl.col(name), words) for name in ("_stem", "_rest"))
    counts = [
        pl.when((count := _count(pattern)) > 0).then(pl.format("{}:{}", pl.lit(sense), count))
        for sense, pattern in sorted(senses.items())
        if sense != "number"
    ]
    told = pl.concat_str(counts, separator=",", ignore_nulls=True) if counts else pl.lit("")
    return frame.with_columns(
        stem_numbers=stem.list.sort().list.join("|"),
        numbers=pl.concat_list(stem, rest).list.sort().list.join("|"),
        senses=told,
    )


def _count(pattern: str) -> pl.Expr:
    return pl.col("_stem").str.count_matches(pattern) + pl.col("_rest").str.count_matches(pattern)


def _numbers(text: pl.Expr, words: str | None) -> pl.Expr:
    found = text.str.extract_all(_NUMBER).list.eval(
        pl.element().str.replace(_BEFORE, "").str.replace_all(r"\s", "").str.replace_many(_DIGITS)
    )
    return pl.concat_list(found, text.str.extract_all(words)) if words is not None else found


def forms_digest() -> str:
    """Return the first eight digits of a hash of the word lists, for signatures."""
    from benchwright.schemas.text import sha256_text

    return sha256_text(_words_file())[:8]


def _primary(language: str) -> str:
    return language.split("-", maxsplit=1)[0].lower()


@lru_cache(maxsize=1)
def _words_file() -> str:
    return files("benchwright.builder.dedup").joinpath("data", "opposites.txt").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _senses() -> dict[str, dict[str, str]]:
    """Return for each language and sense one pattern of Rust's kind."""
    senses: dict[str, dict[str, str]] = {}
    for line in _words_file().splitlines():
        if line and not line.startswith("#"):
            language, sense, words = line.split("\t")
            inner = "|".join(_word(one) for one in sorted(words.split(), key=len, reverse=True))
            whole = f"(?:{inner})" if language in _ANYWHERE else rf"\b(?:{inner})\b"
            senses.setdefault(language, {})[sense] = whole
    return senses


def _word(entry: str) -> str:
    return re.escape(entry.rstrip("*")).replace("_", r"\s{1,3}") + (r"[\p{L}\p{M}]*" if entry.endswith("*") else "")
