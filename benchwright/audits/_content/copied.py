"""Words of a target that stand in its source just so."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._content.frequency import known_language, zipf
from benchwright.audits._content.gaps import gap_model
from benchwright.audits._content.words import Pairs

__all__ = ["copied_words", "mixed_words"]

_MARGIN: Final = 0.5
_MARGIN_OF_COMMON: Final = 1.2
_MARGIN_OF_RARE: Final = 1.0
_COMMON: Final = 5.0
_UNUSUAL: Final = 3.0
_OFTEN: Final = 2
_SHORTEST: Final = 2
_OPENING: Final = ("“", "«", "„", "‚", "(", "[", "‹", "「", "『", '"', "'", "‘", "*", "`")
_JOINED: Final = (".", "@", "/", "_", "-", "–", "&", "#")
_NOUN_CAPITALS: Final = ("de", "lb")
"""Languages that write every noun with a capital letter, so that a capital letter does not make a name."""
_EVERYWHERE: Final = 6.0
_LEARNED: Final = 3.2
_INTERNATIONAL: Final = r"(?i)^.{3,}(?:al|ar|is|ia|oma|ea|um|us|ae|ib|ab|ol|il|ine|ide|ose|ase|oid)$"
"""Endings of learned words, which many languages write alike."""
_LATIN_PHRASE: Final = (
    "vitro",
    "vivo",
    "situ",
    "utero",
    "silico",
    "novo",
    "toto",
    "versa",
    "natura",
    "facie",
    "mortem",
)
_LONG: Final = 12
_PLACE: Final = (
    r"(?:str(?:a(?:ß|ss)e)|platz|burg|berg|bergs|dorf|stadt|bach|tal|heim|hausen|kirchen|brück|brücken|see|feld|furt)$"
)
_LATIN: Final = [
    *(
        "af",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "en",
        "es",
        "et",
        "eu",
        "fi",
        "fil",
        "fr",
        "ga",
        "gl",
        "hr",
        "ht",
        "hu",
        "id",
    ),
    *("is", "it", "lt", "lv", "ms", "mt", "nb", "nl", "nn", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tl"),
    *("tr", "vi", "xh", "yo", "zu"),
]
"""Languages written in Latin letters."""
_OTHER_SCRIPTS: Final = (
    r"^[\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Devanagari}\p{Thai}"
    r"\p{Bengali}\p{Tamil}\p{Georgian}\p{Armenian}]{2,}"
)
_BEFORE_NOUN: Final = (
    r"(?i)^(?:d(?:er|ie|as|en|em|es)|k?ein(?:e[nmrs]?)?|im|am|zum|zur|vom|beim|ins|ans|"
    r"(?:mein|dein|sein|ihr|unser|euer|dies|jed|all|viel|manch|solch|welch|beid|mehrer|einig|letzt|nächst|erst)(?:e[nmrs]?)?)$"
)
"""The articles of such a language; names of places and persons mostly have none before them."""


def copied_words(pairs: Pairs) -> pl.DataFrame:
    """Return the words of targets that their sources have in the same spelling, letters of any case.

    Columns: ``pair``, ``at`` (number of the word in the whole run of words), ``form``, ``low``, ``zs`` and ``zt``
    (frequency in the language of the source and of the target), ``exact`` (the source has it in the same case),
    ``plain`` (the source has it in small letters).
    """
    parts = [_of_language(pairs, source, target) for source, target in pairs.languages() if source != target]
    return pl.concat([*parts, _empty()])


def _empty() -> pl.DataFrame:
    schema = {"pair": pl.UInt32, "at": pl.Int64, "form": pl.Int32, "low": pl.Int32, "zs": pl.Float64, "zt": pl.Float64}
    return pl.DataFrame(schema={**schema, "exact": pl.Boolean, "plain": pl.Boolean, "noun": pl.Boolean})


def _of_language(pairs: Pairs, source: str, target: str) -> pl.DataFrame:
    words = pairs.words
    rows = pairs.rows.filter(
        (pl.col("source_language") == source)
        & (pl.col("target_language") == target)
        & (pl.col("source") != pl.col("target"))
    )
    low = words.forms["low"].to_numpy()
    text_of = words.text_of
    in_source = words.within(rows["source_text"])
    in_target = words.within(rows["target_text"])
    both = np.zeros(words.forms.height, dtype=np.bool_)
    both[np.intersect1d(low[words.form[in_source]], low[words.form[in_target]])] = True
    both &= words.column("word")
    forms = words.forms["form"]
    chosen = np.flatnonzero(both)
    texts = forms.gather(chosen)
    zs, zt = zipf(source, texts.to_list()), zipf(target, texts.to_list())
    # Only words that could be the source's are looked for in the pairs: a word of both languages decides nothing.
    odd = (texts.str.len_chars() >= _SHORTEST).to_numpy() & ((zs - zt >= _MARGIN) | (zt == 0))
    table = pl.DataFrame({"low": chosen[odd].astype(np.int32), "zs": zs[odd], "zt": zt[odd]})
    wanted = np.zeros(words.forms.height, dtype=np.bool_)
    wanted[chosen[odd]] = True
    at_target = np.flatnonzero(in_target & wanted[low[words.form]])
    at_source = np.flatnonzero(in_source & wanted[low[words.form]])
    found = pl.DataFrame(
        {
            "target_text": text_of[at_target].astype(np.int64),
            "at": at_target,
            "form": words.form[at_target],
            "low": low[words.form[at_target]],
        }
    )
    article = forms.str.contains(_BEFORE_NOUN).to_numpy()
    led = article[words.form[np.maximum(at_source - 1, 0)]] & ~np.isin(at_source, words.start[:-1])
    there = (
        pl.DataFrame(
            {
                "source_text": text_of[at_source].astype(np.int64),
                "form": words.form[at_source],
                "low": low[words.form[at_source]],
                "noun": led,
            }
        )
        .unique()
        .with_columns((pl.col("form") == pl.col("low")).alias("small"))
        .group_by("source_text", "low")
        .agg(pl.col("form").alias("spellings"), pl.col("small").any().alias("plain"), pl.col("noun").any())
    )
    numbers = rows.select("pair", pl.col("source_text", "target_text").cast(pl.Int64))
    copied = (
        found.join(numbers, on="target_text", how="inner")
        .join(there, on=["source_text", "low"], how="inner")
        .with_columns(pl.col("form").is_in(pl.col("spellings")).alias("exact"))
        .join(table, on="low", how="inner")
    )
    # A form that stands in other targets without its source having it is a word of the target language.
    uses = found.join(numbers, on="target_text", how="inner").group_by("low").len("uses")
    copies = copied.group_by("low").len("copies")
    free = uses.join(copies, on="low").filter(pl.col("uses") - pl.col("copies") >= _OFTEN).select("low")
    return copied.join(free, on="low", how="anti").select(_empty().columns)


def mixed_words(pairs: Pairs) -> pl.DataFrame:
    """Return the copied words that belong to the language of the source and not to that of the target.

    Columns as :func:`copied_words`. Names, words of both languages, web addresses and what stands alone in quotation
    marks or brackets are left out.
    """
    words = pairs.words
    copied = copied_words(pairs)
    if copied.is_empty():
        return copied
    at = copied["at"].to_numpy()
    forms = words.forms
    last = len(words.form) - 1
    before, after = words.form[np.maximum(at - 1, 0)], words.form[np.minimum(at + 1, last)]
    initial = words.initial
    inside = ~np.isin(at, words.start[:-1])
    text = forms["form"]
    copied = copied.join(
        pairs.rows.select("pair", "source_language", "target_language"), on="pair", maintain_order="left"
    )
    seen = copied.with_columns(
        pl.Series("word", text.gather(copied["form"])),
        pl.Series("capital", words.column("capital")[copied["form"].to_numpy()]),
        pl.Series("many", _has_inner_capital(text.gather(copied["form"]))),
        pl.Series("initial", initial[at]),
        pl.Series("own", _own_words(pairs, copied)),
        pl.when(pl.Series(inside)).then(text.gather(before)).otherwise(pl.lit("")).alias("before"),
        text.gather(after).alias("after"),
        pl.Series(
            "beside",
            (words.column("capital")[before] & inside & ~initial[np.maximum(at - 1, 0)])
            | words.column("capital")[after],
        ),
    )
    return seen.filter(_mixed()).select(copied.columns[:9])


def _own_words(pairs: Pairs, copied: pl.DataFrame) -> list[bool]:
    """Tell which words the list of common words of the target language has; only copied words are looked up."""
    texts = pairs.words.forms["form"].gather(copied["low"]).to_list()
    models = {language: gap_model(language) for language in copied["target_language"].unique().to_list()}
    return [
        (model := models[language]) is not None and model.is_word(text)
        for text, language in zip(texts, copied["target_language"].to_list(), strict=True)
    ]


def _has_inner_capital(texts: pl.Series) -> pl.Series:
    return texts.str.contains(r"^.+\p{Lu}")


def _mixed() -> pl.Expr:
    zs, zt = pl.col("zs"), pl.col("zt")
    listed = pl.col("target_language").is_in([*_listed()])
    unusual = (zt < _UNUSUAL) & (zs - zt >= pl.when(zt > 1).then(_MARGIN_OF_RARE).otherwise(_MARGIN)) & (zs >= 1)
    common = (zs >= _COMMON) & (zs - zt >= _MARGIN_OF_COMMON)
    small = listed & (unusual | common)
    nouns = pl.col("source_language").is_in(list(_NOUN_CAPITALS))
    led = pl.col("noun") & (zs - zt >= 1) & (~pl.col("beside") | (zs - zt >= 2))
    own = (zs >= 3.3) & (zs - zt >= 3.2) & ~pl.col("beside")
    built = (zt == 0) & (pl.col("word").str.len_chars() >= _LONG) & ~pl.col("word").str.contains(_PLACE)
    noun = led | own | built
    fragment = (pl.col("before").is_in(list(_JOINED)) & (zs < _COMMON)) | pl.col("after").is_in(["@", "/", "_"])
    quoted = pl.col("before").is_in(list(_OPENING)) & ~pl.col("after").str.contains(r"[\p{L}\p{N}]")
    in_name = ~pl.col("capital") & pl.col("beside") & (zs < _UNUSUAL)
    capital = (
        pl.when(~listed | pl.col("many"))
        .then(False)
        .when(pl.col("plain"))
        .then(small & pl.col("initial"))
        .when(nouns)
        .then(noun)
        .when(pl.col("initial"))
        .then((zs >= _COMMON) & (zs - zt >= 2) & ~pl.col("beside") & pl.col("word").str.contains(r"^.\p{Ll}"))
        .otherwise(False)
    )
    foreign = _foreign_script()
    own = pl.when(pl.col("capital")).then(capital).otherwise(small & ~in_name & ~pl.col("many"))
    learned = (zs < _LEARNED) & pl.col("word").str.contains(_INTERNATIONAL)
    abbreviated = pl.col("word").str.contains("[ªº]")
    phrase = pl.col("word").is_in(list(_LATIN_PHRASE)) | pl.col("after").is_in(list(_LATIN_PHRASE))
    shared = pl.col("own") & (zs < _EVERYWHERE)
    return (foreign | (own & ~learned & ~abbreviated & ~phrase & ~shared)) & ~fragment & ~quoted


def _listed() -> list[str]:
    from wordfreq import available_languages

    more = ("hr", "sr", "bs", "no", "nn", "tl", "cmn")
    return [*available_languages("best"), *(name for name in more if known_language(name))]


def _foreign_script() -> pl.Expr:
    """A word in a script that the language of the target is not written in; Latin letters are at home everywhere."""
    return pl.col("target_language").is_in(_LATIN) & pl.col("word").str.contains(_OTHER_SCRIPTS)
