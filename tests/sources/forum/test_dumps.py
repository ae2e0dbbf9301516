"""One forum in every form of dump gives the same entries; every record is an entry's, a side row or a reject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.schemas.tables import REJECT_REASONS, Reject
from benchwright.sources._forum.intake import ForumReport, thread_batches
from benchwright.sources._forum.posts import ENTRY_SCHEMA
from benchwright.sources._forum.profile import Profile
from tests.sources.forum import dumps


def read(path: Path, profile: Profile | None = None) -> tuple[pl.DataFrame, list[Reject], ForumReport]:
    report = ForumReport()
    frames, rejects = [pl.DataFrame(schema=ENTRY_SCHEMA)], []
    for entries, refused in thread_batches([path], profile, report):
        assert entries.schema == ENTRY_SCHEMA
        frames.append(entries)
        rejects += refused
    entries = pl.concat(frames)
    turns = int(entries["turns"].list.len().sum())
    orphans = sum(one.reason in {"post-empty", "post-orphan", "post-repeated"} for one in rejects)
    assert report.posts == turns + orphans
    assert report.rejects == len(rejects)
    assert {one.reason for one in rejects} <= set(REJECT_REASONS)
    return entries, rejects, report


FORMS: list[Callable[[Path], Path]] = [
    dumps.as_csv, dumps.as_jsonl, dumps.as_nested, dumps.as_mysql, dumps.as_postgres, dumps.as_stackexchange,
    dumps.as_pages,
]  # fmt: skip


@pytest.mark.parametrize("write", FORMS, ids=lambda write: write.__name__)
def test_every_form_of_a_dump_gives_the_same_entries(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    entries, rejects, report = read(write(tmp_path))
    rows = {row["title"]: row for row in entries.iter_rows(named=True)}
    assert set(rows) == {"Heart beats at night", "Red rash"}
    heart, rash = rows["Heart beats at night"], rows["Red rash"]
    assert heart["question"] == 'I can\'t sleep: my "pounding" heart (at night).\nWhat is it; 5 < 7?'
    assert rash["question"] == "A red rash \\ since monday, 50% of the arm."
    (answer,) = heart["answers"]
    assert (answer["text"], answer["role"], answer["score"]) == ("It's likely benign. Take 10 mg once.", "doctor", 12)
    assert answer["date"].startswith("2021-03-05T11:00:00")
    assert [(one["text"], one["role"], one["score"]) for one in rash["answers"]] == [
        ("Use DROP TABLE users; cream, and rest.", "unknown", -2)
    ]
    assert [(one["kind"], one["role"]) for one in heart["turns"]] == [
        ("question", "patient"), ("answer", "doctor"), ("comment", "patient"),
    ]  # fmt: skip
    assert heart["turns"][2]["text"] == "Thank you, for how long?"
    assert {one["author"] for one in heart["turns"]} <= {"a1", "a2"}
    assert heart["turns"][0]["author"] == heart["turns"][2]["author"]
    if write is dumps.as_stackexchange:
        assert [one.reason for one in rejects] == ["post-other"]
        assert (answer["accepted"], heart["tags"], heart["licence"]) == (True, ["cardiology"], "CC-BY-SA-4.0")
    else:
        assert rejects == []
        assert heart["category"] == "Cardiology"
    assert report.doubts is not None
    assert report.reasons


@pytest.mark.parametrize("write", FORMS, ids=lambda write: write.__name__)
def test_no_name_of_an_author_is_in_the_entries(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    entries, _, _ = read(write(tmp_path))
    spelled = str(entries.to_dicts())
    assert not any(name in spelled for name in ("bluebird", "Anna K", "mole", "zed", "@example.org"))


@pytest.mark.parametrize("write", FORMS, ids=lambda write: write.__name__)
def test_two_readings_give_the_same_entries(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    path = write(tmp_path)
    assert read(path)[0].equals(read(path)[0])


def test_the_number_of_parts_changes_the_order_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "many.csv"
    rows = [f"{n},{n % 700},u{n % 31},post number {n} says this" for n in range(5000)]
    path.write_text("post_id,thread_id,author,body\n" + "\n".join(rows) + "\n", "utf-8")
    one, rejects, _ = read(path)
    assert one.height == 700
    assert rejects == []
    monkeypatch.setattr("benchwright.sources._forum.intake._PARTITION", 4096)
    monkeypatch.setattr("benchwright.sources._forum.intake._HELD", 50_000)
    many, _, _ = read(path)
    assert many.sort("id").equals(one.sort("id"))


def entries_of_rows(tmp_path: Path, *rows: dict[str, Any]) -> tuple[list[dict[str, Any]], Counter[str]]:
    path = tmp_path / "rows.parquet"
    pl.DataFrame(rows).write_parquet(path)
    entries, rejects, _ = read(path)
    return entries.to_dicts(), Counter(one.reason for one in rejects)


def test_a_question_with_its_answers_in_columns(tmp_path: Path) -> None:
    found, rejects = entries_of_rows(
        tmp_path,
        {"id": "x 1", "question": "Why do I cough?", "answer": "Tea, and <b>rest</b>", "category": "ENT"},
        {"id": "x 2", "question": "What is this?", "answer": None, "category": None},
        {"id": "x 3", "question": None, "answer": "Nobody asked me", "category": None},
    )
    assert [one["id"] for one in found] == ["rows/x%201/x%201", "rows/x%202/x%202"]
    assert [len(one["answers"]) for one in found] == [1, 0]
    assert found[0]["answers"][0]["text"] == "Tea, and rest"
    assert rejects == {"post-empty": 1, "post-orphan": 1}


def test_answers_go_to_their_question_by_parents_of_any_depth(tmp_path: Path) -> None:
    found, rejects = entries_of_rows(
        tmp_path,
        {"post_id": 1, "parent_id": None, "thread_id": 5, "type": "question", "text": "first question here"},
        {"post_id": 2, "parent_id": None, "thread_id": 5, "type": "question", "text": "second question here"},
        {"post_id": 3, "parent_id": 1, "thread_id": 5, "type": "answer", "text": "answer to the first"},
        {"post_id": 4, "parent_id": 3, "thread_id": 5, "type": "comment", "text": "comment on the answer"},
        {"post_id": 5, "parent_id": 4, "thread_id": 5, "type": "comment", "text": "comment on the comment"},
        {"post_id": 6, "parent_id": 7, "thread_id": 5, "type": "comment", "text": "a circle of"},
        {"post_id": 7, "parent_id": 6, "thread_id": 5, "type": "comment", "text": "two comments"},
        {"post_id": 8, "parent_id": 99, "thread_id": 6, "type": "answer", "text": "the question is not here"},
        {"post_id": 3, "parent_id": 1, "thread_id": 5, "type": "answer", "text": "the same id again"},
    )
    first, second = found
    assert [one["text"] for one in first["turns"]][1:] == [
        "answer to the first", "comment on the answer", "comment on the comment",
    ]  # fmt: skip
    assert len(second["turns"]) == 3
    assert rejects == {"post-orphan": 1, "post-repeated": 1}


def test_what_the_asker_adds_before_any_answer_belongs_to_the_question(tmp_path: Path) -> None:
    found, _ = entries_of_rows(
        tmp_path,
        {"thread_id": "a", "author": "u", "text": "My knee hurts"},
        {"thread_id": "a", "author": "u", "text": "I forgot: since monday"},
        {"thread_id": "a", "author": "v", "text": "Rest it then"},
        {"thread_id": "a", "author": "u", "text": "It is better now"},
    )
    assert found[0]["question"] == "My knee hurts\n\nI forgot: since monday"
    assert [one["text"] for one in found[0]["answers"]] == ["Rest it then"]
    assert len(found[0]["turns"]) == 4


def test_spoken_lines_are_a_dialogue(tmp_path: Path) -> None:
    path = tmp_path / "talk.jsonl"
    path.write_text(
        '{"id": "d1", "dialogue": ["patient: I have a headache", "doctor: since when?", "patient: two days", '
        '"doctor: rest"]}\n'
        '{"id": "d2", "dialogue": ["patient: hello there"]}\nnot json\n[1]\n',
        "utf-8",
    )
    entries, rejects, report = read(path)
    turns = entries["turns"][0].to_list()
    assert [(one["role"], one["kind"]) for one in turns] == [
        ("patient", "question"), ("doctor", "answer"), ("patient", "comment"), ("doctor", "answer"),
    ]  # fmt: skip
    assert entries.height == 2
    assert [one.number for one in rejects] == ["3", "4"]
    assert report.records == 4
