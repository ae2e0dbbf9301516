"""Kit: the letters of texts as one array of bytes, and hashes of stretches of 16 of them.

A text is lower-cased and its ASCII spaces, punctuation and controls are dropped, so re-wrapped and re-punctuated copies
have the same letters; nothing depends on how a language writes words. Of the stretches of 16 bytes those are kept whose
hash is smallest, the same in every text (Broder 1997; a share of the hashes, as in mash and sourmash), about 24 from a
text of any length: short texts keep all. Between parts of an item stand seven separators, so that a stretch of eight
bytes never reaches from one option into the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.dedup._compiled import Walked, compiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Found = tuple[NDArray[np.int64], NDArray[np.uint64]]

__all__ = ["FIRST", "KEPT", "PART", "SECOND", "SHOWN", "SKETCH", "TOP", "Letters", "kept_bytes", "letters_of", "small"]

PART: Final = "\x1e"
"""Stands between the options of an item in narrow tables."""
KEPT: Final = 24
SHOWN: Final = 64
SKETCH: Final = 128
"""Bytes of the sketch of a text: one of 1,024 bits is set for each of about 64 short stretches."""
_GAP: Final = PART * 7
_LONG: Final = 16
_SHORT: Final = 8
_BRIEF: Final = 64
"""Texts with fewer letters keep stretches of eight bytes too: an edit spoils most of their long ones."""
_SPOILT: Final = 150
"""Bytes of letters up to which a sign of another script more or less is no small matter."""
_WIDE: Final = r"[[\p{Z}\p{P}\p{S}\p{C}]--[\x00-\x7f]]+"
_TALL: Final = (b"\xf0\x90", b"\xf0\x91", b"\xf0\x96", b"\xf0\x9e")
"""How letters of four bytes begin of which there are capitals: those of the scripts of Deseret, Warang, Adlam."""
_BLOCK: Final = 1 << 15
FIRST: Final = 0x9E3779B97F4A7C15
SECOND: Final = 0xD6E8FEB86659FD93
TOP: Final = 2.0**64 - 2048


@dataclass(frozen=True)
class Letters:
    """What is known of the texts of one slice."""

    hashes: NDArray[np.uint64]
    owners: NDArray[np.int64]
    """For each hash the place of its text in the slice."""
    sketch: NDArray[np.uint8]
    """One row of :data:`SKETCH` bytes per text."""
    stems: NDArray[np.uint64]
    """The sum of the hashes of all stretches of eight bytes of a stem: equal where the letters are, 0 where none is."""
    wholes: NDArray[np.uint64]
    """The same of stem and options, whatever the order of the options."""
    sizes: NDArray[np.int64]
    """Letters of each text, in bytes, with the separators."""


def letters_of(stems: pl.Series, options: pl.Series) -> Letters:
    """Return the hashes of items: their stems, and their options with :data:`PART` between them."""
    import numpy as np

    frame = pl.DataFrame({"stem": stems, "options": options})
    walk = _walked if compiled() is None else _walked_at_once
    found = walk(frame)
    spoilt = found.counts < _SPOILT
    if spoilt.any():
        found = walk(
            frame.select(pl.when(pl.Series(spoilt)).then(pl.all().str.replace_all(_WIDE, "")).otherwise(pl.all()))
        )
    wholes = found.stems + found.rests * np.uint64(3)
    return Letters(found.hashes, found.owners, found.sketch, found.stems, wholes, found.sizes)


def _walked_at_once(frame: pl.DataFrame) -> Walked:
    """Return what is known of items by the compiled loops."""
    import numpy as np

    loops = compiled()
    joined = pl.concat_str("stem", "options").str.join("").cast(pl.Binary)
    data = frame.select(joined).item() or b""
    if b"\xf0" in data and any(lead in data for lead in _TALL):
        # The loops know the small letters of all code points of three bytes and fewer.
        frame = frame.select(small(pl.all()))
        data = frame.select(joined).item()
    widths = frame.select(pl.all().str.len_bytes()).to_numpy()
    bounds = _starts(widths.reshape(-1).astype(np.int64))
    return loops.walked(data, bounds, KEPT, SHOWN, _BRIEF, PART.encode())  # type: ignore[union-attr]


def _walked(frame: pl.DataFrame) -> Walked:
    """Return what is known of items without compiled loops."""
    import numpy as np

    data, starts = _data_of(frame)
    sizes = starts[2::2] - starts[:-2:2]
    letters = _sizes(frame, starts)
    limits, shown = _limits(sizes, KEPT, _LONG), _limits(sizes, SHOWN, _SHORT)
    long, short, sums = _walk(data, starts, limits.max(initial=0), shown.max(initial=0))
    hashes, owners = _own(long, starts[::2], limits, _LONG)
    others, brief = _own(short, starts[::2], shown, _SHORT)
    few = letters[brief] < _BRIEF
    pairs = sums.reshape(-1, 2)
    return Walked(
        np.concatenate([hashes, others[few]]),
        np.concatenate([owners, brief[few]]),
        _sketch(others, brief, len(sizes)),
        pairs[:, 0],
        pairs[:, 1],
        sizes,
        letters,
    )


def _data_of(frame: pl.DataFrame) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the letters of all items, and where the stem and the options of each begin."""
    import numpy as np

    lower = frame.select(
        stem=small(pl.col("stem")),
        rest=pl.concat_str(
            pl.lit(_GAP), small(pl.col("options")).str.replace_all(PART, _GAP, literal=True), pl.lit(_GAP)
        ),
    )
    joined = lower.select(pl.concat_str("stem", "rest").str.join("")).item() or ""
    raw = np.frombuffer(joined.encode(), dtype=np.uint8)
    widths = lower.select(pl.all().str.len_bytes()).to_numpy()
    kept = np.flatnonzero(kept_bytes()[raw])
    return raw[kept], np.searchsorted(kept, _starts(widths.reshape(-1).astype(np.int64)))


