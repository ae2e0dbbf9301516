"""Revisions and the changelog."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchwright.builder.release import make_release, verify_release
from benchwright.schemas.errors import ReleaseError
from tests.builder.release.project import (
    make_project,
    say_current,
    without_licence,
)
from tests.builder.release.reading import data_of, manifest_of
from tests.schemas.strategies import plain_item


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
    second = make_release(project, "10.0.0")
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
    third = make_release(project, "10.0.1")
    assert manifest_of(third).facts["changes"]["previous"] == "10.0.0"
    assert dict(data_of(third).select("id", "revision").iter_rows())[changed[4].id] == 2
    assert verify_release(third).ok
    between = make_release(project, "2.0.0")
    assert manifest_of(between).facts["changes"]["previous"] == "1.0.0"


def test_texts_that_are_published_later_are_named_and_keep_their_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_current(monkeypatch)
    items = without_licence([plain_item(1), plain_item(2)])
    project = make_project(tmp_path / "p", items)
    make_release(project, "1.0.0")
    published = make_release(project, "1.1.0", override_licence=["unknown:letter"])
    withdrawn = make_release(project, "2.0.0")
    ids = [item.id for item in items]
    assert manifest_of(published).facts["changes"]["published"] == ids
    assert manifest_of(withdrawn).facts["changes"]["withdrawn"] == ids
    assert set(data_of(withdrawn)["revision"]) == {1}


def test_a_damaged_previous_release_is_refused(project: Path) -> None:
    release = make_release(project, "1.0.0")
    path = release / "data" / "es" / "test-native-raw.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ReleaseError, match="verify-failed"):
        make_release(project, "1.0.1")
