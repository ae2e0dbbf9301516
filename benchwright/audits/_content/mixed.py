"""Copied words that belong to the language of the source and not to that of the target."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl

from benchwright.audits._content.copied import copied_words
from benchwright.audits._content.frequency import known_language
from benchwright.audits._content.gaps import gap_model
from benchwright.audits._paired import Pairs

__all__ = ["mixed_words"]

_MARGIN: Final = 0.5
_MARGIN_OF_COMMON: Final = 1.2
_MARGIN_OF_RARE: Final = 1.0
_COMMON: Final = 5.0
_UNUSUAL: Final = 3.0
_OPENING: Final = ("“", "«", "„", "‚", "(", "[", "‹", "「", "『", '"', "'", "‘", "*", "`")
_JOINED: Final = (".", "@", "/", "_", "-", "–", "&", "#")
_TIED: Final = ("@", "/", "_", "-")
"""Beside these a word is a part of a longer one, as in names of substances and compounds of two languages."""
_MOST: Final = 20
_READ: Final = 100_000
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
    "bloc",
    "masse",
    "passant",
    "route",
    "suite",
    "face",
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
    r"\p{Bengali}\p{Tamil}\p{Georgian}\p{Armenian}]{2,}|^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"
)


def mixed_words(pairs: Pairs) -> pl.DataFrame:
    """Return the copied words that belong to the language of the source and not to that of the target.

    Columns: ``pair`` and ``at``, the number of the word. Names, words of both languages, web addresses and what stands
    alone in quotation marks or brackets are left out.
    """
    words = pairs.words
    copied = copied_words(pairs)
    foreign = _foreign_words(pairs)
    if copied.is_empty():
        return foreign
    at = copied["at"].to_numpy()
    forms = words.forms
    last = len(words.form) - 1
    before, after = words.form[np.maximum(at - 1, 0)], words.form[np.minimum(at + 1, last)]
    initial = words.initial
    # A neighbour counts only where it stands in the same text.
    inside, followed = ~np.isin(at, words.start[:-1]), ~np.isin(at + 1, words.start)
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
        pl.when(pl.Series(followed)).then(text.gather(after)).otherwise(pl.lit("")).alias("after"),
        pl.Series(
            "beside",
            (words.column("capital")[before] & inside & ~initial[np.maximum(at - 1, 0)])
            | (words.column("capital")[after] & followed),
        ),
    )
    return pl.concat([seen.filter(_mixed()).select("pair", "at"), foreign]).unique()


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
    tied = pl.col("before").is_in(list(_TIED)) | pl.col("after").is_in(list(_TIED))
    fragment = (pl.col("before").is_in(list(_JOINED)) & (zs < _COMMON)) | tied
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
    own = pl.when(pl.col("capital")).then(capital).otherwise(small & ~in_name & ~pl.col("many"))
    learned = (zs < _LEARNED) & pl.col("word").str.contains(_INTERNATIONAL)
    abbreviated = pl.col("word").str.contains("[ªº]")
    term = pl.col("word").is_in(list(_latin_terms())) & ~pl.col("initial")
    phrase = term | pl.col("word").is_in(list(_LATIN_PHRASE)) | pl.col("after").is_in(list(_LATIN_PHRASE))
    shared = pl.col("own") & (zs < _EVERYWHERE)
    return own & ~learned & ~abbreviated & ~phrase & ~shared & ~fragment & ~quoted


@lru_cache(maxsize=1)
def _latin_terms() -> frozenset[str]:
    """Return the words of ``latin_terms.txt``."""
    text = files("benchwright.audits").joinpath("_data", "content", "latin_terms.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _listed() -> list[str]:
    from wordfreq import available_languages

    more = ("hr", "sr", "bs", "no", "nn", "tl", "cmn")
    return [*available_languages("best"), *(name for name in more if known_language(name))]


def _foreign_words(pairs: Pairs) -> pl.DataFrame:
    """Words in a script that the language of the target is not written in, where the source has the same letters.

    The source need not have them as a word of its own: Chinese and Japanese have no spaces between words.
    """
    words = pairs.words
    forms = np.flatnonzero(words.forms["form"].str.contains(_OTHER_SCRIPTS).to_numpy())
    rows = pairs.rows.filter(pl.col("target_language").is_in(_LATIN) & (pl.col("source") != pl.col("target")))
    wanted = np.zeros(words.forms.height, dtype=np.bool_)
    wanted[forms] = True
    at = np.flatnonzero(wanted[words.form] & words.within(rows["target_text"]))
    found = pl.DataFrame(
        {
            "target_text": words.text_of[at].astype(np.int64),
            "at": at.astype(np.int64),
            "word": words.forms["form"].gather(words.form[at]),
        }
    )
    numbers = rows.select("pair", "source", pl.col("target_text").cast(pl.Int64))
    # Few rows, and few words of each: a text wholly in another script is the business of the audit of languages.
    rows = found.join(numbers, on="target_text").sort("pair", "at").group_by("pair", maintain_order=True).head(_MOST)
    held = [word in source[:_READ] for word, source in rows.select("word", "source").iter_rows()]
    return rows.filter(pl.Series(held, dtype=pl.Boolean)).select("pair", "at")
