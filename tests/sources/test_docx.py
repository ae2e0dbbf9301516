"""DOCX: questions as paragraphs and in tables, keys by type, formulas, pictures, hostile files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.schemas.errors import InputError
from benchwright.schemas.text import comparable
from benchwright.sources._flatdocx import read_docx
from benchwright.sources._flatpaper import flat_layout, paper_of
from benchwright.sources.docx import KEYS, SOURCE
from tests.sources.flat_kit import (
    PNG,
    Asked,
    docx,
    expected,
    job,
    lines_of,
    numbering,
    paragraph,
    parse,
    picture,
    questions,
    run,
    sample,
    table,
    told,
)

BOLD = "<w:b/>"
MARKS = {
    "bold": BOLD,
    "underlined": '<w:u w:val="single"/>',
    "highlighted": '<w:highlight w:val="yellow"/>',
    "coloured": '<w:color w:val="FF0000"/>',
}


def flowing(path: Path, asked: list[Asked], style: str, **shape: str) -> Path:
    """A paper whose correct options have a style."""
    blocks = [
        paragraph(run(text, style) if asked[k].right == i else run(text)) for text, k, i in lines_of(asked, **shape)
    ]
    return docx(path, *blocks)


@given(asked=questions(), mark=st.sampled_from(sorted(MARKS)), shape=st.sampled_from(["{}.", "{})", "Question {}:"]))
def test_running_text_keyed_by_type(
    asked: list[Asked], mark: str, shape: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = flowing(tmp_path_factory.mktemp("docx") / "paper.docx", asked, MARKS[mark], number=shape)
    items, rejects = parse(SOURCE, path)
    assert told(items) == expected(asked)
    assert rejects == []


def test_type_that_is_not_consistent_is_no_key(tmp_path: Path) -> None:
    asked = sample(6)
    blocks = [
        paragraph(run(text, BOLD) if k < 2 and asked[k].right == i else run(text)) for text, k, i in lines_of(asked)
    ]
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", *blocks))
    assert {item.key.status for item in items} == {"unknown"}


def test_two_marked_options_are_never_guessed(tmp_path: Path) -> None:
    asked = sample(8)
    blocks = [
        paragraph(
            run(text, BOLD) if i is not None and (asked[k].right == i or k == 3) and i < 2 + (k != 3) else run(text)
        )
        for text, k, i in lines_of(asked)
    ]
    items, rejects = parse(SOURCE, docx(tmp_path / "paper.docx", *blocks))
    assert items[3].key.status == "unknown"
    assert [(r.number, r.reason) for r in rejects] == [("4", "key-unreadable")]


def test_automatic_numbers_are_resolved(tmp_path: Path) -> None:
    asked = sample()
    blocks = []
    for question in asked:
        blocks.append(paragraph(run(question.stem), number=(1, 0)))
        blocks += [
            paragraph(run(option, BOLD) if k == question.right else run(option), number=(1, 1))
            for k, option in enumerate(question.options)
        ]
    lists = numbering(n1=[("decimal", "%1."), ("upperLetter", "%2)")])
    items, rejects = parse(SOURCE, docx(tmp_path / "paper.docx", *blocks, parts={"word/numbering.xml": lists}))
    assert told(items) == expected(asked)
    assert [option.label for option in items[0].options] == ["A)", "B)", "C)"]
    assert rejects == []


def row_of(n: int, question: Asked, *, shown: bool = False) -> list[str]:
    lines = [f"Question {n}: {question.stem}", *(f"{'ABCDE'[k]}. {o}" for k, o in enumerate(question.options))]
    figure = paragraph(picture(described="a chart")) if shown else paragraph(run(" "))
    return [
        paragraph(run(f"made_up_{n}")), figure, paragraph(run("\n".join(lines))), paragraph(run(question.letter)),
        paragraph(run(f"Because of reason number {n}, which is long enough to be one.")),
    ]  # fmt: skip


@given(asked=questions(), first=st.sampled_from([1, 81]))
def test_question_in_each_row(asked: list[Asked], first: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [row_of(n, question) for n, question in enumerate(asked, first)]
    path = docx(tmp_path_factory.mktemp("docx") / "paper.docx", paragraph(), table(rows))
    items, rejects = parse(SOURCE, path)
    assert told(items) == expected(asked, first)
    assert [item.rationales[0].text for item in items] == [
        f"Because of reason number {n}, which is long enough to be one." for n in range(first, first + len(asked))
    ]
    assert rejects == []


def test_row_gives_place_and_picture(tmp_path: Path) -> None:
    asked = sample(4)
    path = docx(tmp_path / "paper.docx", table([row_of(n, q, shown=n == 2) for n, q in enumerate(asked, 1)]))
    items, _ = parse(SOURCE, path)
    shown = items[1]
    assert [(m.caption, m.status, m.attached_to) for m in shown.media] == [("a chart", "present", "stem")]
    assert shown.needs_image == "yes"
    places = {p.field: (p.row, p.xpath) for p in shown.provenance}
    assert places["key"] == (2, "/w:document/w:body/w:tbl[1]/w:tr[2]/w:tc[4]/w:p[1]")
    assert places["option:C"] == (2, "/w:document/w:body/w:tbl[1]/w:tr[2]/w:tc[3]/w:p[1]")


def test_wrong_letters_of_options_stay_as_printed(tmp_path: Path) -> None:
    """A, B, C, C: four options; the key C could mean two of them."""
    asked = [Asked(f"What is meant by case {n} here?", ("one", "two", "three", "four"), n % 4) for n in range(6)]
    rows = [row_of(n, q) for n, q in enumerate(asked, 1)]
    for n in (2, 4):
        rows[n][2] = rows[n][2].replace("D. four", "C. four")
    items, rejects = parse(SOURCE, docx(tmp_path / "paper.docx", table(rows)))
    assert [o.label for o in items[2].options] == ["A.", "B.", "C.", "C."]
    assert [o.id for o in items[2].options] == ["A", "B", "C", "D"]
    assert items[2].key.status == "unknown"
    assert [(r.number, r.reason) for r in rejects] == [("3", "key-unreadable")]
    assert items[4].key.answers == (("A",),)


def test_missing_number_is_told(tmp_path: Path) -> None:
    asked = sample(6)
    lines = [(text, k) for text, k, _ in lines_of(asked) if k != 2]
    _, rejects = parse(SOURCE, docx(tmp_path / "paper.docx", *(paragraph(run(t)) for t, _ in lines)), expect=7)
    assert [(r.number, r.reason) for r in rejects if r.number] == [("3", "number-missing"), ("7", "number-missing")]


def test_formulas_and_raised_signs_are_text(tmp_path: Path) -> None:
    fraction = "<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r></m:den></m:f>"
    power = "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    root = "<m:rad><m:deg/><m:e><m:r><m:t>y</m:t></m:r></m:e></m:rad>"
    asked = sample(3)
    blocks = [paragraph(run(text)) for text, _, _ in lines_of(asked)]
    blocks[0] = paragraph(
        run("1. Solve "), f"<m:oMath>{fraction}<m:r><m:t>=</m:t></m:r>{power}{root}</m:oMath>", run(" for H"),
        run("2", '<w:vertAlign w:val="subscript"/>'), run("O and m"), run("ab", '<w:vertAlign w:val="superscript"/>'),
    )  # fmt: skip
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", *blocks))
    assert items[0].stem == "Solve (a+b)/c=x²√y for H₂O and m^(ab)"


def test_emphasis_is_kept_with_its_place(tmp_path: Path) -> None:
    blocks = [paragraph(run(text)) for text, _, _ in lines_of(sample(3))]
    blocks[0] = paragraph(run("1. Which is "), run("not", BOLD), run(" true?"))
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", *blocks))
    mark = items[0].marks[0]
    assert (items[0].stem[mark.start : mark.end], mark.kind, mark.field) == ("not", "bold", "stem")


def test_table_in_a_stem_becomes_pipe_rows(tmp_path: Path) -> None:
    blocks = [paragraph(run(text)) for text, _, _ in lines_of(sample(4))]
    data = table([[paragraph(run(c)) for c in row] for row in (["year", "rain"], ["2030", "12 mm"])])
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", blocks[0], data, *blocks[1:]))
    assert items[0].stem.splitlines()[1:] == ["year | rain", "2030 | 12 mm"]
    assert len(items) == 4


def test_options_placed_by_a_table(tmp_path: Path) -> None:
    asked = [Asked(f"Which {w} is it in this case?", ("up", "down", "left", "right"), 0) for w in "vwxyz"]
    blocks = []
    for n, q in enumerate(asked, 1):
        cells = [f"{'ABCD'[k]}. {o}" for k, o in enumerate(q.options)]
        blocks += [
            paragraph(run(f"{n}. {q.stem}")),
            table([[paragraph(run(c)) for c in pair] for pair in (cells[:2], cells[2:])]),
        ]
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", *blocks))
    assert [[o.text for o in item.options] for item in items] == [["up", "down", "left", "right"]] * 5


def test_key_table_at_the_end(tmp_path: Path) -> None:
    asked = sample(6)
    rows = [["Question", "Answer"], *([str(n), q.letter] for n, q in enumerate(asked, 1))]
    key = table([[paragraph(run(c)) for c in row] for row in rows])
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", *(paragraph(run(t)) for t, _, _ in lines_of(asked)), key))
    assert told(items) == expected(asked)


def test_deleted_and_hidden_text_is_not_read(tmp_path: Path) -> None:
    blocks = [paragraph(run(text)) for text, _, _ in lines_of(sample(3))]
    blocks[0] = paragraph(
        run("1. What is "), "<w:del><w:r><w:delText>wrong </w:delText></w:r></w:del>", run("secret ", "<w:vanish/>"),
        "<w:ins>" + run("left?") + "</w:ins>",
    )  # fmt: skip
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", *blocks))
    assert items[0].stem == "What is left?"


def test_key_file_with_annulled_and_two_answers(tmp_path: Path) -> None:
    rows = [["No", "Key"], ["1", "A"], ["2", "B or C"], ["3", "annulled"], ["4", "AC"], ["5", "D"]]
    path = docx(tmp_path / "key.docx", table([[paragraph(run(c)) for c in row] for row in rows]))
    sheet = KEYS.read_key(path, job("key.docx"))
    assert [(e.number, e.answers, e.status) for e in sheet.entries] == [
        ("1", (("A",),), "official"), ("2", (("B",), ("C",)), "official"), ("3", (), "annulled"),
        ("4", (("A", "C"),), "official"), ("5", (("D",),), "official"),
    ]  # fmt: skip


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (40 * 2**20))


def _entities(path: Path) -> None:
    text = '<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>'
    docx(path, parts={})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", text)


HOSTILE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "empty": (lambda p: p.write_bytes(b""), "file-empty"),
    "no archive": (lambda p: p.write_bytes(b"%PDF-1.7 not a word file"), "office-damaged"),
    "cut off": (lambda p: p.write_bytes(docx(p, paragraph(run("x"))).read_bytes()[:-40]), "office-damaged"),
    "password": (lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "office-encrypted"),
    "bomb": (_bomb, "file-too-large"),
    "entities": (_entities, "office-damaged"),
    "no questions": (lambda p: docx(p, paragraph(run("Nothing is asked in this text."))), "layout-not-found"),
    "absent": (lambda p: None, "file-not-found"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_file_is_an_error_with_code(name: str, tmp_path: Path) -> None:
    make, code = HOSTILE[name]
    path = tmp_path / "paper.docx"
    make(path)
    with pytest.raises(InputError) as caught:
        parse(SOURCE, path)
    problem = caught.value.problems[0]
    assert (problem.code, problem.file) == (code, "paper.docx")


@given(data=st.binary(max_size=300))
def test_any_bytes_give_an_input_error(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("docx") / "paper.docx"
    path.write_bytes(data)
    with pytest.raises(InputError):
        parse(SOURCE, path)


def test_picture_is_kept_byte_for_byte(tmp_path: Path) -> None:
    from tests.sources.flat_kit import Sink

    path = docx(tmp_path / "paper.docx", table([row_of(n, q, shown=True) for n, q in enumerate(sample(4), 1)]))
    sink = Sink()
    list(SOURCE.parse(path, job("paper.docx"), sink))
    assert list(sink.kept.values()) == [PNG]


@pytest.mark.data
def test_real_tables_of_questions(data_dir: Path, root: Path) -> None:
    """Number, options and key of every question of the development half are those of the authors' own export."""
    split = json.loads((root / "bench/split.json").read_text(encoding="utf-8"))
    files = [data_dir / name for name in split["development"] if name.endswith(".docx")]
    for path in files:
        truth = json.loads((path.parent / "ground_truth" / f"{path.stem}.json").read_text(encoding="utf-8"))
        items, _ = parse(SOURCE, path, language="vi")
        assert len(items) == len(truth)
        for item, row in zip(items, truth, strict=True):
            whole = comparable(row["Question"])
            assert item.key.answers == ((row["Choice"].strip(),),)
            assert len(item.options) == 4
            assert all(comparable(option.text) in whole for option in item.options)
            printed = "".join(o.label + o.text for o in item.options)
            assert whole.endswith(comparable(printed))


