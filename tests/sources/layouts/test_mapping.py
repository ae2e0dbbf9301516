"""A mapping reads any other table; what is wrong in it, and in the rows, is said with its place."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.schemas.errors import InputError
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame
from benchwright.schemas.tables import Reject
from benchwright.sources import draft_of, read_mapping, take_in
from benchwright.sources._layouts.draft import draft_layout
from benchwright.sources._layouts.marked import marked_options
from benchwright.sources._layouts.model import Layout
from tests.house.checkout import ROOT
from tests.sources.layouts.bank import base64_png, comma

EXAMPLE = ROOT / "examples/mapping"


def taken(path: Path, layout: Layout, scratch: Path) -> tuple[list[Item], list[Reject], int]:
    """Read a file under a layout; return items in the order of the file, rejects and records."""
    parts = list(take_in(path, path.name, layout).parts((scratch / f"{n}.arrow" for n in itertools.count()), 1))
    items = [item for part in parts for item in from_frame(pl.read_ipc(part.path), Item)]
    items.sort(key=lambda item: item.provenance[0].row or 0)
    return items, [reject for part in parts for reject in part.rejects], sum(part.records for part in parts)


def layout(**changes: Any) -> Layout:
    """Return a small layout."""
    data = {
        "name": "x",
        "title": "X",
        "id": "id",
        "language": {"value": "en"},
        "stem": "q",
        "options": {"columns": ["A", "B"]},
        "key": {"columns": "key", "form": "letter"},
    }
    return Layout.model_validate({**data, **changes})


def test_the_mapping_of_the_document_reads_its_table(tmp_path: Path) -> None:
    mapping = read_mapping(EXAMPLE / "quiz.yaml")
    items, rejects, records = taken(EXAMPLE / "quiz.csv", mapping, tmp_path)
    assert records == len(items) == 4
    assert [item.key.status for item in items] == ["official", "official", "annulled", "unknown"]
    assert [item.key.answers for item in items] == [(("A",),), (("B",),), (), ()]
    assert [item.labels[0].value for item in items] == ["Anatomie", "Anatomie", "Verhalten", "Verhalten"]
    (reject,) = rejects
    assert reject.file == "quiz.csv"
    assert reject.detail == "record 4, column loesung; found: '2, 3'; expected: an answer of this question"


def test_all_that_is_wrong_in_a_mapping_is_said_with_its_line() -> None:
    with pytest.raises(InputError) as raised:
        read_mapping(EXAMPLE / "wrong.yaml")
    said = {problem.place: problem for problem in raised.value.problems}
    assert set(said) == {"line 3, langage", "line 6, key.form"}
    assert said["line 3, langage"].remedy == "did you mean 'language'?"
    assert "'index'" in str(said["line 6, key.form"].expected)


def test_a_pattern_that_the_engine_does_not_know_is_refused_before_a_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("name: x\ntitle: X\nstem: q\nkey: {columns: k, separator: '(?<=A)(?=B)'}\n", "utf-8")
    with pytest.raises(InputError) as raised:
        read_mapping(path)
    assert "look-around" in raised.value.problems[0].message


def test_words_for_annulled_that_nothing_explains_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(comma([{"id": "1", "q": "why?", "A": "a", "B": "b", "key": "A", "gone": "oui"}]))
    with pytest.raises(InputError) as raised:
        taken(path, layout(key={"columns": "key", "form": "letter", "annulled_column": "gone"}), tmp_path)
    assert raised.value.problems[0].code == "key-unclear"
    assert raised.value.problems[0].place == "column gone"


def test_a_column_that_says_annulled_is_no_label_in_a_draft() -> None:
    frame = pl.DataFrame(
        {
            "_row": [1, 2, 3, 4],
            "question": ["a?", "b?", "c?", "d?"],
            "options": [["x", "y"]] * 4,
            "answer": ["A", "B", "A", "B"],
            "annulled": [False, True, False, False],
            "topic": ["t", "t", "u", "u"],
        }
    )
    drafted = draft_layout(frame, "x")
    assert drafted is not None
    assert drafted.key is not None
    assert drafted.key.annulled_column == "annulled"
    assert set(drafted.labels) == {"topic"}


def test_a_draft_is_a_mapping_that_reads_the_file(tmp_path: Path) -> None:
    table = tmp_path / "bank.csv"
    rows = [
        {"number": n, "question": f"What is the {n}?", "option_a": "x", "option_b": "y", "answer": "AB"[n % 2]}
        for n in range(1, 9)
    ]
    table.write_bytes(comma(rows))
    mapping = tmp_path / "draft.yaml"
    mapping.write_text(draft_of(table, "bank.csv"), "utf-8")
    drafted = read_mapping(mapping).model_copy(update={"language": layout().language})
    items, rejects, _ = taken(table, drafted, tmp_path)
    assert [item.key.answers[0][0] for item in items] == list("BABABABA")
    assert not rejects


@pytest.mark.parametrize(
    ("text", "stem", "options"),
    [
        ("Why? A one B two C three", "Why?", ["one", "two", "three"]),
        ("A. one\nB. two\nC. vitamin A or B", "", ["one", "two", "vitamin A or B"]),
        ("Which vitamin A is it?\n(A) one\n(B) two", "Which vitamin A is it?", ["one", "two"]),
        ("A：一 B：二", "", ["一", "二"]),
        ("No options here, A is alone", "No options here, A is alone", []),
    ],
)
def test_options_in_one_text_are_cut_at_their_letters(text: str, stem: str, options: list[str]) -> None:
    heads, labels, texts = marked_options(pl.Series([text, None]))
    assert heads.to_list() == [stem, None]
    assert texts.to_list() == [options, []]
    assert labels.to_list()[0] == list("ABCDEFGHIJ"[: len(options)])


def test_what_is_no_picture_is_a_reject_and_the_item_stays(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    cells = [base64_png(1), "bm90IGEgcGljdHVyZQ==", "not base64!", ""]
    path.write_bytes(
        comma([{"id": n, "q": "why?", "A": "a", "B": "b", "key": "A", "pic": one} for n, one in enumerate(cells)])
    )
    items, rejects, _ = taken(path, layout(images=[{"column": "pic", "form": "base64"}]), tmp_path)
    assert [[one.status for one in item.media] for item in items] == [["present"], ["missing"], ["missing"], []]
    assert [(one.reason, one.number) for one in rejects] == [("image-unreadable", "2"), ("image-unreadable", "3")]
    assert all("column pic" in str(one.detail) for one in rejects)


def test_a_file_beside_with_strangers_and_twins_says_so(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(comma([{"id": "1", "q": "why?", "A": "a", "B": "b", "key": "A"}]))
    (tmp_path / "t_more.csv").write_bytes(
        comma([{"id": "1", "topic": "t"}, {"id": "1", "topic": "u"}, {"id": "9", "topic": "v"}])
    )
    beside = [{"of": r"(.+)\.csv", "file": r"\1_more.csv", "on": "id"}]
    items, rejects, records = taken(tmp_path / "t.csv", layout(beside=beside, labels={"topic": "topic"}), tmp_path)
    assert records == len(items) == 1
    assert [label.value for label in items[0].labels] == ["t"]
    assert [(one.file, one.number) for one in rejects] == [("t_more.csv", "2"), ("t_more.csv", "3")]


def test_either_of_two_answers_counts_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        comma([{"id": n, "q": "why?", "A": "a", "B": "b", "key": k} for n, k in enumerate(["A or B", "AB"])])
    )
    items, rejects, _ = taken(path, layout(key={"columns": "key", "form": "letter", "either": " or "}), tmp_path)
    assert [item.key.answers for item in items] == [(("A",), ("B",)), (("A", "B"),)]
    assert [item.kind for item in items] == ["single", "multiple"]
    assert not rejects


def test_a_translation_in_the_language_of_its_source_is_the_source(tmp_path: Path) -> None:
    rows = [
        {"id": n, "q": "why?", "A": "a", "B": "b", "key": "A", "lang": lang} for n, lang in enumerate(("en", "German"))
    ]
    (tmp_path / "t.csv").write_bytes(comma(rows))
    made = layout(language="lang", origin="machine_translation", origin_language="en")
    items, _, _ = taken(tmp_path / "t.csv", made, tmp_path)
    assert [item.origin for item in items] == ["native", "machine_translation"]
    assert items[0].derived_from is None
    assert items[1].derived_from is not None
    assert items[1].derived_from.id == "x/all/all/001@en"


def test_a_pair_is_two_items_of_one_group_and_the_second_knows_the_hash_of_the_first(tmp_path: Path) -> None:
    rows = [
        {"id": "p/1", "s": "Warum?", "t": "Why?", "sl": "de", "tl": "en"},
        {"id": "p/2", "s": "", "t": "x", "sl": "de", "tl": "?"},
    ]
    (tmp_path / "t.csv").write_bytes(comma(rows))
    pair = {"source": "s", "target": "t", "source_language": "sl", "target_language": "tl"}
    both = Layout.model_validate({"name": "x", "title": "X", "id": "id", "pair": pair})
    items, rejects, records = taken(tmp_path / "t.csv", both, tmp_path)
    first, second = sorted(items, key=lambda item: item.origin, reverse=True)
    assert (first.group, first.language, first.exam.number) == (second.group, "de", "p/1")
    assert second.derived_from is not None
    assert second.derived_from.text_hash == first.hashes.text_hash
    assert records == len(items) + len(rejects) == 4
