"""Rows of any file, broken ones named, columns by name; a bad file never gives a bad row in silence."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.clean import CleanConfig, clean, read_config
from benchwright.schemas.errors import InputError, RecipeError
from benchwright.sources._layouts import gunzip
from tests.builder.clean.dump import write_dump
from tests.builder.clean.tree import tree

ROWS = [{"id": f"r{n}", "question": f"What is {n}, then?", "answer": f'It is "{n}",\nno less.'} for n in range(40)]


def written(folder: Path, kind: str) -> Path:
    path = folder / f"rows.{kind}"
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    elif kind == "jsonl.gz":
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in ROWS).encode()))
    elif kind == "json":
        path.write_text(json.dumps(ROWS), encoding="utf-8")
    elif kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, list(ROWS[0]))
            table.writeheader()
            table.writerows(ROWS)
    else:
        pl.DataFrame(ROWS).write_parquet(path)
    return path


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "json", "csv", "parquet"])
def test_every_kind_of_file_gives_the_same_rows(kind: str, tmp_path: Path) -> None:
    report = clean([written(tmp_path, kind)], tmp_path / "out")
    assert report.read().select("id", "question", "answer").rows(named=True) == ROWS


def lines(folder: Path, *texts: bytes | str) -> Path:
    path = folder / "x.jsonl"
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in texts))
    return path


GOOD = '{"id": "%s", "question": "q %s?", "answer": "a %s"}'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{oops", "expected: one JSON object"),
        ("[1, 2]", "found: list; expected: one object"),
        ("null", "found: NoneType"),
        (b'{"id": "x", "question": "caf\xe9", "answer": "a"}', "no UTF-8"),
        ('{"id": "x", "question": "cut \\ud83d", "answer": "a"}', "half of a character"),
        ('{"id": "x", "question": "cut", "answer": [{"text": "\\udbff b"}]}', "half of a character"),
        ('{"id": "x", "question": "q", "answer": "a"} {"id": "y"}', "Extra data"),
    ],
)
def test_a_broken_line_is_named_and_the_others_stay(line: bytes | str, told: str, tmp_path: Path) -> None:
    good = [GOOD % (name, name, name) for name in "abc"]
    path = lines(tmp_path, "\ufeff" + good[0], "", good[1], line, good[2])
    report = clean([path], tmp_path / "out")
    assert report.read()["id"].to_list() == ["a", "b", "c"]
    ((name, stage, reason, detail),) = pl.read_parquet(report.dropped / "*.parquet").rows()
    assert (name, stage, reason) == ("x.jsonl/3", "read", "record-broken")
    assert told in detail


def test_whole_emoji_and_nan_are_no_damage(tmp_path: Path) -> None:
    path = lines(
        tmp_path,
        '{"id": "a", "question": "how \\ud83d\\ude00?", "answer": "so \\ud83d\\ude00", "score": NaN}',
        '{"id": "b", "question": "and?", "answer": "so", "score": 1.5}',
    )
    kept = clean([path], tmp_path / "out").read()
    assert kept.rows() == [("a", "how 😀?", "so 😀", None), ("b", "and?", "so", 1.5)]


def test_columns_that_differ_between_parts_become_one_type(tmp_path: Path) -> None:
    values: list[Any] = [1, 2.5, None, "x", {"a": 1}, ["y"], True]
    for number, value in enumerate(values):
        row = {"id": f"i{number}", "question": f"q{number}", "answer": "a", "extra": value}
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    kept = clean(sorted(tmp_path.glob("*.jsonl")), tmp_path / "out").read()
    assert kept["extra"].to_list() == ["1", "2.5", None, "x", '{"a":1}', "y", "true"]
    two = clean([tmp_path / "0.jsonl", tmp_path / "1.jsonl"], tmp_path / "two").read()
    assert two["extra"].to_list() == [1.0, 2.5]


def test_columns_are_named_by_the_configuration(tmp_path: Path) -> None:
    rows = [{"q": "Why?", "a": "Because.", "question": "other", "n": n} for n in range(3)]
    path = lines(tmp_path, *(json.dumps(row) for row in rows))
    config = CleanConfig.model_validate({"columns": {"question": "q", "answer": "a", "keep": ["n"]}, "exact": False})
    kept = clean([path], tmp_path / "out", config).read()
    assert kept.rows() == [(f"x.jsonl/{n + 1}", "Why?", "Because.", str(n)) for n in range(3)]
    config = CleanConfig.model_validate({"columns": {"question": "q", "answer": "a"}})
    kept = clean([path], tmp_path / "all", config).read()
    assert kept.columns == ["id", "question", "answer", "question_", "n"]


def test_a_table_without_a_question_is_an_error_that_names_what_is_there(tmp_path: Path) -> None:
    path = lines(tmp_path, '{"prompt": "q", "answer": "a"}')
    with pytest.raises(InputError, match="found: prompt, answer"):
        clean([path], tmp_path / "out")


def test_a_truncated_file_is_an_error_with_and_without_the_fast_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dump(tmp_path / "raw", 3_000, files=1)
    path = tmp_path / "raw" / "dump0.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError, match="file-unreadable"):
        clean([path], tmp_path / "out")
    monkeypatch.setattr(gunzip, "_FAST", "no_such_module")
    with pytest.raises(InputError, match="file-unreadable"):
        clean([path], tmp_path / "slow")


def test_the_fast_reader_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = CleanConfig.model_validate({"block_mib": 0.05})
    write_dump(tmp_path / "raw", 3_000)
    clean([tmp_path / "raw"], tmp_path / "out", config)
    monkeypatch.setattr(gunzip, "_FAST", "no_such_module")
    clean([tmp_path / "raw"], tmp_path / "slow", config)
    assert tree(tmp_path / "out") == tree(tmp_path / "slow")


def test_a_limit_counts_records_of_each_file(tmp_path: Path) -> None:
    for kind in ("csv", "jsonl", "parquet"):
        report = clean([written(tmp_path, kind)], tmp_path / f"out-{kind}", limit=7)
        assert report.ledger[0].rows_in == 7


def test_a_wrong_configuration_is_told_whole(tmp_path: Path) -> None:
    path = tmp_path / "clean.yaml"
    path.write_text("lenght: {answer: 3}\nnear: {threshold: 2, bandz: 3}\nblock_mib: x\n", encoding="utf-8")
    with pytest.raises(RecipeError) as error:
        read_config(path)
    told = "\n".join(map(str, error.value.problems))
    assert len(error.value.problems) == 4
    assert all(text in told for text in ("line 1, lenght", "near.threshold", "near.bandz", "line 3, block_mib"))
