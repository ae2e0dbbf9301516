"""The commands `translate`, `translate export` and `translate import` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.schemas import Item
from benchwright.schemas.rows import to_frame
from tests.builder.translate.test_run import english
from tests.builder.translate.toy import Bench


def run(*arguments: str | Path, code: int = 0) -> str:
    outcome = CliRunner().invoke(app, [str(one) for one in arguments])
    assert outcome.exit_code == code, outcome.output
    return outcome.output


def source(folder: Path) -> Path:
    path = folder / "items.parquet"
    to_frame([english(1), english(2)], Item).write_parquet(path)
    return path


def test_items_are_translated_and_told_as_json(bench: Bench) -> None:
    items, out = source(bench.folder), bench.folder / "es.parquet"
    arguments = (
        "translate",
        items,
        "--to",
        "es",
        "--engine",
        "toy",
        "-o",
        out,
        "--cache",
        bench.folder / "c",
        "--json",
    )
    told = json.loads(run(*arguments))
    assert (told["exit_code"], told["made"], told["kept"], told["rejected"]) == (0, 2, 0, 0)
    assert told["ledger"][0]["rows_in"] == 2
    assert json.loads(run(*arguments))["kept"] == 2


def test_a_dry_run_writes_nothing(bench: Bench) -> None:
    items, out = source(bench.folder), bench.folder / "es.parquet"
    arguments = ("translate", items, "--to", "es,fr", "--engine", "toy", "-o", out, "--cache", bench.folder / "c")
    rows = json.loads(run(*arguments, "--dry-run", "--json"))["dry_run"]
    assert [(row["language"], row["items"], row["to_make"], row["texts"]) for row in rows] == [
        ("es", 2, 2, 5),
        ("fr", 2, 2, 5),
    ]
    assert rows[0]["cost"] == rows[0]["tokens_in"] * 0.5
    assert not out.exists()
    assert bench.engine.calls == []


@pytest.mark.parametrize("missing", ["--to", "--engine", "items"])
def test_what_is_missing_is_asked_for(bench: Bench, missing: str) -> None:
    given: dict[str, list[str | Path]] = {
        "items": [source(bench.folder)],
        "--to": ["--to", "es"],
        "--engine": ["--engine", "toy"],
    }
    run("translate", *(one for name, words in given.items() if name != missing for one in words), code=2)


def test_sub_commands_are_found_and_the_engines_listed(tmp_path: Path) -> None:
    assert "Usage: benchwright translate" in run("translate", "--help").replace("root", "benchwright")
    assert "--price" in run("translate", "export", "--help")
    assert "--sent" in run("translate", "import", "--help")
    assert {"apertium", "openai", "transformers", "script"} <= set(
        json.loads(run("translate", "--engines", "--json"))["engines"]
    )


def test_files_go_to_translators_and_come_back(tmp_path: Path) -> None:
    items = source(tmp_path)
    told = json.loads(
        run(
            "translate",
            "export",
            items,
            "--to",
            "es",
            "--format",
            "csv",
            "--price",
            "0.1",
            "-o",
            tmp_path / "out",
            "--json",
        )
    )
    assert told["counts"][0]["words"] == 14
    assert told["counts"][0]["repeated"] == 5
    back = (tmp_path / "out/es.csv").read_text(encoding="utf-8-sig").replace('","","', '","hecho","', 1)
    (tmp_path / "back.csv").write_text(back, encoding="utf-8")
    taken = json.loads(
        run("translate", "import", tmp_path / "back.csv", "--sent", tmp_path / "out/es.sent.parquet", "--items", items,
            "-o", tmp_path / "es.parquet", "--json")
    )  # fmt: skip
    assert (taken["items"], taken["rejected"]) == (0, 2)
