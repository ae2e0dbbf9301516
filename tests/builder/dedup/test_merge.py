"""Merging: which item stays, that no other question is lost, and that every row is accounted for."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.dedup import MERGED, NEVER, DedupWish, find_duplicates
from benchwright.builder.dedup.clusters import clusters_of, kinds_named, merge_of
from benchwright.builder.dedup.merging import write_merged
from benchwright.schemas.errors import NotFoundError, OutputError
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import LedgerEntry
from tests.builder.dedup.tables import OPTIONS, STEM, item, made, search, written


def merged(tmp_path: Path, items: list[Item], kinds: tuple[str, ...] = MERGED, keep: str = "first") -> list[str]:
    path = written(tmp_path / "items.parquet", items)
    out = tmp_path / "merged"
    done = write_merged([path], find_duplicates([path]), out, kinds, keep)  # type: ignore[arg-type]
    ledger = from_frame(pl.read_parquet(out / "ledger.parquet"), LedgerEntry)
    for entry in ledger:
        entry.assert_balanced()
    assert ledger[0].rows_in == len(items) == done.rows_out + done.rows_merged
    assert sum(entry.rows_merged for entry in ledger[1:]) == done.rows_merged
    left = [one.group.rsplit("/", 1)[1] for one in from_frame(pl.read_parquet(out / "items.parquet"), Item)]
    gone = {str(entry.subject) for entry in ledger[1:]}
    assert len(left) + len(gone) == len(items)
    return left


def test_equal_items_become_one_and_other_questions_stay(tmp_path: Path) -> None:
    items = [
        item(1),
        item(2, STEM.upper()),
        item(3, options=OPTIONS[::-1]),
        item(4, STEM.replace("12", "13")),
        item(5, STEM.replace("carries", "never carries")),
        item(6, STEM.replace("farmer", "keeper")),
        item(7, options=OPTIONS[:2]),
    ]
    assert merged(tmp_path, items) == ["001", "004", "005", "006", "007"]


def test_near_pairs_are_merged_when_asked_but_no_number_goes_with_them(tmp_path: Path) -> None:
    items = [item(1), item(2, STEM.replace("farmer", "keeper")), item(3, STEM.replace("12", "13"))]
    assert merged(tmp_path, items, (*MERGED, "near")) == ["001", "003"]


def test_a_chain_of_near_pairs_does_not_join_its_ends(tmp_path: Path) -> None:
    rng = random.Random(3)
    words = made(rng, 40).split(" ")
    step = [made(rng, 1) for _ in range(5)]
    middle = [*step, *words[5:]]
    far = [*middle[:35], *(made(rng, 1) for _ in range(5))]
    texts = [" ".join(one) for one in (words, middle, far)]
    items = [item(n, text, ()) for n, text in enumerate(texts, start=1)]
    assert merged(tmp_path / "first", items, (*MERGED, "near")) == (
        ["001"] if len(search(tmp_path, items).pairs) == 3 else ["001", "003"]
    )


def test_two_keys_never_become_one(tmp_path: Path) -> None:
    items = [
        item(1, key="A"),
        item(2, STEM.upper()),
        item(3, key="B"),
        item(4, key="B"),
        item(5, STEM.lower(), key="A"),
    ]
    assert merged(tmp_path, items) == ["001", "003"]


@pytest.mark.parametrize(("keep", "stays"), [("first", "002"), ("last", "003"), ("gold", "004"), ("complete", "001")])
def test_the_policy_says_which_stays(tmp_path: Path, keep: str, stays: str) -> None:
    def edition(name: str, day: str, number: int, **more: object) -> Item:
        one = item(number, exam=("made", name, "test"), **more)  # type: ignore[arg-type]
        return one.replace(exam=one.exam.model_copy(update={"release_date": day}))

    items = [
        edition("b", "2020", 1, key="A"),
        edition("a", "2019", 2),
        edition("c", "2022", 3),
        edition("d", "2021", 4, tier="gold"),
    ]
    assert merged(tmp_path, items, (*MERGED, "cross_edition"), keep) == [stays]


def test_a_large_group_of_equal_items_becomes_one(tmp_path: Path) -> None:
    items = [item(n, STEM.upper() if n % 3 else STEM) for n in range(90)]
    assert len(merged(tmp_path, items)) == 1


def test_no_kind_that_is_another_question_can_be_named(tmp_path: Path) -> None:
    for kind in (*NEVER, "nothing"):
        with pytest.raises(NotFoundError, match=kind):
            kinds_named(f"exact,{kind}")
    assert kinds_named("exact, near") == ("exact", "near")


def test_a_full_folder_is_not_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "items.parquet", [item(1), item(2)])
    run = find_duplicates([path])
    write_merged([path], run, tmp_path / "out", MERGED)
    with pytest.raises(OutputError, match="output-exists"):
        write_merged([path], run, tmp_path / "out", MERGED)


def test_items_read_twice_are_in_the_ledger(tmp_path: Path) -> None:
    one, other = (written(tmp_path / name / "items.parquet", [item(1), item(n)]) for n, name in ((2, "a"), (3, "b")))
    done = write_merged([one, other], find_duplicates([one, other]), tmp_path / "out", MERGED)
    assert (done.rows_in, done.rows_out, done.rows_merged) == (4, 1, 3)
    reasons = pl.read_parquet(tmp_path / "out" / "ledger.parquet")["reason"].to_list()
    assert sorted(str(one) for one in reasons[1:]) == ["exact", "exact", "id-repeated"]


def test_clusters_hold_what_pairs_connect(tmp_path: Path) -> None:
    run = search(tmp_path, [item(1), item(2), item(3, STEM.replace("12", "13")), item(4, made(random.Random(1), 30))])
    clusters = clusters_of(run.pairs)
    assert clusters["cluster"].to_list() == ["made/one/test/001@en"] * 3
    assert clusters_of(run.pairs, ["exact"]).height == 2
    assert merge_of(run).rows["merged"].to_list() == ["made/one/test/002@en"]


def test_a_list_of_abstracts_keeps_its_distinct_ones(tmp_path: Path) -> None:
    """320 abstracts, 253 of them distinct, one pair of which differs in its numbers alone."""
    rng = random.Random(320)
    distinct = [f"We raised {rng.randint(20, 90)} trout. " + made(rng, rng.randint(60, 160)) for _ in range(252)]
    other = distinct[40].replace("We raised ", "We raised 1")
    copies = []
    for text in rng.choices(distinct, k=67):
        changed = text.upper() if rng.random() < 0.4 else text.replace(" ", "\n", 9) if rng.random() < 0.7 else text
        copies.append(changed)
    texts = [*distinct, other, *copies]
    rng.shuffle(texts)
    items = [item(n, text, ()) for n, text in enumerate(texts)]
    assert len(items) == 320
    run = search(tmp_path / "search", items)
    assert len(merged(tmp_path, items)) == 253
    differing = run.pairs.filter(pl.col("kind") == "number_changed")
    assert differing.height >= 1
    assert set(run.pairs["kind"]) <= {"exact", "normalised", "number_changed"}
    assert all(text.startswith("numbers ") for text in differing["evidence"])


def test_a_search_of_nothing_merges_nothing(tmp_path: Path) -> None:
    run = find_duplicates([written(tmp_path / "items.parquet", [item(1)])], DedupWish())
    assert merge_of(run).rows.is_empty()
