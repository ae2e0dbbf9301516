"""Real collections of questions and answers, items of entries, and the command."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.forums import import_forum
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame
from benchwright.sources._forum.profile import Profile
from tests.sources.forum import dumps
from tests.sources.forum.test_dumps import read

DATA = Path(os.environ.get("BENCHWRIGHT_DATA", Path(__file__).parents[4] / "shared" / "data"))


@pytest.mark.data
@pytest.mark.parametrize(("name", "entries", "answers"), [("medquad", 802, 802), ("mediqa2019", 708, 839)])
def test_collections_of_questions_are_imported_whole(name: str, entries: int, answers: int) -> None:
    if not (DATA / name).is_dir():
        pytest.skip(f"no real data in {DATA}: set BENCHWRIGHT_DATA")
    found, rejects, report = read(DATA / name)
    assert rejects == []
    assert found.height == found["id"].n_unique() == entries
    assert int(found["answers"].list.len().sum()) == answers
    assert report.posts == entries + answers
    assert not found["question"].str.contains(r"<[a-z]+>|&lt;|&amp;").any()


@pytest.mark.parametrize("write", [dumps.as_mysql, dumps.as_pages, dumps.as_nested], ids=lambda write: write.__name__)
def test_entries_become_items_that_obey_the_schema(tmp_path: Path, write: object) -> None:
    path = write(tmp_path)  # type: ignore[operator]
    run = import_forum([path], tmp_path / "out" / "items.parquet", language="en", site="forum x")
    items = {one.kind: one for one in from_frame(pl.read_parquet(run.written[0]), Item)}
    assert set(items) == {"dialogue", "open"}
    heart, rash = items["dialogue"], items["open"]
    assert heart.stem.startswith("Heart beats at night\nI can't sleep")
    assert [one.role for one in heart.turns] == ["patient", "doctor", "patient"]
    assert [one.text for one in rash.rationales] == ["Use DROP TABLE users; cream, and rest."]
    assert (rash.key.status, rash.key.accepted, rash.exam.edition) == ("unknown", (), "2021")
    assert rash.group.startswith("forum%20x/")
    assert rash.provenance[0].sha256 is not None
    assert {(one.taxonomy, one.value) for one in rash.labels} == {("category", "Skin")}
    ledger = run.ledger
    assert (ledger.rows_in, ledger.rows_out, ledger.rows_merged, ledger.rows_rejected) == (5, 2, 3, 0)


def test_answers_are_keys_only_where_the_profile_says_so(tmp_path: Path) -> None:
    path = dumps.as_stackexchange(tmp_path)
    for which, expected in (("none", ()), ("accepted", ("It's likely benign. Take 10 mg once.",))):
        profile = Profile.model_validate({"language": "en", "answers_as_key": which})
        run = import_forum([path], tmp_path / f"{which}.parquet", profile=profile)
        items = {one.stem.split("\n")[0]: one for one in from_frame(pl.read_parquet(run.written[0]), Item)}
        assert items["Heart beats at night"].key.accepted == expected
        assert items["Heart beats at night"].key.status == ("provisional" if expected else "unknown")


def test_the_command_imports_a_forum(tmp_path: Path) -> None:
    out = tmp_path / "items.parquet"
    profile = tmp_path / "profile.yaml"
    profile.write_text("site: our-forum\nlicence: CC-BY-4.0\n", "utf-8")
    arguments = ["import", str(dumps.as_csv(tmp_path)), "--layout", "forum", "--lang", "en", "-o", str(out), "--json"]
    result = CliRunner().invoke(app, [*arguments, "--mapping", str(profile)])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert (said["items"], said["rejects"], said["records"]) == (2, 0, 5)
    items = from_frame(pl.read_parquet(out), Item)
    assert {one.licence.id for one in items} == {"CC-BY-4.0"}
    assert all(one.group.startswith("our-forum/") for one in items)
