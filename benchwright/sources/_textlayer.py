"""Whether the text layer of a page is usable: absent, wrong, or damaged in one letter.

Fonts without a right character map give text that looks like letters and is not. It shows in which scripts meet on
a page, in private-use and unassigned characters, and in how often the common letters of the script occur. Decided by
``data/textlayer.yaml``, never by file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from benchwright.sources._kept import yaml_table
from benchwright.sources._pdfium import PageChars

__all__ = ["Verdict", "coverage", "mended", "usable"]

_FEW: Final = 20
"""A page with fewer characters has no text worth the name."""
_STAMP: Final = 60
"""A page that is a picture and has fewer characters has a stamp or a page number, not its text."""
_PICTURE: Final = 0.3
_WHOLE: Final = 0.7
_OUTLINES: Final = 400
"""Filled shapes on a page without text: letters drawn as shapes."""
_LEAST_LETTERS: Final = 120
_FEW_WORDS: Final = 400
"""Letters; a page with fewer is judged only if they are not the same words again and again."""
_MOST: Final = 0.4
"""A script is judged where it has this share of a page's letters: terms in another script are no sample of it."""
_STRAY: Final = 0.05
_FOREIGN_MARKS: Final = 0.005
"""Share of the letters: no text has vowel signs of a script that it does not use."""
_UNREADABLE: Final = 0.03
_PRIVATE: Final = (0.05, 12)
"""Share and number of distinct private-use characters: option marks are fewer."""
_CASE: Final = 0.12
"""Share of neighbouring letters of which the first is small and the second a capital."""
_ACCENTED: Final = 0.6
"""Share of Latin letters with accents: no language has so many; another script decoded as Latin has."""
_SIGNS: Final = 255
_MISSING: Final = 0.3
"""A letter with less than this share of its usual frequency is missing, in the font that has it wrong."""

Codes = npt.NDArray[np.uint32]
_PRINTED: Final = ~np.isin(np.arange(0x10000), (0, 9, 10, 13, 32, 0xA0, 0xAD, 0x3000, 0xFEFF, 0x200B))


@dataclass(frozen=True)
class Verdict:
    """Whether a text layer can be used, and what speaks against it."""

    usable: bool
    reason: str = ""


@dataclass(frozen=True)
class _Script:
    number: int
    common: npt.NDArray[np.bool_]
    """By code point below 0x10000: whether it is a common letter, in any case and with any accent."""
    least: float


@dataclass(frozen=True)
class _Tables:
    script_of: npt.NDArray[np.uint8]
    """By code point below 0x10000: 1.. for scripts, 255 for signs, 0 for what is neither."""
    scripts: Mapping[str, _Script]
    families: tuple[tuple[int, ...], ...]
    anywhere: tuple[int, ...]
    alphabets: tuple[tuple[tuple[str, ...], int, Mapping[str, float]], ...]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    raw = yaml_table("textlayer")
    script_of = np.zeros(0x10000, dtype=np.uint8)
    for low, high in map(_range, raw["signs"]):
        script_of[low : high + 1] = _SIGNS
    scripts: dict[str, _Script] = {}
    for number, (name, about) in enumerate(raw["scripts"].items(), start=1):
        for low, high in map(_range, about["ranges"]):
            script_of[low : high + 1] = number
        common = np.isin(_folding(), [ord(c) for c in about.get("common", "")])
        scripts[name] = _Script(number, common, float(about.get("least", 0.0)))
    families = [tuple(scripts[name].number for name in family) for family in raw["families"]]
    inside = {number for family in families for number in family}
    families += [(script.number,) for script in scripts.values() if script.number not in inside]
    alphabets = [
        (tuple(a.get("languages", ())), scripts[a["script"]].number, {str(k): float(v) for k, v in a["shares"].items()})
        for a in raw["alphabets"].values()
    ]
    anywhere = tuple(scripts[name].number for name in raw["anywhere"])
    return _Tables(script_of, scripts, tuple(families), anywhere, tuple(alphabets))


def _range(text: Any) -> tuple[int, int]:
    low, _, high = str(text).partition("-")
    return int(low, 16), int(high, 16)


def coverage(page: PageChars) -> float:
    """Return the share of a page that pictures cover, 0 to 1; pieces that overlap count once, roughly."""
    grid = np.zeros((64, 64), dtype=np.bool_)
    across, down = 64 / max(page.width, 1.0), 64 / max(page.height, 1.0)
    for picture in page.pictures:
        if picture.kind == "image":
            x0, y0, x1, y1 = picture.box
            rows = slice(max(round(y0 * down), 0), max(round(y1 * down), 0))
            grid[rows, max(round(x0 * across), 0) : max(round(x1 * across), 0)] = True
    return float(grid.mean())


