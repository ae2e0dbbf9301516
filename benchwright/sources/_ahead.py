"""Text that stands at the end of a question and speaks of the next ones: headings of parts, and directions.

Where typography does not part it from the question, its words do: a heading names a part and which one it is; other
directions name the questions ahead by number, or speak of questions "below" where nothing stands below.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

from benchwright.sources._kindwords import has_phrase, words_pattern
from benchwright.sources._remembered import remembered
from benchwright.sources._words import fold

__all__ = ["RANGE", "names_part", "names_questions", "speaks_of_next"]

RANGE: Final = regex.compile(
    r"(?<![\p{Nd}.,])(?P<first>\p{Nd}{1,3})\s?[題問問番문번]?\.?\)?\s*(?:-|–|—|~|～|〜|al?|e|y|i|and|und|et|to|bis|à|a|do|до|по|и|та|και|έως|至|到|から|و|تا|إلى|עד|ถึง|से|và|đến|ile|,(?=\s)|및|부터)\s*"
    r"(?:(?:la|el|the|die|les|il|q|no|nr)\.?\s*)?[\p{L}]{0,10}\.?\s*(?P<last>\p{Nd}{1,3})(?![\p{Nd}%]|[.,]\p{Nd})",
    regex.IGNORECASE,
)
"""Two numbers of questions and what stands between them: ``12 to 15``."""
_MOST: Final = 30
"""So many questions at most share one text."""
_WORDS: Final = 8
"""A heading of more words is a sentence."""
_LONGEST: Final = 400
"""Letters; a longer paragraph is a text, and no directions."""
_WHICH: Final = r"(?:\p{Nd}{1,2}|[ivx]{1,4}|[a-h]|[а-д]|[α-ε]|[א-ה])"
_NUMBERED: Final = regex.compile(
    r"^(?:第\s*[一二三四五六七八九十壹貳參肆\p{Nd}]{1,3}\s*(?:部分|部|大題|大题|篇|節|节)|제\s*\p{Nd}{1,2}\s*부|\p{Nd}{1,2}\s*부)"
)


@remembered(4096)
def names_questions(text: str, number: int) -> bool:
    """Tell whether a paragraph speaks of questions by their numbers, the first of which is the given one."""
    ranges = ((int(found["first"]), int(found["last"])) for found in RANGE.finditer(text))
    return any(first == number < last <= number + _MOST for first, last in ranges) and has_phrase(text, "asked")


@remembered(4096)
def names_part(text: str) -> bool:
    """Tell whether a line is the heading of a part: ``PART II``, ``Second section: surgery``, ``第二部分``."""
    plain = fold(text).strip()
    if len(plain.split()) > _WORDS or plain.endswith((".", ";", "?", ",")):
        return False
    return _NUMBERED.match(plain) is not None or _heading().match(plain) is not None


@lru_cache(maxsize=1)
def _heading() -> regex.Pattern[str]:
    section, which = words_pattern("section"), words_pattern("ordinal")
    apart = r"(?![\p{L}\p{M}\p{Nd}])"
    return regex.compile(rf"^(?:{section}\s+(?:{which}|{_WHICH}{apart})|(?:{which}|{_WHICH}[.)ªº])\s+{section}){apart}")


@remembered(4096)
def speaks_of_next(text: str) -> bool:
    """Tell whether a paragraph speaks of questions or statements that come after it."""
    return len(text) <= _LONGEST and has_phrase(text, "ahead") and has_phrase(text, "asked")
