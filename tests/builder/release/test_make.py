"""What a release holds, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from ruamel.yaml import YAML

from benchwright.builder.release import _tables, _write, make_release, verify_release
from benchwright.builder.release._card import card_text, render_card
from benchwright.builder.release._tables import item_schema
from benchwright.builder.release._trace import untraced_numbers
from benchwright.builder.tables import items_table
from benchwright.schemas import Finding, Item, Media
from benchwright.schemas.errors import GateError, OutputError, ReleaseError
from benchwright.schemas.rows import from_frame, to_frame
from tests.builder.release.project import (
    RECIPE,
    make_project,
    ordinary_items,
    picture,
    pictured,
    say_current,
)
from tests.builder.release.reading import all_bytes, code_of, data_of, manifest_of
from tests.schemas.strategies import plain_item


def test_the_items_of_a_release_are_those_of_the_build(released: Path) -> None:
    frame = data_of(released)
    back = from_frame(frame.select(list(Item.model_fields)), Item)
    wanted = sorted(ordinary_items(), key=lambda item: item.id)
    assert back == [item.model_copy(update={"revision": 1}) for item in wanted]
    assert frame.schema == item_schema()
    assert verify_release(released).ok


def test_pictures_stand_in_the_row_of_their_item(released: Path) -> None:
    by_number = {
        row["exam"]["number"]: row for row in data_of(released).iter_rows(named=True) if row["language"] == "es"
    }
    assert [image["bytes"] for image in by_number["2"]["images"]] == [picture()]
    assert by_number["2"]["images"][0]["path"] == by_number["2"]["media"][0]["file"]
    assert by_number["1"]["images"] == []


def test_the_same_build_gives_the_same_bytes_wherever_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    first = make_project(tmp_path / "one")
    release = make_release(first, "1.0.0")
    second = tmp_path / "far" / "two"
    shutil.copytree(first, second, ignore=shutil.ignore_patterns("release"))
    manifest = json.loads((second / "build" / "manifest.json").read_text())
    manifest["run"] = {"started": "2031-01-01T00:00:00+00:00", "jobs": 64}
    (second / "build" / "manifest.json").write_text(json.dumps(manifest))
    assert all_bytes(make_release(second, "1.0.0")) == all_bytes(release)


def test_nothing_of_the_machine_or_the_clock_is_in_a_release(released: Path) -> None:
    assert manifest_of(released).run == {}
    for name, data in all_bytes(released).items():
        assert str(released.parent.parent).encode() not in data, name


def test_the_canary_is_drawn_once_and_stands_in_every_file(released: Path, tmp_path: Path) -> None:
    canary = manifest_of(released).facts["canary"]
    for name, data in all_bytes(released).items():
        assert name == "SHA256SUMS" or canary.encode() in data, name
    for path in released.rglob("*.parquet"):
        assert pl.read_parquet(path)["canary"].unique().to_list() == [canary]
        assert pl.read_parquet_metadata(path)["canary"] == canary


def test_a_release_is_read_where_a_table_of_items_is_asked_for(released: Path) -> None:
    assert items_table(released)["id"].to_list() == data_of(released)["id"].to_list()


def test_two_datasets_have_two_canaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    canaries = set()
    for name in ("a", "b"):
        release = make_release(make_project(tmp_path / name), "1.0.0")
        canaries.add(manifest_of(release).facts["canary"])
    assert len(canaries) == 2


def test_every_number_of_the_card_comes_from_the_manifest(released: Path) -> None:
    manifest = manifest_of(released)
    body = card_text(manifest).split("\n---\n", 1)[1]
    for known in (manifest.facts["canary"], str(manifest.version), "(https://creativecommons.org/licenses/by/4.0/)"):
        body = body.replace(known, "")
    names = {str(row[name]) for row in manifest.facts["editions"] for name in ("edition", "part")}
    assert set(untraced_numbers(body)) <= names
    shifted = manifest.model_copy(update={"counts": {name: 7_000_000 + n for n, name in enumerate(manifest.counts)}})
    for name in ("items", "questions", "pictures", "findings", "rejects", "keys_annulled"):
        assert str(shifted.counts[name]) in render_card(shifted), name


def test_each_number_of_the_card_is_followed_to_its_line_of_the_manifest(released: Path) -> None:
    card = (released / "README.md").read_text(encoding="utf-8").splitlines()
    lines = (released / "manifest.json").read_text(encoding="utf-8").split("\n")
    manifest = json.loads((released / "manifest.json").read_text(encoding="utf-8"))
    _, head, *rows = (released / "numbers.tsv").read_text(encoding="utf-8").splitlines()
    assert head.split("\t") == ["file", "line", "number", "from", "pointer", "at line"]
    assert len(rows) > 30
    for row in rows:
        _, line, number, _, pointer, at = row.split("\t")
        assert number in card[int(line) - 1]
        assert number in lines[int(at) - 1]
        value = manifest
        for part in pointer.split("/")[1:]:
            value = value[int(part) if isinstance(value, list) else part.replace("~1", "/").replace("~0", "~")]
        assert str(value) == number


def test_the_front_matter_is_what_the_hub_expects(released: Path) -> None:
    huggingface_hub = pytest.importorskip("huggingface_hub")
    text = (released / "README.md").read_text(encoding="utf-8")
    matter = YAML(typ="safe").load(text.split("---\n")[1])
    assert matter["license"] == "cc-by-4.0"
    assert matter["language"] == ["en", "es"]
    assert matter["task_categories"] == ["multiple-choice", "visual-question-answering"]
    assert matter["size_categories"] == ["n<1K"]
    card = huggingface_hub.DatasetCard(text)
    assert card.data.pretty_name == "Exam of the land of XX"
    assert [one["config_name"] for one in card.data.configs] == ["en", "es", "native", "official", "raw"]


def test_the_datasets_library_loads_it_with_pictures_as_images(released: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    for config, number in (("es", 4), ("en", 1)):
        loaded = datasets.load_dataset(str(released), config, split="test", cache_dir=str(tmp_path))
        assert loaded.num_rows == number
        assert loaded.features["images"] == datasets.List(datasets.Image())
        ids = data_of(released).filter(pl.col("language") == config)["id"].to_list()
        assert loaded["id"] == ids
    spanish = datasets.load_dataset(str(released), "es", split="test", cache_dir=str(tmp_path))
    (image,) = spanish[1]["images"]
    assert image.size == (4, 3)
    assert spanish[0]["options"][0]["text"] == "Respuesta A1"
    assert spanish[3]["key"]["answers"] == [["A"], ["C"]]


@pytest.mark.parametrize("version", ["", "1", "1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0\n", "../1.0.0", "１.0.0"])
def test_a_version_is_three_numbers(project: Path, version: str) -> None:
    assert code_of(project, version) == "version-invalid"


def test_a_release_is_never_changed(project: Path) -> None:
    release = make_release(project, "1.0.0")
    before = all_bytes(release)
    with pytest.raises(ReleaseError, match="version-exists"):
        make_release(project, "1.0.0")
    assert all_bytes(release) == before


@pytest.mark.parametrize("state", ["stale", "missing"])
def test_a_build_that_is_not_finished_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    say_current(monkeypatch, state)
    assert code_of(project) == "release-not-built"


def test_a_project_without_a_build_is_refused(project: Path) -> None:
    shutil.rmtree(project / "build")
    assert code_of(project) == "release-not-built"


def test_a_picture_that_is_not_the_one_of_its_item_is_refused(project: Path) -> None:
    (path,) = (project / "build" / "media").iterdir()
    path.write_bytes(picture("blue"))
    assert code_of(project) == "release-not-built"
    path.unlink()
    assert code_of(project) == "release-not-built"


def test_nothing_to_release_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    recipe = RECIPE.replace("exams:", "gate: {missing_numbers: null}\nexams:")
    assert code_of(make_project(tmp_path / "p", [], findings=[], recipe=recipe)) == "release-no-items"


def test_an_open_critical_finding_stops_the_release_and_a_waived_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_current(monkeypatch)
    item = plain_item(1)
    finding = Finding(
        subject=item.id, item_id=item.id, code="S001", severity="critical", message="key E", signature="s"
    )
    with pytest.raises(GateError, match="S001 xx-exam") as caught:
        make_release(make_project(tmp_path / "open", [item], findings=[finding]), "1.0.0")
    assert caught.value.exit_code == 1
    waived = finding.model_copy(update={"waived": True})
    release = make_release(make_project(tmp_path / "waived", [item], findings=[waived]), "1.0.0")
    assert manifest_of(release).counts["findings_waived"] == 1
    assert "accepted by name in the recipe (waived): 1" in (release / "README.md").read_text()


def test_a_recipe_may_release_some_languages_and_the_ledger_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_current(monkeypatch)
    project = make_project(tmp_path / "p", recipe=f"{RECIPE}release: {{configs: [es]}}\n")
    release = make_release(project, "1.0.0")
    assert [path.name for path in (release / "data").iterdir()] == ["es"]
    line = pl.read_parquet(release / "ledger.parquet").filter(
        (pl.col("stage") == "release") & (pl.col("unit") == "item")
    )
    assert line.select("rows_in", "rows_out", "rows_rejected").row(0) == (5, 4, 1)
    absent = make_project(tmp_path / "q", recipe=f"{RECIPE}release: {{configs: [fr]}}\n")
    assert code_of(absent) == "name-unknown"


def test_a_release_that_cannot_be_written_leaves_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_write, "write_bytes", full)
    with pytest.raises(OutputError, match="output-disk-full"):
        make_release(project, "1.0.0")
    assert list((project / "release").iterdir()) == []
    monkeypatch.undo()
    say_current(monkeypatch)
    leftover = project / "release" / ".1.0.0.99.part~"
    leftover.mkdir()
    make_release(project, "1.0.0")
    assert [path.name for path in (project / "release").iterdir()] == ["1.0.0"]


def test_a_file_in_place_of_the_folder_is_an_output_error(project: Path) -> None:
    (project / "release").write_text("in the way")
    with pytest.raises(OutputError, match="output-not-writable"):
        make_release(project, "1.0.0")


def test_a_damaged_identity_is_refused_and_not_replaced(project: Path) -> None:
    make_release(project, "1.0.0")
    path = project / ".benchwright" / "identity.json"
    path.write_text("{}")
    with pytest.raises(ReleaseError, match="restore it"):
        make_release(project, "1.0.1")
    assert path.read_text() == "{}"


def test_sounds_are_copied_beside_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    digest = hashlib.sha256(b"ID3").hexdigest()
    item = plain_item(1, media=(Media(sha256=digest, media_type="audio/mpeg", file="one.mp3", role="audio"),))
    project = make_project(tmp_path / "p", [item, pictured(2, picture())])
    (project / "build" / "media" / "one.mp3").write_bytes(b"ID3")
    release = make_release(project, "1.0.0")
    assert (release / "media" / "one.mp3").read_bytes() == b"ID3"
    assert verify_release(release).ok
    (project / "build" / "media" / "one.mp3").write_bytes(b"another")
    with pytest.raises(ReleaseError, match="one"):
        make_release(project, "1.0.1")
    (project / "build" / "media" / "one.mp3").unlink()
    with pytest.raises(ReleaseError, match="release-not-built"):
        make_release(project, "1.0.1")
    assert [path.name for path in (project / "release").iterdir()] == ["1.0.0"]


def test_a_picture_too_large_for_a_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    project = make_project(tmp_path / "p")
    monkeypatch.setattr(_tables, "SHARD_BYTES", len(picture()))
    make_release(project, "1.0.0")
    monkeypatch.setattr(_tables, "SHARD_BYTES", len(picture()) - 1)
    with pytest.raises(ReleaseError, match="file-too-large"):
        make_release(project, "1.0.1")
    assert [path.name for path in (project / "release").iterdir()] == ["1.0.0"]


def test_items_survive_the_frame_that_a_release_is_made_from() -> None:
    items = ordinary_items()
    assert from_frame(to_frame(items, Item), Item) == items
