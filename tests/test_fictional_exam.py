"""The committed papers of the fictional exam are what its YAML source says, planted errors included."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pypdfium2
import pytest
from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parents[1] / "examples" / "fictional_exam"
RAW_LIMIT = 2_000_000


def load_printer() -> ModuleType:
    """The print_exam.py of the example as a module."""
    spec = importlib.util.spec_from_file_location("fictional_print_exam", HERE / "print_exam.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def gold() -> dict[tuple[int, str, int], dict[str, Any]]:
    lines = (HERE / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return {(row["part"], row["language"], row["number"]): row for row in rows}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything printed afresh."""
    folder = tmp_path_factory.mktemp("fictional")
    load_printer().main(folder)
    return folder


@pytest.mark.parametrize("pattern", ["truth/*.json", "gold.jsonl"])
def test_committed_truth_matches_the_yaml(printed: Path, pattern: str) -> None:
    committed = {path.relative_to(HERE): path.read_text(encoding="utf-8") for path in HERE.glob(pattern)}
    fresh = {path.relative_to(printed): path.read_text(encoding="utf-8") for path in printed.glob(pattern)}
    assert committed
    assert committed == fresh


def test_committed_papers_hold_the_same_text(printed: Path) -> None:
    names = sorted(path.name for path in (HERE / "raw").glob("*.pdf"))
    assert names == sorted(path.name for path in (printed / "raw").glob("*.pdf"))
    assert sum((HERE / "raw" / name).stat().st_size for name in names) < RAW_LIMIT
    for name in names:
        assert _text(HERE / "raw" / name) == _text(printed / "raw" / name)


def _text(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return pages


def test_both_editions_have_every_number() -> None:
    for language in ("es", "en"):
        for part in (1, 2):
            numbers = [key[2] for key in gold() if key[:2] == (part, language)]
            assert numbers == list(range(1, 33))


def test_gold_repeats_the_source() -> None:
    rows = gold()
    for part in (1, 2):
        for entry in read_yaml(HERE / "items" / f"part{part}.yaml")["items"]:
            for language in ("es", "en"):
                row = rows[part, language, entry["number"]]
                assert row["stem"] == entry[language]["stem"]
                assert [option["text"] for option in row["options"]] == entry[language]["options"]
    assert rows[2, "es", 28]["status"] == "annulled"
    assert [[label.upper() for label in one] for one in rows[1, "en", 16]["answers"]] == [["B"], ["D"]]
    assert rows[2, "en", 17]["status"] == "unknown"


def test_each_planted_error_stands_where_the_list_says() -> None:
    planted, rows = read_yaml(HERE / "planted.yaml"), gold()
    for error in planted["planted"] + planted["planted_pairs"]:
        assert (HERE / "raw" / error["file"]).is_file()
        for language in error["language"]:
            check = _CHECKS[error["kind"]]
            assert check(rows[error["part"], language, error["number"]]), error


def test_no_unplanted_error_of_the_same_kinds() -> None:
    planted = {
        (error["kind"], error["part"], language, error["number"])
        for error in read_yaml(HERE / "planted.yaml")["planted"]
        for language in error["language"]
    }
    for (part, language, number), row in gold().items():
        for kind in (
            "key_outside_options",
            "no_key",
            "duplicate_options",
            "empty_option",
            "option_count",
            "broken_character",
            "mojibake",
        ):
            assert _CHECKS[kind](row) == ((kind, part, language, number) in planted), (kind, part, language, number)


def _texts(row: dict[str, Any]) -> list[str]:
    return [option["text"] for option in row["options"]]


_CHECKS: dict[str, Any] = {
    "key_outside_options": lambda row: any(
        label not in {option["label"] for option in row["options"]} for one in row["answers"] for label in one
    ),
    "no_key": lambda row: not row["answers"] and row["status"] == "unknown",
    "duplicate_options": lambda row: len(set(_texts(row))) < len(_texts(row)),
    "empty_option": lambda row: "" in _texts(row),
    "option_count": lambda row: len(row["options"]) != 4,
    "missing_figure": lambda row: ("Figura 3" in row["stem"] or "Figure 3" in row["stem"]) and not row["figures"],
    "broken_character": lambda row: "�" in row["stem"],
    "mojibake": lambda row: "Ã©" in row["stem"],
    "dose_mismatch": lambda row: "25 mg" in row["stem"],
    "laterality_mismatch": lambda row: "right flank" in row["stem"],
}
