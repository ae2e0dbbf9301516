"""Texts are published where a licence, an approval or a named override allows it."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.release import make_release, verify_release
from benchwright.builder.release._withhold import hidden_texts, salted_hash
from benchwright.schemas import Licence, Media, Rationale
from tests.builder.release.project import (
    RECIPE,
    from_file,
    make_project,
    ordinary_items,
    picture,
    say_current,
    without_licence,
)
from tests.builder.release.reading import all_bytes, code_of, data_of, manifest_of
from tests.schemas.strategies import plain_item


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
