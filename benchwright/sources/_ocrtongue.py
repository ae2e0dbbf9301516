"""With which languages a scan is read: as declared, else by its script and then by the words of one page.

What is told of a scan is told carefully: letters that engines read for want of better ones look like words of some
language, and near relatives differ in words that a rough reading confuses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from benchwright.sources._language import language_of, most_usual
from benchwright.sources._ocr import LanguageData, OcrEngine, OcrLine, OcrPage, engine_languages, reads_latin

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LATIN_TERMS", "Tongue", "sure_words", "tongue_of"]

LATIN_TERMS: Final = "en"
_SURE: Final = 0.6
_FEW: Final = 20
"""Words read with confidence; fewer say nothing of the language."""
_HALF: Final = 0.5
_WORD: Final = regex.compile(r"\p{L}{2,}")
_PAGES: Final = 3


@dataclass(frozen=True)
class Tongue:
    """With which languages pages are to be read, and what is to be said of it."""

    languages: tuple[str, ...]
    doubt: str | None = None


def tongue_of(
    engine: OcrEngine, language: str | None, wanted: Sequence[int], show: Callable[[int], Image],
    read: Callable[[Image], OcrPage],
) -> Tongue:  # fmt: skip
    """Return the languages to read a paper with.

    Args:
        engine: reads the pages.
        language: of the paper, where it is declared.
        wanted: numbers of the pages that need OCR.
        show: gives the picture of a page.
        read: reads a picture with :data:`LATIN_TERMS`.
    """
    if language is not None:
        return Tongue(_with_latin(language))
    sample = [*wanted[1 : 1 + _PAGES], *wanted[:1]][:_PAGES]
    pictures = [show(number) for number in sample]
    guesses = [guess for picture in pictures if (guess := engine.guess_language(picture)) is not None]
    other = [guess for guess in guesses if guess != LATIN_TERMS]
    if other and len(other) >= _HALF * len(guesses):
        return Tongue(_with_latin(max(sorted(set(other)), key=other.count)))
    words, all_words = sure_words(read(pictures[0]).lines)
    if len(words) < _HALF * all_words or (len(words) < _FEW and not guesses):
        return Tongue((LATIN_TERMS,), _untold(engine))
    if len(words) < _FEW:
        return Tongue((LATIN_TERMS,))
    return _by_words(engine, " ".join(words))


def sure_words(lines: Sequence[OcrLine]) -> tuple[list[str], int]:
    """Return the words of two letters and more that were read with confidence, and how many words there are at all."""
    words = [word for line in lines for word in line.words if _WORD.search(word.text)]
    return [word.text for word in words if word.confidence >= _SURE], len(words)


def _by_words(engine: OcrEngine, text: str) -> Tongue:
    found = language_of(text)
    if found is None:
        return Tongue((LATIN_TERMS,))
    usual = most_usual(text, found)
    doubt = None if usual == found else f"a scan does not tell {found} from {usual}: read as {usual}"
    if _has(engine, usual):
        return Tongue(_with_latin(usual), doubt)
    code = engine_languages([usual])[0]
    return Tongue(
        (LATIN_TERMS,),
        f"looks like {usual}, but the engine has no data of it ({code}): read with {LATIN_TERMS}; install the data, or "
        "name the language with --lang where it is another",
    )


def _has(engine: OcrEngine, language: str) -> bool:
    return not isinstance(engine, LanguageData) or engine.has_language(language)


def _untold(engine: OcrEngine) -> str:
    return (
        f"the script and language of the scan could not be told: read with {LATIN_TERMS}; name the language with --lang"
        f" (or ocr.languages of the layout), for which {engine.name} needs the data of that language"
    )


def _with_latin(language: str) -> tuple[str, ...]:
    """Return a language, and English beside it where its data has no Latin letters."""
    return (language,) if reads_latin(language) else (language, LATIN_TERMS)
