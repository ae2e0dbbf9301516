"""Symbols of letters and digits, as of genes, proteins and vertebrae, and abbreviations with a known meaning."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

import polars as pl
import regex

__all__ = ["abbreviation_gates", "changed_abbreviations", "lost_symbols", "near_symbol"]

_SYMBOL: Final = r"\b[A-Z]{1,6}-?[0-9]{1,4}[A-Za-z]{0,2}\b"
_UPPER: Final = r"(?<![\p{L}\p{N}])[\p{L}]{2,8}(?![\p{L}\p{N}])"
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
        pairs.filter(pl.col("source").str.contains(_SYMBOL))
        .with_columns(pl.col("source").str.extract_all(_SYMBOL).list.unique(maintain_order=True).alias("symbol"))
        .explode("symbol")
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


def abbreviation_gates(language: str) -> list[str]:
    """Return the abbreviations of a language, one of which a text must hold to be looked at."""
    return sorted(_meanings(language))


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
