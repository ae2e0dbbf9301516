"""The file itself: complete, closed, the same each time, and honest about what it leaves out."""

from __future__ import annotations

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from benchwright.builder.report import _coverage, _data, _pictures, write_report
from benchwright.builder.report._coverage import SIGNS, STATES, coverage
from benchwright.builder.report._render import script_json
from benchwright.builder.report._tables import read_tables
from benchwright.builder.store import write_json
from benchwright.schemas import Provenance, Reject
from benchwright.schemas.errors import InputError, NotFoundError, SchemaError
from tests.audits.clean import exam, item
from tests.builder.report.folders import EVIL, FACTS, build_folder, grey, picture, project, some_rejects


def data_of(report: Path) -> dict[str, Any]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', report.read_text("utf-8"), re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found.group(1))
    return data


class Outline(HTMLParser):
    """Tags, ids and references of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def outline(report: Path) -> Outline:
    parser = Outline()
    parser.feed(report.read_text(encoding="utf-8"))
    return parser


def test_nothing_is_fetched_from_outside(report: Path) -> None:
    found = outline(report)
    assert not found.all("link")
    assert all("src" not in script for script in found.all("script"))
    assert not found.all("img")
    assert all((one["href"] or "").startswith(("#", "../raw/")) for one in found.all("a"))
    (policy,) = [meta for meta in found.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert (policy["content"] or "").startswith("default-src 'none'")


def test_text_of_items_cannot_become_markup(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    assert EVIL not in text
    assert len(outline(report).all("script")) == 2
    assert EVIL in data_of(report)["items"][item(2).id]["stem"]
    assert "Examen &lt;ficticio&gt; &amp; 2031" in text


def test_semantics_for_screen_readers(report: Path) -> None:
    found = outline(report)
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    referred = {value for _, attributes in found.tags if (value := attributes.get("aria-labelledby"))}
    assert referred <= set(ids)
    assert len(found.all("caption")) == len(found.all("table"))
    assert all(one.get("scope") in {"col", "row"} for one in found.all("th"))
    assert [tag for tag, _ in found.tags if tag in {"header", "nav", "main", "footer"}] == [
        "header",
        "nav",
        "main",
        "footer",
    ]
    assert found.all("html") == [{"lang": "en"}]
    cells = [one for one in (*found.all("a"), *found.all("span")) if "cell" in (one.get("class") or "").split()]
    named = [one for one in cells if one.get("aria-hidden") != "true"]
    assert named
    assert all(one.get("title") and one.get("aria-label") for one in named)
    assert all("href" in one or one.get("tabindex") == "0" for one in named)


def test_same_tables_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        build, raw = project(tmp_path / name)
        write_report(build, raw, build / "report.html", FACTS)
        texts.append((build / "report.html").read_bytes())
    assert texts[0] == texts[1]
    assert str(tmp_path).encode() not in texts[0]


def test_every_finding_and_reject_is_in_the_data(report: Path) -> None:
    tables = read_tables(report.parent)
    data = data_of(report)
    assert sorted(row[:1] + row[3:4] for row in data["findings"]) == sorted(
        [code, subject] for code, subject in tables.findings.select("code", "subject").iter_rows()
    )
    assert len(data["rejects"]) == tables.rejects.height
    assert set(data["items"]) == set(tables.items["id"])
    assert data["items"][item(7, "ar").id]["dir"] == "rtl"


def test_coverage_has_each_question_once_in_its_worst_state(report: Path) -> None:
    parts = coverage(read_tables(report.parent))
    assert [part.language for part in parts] == ["ar", "en", "es"]
    spanish = {cell.number: cell.state for cell in parts[2].cells}
    assert list(spanish) == [str(number) for number in range(1, 13)]
    assert spanish["2"] == spanish["5"] == "finding"
    assert spanish["3"] == "keyless"
    assert spanish["11"] == "missing"
    assert spanish["12"] == "rejected"
    assert spanish["1"] == "ok"
    assert sum(parts[2].counts.values()) == parts[2].total == 12


def test_a_number_without_an_item_leads_to_its_likely_page(report: Path) -> None:
    part = coverage(read_tables(report.parent))[2]
    assert [(cell.number, cell.state, cell.file, cell.page) for cell in part.absent] == [
        ("11", "missing", "paper.pdf", 4),
        ("12", "rejected", "paper.pdf", 4),
    ]
    links = [one for one in outline(report).all("a") if one["href"] == "../raw/paper.pdf#page=4"]
    assert {one["class"] for one in links if "class" in one} == {"cell missing", "cell rejected"}
    assert len(links) == 4
    assert "2 numbers without an item" in report.read_text(encoding="utf-8")


def test_every_state_has_a_sign_of_its_own(report: Path) -> None:
    assert list(SIGNS) == list(STATES)
    assert len(set(SIGNS.values())) == len(STATES)
    text = report.read_text(encoding="utf-8")
    assert re.search(r'class="cell missing"[^>]*>11<span class="sign">✗</span></a>', text)


def test_links_to_pages_need_the_raw_files_beside_the_report(report: Path, tmp_path: Path) -> None:
    write_report(report.parent, None, tmp_path / "away.html", FACTS)
    assert "#page=" not in (tmp_path / "away.html").read_text(encoding="utf-8").split('id="data"')[0]


def test_question_that_became_an_item_has_no_second_cell(tmp_path: Path) -> None:
    again = Reject(file="p.pdf", reason="number-repeated", number="1", group=item(1).group, language="es")
    (part,) = coverage(read_tables(build_folder(tmp_path / "build", exam(2, ("es",)), [again])))
    assert [(cell.number, cell.state) for cell in part.cells] == [("1", "ok"), ("2", "ok")]


def test_excused_number_says_its_reason(report: Path) -> None:
    parts = coverage(read_tables(report.parent), {"ex/2031/1/011": "torn page"})
    (cell,) = [cell for cell in parts[2].cells if cell.number == "11"]
    assert (cell.state, cell.why) == ("excused", "torn page")


def test_cells_beyond_the_limit_are_left_out_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_coverage, "CELL_LIMIT", 5)
    build = build_folder(tmp_path / "build", exam(4))
    parts = coverage(read_tables(build))
    assert [(part.total, part.cells) for part in parts] == [(4, ()), (4, ())]


def test_texts_beyond_the_limit_are_left_out_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_data, "ITEM_LIMIT", 3)
    build = build_folder(tmp_path / "build", [item(1, stem=""), *exam(4)[1:]])
    write_report(build, None, build / "report.html", {})
    assert item(1).id in data_of(build / "report.html")["items"]
    assert len(data_of(build / "report.html")["items"]) == 3
    assert "The texts of 5 items with the lowest risk are left out" in (build / "report.html").read_text("utf-8")


def test_crop_of_a_real_page_shows_the_box(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    canvas = Canvas(str(raw / "paper.pdf"), pagesize=(400, 600), invariant=True)
    canvas.rect(100, 400, 200, 100, fill=1)  # from y 100 to 200 measured from the top
    canvas.save()
    place = Provenance(field="stem", file="paper.pdf", page=1, x0=100, y0=100, x1=300, y1=200)
    build = build_folder(tmp_path / "build", [item(1, stem="", provenance=(place,))])
    write_report(build, raw, build / "report.html", {})
    data = data_of(build / "report.html")
    (crop,) = data["items"][item(1).id]["crops"]
    kind, _, encoded = data["pictures"][crop["picture"]].partition(";base64,")
    assert kind in {"data:image/png", "data:image/jpeg"}
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as shown:
        grey = shown.convert("L")
    # 200 x 100 points with 28 and 8 points of margin at the sides, 8 above and below, 1.7 pixels a point.
    assert abs(grey.width - 236 * 1.7) <= 2
    assert abs(grey.height - 116 * 1.7) <= 2
    inside = grey.crop((60, 25, grey.width - 25, grey.height - 25)).histogram()
    assert sum(inside[16:]) == 0
    assert sum(grey.crop((0, 0, 6, 6)).histogram()[:250]) == 0


def test_pictures_beyond_the_limit_are_named_by_file_and_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pictures, "PICTURE_LIMIT", 1)
    monkeypatch.setattr("benchwright.sources.grey_sheets", lambda _, pages, **__: (grey(picture()) for _ in pages))
    build, raw = project(tmp_path)
    write_report(build, raw, build / "report.html", FACTS)
    data = data_of(build / "report.html")
    assert len(data["pictures"]) == 1
    assert "pictures are left out" in (build / "report.html").read_text("utf-8")
    assert data["raw"] == "../raw"
    assert all(one["crops"] or one["places"] for one in data["items"].values() if one["language"] != "ar")


def test_bytes_of_pictures_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pictures, "BYTE_LIMIT", 10)
    monkeypatch.setattr("benchwright.sources.grey_sheets", lambda _, pages, **__: (grey(picture()) for _ in pages))
    build, raw = project(tmp_path)
    write_report(build, raw, build / "report.html", FACTS)
    assert set(data_of(build / "report.html")["pictures"]) == {None}


def test_page_that_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    build, raw = project(tmp_path)
    write_report(build, raw, build / "report.html", FACTS)
    text = (build / "report.html").read_text(encoding="utf-8")
    assert "could not be drawn" in text
    assert "paper.pdf, page 1" in text


def test_facts_come_from_the_manifest_when_none_are_given(tmp_path: Path) -> None:
    build = build_folder(tmp_path / "build", exam(2), some_rejects())
    write_json(build / "manifest.json", {"name": "made-up", "facts": {"title": None, "gate": FACTS["gate"]}})
    write_report(build, None, build / "report.html")
    text = (build / "report.html").read_text(encoding="utf-8")
    assert "<h1>made-up</h1>" in text
    assert "Gate not met" in text


def test_tables_that_are_absent_are_named(tmp_path: Path) -> None:
    build = build_folder(tmp_path / "build", exam(2))
    (build / "ledger.parquet").unlink()
    write_report(build, None, build / "report.html", {})
    assert "shown as empty: ledger" in (build / "report.html").read_text(encoding="utf-8")


def test_empty_build_has_a_report(tmp_path: Path) -> None:
    build = build_folder(tmp_path / "build", [])
    write_report(build, None, build / "report.html", {})
    assert "There are no questions." in (build / "report.html").read_text(encoding="utf-8")


def test_folders_without_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        write_report(tmp_path, None, tmp_path / "report.html")
    assert caught.value.problems[0].code == "file-not-found"
    (tmp_path / "items.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(InputError) as damaged:
        write_report(tmp_path, None, tmp_path / "report.html")
    assert damaged.value.problems[0].code == "file-unreadable"
    pl.DataFrame({"question": ["?"]}).write_parquet(tmp_path / "items.parquet")
    with pytest.raises(SchemaError):
        write_report(tmp_path, None, tmp_path / "report.html")


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_data_survives_and_cannot_leave_its_element(value: Any) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)
