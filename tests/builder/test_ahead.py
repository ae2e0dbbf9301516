"""What `new` read of booklets serves the next build, which ends with the same bytes as one that reads everything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchwright import sources
from benchwright.builder.new import new_project
from benchwright.builder.recipe import load_recipe, place_files
from benchwright.builder.run import run_build
from benchwright.builder.stages._facts import plain_job
from benchwright.builder.stages.ahead import AheadStore
from benchwright.builder.store import MediaStore, read_json
from benchwright.schemas.item import Item
from benchwright.schemas.papers import PaperJob
from tests.typesetter.layout import Layout
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam
from tests.typesetter.versions import booklet_version, print_versions

BOOKLETS = 4


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `new` leaves it: two sections, figures and shared texts, a key inside, two printed versions."""
    folder = tmp_path_factory.mktemp("ahead")
    raw = folder / "exam" / "raw"
    raw.mkdir(parents=True)
    parted = print_exam(random_exam(5, "es", 14, parts=2), Layout(key_format="columns"), folder / "a")
    shutil.copy(parted.booklet, raw / "examen-2029-1.pdf")
    shutil.copy(parted.keys[0], raw / "clave-2029-1.pdf")
    whole = print_exam(random_exam(6, "es", 12), Layout(key_format="last-page", columns=2), folder / "b")
    shutil.copy(whole.booklet, raw / "examen-2030-1.pdf")
    exam = random_exam(7, "es", 12, options=(4, 4), parts=1)
    versions = [booklet_version(exam, name, 3) for name in "AB"]
    printed, _ = print_versions(versions, Layout(key_format="columns"), folder / "c")
    for version, one in zip(versions, printed, strict=True):
        shutil.copy(one.booklet, raw / f"examen-2031-1-{version.version}.pdf")
    new_project(folder / "exam")
    return folder / "exam"


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "exam"))


def kept(project: Path) -> list[Path]:
    return list((project / "build/stages/ahead").glob("*"))


def jobs(project: Path) -> list[PaperJob]:
    placed = place_files(load_recipe(project), project / "raw")
    return [plain_job(job) for job in placed.papers]


def files(project: Path) -> dict[str, object]:
    root = project / "build"
    found: dict[str, object] = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name not in {"log.txt", ".lock", "manifest.json"}
    }
    return {**found, "manifest": {**(read_json(root / "manifest.json") or {}), "run": None}}


def test_a_build_ends_with_the_same_bytes(project: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(project, tmp_path / "other" / "exam"))
    shutil.rmtree(other / "build")
    assert len(kept(project)) == BOOKLETS
    run_build(project, jobs=1)
    run_build(other, jobs=1)
    assert files(project) == files(other)
    assert not kept(project)


@pytest.mark.parametrize("place", [("a b", "2030/2", "é", None), ("x", "1", "1+B", "B")])
def test_any_place_is_filled_in(project: Path, tmp_path: Path, place: tuple[str, str, str, str | None]) -> None:
    exam, edition, part, booklet = place
    store, taken, read = AheadStore(project / "build"), MediaStore(tmp_path / "1"), MediaStore(tmp_path / "2")
    for job in jobs(project):
        at = job.model_copy(update={"exam": exam, "edition": edition, "part": part, "booklet": booklet})
        ahead = store.take(at, taken)
        plain = list(sources.parse_paper(project / "raw" / job.file, at, read))
        assert ahead is not None
        assert [one for one in ahead if isinstance(one, Item)] == [one for one in plain if isinstance(one, Item)]
        assert sorted(map(repr, ahead)) == sorted(map(repr, plain))
    assert taken.names == read.names


def test_what_the_recipe_changes_is_read_anew(project: Path, tmp_path: Path) -> None:
    store, media = AheadStore(project / "build"), MediaStore(tmp_path / "1")
    job = jobs(project)[0]
    assert store.take(job, media) is not None
    assert job.layout is not None
    edited = job.layout.model_copy(update={"columns": 3})
    for changes in (
        {"language": "pt"},
        {"sha256": "0" * 64},
        {"layout": edited},
        {"layout": edited.model_copy(update={"chosen": edited.digest()})},
        {"layout": None},
        {"expect": 500},
        {"table": "Key"},
    ):
        assert store.take(job.model_copy(update=changes), media) is None


def test_a_damaged_entry_is_not_taken(project: Path, tmp_path: Path) -> None:
    for folder in kept(project):
        (folder / "items.parquet").write_bytes(b"")
    assert all(AheadStore(project / "build").take(job, MediaStore(tmp_path / "1")) is None for job in jobs(project))
    run_build(project, jobs=1)


def test_a_trial_leaves_the_others_for_the_whole_run(project: Path) -> None:
    run_build(project, jobs=1, overrides=("limit=1",))
    assert len(kept(project)) == BOOKLETS
    run_build(project, jobs=1, force=True)
    assert not kept(project)
