"""Copies are found whatever was done to their letters, in any order, and in any number of parts."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder.dedup import DedupWish, find_duplicates
from benchwright.builder.dedup._letters import letters_of
from benchwright.schemas.errors import NotFoundError
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import Duplicate
from tests.builder.dedup.tables import STEM, WORDS, ids, item, kinds, made, only, search, written


def copied(rng: random.Random, text: str, share: float) -> str:
    words = text.split(" ")
    for place in rng.sample(range(len(words)), max(1, round(share * len(words)))):
        words[place] = rng.choice(WORDS)
    return " ".join(words)


@pytest.mark.parametrize(("share", "least"), [(0.05, 0.99), (0.1, 0.97), (0.2, 0.9)])
def test_copies_with_words_changed_are_found(tmp_path: Path, share: float, least: float) -> None:
    rng = random.Random(round(share * 100))
    texts = [made(rng, rng.randint(15, 60)) for _ in range(300)]
    items = [item(n, text, ()) for n, text in enumerate([*texts, *(copied(rng, text, share) for text in texts)])]
    found = {(int(a.split("/")[3][:3]), int(b.split("/")[3][:3])) for a, b in ids(search(tmp_path, items).pairs)}
    assert len({(n, n + 300) for n in range(300)} & found) >= least * 300


def test_no_order_and_no_number_of_parts_changes_the_pairs(tmp_path: Path) -> None:
    rng = random.Random(5)
    texts = [made(rng, 30) for _ in range(200)]
    items = [item(n, text) for n, text in enumerate([*texts, *(copied(rng, text, 0.1) for text in texts[:80])])]
    once = search(tmp_path / "a", items)
    assert once.pairs.height >= 78
    assert search(tmp_path / "b", items[::-1]).pairs.equals(once.pairs)
    for shards in (1, 7):
        parts = search(tmp_path / f"c{shards}", items, shards=shards, folder=tmp_path)
        assert parts.pairs.equals(once.pairs)
        parts.close()
        assert not list(tmp_path.glob("dedup-*"))


def test_pairs_stand_once_and_in_order(tmp_path: Path) -> None:
    run = search(tmp_path, [item(n) for n in (3, 1, 2)])
    assert ids(run.pairs) == [
        (f"made/one/test/00{a}@en", f"made/one/test/00{b}@en") for a, b in ((1, 2), (1, 3), (2, 3))
    ]
    assert len(from_frame(run.pairs, Duplicate)) == 3


def test_a_crowd_of_equal_items_stays_one_cluster_without_all_its_pairs(tmp_path: Path) -> None:
    from benchwright.builder.dedup.clusters import clusters_of

    run = search(tmp_path, [item(n) for n in range(200)])
    assert 199 <= run.pairs.height <= 200 * 15
    assert clusters_of(run.pairs)["cluster"].n_unique() == 1


def test_several_tables_are_one_search(tmp_path: Path) -> None:
    one = written(tmp_path / "train" / "items.parquet", [item(1)])
    other = written(tmp_path / "test" / "items.parquet", [item(2), item(1)])
    run = find_duplicates([one, other.parent])
    # The item that both tables have is one item read twice.
    assert set(ids(run.pairs)) == {("made/one/test/001@en", "made/one/test/002@en")}


def test_files_are_imported(tmp_path: Path) -> None:
    path = tmp_path / "bank.jsonl"
    lines = [f'{{"question": "{STEM}", "choices": ["a gill", "a fin", "a tail"], "answer": {n}}}' for n in (0, 0)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert kinds(find_duplicates([path])) == ["exact"]


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("HIV?", "hiv"),
        ("鰓", "鰓。"),
        ("x" * 1_000_000, "x" * 1_000_000 + "."),
        ("gill \x00 fin tail and the wall of it", "gill \x00 fin, tail and the wall of it"),
        ("a\x1eb\x1fc\x1dd of the siphon wall", "a\x1eb\x1fc\x1dd of the siphon wall!"),
    ],
)
def test_strange_texts_are_paired(tmp_path: Path, text: str, copy: str) -> None:
    for shards in (None, 2):
        run = search(
            tmp_path, [item(1, text, ()), item(2, copy, ()), item(3, made(random.Random(1), 20))], shards=shards
        )
        assert only(run)["kind"] == "normalised"


def test_long_texts_are_compared_in_bounded_time(tmp_path: Path) -> None:
    rng = random.Random(2)
    text = made(rng, 60_000)
    pair = only(search(tmp_path, [item(1, text, ()), item(2, copied(rng, text, 0.02), ())]))
    assert pair["score"] > 0.9


def test_an_empty_table_has_no_pairs(tmp_path: Path) -> None:
    for shards in (None, 3):
        run = search(tmp_path, [], shards=shards)
        assert run.pairs.is_empty()
        assert run.kinds == {}


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="file-not-found"):
        find_duplicates([tmp_path / "nothing.parquet"], DedupWish())


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x1e"), max_size=60), min_size=1, max_size=5),
    st.integers(0, 3),
)
def test_letters_depend_on_no_spaces_case_or_neighbours(parts: list[str], place: int) -> None:
    stem, options = parts[0], "\x1e".join(parts[1:])
    spaced = " ".join(stem)
    others = ["another text of some letters"] * place
    one = letters_of(pl.Series([stem]), pl.Series([options]))
    same = letters_of(pl.Series([*others, spaced]), pl.Series([*others, options]))
    assert one.stems[0] == same.stems[place]
    assert one.wholes[0] == same.wholes[place]
    assert sorted(one.hashes.tolist()) == sorted(same.hashes[same.owners == place].tolist())
    assert (one.sketch[0] == same.sketch[place]).all()
