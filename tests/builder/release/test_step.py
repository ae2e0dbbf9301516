"""The number of a version follows what changed, and what did not change keeps its bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchwright.builder.release import make_release, plan_release, verify_release
from benchwright.builder.release._bump import least_step
from benchwright.schemas import DerivedFrom, Item
from benchwright.schemas.errors import ReleaseError
from tests.builder.release.project import make_project, say_current, without_licence
from tests.builder.release.reading import manifest_of
from tests.schemas.strategies import plain_item


def first() -> list[Item]:
    return [plain_item(1), plain_item(2), plain_item(3), plain_item(1, language="en", origin="official_translation")]


def french() -> Item:
    source = first()[0]
    made_from = DerivedFrom(id=source.id, text_hash=source.hashes.text_hash)
    return plain_item(1, language="fr", origin_language="es", origin="machine_translation", derived_from=made_from)


def rekeyed(item: Item) -> Item:
    return item.replace(key=item.key.model_copy(update={"answers": (("D",),)}))


CHANGES: dict[str, tuple[list[Item], str]] = {
    "nothing": (first(), "patch"),
    "text": ([first()[0].replace(stem="Corregida"), *first()[1:]], "patch"),
    "tier": ([first()[0].replace(tier="gold"), *first()[1:]], "patch"),
    "added": ([*first(), plain_item(4)], "minor"),
    "language": ([*first(), french()], "minor"),
    "removed": (first()[1:], "major"),
    "language removed": (first()[:3], "major"),
    "key": ([rekeyed(first()[0]), *first()[1:]], "major"),
    "key and added": ([rekeyed(first()[0]), *first()[1:], plain_item(4)], "major"),
    "withheld": (without_licence(first()), "major"),
}
NEXT = {"patch": "1.0.1", "minor": "1.1.0", "major": "2.0.0"}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_the_step_is_checked_and_next_chooses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    say_current(monkeypatch)
    items, step = CHANGES[name]
    project = make_project(tmp_path / "p", first(), findings=[], pictures=())
    make_release(project, "1.0.0")
    make_project(project, items, findings=[], pictures=())
    for level in ("patch", "minor", "major"):
        if level == step:
            break
        with pytest.raises(ReleaseError, match="version-too-low") as caught:
            plan_release(project, NEXT[level])
        assert NEXT[step] in str(caught.value.problems[0].expected)
    assert plan_release(project, "3.0.0").step == step
    release = make_release(project, "next")
    assert release.name == NEXT[step]
    assert verify_release(release).ok
    assert not (project / "release" / "3.0.0").exists()


def test_before_one_a_minor_step_is_enough_for_everything(project: Path) -> None:
    make_release(project, "0.1.0")
    make_project(project, first(), findings=[], pictures=())
    with pytest.raises(ReleaseError, match="version-too-low"):
        make_release(project, "0.1.1")
    assert make_release(project, "next").name == "0.2.0"


def test_the_first_release_is_one(project: Path) -> None:
    assert make_release(project, "next").name == "1.0.0"


def test_a_language_that_is_added_leaves_the_files_of_the_others_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_current(monkeypatch)
    project = make_project(tmp_path / "p", first(), findings=[], pictures=())
    old = make_release(project, "1.0.0")
    make_project(project, [*first(), french()], findings=[], pictures=())
    new = make_release(project, "1.1.0")
    names = {path.relative_to(new).as_posix() for path in new.glob("data/*/*.parquet")}
    added = {"data/fr/test-machine-raw.parquet"}
    assert names - added == {path.relative_to(old).as_posix() for path in old.glob("data/*/*.parquet")}
    for name in names - added:
        assert (new / name).read_bytes() == (old / name).read_bytes()
    changes = manifest_of(new).facts["changes"]
    assert changes["languages_added"] == ["fr"]
    assert changes["added"] == [french().id]
    configs = {(row["config"], row["by"]) for row in manifest_of(new).facts["configs"]}
    assert configs == {
        ("en", "language"),
        ("es", "language"),
        ("fr", "language"),
        ("native", "origin"),
        ("official", "origin"),
        ("machine", "origin"),
        ("raw", "tier"),
    }


def test_words_say_which_items_demand_the_step() -> None:
    nothing: dict[str, list[str]] = {name: [] for name in ("removed", "key", "withdrawn", "added", "published")}
    assert least_step(nothing) == ("patch", [])
    level, why = least_step({**nothing, "key": ["a", "b", "c", "d"]})
    assert level == "major"
    assert why == ["4 items re-keyed: a, b, c and 1 more"]


def test_a_dry_run_says_what_would_change_and_writes_nothing(project: Path) -> None:
    from benchwright.builder.cli import app

    make_release(project, "1.0.0")
    make_project(project, first(), findings=[], pictures=())
    done = CliRunner().invoke(app, ["release", str(project), "--version", "next", "--dry-run", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["version"], told["step"]) == ("2.0.0", "major")
    assert [path.name for path in (project / "release").iterdir()] == ["1.0.0"]
