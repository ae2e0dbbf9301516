"""Splits, private splits and shards."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from benchwright.builder.recipe.models import Split
from benchwright.builder.release import _layout, make_release, verify_release
from benchwright.builder.release._layout import data_tables, shards
from benchwright.builder.release._splits import with_splits
from benchwright.schemas import Context, DerivedFrom, Item
from benchwright.schemas.errors import InputError, ReleaseError
from benchwright.schemas.rows import to_frame
from tests.builder.release.project import RECIPE, make_project, picture, pictured, say_current
from tests.builder.release.reading import all_bytes, code_of, data_of, manifest_of
from tests.schemas.strategies import plain_item


def recipe(splits: str) -> str:
    return (
        RECIPE.replace("expect: 4", "expect: 40")
        + f"gate: {{missing_numbers: null}}\nrelease: {{splits: [{splits}]}}\n"
    )


TEXT = "aorta bazo cadera diente esófago fémur ganglio hígado íleon jejuno lengua médula nervio oído páncreas"
WORDS = TEXT.split()


def questions(count: int = 40) -> list[Item]:
    """Questions that have little in common: a leak is one that a test puts there."""
    return [
        plain_item(
            number,
            stem=f"Sobre {WORDS[number % 15]} y {WORDS[number // 15]}, {WORDS[(number * 7) % 15]} {number * 31}?",
        )
        for number in range(1, count + 1)
    ]


def test_a_share_is_stable_when_questions_come_and_go_and_keeps_languages_together() -> None:
    both = [*questions(), *(one.replace(language="en", id=f"{one.group}@en") for one in questions())]
    splits = [Split(name="dev", share=0.3)]
    whole = with_splits(to_frame(both, Item), splits)
    assert whole.group_by("group").agg(pl.col("split").n_unique())["split"].to_list() == [1] * 40
    share = whole.filter(pl.col("split") == "dev").height / whole.height
    assert 0.1 < share < 0.5
    half = with_splits(to_frame(both[::2], Item), splits)
    both_known = half.join(whole.select("id", whole="split"), on="id")
    assert both_known.filter(pl.col("split") != pl.col("whole")).is_empty()


def test_questions_of_one_vignette_stay_together() -> None:
    context = Context(id="v1", text="Una viñeta")
    items = [one.replace(context=context) for one in questions(20)]
    assert with_splits(to_frame(items, Item), [Split(name="dev", groups=(items[0].group,))])["split"].n_unique() == 1


def test_a_split_is_published_in_files_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    group = questions()[0].group
    project = make_project(
        tmp_path / "p", questions(), findings=[], pictures=(), recipe=recipe(f"{{name: dev, groups: [{group}]}}")
    )
    release = make_release(project, "1.0.0")
    assert verify_release(release).ok
    assert pl.read_parquet(release / "data/es/dev-native-raw.parquet")["group"].to_list() == [group]
    rows = [(row["config"], row["split"], row["n"]) for row in manifest_of(release).facts["configs"]]
    assert rows[:2] == [("es", "dev", 1), ("es", "test", 39)]
    assert "| es | language | dev | 1 |" in (release / "README.md").read_text(encoding="utf-8")


def test_what_machines_translated_into_english_is_a_config_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_current(monkeypatch)
    native = questions()
    english = [
        one.replace(
            id=f"{one.group}@en",
            language="en",
            origin="machine_translation",
            derived_from=DerivedFrom(id=one.id, text_hash=one.hashes.text_hash, method="toy|version:1"),
        )
        for one in native[:10]
    ]
    project = make_project(
        tmp_path / "p", [*native, *english], findings=[], pictures=(), recipe=RECIPE.replace("expect: 4", "expect: 40")
    )
    release = make_release(project, "1.0.0")
    assert verify_release(release).ok
    (config,) = [row for row in manifest_of(release).facts["configs"] if row["config"] == "translate-test"]
    assert (config["n"], config["files"]) == (10, ["data/en/test-translate-test-raw.parquet"])
    assert "| translate-test | use | test | 10 |" in (release / "README.md").read_text(encoding="utf-8")
    # A way back into the language of the question is no such set.
    back = [one.replace(origin_language="en") for one in english]
    table = to_frame(back, Item).with_columns(split=pl.lit("test"), picture_bytes=0, images=pl.lit([]))
    assert [facts["file"] for facts, _ in data_tables(table)] == ["data/en/test-machine-raw.parquet"]


def _copy(items: list[Item]) -> list[Item]:
    return [*items, plain_item(41, stem=items[0].stem, options=items[0].options)]


def _made(items: list[Item]) -> list[Item]:
    source = DerivedFrom(id=items[0].id, text_hash=items[0].hashes.text_hash)
    return [*items[:-1], items[-1].replace(derived_from=source, origin="perturbed")]


@pytest.mark.parametrize("leak", [_copy, _made])
def test_a_question_in_two_splits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leak: object) -> None:
    say_current(monkeypatch)
    items = leak(questions())  # type: ignore[operator]
    text = recipe(f"{{name: dev, groups: [{items[0].group}]}}")
    project = make_project(tmp_path / "p", items, findings=[], pictures=(), recipe=text)
    with pytest.raises(ReleaseError, match="split-leak") as caught:
        make_release(project, "1.0.0")
    assert items[0].id in str(caught.value)


def test_a_split_that_takes_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    text = recipe("{name: dev, editions: ['1800']}")
    assert code_of(make_project(tmp_path / "p", questions(), findings=[], pictures=(), recipe=text)) == "name-unknown"


@pytest.fixture
def hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a private split."""
    say_current(monkeypatch)
    text = recipe("{name: held, share: 0.3, private: true}")
    return make_project(tmp_path / "p", questions(), recipe=text, pictures=())


