"""Compiled loops of letters find what the plain ones find, and an item is the same whatever stands beside it."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchwright.builder.dedup import _compiled, _index, _letters
from benchwright.builder.dedup._compiled import Walked, compiled
from benchwright.builder.dedup._letters import PART, letters_of
from tests.builder.dedup.tables import made

TEXTS = st.text(st.sampled_from("abcXYZ 0123.,-éßΣςİẞẠK𐐀魚が\u3000\x00" + PART), max_size=200) | st.text(max_size=40)
ITEMS = st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=5).map(PART.join)), min_size=1, max_size=8)


def frame(items: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(items, schema=["stem", "options"], orient="row")


def held(found: Walked) -> NDArray[np.void]:
    return np.sort(np.array(list(zip(found.owners, found.hashes, strict=True)), dtype="i8,u8"))


@given(ITEMS)
def test_compiled_loops_find_the_same(items: list[tuple[str, str]]) -> None:
    if compiled() is None:
        pytest.skip("llvmlite is not installed")
    # Between options stands one sign; in a stem there is none of it.
    table = frame([(stem.replace(PART, " "), options) for stem, options in items])
    plain, quick = _letters._walked(table), _letters._walked_at_once(table)
    for name in ("sketch", "stems", "rests", "sizes", "counts"):
        assert (getattr(plain, name) == getattr(quick, name)).all(), name
    assert (held(plain) == held(quick)).all()


@given(ITEMS)
def test_an_item_is_the_same_beside_any_other(items: list[tuple[str, str]]) -> None:
    stems, options = zip(*items, strict=True)
    whole = letters_of(pl.Series(stems), pl.Series(options))
    for place, (stem, own) in enumerate(items):
        alone = letters_of(pl.Series([stem]), pl.Series([own]))
        assert (whole.stems[place], whole.wholes[place]) == (alone.stems[0], alone.wholes[0])
        assert (whole.sketch[place] == alone.sketch[0]).all()
        assert sorted(whole.hashes[whole.owners == place]) == sorted(alone.hashes)


@pytest.mark.parametrize("gathers", [True, False])
def test_every_letter_has_one_small_form(monkeypatch: pytest.MonkeyPatch, gathers: bool) -> None:
    monkeypatch.setattr(_compiled, "machine_has", lambda _: gathers)
    loops = _compiled.compiled.__wrapped__()
    if loops is None:
        pytest.skip("llvmlite is not installed")
    monkeypatch.setattr(_letters, "compiled", lambda: loops)
    letters = [chr(code) for code in (*range(0x20, 0xD800), *range(0xE000, 0x10800), *range(0x1E900, 0x1E960))]
    # Each letter stands at two places of a run of 64 bytes, and the last letters of a text are few.
    texts = ["".join(letters[at : at + 61]) for at in range(0, len(letters), 61)]
    table = frame([(text, f"{text[::-1]}{PART}{text[:3]}") for text in texts])
    plain, quick = _letters._walked(table), _letters._walked_at_once(table)
    for name in ("sketch", "stems", "rests", "sizes", "counts"):
        assert (getattr(plain, name) == getattr(quick, name)).all(), name


@pytest.mark.parametrize("parts", [1, 3])
def test_candidates_are_the_same_without_compiled_loops(monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    rng = random.Random(5)
    texts = [made(rng, rng.choice([4, 12, 30])) for _ in range(150)]
    texts += [text.replace("a", "e", 1) for text in texts[:60]] + texts[:20] * 3
    found = []
    for loops in (compiled(), None):
        monkeypatch.setattr(_index, "compiled", lambda loops=loops: loops)
        monkeypatch.setattr(_letters, "compiled", lambda loops=loops: loops)
        index = _index.Index(len(texts), parts)
        index.add(letters_of(pl.Series(texts), pl.Series([""] * len(texts))), np.arange(len(texts)))
        found.append(np.concatenate(index.candidates()).tolist())
    assert len(found[0]) > 60
    assert found[0] == found[1]


def test_sketches_are_compared_alike() -> None:
    loops = compiled()
    if loops is None:
        pytest.skip("llvmlite is not installed")
    draw = np.random.default_rng(4)
    sketch = draw.integers(0, 256, (50, 128), dtype=np.uint8) & draw.integers(0, 256, (50, 128), dtype=np.uint8)
    sizes = draw.integers(50, 120, 50, dtype=np.int32)
    left, right = draw.integers(0, 50, (2, 400), dtype=np.uint64)
    told = loops.fitting(left << np.uint64(32) | right, sizes, sketch, 0.38, 0.55)
    bits = np.unpackbits(sketch, axis=1).astype(int)
    least = np.minimum(bits[left].sum(axis=1), bits[right].sum(axis=1))
    common = (bits[left] & bits[right]).sum(axis=1) >= 0.38 * least
    near = np.minimum(sizes[left], sizes[right]) >= 0.55 * np.maximum(sizes[left], sizes[right])
    assert (told == (common & near)).all()
    assert 0 < told.sum() < len(told)