def _sizes(frame: pl.DataFrame, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the bytes of the letters of each item, without the gaps between its parts."""
    gaps = frame.select(pl.col("options").str.count_matches(PART, literal=True).cast(pl.Int64) + 2).to_series()
    found: NDArray[np.int64] = starts[2::2] - starts[:-2:2] - len(_GAP) * gaps.to_numpy()
    return found


def small(texts: pl.Expr) -> pl.Expr:
    """Return texts in small letters; a sigma is one wherever it stands in its word."""
    return texts.str.to_lowercase().str.replace_all("ς", "σ", literal=True)


def kept_bytes() -> NDArray[np.bool_]:
    """Return a table that tells of a byte whether it is a letter, or stands between options."""
    import numpy as np

    table = np.zeros(256, dtype=np.bool_)
    table[list(b"abcdefghijklmnopqrstuvwxyz0123456789" + PART.encode())] = True
    table[128:] = True
    return table


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def _sums(values: NDArray[Any], bounds: NDArray[np.int64], dtype: Any) -> NDArray[Any]:
    """Return the sum of the values between each two bounds; between equal bounds there is nothing."""
    import numpy as np

    totals = np.zeros(len(bounds) - 1, dtype=dtype)
    some = np.flatnonzero(bounds[1:] > bounds[:-1])
    if len(some):
        totals[some] = np.add.reduceat(values, bounds[some], dtype=dtype)
    return totals


def _limits(sizes: NDArray[np.int64], kept: int, width: int) -> NDArray[np.uint64]:
    """Return below which hash a text keeps its stretches."""
    import numpy as np

    share = np.minimum(1.0, kept / np.maximum(sizes - width + 1, 1))
    return (share * TOP).astype(np.uint64)


def _walk(
    data: NDArray[np.uint8], starts: NDArray[np.int64], long_limit: np.uint64, short_limit: np.uint64
) -> tuple[Found, Found, NDArray[np.uint64]]:
    """Return places and hashes of long and of short stretches below the limits, and the sums of the short by part.

    Blocks of a few hundred kilobytes stay in the cache of the processor.
    """
    import numpy as np

    first, second = np.uint64(FIRST), np.uint64(SECOND)
    padded = np.concatenate([data, np.zeros(_LONG + 8, dtype=np.uint8)])
    found: list[list[NDArray[Any]]] = [[], [], [], []]
    terms = np.empty(len(data), dtype=np.uint64)
    for begin in range(0, len(data), _BLOCK):
        end = min(len(data), begin + _BLOCK)
        short = _short_hashes(padded, begin, end + _SHORT, first)
        terms[begin:end] = short[: end - begin]
        long = terms[begin:end] * second
        mixed = long ^ (long >> np.uint64(32))
        long += short[_SHORT : end - begin + _SHORT]
        long ^= long >> np.uint64(29)
        long *= first
        for place, values, limit in ((0, long, long_limit), (2, mixed, short_limit)):
            some = np.flatnonzero(values < limit)
            found[place].append(some + begin)
            found[place + 1].append(values[some])
    # The last stretches of an item reach into the next one.
    inner = (starts[2::2, None] - np.arange(1, _SHORT)).ravel()
    terms[inner] = 0
    whole: list[NDArray[Any]] = [np.concatenate(one) if one else np.zeros(0, np.uint64) for one in found]
    return (whole[0], whole[1]), (whole[2], whole[3]), _sums(terms, starts, np.uint64)


def _short_hashes(padded: NDArray[np.uint8], begin: int, end: int, factor: np.uint64) -> NDArray[np.uint64]:
    """Return a hash of the eight bytes at each place."""
    import numpy as np

    words = np.empty(end - begin, dtype=np.uint64)
    for shift in range(8):
        count = len(range(shift, end - begin, 8))
        part = padded[begin + shift : begin + shift + 8 * count].tobytes()
        words[shift::8] = np.frombuffer(part, dtype="<u8")
    words *= factor
    words ^= words >> np.uint64(32)
    return words


def _own(
    found: Found, starts: NDArray[np.int64], limits: NDArray[np.uint64], width: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the hashes that each text keeps, its own share of them, and the texts that they are of."""
    import numpy as np

    places, values = found
    counts = np.diff(np.searchsorted(places, starts))
    own = (values < np.repeat(limits, counts)) & (places + width <= np.repeat(starts[1:], counts))
    return values[own], np.repeat(np.arange(len(limits)), counts)[own]


def _sketch(hashes: NDArray[np.uint64], owners: NDArray[np.int64], count: int) -> NDArray[np.uint8]:
    import numpy as np

    bits = np.zeros((count, SKETCH * 8), dtype=np.uint8)
    bits[owners, ((hashes >> np.uint64(3)) & np.uint64(SKETCH * 8 - 1)).astype(np.int64)] = 1
    return np.packbits(bits, axis=1)
