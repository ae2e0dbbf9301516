"""Review without a server: sheets whose texts are locked, campaigns of Pearmut, tables of ratings, and the commands."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.review.axes import axes_named
from benchwright.builder.review.exchange.pearmut import campaign_of, read_annotations, shown_text, text_of
from benchwright.builder.review.exchange.run import take_files, write_files
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.form import FLAGGED
from benchwright.builder.review.pushing import RoundWish, material_for, plan_round
from benchwright.builder.review.ratings import read_ratings
from benchwright.builder.review.taskdata import Material
from benchwright.schemas.errors import BenchwrightError, InputError
from tests.builder.review.exam import exam, write_exam

AXES = axes_named(("errors", "key_right"))
FORM = {one.name: one for one in AXES}
RUN = CliRunner()


def written(tmp_path: Path, form: Any, **more: Any) -> tuple[ReviewFolder, Material, list[Path]]:
    items, sources = write_exam(tmp_path / "exam", 4)
    told: dict[str, Any] = {
        "reviewers": ("ana@x.org", "ben@x.org"),
        "per_item": 2,
        "axes": ("errors", "key_right"),
        **more,
    }
    wish = RoundWish(items=items, project="p", source=sources, **told)
    folder = ReviewFolder(tmp_path / "review")
    plan_round(wish, folder)
    material = material_for(wish, folder)
    files, _ = write_files(folder, tmp_path / "out", form, AXES, material, (), "p")
    return folder, material, files


def fill_csv(path: Path, **cells: str) -> list[str]:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    rows[0].update(cells)
    for row in rows[1:]:
        row.update({"errors": "none", "key_right": "yes"})
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return [row["item_id"] for row in rows]


def test_a_sheet_locks_texts_lists_values_and_has_no_formulas(tmp_path: Path) -> None:
    folder, _, files = written(tmp_path, "xlsx")
    assert [path.name for path in files] == ["p-r1-es-R01.xlsx", "p-r1-es-R02.xlsx"]
    sheet: Any = load_workbook(files[0]).worksheets[0]
    head = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.protection.sheet
    assert {name for name, place in head.items() if sheet.cell(2, place).protection.locked} == {
        "benchwright_task", "item_id", "text_hash", "key_hash", "original", "target", "key",
    }  # fmt: skip
    listed = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert '"none,minor,major,critical"' in listed.values()
    assert sheet.cell(2, head["original"]).data_type == "s"
    assert sheet.max_row == 1 + folder.tasks().height // 2


def test_a_filled_workbook_comes_back(tmp_path: Path) -> None:
    folder, material, files = written(tmp_path, "xlsx")
    book = load_workbook(files[0])
    sheet: Any = book.worksheets[0]
    head = {cell.value: cell.column for cell in sheet[1]}
    for name, value in {
        "errors": "major",
        "key_right": "no",
        "key_proposal": "B+C",
        "fix_option_2": "mejor",
        "confidence": 3,
    }.items():
        sheet.cell(2, head[name]).value = value
    sheet.cell(2, head["comment"]).value = "=1+1"
    book.save(files[0])
    done = take_files(folder, files[:1], FORM, material, ())
    assert (done.taken, done.skipped, done.refused) == (1, 3, 0)
    rows = {row["axis"]: row for row in done.verdicts.iter_rows(named=True)}
    assert (rows["errors"]["value"], rows["key_proposal"]["value"], rows["errors"]["reviewer"]) == (
        "major",
        "B+C",
        "R01",
    )
    assert (rows["correction:option:B"]["value"], rows["errors"]["confidence"]) == ("mejor", 3)


def test_csv_comes_back_and_again_with_the_same_bytes(tmp_path: Path) -> None:
    folder, material, files = written(tmp_path, "csv")
    names = fill_csv(files[0], errors="minor", key_right="yes", fix_stem="='formula'", comment="-x")
    done = take_files(folder, files, FORM, material, ())
    assert (done.taken, done.skipped) == (4, 4)
    first = folder.verdicts.read_bytes()
    take_files(folder, files, FORM, material, ())
    assert folder.verdicts.read_bytes() == first
    value = done.verdicts.filter(pl.col("axis") == "correction:stem").row(0, named=True)
    assert (value["item_id"], value["value"], value["comment"]) == (names[0], "='formula'", "-x")


@pytest.mark.parametrize("column", ["target", "item_id", "text_hash", "key_hash", "benchwright_task"])
def test_a_locked_cell_that_was_changed_is_refused(tmp_path: Path, column: str) -> None:
    folder, material, files = written(tmp_path, "csv")
    fill_csv(files[0], errors="minor", **{column: "other"})
    done = take_files(folder, files[:1], FORM, material, ())
    assert (done.taken, done.refused) == (3, 1)
    assert done.rows[0]["reason"] == ("unknown-task" if column == "benchwright_task" else "text-changed")


def test_values_of_a_sheet_that_are_no_choice_are_refused(tmp_path: Path) -> None:
    folder, material, files = written(tmp_path, "csv")
    fill_csv(files[0], errors="very bad", key_right="yes", confidence="high")
    done = take_files(folder, files[:1], FORM, material, ())
    assert sorted(row["found"] for row in done.rows) == ["confidence: high", "errors: very bad"]
    assert done.partial == 1


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00bad", b"PK\x03\x04junk"])
@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.jsonl"])
def test_files_that_are_no_sheets_are_errors_of_the_user(tmp_path: Path, name: str, data: bytes) -> None:
    folder, material, _ = written(tmp_path, "csv")
    (tmp_path / name).write_bytes(data)
    if name == "x.jsonl" and not data:
        assert take_files(folder, [tmp_path / name], FORM, material, ()).annotations == 0
        return
    with pytest.raises(BenchwrightError, match="review-rows-wrong"):
        take_files(folder, [tmp_path / name], FORM, material, ())


def answer(item: dict[str, Any], **told: Any) -> dict[str, Any]:
    entry = {"score": None, "error_spans": [], "textfield": None, **told}
    return {
        "annotation": [{"item": entry}],
        "actions": [{"time": 100.0, "action": "load"}, {"time": 130.5, "action": "submit"}],
        "item": [item],
        "user_id": "R01",
        "item_i": 0,
    }


def test_a_campaign_of_pearmut_and_its_log(tmp_path: Path) -> None:
    folder, material, files = written(tmp_path, "pearmut")
    assert [path.name for path in files] == ["p-r1-es.json"]
    campaign = json.loads(files[0].read_text(encoding="utf-8"))
    assert campaign["info"]["users"] == ["R01", "R02"]
    assert campaign["info"]["protocol"] == "MQM"
    assert [len(one) for one in campaign["data"]] == [4, 4]
    items = [documents[0] for documents in campaign["data"][0]]
    assert set(items[0]) >= {"src", "tgt", "item_id", "benchwright_task"}
    start = items[0]["tgt"]["item"].index("morfina")
    span = {"start_i": start, "end_i": start + 6, "severity": "major", "category": "Terminology"}
    log = [
        answer(items[0], error_spans=[span], sliders={"confidence": 4}, textfield="see"),
        answer(items[1]),
        answer({"item_id": "tutorial", "tgt": {"item": "x"}}),
        answer({**items[2], "tgt": {"item": "another text"}}),
    ]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in log), encoding="utf-8")
    done = take_files(folder, [path], FORM, material, ())
    assert (done.annotations, done.taken, done.refused, done.partial) == (3, 2, 1, 2)
    values = {row["task"]: row for row in done.verdicts.iter_rows(named=True)}
    first = values[items[0]["item_id"]]
    assert (first["value"], first["severity"], first["reviewer"], first["confidence"]) == ("major", "major", "R01", 4)
    assert [(one["text"], one["category"], one["severity"]) for one in first["spans"]] == [
        ("morfina", "terminology", "major")
    ]
    assert (first["seconds"], first["comment"]) == (30.5, "see")
    assert values[items[1]["item_id"]]["value"] == "none"


TEXTS = [
    "dose <b>5</b> & 7 < 9",
    "<p>",
    "x <img src=1> y",
    "\U0001f600 <i>a</i>",
    "<script>alert(1)</script>",
    "<\u200bq>",
]


@pytest.mark.parametrize("text", TEXTS)
def test_pearmut_shows_texts_as_text_and_they_come_back(text: str) -> None:
    shown = shown_text(text)
    assert text_of(shown) == text
    # What its page does with a text: these tags stay tags, and each other sign gets an element of its own.
    assert not re.search(r"</?(br|strong|b|i|p|em|h1|h2|h3)>|^<(audio|video|img|iframe) ", shown)


@given(st.text(alphabet="ab<>/pi\n \u200b\U0001f600\u0645", max_size=30), st.data())
@settings(max_examples=100)
def test_marks_of_pearmut_are_counted_as_browsers_count(text: str, data: st.DataObject) -> None:
    assume(text and text_of(shown_text(text)) == text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    mark = {"value": {"start": start, "end": end, "labels": [FLAGGED]}}
    known = {"benchwright_task": "t", "text_hash": "h", "key_hash": "k", "item_id": "i", "target": text}
    campaign = campaign_of("c", {"R01": [{"data": known, "predictions": [{"result": [mark]}]}]})
    item = campaign["data"][0][0][0]
    span = item["error_spans"]["item"][0]
    units = item["tgt"]["item"].encode("utf-16-le", "surrogatepass")
    marked = units[2 * span["start_i"] : 2 * span["end_i"] + 2].decode("utf-16-le")
    assert marked.replace("\u200b", "") == text[start:end].replace("\u200b", "")
    log = answer(item, error_spans=[{**span, "severity": "Major", "category": "Terminology"}])
    with NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write(json.dumps(log))
        file.flush()
        (read,) = read_annotations(Path(file.name))
    found = next(one["value"] for one in read["annotations"][0]["result"] if one["from_name"] == "marks")
    assert (found["start"], found["end"]) == (start, end)
    assert read["data"]["target"] == text


def test_ratings_are_read_long_wide_and_from_scores(tmp_path: Path) -> None:
    items, _ = exam(3)
    one, two, _ = items["id"].to_list()
    long, wide = tmp_path / "long.csv", tmp_path / "wide.jsonl"
    long.write_text(
        f"item_id,reviewer,axis,value,confidence\n{one},a,key_right,no,4\n{two},a,key_right,,\n", encoding="utf-8"
    )
    found = read_ratings(long, items=items)
    assert found.select("item_id", "value", "confidence", "reviewer_kind").rows() == [(one, "no", 4, "human")]
    assert found["text_hash"][0] == items["hashes"][0]["text_hash"]
    rows = [{"item_id": one, "fluency": 4, "culture": "ok"}, {"item_id": two, "fluency": 5, "culture": None}]
    wide.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    judged = read_ratings(wide, items=items, kind="model", reviewer="gpt-x")
    assert judged.select("item_id", "axis", "value").rows() == [
        (one, "culture", "ok"),
        (one, "fluency", "4"),
        (two, "fluency", "5"),
    ]
    assert judged["reviewer_kind"].unique().to_list() == ["model"]
    scores = tmp_path / "scores.parquet"
    pl.DataFrame(
        {
            "item_id": [one, one],
            "field": [None, "stem"],
            "name": ["comet"] * 2,
            "value": [0.5, 0.7],
            "signature": ["s|1"] * 2,
        }
    ).write_parquet(scores)
    metric = read_ratings(scores, items=items)
    assert metric.select("axis", "value", "reviewer", "reviewer_kind").rows() == [("comet", "0.5", "s|1", "metric")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("id,axis,value\nx,a,1\n", "item_id"),
        ("item_id,axis,value\nex/2024/1/001@es,a,1\n", "nobody is named"),
        ("item_id,reviewer,axis,value\nother,a,x,1\n", "no item has this id"),
        ("item_id,reviewer,axis,value,confidence\nex/2024/1/001@es,a,x,1,9\n", "confidence"),
        ("item_id,reviewer,axis,value,reviewer_kind\nex/2024/1/001@es,a,x,1,alien\n", "unknown kind"),
    ],
)
def test_ratings_that_cannot_be_taken_are_told_with_their_row(tmp_path: Path, text: str, found: str) -> None:
    items, _ = exam(1)
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=found):
        read_ratings(path, items=items)


def command(*words: str | Path, code: int = 0) -> Any:
    result = RUN.invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if "--json" in words and code == 0 else result


def test_the_commands_from_a_plan_to_patches_without_a_server(tmp_path: Path) -> None:
    items, sources = write_exam(tmp_path / "exam", 8)
    folder, sheets = tmp_path / "review", tmp_path / "sheets"
    common = ("--folder", folder)
    push = ("review", "push", items, "--source", sources, *common, "--dry-run", "--json", "--axes", "errors,key_right")
    assert command(*push, "--reviewers", "ana@x,ben@x", "--per-item", "2")["tasks"] == 16
    command("review", "export", items, "--source", sources, *common, "--format", "csv", "-o", sheets, "--json")
    for path in sorted(sheets.iterdir()):
        fill_csv(path, errors="major", key_right="yes", fix_option_1="otra")
    taken = command(
        "review", "import", *sorted(sheets.iterdir()), "--items", items, "--source", sources, *common, "--json"
    )
    assert taken["taken"] == 16
    rows = command("review", "agreement", *common, "--resamples", "100", "--json", "-o", tmp_path / "a.parquet")
    assert {row["statistic"] for row in rows["agreement"]} >= {"percent", "fleiss_kappa", "gwet_ac1"}
    rates = command("review", "estimate", items, *common, "--json", "-o", tmp_path / "e.parquet")["rates"]
    assert any(row["severity"] == "major" and row["estimate"] > 0 for row in rates)
    state = command("review", "status", items, *common, "--json")
    assert state["rounds"][0]["done"] == 16
    patches = tmp_path / "patches.jsonl"
    settled = command(
        "review", "adjudicate", items, *common, "--csv", tmp_path / "c.csv", "--patches", patches, "--json"
    )
    assert settled["patches"] >= 1
    listed = command("fix", "list", items, "--patches", patches, "--json")["patches"]
    assert {one["state"] for one in listed} == {"applied"}
    command("fix", "apply", items, "--patches", patches, "-o", tmp_path / "fixed.parquet", "--json")
    fixed = pl.read_parquet(tmp_path / "fixed.parquet")
    assert [one for row in fixed["options"] for one in row if one["text"] == "otra"]
    judge = tmp_path / "judge.csv"
    lines = "".join(f"{name},gpt-x,key_right,yes\n" for name in fixed["id"])
    judge.write_text(f"item_id,reviewer,axis,value\n{lines}", encoding="utf-8")
    assert command("review", "import", judge, "--items", items, "--kind", "model", *common, "--json")["new"] == 8
    report = command("review", "agreement", *common, "--judges", "--items", items, "--resamples", "50", "--json")
    assert {row["judge"] for row in report["judges"]} == {"gpt-x"}
    assert command("fix", "diff", items, "--patches", patches).output.count("otra") >= 2


def test_commands_say_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items, _ = write_exam(tmp_path / "exam", 2)
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    assert "server-refused" in command("review", "push", items, "--folder", tmp_path / "r", code=2).output
    assert "file-not-found" in command("review", "pull", "--folder", tmp_path / "none", code=2).output
    assert "name-unknown" in command("review", "push", items, "--folder", tmp_path / "s", "--axes", "x", code=2).output
    command("fix", "add", items, code=2)
    template = tmp_path / "item.yml"
    command("fix", "add", "--template", template)
    assert template.read_text(encoding="utf-8").startswith("name: An item is wrong")