def usable(page: PageChars) -> Verdict:
    """Judge the text layer of one page."""
    codes = page.code[_PRINTED[np.minimum(page.code, 0xFFFF)]]
    if len(codes) < _STAMP:
        covered = coverage(page)
        outlines = sum(1 for picture in page.pictures if picture.kind == "fill")
        if covered >= _WHOLE or (len(codes) < _FEW and (covered >= _PICTURE or outlines >= _OUTLINES)):
            found = f"{len(codes)} characters, pictures on {covered:.0%} of the page"
            return Verdict(usable=False, reason=f"absent: {found}")
    if len(codes) < _FEW:
        return Verdict(usable=True)
    return _judged(codes, page)


def _judged(codes: Codes, page: PageChars) -> Verdict:
    tables = _tables()
    kind = tables.script_of[np.minimum(codes, 0xFFFF)]
    private = codes[(codes >= 0xE000) & (codes <= 0xF8FF)]
    distinct = len(np.unique(private))
    if len(private) > _PRIVATE[0] * len(codes) and distinct > _PRIVATE[1]:
        found = f"{distinct} private-use signs, {len(private)} of {len(codes)} characters"
        return Verdict(usable=False, reason=f"wrong: {found}")
    bad = int((codes < 32).sum() + ((codes >= 0x7F) & (codes < 0xA0)).sum() + (codes == 0xFFFD).sum())
    if bad > max(_UNREADABLE * len(codes), 3):
        return Verdict(usable=False, reason=f"wrong: {bad} of {len(codes)} characters are control characters")
    letters = kind[kind != _SIGNS]
    main = max(tables.families, key=lambda family: int(np.isin(letters, family).sum()) if family[0] > 1 else 0)
    stray = int((~np.isin(letters, (*main, *tables.anywhere))).sum())
    if stray > max(_STRAY * len(letters), 6):
        return Verdict(usable=False, reason=f"wrong: {stray} of {len(letters)} letters are of scripts that never meet")
    foreign = _foreign_marks(codes, kind, (*main, *tables.anywhere))
    if foreign > max(_FOREIGN_MARKS * len(letters), 3):
        return Verdict(usable=False, reason=f"wrong: {foreign} signs over and under letters are of another script")
    latin = codes[(kind == tables.scripts["latin"].number)]
    accented = int(((latin >= 0xC0) & (latin < 0xFF00)).sum())  # full-width letters have none
    if len(latin) >= _LEAST_LETTERS and accented > _ACCENTED * len(latin):
        return Verdict(usable=False, reason=f"wrong: {accented} of {len(latin)} Latin letters have accents")
    return _usual_letters(kind, page)


def _foreign_marks(codes: Codes, kind: npt.NDArray[np.uint8], own: Sequence[int]) -> int:
    """Count the signs over and under letters that are of a script whose letters the page does not have."""
    import unicodedata

    some = codes[~np.isin(kind, (0, _SIGNS, *own))]
    known, counts = np.unique(some, return_counts=True)
    return sum(
        int(n) for code, n in zip(known.tolist(), counts, strict=True) if unicodedata.category(chr(code)) == "Mn"
    )


def _usual_letters(kind: npt.NDArray[np.uint8], page: PageChars) -> Verdict:
    """Judge by how often the common letters of each script of a page occur."""
    counts = np.bincount(kind, minlength=256)
    for name, script in _tables().scripts.items():
        if counts[script.number] < max(_LEAST_LETTERS, _MOST * counts[:_SIGNS].sum()) or not script.least:
            continue
        mine = _in_words(page, script.number)
        if len(mine) < _LEAST_LETTERS or (len(mine) < _FEW_WORDS and _distinct(page, script.number) < _LEAST_LETTERS):
            continue
        share = float(script.common[np.minimum(mine, 0xFFFF)].mean())
        if share < script.least:
            found = f"{share:.0%} of the {name} letters are common ones, {script.least:.0%} or more are usual"
            return Verdict(usable=False, reason=f"wrong: {found}")
    jumps, pairs = _case_jumps(page)
    # Beside another script Latin letters are units and names of tests: mmHg, SpO, PaCO.
    if pairs >= max(_LEAST_LETTERS, _MOST * counts[:_SIGNS].sum()) and jumps > _CASE * pairs:
        return Verdict(usable=False, reason=f"wrong: {jumps} of {pairs} letters are followed by an unexpected capital")
    return Verdict(usable=True)


def _in_words(page: PageChars, script: int) -> Codes:
    """Return the letters of a script that stand beside another one: the letters of a key are no words."""
    mine = _tables().script_of[np.minimum(page.code, 0xFFFF)] == script
    close = _close(page) & mine[1:] & mine[:-1]
    beside = np.zeros(len(mine), dtype=np.bool_)
    beside[1:] |= close
    beside[:-1] |= close
    letters: Codes = page.code[mine & beside]
    return letters


