"""Answers of logs come to the right items and the right options, or are told."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.answers import join_answers
from benchwright.builder.answers.runs import read_notes
from benchwright.schemas import Item
from benchwright.schemas.errors import InputError, NotFoundError
from benchwright.schemas.rows import table_schema, to_frame
from benchwright.schemas.tables import Prediction
from benchwright.sources import log_of
from tests.audits.clean import exam
from tests.builder.answers.logs import WRITERS, table_csv

ITEMS = exam(12)
FRAME = to_frame(ITEMS, Item)
ANSWERS = {item.id: random.Random(item.id).choice("ABCD") for item in ITEMS}
by_kind = pytest.mark.parametrize("kind", WRITERS)


@by_kind
def test_every_kind_gives_the_same_answers(kind: str, tmp_path: Path) -> None:
    path = WRITERS[kind](tmp_path, ITEMS, ANSWERS)
    joined = join_answers(FRAME, [path])
    assert joined.predictions.schema == table_schema(Prediction)
    assert dict(joined.predictions.select("item_id", "answer").iter_rows()) == ANSWERS
    (report,) = joined.reports
    assert report.answers == report.by_id + report.by_content == len(ITEMS)
    assert (report.differs, report.unjoined, report.unread) == (0, 0, 0)
    assert all("model-a" in name for name in report.models)


@by_kind
def test_a_folder_gives_its_logs(kind: str, tmp_path: Path) -> None:
    path = WRITERS[kind](tmp_path, ITEMS, ANSWERS)
    again = join_answers(FRAME, [tmp_path])
    assert again.predictions.equals(join_answers(FRAME, [path]).predictions)


@by_kind
def test_a_log_is_told_by_one_kind_alone(kind: str, tmp_path: Path) -> None:
    path = WRITERS[kind](tmp_path, ITEMS, ANSWERS)
    assert log_of(path).name in kind or kind in {"inspect_archive", "inspect_json"}


def test_the_order_in_which_options_were_shown_is_kept(tmp_path: Path) -> None:
    path = WRITERS["lm_eval"](tmp_path, ITEMS, ANSWERS)
    shown = join_answers(FRAME, [path]).predictions["shown"].to_list()
    assert {tuple(sorted(one)) for one in shown if one} == {("A", "B", "C", "D")}


def test_options_of_another_version_give_no_answer(tmp_path: Path) -> None:
    others = [
        item.replace(options=[{"id": o.id, "label": o.label, "text": f"{o.text} x"} for o in item.options])
        for item in ITEMS
    ]
    path = WRITERS["lm_eval"](tmp_path, others, ANSWERS)
    joined = join_answers(FRAME, [path])
    assert joined.predictions["answer"].null_count() == joined.reports[0].unread == len(ITEMS)


def test_a_log_of_another_version_is_refused(tmp_path: Path) -> None:
    others = [item.replace(stem=f"Wholly other words, number {n}") for n, item in enumerate(ITEMS)]
    with pytest.raises(InputError, match="answers-version"):
        join_answers(FRAME, [WRITERS["lm_eval"](tmp_path, others, ANSWERS)])


def test_few_other_texts_are_listed_and_left_out(tmp_path: Path) -> None:
    others = [item.replace(stem="Wholly other words") if n == 0 else item for n, item in enumerate(ITEMS)]
    joined = join_answers(FRAME, [WRITERS["lm_eval"](tmp_path, others, ANSWERS)])
    assert joined.reports[0].differs == 1
    assert joined.unjoined.select("sample", "why").rows() == [(ITEMS[0].id, "another text has this id")]
    assert ITEMS[0].id not in joined.predictions["item_id"]


def test_a_text_hash_finds_an_item_of_another_id(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    hashes = [item.hashes.text_hash for item in ITEMS[:3]]
    rows = [(f"row-{n}", "m", "A", one) for n, one in enumerate(hashes)]
    pl.DataFrame(rows, ["id", "model", "answer", "text_hash"], orient="row").write_csv(path)
    joined = join_answers(FRAME, [path])
    assert joined.predictions["item_id"].to_list() == sorted(item.id for item in ITEMS[:3])
    assert joined.reports[0].by_hash == 3


def test_a_text_hash_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    rows = [(item.id, "m", "A", "0" * 64) for item in ITEMS]
    pl.DataFrame(rows, ["item_id", "model", "answer", "text_hash"], orient="row").write_csv(path)
    with pytest.raises(InputError, match="answers-version"):
        join_answers(FRAME, [path])


def test_the_last_stem_of_a_prompt_is_asked(tmp_path: Path) -> None:
    examples = "\n".join(f"{item.stem} Answer: A" for item in ITEMS[:2])
    told = {
        str(n): {"origin_prompt": f"{examples}\n{item.stem}\nA. x\nAnswer:", "prediction": "B"}
        for n, item in enumerate(ITEMS[2:])
    }
    path = tmp_path / "model-a" / "exam.json"
    path.parent.mkdir()
    path.write_text(json.dumps(told))
    joined = join_answers(FRAME, [path])
    assert joined.predictions["item_id"].to_list() == sorted(item.id for item in ITEMS[2:])


def test_answers_on_disk_are_those_in_memory(tmp_path: Path) -> None:
    path = table_csv(tmp_path, ITEMS, ANSWERS)
    rows = pl.read_csv(path)
    parts = [rows.with_columns(pl.lit(name).alias("model")) for name in ("b", "a", "c")]
    lost = rows.head(250).with_columns(pl.lit("nowhere").alias("item_id"))
    pl.concat([*parts, *[lost] * 30]).sample(fraction=1.0, shuffle=True, seed=1).write_csv(path)
    memory, kept = join_answers(FRAME, [path]), join_answers(FRAME, [path], folder=tmp_path / "kept")
    assert kept.predictions.equals(memory.predictions)
    assert [one["model"].unique().to_list() for one in kept.each_model()] == [["a"], ["b"], ["c"]]
    assert kept.unjoined.height == memory.unjoined.height == kept.reports[0].unjoined == lost.height * 30


def test_samples_without_an_item_are_listed(tmp_path: Path) -> None:
    path = table_csv(tmp_path, ITEMS, ANSWERS)
    path.write_text(path.read_text() + "nowhere@es,model-a,A\n")
    joined = join_answers(FRAME, [path])
    assert joined.reports[0].unjoined == 1
    assert joined.unjoined["sample"].to_list() == ["nowhere@es"]


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("B", "B"),
        (" (b) ", "B"),
        ("B. 102 mg", "B"),
        ("102 mg", "B"),
        ("10² mg", "A"),
        ("La respuesta es C", "C"),
        (r"so \boxed{D}", "D"),
        ("A, C", "A,C"),
        ("Z", None),
        ("I cannot say", None),
        ("", None),
    ],
)
def test_words_become_options(said: str, option: str | None, tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps({"item_id": ITEMS[0].id, "model": "m", "answer": said}) + "\n")
    joined = join_answers(FRAME, [path])
    assert joined.predictions["answer"].to_list() == [option]
    assert joined.reports[0].unread == (option is None)


@pytest.mark.parametrize("times", [1, 50])
def test_a_cut_archive_is_told_with_its_line(times: int, tmp_path: Path) -> None:
    whole = WRITERS["lm_eval"](tmp_path, ITEMS, ANSWERS).read_bytes() * times
    path = tmp_path / "samples_exam_2026-01-02T03-04-05.000001.jsonl.gz"
    path.write_bytes(gzip.compress(whole)[:-40])
    with pytest.raises(InputError, match="file-unreadable"):
        join_answers(FRAME, [path])


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no log")
    with pytest.raises(InputError, match="layout-unknown"):
        join_answers(FRAME, [path])
    with pytest.raises(InputError, match="layout-unknown"):
        join_answers(FRAME, [tmp_path])
    with pytest.raises(NotFoundError):
        join_answers(FRAME, [tmp_path / "nothing"])


def test_notes_say_what_a_log_does_not(tmp_path: Path) -> None:
    notes = tmp_path / "runs.csv"
    notes.write_text("file,model,condition\nanswers*,renamed,options-only\n")
    joined = join_answers(FRAME, [table_csv(tmp_path, ITEMS, ANSWERS)], read_notes(notes))
    assert joined.predictions.select("model", "condition").unique().rows() == [("renamed", "options-only")]
    notes.write_text("file,modle\nx,y\n")
    with pytest.raises(InputError, match="schema-columns"):
        read_notes(notes)


def test_order_of_logs_does_not_matter(tmp_path: Path) -> None:
    first = table_csv(tmp_path, ITEMS, ANSWERS)
    second = tmp_path / "second.csv"
    pl.read_csv(first).with_columns(pl.lit("model-b").alias("model")).write_csv(second)
    assert join_answers(FRAME, [first, second]).predictions.equals(join_answers(FRAME, [second, first]).predictions)
