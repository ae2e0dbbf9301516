"""Why a text that was read differs from its transcription: one cause for each difference."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

import regex
from rapidfuzz.distance import Indel, Opcodes

from benchwright.schemas.text import comparable

__all__ = ["UNCOUNTED", "added_text", "cause_of_options", "cause_of_text", "unseen_cause"]

_LINE: Final = 20
"""Letters and digits; a stretch as long as this is a line or more, a shorter one a word or two."""
_ALIKE: Final = 0.8
"""Likeness, 0 to 1, from which two texts are the same one misread."""
_BROKEN: Final = regex.compile(r"[\p{Co}\p{Cn}\ufffd]")
_RAISED: Final = regex.compile(r"[\^_]\(([^)]*)\)")
_HYPHEN: Final = regex.compile(r"[-‐\u00ad]\s*")
_SPACE: Final = regex.compile(r"\s+")
UNCOUNTED: Final = ("spacing only", "hyphenation only", "raised and lowered signs", "case only", "signs only")
"""Differences that the comparison does not see; told apart, and never counted as misses."""


def unseen_cause(found: str, wanted: str) -> str | None:
    """Return how two texts differ that are equal for the comparison; None when they do not differ at all."""
    if found == wanted:
        return None
    if _SPACE.sub("", found) == _SPACE.sub("", wanted):
        return "spacing only"
    if _bare(_HYPHEN.sub("", found)) == _bare(_HYPHEN.sub("", wanted)):
        return "hyphenation only"
    if _bare(_flat(found)) == _bare(_flat(wanted)):
        return "raised and lowered signs"
    return "case only" if _bare(found).casefold() == _bare(wanted).casefold() else "signs only"


def _bare(text: str) -> str:
    return _SPACE.sub("", text)


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", _RAISED.sub(r"\1", text))


def cause_of_text(found: str, wanted: str, *, ocr: bool = False) -> str:
    """Return why a text differs from its transcription.

    Args:
        found: as read; the comparison says that it differs.
        wanted: as transcribed.
        ocr: it was read from a picture.
    """
    if _BROKEN.search(found) and not _BROKEN.search(wanted):
        return "broken characters"
    here, there = comparable(found), comparable(wanted)
    if not here or not there:
        return "no text" if there else "text where there is none"
    if Counter(here) == Counter(there):
        return "order of the text"
    if _undressed(here) == _undressed(there):
        return "diacritics"
    codes = Indel.opcodes(there, here)
    changes = [code for code in codes if code.tag != "equal"]
    kinds = {code.tag for code in changes}
    if len(changes) == 1 and kinds == {"insert"}:
        return _one_stretch(codes, "more text", changes[0].dest_end - changes[0].dest_start)
    if len(changes) == 1 and kinds == {"delete"}:
        return _one_stretch(codes, "text lost", changes[0].src_end - changes[0].src_start)
    changed = "".join(there[c.src_start : c.src_end] + here[c.dest_start : c.dest_end] for c in changes)
    if changed.isnumeric():
        return "digits differ"
    if Indel.normalized_similarity(here, there) >= _ALIKE:
        return "misread by OCR" if ocr else "letters differ"
    return "another text"


def _one_stretch(codes: Opcodes, what: str, length: int) -> str:
    """Name one stretch that is too much or lost: where it stands, and whether it is as long as a line."""
    place = "at the end" if codes[-1].tag != "equal" else "at the start" if codes[0].tag != "equal" else "inside"
    return f"{what} {place}, {'a line or more' if length >= _LINE else 'some letters'}"


def _undressed(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")


def added_text(found: str, wanted: str) -> str:
    """Return what a text has before or after its transcription, digits masked; empty where it differs otherwise."""
    here, there = comparable(found), comparable(wanted)
    if not there or here == there:
        return ""
    extra = here.removeprefix(there) if here.startswith(there) else here.removesuffix(there)
    return regex.sub(r"\p{Nd}+", "#", extra) if extra != here else ""


def cause_of_options(found: Sequence[str], wanted: Sequence[str], stem: str, *, ocr: bool = False) -> str:
    """Return why a list of options differs from its transcription.

    Args:
        found: texts as read, in order.
        wanted: texts as transcribed.
        stem: the stem as read, in which lost options may stand.
        ocr: they were read from a picture.
    """
    here, there = [comparable(text) for text in found], [comparable(text) for text in wanted]
    if sorted(here) == sorted(there):
        return "order of the options"
    if len(here) != len(there):
        if "".join(here) == "".join(there):
            return "an option mark lost" if len(here) < len(there) else "an option cut in two"
        if len(here) > len(there):
            return "more options"
        lost = [text for text in there if text not in here]
        return "options in the stem" if lost and all(text in comparable(stem) for text in lost) else "options lost"
    if "".join(here) == "".join(there):
        return "text in the wrong option"
    causes = Counter(
        cause_of_text(found[k], wanted[k], ocr=ocr) for k in range(len(here)) if here[k] != there[k]
    ).most_common()
    if causes[0][0].startswith("more text at the end") and here[:-1] == there[:-1]:
        return "more text after the last option"
    return f"an option: {causes[0][0]}"
