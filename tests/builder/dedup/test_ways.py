"""Candidates by meaning, by links and by numbers; vectors are made once and kept."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from benchwright.builder.dedup.vectors import nearest, vectors_of
from benchwright.builder.dedup.ways import by_links, by_meaning, by_numbers
from benchwright.schemas.errors import NotFoundError, SchemaError
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Link
from tests.builder.dedup.tables import STEM, item, made, only, search


class Letters:
    """An encoder that counts letters: anagrams have one vector."""

    def __init__(self, name: str = "letters") -> None:
        self.seen: list[str] = []
        self.name = name

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        counts = np.array([[text.count(sign) + 0.01 for sign in "aeioulrstn"] for text in texts], np.float32)
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), np.float32)


def test_each_text_is_encoded_once_and_kept_on_disk(tmp_path: Path) -> None:
    texts = ["gill", "fin", "gill", "tail", "fin"]
    first, again, other = Letters(), Letters(), Letters("others")
    one = vectors_of(texts, first, tmp_path)
    assert sorted(first.seen) == ["fin", "gill", "tail"]
    assert (vectors_of([*texts, "scale"], again, tmp_path)[:5] == one).all()
    assert again.seen == ["scale"]
    vectors_of(texts, other, tmp_path)
    assert sorted(other.seen) == ["fin", "gill", "tail"]
    assert (one[0] == one[2]).all()
    assert vectors_of([], Letters()).shape[0] == 0


def test_exact_search_finds_what_a_loop_finds() -> None:
    vectors = np.random.default_rng(1).normal(size=(5000, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    left, right, value = nearest(vectors, 0.97, most=5000)
    whole = np.triu(vectors @ vectors.T, 1)
    found = set(zip(left.tolist(), right.tolist(), strict=True))
    assert {(int(a), int(b)) for a, b in zip(*np.nonzero(whole >= 0.9701), strict=True)} <= found
    assert found <= {(int(a), int(b)) for a, b in zip(*np.nonzero(whole >= 0.9699), strict=True)}
    assert (left < right).all()
    assert np.allclose(value, whole[left, right], atol=1e-5)
    few, left = (nearest(vectors[:500], 0.5, most=most)[0] for most in (1, 500))
    assert 250 <= len(few) <= 500 < len(left)


def test_items_that_mean_the_same_are_pairs_with_kinds(tmp_path: Path) -> None:
    texts = ["the trout of cold ponds", "sdnop dloc fo tuort eht", "xxxx yyyy zzzz"]
    run = search(tmp_path, [item(n, text, ()) for n, text in enumerate(texts)], more=[by_meaning(Letters(), 0.999)])
    pair = only(run)
    assert (pair["found_by"], pair["kind"]) == ("meaning", "near")
    assert pair["score"] > 0.999


def test_links_are_taken_at_their_word(tmp_path: Path) -> None:
    path = tmp_path / "links.parquet"
    to_frame([Link(left="made/one/test/001", right="made/one/test/002", kind="id", evidence="")], Link).write_parquet(
        path
    )
    items = [
        item(1),
        item(2, "Quelle structure porte les spores de la truite ?", language="fr"),
        item(3, made(random.Random(1), 30)),
    ]
    pair = only(search(tmp_path, items, more=[by_links(path)]))
    assert (pair["kind"], pair["found_by"], pair["score"]) == ("cross_language", "link", 1.0)
    with pytest.raises(NotFoundError):
        by_links(tmp_path / "none.parquet")
    pl.DataFrame({"left": ["a"]}).write_parquet(path)
    with pytest.raises(SchemaError):
        by_links(path)


def test_four_numbers_in_common_join_two_languages(tmp_path: Path) -> None:
    one = item(1, "A pond of 340 m² holds 1275 trout of 18.5 cm at 12 degrees.", ("Rumen", "Crop"))
    other = item(
        2, "Un étang de 340 m² contient 1275 truites de 18.5 cm à 12 degrés.", ("Panse", "Jabot"), language="fr"
    )
    third = item(
        3, "Un étang de 341 m² contient 1275 truites de 18.5 cm à 12 degrés.", ("Panse", "Jabot"), language="de"
    )
    run = search(tmp_path, [one, other, third], more=[by_numbers()])
    found = run.pairs.filter(pl.col("found_by") == "numbers")
    assert found.select("id_a", "id_b", "kind").rows() == [
        ("made/one/test/001@en", "made/one/test/002@fr", "cross_language")
    ]


def test_what_the_text_shows_is_not_told_twice(tmp_path: Path) -> None:
    run = search(tmp_path, [item(1), item(2, STEM.replace("12", "13"))], more=[by_meaning(Letters(), 0.9)])
    assert only(run)["found_by"] == "text"