def _distinct(page: PageChars, script: int) -> int:
    """Return how many letters the different words of a page have: the heads of a table's columns come many times."""
    mine = _tables().script_of[np.minimum(page.code, 0xFFFF)] == script
    breaks = np.flatnonzero(~(_close(page) & mine[1:] & mine[:-1])) + 1
    words = {word.tobytes() for word in np.split(page.code, breaks) if len(word) > 1}
    return sum(map(len, words)) // page.code.itemsize


def _close(page: PageChars) -> npt.NDArray[np.bool_]:
    """Tell for each character but the first whether it touches the one before it on the same line."""
    gap = np.minimum(np.abs(page.x0[1:] - page.x1[:-1]), np.abs(page.x0[:-1] - page.x1[1:]))
    return (np.abs(page.base[1:] - page.base[:-1]) < 1.0) & (gap < 0.15 * np.maximum(page.size[1:], 1.0))


@lru_cache(maxsize=1)
def _folding() -> npt.NDArray[np.uint32]:
    """Return for every code point below 0x10000 its small letter without accents."""
    import unicodedata

    table = np.arange(0x10000, dtype=np.uint32)
    for code in (*range(0x41, 0x530), *range(0x1E00, 0x2000), *range(0xFF21, 0xFF5B)):
        plain = unicodedata.normalize("NFKD", chr(code).casefold())[:1]
        table[code] = ord(plain) if plain else code
    return table


def _folded(codes: Codes) -> Codes:
    folded: Codes = _folding()[np.minimum(codes, 0xFFFF)]
    return folded


def _case_jumps(page: PageChars) -> tuple[int, int]:
    """Return how many small Latin letters touch a capital that follows, and how many touch any letter."""
    code = page.code
    small = (code >= 97) & (code <= 122)
    capital = (code >= 65) & (code <= 90)
    pairs = _close(page) & small[:-1] & (small | capital)[1:]
    return int((pairs & capital[1:]).sum()), int(pairs.sum())


def mended(pages: Sequence[PageChars], language: str | None = None) -> tuple[list[PageChars], list[str]]:
    """Return pages in which a wrongly mapped letter stands right again, and what was mended.

    Proof: a foreign character stands almost only inside words of the main script, one letter of its alphabet is
    missing, the frequencies agree, and no other letter is missing that would fit.
    """
    swap = _swap(pages, language)
    if swap is None:
        return list(pages), []
    wrong, right = swap
    note = f"U+{wrong:04X}=U+{right:04X}"
    result = [
        replace(page, code=np.where(page.code == wrong, np.uint32(right), page.code), note=note)
        if bool((page.code == wrong).any())
        else page
        for page in pages
    ]
    return result, [f"{chr(wrong)!r} stands for {chr(right)!r} in the font: put right"]


def _swap(pages: Sequence[PageChars], language: str | None) -> tuple[int, int] | None:
    tables = _tables()
    codes = np.concatenate([page.code for page in pages]) if pages else np.zeros(0, np.uint32)
    kind = tables.script_of[np.minimum(codes, 0xFFFF)]
    for languages, script, shares in tables.alphabets:
        letters = int((kind == script).sum())
        if letters < 2000 or letters < 0.3 * int((kind != _SIGNS).sum()):
            continue
        if languages and (language or "").split("-")[0] not in languages:
            continue
        folded = _folded(codes)
        counts = {letter: int((folded == ord(letter)).sum()) for letter in shares}
        missing = [c for c in shares if counts[c] < _MISSING * shares[c] / 100 * letters]
        found = [
            (wrong, ord(right))
            for wrong in _foreign(codes, kind, script, letters)
            for right in missing
            if _fits(int((codes == wrong).sum()), counts[right], shares[right] / 100 * letters)
        ]
        if len(found) == 1:
            return found[0]
    return None


def _fits(wrong: int, right: int, expected: float) -> bool:
    """Tell whether two signs are, together, as frequent as the letter, and the wrong one is most of it."""
    return 0.5 < (wrong + right) / expected < 2.0 and wrong > 2 * right


def _foreign(codes: Codes, kind: npt.NDArray[np.uint8], script: int, letters: int) -> list[int]:
    """Return characters beyond ASCII that stand almost only beside letters of a script without being of it."""
    odd, counts = np.unique(codes[(kind != script) & (codes > 0xBF)], return_counts=True)
    result = []
    for code in odd[counts > 0.004 * letters].tolist():
        at = np.flatnonzero(codes == code)
        at = at[(at > 0) & (at < len(codes) - 1)]
        beside = (kind[at - 1] == script) | (kind[at + 1] == script)
        if len(at) and beside.mean() > 0.85:
            result.append(int(code))
    return result
