"""The language of a whole paper, from its script and its most frequent words.

Papers are long; this is not language identification for items. It abstains where scripts and words do not tell.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._kept import yaml_table

__all__ = ["UNTOLD", "are_relatives", "language_of", "likely_language", "most_usual"]

UNTOLD: Final = "und"
"""BCP-47 for a language that could not be told."""

_SCRIPTS = [
    "Latin",
    "Cyrillic",
    "Greek",
    "Han",
    "Hiragana",
    "Katakana",
    "Hangul",
    "Arabic",
    "Hebrew",
    "Thai",
    "Devanagari",
    "Bengali",
    "Tamil",
    "Telugu",
    "Georgian",
    "Armenian",
    "Khmer",
    "Lao",
    "Myanmar",
    "Sinhala",
    "Gujarati",
    "Gurmukhi",
    "Kannada",
    "Malayalam",
    "Ethiopic",
]
_BY_SCRIPT = {
    "Greek": "el", "Hangul": "ko", "Hebrew": "he", "Thai": "th", "Devanagari": "hi", "Bengali": "bn", "Tamil": "ta",
    "Telugu": "te", "Georgian": "ka", "Armenian": "hy", "Khmer": "km", "Lao": "lo", "Myanmar": "my", "Sinhala": "si",
    "Gujarati": "gu", "Gurmukhi": "pa", "Kannada": "kn", "Malayalam": "ml", "Ethiopic": "am",
}  # fmt: skip
_TRADITIONAL = frozenset("這個學醫與對應為來時會們說國過還經濟診檢藥劑飲腦體臟關節變數術後發點實現機構題選項錯誤")
_SIMPLIFIED = frozenset("这个学医与对应为来时会们说国过还经济诊检药剂饮脑体脏关节变数术后发点实现机构题选项错误")
_HINT: Final = 8
"""So many letters of one script are no accident of an encoding; formulas hold Latin and Greek ones."""
_DIFFERENT = 3
"""So many different frequent words prove a language; one or two may stand in any table of answers."""
_CLEARLY: Final = 2.0
"""A language that is less usual than its relative has so many times the words that the other has not."""
_WORD = regex.compile(r"[\p{L}\p{M}]+")


@lru_cache(maxsize=1)
def _stopwords() -> dict[str, frozenset[str]]:
    table = yaml_table("stopwords")
    return {language: frozenset(str(word) for word in words) for language, words in table.items()}


def language_of(text: str) -> str | None:
    """Return the BCP-47 tag of the main language of a long text, or None where it cannot be told."""
    counts = {script: len(regex.findall(rf"\p{{Script={script}}}", text)) for script in _SCRIPTS}
    total = sum(counts.values())
    if total < 40:
        return None
    if counts["Hiragana"] + counts["Katakana"] > 0.1 * total:
        return "ja"
    if counts["Han"] > 0.25 * total:
        return _chinese(text)
    for script in ("Hebrew", "Arabic", "Hangul", "Cyrillic", "Greek", "Thai"):
        if counts[script] > 0.25 * total:
            return _by_letters(script, text)
    main = max(counts, key=lambda script: counts[script])
    if main in _BY_SCRIPT:
        return _BY_SCRIPT[main]
    return _latin(text) if main == "Latin" else None


def likely_language(text: str) -> str | None:
    """Return the language that a text most likely is in, where :func:`language_of` does not tell; None without a hint.

    Formulas and names fill a paper with Latin letters that are no words, so any other script that comes again and again
    says more than they do; in Latin letters, several different frequent words must be there.
    """
    counts = {script: len(regex.findall(rf"\p{{Script={script}}}", text)) for script in _SCRIPTS}
    if counts["Hiragana"] + counts["Katakana"] >= _HINT:
        return "ja"
    for script in sorted(counts, key=lambda name: -counts[name]):
        if script in {"Latin", "Greek"} or counts[script] < _HINT:
            continue
        if script == "Han":
            return _chinese(text)
        if script in _BY_SCRIPT or script in {"Arabic", "Cyrillic"}:
            return _by_letters(script, text)
    score, _ = _scores(text)
    best = max(score, key=lambda language: score[language])
    words = {word.casefold() for word in _WORD.findall(text)}
    return best if len(_stopwords()[best] & words) >= 2 * _DIFFERENT else None


def most_usual(text: str, found: str) -> str:
    """Return the language to take for a text that was read roughly and looks like one: the most usual near relative.

    It is the language itself where its frequent words come much more often than those of that relative.
    """
    more_usual = [other for some in _relatives() if found in some for other in some[: some.index(found)]]
    own = {other: _only(text, other, found) for other in more_usual}
    nearly = [other for other in more_usual if _only(text, found, other) < _CLEARLY * own[other]]
    return max(nearly, key=lambda other: own[other], default=found)


def _only(text: str, language: str, other: str) -> int:
    """Return how often the frequent words of a language come that are none of another one."""
    words = Counter(word.casefold() for word in _WORD.findall(text))
    stops = _stopwords()
    return sum(words[word] for word in stops.get(language, frozenset()) - stops.get(other, frozenset()))


def are_relatives(one: str, other: str) -> bool:
    """Tell whether two languages are near relatives, which a scan does not tell apart."""
    return any(one in some and other in some for some in _relatives())


@lru_cache(maxsize=1)
def _relatives() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str, some)) for some in yaml_table("relatives")["relatives"])


def _by_letters(script: str, text: str) -> str:
    if script == "Arabic":
        return _arabic(text)
    return _cyrillic(text) if script == "Cyrillic" else _BY_SCRIPT[script]


def _chinese(text: str) -> str | None:
    traditional = sum(1 for c in text if c in _TRADITIONAL and c not in _SIMPLIFIED)
    simplified = sum(1 for c in text if c in _SIMPLIFIED and c not in _TRADITIONAL)
    if traditional == simplified:
        return "zh"
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _arabic(text: str) -> str:
    persian = len(regex.findall(r"[پچژگکی]", text))
    arabic = len(regex.findall(r"[كيةى]", text))
    urdu = len(regex.findall(r"[ٹڈڑےں]", text))
    if urdu > 0.02 * len(text):
        return "ur"
    return "fa" if persian > arabic else "ar"


def _cyrillic(text: str) -> str:
    lower = text.casefold()
    count = Counter(lower)
    if count["ј"] or count["ђ"] or count["љ"]:
        return "mk" if count["ѓ"] + count["ќ"] + count["ѕ"] > count["ђ"] + count["ћ"] else "sr-Cyrl"
    if count["і"] + count["ї"] + count["є"] > 0.01 * len(lower):
        return "uk" if count["ї"] + count["є"] >= count["ў"] else "be"
    if count["ы"] + count["э"] > 0.003 * len(lower):
        return "kk" if count["қ"] + count["ғ"] + count["ә"] > 0.01 * len(lower) else "ru"
    return "bg" if count["ъ"] > 0.002 * len(lower) else "ru"


def _scores(text: str) -> tuple[dict[str, float], int]:
    """Return for each language how often its most frequent words come, and how many words there are."""
    words = Counter(word.casefold() for word in _WORD.findall(text))
    score = {
        language: sum(words[word] for word in stops) / len(stops) ** 0.5 for language, stops in _stopwords().items()
    }
    return score, sum(words.values())


def _latin(text: str) -> str | None:
    words = {word.casefold() for word in _WORD.findall(text)}
    score, total = _scores(text)
    best, second = sorted(score, key=lambda language: -score[language])[:2]
    if score[best] < 0.01 * total or score[best] < 1.04 * score[second]:
        return None
    different = len(_stopwords()[best] & words)
    return best if different >= _DIFFERENT else None
