"""Probes tell a model that has the exam by heart from one that has not."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.contamination.probes import EXPECTED, PROBES, export_probes
from benchwright.builder.contamination.probescore import score_probes
from benchwright.schemas.errors import InputError, NotFoundError
from tests.audits.clean import item, table
from tests.builder.contamination.corpus import items_of, sentence

ITEMS = items_of(25)


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def probes(tmp_path: Path) -> Path:
    export_probes(table(ITEMS).collect(), tmp_path / "probes")
    return tmp_path / "probes"


def test_prompts_hold_the_half_and_not_the_rest(probes: Path) -> None:
    stems = {one.id: one.stem for one in ITEMS}
    wanted = {one["probe_id"]: one["expected"] for one in lines(probes / EXPECTED)}
    rows = lines(probes / PROBES)
    assert {row["probe_id"] for row in rows} == wanted.keys()
    for row in rows:
        if row["kind"].startswith("completion"):
            rest = wanted[row["probe_id"]]
            assert rest not in row["prompt"]
            assert stems[row["item_id"]].endswith(rest)
            assert stems[row["item_id"]][:20] in row["prompt"]
    guided = [row["prompt"] for row in rows if row["kind"] == "completion-guided"]
    assert all("exam ex, edition 2031" in prompt for prompt in guided)
    places = [wanted[row["probe_id"]] for row in rows if row["kind"] == "order"]
    assert set(places) == {"1", "2"}


def test_short_stems_and_few_options_get_no_probe(tmp_path: Path) -> None:
    short = [
        item(1, "en", stem="Which?", texts=("one", "two")),
        item(2, "zh-Hant", stem="何者正確？", texts=("甲", "乙")),
    ]
    assert export_probes(table(short).collect(), tmp_path) == {"items": 2, "items_without": 2}


def test_memory_is_told_from_none(probes: Path, tmp_path: Path) -> None:
    wanted = lines(probes / EXPECTED)
    heart = [{"probe_id": one["probe_id"], "answer": one["expected"].upper()} for one in wanted]
    told = score_probes(probes, write(tmp_path / "heart.jsonl", heart)).summary
    assert told["completion-plain"]["exact"] == 25
    assert told["completion-plain"]["share"] == 1.0
    assert told["completion-plain"]["p"] < 0.001
    assert told["order"]["right"] == 25
    assert told["order"]["p"] < 1e-6
    draw = random.Random(4)
    none = [
        {
            "probe_id": one["probe_id"],
            "answer": draw.choice("12") if one["kind"] == "order" else sentence(draw, len(one["expected"].split())),
        }
        for one in wanted
    ]
    told = score_probes(probes, write(tmp_path / "none.jsonl", none)).summary
    assert told["completion-plain"]["exact"] == 0
    assert told["completion-plain"]["p"] > 0.01
    assert told["guided-beside-plain"]["p"] > 0.01
    assert told["order"]["p"] > 0.01


def test_guided_answers_alone_are_told(probes: Path, tmp_path: Path) -> None:
    draw = random.Random(5)
    rows = [
        {
            "probe_id": one["probe_id"],
            "answer": one["expected"] if one["kind"] == "completion-guided" else sentence(draw, 9),
        }
        for one in lines(probes / EXPECTED)
        if one["kind"] != "order"
    ]
    told = score_probes(probes, write(tmp_path / "a.jsonl", rows)).summary
    assert told["guided-beside-plain"]["p"] < 0.001
    assert told["answers_missing"] == 25
    assert "order" not in told


def test_long_answers_do_not_win(probes: Path, tmp_path: Path) -> None:
    draw = random.Random(6)
    rows = [{"probe_id": one["probe_id"], "answer": sentence(draw, 3000)} for one in lines(probes / EXPECTED)]
    told = score_probes(probes, write(tmp_path / "a.jsonl", rows)).summary
    assert told["completion-plain"]["share"] < 0.5
    assert told["completion-plain"]["p"] > 0.01


@pytest.mark.parametrize(
    "text",
    [
        "no json\n",
        '{"probe_id": "x"}\n',
        "[1]\n",
        '{"probe_id": "x", "answer": "a"}\n{"probe_id": "x", "answer": "b"}\n',
    ],
)
def test_answers_that_cannot_be_read_are_refused(probes: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        score_probes(probes, tmp_path / "a.jsonl")
    assert caught.value.problems[0].code == "file-unreadable"


def test_unknown_probes_are_counted_and_a_missing_folder_is_an_error(probes: Path, tmp_path: Path) -> None:
    rows = [{"probe_id": "other", "answer": "x"}]
    told = score_probes(probes, write(tmp_path / "a.jsonl", rows)).summary
    assert (told["answers"], told["answers_unknown"], told["answers_missing"]) == (0, 1, 75)
    with pytest.raises(NotFoundError):
        score_probes(tmp_path / "nothing", tmp_path / "a.jsonl")


def test_command(tmp_path: Path) -> None:
    table(ITEMS).collect().write_parquet(tmp_path / "items.parquet")
    command = ["contamination", str(tmp_path / "items.parquet"), "--probes", str(tmp_path / "p"), "--json"]
    done = CliRunner().invoke(app, [*command, "--probe", "export"])
    assert json.loads(done.stdout)["order"] == 25
    rows = [{"probe_id": one["probe_id"], "answer": one["expected"]} for one in lines(tmp_path / "p" / EXPECTED)]
    answers = write(tmp_path / "a.jsonl", rows)
    done = CliRunner().invoke(app, [*command, "--probe", "score", "--answers", str(answers)])
    assert json.loads(done.stdout)["completion-guided"]["exact"] == 25
    assert CliRunner().invoke(app, [*command, "--probe", "score"]).exit_code == 2
    assert CliRunner().invoke(app, command).exit_code == 2
