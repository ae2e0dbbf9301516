"""`link`, `export` and `import --link-to` as commands."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from benchwright.builder.cli import app
from tests.sources.layouts.bank import FIXTURES

CAREQA = FIXTURES / "careqa" / "CareQA_en.json"


def _run(*words: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, [str(word) for word in words])
    return outcome.exit_code, outcome.stdout


def test_import_export_and_link(tmp_path: Path) -> None:
    items = tmp_path / "items.parquet"
    assert _run("import", CAREQA, "-o", items)[0] == 0
    code, said = _run("export", items, "--to", "layout:medmcqa", "-o", tmp_path / "out.jsonl", "--json")
    assert code == 0
    told = json.loads(said)
    assert (told["records"], told["refused"], told["checked"]) == (12, [], 12)
    assert told["losses"]["labels.category"] == 12
    code, said = _run("link", items, items, "-o", tmp_path / "links.parquet", "--json")
    assert (code, json.loads(said)["kinds"]) == (0, {"id": 12})
    assert pl.read_parquet(tmp_path / "links.parquet").columns == ["left", "right", "kind", "evidence"]
    assert pl.read_parquet(tmp_path / "links.doubtful.parquet").is_empty()


def test_import_with_older_ids(tmp_path: Path) -> None:
    old, new = tmp_path / "old" / "items.parquet", tmp_path / "new" / "items.parquet"
    assert _run("import", CAREQA, "-o", old, "--dataset", "first")[0] == 0
    code, said = _run("import", CAREQA, "-o", new, "--dataset", "second", "--link-to", old, "--json")
    assert code == 0
    assert json.loads(said)["carried"] == {"carried": 12, "changed": 12, "renamed": 0, "listed": 0}
    assert pl.read_parquet(new)["id"].to_list() == pl.read_parquet(old)["id"].to_list()


def test_wrong_words_are_named(tmp_path: Path) -> None:
    assert _run("export", tmp_path, "--to", "medmcqa", "-o", tmp_path / "x.csv")[0] == 2
    assert _run("export", tmp_path, "-o", tmp_path / "x.csv")[0] == 2
    assert _run("link", tmp_path, tmp_path, "--by", "luck")[0] == 2
    assert _run("link", tmp_path, tmp_path)[0] == 2
