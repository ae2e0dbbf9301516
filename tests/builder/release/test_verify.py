"""`verify` finds every change, wherever it is."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.release import make_release, require_verified, verify_release
from benchwright.builder.release._write import sums
from benchwright.builder.store import file_sha256
from benchwright.schemas.errors import GateError, InputError
from tests.builder.release.project import make_project, say_current
from tests.schemas.strategies import plain_item

NAMES = (
    ".zenodo.json",
    "CHANGELOG.md",
    "CITATION.cff",
    "DATASHEET.md",
    "README.md",
    "SHA256SUMS",
    "benchmark_card.json",
    "criteria.json",
    "croissant.json",
    "data/en/test-official-raw.parquet",
    "data/es/test-native-raw.parquet",
    "findings.parquet",
    "ledger.parquet",
    "manifest.json",
    "numbers.tsv",
    "recipe.yaml",
    "rejects.parquet",
)


@pytest.fixture
def copy(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "copy"))


def test_the_list_of_files_is_the_one_that_the_tests_below_go_through(released: Path) -> None:
    assert tuple(sorted(p.relative_to(released).as_posix() for p in released.rglob("*") if p.is_file())) == NAMES


def test_one_changed_byte_anywhere_is_found(released: Path) -> None:
    @given(st.sampled_from(NAMES), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
    @settings(max_examples=25)
    def check(name: str, share: float, change: int) -> None:
        data = bytearray((released / name).read_bytes())
        data[int(share * len(data))] ^= change
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(released, Path(folder) / "copy"))
            (copy / name).write_bytes(bytes(data))
            report = verify_release(copy)
        assert not report.ok
        # The manifest holds the sum of SHA256SUMS: where that is what changed, the two contradict each other.
        named = {name, "SHA256SUMS"} if name == "manifest.json" else {name}
        assert named & {check.file for check in report.differences}

    check()


@pytest.mark.parametrize("name", ["README.md", "data/es/test-native-raw.parquet", "ledger.parquet", "manifest.json"])
def test_a_file_that_is_gone_empty_or_cut_is_found(copy: Path, name: str) -> None:
    whole = (copy / name).read_bytes()
    for data in (b"", whole[: len(whole) // 2], whole + b"\n"):
        (copy / name).write_bytes(data)
        assert not verify_release(copy).ok
    (copy / name).unlink()
    assert name in {check.file for check in verify_release(copy).differences}


def test_every_file_that_is_gone_is_found(copy: Path) -> None:
    for name in set(NAMES) - {"manifest.json", "SHA256SUMS"}:
        (copy / name).unlink()
    gone = {check.file for check in verify_release(copy).differences if check.found == "absent"}
    assert gone == set(NAMES) - {"manifest.json", "SHA256SUMS"}


@pytest.mark.parametrize("name", ["extra.txt", "data/es/train.parquet", "data/.hidden"])
def test_a_file_too_many_is_found(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"x")
    report = verify_release(copy)
    assert name in {check.file for check in report.differences}


def test_a_release_may_be_moved(copy: Path) -> None:
    assert verify_release(copy).ok


def test_the_error_names_file_found_and_expected_and_the_exit_code_is_one(copy: Path) -> None:
    (copy / "ledger.parquet").write_bytes(b"PAR1")
    with pytest.raises(GateError) as caught:
        require_verified(verify_release(copy))
    assert caught.value.exit_code == 1
    for problem in caught.value.problems:
        assert problem.code == "verify-failed"
        assert problem.file
        assert problem.found
        assert problem.expected
    assert "ledger.parquet" in {problem.file for problem in caught.value.problems}


def rewritten(copy: Path) -> set[str]:
    """Write size and hash of every file anew, as a forger would; return the names of what still differs."""
    manifest = json.loads((copy / "manifest.json").read_text())
    for entry in manifest["files"]:
        data = (copy / entry["name"]).read_bytes()
        entry.update(size=len(data), sha256=file_sha256(copy / entry["name"]))
    (copy / "manifest.json").write_text(json.dumps(manifest))
    (copy / "SHA256SUMS").write_text(sums(copy))
    return {check.name for check in verify_release(copy).differences}


def test_a_forged_manifest_alone_changes_nothing(copy: Path) -> None:
    assert rewritten(copy) == set()


def test_a_number_of_the_card_is_counted_again(copy: Path) -> None:
    card = copy / "README.md"
    card.write_text(card.read_text().replace("Items: 5;", "Items: 6;"))
    assert rewritten(copy) == {"text"}


def _es(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Path], None]:
    def apply(copy: Path) -> None:
        path = copy / "data" / "es" / "test-native-raw.parquet"
        metadata = {name: text for name, text in pl.read_parquet_metadata(path).items() if name == "canary"}
        change(pl.read_parquet(path)).write_parquet(path, metadata=metadata)

    return apply


def _second(frame: pl.DataFrame, **values: pl.Expr) -> pl.DataFrame:
    second = pl.int_range(pl.len()) == 1
    return frame.with_columns(
        pl.when(second).then(value).otherwise(pl.col(name)).alias(name) for name, value in values.items()
    )


FORGERIES: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "stem": (lambda frame: _second(frame, stem=pl.lit("otra")), "hashes that differ"),
    "key": (
        lambda frame: frame.with_columns(
            pl.col("key").struct.with_fields(pl.lit([["D"]], pl.List(pl.List(pl.String))).alias("answers"))
        ),
        "hashes that differ",
    ),
    "row": (lambda frame: frame.head(3), "count items"),
    "twice": (lambda frame: pl.concat([frame, frame.head(1)]), "repeated ids"),
    "canary": (lambda frame: _second(frame, canary=pl.lit("other")), "rows without the canary"),
    "picture": (
        lambda frame: frame.with_columns(
            pl.col("images").list.eval(pl.element().struct.with_fields(pl.lit(b"x").alias("bytes")))
        ),
        "pictures that differ",
    ),
    "language": (lambda frame: _second(frame, language=pl.lit("fr")), "ids of another language"),
    "column": (lambda frame: frame.drop("human"), "columns"),
    "licence": (
        lambda frame: frame.with_columns(pl.col("licence").struct.with_fields(pl.lit("unknown").alias("id"))),
        "texts that no licence allows",
    ),
    "withheld": (lambda frame: _second(frame, withheld=pl.lit("why")), "texts that should be withheld"),
    "rule": (lambda frame: _second(frame, kind=pl.lit("essay")), "rules broken"),
}


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_a_table_forged_with_its_hash_is_found_by_what_it_says(copy: Path, name: str) -> None:
    change, found = FORGERIES[name]
    _es(change)(copy)
    assert found in rewritten(copy)


def test_a_table_without_the_canary_in_its_metadata_is_found(copy: Path) -> None:
    path = copy / "findings.parquet"
    pl.read_parquet(path).write_parquet(path)
    assert rewritten(copy) == {"canary in metadata"}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "build"},
        {"schema_version": 2},
        {"files": "none"},
        {"facts": {}},
        {"facts": {"configs": [{"config": 3}]}},
        {"facts": {"configs": None}},
        {"counts": {}},
        {"name": None},
    ],
)
def test_a_manifest_of_another_shape_is_a_difference_and_no_crash(copy: Path, change: dict[str, Any]) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**manifest, **change}))
    (copy / "SHA256SUMS").write_text(sums(copy))
    assert not verify_release(copy).ok


@pytest.mark.parametrize("text", ["", "null", "[]", "{", "\xff"])
def test_a_manifest_that_is_none_is_a_difference(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_bytes(text.encode("latin-1"))
    (check,) = verify_release(copy).differences
    assert check.file == "manifest.json"


def test_a_folder_that_is_not_there_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such release"):
        verify_release(tmp_path / "1.0.0")


def test_a_card_of_another_version_of_the_program_is_compared_by_its_hash_alone(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["signatures"]["release"] = "release|layout:1|version:0.0.1"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    card = copy / "README.md"
    card.write_text(card.read_text() + "\nmore\n")
    assert rewritten(copy) == set()


def test_a_release_is_compared_with_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say_current(monkeypatch)
    items = [plain_item(number) for number in (1, 2, 3)]
    project = make_project(tmp_path / "p", items, findings=[], pictures=())
    first = make_release(project, "1.0.0")
    make_project(project, items[:2], findings=[], pictures=())
    second = make_release(project, "2.0.0")
    report = verify_release(second)
    assert report.ok
    assert "changes removed" in {check.name for check in report.checks}
    other = make_release(make_project(tmp_path / "q", items[1:], findings=[], pictures=()), "1.0.0")
    differing = {check.name for check in verify_release(second, previous=other).differences}
    assert differing == {"changes added", "changes same"}
    assert verify_release(second, previous=first).ok
    (first / "README.md").write_text("edited")
    assert {check.name for check in verify_release(second).differences} == {"previous release"}
