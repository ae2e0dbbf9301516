"""Keys as files other than PDF: CSV, HTML, DOCX and XLSX, written from the standard library alone."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from tests.typesetter.compose import Setting
from tests.typesetter.keytable import entries
from tests.typesetter.layout import Layout
from tests.typesetter.model import PrintExam
from tests.typesetter.styles import word

_MOMENT = (2031, 3, 14, 9, 0, 0)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_key_file(exam: PrintExam, layout: Layout, path: Path, title: str, *, revised: bool = False) -> Path:
    """Writes the key in the format that the suffix names; equal keys give equal bytes."""
    setting = Setting(layout, exam.language, 400.0)
    parts = sorted({item.part for item in exam.items})
    rows = [[word(exam.language, "question"), word(exam.language, "answer")]]
    if len(parts) > 1:
        rows[0].insert(0, word(exam.language, "part").format("").strip())
    for part in parts:
        items = [item for item in exam.items if item.part == part]
        for number, answer in entries(setting, items, revised=revised):
            rows.append([number, answer] if len(parts) == 1 else [str(part), number, answer])
    _WRITERS[path.suffix](path, rows, title)
    return path


def _csv(path: Path, rows: list[list[str]], title: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")


def _html(path: Path, rows: list[list[str]], title: str) -> None:
    lines = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    path.write_text(
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>\n'
        f"<body><h1>{html.escape(title)}</h1>\n<table>\n{body}\n</table></body></html>\n",
        encoding="utf-8",
    )


def _archive(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), '<?xml version="1.0" encoding="UTF-8"?>\n' + text)


def _package(main: str, kind: str) -> dict[str, str]:
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/{main}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_R}/officeDocument" Target="{main}"/></Relationships>'
    )
    return {"[Content_Types].xml": types, "_rels/.rels": relations}


def _docx(path: Path, rows: list[list[str]], title: str) -> None:
    def text(words: str) -> str:
        return f'<w:p><w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'

    table = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{text(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    document = (
        f'<w:document xmlns:w="{_W}"><w:body>{text(title)}<w:tbl><w:tblPr/><w:tblGrid/>{table}</w:tbl>'
        f"{text('')}<w:sectPr/></w:body></w:document>"
    )
    _archive(path, {**_package("word/document.xml", "wordprocessingml.document"), "word/document.xml": document})


def _xlsx(path: Path, rows: list[list[str]], title: str) -> None:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{chr(ord("A") + column)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for column, cell in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = f'<worksheet xmlns="{_S}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    book = (
        f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_R}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    files = _package("xl/workbook.xml", "spreadsheetml.sheet")
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace(
        "</Types>",
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.worksheet+xml"/></Types>',
    )
    _archive(
        path,
        {**files, "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": relations, "xl/worksheets/sheet1.xml": sheet},
    )


_WRITERS = {".csv": _csv, ".html": _html, ".docx": _docx, ".xlsx": _xlsx}
