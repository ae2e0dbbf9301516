"""The documents that must not drift: coverage, results, changelog, errors."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from benchwright.schemas.errors import ERROR_CODES
from tests.house.checkout import ROOT, declared_tests, table_rows

TEST_NAME = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)+)`")
COVERAGE = ("issue", "thing", "test, or *not built*: why")
RESULTS = ("target", "measured", "n", "command", "commit")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def coverage_rows() -> list[dict[str, str]]:
    return table_rows(read("docs/coverage.md"), COVERAGE)


def test_coverage_names_tests_that_exist() -> None:
    missing: list[str] = []
    for row in coverage_rows():
        for file, name in TEST_NAME.findall(row[COVERAGE[2]]):
            path = ROOT / file
            if not path.is_file() or name.removeprefix("::") not in declared_tests(path):
                missing.append(f"{row['thing']}: {file}{name}")
    assert missing == []


def test_coverage_lines_name_a_test_or_say_why_not() -> None:
    rows = coverage_rows()
    assert len(rows) >= 100
    unclear = [row for row in rows if not TEST_NAME.search(row[COVERAGE[2]])]
    assert [row["thing"] for row in unclear if not re.match(r"\*not built\*: \w", row[COVERAGE[2]])] == []
    assert [row["thing"] for row in rows if not re.fullmatch(r"\d+(\.\d+)?", row["issue"])] == []
    things = [(row["issue"], row["thing"]) for row in rows]
    assert len(things) == len(set(things))


def test_results_lines_are_complete() -> None:
    rows = table_rows(read("bench/RESULTS.md"), RESULTS)
    assert rows
    for row in rows:
        assert all(row.values()), row
        assert row["measured"].startswith("not measured: ") or (
            re.search(r"\d", row["measured"])
            and re.match(r"[\d,]+ ", row["n"])
            and row["command"].startswith("`")
            and re.fullmatch(r"[0-9a-f]{7,40}", row["commit"])
        ), row


@pytest.mark.parametrize("target", ["`benchwright --help`", "`make demo`", "speed of `build`", "extraction"])
def test_results_have_the_lines_that_the_issues_ask_for(target: str) -> None:
    rows = [row for row in table_rows(read("bench/RESULTS.md"), RESULTS) if row["target"].startswith(target)]
    assert rows
    assert [row["target"] for row in rows if row["measured"].startswith("not measured")] == []
    if target == "speed of `build`":
        assert all("pdfplumber" in row["measured"] for row in rows)


def test_changelog_has_unreleased_on_top_and_one_line_an_outcome() -> None:
    lines = read("CHANGELOG.md").splitlines()
    heads = [line for line in lines if line.startswith("## ")]
    assert heads[0] == "## Unreleased"
    assert all(re.fullmatch(r"## \d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)", head) for head in heads[1:])
    body = [line for line in lines[lines.index(heads[0]) :] if line and not line.startswith("#")]
    assert body
    assert all(re.fullmatch(r"- [A-Z`].*\.", line) for line in body)


def test_each_error_code_has_a_section_and_each_section_a_code() -> None:
    sections = re.findall(r"^## `([\w-]+)`$", read("docs/errors.md"), flags=re.MULTILINE)
    assert sorted(sections) == sorted(ERROR_CODES)


def test_each_error_section_says_what_to_do() -> None:
    text = read("docs/errors.md")
    marks = [match.start() for match in re.finditer(r"^## `", text, flags=re.MULTILINE)]
    for start, end in pairwise([*marks, len(text)]):
        assert "Remedy: " in text[start:end], text[start:end].splitlines()[0]


@pytest.mark.parametrize("line", ["| a | b |", "| a | b | c | d |"])
def test_a_row_with_the_wrong_number_of_cells_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="cells expected"):
        table_rows("| x | y | z |\n|---|---|---|\n" + line, ("x", "y", "z"))
