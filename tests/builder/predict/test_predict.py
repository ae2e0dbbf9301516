"""A model behind a real local server answers items; a stopped run goes on, and nothing is asked twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.predict import PredictWish, predict_items
from benchwright.builder.predict._asked import ask
from benchwright.builder.predict._chat import ChatModel
from benchwright.schemas import Item
from benchwright.schemas.errors import InputError
from benchwright.schemas.rows import table_schema, to_frame
from benchwright.schemas.tables import Prediction
from tests.audits.clean import exam, item
from tests.builder.helpers import run_program

WORD = "ninguna"
"""The text of option C of every item."""
ITEMS = exam(6)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen([sys.executable, str(Path(__file__).with_name("server.py")), str(folder), WORD])
    try:
        while not (folder / "port").exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield f"http://127.0.0.1:{(folder / 'port').read_text()}/v1", folder
    finally:
        process.kill()
        process.wait()


def model(server: tuple[str, Path]) -> ChatModel:
    return ChatModel(server[0], "toy", backoff=0.01, timeout=20.0)


def requests(server: tuple[str, Path]) -> list[dict[str, str]]:
    path = server[1] / "requests.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_letters_become_ids_of_options(server: tuple[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "predictions.parquet"
    run = predict_items(to_frame(ITEMS, Item), model(server), PredictWish(), out)
    table = pl.read_parquet(out)
    assert table.schema == table_schema(Prediction)
    assert set(table["answer"]) == {"C"}
    assert (run.asked, run.cached, run.unread, run.failed) == (12, 0, 0, [])
    assert run.accuracy == {"en": (0, 6), "es": (0, 6)}


def test_shuffled_options_are_mapped_back(server: tuple[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "predictions.parquet"
    predict_items(to_frame(ITEMS, Item), model(server), PredictWish("shuffled", repeats=2, seed=7), out)
    table = pl.read_parquet(out)
    assert set(table["answer"]) == {"C"}
    orders = {tuple(order) for order in table["shown"].to_list() if order}
    assert len(orders) > 2
    assert {tuple(sorted(order)) for order in orders} == {("A", "B", "C", "D")}


def test_conditions_change_what_is_shown() -> None:
    row = to_frame([item(1, stem="uno dos tres cuatro")], Item).row(0, named=True)
    shown = {name: ask(row, name, 0, 0) for name in ("full", "options-only", "truncated")}
    texts = {name: one.prompt for name, one in shown.items() if one}
    assert "uno dos tres cuatro" in texts["full"]
    assert "uno" not in texts["options-only"]
    assert "ninguna" in texts["options-only"]
    assert "uno dos" in texts["truncated"]
    assert "tres" not in texts["truncated"]


def test_a_stopped_run_asks_what_is_missing(server: tuple[str, Path], tmp_path: Path) -> None:
    items = to_frame([item(number, stem=f"resume {number}") for number in range(1, 9)], Item)
    out = tmp_path / "predictions.parquet"
    whole = predict_items(items, model(server), PredictWish(), out)
    first = out.read_bytes()
    log = out.with_name(f"{out.name}.replies.jsonl")
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:5]) + lines[5][:20])
    before = len(requests(server))
    again = predict_items(items, model(server), PredictWish(), out)
    assert (whole.asked, again.asked, again.cached) == (8, 3, 5)
    assert len(requests(server)) == before + 3
    assert out.read_bytes() == first


def test_faults_are_tried_again_or_told(server: tuple[str, Path], tmp_path: Path) -> None:
    items = [item(1, stem="flaky"), item(2, stem="broken"), item(3, stem="silent"), item(4)]
    out = tmp_path / "predictions.parquet"
    run = predict_items(to_frame(items, Item), model(server), PredictWish(), out)
    table = dict(pl.read_parquet(out).select("item_id", "answer").iter_rows())
    assert table == {items[0].id: "C", items[2].id: None, items[3].id: "C"}
    assert [name for name, _ in run.failed] == [items[1].id]
    assert "400" in run.failed[0][1]
    assert run.unread == 1
    again = predict_items(to_frame(items, Item), model(server), PredictWish(), out)
    assert (again.cached, len(again.failed)) == (3, 1)


def test_a_missing_key_is_told(server: tuple[str, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NO_SUCH_KEY"):
        predict_items(
            to_frame(ITEMS, Item), replace(model(server), key_env="NO_SUCH_KEY"), PredictWish(), tmp_path / "p.parquet"
        )


def test_command(server: tuple[str, Path], tmp_path: Path) -> None:
    to_frame(ITEMS, Item).write_parquet(tmp_path / "items.parquet")
    told = ["predict", str(tmp_path / "items.parquet"), "--model", server[0], "--name", "toy"]
    dry = run_program(*told, "-o", str(tmp_path / "p.parquet"), "--dry-run", "--json")
    assert json.loads(dry.stdout)["prompts"] == 12
    done = run_program(*told, "-o", str(tmp_path / "p.parquet"), "--condition", "options-only", "--json")
    assert json.loads(done.stdout)["asked"] == 12
    assert pl.read_parquet(tmp_path / "p.parquet")["condition"].unique().to_list() == ["options-only"]
    assert run_program(*told, "-o", str(tmp_path / "p.parquet"), "--condition", "no").returncode == 2
