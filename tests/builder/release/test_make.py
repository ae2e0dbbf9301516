"""What a release holds, and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from ruamel.yaml import YAML

from benchwright.builder.release import make, make_release, verify_release
from benchwright.builder.release._card import render_card
from benchwright.builder.release._tables import item_schema
from benchwright.builder.release._withhold import hidden_texts, salted_hash
from benchwright.schemas import Finding, Item, Licence, Manifest, Media, Rationale
from benchwright.schemas.errors import BenchwrightError, GateError, OutputError, ReleaseError
from benchwright.schemas.rows import from_frame, to_frame
from tests.builder.release.project import (
    RECIPE,
    from_file,
    make_project,
    ordinary_items,
    picture,
    pictured,
    say_current,
    without_licence,
)
from tests.schemas.strategies import plain_item


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def manifest_of(release: Path) -> Manifest:
    return Manifest.model_validate_json((release / "manifest.json").read_text(encoding="utf-8"))


def data_of(release: Path) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path) for path in sorted(release.glob("data/*/*.parquet"))]).sort("id")


def code_of(project: Path, version: str = "1.0.0", **options: Any) -> str:
    with pytest.raises(BenchwrightError) as caught:
        make_release(project, version, **options)
    assert not (project / "release").exists() or not list((project / "release").iterdir())
    assert all(problem.remedy for problem in caught.value.problems)
    return caught.value.problems[0].code


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


def test_two_datasets_have_two_canaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    canaries = set()
    for name in ("a", "b"):
        release = make_release(make_project(tmp_path / name), "1.0.0")
        canaries.add(manifest_of(release).facts["canary"])
    assert len(canaries) == 2


def test_every_number_of_the_card_comes_from_the_manifest(released: Path) -> None:
    manifest = manifest_of(released)
    body = (released / "README.md").read_text(encoding="utf-8").split("\n---\n", 1)[1]
    for known in (manifest.facts["canary"], manifest.version, "SHA256SUMS", "sha256sum", "SHA-256"):
        body = body.replace(str(known), "")
    body = re.sub(r"\(https://[^)]*\)|CC-BY-4\.0|[SG]\d{3}", "", body)
    counted = {str(number) for number in manifest.counts.values()}
    counted |= set(
        re.findall(r"\d+", json.dumps({name: manifest.facts[name] for name in ("cells", "editions", "ledger")}))
    )
    counted |= set(
        re.findall(r"\d+", json.dumps([manifest.facts[name] for name in ("findings", "rejects", "sources")]))
    )
    assert set(re.findall(r"\d+", body)) <= counted
    shifted = manifest.model_copy(update={"counts": {name: 7_000_000 + n for n, name in enumerate(manifest.counts)}})
    for name in ("items", "questions", "pictures", "findings", "rejects", "keys_annulled"):
        assert str(shifted.counts[name]) in render_card(shifted), name


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
    assert [one["config_name"] for one in card.data.configs] == ["en", "es"]


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


def test_unknown_licences_withhold_texts_and_pictures_and_keep_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_current(monkeypatch)
    rich = plain_item(
        7,
        rationales=(Rationale(text="explicación SECRETO", language="es"),),
        media=(Media(sha256="0" * 64, media_type="audio/mpeg", file="x.mp3", caption="SECRETO"),),
        stem="enunciado SECRETO",
    )
    items = without_licence([*ordinary_items(), rich])
    release = make_release(make_project(tmp_path / "p", items), "1.0.0")
    frame = data_of(release)
    assert verify_release(release).ok
    assert set(frame["withheld"]) == {"licence unknown"}
    assert frame["stem"].null_count() == frame.height
    assert frame["images"].list.len().sum() == 0
    originals = {item.id: item for item in items}
    salt = manifest_of(release).facts["salt"]
    for row in frame.iter_rows(named=True):
        item = originals[row["id"]]
        assert row["key"]["answers"] == [list(answer) for answer in item.key.answers]
        assert [option["id"] for option in row["options"]] == [option.id for option in item.options]
        assert {option["text"] for option in row["options"]} == {None}
        assert row["hashes"] == item.hashes.model_dump()
        hashes = {one["field"]: one["sha256"] for one in row["withheld_hashes"]}
        assert hashes == {
            name: salted_hash(salt, item.id, name, text) for name, text in hidden_texts(item.model_dump())
        }
        assert hashes["stem"] == salted_hash(salt, item.id, "stem", item.stem)
    for name, data in all_bytes(release).items():
        for secret in (b"SECRETO", b"Pregunta", b"Respuesta", b"texto suelto", picture()):
            assert secret not in data, name
    for path in release.rglob("*.parquet"):
        assert not re.search("SECRETO|Pregunta|Respuesta|suelto", str(pl.read_parquet(path).to_dicts())), path.name
    assert "withheld: licence unknown" in (release / "README.md").read_text()


def test_only_the_sources_without_a_licence_are_withheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    free = from_file(plain_item(1), "booklet.pdf")
    held = from_file(plain_item(2, licence=Licence(id="LicenseRef-board")), "other.pdf")
    release = make_release(make_project(tmp_path / "p", [free, held]), "1.0.0")
    frame = data_of(release)
    assert frame["stem"].to_list() == [free.stem, None]
    assert frame["withheld"].to_list() == [
        None,
        "licence LicenseRef-board is not approved for publication in the recipe",
    ]
    rejects = pl.read_parquet(release / "rejects.parquet")
    assert rejects["text"].to_list() == ["texto suelto"]
    findings = pl.read_parquet(release / "findings.parquet").sort("code")
    assert findings["message"].to_list() == [None, "the stem says Pregunta 1"]
    card = (release / "README.md").read_text()
    assert "license: other" in card
    assert "license_name: several-licences" in card


@pytest.mark.parametrize("name", ["unknown", "xx-exam"])
def test_an_override_by_name_publishes_and_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    say_current(monkeypatch)
    project = make_project(tmp_path / "p", without_licence(ordinary_items()))
    release = make_release(project, "1.0.0", override_licence=[f"{name}:letter of the board"])
    assert data_of(release)["stem"].null_count() == 0
    assert manifest_of(release).facts["licences"][0]["overridden"] == "letter of the board"
    assert "letter of the board" in (release / "README.md").read_text()
    assert verify_release(release).ok


def test_a_licence_of_ones_own_needs_an_approval_in_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    items = [item.replace(licence=Licence(id="LicenseRef-act")) for item in ordinary_items()]
    approved = RECIPE.replace(
        "{id: CC-BY-4.0, evidence: printed on the cover}",
        "{id: LicenseRef-act, evidence: act 12, publish_text: true, approved_by: M. Curie}",
    )
    for name, recipe, nulls in (("no", RECIPE, 5), ("yes", approved, 0)):
        release = make_release(make_project(tmp_path / name, items, recipe=recipe), "1.0.0")
        assert data_of(release)["stem"].null_count() == nulls
    assert "approved by M. Curie" in (release / "README.md").read_text()


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


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ("unknown", "licence-forbids"),
        (":why", "licence-forbids"),
        ("unknown: ", "licence-forbids"),
        ("cc:why", "name-unknown"),
    ],
)
def test_an_override_needs_a_name_that_is_there_and_a_reason(project: Path, override: str, code: str) -> None:
    assert code_of(project, override_licence=[override]) == code


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

    monkeypatch.setattr(make, "write_bytes", full)
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


def test_revisions_count_changes_and_the_changelog_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    items = [plain_item(number) for number in range(1, 6)]
    project = make_project(tmp_path / "p", items)
    first = make_release(project, "1.0.0")
    assert set(data_of(first)["revision"]) == {1}
    changed = [
        items[0],
        items[1].replace(stem="Otra"),
        items[2].replace(key=items[2].key.model_copy(update={"answers": (("B",),)})),
        items[3].replace(contributor="somebody"),
        plain_item(9),
    ]
    make_project(project, changed)
    second = make_release(project, "1.10.0")
    revisions = dict(data_of(second).select("id", "revision").iter_rows())
    assert [revisions[item.id] for item in changed] == [1, 2, 2, 2, 1]
    changes = manifest_of(second).facts["changes"]
    assert changes["previous"] == "1.0.0"
    assert [changes[name] for name in ("text", "key", "other", "added", "removed", "same")] == [
        [items[1].id],
        [items[2].id],
        [items[3].id],
        [changed[4].id],
        [items[4].id],
        1,
    ]
    text = (second / "CHANGELOG.md").read_text()
    assert f"## Text changed\n\n- `{items[1].id}`" in text
    make_project(project, [*changed[:4], plain_item(9, stem="y otra")])
    third = make_release(project, "1.10.1")
    assert manifest_of(third).facts["changes"]["previous"] == "1.10.0"
    assert dict(data_of(third).select("id", "revision").iter_rows())[changed[4].id] == 2
    assert verify_release(third).ok
    between = make_release(project, "1.2.0")
    assert manifest_of(between).facts["changes"]["previous"] == "1.0.0"


def test_texts_that_are_published_later_are_named_and_keep_their_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_current(monkeypatch)
    items = without_licence([plain_item(1), plain_item(2)])
    project = make_project(tmp_path / "p", items)
    make_release(project, "1.0.0")
    published = make_release(project, "1.0.1", override_licence=["unknown:letter"])
    withdrawn = make_release(project, "1.0.2")
    ids = [item.id for item in items]
    assert manifest_of(published).facts["changes"]["published"] == ids
    assert manifest_of(withdrawn).facts["changes"]["withdrawn"] == ids
    assert set(data_of(withdrawn)["revision"]) == {1}


def test_a_damaged_previous_release_is_refused(project: Path) -> None:
    release = make_release(project, "1.0.0")
    path = release / "data" / "es" / "test.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ReleaseError, match="verify-failed"):
        make_release(project, "1.0.1")


def test_sounds_are_copied_beside_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    item = plain_item(1, media=(Media(sha256="1" * 64, media_type="audio/mpeg", file="one.mp3", role="audio"),))
    project = make_project(tmp_path / "p", [item, pictured(2, picture())])
    (project / "build" / "media" / "one.mp3").write_bytes(b"ID3")
    release = make_release(project, "1.0.0")
    assert (release / "media" / "one.mp3").read_bytes() == b"ID3"
    assert verify_release(release).ok


def test_items_survive_the_frame_that_a_release_is_made_from() -> None:
    items = ordinary_items()
    assert from_frame(to_frame(items, Item), Item) == items
