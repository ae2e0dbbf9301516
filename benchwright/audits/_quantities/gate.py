"""Kit: which pairs of texts have to be read exactly; all others have the same numbers, units and signs in one order.

Column expressions over unique pairs. What passes: no number words, Roman numerals or names of months that could
differ on either side, and one sequence of digits with the same marks and units on both. Everything else is read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from benchwright.audits._quantities.fold import fold
from benchwright.audits._quantities.han import HAN
from benchwright.audits._quantities.lexicon import Forms, lexicon_of
from benchwright.audits._quantities.parse import quantities
from benchwright.audits._quantities.units import unit_at, units_key

__all__ = ["to_read"]

_WORD: Final = r"[\pL\pM&&[^\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]]"
_TOKEN: Final = (
    r"[-−–－<>≤≥±]?=?\s?\d[\d.,'’٫٬¹²³⁰-⁹₀-₉]*"
    r"(?:\s?-?(?:mm ?Hg|por ciento|per cent|pour cent|per cento|por cento"
    rf"|{_WORD}{{1,16}}(?:\s?/\s?{_WORD}{{1,8}}){{0,2}}"
    r"|[\p{Han}\p{Katakana}]{1,4}|\p{Thai}{1,8}|[%‰°℃℉％٪]\s?[CF]?))?"
)
_SIGNS: Final = r"[¼-¾⅐-↏①-⓿]|\b(?:[IVX]{2,6}|[ІХ]{2,6})[abcABC]?\b"
_NUMBER: Final = re.compile(r"\d[\d.,'’]*")
_KINDS: Final = frozenset({"card", "scale", "decade", "teen"})
_KEY_SEPARATOR: Final = "\x1f"
_LONGEST: Final = 64


def to_read(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that have to be read exactly.

    Args:
        pairs: columns ``source``, ``target`` (no nulls), ``source_language`` and ``target_language``.
    """
    kept = pairs.columns
    rows = pairs.filter(pl.col("source") != pl.col("target")).with_row_index("_row")
    if rows.height == 0:
        return rows.select(kept)
    flagged = rows.with_columns(_worded(rows, "source") | _worded(rows, "target")).rename({"source_words": "_words"})
    plain = flagged.filter(~pl.col("_words"))
    both = [_sequence(plain, side).rename({"_key": f"_{side}"}) for side in ("source", "target")]
    joined = plain.select("_row").join(both[0], on="_row", how="left").join(both[1], on="_row", how="left")
    unlike = joined.filter(pl.col("_source").fill_null("") != pl.col("_target").fill_null("")).select("_row")
    wanted = pl.concat([flagged.filter("_words").select("_row"), unlike])
    return rows.join(wanted, on="_row", how="semi").select(kept)


def _worded(rows: pl.DataFrame, side: str) -> pl.Series:
    """Tell for each row whether the text has a sign or a word of its language that is a number of its own."""
    language = pl.col(f"{side}_language")
    text = pl.col(side)
    names = rows[f"{side}_language"].unique().sort().to_list()
    expression = pl.lit(False)
    for name in reversed(names):
        expression = pl.when(language == name).then(text.str.contains(words_pattern(name or ""))).otherwise(expression)
    return rows.select(expression.alias("source_words"))["source_words"]


@lru_cache(maxsize=128)
def words_pattern(language: str) -> str:
    """Return one pattern (of Rust's kind) for what sends a text of a language to the exact reader."""
    words = lexicon_of(language)
    parts = [_SIGNS]
    if "han" in words.flags:
        counters = "|".join(map(re.escape, words.counters))
        parts.append(rf"[{HAN}](?:{counters})|[{HAN}]{{2,}}")
    whole = _forms(words.numbers, whole=True) + _forms(words.months, whole=True) + list(map(_spelt, words.minus))
    begun = (
        _forms(words.numbers, whole=False) + _forms(words.months, whole=False) + [_spelt(f) for f in words.parts.exact]
    )
    if "compound" in words.flags:
        begun, whole = begun + [form for form in whole if len(form) > 2], [form for form in whole if len(form) <= 2]
    prefix = f"(?:{'|'.join(map(re.escape, words.prefixes))})?" if words.prefixes else ""
    if whole:
        parts.append(rf"(?i:(?:^|[^\pL\pM]){prefix}(?:{'|'.join(sorted(whole))})(?:[^\pL\pM]|$))")
    if begun:
        parts.append(rf"(?i:(?:^|[^\pL\pM]){prefix}(?:{'|'.join(sorted(begun))}))")
    return "|".join(parts)


def _forms(forms: Forms, *, whole: bool) -> list[str]:
    several = [(" ".join(row), entry) for rows in forms.several.values() for row, entry in rows]
    table = [*(forms.exact.items() if whole else forms.begins.items()), *(several if whole else ())]
    return [_spelt(form.rstrip("*")) for form, entry in table if entry.kind in _KINDS or entry.kind == "month"]


_SAME: Final = {
    "ا": "[اأإآ]",
    "ی": "[ییي ى]".replace(" ", ""),
    "ک": "[کك]",
    "е": "[её]",
    "ș": "[șş]",
    "ț": "[țţ]",
    "'": "['’ʼ]",
}


def _spelt(form: str) -> str:
    """The texts here are not folded; letters that folding makes one are written out."""
    return "".join(_SAME.get(sign, r"[\s-]" if sign == " " else re.escape(sign)) for sign in form)


def _sequence(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return the numbers of each text with their units, in order, as one string that is the same in every language."""
    language = f"{side}_language"
    tokens = (
        rows.filter(pl.col(side).str.contains(r"\d"))
        .select(
            "_row",
            pl.col(language).fill_null("").alias("_language"),
            pl.col(side).str.extract_all(_TOKEN).alias("_token"),
        )
        .explode("_token")
        .filter(pl.col("_token").is_not_null())
    )
    unique = tokens.select("_language", "_token").unique()
    # The loop runs over different spellings of a number with its unit, which are few beside the texts.
    keys = [token_key(token, name) for name, token in unique.select("_language", "_token").iter_rows()]
    named = unique.with_columns(pl.Series("_key", keys, dtype=pl.String))
    return (
        tokens.join(named, on=["_language", "_token"], how="left", maintain_order="left")
        .group_by("_row", maintain_order=True)
        .agg(pl.col("_key").str.join(_KEY_SEPARATOR))
    )


def token_key(token: str, language: str) -> str:
    """Return one spelling of a number with its sign and unit; marks between digits are kept, whichever they are."""
    return fold(token) if len(token) > _LONGEST else _token_key(token, language)


@lru_cache(maxsize=65536)
def _token_key(token: str, language: str) -> str:
    folded = fold(token)
    found = _NUMBER.search(folded)
    if found is None:
        return folded
    digits = found[0].rstrip(".,'")
    raised = re.sub(r"[^¹²³⁰-⁹₀-₉]", "", token)
    after = folded[found.end() :].strip(" -")
    word = re.split(r"[ /]", after)[0].lower()
    entry = lexicon_of(language).numbers.find(word) if word else None
    if (entry is not None and entry.kind == "scale") or word[:1] in set(HAN) | {"割", "半"}:
        return "|".join(f"{one.values}{units_key(one.unit)}" for one in quantities(token, language))
    unit, _ = unit_at(folded, found.end(), language)
    sign = folded[: found.start()].strip(" ")
    return f"{sign}{re.sub('[,]', '.', digits)}{raised}|{'/'.join(units_key(unit))}"