def test_what_the_recipe_says_of_the_key_wins(tmp_path: Path) -> None:
    path = flowing(tmp_path / "paper.docx", sample(6), BOLD)
    none, bold = ({"key": {"where": where}} for where in ("none", "bold"))
    assert {item.key.status for item in parse(SOURCE, path, layout=none)[0]} == {"unknown"}
    assert told(parse(SOURCE, path, layout=bold)[0]) == expected(sample(6))


def test_layout_that_was_found_reads_the_same(tmp_path: Path) -> None:
    """Also where the sign after the number changes from question to question."""
    asked = sample(7)
    lines = [text.replace(":", ")" if k % 2 else ":", 1) for text, k, _ in lines_of(asked, number="Item {}:")]
    path = docx(tmp_path / "paper.docx", *(paragraph(run(text)) for text in lines))
    paper = paper_of(read_docx(path, "paper.docx"))
    assert paper is not None
    first, _ = parse(SOURCE, path)
    again, rejects = parse(SOURCE, path, layout=flat_layout(paper))
    assert told(again) == told(first)
    assert [i.exam.number for i in again] == [str(n) for n in range(1, 8)]
    assert rejects == []


@pytest.mark.parametrize("expect", [10, 90])
def test_expected_number_may_count_or_be_the_last(expect: int, tmp_path: Path) -> None:
    rows = [row_of(n, q) for n, q in enumerate(sample(9), 81)]
    _, rejects = parse(SOURCE, docx(tmp_path / "paper.docx", table(rows)), expect=expect)
    assert [r.number for r in rejects] == ["90"]


def test_a_minus_after_the_mark_belongs_to_the_option(tmp_path: Path) -> None:
    lines = [
        line
        for n in range(1, 6)
        for line in (f"{n}. What is {n} less than nothing?", f"A. -{n}.", f"B. {n}.", f"C. –{n}/2", "D. none")
    ]
    items, _ = parse(SOURCE, docx(tmp_path / "paper.docx", *(paragraph(run(line)) for line in lines)))
    assert [[o.text for o in item.options] for item in items] == [
        [f"-{n}.", f"{n}.", f"–{n}/2", "none"] for n in range(1, 6)
    ]
