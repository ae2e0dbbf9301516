"""Two tables of one benchmark are linked with proof, and what has none is listed apart."""

from __future__ import annotations

import itertools
import json
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder._linkorder import aligned, chance_of
from benchwright.builder.carrying import carry_ids
from benchwright.builder.importing import import_files
from benchwright.builder.linking import link_files, link_items
from benchwright.sources import IntakeOptions
from tests.sources.layouts.bank import FIXTURES

DATA = Path(os.environ.get("BENCHWRIGHT_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
_SITES = ("gill", "crop", "rumen", "tarsus", "spleen", "antler", "hoof", "comb", "siphon", "tail", "quill", "snout")
Row = tuple[str, list[str], int]


def _questions(count: int, seed: int = 1) -> list[Row]:
    """Return invented questions, each with numbers of its own."""
    chosen = random.Random(seed)
    return [
        (
            f"After {n * 7 + 3} days and {n * 13 + 40} mg of XR{n} the {_SITES[n % 12]} swells. Which comes next?",
            [f"{word} {n + at * 100}" for at, word in enumerate(("pallor", "warmth", "fever", "cramp"))],
            chosen.randrange(4),
        )
        for n in range(count)
    ]


def _german(rows: Sequence[Row]) -> list[Row]:
    """Return the questions in other words, with the same numbers and names."""
    words = {"pallor": "Blässe", "warmth": "Wärme", "fever": "Fieber", "cramp": "Krampf"}
    made = []
    for stem, options, right in rows:
        numbers = [word for word in stem.split() if any(sign.isdigit() for sign in word)]
        text = f"Was kommt nach {numbers[0]} Tagen mit {numbers[1]} mg {numbers[2]} als Erstes?"
        made.append((text, [f"{words[word]} {number}" for word, number in (o.split() for o in options)], right))
    return made


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that imports questions and returns the table."""
    numbers = itertools.count()

    def make(rows: Sequence[Row], language: str, ids: Sequence[str] | None = None) -> Path:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        records = [
            {"question": stem, "choices": options, "answer": right, "subject": "zoology"}
            | ({"id": ids[at]} if ids else {})
            for at, (stem, options, right) in enumerate(rows)
        ]
        (folder / "z.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
        mapping = folder / "m.yaml"
        mapping.write_text(
            f"name: made\ntitle: made\n{'id: id' if ids else ''}\nconfig: subject\nstem: question\n"
            "options: {column: choices}\nkey: {columns: answer, form: index, base: 0}\n",
            "utf-8",
        )
        options = IntakeOptions(language=language)
        import_files([folder / "z.jsonl"], folder / "items.parquet", mapping=mapping, options=options, workers=1)
        return folder / "items.parquet"

    return make


def _linked(left: Path, right: Path, by: str = "auto") -> tuple[dict[str, str], pl.DataFrame]:
    run = link_items(pl.read_parquet(left), pl.read_parquet(right), by)  # type: ignore[arg-type]
    return dict(run.links.select("left", "right").iter_rows()), run.doubtful


def _number(group: str) -> int:
    return int(group.rsplit("/", 1)[-1])


def test_ids_link_whatever_the_order(table: Callable[..., Path]) -> None:
    rows = _questions(20)
    ids = [f"q{n}" for n in range(20)]
    links, doubts = _linked(table(rows, "en", ids), table(_german(rows)[::-1], "de", ids[::-1]))
    assert len(links) == 20
    assert all(left == right for left, right in links.items())
    assert doubts.is_empty()


def test_ids_whose_keys_do_not_agree_are_doubtful(table: Callable[..., Path]) -> None:
    ids = [f"q{n}" for n in range(40)]
    links, doubts = _linked(table(_questions(40, 1), "en", ids), table(_questions(40, 9)[::-1], "de", ids), "id")
    assert links == {}
    assert doubts["reason"].str.contains("may not mean the same").sum() == 40


def test_the_number_of_a_record_is_no_id(table: Callable[..., Path]) -> None:
    rows = _questions(30)
    links, _ = _linked(table(rows, "en"), table(_german(rows)[1:], "de"), "id")
    assert links == {}


def test_an_order_with_gaps_is_found_and_every_link_is_right(table: Callable[..., Path]) -> None:
    rows = _questions(60)
    kept = [n for n in range(60) if n not in {5, 6, 30, 59}]
    links, doubts = _linked(table([_german(rows)[n] for n in kept], "de"), table(rows, "en"))
    assert {_number(right) - 1 for right in links.values()} <= set(kept)
    assert all(_number(right) - 1 == kept[_number(left) - 1] for left, right in links.items())
    assert len(links) == 56
    assert doubts["left"].null_count() == 4


def test_places_that_contents_do_not_tell_are_doubtful(table: Callable[..., Path]) -> None:
    rows = [("Which one?", ["un", "deux", "trois", "quatre"], n) for n in random.Random(3).choices(range(4), k=60)]
    twice = [rows[0], *rows]  # the first question stands twice: which of both is meant cannot be told
    run = link_items(pl.read_parquet(table(rows, "en")), pl.read_parquet(table(twice, "de")), "order")
    ambiguous = run.doubtful.filter(pl.col("kind") == "order")
    assert "zoology/all/001" in "".join(ambiguous["left"].to_list())
    assert run.links["evidence"].str.contains("only place").all()
    assert run.links.height + ambiguous.height == 60


def test_keys_that_fit_by_chance_prove_nothing(table: Callable[..., Path]) -> None:
    run = link_items(
        pl.read_parquet(table([("A?", ["1", "2", "3", "4"], 0)] * 3, "en")),
        pl.read_parquet(table([("B?", ["1", "2", "3", "4"], 0)] * 90, "de")),
        "order",
    )
    assert run.links.is_empty()
    assert any("no proof" in note for note in run.notes)


def test_content_links_languages_in_any_order(table: Callable[..., Path]) -> None:
    rows = _questions(50)
    shuffled = list(range(50))
    random.Random(5).shuffle(shuffled)
    links, _ = _linked(table(rows, "en"), table([_german(rows)[n] for n in shuffled], "de"), "content")
    assert len(links) >= 45
    assert all(shuffled[_number(right) - 1] == _number(left) - 1 for left, right in links.items())


def test_content_that_says_nothing_links_nothing(table: Callable[..., Path]) -> None:
    a = [("Which one?", ["un", "deux", "trois", "quatre"], 0)] * 5
    b = [("Welche?", ["eins", "zwei", "drei", "vier"], 1)] * 5
    links, doubts = _linked(table(a, "en"), table(b, "de"), "content")
    assert links == {}
    assert doubts.height == 10


def test_equal_texts_of_two_items_are_doubtful(table: Callable[..., Path]) -> None:
    rows = _questions(10)
    links, doubts = _linked(table([*rows, rows[0]], "en"), table(rows, "en"), "content")
    assert len(links) == 9
    assert doubts.filter(pl.col("kind") == "text").height == 2


@given(
    st.lists(st.sampled_from("AB"), min_size=1, max_size=5),
    st.lists(st.sampled_from("AB"), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_the_alignment_is_the_best_of_all(short: list[str], long: list[str], chosen: random.Random) -> None:
    likeness = np.array([[chosen.randrange(8) / 8 for _ in long] for _ in short])
    every = [
        places
        for places in itertools.combinations(range(len(long)), len(short))
        if all(short[at] == long[place] for at, place in enumerate(places))
    ]
    found = aligned(short, long, likeness)
    if not every:
        assert found is None
        return
    assert found is not None
    totals = {places: sum(likeness[at, place] for at, place in enumerate(places)) for places in every}
    assert totals[tuple(found.places)] == pytest.approx(max(totals.values()))
    assert found.choices == [len({places[at] for places in every}) for at in range(len(short))]


@given(st.lists(st.sampled_from("AB"), min_size=1, max_size=4), st.integers(1, 7), st.integers(0, 7))
def test_the_chance_is_that_of_all_sequences(short: list[str], length: int, ones: int) -> None:
    long = ["A" if at < ones else "B" for at in range(length)]
    share = {key: long.count(key) / length for key in "AB"}
    total = 0.0
    for sequence in itertools.product("AB", repeat=length):
        rest = iter(sequence)
        if all(key in rest for key in short):
            total += float(np.prod([share[key] for key in sequence]))
    assert chance_of(short, long) == pytest.approx(total)


def test_linking_changes_no_id_and_gives_the_same_bytes_twice(table: Callable[..., Path], tmp_path: Path) -> None:
    rows = _questions(30)
    left, right = table(rows, "en"), table(_german(rows)[:-2], "de")
    before = left.read_bytes(), right.read_bytes()
    for name in ("x", "y"):
        link_files(left, right, tmp_path / f"{name}.parquet")
    assert (left.read_bytes(), right.read_bytes()) == before
    for name in ("{}.parquet", "{}.doubtful.parquet"):
        assert (tmp_path / name.format("x")).read_bytes() == (tmp_path / name.format("y")).read_bytes()


def test_ids_are_carried_over_by_content_and_the_rest_is_listed(table: Callable[..., Path]) -> None:
    rows = _questions(12)
    old = table(rows, "en")
    changed = [("Something else entirely?", ["1", "2", "3", "4"], 0), *rows[:5], *rows[6:]]  # one new, one gone
    new = table(changed, "en")
    carried = carry_ids(new, old)
    groups = dict(pl.read_parquet(new).select("stem", "group").iter_rows())
    before = dict(pl.read_parquet(old).select("stem", "group").iter_rows())
    assert carried.carried == 11
    assert all(groups[stem] == before[stem] for stem, _, _ in changed[1:])
    assert groups["Something else entirely?"] not in set(before.values())
    assert carried.renamed == 1
    assert before[rows[5][0]] in carried.listed["right"].to_list()
    assert groups["Something else entirely?"] in carried.listed["left"].to_list()
    items = pl.read_parquet(new)
    assert items["id"].is_sorted()
    assert (items["id"] == items["group"] + "@en").all()


def _real(path: str) -> Path:
    if not (DATA / path).exists():
        pytest.skip(f"real data is not here: set BENCHWRIGHT_DATA (looked for {DATA / path})")
    return DATA / path


def _import(folder: Path, out: Path, **options: str) -> Path:
    files = sorted(one for one in folder.iterdir() if one.suffix in {".json", ".csv"})
    layout = "mmlu_csv" if files[0].suffix == ".csv" else "auto"
    import_files(files, out, layout=layout, options=IntakeOptions(**options), workers=1)  # type: ignore[arg-type]
    return out


def test_real_translations_in_one_order(tmp_path: Path) -> None:
    ja = _import(_real("mmlu_medical/ja_jmmlu"), tmp_path / "ja" / "items.parquet", language="ja")
    ar = _import(_real("mmlu_medical/ar_mmlu_gpt"), tmp_path / "ar" / "items.parquet", language="ar")
    run = link_items(pl.read_parquet(ja), pl.read_parquet(ar))
    assert sum("ordered subsequence of" in note and "by chance" in note for note in run.notes) == 5
    assert run.kinds["order"] + run.kinds["order-content"] >= 700
    pairs = run.links.with_columns(left=pl.col("left").str.split("/"), right=pl.col("right").str.split("/"))
    assert (pairs["left"].list.get(1) == pairs["right"].list.get(1)).all()
    for _, block in pairs.group_by(pl.col("left").list.get(1)):
        places = block.select(a=pl.col("left").list.last().cast(pl.Int64), b=pl.col("right").list.last().cast(pl.Int64))
        assert places.sort("a")["b"].is_sorted()


def test_real_editions_by_id_and_by_content(tmp_path: Path) -> None:
    es = _import(_real("es_mir_headqa/headqa_es"), tmp_path / "es" / "items.parquet")
    en = _import(_real("es_mir_headqa/headqa_en"), tmp_path / "en" / "items.parquet")
    left, right = pl.read_parquet(es), pl.read_parquet(en)
    by_id = link_items(left, right)
    assert by_id.kinds == {"id": 4023}
    assert (by_id.links["left"] == by_id.links["right"]).all()
    by_content = link_items(left, right, "content").links
    assert by_content.height >= 3700
    assert (by_content["left"] != by_content["right"]).sum() <= 3
    some = right.sample(fraction=0.7, seed=2)
    by_order = link_items(left, some, "order").links
    assert by_order.height >= 2700
    assert (by_order["left"] == by_order["right"]).all()


def test_the_fixture_of_one_layout_links_to_itself(tmp_path: Path) -> None:
    import_files([FIXTURES / "careqa" / "CareQA_en.json"], tmp_path / "items.parquet", workers=1)
    items = pl.read_parquet(tmp_path / "items.parquet")
    run = link_items(items, items)
    assert run.links.height == items.height
    assert (run.links["left"] == run.links["right"]).all()
