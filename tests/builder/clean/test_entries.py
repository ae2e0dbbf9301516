"""Entries of a forum through the same stages: filters, masking, cleaned texts, and the dump itself as input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.builder.clean import CleanConfig, clean, plan_of
from benchwright.sources._forum.posts import ENTRY_SCHEMA


def entry(number: int, question: str, *answers: str, role: str = "doctor") -> dict[str, Any]:
    given = [{"text": text, "role": role, "score": number, "accepted": None, "date": None} for text in answers]
    asked = {"role": "patient", "author": "a-1", "kind": "question", "date": None, "text": question}
    fields = {"id": f"s/{number}/1", "title": f"Title {number}", "question": question, "answers": given}
    return {
        **dict.fromkeys(ENTRY_SCHEMA),
        **fields,
        "site": "s",
        "tags": [],
        "turns": [asked],
        "file": "f",
        "row": number,
    }


def written(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "entries.parquet"
    pl.DataFrame(entries, schema=ENTRY_SCHEMA).write_parquet(path)
    return path


def test_entries_keep_their_schema_and_filters_judge_them(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        entry(1, "How much of the syrup may a child take?", "A spoon, and another one after eight hours."),
        entry(2, "Is anybody there?"),
        entry(3, "Is this rash of any danger to my child?", "No idea, mine has it too.", role="patient"),
    )
    config = CleanConfig.model_validate({"length": {"answer": 0}, "filters": {"no_doctor_answer": {}}})
    report = clean([path], tmp_path / "out", config)
    assert report.read().schema == ENTRY_SCHEMA
    assert report.read()["id"].to_list() == ["s/1/1"]
    dropped = pl.read_parquet(report.dropped / "*.parquet")
    assert dropped.select("id", "stage").rows() == [("s/2/1", "no_doctor_answer"), ("s/3/1", "no_doctor_answer")]
    assert "no_doctor_answer" in plan_of([path], config).stages
    assert plan_of([path], config).signatures["no_doctor_answer"].startswith("no_doctor_answer|")


def test_personal_data_is_masked_in_every_text_of_an_entry(tmp_path: Path) -> None:
    made = entry(
        1, "Write to anna.kowal@mail.example, please: what helps?", "Rest.", "Answered to anna.kowal@mail.example."
    )
    other = entry(2, "What helps against a cough at night?", "Honey, and a raised bed.")
    report = clean([written(tmp_path, made, other)], tmp_path / "out", CleanConfig(mask=True))
    first, second = report.read().rows(named=True)
    assert first["question"] == "Write to [EMAIL_1], please: what helps?"
    assert [one["text"] for one in first["answers"]] == ["Rest.", "Answered to [EMAIL_1]."]
    assert first["turns"][0]["text"] == first["question"]
    assert first["answers"][1]["role"] == "doctor"
    assert {**second, "tags": []} == other
    assert next(one.detail for one in report.ledger if one.stage == "mask") == "3 EMAIL"


def test_texts_of_entries_are_cleaned_where_asked(tmp_path: Path) -> None:
    made = entry(1, " <p>What  helps?</p>", "<b>Rest</b>", "Tea &amp; honey")
    config = CleanConfig.model_validate({"normalise": {"text": "clean"}})
    row = clean([written(tmp_path, made)], tmp_path / "out", config).read().row(0, named=True)
    assert row["question"] == "What helps?"
    assert [one["text"] for one in row["answers"]] == ["Rest", "Tea & honey"]


def test_rows_are_judged_like_entries_with_one_answer(tmp_path: Path) -> None:
    rows = [
        {
            "id": "a",
            "question": "How long does a fracture of the wrist take to heal?",
            "answer": "Six weeks in most cases.",
        },
        {
            "id": "b",
            "question": "How long does it take to heal a wrist?",
            "answer": "How long does it take to heal a wrist?",
        },
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = CleanConfig(filters={"duplicate_of_question_as_answer": {}})
    assert clean([path], tmp_path / "out", config).read()["id"].to_list() == ["a"]


def test_a_dump_of_a_forum_is_put_together_first(tmp_path: Path) -> None:
    posts = [
        {"thread": n, "post": f"{n}-{m}", "type": kind, "author": f"u{n}{m}", "text": text}
        for n in range(12)
        for m, (kind, text) in enumerate(
            [("question", f"What helps against cough {n}?"), ("answer", f"Honey {n} times.")]
        )
    ]
    path = tmp_path / "forum.jsonl"
    path.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    report = clean([path], tmp_path / "out", CleanConfig(forum={}))
    kept = report.read()
    assert kept.schema == ENTRY_SCHEMA
    assert kept["question"].to_list() == [f"What helps against cough {n}?" for n in range(12)]
    assert {len(one) for one in kept["answers"]} == {1}
