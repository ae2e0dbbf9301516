"""Apertium as it is installed: whole items through one pipe, its errors seen by the audit, killed and continued."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.translate import EngineWish, TranslateWish, engine_named, translate_items
from benchwright.schemas import Item, Mark, Rationale, Span
from benchwright.schemas.errors import MissingDependencyError, NotFoundError
from benchwright.schemas.plugins import Unit
from benchwright.schemas.rows import from_frame, to_frame
from tests.builder.translate.test_run import english

pytestmark = pytest.mark.skipif(
    shutil.which("apertium-wblank-mode") is None and not os.environ.get("CI"),
    reason="Apertium is absent: apt-get install apertium apertium-eng-spa apertium-es-pt",
)


def translated(*texts: str, source: str = "en", target: str = "es", **settings: str) -> list[str]:
    engine = engine_named("apertium").open(source, target, settings)
    try:
        answers = dict(engine.translate([Unit(("text",), (text,)) for text in texts]))
    finally:
        engine.close()
    return [
        answers[place].texts[0] if answers[place].texts else f"{answers[place].reason}" for place in range(len(texts))
    ]


def test_texts_come_back_in_their_order_with_everything_that_is_no_word() -> None:
    made = translated("the red fish", "", "a]b[c ^d$ /e/ <f> {g} @h \\", "one\n\ntwo", "血 مرحبا", "fish. " * 2_000)
    assert made[0] == "El pescado rojo"
    assert made[1] == ""
    assert made[2].endswith("]b[c ^d$ /e/ <f> {g} @h \\")
    assert (made[3], made[4]) == ("Uno\n\nDos", "血 مرحبا")
    assert made[5].count(".") == 2_000


def test_full_stops_of_the_text_stay_and_ours_go() -> None:
    texts = ["Vitamina C", "Vitamina C.", "el pez", "el pez.", "el pez...", "A.\nB"]
    made = translated(*texts, source="es", target="en")
    assert [one[-3:].count(".") for one in made] == [0, 1, 0, 1, 3, 1]


def test_what_comes_out_depends_on_the_text_alone() -> None:
    texts = [f"the fish has {number} red gills" for number in range(70)]
    assert translated(*texts) == [translated(text)[0] for text in texts[:1]] + translated(*texts[1:])


def test_pairs_are_told_by_their_tags_and_an_unknown_one_lists_them() -> None:
    assert translated("el pez rojo", source="es", target="pt-BR") == ["o peixe vermelho"]
    assert translated("the fish", source="en-GB") == ["El pez"]
    with pytest.raises(NotFoundError) as raised:
        engine_named("apertium").open("en", "ja", {})
    assert "en to es" in str(raised.value.problems[0].expected)


def test_a_pipe_that_breaks_refuses_one_text_and_goes_on(tmp_path: Path) -> None:
    shown = subprocess.run(
        ["apertium-wblank-mode", "-z", "/usr/share/apertium/modes/eng-spa.mode"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "lt-proc" in shown.stdout
    (tmp_path / "eng-spa.mode").write_text("lt-proc -z /nothing.bin\n", encoding="utf-8")
    assert translated("the fish", "the gill", modes=str(tmp_path)) == ["engine-failed"] * 2


def test_a_program_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(MissingDependencyError) as raised:
        engine_named("apertium").open("en", "es", {})
    assert "apt-get install" in str(raised.value.problems[0].remedy)


def test_spans_are_carried_with_their_words(tmp_path: Path) -> None:
    text = "Which of these is NOT a red fish?"
    source = english(
        stem=text,
        marks=(Mark(field="stem", start=18, end=21, kind="bold"), Mark(field="stem", start=24, end=32, kind="italics")),
        rationales=(
            Rationale(
                text="The red fish has 2 gills.", language="en", spans=(Span(start=4, end=7), Span(start=17, end=24))
            ),
        ),
    )
    to_frame([source], Item).write_parquet(tmp_path / "en.parquet")
    wish = TranslateWish(to=["es"], engines=[EngineWish("apertium")], cache=tmp_path / "cache")
    run = translate_items([tmp_path / "en.parquet"], tmp_path / "es.parquet", wish)
    (made,) = from_frame(pl.read_parquet(tmp_path / "es.parquet"), Item)
    assert [made.stem[one.start : one.end] for one in made.marks] == ["NO", "pescado rojo"]
    assert [made.rationales[0].text[one.start : one.end] for one in made.rationales[0].spans] == ["rojo", "2 gills"]
    assert set(run.told["outcome"]) == {"kept"}


@pytest.mark.parametrize("after", [70])
def test_killed_and_continued_it_gives_the_same_bytes(tmp_path: Path, after: int) -> None:
    stem = "The fish number {} has {} red gills, which is it?"
    items = [english(number, stem=stem.format(number, number * 7)) for number in range(1, 150)]
    to_frame(items, Item).write_parquet(tmp_path / "en.parquet")

    def start(name: str) -> subprocess.Popen[bytes]:
        program = Path(sys.executable).with_name("benchwright")
        command = [str(program), "translate", str(tmp_path / "en.parquet"), "--to", "es", "--engine", "apertium"]
        command += ["-o", str(tmp_path / name / "es.parquet"), "--cache", str(tmp_path / name / "done")]
        (tmp_path / name).mkdir(exist_ok=True)
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)

    def whole(name: str) -> bytes:
        process = start(name)
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return (tmp_path / name / "es.parquet").read_bytes()

    expected = whole("whole")
    process = start("broken")
    while _done(tmp_path / "broken" / "done") < after and process.poll() is None:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (tmp_path / "broken" / "es.parquet").exists()
    assert whole("broken") == expected


def _done(path: Path) -> int:
    """Return how many translations are on disk."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
            return int(base.execute("select count(*) from done").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
