"""Text as hashes of words, on bytes: what line breaks, case, punctuation and markup cannot hide.

A word is a run of letters and digits; in scripts without spaces each sign is one. The hash of a word is made of its
first and last eight bytes and its length: equal words have equal hashes, and what has equal hashes by chance is found
out when a hit is compared with the text itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "ESCAPED",
    "FIRST",
    "GRAM",
    "MASKS",
    "MIDDLE",
    "SECOND",
    "TABLE",
    "THIRD",
    "Words",
    "folded",
    "grams_of",
    "single_signs",
    "words_of",
]

GRAM: Final = 5
"""Words of a gram."""
MIDDLE: Final = 20
"""Bits of a hash below those by which the second table of an index knows it."""
_PAD: Final = 8
_SPACE: Final = 0x20
_U8 = npt.NDArray[np.uint8]
_U64 = npt.NDArray[np.uint64]
_I64 = npt.NDArray[np.int64]


def _table() -> _U8:
    """Return for each byte what it is compared as: small letters, digits and all of UTF-8; the rest is a space."""
    table = np.full(256, _SPACE, dtype=np.uint8)
    for code in range(256):
        letter = chr(code)
        if code >= 0x80 or letter.isalnum():
            table[code] = ord(letter.lower()) if code < 0x80 else code
    return table


TABLE: Final = _table()
_BYTES: Final = TABLE.tobytes()


def _among(*codes: int) -> npt.NDArray[np.bool_]:
    """Return a table that tells of a byte whether it is one of some."""
    table = np.zeros(256, dtype=bool)
    table[list(codes)] = True
    return table


ESCAPED: Final = _among(*b"nrtfb")
_LETTERS_C2: Final = _among(0xAA, 0xB5, 0xBA)
_ALONE_C4: Final = _among(0xB0, 0xB1, 0xB8)
_ALONE_C5: Final = _among(0x89, 0xB8, 0xBF)
FIRST: Final = np.uint64(0x9E3779B97F4A7C15)
SECOND: Final = np.uint64(0xC2B2AE3D27D4EB4F)
THIRD: Final = np.uint64(0x165667B19E3779F9)
MASKS: Final = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], dtype=np.uint64)
_SHIFT: Final = np.uint64(29)


@dataclass(frozen=True)
class Words:
    """Hashes of the words of a text and the byte at which each begins and ends."""

    hashes: _U64
    starts: _I64
    ends: _I64


def folded(data: bytes) -> bytes:
    """Return UTF-8 as it is compared, byte for byte as long: small letters, and a space for every other sign.

    Letters of Latin-1, Latin Extended-A, Greek and Cyrillic are made small where both cases take as many bytes;
    typographic signs of the general and the CJK blocks, and full-width signs, count as spaces.
    """
    return _folded(np.frombuffer(data, dtype=np.uint8)).tobytes()


def _folded(raw: _U8) -> _U8:
    made = np.frombuffer(bytearray(raw.tobytes().translate(_BYTES)), dtype=np.uint8)
    high = np.flatnonzero(raw >= 0xC2)
    high = high[high < len(raw) - 1]
    if len(high) == 0:
        return made
    lead = raw[high]
    two = (lead < 0xE0) & (raw[high + 1] & 0xC0 == 0x80)
    _two_bytes(made, high[two], lead[two], raw[high[two] + 1])
    # Other characters of three bytes are letters, or are taken for letters.
    three = high[((lead == 0xE2) | (lead == 0xE3) | (lead == 0xEF)) & (high < len(raw) - 2)]
    lead, second, third = raw[three], raw[three + 1], raw[three + 2]
    # U+2000-206F and U+2190-2BFF, U+3000-303F, and the signs among U+FF01-FF65.
    signs = (
        ((lead == 0xE2) & ((second == 0x80) | (second == 0x81) | (second >= 0x86)))
        | ((lead == 0xE3) & (second == 0x80))
        | ((lead == 0xEF) & (second == 0xBC) & ((third < 0x90) | ((third >= 0x9A) & (third <= 0xA0)) | (third >= 0xBB)))
        | ((lead == 0xEF) & (second == 0xBD) & ((third == 0x80) | ((third >= 0x9B) & (third <= 0xA5))))
    ) & ((second & 0xC0 == 0x80) & (third & 0xC0 == 0x80))
    at = three[signs]
    made[at] = made[at + 1] = made[at + 2] = _SPACE
    return made


def _two_bytes(made: _U8, high: _I64, lead: _U8, second: _U8) -> None:
    signs = high[(lead == 0xC2) & ~_LETTERS_C2[second]]
    made[signs] = made[signs + 1] = _SPACE
    latin = high[(lead == 0xC3) & (second <= 0x9E) & (second != 0x97)] + 1
    made[latin] += 0x20
    rest = lead >= 0xC4
    if rest.any():
        _small_letters(made, high[rest], lead[rest], second[rest])


def _small_letters(made: _U8, high: _I64, lead: _U8, second: _U8) -> None:
    extended = (lead == 0xC4) | (lead == 0xC5)
    # Pairs of one capital and its small letter: the capital is even, but for two stretches in which it is odd.
    odd = ((lead == 0xC4) & (second >= 0xB9)) | ((lead == 0xC5) & ((second <= 0x88) | (second >= 0xB9)))
    whole = ~(((lead == 0xC4) & _ALONE_C4[second]) | ((lead == 0xC5) & _ALONE_C5[second]))
    capital = np.where(odd, second % 2 == 1, second % 2 == 0)
    made[high[extended & whole & capital] + 1] += 1
    cyrillic = high[(lead == 0xD0) & (second >= 0x90) & (second <= 0x9F)] + 1
    made[cyrillic] += 0x20
    late = high[(lead == 0xD0) & (second >= 0xA0) & (second <= 0xAF)]
    made[late], made[late + 1] = 0xD1, made[late + 1] - 0x20
    early = high[(lead == 0xD0) & (second >= 0x80) & (second <= 0x8F)]
    made[early], made[early + 1] = 0xD1, made[early + 1] + 0x10
    greek = high[(lead == 0xCE) & (second >= 0x91) & (second <= 0x9F)] + 1
    made[greek] += 0x20
    later = high[(lead == 0xCE) & (second >= 0xA0) & (second <= 0xA9)]
    made[later], made[later + 1] = 0xCF, made[later + 1] - 0x20


def words_of(data: bytes | memoryview, *, escapes: bool = False) -> Words:
    r"""Return the words of a text in UTF-8; broken UTF-8 is taken byte by byte.

    Args:
        data: the text.
        escapes: whether it is raw JSON, in which ``\n`` and its like part words; escaped letters are not resolved.
    """
    raw = np.frombuffer(data, dtype=np.uint8)
    text = np.empty(len(raw) + 2 * _PAD, dtype=np.uint8)
    text[:_PAD] = text[len(raw) + _PAD :] = _SPACE
    text[_PAD : len(raw) + _PAD] = _folded(raw)
    if escapes:
        slash = np.flatnonzero(raw == 0x5C)
        slash = slash[slash < len(raw) - 1]
        text[slash[ESCAPED[raw[slash + 1]]] + 1 + _PAD] = _SPACE
    inside = text != _SPACE
    begins = inside[1:] > inside[:-1]
    stops = inside[1:] < inside[:-1]
    single = single_signs(text)
    if single is not None:
        begins[single - 1] = True
        stops[single - 1] |= inside[single - 1]
        after = single + 3
        begins[after - 1] |= inside[after]
        stops[after - 1] = True
    starts = np.flatnonzero(begins) + 1
    ends = np.flatnonzero(stops) + 1
    return Words(_hashed(text, starts, ends), starts - _PAD, ends - _PAD)


def single_signs(text: _U8) -> _I64 | None:
    """Return where signs of scripts without spaces begin: kana, Han, Thai, Lao, Khmer, Burmese; null for none."""
    at = np.flatnonzero((text >= 0xE0) & (text <= 0xE9))
    if len(at) == 0:
        return None
    lead, second = text[at], text[at + 1]
    # A letter of Latin-1 in a file that is no UTF-8 begins no sign.
    kept = (second & 0xC0 == 0x80) & (text[at + 2] & 0xC0 == 0x80)
    kept &= (
        (lead >= 0xE4)
        | ((lead == 0xE3) & (second >= 0x81))
        | ((lead == 0xE0) & (second >= 0xB8) & (second <= 0xBB))
        | ((lead == 0xE1) & ((second == 0x80) | (second == 0x81) | (second == 0x9E) | (second == 0x9F)))
    )
    at = at[kept]
    return at if len(at) else None


def _hashed(text: _U8, starts: _I64, ends: _I64) -> _U64:
    # One number of eight bytes at every byte: the text is padded, so that the last of them ends inside.
    eights: _U64 = np.ndarray((len(text) - 7,), dtype="<u8", buffer=text, strides=(1,))
    length = ends - starts
    masks = MASKS[np.minimum(length, 8)]
    mixed: _U64 = eights[starts] & masks
    mixed *= FIRST
    long = np.flatnonzero(length > 8)
    mixed[long] += eights[ends[long] - 8] * SECOND + length[long].astype(np.uint64) * THIRD
    mixed ^= mixed >> _SHIFT
    mixed *= FIRST
    return mixed


def grams_of(words: Words, size: int = GRAM) -> _U64:
    """Return the hash of every run of so many words; fewer words give one hash of all of them, none give none."""
    n = len(words.hashes)
    if n == 0:
        return words.hashes
    size = min(size, n)
    made = words.hashes[: n - size + 1].copy()
    for place in range(1, size):
        made *= SECOND
        made += words.hashes[place : n - size + 1 + place]
    return (made ^ (made >> _SHIFT)) * THIRD
