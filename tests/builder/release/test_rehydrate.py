"""Texts that a release withholds come back from the papers, and from no others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from benchwright.builder.release import make_release, verify_release
from benchwright.builder.release.rehydrate import rehydrate
from benchwright.builder.run import run_build
from benchwright.schemas.errors import InputError
from tests.builder.fakes import RECIPE, answers, questions, write_project

pytestmark = pytest.mark.usefixtures("toy")


def run(*words: object) -> Result:
    from benchwright.builder.cli import app

    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def withheld(tmp_path: Path) -> Path:
    """A project of unknown licence with its release."""
    folder = write_project(tmp_path / "p", {"1.txt": questions(3, figures=[2]), "key1.txt": answers(3)}, RECIPE)
    run_build(folder, jobs=1)
    make_release(folder, "1.0.0")
    return folder


def test_texts_and_pictures_come_back_and_are_checked(withheld: Path, tmp_path: Path) -> None:
    release = withheld / "release" / "1.0.0"
    assert verify_release(release).ok
    assert pl.read_parquet(release / "data/es/test-native-raw.parquet")["stem"].null_count() == 3
    done = run("rehydrate", release, "--raw", withheld / "raw", "-o", tmp_path / "whole", "--jobs", "1")
    assert done.exit_code == 0, done.output
    assert "3 items restored, 0 not" in done.output
    whole, built = (pl.read_parquet(path / "items.parquet") for path in (tmp_path / "whole", withheld / "build"))
    assert whole.drop("revision").equals(built.drop("revision"))
    media = [path.name for path in (tmp_path / "whole" / "media").iterdir()]
    assert media == [path.name for path in (withheld / "build" / "media").iterdir()]
    assert json.loads((tmp_path / "whole" / "rehydrated.json").read_text())["restored"] == 3


def test_another_text_is_refused_and_named(withheld: Path, tmp_path: Path) -> None:
    papers = Path(shutil.copytree(withheld / "raw", tmp_path / "papers"))
    paper = papers / "1.txt"
    paper.write_text(paper.read_text().replace("2 pregunta 2", "2 otra").replace("3 pregunta 3\n", ""))
    result = rehydrate(withheld / "release" / "1.0.0", papers, tmp_path / "whole", jobs=1)
    assert result.restored == 1
    assert list(result.differing.values()) == [["stem"]]
    assert len(result.missing) == 1
    assert list(result.papers) == ["raw/1.txt"]
    items = pl.read_parquet(tmp_path / "whole" / "items.parquet")
    assert items["stem"].null_count() == 2
    done = run("rehydrate", withheld / "release" / "1.0.0", "--raw", papers, "-o", tmp_path / "again", "--jobs", "1")
    assert done.exit_code == 1
    assert "verify-failed" in done.output


def test_texts_that_were_corrected_come_back_with_the_corrections(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "p", {"1.txt": questions(3), "key1.txt": answers(3)}, RECIPE)
    fix = {
        "id": "toy/2024/1/002@es",
        "field": "stem",
        "hash_before": "",
        "before": "pregunta 2",
        "after": "¿Pregunta 2?",
    }
    line = json.dumps({**fix, "reason": "question marks", "by": "ana", "at": "2026-01-01"}, ensure_ascii=False)
    (folder / "patches").mkdir()
    (folder / "patches" / "2026.jsonl").write_text(line + "\n", encoding="utf-8")
    run_build(folder, jobs=1)
    release = make_release(folder, "1.0.0")
    for path in release.rglob("*"):
        assert not path.is_file() or "¿Pregunta 2?".encode() not in path.read_bytes(), path.name
    words = ["rehydrate", release, "--raw", folder / "raw", "--jobs", "1"]
    bare = run(*words, "-o", tmp_path / "bare")
    assert bare.exit_code == 1
    assert "2 items restored, 1 not" in bare.output
    assert "--patches" in bare.output
    done = run(*words, "--patches", folder / "patches/2026.jsonl", "-o", tmp_path / "whole")
    assert done.exit_code == 0, done.output
    whole = pl.read_parquet(tmp_path / "whole" / "items.parquet")
    assert "¿Pregunta 2?" in whole["stem"].to_list()
    other = tmp_path / "other.jsonl"
    other.write_text(line.replace("¿Pregunta 2?", "¿Pregunta dos?") + "\n", encoding="utf-8")
    wrong = rehydrate(release, folder / "raw", tmp_path / "wrong", patches=[other], jobs=1)
    assert wrong.differing == {fix["id"]: ["stem"]}
    absent = run(*words, "--patches", tmp_path / "none.jsonl", "-o", tmp_path / "x")
    assert absent.exit_code == 2
    assert "file-not-found" in absent.output


def test_what_is_no_release_and_no_papers_is_an_error(withheld: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="manifest"):
        rehydrate(tmp_path, withheld / "raw", tmp_path / "whole")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="papers"):
        rehydrate(withheld / "release" / "1.0.0", tmp_path / "empty", tmp_path / "whole")
