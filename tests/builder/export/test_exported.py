"""A benchmark that is imported and written again in its layout holds the same questions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchwright.builder.export import export_items, writable_layouts
from benchwright.builder.importing import import_files
from benchwright.schemas.errors import InputError
from benchwright.schemas.item import Item
from benchwright.schemas.parts import Context, Exam, Key, Label, Licence, Option
from benchwright.schemas.rows import to_frame
from benchwright.sources import IntakeOptions, shipped_layouts
from tests.sources.layouts.bank import FIXTURES, Case
from tests.sources.layouts.kit import CASES

_WRITABLE = set(writable_layouts())
_SUFFIXES = (".csv", ".tsv", ".jsonl", ".json", ".parquet")
_CASES = [case for case in CASES if case.layout in _WRITABLE and not case.file.startswith("lm_eval/")]


def _imported(file: Path, folder: Path, **more: Any) -> pl.DataFrame:
    import_files([file], folder / "items.parquet", workers=1, **more)
    return pl.read_parquet(folder / "items.parquet")


def _content(items: pl.DataFrame) -> list[dict[str, Any]]:
    """Return all that the items say but where they were read."""
    rows = items.drop("provenance", "hashes", "media").to_dicts()
    for row in rows:
        row["key"].pop("source")
    return rows


@pytest.mark.parametrize("case", _CASES, ids=[case.name for case in _CASES])
def test_import_export_import_gives_the_same_items(case: Case, tmp_path: Path) -> None:
    place = tmp_path / "first" / case.file
    shutil.copytree((FIXTURES / case.file).parent, place.parent)
    first = _imported(place, tmp_path / "a")
    again = tmp_path / "second" / case.file
    run = export_items(tmp_path / "a" / "items.parquet", again, case.layout)
    assert run.refused == []
    assert run.checked == first.height
    languages = first["language"].unique().to_list()
    # A layout of pairs, or one with a column of languages, tells them itself.
    language = languages[0] if shipped_layouts()[case.layout].pair is None and len(languages) == 1 else None
    column = shipped_layouts()[case.layout].language
    named = None if column is not None and column.column else language
    second = _imported(again, tmp_path / "b", layout=case.layout, options=IntakeOptions(language=named))
    assert _content(second) == _content(first)


@pytest.mark.parametrize("suffix", _SUFFIXES)
@pytest.mark.parametrize("case", [c for c in _CASES if c.layout in {"medmcqa", "include", "cmb"}], ids=lambda c: c.name)
def test_every_form_of_file_holds_the_same_and_has_the_same_bytes_twice(
    case: Case, suffix: str, tmp_path: Path
) -> None:
    first = _imported(FIXTURES / case.file, tmp_path / "a")
    out = [tmp_path / name / f"test{suffix}" for name in ("x", "y")]
    for path in out:
        assert export_items(tmp_path / "a", path, case.layout).checked == first.height
    assert out[0].read_bytes() == out[1].read_bytes()


_SIGNS = st.sampled_from(
    ["é", "ß", "א", "ם", "م", "ش", "\u200f", "漢", "か", "한", "𠀋", "٣", '"', "'", ",", ";", "\n", "|"]
)
_TEXT = st.text(st.one_of(_SIGNS, st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))), max_size=20)
_WHOLE = _TEXT.map(lambda text: f"{text}?")


def _item(number: int, stem: str, options: list[str], right: int, **more: Any) -> Item:
    return Item(
        id=f"made/all/test/{number:03d}@fr",
        group=f"made/all/test/{number:03d}",
        language="fr",
        origin_language="fr",
        stem=stem,
        options=tuple(Option(id="ABCDE"[at], label="ABCDE"[at], text=text) for at, text in enumerate(options)),
        key=more.pop("key", Key(status="official", answers=(("ABCDE"[right],),))),
        exam=Exam(code="made", edition="all", part="test", number=str(number)),
        licence=Licence(id="unknown"),
        **more,
    )


def _table(items: list[Item], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    to_frame(items, Item).write_parquet(folder / "items.parquet")
    return folder / "items.parquet"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(_WHOLE, st.lists(_WHOLE, min_size=4, max_size=4, unique=True), st.integers(0, 3)),
        min_size=2,
        max_size=4,
    ),
    layout=st.sampled_from(["mmlu_csv", "medmcqa", "cmb", "m_mmlu", "turkishmmlu", "exams", "headqa_hub"]),
    suffix=st.sampled_from(_SUFFIXES),
)
def test_texts_of_any_script_come_back_or_are_refused(
    rows: list[tuple[str, list[str], int]], layout: str, suffix: str, tmp_path: Path
) -> None:
    items = [_item(number, *row) for number, row in enumerate(rows, 1)]
    out = tmp_path / f"made_test{suffix}"
    run = export_items(_table(items, tmp_path), out, layout)
    assert run.records + len(run.refused) == len(items)
    refused = {one.id for one in run.refused}
    kept = [item for item in items if item.id not in refused]
    if not kept:
        return
    options = IntakeOptions(language="fr", key_base=0 if layout == "medmcqa" else None)
    back = _imported(out, tmp_path / "b", layout=layout, options=options)
    order = pl.col("provenance").list.first().struct.field("row")
    found = [
        (row["stem"], [one["text"] for one in row["options"]], row["key"]["answers"])
        for row in back.sort(order).to_dicts()
    ]
    assert found == [(i.stem, [o.text for o in i.options], [list(a) for a in i.key.answers]) for i in kept]


def test_what_the_layout_cannot_say_is_refused_with_its_reason(tmp_path: Path) -> None:
    four = ["un", "deux", "trois", "quatre"]
    items = [
        _item(1, "Lequel ?", four, 0),
        _item(2, "Lequel ?", [*four, "cinq"], 0),
        _item(3, "Lesquels ?", four, 0, key=Key(status="official", answers=(("A",), ("B",)))),
        _item(4, "Lequel ?", ["un", "deux", "trois", ""], 0),
    ]
    run = export_items(_table(items, tmp_path), tmp_path / "made.csv", "mmlu_csv")
    reasons = {one.id[-6:-3]: one.reason for one in run.refused}
    assert set(reasons) == {"002", "003", "004"}
    assert "5 options" in reasons["002"]
    assert "several answers" in reasons["003"]
    assert "options" in reasons["004"]
    assert (tmp_path / "made.csv").read_text("utf-8").count("\n") == 1


def test_losses_are_counted_and_a_context_stands_before_the_stem(tmp_path: Path) -> None:
    item = _item(
        1,
        "Et après ?",
        ["un", "deux", "trois", "quatre"],
        2,
        context=Context(id="c", text="Un cas."),
        labels=(Label(taxonomy="subject", value="cœur", source="human"),),
    )
    run = export_items(_table([item], tmp_path), tmp_path / "made.jsonl", "turkishmmlu")
    assert json.loads((tmp_path / "made.jsonl").read_text("utf-8"))["question"] == "Un cas.\n\nEt après ?"
    assert run.losses["context (it stands before the stem)"] == 1
    plain = export_items(tmp_path / "items.parquet", tmp_path / "made.csv", "mmlu_csv")
    assert plain.losses["labels.subject"] == 1


def test_a_cell_that_looks_like_a_formula_is_data(tmp_path: Path) -> None:
    item = _item(1, "=1+1 font ?", ["-1", "+2", "@3", "=4"], 1)
    export_items(_table([item], tmp_path), tmp_path / "made.csv", "mmlu_csv")
    assert (tmp_path / "made.csv").read_text("utf-8") == "=1+1 font ?,-1,+2,@3,=4,B\n"


def test_trees_logs_and_unknown_suffixes_are_errors(tmp_path: Path) -> None:
    table = _table([_item(1, "Lequel ?", ["un", "deux"], 0)], tmp_path)
    with pytest.raises(InputError) as error:
        export_items(table, tmp_path / "made.json", "headqa")
    assert error.value.problems[0].code == "layout-not-writable"
    assert "mmlu_csv" in str(error.value.problems[0].expected)
    with pytest.raises(InputError) as error:
        export_items(table, tmp_path / "made.docx", "mmlu_csv")
    assert error.value.problems[0].code == "file-unsupported"


def test_several_languages_need_a_choice(tmp_path: Path) -> None:
    one = _item(1, "Lequel ?", ["un", "deux"], 0)
    two = one.model_copy(update={"id": "made/all/test/001@en", "language": "en"})
    table = _table([one, two], tmp_path)
    with pytest.raises(InputError) as error:
        export_items(table, tmp_path / "made.csv", "mmlu_csv")
    assert error.value.problems[0].code == "language-unclear"
    assert export_items(table, tmp_path / "made.csv", "mmlu_csv", language="en").records == 1
