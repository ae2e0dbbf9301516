"""HTML pages: lists, headings, tables, radio buttons; correct options by class, type or attribute."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchwright.schemas.errors import InputError
from benchwright.schemas.item import Item
from benchwright.sources.html import KEYS, SOURCE
from tests.sources.flat_kit import PNG, Asked, Sink, expected, job, parse, questions, sample, told


def page(body: str, head: str = '<meta charset="utf-8">') -> str:
    return f"<!doctype html><html><head>{head}<title>t</title></head><body>{body}</body></html>"


def nested_lists(asked: Sequence[Asked]) -> str:
    def item(q: Asked) -> str:
        lines = (f"<li class='o{' sol' if k == q.right else ''}'>{escape(o)}</li>" for k, o in enumerate(q.options))
        return f"<li>{escape(q.stem)}<ol type='A'>{''.join(lines)}</ol></li>"

    return f"<ol>{''.join(map(item, asked))}</ol>"


def headings_and_radios(asked: Sequence[Asked]) -> str:
    def block(n: int, q: Asked) -> str:
        lines = (
            f"<label><input type='radio' name='q{n}' value='{k}'> {escape(o)}</label><br>"
            for k, o in enumerate(q.options)
        )
        return f"<h3>Question {n}</h3><p>{escape(q.stem)}</p>{''.join(lines)}<p>Answer: {q.letter}</p>"

    return "".join(block(n, q) for n, q in enumerate(asked, 1))


def bullets_in_bold(asked: Sequence[Asked]) -> str:
    def item(q: Asked) -> str:
        lines = (f"<li>{f'<b>{escape(o)}</b>' if k == q.right else escape(o)}</li>" for k, o in enumerate(q.options))
        return f"<li>{escape(q.stem)}<ul>{''.join(lines)}</ul></li>"

    return f"<ol>{''.join(map(item, asked))}</ol>"


def table_of_questions(asked: Sequence[Asked]) -> str:
    width = len(asked[0].options)
    head = "".join(f"<th>{name}</th>" for name in ("No", "Question", *"ABCDE"[:width], "Key"))
    rows = (
        "".join(f"<td>{escape(cell)}</td>" for cell in (str(n), q.stem, *q.options, q.letter))
        for n, q in enumerate(asked, 1)
    )
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def lines_with_breaks(asked: Sequence[Asked]) -> str:
    def block(n: int, q: Asked) -> str:
        lines = "<br>".join(f"{'abcde'[k]}) {escape(o)}{' *' if k == q.right else ''}" for k, o in enumerate(q.options))
        return f"<p>{n}. {escape(q.stem)}<br>{lines}</p>"

    return "".join(block(n, q) for n, q in enumerate(asked, 1))


FORMS: dict[str, Callable[[Sequence[Asked]], str]] = {
    "headings": headings_and_radios,
    "bullets": bullets_in_bold,
    "table": table_of_questions,
    "breaks": lines_with_breaks,
}


@example(
    asked=[Asked("Which one?", ("river", "lake"), 0)] * 3 + [Asked("Which one?", ("lamp", "winter"), 1)], form="bullets"
)
@given(asked=questions(), form=st.sampled_from(sorted(FORMS)))
def test_pages_give_their_questions_back(
    asked: list[Asked], form: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("html") / "paper.html"
    path.write_text(page(FORMS[form](asked)), encoding="utf-8")
    items, rejects = parse(SOURCE, path)
    assert told(items) == expected(asked)
    assert rejects == []


def test_class_that_only_the_right_option_has(tmp_path: Path) -> None:
    path = tmp_path / "paper.html"
    path.write_text(page(nested_lists(sample(6))), encoding="utf-8")
    items, _ = parse(SOURCE, path)
    assert told(items) == expected(sample(6))


def test_class_of_the_place_is_no_key(tmp_path: Path) -> None:
    """A class that always stands on the first option says nothing of the answer."""
    asked = [Asked(q.stem, q.options, 0) for q in sample(6)]
    path = tmp_path / "paper.html"
    path.write_text(page(nested_lists(asked)), encoding="utf-8")
    items, _ = parse(SOURCE, path)
    assert {item.key.status for item in items} == {"unknown"}


def test_data_attribute_and_checked_button(tmp_path: Path) -> None:
    for mark in ("data-correct='true'", "checked"):
        body = ""
        for n, q in enumerate(sample(6), 1):
            body += f"<div class='q'><p>{n}. {q.stem}</p>"
            for k, option in enumerate(q.options):
                body += f"<div><input type='radio' name='q{n}' {mark if k == q.right else ''}> {option}</div>"
            body += "</div>"
        path = tmp_path / "paper.html"
        path.write_text(page(body), encoding="utf-8")
        items, _ = parse(SOURCE, path)
        assert told(items) == expected(sample(6)), mark


def test_pictures_beside_the_page_and_in_it_and_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "one.png").write_bytes(PNG)
    (tmp_path.parent / "outside.png").write_bytes(PNG)
    inside = "data:image/png;base64," + base64.b64encode(PNG).decode()
    sources = ["one.png", inside, "https://example.org/far.png", "../outside.png"]
    first, *blocks = lines_with_breaks(sample(4)).split("<p>")
    shown = [
        "<p>" + block.replace("<br>", f'<img src="{source}"><br>', 1)
        for block, source in zip(blocks, sources, strict=True)
    ]
    body = first + "".join(shown)
    path = tmp_path / "paper.html"
    path.write_text(page(body), encoding="utf-8")
    sink = Sink()
    items = [one for one in SOURCE.parse(path, job(), sink) if isinstance(one, Item)]
    assert [[m.status for m in item.media] for item in items] == [["present"], ["present"], ["missing"], ["missing"]]
    assert list(sink.kept.values()) == [PNG]


def test_formulas_raised_signs_and_skipped_parts(tmp_path: Path) -> None:
    body = lines_with_breaks(sample(3)).replace(
        sample(3)[0].stem,
        "Take <math><mfrac><mi>a</mi><mn>2</mn></mfrac></math> of H<sub>2</sub>O<script>alert('1. x')</script>, "
        "<s>no</s> m<sup>2</sup>",
    )
    path = tmp_path / "paper.html"
    path.write_text(page(f"<nav><ol><li>Home</li><li>News</li></ol></nav>{body}"), encoding="utf-8")
    items, rejects = parse(SOURCE, path)
    assert items[0].stem == "Take a/2 of H₂O, m²"
    assert rejects == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "big5", "shift_jis"])
def test_declared_encodings(encoding: str, tmp_path: Path) -> None:
    text = {"windows-1252": "¿Qué año?", "big5": "下列何者", "shift_jis": "どれか"}.get(encoding, "čo ňu 下")
    asked = [Asked(f"{text} {n} in the list", ("yes it is", "no it is not"), n % 2) for n in range(4)]
    path = tmp_path / "paper.html"
    path.write_bytes(page(table_of_questions(asked), f'<meta charset="{encoding}">').encode(encoding))
    items, _ = parse(SOURCE, path)
    assert told(items) == expected(asked)


def test_key_page_with_several_columns(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>A</td><td>{n + 5}</td><td>B</td></tr>" for n in range(1, 6))
    path = tmp_path / "key.html"
    path.write_text(page(f"<h1>Key</h1><table>{rows}</table>"), encoding="utf-8")
    sheet = KEYS.read_key(path, job("key.html"))
    assert [(e.number, e.answers) for e in sheet.entries] == [
        (str(n), (("A" if n < 6 else "B",),)) for n in range(1, 11)
    ]


@pytest.mark.parametrize(("data", "code"), [(b"", "file-empty"), (b"\x00\x01\x02\xff\xfe" * 20, "encoding-unknown")])
def test_what_is_no_page_is_an_input_error(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "paper.html"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        parse(SOURCE, path)
    assert caught.value.problems[0].code == code


def test_deep_nesting_does_not_break_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "paper.html"
    path.write_text(page("<div>" * 5000 + lines_with_breaks(sample(4))), encoding="utf-8")
    try:
        items, _ = parse(SOURCE, path)
    except InputError:
        return
    assert len(items) <= 4


@given(body=st.text(st.sampled_from("<>/=\"' abdilopt123.)\n"), max_size=200))
def test_any_markup_is_read_or_refused(body: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("html") / "paper.html"
    path.write_text(f"<p>{body}", encoding="utf-8")
    codes = set()
    try:
        parse(SOURCE, path)
    except InputError as error:
        codes = {problem.code for problem in error.problems}
    assert codes <= {"layout-not-found", "html-no-html"}
