"""Tasks to a server and verdicts back: nothing doubled, nothing lost, nothing taken on another text."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from PIL import Image

from benchwright.builder.review.axes import axes_named
from benchwright.builder.review.folder import ReviewFolder
from benchwright.builder.review.form import shape_of
from benchwright.builder.review.labelstudio.pull import pull_export, pull_server
from benchwright.builder.review.labelstudio.push import push
from benchwright.builder.review.material import material_of
from benchwright.builder.review.pushing import RoundWish, material_for, plan_round, push_round
from benchwright.builder.review.taskdata import Material, task_of
from benchwright.schemas import DerivedFrom, Item, Media
from benchwright.schemas.errors import UserError
from benchwright.schemas.rows import to_frame
from tests.builder.review.exam import Killed, MemoryBoard, chosen, item, marked, typed, unreachable, write_exam

AXES = ("errors", "key_right", "same_test")
FORM = {one.name: one for one in axes_named(AXES)}


def planned(tmp_path: Path, **more: Any) -> tuple[RoundWish, ReviewFolder]:
    items, sources = write_exam(tmp_path / "exam", more.pop("count", 12), more.pop("languages", ("es",)))
    told: dict[str, Any] = {"reviewers": ("ana@x.org", "ben@x.org"), "per_item": 2, "axes": AXES, **more}
    wish = RoundWish(items=items, project="p", source=sources, **told)
    folder = ReviewFolder(tmp_path / "review")
    plan_round(wish, folder)
    return wish, folder


def pushed(tmp_path: Path, **more: Any) -> tuple[MemoryBoard, ReviewFolder]:
    wish, folder = planned(tmp_path, **more)
    board = MemoryBoard()
    board.users = {1: ("ana@x.org", "ana"), 2: ("ben@x.org",), 3: ("eve@x.org",)}
    push_round(wish, folder, board, folder.plans()[-1])
    return board, folder


def tasks_of(board: MemoryBoard, reviewer: str) -> list[dict[str, Any]]:
    return [one for mark, number in board.made.items() if mark.endswith(f"/{reviewer}") for one in board.held[number]]


def test_every_planned_task_is_pushed_once_and_a_second_push_adds_none(tmp_path: Path) -> None:
    wish, folder = planned(tmp_path, languages=("es", "ar"))
    board = MemoryBoard()
    first = push_round(wish, folder, board, folder.plans()[-1])
    keys = [one["data"]["benchwright_task"] for one in board.every_task()]
    assert sorted(keys) == folder.tasks()["task"].to_list()
    assert (first.added, first.kept) == (48, 0)
    assert len(board.made) == 4
    second = push_round(wish, folder, board, folder.plans()[-1])
    assert (second.added, second.kept) == (0, 48)


@pytest.mark.parametrize("moment", [1, 2, 4, 5, 7, 9])
@pytest.mark.parametrize("where", ["before", "after"])
def test_killed_at_any_call_a_push_goes_on_without_doubles_or_gaps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int, where: str
) -> None:
    monkeypatch.setattr("benchwright.builder.review.labelstudio.push._BATCH", 5)
    wish, folder = planned(tmp_path)
    board = MemoryBoard()
    count = 0

    def kill(_: str) -> None:
        nonlocal count
        count += 1
        if count == moment:
            raise Killed

    setattr(board, where, kill)
    try:
        push_round(wish, folder, board, folder.plans()[-1])
    except Killed:
        push_round(wish, folder, board, folder.plans()[-1])
    keys = [one["data"]["benchwright_task"] for one in board.every_task()]
    assert sorted(keys) == folder.tasks()["task"].to_list()
    assert len(board.made) == 2


def test_a_batch_that_was_taken_and_not_confirmed_is_not_sent_again(tmp_path: Path) -> None:
    wish, folder = planned(tmp_path)
    board = MemoryBoard()
    failures = iter([True, True, False])

    def fail(call: str) -> None:
        if call == "add" and next(failures, False):
            raise unreachable()

    board.after = fail
    waited: list[float] = []
    axes = axes_named(AXES)
    done = push(board, folder, "p", axes, material_for(wish, folder), ("findings",), wait=waited.append)
    keys = [one["data"]["benchwright_task"] for one in board.every_task()]
    assert sorted(keys) == folder.tasks()["task"].to_list()
    assert done.added == 24
    assert len(waited) == 2


def test_a_server_that_stays_away_is_an_error_that_can_be_continued(tmp_path: Path) -> None:
    wish, folder = planned(tmp_path)
    board = MemoryBoard()

    def fail(call: str) -> None:
        if call == "add":
            raise unreachable()

    board.before = fail
    with pytest.raises(UserError, match="server-unreachable"):
        push(board, folder, "p", axes_named(AXES), material_for(wish, folder), (), wait=lambda _: None)
    board.before = lambda _: None
    assert push_round(wish, folder, board, folder.plans()[-1]).added == 24


def test_copies_of_one_task_are_taken_away_and_work_is_kept(tmp_path: Path) -> None:
    wish, folder = planned(tmp_path)
    board = MemoryBoard()
    push_round(wish, folder, board, folder.plans()[-1])
    number = next(iter(board.held))
    board.add(number, [{"data": one["data"]} for one in board.held[number][:3]])
    copy = board.held[number][-1]
    board.annotate(copy, 1, [chosen("errors", "none")])
    strangers = [{"data": {"benchwright_task": "", "text": "somebody's own"}}] * 2
    board.add(number, strangers)
    assert push_round(wish, folder, board, folder.plans()[-1]).removed == 3
    assert len(board.every_task()) == 24 + 2
    keys = [key for one in board.every_task() if (key := one["data"]["benchwright_task"])]
    assert len(keys) == len(set(keys)) == 24
    assert copy in board.held[number]


def test_a_deleted_project_is_told_and_made_anew_when_asked(tmp_path: Path) -> None:
    wish, folder = planned(tmp_path)
    board = MemoryBoard()
    push_round(wish, folder, board, folder.plans()[-1])
    mark = min(board.made)
    board.held.pop(board.made.pop(mark))
    with pytest.raises(UserError, match="project-gone"):
        push_round(wish, folder, board, folder.plans()[-1])
    with pytest.raises(UserError, match="project-gone"):
        pull_server(board, folder, "p", FORM)
    assert push_round(wish, folder, board, folder.plans()[-1], again=True).added == 12


def test_the_page_has_escaped_texts_and_a_direction(tmp_path: Path) -> None:
    board, _ = pushed(tmp_path, languages=("ar",))
    config = next(iter(board.configs.values()))
    page = ET.fromstring(config)
    assert {one.tag for one in page.iter()}.isdisjoint({"HyperText", "Html"})
    target = next(one for one in page.iter("View") if one.find("Text[@name='target']") is not None)
    assert "direction: rtl" in target.attrib["style"]
    source = next(one for one in page.iter("View") if one.find("Text[@name='original']") is not None)
    assert "direction: ltr" in source.attrib["style"]
    data = board.every_task()[0]["data"]
    assert "<b>x</b> & y" in data["original"]
    named = {one.attrib["value"][1:] for one in page.iter() if one.attrib.get("value", "").startswith("$")}
    assert named <= set(data)


def test_verdicts_come_back_with_places_severities_and_corrections(tmp_path: Path) -> None:
    board, folder = pushed(tmp_path)
    task = tasks_of(board, "R01")[0]
    text = task["data"]["target"]
    start = text.index("morfina")
    answers = [
        chosen("errors", "major"),
        chosen("key_right", "no"),
        {**chosen("key_proposal", "B"), "value": {"choices": ["C", "B"]}},
        *marked(start, start + 7, "morfina", "terminology", "major"),
        *marked(0, 2, "Un", "flagged by the audit"),
        typed("fix_option_2", "otra cosa"),
        typed("fix_stem", task["data"]["fix_stem"]),
        typed("comment", "see the guideline"),
        {"id": "c", "from_name": "confidence", "type": "rating", "value": {"rating": 4}},
    ]
    board.annotate(task, 1, answers)
    done = pull_server(board, folder, "p", FORM)
    assert (done.annotations, done.taken, done.refused, done.partial) == (1, 1, 0, 0)
    rows = {row["axis"]: row for row in done.verdicts.iter_rows(named=True)}
    assert set(rows) == {"errors", "key_right", "key_proposal", "correction:option:B"}
    assert rows["errors"]["spans"] == [
        {
            "field": "stem",
            "start": start,
            "end": start + 7,
            "text": "morfina",
            "category": "terminology",
            "severity": "major",
        }
    ]
    assert (rows["key_right"]["severity"], rows["key_proposal"]["value"]) == ("critical", "B+C")
    assert rows["correction:option:B"]["value"] == "otra cosa"
    assert {(row["reviewer"], row["confidence"], row["comment"]) for row in rows.values()} == {
        ("R01", 4, "see the guideline")
    }


def test_letters_outside_the_basic_plane_are_counted_as_browsers_do_and_as_we_do(tmp_path: Path) -> None:
    board, folder = pushed(tmp_path)
    task = tasks_of(board, "R01")[0]
    shown = folder.shown()
    item = task["data"]["item_id"]
    stem = pl.when(pl.col("id") == item).then(pl.lit("𝒜𝒷 mg 💊 fin")).otherwise("stem").alias("stem")
    shown.with_columns(stem).write_parquet(folder.root / "shown.parquet")
    text = task["data"]["target"] = f"𝒜𝒷 mg 💊 fin{task['data']['target'][len(task['data']['fix_stem']) :]}"
    utf16 = len(text[: text.index("fin")].encode("utf-16-le")) // 2
    board.annotate(task, 1, [chosen("errors", "minor"), *marked(utf16, utf16 + 3, "fin", "style")])
    other = text.index("mg")
    board.annotate(task, 2, [chosen("errors", "minor"), *marked(other, other + 2, "mg", "style")])
    done = pull_server(board, folder, "p", FORM)
    spans = [span for row in done.verdicts["spans"].to_list() for span in row]
    assert sorted((span["start"], span["text"]) for span in spans) == [(3, "mg"), (8, "fin")]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([chosen("errors", "awful")], "unknown-value"),
        ([chosen("made_up", "yes")], "unknown-question"),
        ([{**chosen("key_proposal", "Z")}], "unknown-value"),
        ([typed("fix_option_1", "")], "text-emptied"),
        ([typed("fix_option_9", "more")], "unknown-question"),
        (marked(0, 5, "other", "style"), "mark-misplaced"),
        (marked(0, 2, "Un", "nonsense"), "unknown-value"),
        ([{"id": "c", "from_name": "confidence", "type": "rating", "value": {"rating": 9}}], "unknown-value"),
    ],
)
def test_what_is_no_choice_of_the_form_is_refused(tmp_path: Path, answers: list[dict[str, Any]], reason: str) -> None:
    board, folder = pushed(tmp_path, count=3)
    board.annotate(tasks_of(board, "R01")[0], 1, [chosen("same_test", "yes"), *answers])
    done = pull_server(board, folder, "p", FORM)
    assert [row["reason"] for row in done.rows] == [reason]
    assert done.verdicts["axis"].to_list() == ["same_test"]
    assert done.partial == 1


@pytest.mark.parametrize("name", ["target", "text_hash", "item_id", "key_hash"])
def test_a_verdict_on_another_text_is_refused_and_told(tmp_path: Path, name: str) -> None:
    board, folder = pushed(tmp_path, count=3)
    task = tasks_of(board, "R01")[0]
    board.annotate(task, 1, [chosen("errors", "none")])
    task["data"][name] += "!"
    done = pull_server(board, folder, "p", FORM)
    assert (done.taken, done.refused, done.verdicts.height) == (0, 1, 0)
    assert done.rows[0]["reason"] == "text-changed"
    assert name in done.rows[0]["found"]


def test_skipped_doubled_foreign_and_withdrawn_annotations(tmp_path: Path) -> None:
    board, folder = pushed(tmp_path, count=4)
    one, two, three, four = tasks_of(board, "R01")
    board.annotate(one, 1, [chosen("errors", "none")])
    board.annotate(one, 1, [chosen("errors", "major")])
    board.annotate(two, 1, [], was_cancelled=True)
    stranger = board.annotate(three, 3, [chosen("errors", "minor")])
    number = board.made[min(board.made)]
    board.add(number, [{"data": {"benchwright_task": "made-up", "target": "x"}}])
    board.annotate(board.held[number][-1], 1, [chosen("errors", "none")])
    mine = next(t for t in tasks_of(board, "R02") if t["data"]["item_id"] == one["data"]["item_id"])
    board.annotate(mine, 1, [chosen("errors", "critical")])
    done = pull_server(board, folder, "p", FORM)
    assert (done.annotations, done.taken, done.skipped, done.doubled, done.refused) == (6, 2, 1, 1, 2)
    done.ledger().assert_balanced()
    assert sorted(row["reason"] for row in done.rows) == ["twice-on-an-item", "unknown-task"]
    values = {row["task"]: row["value"] for row in done.verdicts.iter_rows(named=True)}
    assert values == {one["data"]["benchwright_task"]: "major", three["data"]["benchwright_task"]: "minor"}
    assert len(done.strangers) == 1
    assert "eve" not in done.strangers[0]
    three["annotations"].remove(stranger)
    again = pull_server(board, folder, "p", FORM)
    assert (again.withdrawn, again.verdicts.height) == (1, 1)
    assert four["annotations"] == []


def test_pulled_twice_or_from_a_file_the_bytes_are_the_same(tmp_path: Path) -> None:
    board, folder = pushed(tmp_path)
    for user, who in ((1, "R01"), (2, "R02")):
        for task in tasks_of(board, who):
            board.annotate(task, user, [chosen("errors", "none"), chosen("key_right", "yes")])
    pull_server(board, folder, "p", FORM)
    first = folder.verdicts.read_bytes()
    pull_server(board, folder, "p", FORM)
    assert folder.verdicts.read_bytes() == first
    files = []
    for number, held in board.held.items():
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(held), encoding="utf-8")
    pull_export(folder, FORM, files)
    assert folder.verdicts.read_bytes() == first


def test_a_pull_that_is_killed_changes_nothing(tmp_path: Path) -> None:
    board, folder = pushed(tmp_path)
    for task in tasks_of(board, "R01"):
        board.annotate(task, 1, [chosen("errors", "none")])
    pull_server(board, folder, "p", FORM)
    before = folder.verdicts.read_bytes()
    for task in tasks_of(board, "R02"):
        board.annotate(task, 2, [chosen("errors", "major")])
    exports = iter([None, Killed()])

    def kill(call: str) -> None:
        if call == "export" and (error := next(exports, None)):
            raise error

    board.before = kill
    with pytest.raises(Killed):
        pull_server(board, folder, "p", FORM)
    assert folder.verdicts.read_bytes() == before
    assert pull_server(board, folder, "p", FORM).verdicts.height == 24


def test_names_stay_in_the_private_folder(tmp_path: Path) -> None:
    board, folder = pushed(tmp_path)
    board.annotate(tasks_of(board, "R01")[0], 1, [chosen("errors", "none")])
    pull_server(board, folder, "p", FORM)
    public = [path for path in folder.root.rglob("*") if path.is_file() and path.parent.name != "private"]
    assert len(public) >= 6
    assert [path.name for path in public if b"ana@x.org" in path.read_bytes()] == []
    assert b"ana@x.org" in folder.people.read_bytes()
    assert folder.people.stat().st_mode & 0o077 == 0
    assert all("ana@" not in mark for mark in board.made)


def test_findings_are_marked_before_and_items_without_material_are_whole(tmp_path: Path) -> None:
    wish, folder = planned(tmp_path, count=3)
    item = folder.shown()["id"][0]
    finding = {
        "severity": "major",
        "code": "T103",
        "message": "another dose",
        "spans": [{"field": "stem", "start": 3, "end": 11}, {"field": "option:B", "start": 0, "end": 2}],
    }
    board = MemoryBoard()
    material = Material(findings={item: [finding]})
    push(board, folder, "p", axes_named(AXES), material, ("findings",))
    task = next(one for one in board.every_task() if one["data"]["item_id"] == item)
    assert task["data"]["flags"] == "major T103: another dose"
    marks = task["predictions"][0]["result"]
    for mark in marks:
        value = mark["value"]
        assert task["data"]["target"][value["start"] : value["end"]] == value["text"]
    assert [mark["value"]["text"] for mark in marks] == ["paciente", "es"]
    other = next(one for one in board.every_task() if one["data"]["item_id"] != item)
    assert "predictions" not in other
    assert wish.project == "p"


def test_back_translation_pictures_and_the_printed_page_stand_beside_the_item(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    Image.new("RGB", (40, 30), "red").save(media / "x.png")
    page = io.BytesIO()
    Image.new("RGB", (60, 20), "blue").save(page, "PNG")
    source = item(1)
    picture = Media(sha256="a" * 64, file="x.png", media_type="image/png")
    shown = to_frame([item(1, "es", source, media=(picture,)), item(2, "es", item(2))], Item)
    back = to_frame([item(1, "en", derived_from=DerivedFrom(id=shown["id"][0], text_hash="h"), stem="and back")], Item)
    crops = {shown["id"][0]: page.getvalue()}
    material = material_of(shown, sources=to_frame([source], Item), back=back, media=media, crops=crops)
    rows = list(shown.iter_rows(named=True))
    shape = shape_of(rows, "es", "en", ("image", "back"))
    planned = {"task": "t", "role": "item"}
    first, second = (task_of(planned, row, shape, material)["data"] for row in rows)
    assert first["original"].startswith(source.stem)
    assert first["back"].startswith("and back")
    assert (second["original"], second["back"]) == ("(no source)", "(no back-translation)")
    sizes = [Image.open(io.BytesIO(base64.b64decode(one["picture"].partition(",")[2]))).size for one in (first, second)]
    assert sizes == [(60, 50), (1, 1)]
