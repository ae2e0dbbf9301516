"""Two versions compared: what came, went and changed, why, and what it does to scores."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from benchwright.builder.diff.compare import compare
from benchwright.builder.diff.effect import effect_on_scores
from benchwright.builder.diff.load import Side
from benchwright.builder.diff.words import pieces
from benchwright.builder.release import make_release
from benchwright.builder.store import write_records
from benchwright.schemas import Context, Item, Key, LedgerEntry, Option
from benchwright.schemas.parts import KeyStatus
from benchwright.schemas.rows import to_frame
from benchwright.schemas.tables import Prediction
from tests.builder.release.project import make_project, say_current, without_licence
from tests.schemas.strategies import items, plain_item, texts


def side(name: str, own: list[Item], ledger: list[LedgerEntry] | None = None) -> Side:
    frame = to_frame(own, Item).with_columns(pl.lit(None, pl.String).alias("withheld")).sort("id")
    return Side(name, frame, None if ledger is None else to_frame(ledger, LedgerEntry))


def key(*answers: str, status: KeyStatus = "official") -> Key:
    return Key(status=status, answers=tuple((one,) for one in answers))


def test_every_kind_of_change_is_told_with_its_field_and_reason() -> None:
    old = [plain_item(number) for number in range(1, 8)]
    option = old[3].options[1].model_copy(update={"text": "Otra cosa"})
    new = [
        old[0],
        old[1].replace(stem=old[1].stem.replace("estudio", "examen")),
        old[2].replace(key=key("A", "D", status="revised")),
        old[3].replace(options=(old[3].options[0], option, *old[3].options[2:]), key=key("C")),
        old[4].replace(tier="gold"),
        old[5].replace(contributor="somebody", context=Context(id="c", text="Nueva")),
        plain_item(9),
    ]
    ledger = [
        LedgerEntry(stage="patch", event="change", subject=new[1].id, reason="misprint", detail="letter 12"),
        LedgerEntry(stage="join", event="key", subject=new[2].group, reason="appeal granted"),
        LedgerEntry(stage="patch", event="reject", subject=old[6].id, reason="no figure"),
    ]
    found = compare(side("old", old), side("new", new, ledger))
    assert found.added == [new[6].id]
    assert found.removed == [old[6].id]
    assert found.reasons_of_removed == {old[6].id: "patch: no figure"}
    assert found.same == 1
    told = {one.id: (one.kinds, [change.field for change in one.changes], one.reasons) for one in found.changed}
    assert told == {
        new[1].id: (("text",), ["stem"], ("patch: misprint: letter 12",)),
        new[2].id: (("rekeyed",), ["key"], ("join: appeal granted",)),
        new[3].id: (("rekeyed", "text"), ["option:B", "key"], ()),
        new[4].id: (("retiered",), ["tier"], ()),
        new[5].id: (("text", "other"), ["context", "contributor"], ()),
    }
    rekeyed = next(one for one in found.changed if one.id == new[2].id)
    assert (rekeyed.changes[0].before, rekeyed.changes[0].after) == ("D (official)", "A or D (revised)")
    assert found.counts == {
        "added": 1, "removed": 1, "rekeyed": 2, "text": 3, "retiered": 1, "withheld": 0, "published": 0, "other": 1,
        "same": 1,
    }  # fmt: skip


@given(st.lists(items(), min_size=1, max_size=4, unique_by=lambda item: item.id), st.data())
@settings(max_examples=30)
def test_nothing_differs_from_itself_and_the_other_way_round_swaps(drawn: list[Item], data: st.DataObject) -> None:
    same = compare(side("a", drawn), side("a", drawn))
    assert (same.added, same.removed, same.changed, same.same) == ([], [], [], len(drawn))
    some = data.draw(st.lists(st.sampled_from(drawn), unique_by=lambda item: item.id))
    there, back = compare(side("a", drawn), side("b", some)), compare(side("b", some), side("a", drawn))
    assert (there.added, there.removed) == (back.removed, back.added)
    assert [one.id for one in there.changed] == [one.old_id for one in back.changed]


@given(texts(), texts())
@settings(max_examples=60)
def test_the_words_give_both_texts_back(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(one.text for one in found if one.kind != "come") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after


def test_words_are_told_apart_in_any_script() -> None:
    told = [(one.kind, one.text) for one in pieces("給予 5 mg 藥物", "給予 50 mg 藥物")]
    assert told == [("same", "給予 "), ("gone", "5"), ("come", "50"), ("same", " mg 藥物")]
    assert [one.kind for one in pieces(None, "x")] == ["come"]


def test_items_with_other_ids_are_matched_by_text() -> None:
    old = [plain_item(number) for number in (1, 2, 3)]
    new = [one.replace(group=f"other/set/{one.exam.number}/x", id=f"other/set/{one.exam.number}/x@es") for one in old]
    twice = [*new, new[2].replace(group="other/set/4/x", id="other/set/4/x@es")]
    found = compare(side("old", old), side("new", twice))
    assert found.matched_by_text == 2
    assert found.removed == [old[2].id]
    assert len(found.added) == 2


def test_items_with_other_ids_and_another_stem_or_other_options_are_matched_by_the_rest() -> None:
    options = [[f"{word} {number}" for word in ("fiebre", "tos", "dolor")] for number in range(4)]
    old = [
        plain_item(number, stem=f"Pregunta larga sobre el hueso {number}", options=options_of(options[number]))
        for number in range(4)
    ]
    moved = [one.replace(group=f"other/set/{n}/x", id=f"other/set/{n}/x@es") for n, one in enumerate(old)]
    new = [
        moved[0].replace(stem="Pregunta larga sobre un hueso 0"),
        moved[1].replace(options=options_of([*options[1][:2], "otra cosa"])),
        moved[2].replace(stem="Nada que ver: ¿quién fue?", options=options_of(options[2])),
        moved[3],
    ]
    found = compare(side("old", old), side("new", new))
    assert (found.matched_by_text, found.matched_by_part) == (1, 2)
    assert [one.old_id for one in found.changed if "text" in one.kinds] == [old[0].id, old[1].id]
    assert (found.removed, found.added) == ([old[2].id], [new[2].id])


def options_of(texts: list[str]) -> tuple[Option, ...]:
    return tuple(Option(id=name, label=name, text=text) for name, text in zip("ABC", texts, strict=True))


def answers_of(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    made = [
        Prediction(group="g", item_id=item, language="es", model=model, setting_hash="", answer=answer)
        for model, item, answer in rows
    ]
    return to_frame(made, Prediction)


def test_past_scores_are_those_of_both_keys() -> None:
    old = [plain_item(number).replace(key=key("A")) for number in range(1, 6)]
    new = [
        old[0],
        old[1].replace(key=key("B", status="revised")),
        old[2].replace(key=key("A", "B", status="revised")),
        old[3].replace(key=Key(status="annulled")),
    ]
    rows = [("m", one.id, "A") for one in old] + [("k", one.id, "B") for one in old]
    found = compare(side("a", old), side("b", new))
    effect = {row["model"]: row for row in effect_on_scores(
        answers_of(rows), side("a", old).items, side("b", new).items, found.pairs
    )}  # fmt: skip
    names = ("n_old", "right_old", "n_new", "right_new", "won", "lost", "gone")
    assert [effect["m"][name] for name in names] == [5, 5, 3, 2, 0, 1, 2]
    assert [effect["k"][name] for name in names] == [5, 0, 3, 2, 2, 0, 2]
    assert effect["m"]["accuracy_old"] == 1.0
    assert effect["m"]["difference"] == pytest.approx(2 / 3 - 1, abs=1e-6)


def run(*words: object) -> Result:
    from benchwright.builder.cli import app

    return CliRunner().invoke(app, [str(word) for word in words])


def test_two_releases_with_their_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    own = [plain_item(number, stem=f"<b>¿{number}?</b>") for number in (1, 2, 3)]
    project = make_project(tmp_path / "p", own, findings=[], pictures=())
    answers = tmp_path / "answers.jsonl"
    lines = [{"item_id": one.id, "model": "tiny", "answer": "A"} for one in own]
    answers.write_text("\n".join(map(json.dumps, lines)))
    make_release(project, "1.0.0", predictions=[answers])
    make_project(project, [own[0].replace(key=key("A", status="revised")), *own[1:]], findings=[], pictures=())
    make_release(project, "2.0.0")
    releases = project / "release"
    done = run("diff", releases / "1.0.0", releases / "2.0.0", "-o", tmp_path / "out", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["counts"]["rekeyed"] == 1
    assert [(row["model"], row["right_old"], row["right_new"]) for row in told["effect"]] == [("tiny", 0, 1)]
    html = (tmp_path / "out" / "diff.html").read_text(encoding="utf-8")
    assert "another key" in html
    assert "<del>B</del>" in html
    assert "[-B-]{+A+}" in (tmp_path / "out" / "diff.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out" / "diff.json").read_text(encoding="utf-8"))["counts"] == told["counts"]
    printed = run("diff", releases / "1.0.0", releases / "2.0.0")
    assert "xx-exam 1.0.0 -> xx-exam 2.0.0" in printed.output


def test_withheld_texts_are_told_and_not_taken_for_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    own = [plain_item(1), plain_item(2)]
    project = make_project(tmp_path / "p", own, findings=[], pictures=())
    make_release(project, "1.0.0")
    make_project(project, without_licence(own), findings=[], pictures=())
    make_release(project, "2.0.0")
    told = json.loads(run("diff", project / "release/1.0.0", project / "release/2.0.0", "--json").stdout)
    assert told["counts"]["withheld"] == 2
    assert told["counts"]["text"] == 0


def test_any_two_files_that_can_be_imported(tmp_path: Path) -> None:
    for name, key_of_second in (("old", "B"), ("new", "C")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "birds_test.csv").write_text(
            "Which bird swims on the lakes of the north?,crow,duck,lark,kite,B\n"
            f"Which of these birds hunts at night in woods?,owl,hen,crane,rail,{key_of_second}\n"
        )
    done = run("diff", tmp_path / "old" / "birds_test.csv", tmp_path / "new" / "birds_test.csv", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["counts"]["rekeyed"], told["counts"]["same"]) == (1, 1)
    assert len(told["notes"]) == 2


def test_a_side_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    write_records(tmp_path / "items.parquet", [plain_item(1)], Item)
    done = run("diff", tmp_path / "items.parquet", tmp_path / "none.csv")
    assert done.exit_code == 2
    assert "file-not-found" in done.output
    assert run("diff", tmp_path / "items.parquet", "hf:no-name").exit_code == 2
