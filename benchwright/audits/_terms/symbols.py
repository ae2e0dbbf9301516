"""Symbols of letters and digits, as of genes, proteins and vertebrae, and abbreviations with a known meaning."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

import polars as pl
import regex

__all__ = ["changed_abbreviations", "lost_symbols", "near_symbol", "with_lost_abbreviations"]

_SYMBOL: Final = r"\b[A-Z]{1,6}-?[0-9]{1,4}[A-Za-z]{0,2}\b"
_QUICK: Final = r"[A-Z]-?[0-9]"
"""A first look without word boundaries, which are slow on texts that are not ASCII."""
_UPPER: Final = r"(?<![\p{L}\p{N}])[\p{L}]{2,8}(?![\p{L}\p{N}])"
_CAPITALS: Final = r"\p{Lu}\p{L}+"
_JOINTS: Final = r"[\s\-‐‑–−_()\[\]/.,·]+"
# Letters of other scripts that look like Latin ones; raised and lowered digits, full width and Greek come by NFKC.
_ALIKE: Final = dict(
    zip("АВЕКМНОРСТХαβγ", ["A", "B", "E", "K", "M", "H", "O", "P", "C", "T", "X", "A", "B", "G"], strict=True)
)
_TRANSLATED: Final = {
    "HIV": ("VIH", "ВИЧ", "ВІЛ", "ХИВ"),
    "HPV": ("VPH", "ВПЧ"),
    "HBV": ("VHB",),
    "HCV": ("VHC",),
    "T": ("D", "TH"),
}
"""What the letters of a symbol become in other languages; thoracic vertebrae are dorsal ones in some."""


def lost_symbols(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return one row per pair and symbol of the source that the target lacks in any spelling."""
    rows = (
        pairs.filter(pl.col("source").str.contains(_QUICK))
        .with_columns(pl.col("source").str.extract_all(_SYMBOL).list.unique(maintain_order=True).alias("symbol"))
        .explode("symbol")
        .drop_nulls("symbol")
        .with_columns(_bare("target").alias("_bare"), _bare("symbol").alias("_symbol"))
        .filter(~pl.col("_bare").str.contains(pl.col("_symbol"), literal=True))
    )
    for letters, others in _TRANSLATED.items():
        for other in others:
            swapped = pl.col("_symbol").str.replace(rf"^{letters}([0-9])", f"{other}${{1}}")
            rows = rows.filter(~pl.col("_bare").str.contains(swapped, literal=True) | (swapped == pl.col("_symbol")))
    return rows.drop("_bare", "_symbol")


def near_symbol(symbol: str, source: str, target: str) -> tuple[int, str] | None:
    """Return the symbol of the target with the letters of the source's and other digits, with its place.

    The source has it nowhere. Other letters with the same digits are mostly the abbreviation of another language, as
    *CIE-10* for *ICD-10*, and are not returned.
    """
    letters, digits = _parts(symbol)
    have = {_parts(match[0]) for match in regex.finditer(_SYMBOL, source)}
    for match in regex.finditer(_SYMBOL, target):
        other = _parts(match[0])
        if other not in have and other[0] == letters and other[1] != digits:
            return match.start(), match[0]
    return None


def _parts(symbol: str) -> tuple[str, str]:
    upper = symbol.upper()
    return regex.sub("[^A-Z]", "", upper), regex.sub("[^0-9]", "", upper)


def _bare(column: str) -> pl.Expr:
    text = pl.col(column).str.normalize("NFKC").str.replace_all(_JOINTS, "").str.to_uppercase()
    return text.str.replace_many(_ALIKE)


@lru_cache(maxsize=64)
def _meanings(language: str) -> dict[str, frozenset[str]]:
    """Return for each abbreviation of a language what it may stand for; English ones hold in every language."""
    found: dict[str, set[str]] = {}
    path = files("benchwright.audits").joinpath("_data", "abbreviations", "medical.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        meaning, _, rest = line.partition(":")
        by_language = {part.split()[0]: part.split()[1:] for part in rest.split(";")}
        for abbreviation in (*by_language.get(language, ()), *by_language["en"]):
            found.setdefault(abbreviation, set()).add(meaning)
    return {abbreviation: frozenset(meanings) for abbreviation, meanings in found.items()}


def with_lost_abbreviations(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs in which an abbreviation of the source has a meaning that none of the target's has.

    Pairs whose target has no known abbreviation are left out.
    """
    parts = [
        part.filter(
            pl.col("source").str.contains_any(sorted(_meanings(str(first))))
            & pl.col("target").str.contains_any(sorted(_meanings(str(second))))
        )
        for (first, second), part in pairs.group_by("source_language", "target_language")
    ]
    rows = pl.concat([pairs.clear(), *parts]).with_row_index("row")
    sides = {side: _meant(rows, side) for side in ("source", "target")}
    lost = sides["source"].join(sides["target"], on=["row", "meaning"], how="anti").select("row").unique()
    return rows.join(lost, on="row", how="semi").drop("row")


def _meant(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    words = rows.select(
        "row", pl.col(f"{side}_language").alias("language"), pl.col(side).str.extract_all(_CAPITALS).alias("word")
    )
    table = [
        {"language": language, "word": word, "meaning": meaning}
        for language in rows[f"{side}_language"].unique().sort()
        for word, meanings in _meanings(language).items()
        for meaning in sorted(meanings)
    ]
    known = pl.DataFrame(table, schema=dict.fromkeys(("language", "word", "meaning"), pl.String()))
    return words.explode("word").drop_nulls("word").join(known, on=["language", "word"], how="inner")


def changed_abbreviations(
    source: str, source_language: str, target: str, target_language: str
) -> list[tuple[str, int, str]]:
    """Return pairs of abbreviations with unlike meanings: the source's, the place of the target's, the target's."""
    before = [(word, meaning) for _, word, meaning in _read(source, source_language)]
    after = _read(target, target_language)
    meant = frozenset[str]().union(*(meaning for _, meaning in before))
    kept = frozenset[str]().union(*(meaning for _, _, meaning in after))
    lost = [word for word, meaning in dict(before).items() if not meaning & kept]
    added = [(at, word) for at, word, meaning in after if not meaning & meant and word not in source]
    return [(old, at, new) for old, (at, new) in zip(lost, added, strict=False) if old not in target]


def _read(text: str, language: str) -> list[tuple[int, str, frozenset[str]]]:
    meanings = _meanings(language)
    return [
        (match.start(), match[0], meanings[match[0]]) for match in regex.finditer(_UPPER, text) if match[0] in meanings
    ]
