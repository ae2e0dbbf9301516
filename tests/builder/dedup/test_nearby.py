"""Approximate search finds nearly all pairs, none that are not near, and goes on where it was stopped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchwright.builder.dedup import _nearby, ways
from benchwright.builder.dedup._nearby import nearby
from benchwright.builder.dedup.vectors import nearest
from benchwright.builder.dedup.ways import by_meaning
from benchwright.schemas.errors import MissingDependencyError
from tests.builder.dedup.tables import item, search
from tests.builder.dedup.test_ways import Letters

pytest.importorskip("usearch")


def crowd(count: int, seed: int = 1) -> NDArray[np.float32]:
    """Return vectors of which every third is near the one before."""
    draw = np.random.default_rng(seed)
    made = draw.normal(size=(count, 32))
    made[2::3] = made[1 : count - 1 : 3][: len(made[2::3])] + draw.normal(size=made[2::3].shape) * 0.15
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def test_nearly_all_pairs_of_exact_search_are_found_and_no_others() -> None:
    vectors = crowd(1500)
    exact = {pair[:2]: pair[2] for pair in zip(*(one.tolist() for one in nearest(vectors, 0.9)), strict=True)}
    found = {pair[:2]: pair[2] for pair in zip(*(one.tolist() for one in nearby(vectors, 0.9)), strict=True)}
    assert len(exact) > 400
    assert len(found.keys() & exact.keys()) >= 0.98 * len(exact)
    assert found.keys() <= exact.keys()
    assert all(abs(found[pair] - exact[pair]) < 1e-5 for pair in found)


def test_a_search_that_was_stopped_goes_on_and_ends_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_nearby, "_ADDED", 250)
    monkeypatch.setattr(_nearby, "_SOUGHT", 200)
    vectors = crowd(800)
    whole = nearby(vectors, 0.9)
    own, calls = _nearby._nearest_of, 0

    def stops(*given: object) -> NDArray[np.uint64]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return own(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(_nearby, "_nearest_of", stops)
    with pytest.raises(KeyboardInterrupt):
        nearby(vectors, 0.9, folder=tmp_path)
    assert len(list(tmp_path.glob("near-*/pairs-*.npy"))) == 2
    # Of the graph too only a part may be there.
    graph = next(tmp_path.glob("near-*/graph"))
    graph.unlink()
    monkeypatch.setattr(_nearby, "_nearest_of", own)
    _nearby._graph(vectors[:500], graph)
    again = nearby(vectors, 0.9, folder=tmp_path)
    for place in range(3):
        assert np.array_equal(whole[place], again[place])
    assert not list(tmp_path.iterdir())


def test_the_number_of_vectors_says_how_they_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [item(n, text, ()) for n, text in enumerate(("the trout of cold ponds", "sdnop dloc fo tuort eht", "xyz"))]
    told: list[str] = []
    for most, how in ((2, "graph"), (3, "every two"), (2, "every two")):
        monkeypatch.setattr(ways, "EXACT", most)
        way = by_meaning(Letters(), 0.999, tell=told.append)
        assert search(tmp_path, items, more=[way]).kinds == {"near": 1}
        assert how in told[-1]
        if how == "every two":
            monkeypatch.setattr(ways, "can_search", lambda: False)
    assert "benchwright[ann]" in told[-1]


def test_without_the_library_an_approximate_search_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_nearby, "can_search", lambda: False)
    with pytest.raises(MissingDependencyError, match="usearch"):
        nearby(crowd(10), 0.9)
