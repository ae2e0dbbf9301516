"""Kit: which pairs of texts have to be read exactly; all others have the same numbers, units and signs in one order.

Column expressions over unique pairs. What passes has the same three sequences on both sides: digits with their marks
and units, number words with their units, and Roman numerals and signs. Everything else is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import polars as pl

from benchwright.audits._quantities.fold import fold
from benchwright.audits._quantities.han import HAN
from benchwright.audits._quantities.lexicon import Forms, lexicon_of
from benchwright.audits._quantities.model import WORD
from benchwright.audits._quantities.parse import quantities
from benchwright.audits._quantities.units import LETTER, unit_at, units_key

__all__ = ["to_read"]

_WORD: Final = r"[\pL\pM&&[^\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]]"
_TOKEN: Final = (
    r"[-−–－<>≤≥±]?=?\s?\d[\d.,'’٫٬¹²³⁰-⁹₀-₉]*"
    r"(?:\s?-?(?:mm ?Hg|por ciento|per cent|pour cent|per cento|por cento"
    rf"|{_WORD}{{1,16}}(?:\s?/\s?{_WORD}{{1,8}}){{0,2}}"
    r"|[\p{Han}\p{Katakana}]{1,4}|\p{Thai}{1,8}|[%‰°℃℉％٪]\s?[CF]?))?"
)
_SIGNS: Final = r"[¼-¾⅐-↏①-⓿]|(?:^|[^\pL\pM\d])(?:[IVX]{2,6}|[ІХ]{2,6})[abcABC]?(?:[^\pL\pM\d]|$)"
"""Without \b: on text beyond ASCII it makes the pattern ten times as slow."""
_NUMBER: Final = re.compile(r"\d[\d.,'’]*")
_KINDS: Final = frozenset({"card", "scale", "decade", "teen"})
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
    wanted = pl.concat([_unlike(rows, find) for find in (_digits, _words, _signs)]).unique()
    return rows.join(wanted, on="_row", how="semi").select(kept)


def _unlike(rows: pl.DataFrame, find: Callable[[pl.DataFrame, str], pl.DataFrame]) -> pl.DataFrame:
    """Return the rows whose sides have other sequences of what ``find`` finds."""
    both = [find(rows, side).rename({"_key": f"_{side}"}) for side in ("source", "target")]
    joined = both[0].join(both[1], on="_row", how="full", coalesce=True)
    return joined.filter(pl.col("_source").fill_null("") != pl.col("_target").fill_null("")).select("_row")


def _digits(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return the numbers of each text with their units, in order, as one string that is the same in every language."""
    return _sequence(rows.filter(pl.col(side).str.contains(r"\d")), side, pl.col(side), _TOKEN, token_key)


def _signs(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return the Roman numerals, fractions and circled numbers of each text, in order."""
    return _sequence(rows.filter(pl.col(side).str.contains(_SIGNS)), side, pl.col(side), _SIGNS, _sign_key)


def _words(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return the number words of each text with their units, in order; a word for minus stands for itself."""
    parts: list[pl.DataFrame] = []
    for (language,), own in rows.partition_by(f"{side}_language", as_dict=True).items():
        pattern = words_pattern(language or "")
        if pattern:
            low = own.select("_row", f"{side}_language", pl.col(side).str.to_lowercase().alias(side))
            low = low.filter(pl.col(side).str.contains(pattern))
            parts.append(_sequence(low, side, pl.col(side), pattern, _word_key))
    return pl.concat(parts) if parts else pl.DataFrame(schema={"_row": pl.UInt32, "_key": pl.String})


@lru_cache(maxsize=128)
def words_pattern(language: str) -> str:
    """Return one pattern (of Rust's kind, for small letters) of the number words of a language in a row."""
    words = lexicon_of(language)
    parts: list[str] = []
    if "han" in words.flags:
        counters = "|".join(map(re.escape, words.counters))
        parts.append(rf".?(?:[{HAN}]{{1,12}}(?:{counters})|[{HAN}]{{2,12}})\p{{Han}}{{0,3}}")
    whole = _forms(words.numbers, whole=True) + _forms(words.months, whole=True) + list(map(_spelt, words.minus))
    begun = (
        _forms(words.numbers, whole=False) + _forms(words.months, whole=False) + [_spelt(f) for f in words.parts.exact]
    )
    if "compound" in words.flags:
        begun, whole = begun + [form for form in whole if len(form) > 2], [form for form in whole if len(form) <= 2]
    prefix = f"(?:{'|'.join(map(re.escape, words.prefixes))})?" if words.prefixes else ""
    ways = [rf"(?:{'|'.join(sorted(whole))})(?:$|[^\pL\pM])"] if whole else []
    ways += [rf"(?:{'|'.join(sorted(begun))})"] if begun else []
    if ways:
        # What follows may go on with the number or be its unit; the exact reader tells.
        parts.append(rf"(?:^|[^\pL\pM]){prefix}(?:{'|'.join(ways)})[^\s\d,;:().!?]*(?:[\s-][^\s\d,;:().!?]+){{0,3}}")
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


def _sequence(
    rows: pl.DataFrame, side: str, text: pl.Expr, pattern: str, key: Callable[[str, str], str]
) -> pl.DataFrame:
    """Return the keys of what the pattern finds, in order, as one string for each text that has any."""
    tokens = rows.select(
        "_row",
        pl.col(f"{side}_language").fill_null("").alias("_language"),
        text.str.extract_all(pattern).alias("_token"),
    ).explode("_token", empty_as_null=False, keep_nulls=False)
    unique = tokens.select("_language", "_token").unique()
    # The loop runs over different spellings of a number with its unit, which are few beside the texts.
    keys = [key(token, name) for name, token in unique.select("_language", "_token").iter_rows()]
    named = unique.with_columns(pl.Series("_key", keys, dtype=pl.String)).filter(pl.col("_key") != "")
    return (
        tokens.join(named, on=["_language", "_token"], how="inner", maintain_order="left")
        .group_by("_row", maintain_order=True)
        .agg(pl.col("_key").str.join("|"))
    )


def _word_key(token: str, language: str) -> str:
    """Return value and unit of each number word; empty for words that are no witnesses."""
    words = lexicon_of(language)
    minus = [word for word in re.findall(rf"{LETTER}+", fold(token)) if word in words.minus]
    sure = [one for one in quantities(token, language) if one.strength >= WORD or one.kind == "month"]
    return "|".join([*minus, *(f"{one.values[0]}{'/'.join(units_key(one.unit))}" for one in sure)])


def _sign_key(token: str, language: str) -> str:
    return "|".join(str(one.values[0]) for one in quantities(token, language)) or token


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
