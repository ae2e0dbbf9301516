"""Kit: pairs of texts that may be alike, from the rarest hashes that texts share.

Two texts are candidates when they share one of the :data:`RAREST` rarest hashes of either (rarity: in how many texts
a hash stands; hashes of one text alone are left out), or the letters of their stems. A phrase of a thousand stems is
never the rarest that two copies share. A hash of more than :data:`CROWD` texts joins each text with its next neighbours
only, so that no phrase makes more candidates than texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchwright.builder.dedup._compiled import compiled
from benchwright.builder.dedup._letters import SECOND, SKETCH
from benchwright.builder.dedup._parts import Parts

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from benchwright.builder.dedup._letters import Letters

__all__ = ["CROWD", "RAREST", "Index", "Settings"]

RAREST: Final = 4
CROWD: Final = 16
_COMMON: Final = 0.38
"""Share of the smaller sketch that two texts have in common; with less they are not compared. Copies with a fifth of
their words changed have more than half."""
_LENGTHS: Final = 0.55
"""A text this much shorter than another cannot reach a likeness of 0.7."""
_CHUNK: Final = 1 << 20
_RAREST_KNOWN: Final = 63
"""Hashes of more texts than this count as equally common."""


@dataclass(frozen=True)
class Settings:
    """How candidates are found."""

    rarest: int = RAREST
    crowd: int = CROWD
    common: float = _COMMON


class Index:
    """Takes the letters of slices in their order, then gives the candidates."""

    def __init__(
        self, count: int, parts: int = 1, folder: Path | None = None, settings: Settings | None = None
    ) -> None:
        """Prepare for a number of texts; more parts need less memory, and a folder keeps them on disk."""
        import numpy as np

        self.settings = settings or Settings()
        self.count, self.parts = count, parts
        self._folder = folder
        self._bits = max(1, (max(count, 2) - 1).bit_length())
        self._hashes = Parts(parts, folder, "hashes")
        if folder is None:
            self._sketch = np.zeros((count, SKETCH), np.uint8)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._sketch = np.memmap(folder / "sketch", np.uint8, "w+", shape=(count, SKETCH))
        self._sizes = np.zeros(count, np.int32)
        self._stems = np.zeros(count, np.uint64)
        self._wholes = np.zeros(count, np.uint64)
        self.crowded = 0
        """Stems that more than :data:`CROWD` texts have: of these only texts that are alike as a whole are paired."""
        self.in_crowd = np.zeros(count, np.bool_)
        """The texts that have such a stem."""

    def add(self, letters: Letters, places: NDArray[np.int64]) -> None:
        """Take the letters of some texts, and where each text stands in the whole."""
        import numpy as np

        self._sketch[places] = letters.sketch
        self._sizes[places] = np.minimum(letters.sizes, 2**31 - 1)
        self._stems[places] = letters.stems
        self._wholes[places] = letters.wholes
        loops = compiled()
        if loops is not None:
            packed = loops.packed(letters.hashes, letters.owners, places, self._bits)
        else:
            low = np.uint64(self._bits)
            packed = letters.hashes * np.uint64(SECOND) >> low << low
            packed |= places[letters.owners].astype(np.uint64)
        self._hashes.spread(packed, self._homes(packed))

    def candidates(self) -> list[NDArray[np.uint64]]:
        """Return pairs of places, the lower one in the upper 32 bits, sorted, each once; one array per part."""
        import numpy as np

        pairs = Parts(self.parts, self._folder, "pairs")
        self._shared_hashes(pairs)
        sure = self._same_stems()
        found = []
        for part in range(self.parts):
            values = _distinct(pairs.take(part))
            mine = sure[self._pair_homes(sure) == part] if self.parts > 1 else sure
            found.append(_distinct(np.concatenate([self._alike(values), mine])))
        return found

    def _homes(self, packed: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the part of a hash: by its upper bits."""
        import numpy as np

        if self.parts == 1:
            return np.zeros(0, np.int64)
        return ((packed >> np.uint64(32)) * np.uint64(self.parts) >> np.uint64(32)).astype(np.int64)

    def _pair_homes(self, pairs: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the part of a pair: by its lower place."""
        import numpy as np

        if self.parts == 1:
            return np.zeros(0, np.int64)
        return ((pairs >> np.uint64(32)) * np.uint64(self.parts) // np.uint64(self.count)).astype(np.int64)

    def _shared_hashes(self, pairs: Parts) -> None:
        import numpy as np

        by_text = Parts(self.parts, self._folder, "texts")
        mask = np.uint64((1 << self._bits) - 1)
        for part in range(self.parts):
            keys = self._shared(self._hashes.take(part))
            by_text.spread(keys, self._pair_homes(keys >> np.uint64(32 - self._bits)))
        rare = Parts(self.parts, self._folder, "rare")
        for part in range(self.parts):
            packed = self._rarest(by_text.take(part))
            rare.spread(packed, self._homes(packed))
        for part in range(self.parts):
            packed = rare.take(part)
            packed.sort()
            for found in _neighbours(packed >> np.uint64(self._bits), packed & mask, self.settings.crowd):
                pairs.spread(found, self._pair_homes(found))

    def _shared(self, packed: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the hashes that several texts have as keys: text, in how many texts, hash."""
        import numpy as np

        loops = compiled()
        if loops is not None:
            packed.sort()
            return loops.shared(packed, self._bits, _RAREST_KNOWN)
        packed = _distinct(packed)
        sizes = _run_sizes(packed >> np.uint64(self._bits))
        crowd = np.repeat(sizes, sizes)
        shared = crowd > 1
        packed, rarity = packed[shared], np.minimum(crowd[shared], _RAREST_KNOWN).astype(np.uint64)
        owners = packed & np.uint64((1 << self._bits) - 1)
        key: NDArray[np.uint64] = owners << np.uint64(64 - self._bits) | rarity << np.uint64(58 - self._bits)
        key |= packed >> np.uint64(self._bits + 6)
        return key

    def _rarest(self, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the rarest hashes of each text, hash first; of hashes as rare the smaller ones."""
        import numpy as np

        keys.sort()
        loops = compiled()
        if loops is not None:
            return loops.rarest(keys, self._bits, self.settings.rarest)
        texts = keys >> np.uint64(64 - self._bits)
        sizes = _run_sizes(texts)
        rank = np.arange(len(texts)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        few = rank < self.settings.rarest
        return (keys[few] & np.uint64((1 << (58 - self._bits)) - 1)) << np.uint64(self._bits + 6) | texts[few]

    def _alike(self, pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the pairs whose lengths and sketches do not speak against them."""
        import numpy as np

        kept = [np.zeros(0, np.uint64)]
        loops = compiled()
        if loops is not None:
            return pairs[loops.fitting(pairs, self._sizes, self._sketch, self.settings.common, _LENGTHS)]
        wide = self._sketch.view(np.uint64)
        for begin in range(0, len(pairs), _CHUNK):
            some = pairs[begin : begin + _CHUNK]
            left, right = (some >> np.uint64(32)).astype(np.int64), (some & np.uint64(0xFFFFFFFF)).astype(np.int64)
            short = np.minimum(self._sizes[left], self._sizes[right])
            fits = short >= _LENGTHS * np.maximum(self._sizes[left], self._sizes[right])
            some, left, right = some[fits], left[fits], right[fits]
            ours, theirs = wide[left], wide[right]
            both = np.bitwise_count(ours & theirs).sum(axis=1, dtype=np.int64)
            least = np.minimum(np.bitwise_count(ours).sum(axis=1), np.bitwise_count(theirs).sum(axis=1))
            kept.append(some[both >= self.settings.common * least])
        return np.concatenate(kept)

    def _same_stems(self) -> NDArray[np.uint64]:
        """Return pairs with the same letters in the stem, or in everything; of crowded stems the equal texts alone."""
        import numpy as np

        places = np.flatnonzero(self._stems)
        order = places[np.lexsort((places, self._wholes[places], self._stems[places]))]
        stems, wholes = self._stems[order], self._wholes[order]
        sizes = _run_sizes(stems)
        crowd = np.repeat(sizes, sizes)
        self.crowded = int((sizes > self.settings.crowd).sum())
        self.in_crowd[order] = crowd > self.settings.crowd
        few = crowd <= self.settings.crowd
        found = [np.zeros(0, np.uint64)]
        found += _neighbours(stems[few], order[few].astype(np.uint64), self.settings.crowd)
        found += _neighbours(wholes[~few], order[~few].astype(np.uint64), self.settings.crowd)
        return np.concatenate(found)


def _neighbours(keys: NDArray[np.uint64], texts: NDArray[np.uint64], crowd: int) -> list[NDArray[np.uint64]]:
    """Return pairs of texts with one key, which stand together: all of a small group, the next ones of a large one."""
    import numpy as np

    found = []
    for step in range(1, crowd):
        same = np.flatnonzero(keys[step:] == keys[:-step])
        if not len(same):
            break
        left, right = texts[same], texts[same + step]
        found.append(np.minimum(left, right) << np.uint64(32) | np.maximum(left, right))
    return found


def _distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the different values in order; sorting is several times as fast as the hash table of ``unique``."""
    import numpy as np

    values.sort()
    return values[np.r_[True, values[1:] != values[:-1]]] if len(values) else values


def _run_sizes(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return how often each value stands in a row."""
    import numpy as np

    if not len(values):
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    sizes: NDArray[np.int64] = np.diff(np.r_[starts, len(values)])
    return sizes
