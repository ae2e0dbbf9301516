"""Kit: the language of a text from its script and its most frequent words; null where they do not tell."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.builder.clean.filters._lexicon import lexicon
from benchwright.builder.clean.filters._texts import plain

__all__ = ["SCRIPTS", "script_of", "told_language", "told_script"]

SCRIPTS: Final = {
    "Hangul": "ko", "Thai": "th", "Greek": "el", "Hebrew": "he", "Georgian": "ka", "Armenian": "hy", "Bengali": "bn",
    "Tamil": "ta", "Telugu": "te", "Gujarati": "gu", "Gurmukhi": "pa", "Kannada": "kn", "Malayalam": "ml",
    "Sinhala": "si", "Khmer": "km", "Lao": "lo", "Myanmar": "my", "Ethiopic": "am", "Devanagari": "hi",
}  # fmt: skip
"""Scripts in which one language is by far the most frequent."""
_WRITTEN_IN: Final = {
    **{tag: (script,) for script, tag in SCRIPTS.items()},
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "ky"), ("Cyrillic",)),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), ("Arabic",)),
    **dict.fromkeys(("mr", "ne"), ("Devanagari",)),
    "ko": ("Hangul", "Han"),
    "zh": ("Han",),
    "ja": ("Han", "Hiragana", "Katakana"),
    **dict.fromkeys(
        (
            "en",
            "es",
            "fr",
            "de",
            "pt",
            "it",
            "pl",
            "tr",
            "nl",
            "cs",
            "ro",
            "sv",
            "da",
            "id",
            "vi",
            "hu",
            "fi",
            "no",
            "nb",
        ),
        ("Latin",),
    ),
}
"""The scripts of a language, where it has one way of writing alone."""
_SHARED: Final = ("Latin", "Cyrillic", "Arabic", "Han", "Hiragana", "Katakana")
_LEAST_SHARE: Final = 0.5
_KANA_SHARE: Final = 0.08
"""Kana among Han and kana above which a text is Japanese; a name in a Chinese text stays below."""
_LEAST_WORDS: Final = 3
_AHEAD: Final = 1.5
"""How many times the words of the next language those of the first must be."""


def told_language(texts: pl.Series) -> pl.Series:
    """Return the primary subtag of the language of each text, or null."""
    rows = pl.DataFrame({"text": texts.fill_null("")}).with_row_index("row")
    letters = rows.select("row", letters=pl.col("text").str.count_matches(r"\p{L}"), **_counts())
    by_script = letters.select(
        "row", tag=pl.coalesce(*(_mostly(name, tag) for name, tag in SCRIPTS.items()), _east_asian())
    )
    words = _by_words(rows.filter(by_script["tag"].is_null()))
    joined = by_script.join(words, on="row", how="left", maintain_order="left")
    return joined.select(found=pl.coalesce("tag", "words")).to_series()


def script_of(tag: str) -> tuple[str, ...]:
    """Return the scripts that a language is written in; none where that is not known or there are several ways."""
    return _WRITTEN_IN.get(tag, ())


def told_script(texts: pl.Series) -> pl.Series:
    """Return the script of two thirds of the letters of each text, or null."""
    rows = pl.DataFrame({"text": texts.fill_null("")})
    counts = rows.select(
        letters=pl.col("text").str.count_matches(r"\p{L}"),
        **{name: pl.col("text").str.count_matches(rf"\p{{{name}}}") for name in (*SCRIPTS, *_SHARED)},
    )
    most = (
        pl.when((pl.col(name) > 0) & (3 * pl.col(name) >= 2 * pl.col("letters"))).then(pl.lit(name))
        for name in (*SCRIPTS, *_SHARED)
    )
    return counts.select(script=pl.coalesce(*most)).to_series()


def _counts() -> dict[str, pl.Expr]:
    return {name: pl.col("text").str.count_matches(rf"\p{{{name}}}") for name in (*SCRIPTS, *_SHARED[3:])}


def _mostly(name: str, tag: str) -> pl.Expr:
    return pl.when((pl.col(name) > 0) & (pl.col(name) >= _LEAST_SHARE * pl.col("letters"))).then(pl.lit(tag))


def _east_asian() -> pl.Expr:
    kana = pl.col("Hiragana") + pl.col("Katakana")
    signs = kana + pl.col("Han")
    tag = pl.when(kana >= _KANA_SHARE * signs).then(pl.lit("ja")).otherwise(pl.lit("zh"))
    return pl.when((signs > 0) & (signs >= _LEAST_SHARE * pl.col("letters"))).then(tag)


def _by_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the language whose frequent words stand in a text, where they are clearly the most."""
    owners = pl.DataFrame(
        [(word, tag) for tag, words in lexicon("stopwords").items() for word in words],
        schema={"word": pl.String, "words": pl.String},
        orient="row",
    )
    spread = plain(pl.col("text")).str.replace_all(" ", "  ")
    found = (
        rows.select("row", word=spread.str.extract_many(owners["word"].unique().sort().to_list()))
        .explode("word")
        .join(owners, on="word")
        .group_by("row", "words")
        .agg(count=pl.len())
        .sort("row", "count", "words", descending=[False, True, False])
        .group_by("row", maintain_order=True)
        .agg(pl.col("words").first(), first=pl.col("count").first(), second=pl.col("count").get(1, null_on_oob=True))
    )
    clear = (pl.col("first") >= _LEAST_WORDS) & (pl.col("first") >= _AHEAD * pl.col("second").fill_null(0))
    return found.filter(clear).select("row", "words")