def test_private_items_are_published_as_ids_and_hashes_alone(hidden: Path) -> None:
    release = make_release(hidden, "1.0.0")
    assert verify_release(release).ok
    private = pl.read_parquet(release / "private.parquet")
    public = data_of(release)
    assert private.columns == ["id", "group", "language", "split", "sha256", "canary"]
    assert sorted([*private["id"], *public["id"]]) == sorted(one.id for one in questions())
    kept = pl.read_parquet(hidden / "private" / "1.0.0" / "items.parquet")
    assert kept["id"].sort().to_list() == private["id"].to_list()
    opening = json.loads((hidden / "private" / "1.0.0" / "opening.json").read_text())
    for name, data in all_bytes(release).items():
        assert opening["secret"].encode() not in data, name
    for path in release.rglob("*.parquet"):
        told = str(pl.read_parquet(path).to_dicts())
        for row in kept.iter_rows(named=True):
            assert row["stem"] not in told, path.name
            assert row["hashes"]["hash"] not in told, path.name
    ledger = pl.read_parquet(release / "ledger.parquet").filter(pl.col("stage") == "release")
    assert f"private split: {private.height}" in ledger["reason"].drop_nulls().to_list()
    assert "Items in it" in (release / "README.md").read_text(encoding="utf-8")


def test_the_commitment_opens_with_the_items_and_with_no_others(hidden: Path, tmp_path: Path) -> None:
    release = make_release(hidden, "1.0.0")
    folder = hidden / "private" / "1.0.0"
    report = verify_release(release, opening=folder)
    assert report.ok
    assert {check.name for check in report.checks} >= {"secret of the commitment", "root of the commitment"}
    items = pl.read_parquet(folder / "items.parquet")
    items.with_columns(stem=pl.lit("another")).write_parquet(folder / "items.parquet")
    wrong = {check.name for check in verify_release(release, opening=folder).differences}
    assert wrong == {"items that the opening does not show"}
    opening = json.loads((folder / "opening.json").read_text())
    (folder / "opening.json").write_text(json.dumps({**opening, "secret": "00" * 32}))
    assert "secret of the commitment" in {check.name for check in verify_release(release, opening=folder).differences}
    with pytest.raises(InputError, match="does not open"):
        verify_release(release, opening=tmp_path)


def test_large_tables_are_cut_into_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    monkeypatch.setattr(_layout.data_tables, "__defaults__", (2500,))
    items = [pictured(number, picture()) for number in range(1, 5)]
    release = make_release(make_project(tmp_path / "p", items, findings=[]), "1.0.0")
    names = sorted(path.name for path in release.glob("data/es/*.parquet"))
    assert len(names) > 1
    assert names[0] == f"test-native-raw-00000-of-0000{len(names)}.parquet"
    assert verify_release(release).ok
    assert data_of(release)["id"].to_list() == [one.id for one in items]


def test_shards_hold_at_most_so_many_bytes_or_one_item() -> None:
    images = [[{"bytes": None, "path": "p"}]] * 4
    frame = pl.DataFrame({"id": ["a", "b", "c", "d"], "images": images, "picture_bytes": [10, 900, 10, 10]})
    assert [part["id"].to_list() for part in shards(frame, 500)] == [["a"], ["b"], ["c", "d"]]
    assert [part.height for part in shards(frame, 10**9)] == [4]
    cell = {"language": "es", "origin_language": "es", "split": "test", "origin": "native", "tier": "raw"}
    rows = frame.with_columns(**{name: pl.lit(value) for name, value in cell.items()})
    assert [facts["file"] for facts, _ in data_tables(rows)] == ["data/es/test-native-raw.parquet"]
