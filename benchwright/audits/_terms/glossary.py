"""Terms of a glossary: used, in any inflection, where the source has their counterpart; or left as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import polars as pl
import regex

__all__ = ["GLOSSARY_MISSES", "glossary_misses"]

GLOSSARY_MISSES: Final = pl.Schema(
    dict.fromkeys(("source", "target", "source_language", "target_language", "term", "wanted"), pl.String())
)
_MORE: Final = 3
"""Letters that an inflected word of the source may have beyond the glossary's."""
_STEM: Final = 0.6
_RATIO: Final = 75.0
_UNSPACED: Final = frozenset({"ja", "km", "lo", "my", "th", "zh"})
_WORD: Final = r"[\p{L}\p{M}\p{N}]++"


def glossary_misses(pairs: pl.DataFrame, glossary: pl.DataFrame) -> pl.DataFrame:
    """Return one row per pair of texts and term that the target lacks; ``wanted`` is null where the term must stay.

    Args:
        pairs: distinct ``source``, ``target``, ``source_language``, ``target_language``.
        glossary: ``source``, ``target``, ``source_language``, ``target_language``; several rows with one source term
            are alternatives; a null target forbids translation.
    """
    terms = glossary.filter(pl.col("source").is_not_null()).with_columns(
        *(pl.col(f"{side}_language").str.split("-").list.first().str.to_lowercase() for side in ("source", "target"))
    )
    out: list[dict[str, Any]] = []
    for (first, second), part in pairs.group_by("source_language", "target_language"):
        own = terms.filter((pl.col("source_language") == first) & (pl.col("target_language") == second))
        wanted: dict[str, list[str | None]] = {}
        for term, translation in own.select("source", "target").unique().sort("source", "target").iter_rows():
            wanted.setdefault(term, []).append(translation)
        if wanted:
            out += _of_languages(part, wanted, str(first), str(second))
    return pl.DataFrame(out, schema=GLOSSARY_MISSES)


def _of_languages(
    pairs: pl.DataFrame, wanted: dict[str, list[str | None]], first: str, second: str
) -> Iterable[dict[str, Any]]:
    lowered = {term.lower(): term for term in wanted}
    low = pl.col("source").str.to_lowercase()
    hit = pairs.with_columns(low.str.extract_many(list(lowered), overlapping=True).list.unique().alias("hit"))
    # Only the texts that hold a term come into this loop, with their inflections to be judged word by word.
    rows = hit.explode("hit").drop_nulls("hit").sort("source", "target", "hit")
    for source, target, found in rows.select("source", "target", "hit").iter_rows():
        term = lowered[found]
        if not _stands(found, source.lower(), first):
            continue
        if not any(_used(term, translation, target, second) for translation in wanted[term]):
            named = [translation for translation in wanted[term] if translation is not None]
            yield {
                "source": source,
                "target": target,
                "source_language": first,
                "target_language": second,
                "term": term,
                "wanted": " / ".join(named) or None,
            }


def _stands(term: str, text: str, language: str) -> bool:
    """Tell whether the term stands in the text as words of its own, with an ending of a few letters at most."""
    if language in _UNSPACED:
        return True
    end = rf"\p{{L}}{{0,{_MORE}}}(?!\p{{L}})" if len(term) > _MORE else r"(?![\p{L}\p{N}])"
    return regex.search(rf"(?<![\p{{L}}\p{{N}}]){regex.escape(term)}{end}", text) is not None


def _used(term: str, translation: str | None, text: str, language: str) -> bool:
    if translation is None:
        return regex.search(rf"(?<![\p{{L}}\p{{N}}]){regex.escape(term)}(?![\p{{L}}\p{{N}}])", text) is not None
    low, wanted = text.lower(), translation.lower()
    if wanted in low:
        return True
    if language in _UNSPACED:
        return False
    words = set(regex.findall(_WORD, low))
    return all(any(_inflected(one, word) for word in words) for one in regex.findall(_WORD, wanted))


def _inflected(one: str, word: str) -> bool:
    """Tell whether a word may be the other in another case or number: they share their beginning, or most letters."""
    from rapidfuzz import fuzz

    shared = next((n for n, (a, b) in enumerate(zip(one, word, strict=False)) if a != b), min(len(one), len(word)))
    return shared >= max(3, _STEM * max(len(one), len(word))) or (
        shared >= 1 and fuzz.ratio(one, word, score_cutoff=_RATIO) > 0
    )
