"""CSV, TSV and XLSX -> tables. Encoding and separator are decided by evidence; what cannot be decided is an error."""

from __future__ import annotations

import csv
import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import regex

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._flat import FlatDoc, FlatGrid, FlatLine, FlatRow, Picture, plain_lines
from benchwright.sources._flatzip import Archive, open_archive, read_bytes
from benchwright.sources._language import language_of

__all__ = ["decoded", "read_sheet"]

MAX_CELL: Final = 10 * 2**20
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 2048
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_EIGHT_BIT: Final = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859-5", "koi8-r")
_WIDE: Final = ("big5hkscs", "cp932", "gb18030", "euc-kr", "euc-jp")
_SCRIPT_OF: Final = {
    "cp1251": "Cyrillic", "iso8859-5": "Cyrillic", "koi8-r": "Cyrillic", "cp1253": "Greek", "cp1255": "Hebrew",
    "cp1256": "Arabic",
}  # fmt: skip
_COMMON_HAN: Final = frozenset(
    "的一是不在有人中大上下列何者為为可以及與与於于或年月日時时分個个第生病患性後后前用時最之若其正確确錯误誤答題题選选項项目科人口心血手術术"
)
_ODD: Final = regex.compile(r"[\p{C}--[\t\n\r\x0c]]|\p{Co}|[\u0080-\u009f]|�", flags=regex.V1)
_MIXED: Final = regex.compile(r"\p{Ll}\p{Lu}\p{Ll}|\p{L}[¤¦§¨©ª¬®¯°±²³´µ¶·¸¹º»¼½¾×÷]\p{L}")
_SIGNS: Final = regex.compile(r"[¤¦¨¬¯³´¶¸¹¼½¾ƒ‡†‹›˜ˆ‰¥¢£]")


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of some bytes and the encoding.

    A byte-order mark decides, then UTF-8 where it is valid, then UTF-16 by its zero bytes; among older encodings the
    one whose text looks most like language, when it does so clearly.

    Raises:
        InputError: ``encoding-unknown`` when no encoding fits or two fit alike.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode(data, encoding, name), encoding
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) > 0.1 * len(data) and len(data) % 2 == 0:
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        return _decode(data, encoding, name), encoding
    if even + odd:
        raise InputError(_no_encoding(name, "zero bytes", "binary data"))
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _old_encoding(data, name)


def _decode(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            _no_encoding(name, f"bytes that are not {encoding} ({error})", f"byte {error.start}")
        ) from error


def _old_encoding(data: bytes, name: str) -> tuple[str, str]:
    sample = data[: 2**18]
    worths: list[tuple[float, str]] = []
    for encoding in (*_WIDE, *_EIGHT_BIT):
        try:
            text = sample.decode(encoding, errors="strict")
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 4 or len(sample) == len(data):
                continue
            text = sample[: error.start].decode(encoding)
        worths.append((_likeness(text, encoding), encoding))
    worths.sort(key=lambda entry: -entry[0])
    if not worths or worths[0][0] < _CERTAIN:
        raise InputError(_no_encoding(name, "bytes that read as no language", "the whole file"))
    best, encoding = worths[0]
    rivals = [
        e
        for w, e in worths[1:]
        if w > 0.93 * best and sample.decode(e, "replace") != sample.decode(encoding, "replace")
    ]
    spoken = _BY_LANGUAGE.get(language_of(sample.decode(encoding, "replace")) or "")
    if rivals and spoken in {e for w, e in worths if w > 0}:
        return _decode(data, spoken, name), spoken
    if rivals or len(regex.findall(rb"[\x80-\xff]", data)) < _LEAST:
        found = f"{', '.join([encoding, *rivals[:3]])} fit"
        raise InputError(_no_encoding(name, found, "the whole file"))
    return _decode(data, encoding, name), encoding


def _likeness(text: str, encoding: str) -> float:
    """Return how much the letters outside ASCII look like a language in this encoding: 0 to 1."""
    wide = regex.findall(r"[^\x00-\x7f]", text)
    if not wide or _ODD.search(text):
        return 0.0
    letters = sum(c.isalpha() or c in "¿¡º«»“”‘’–—…·。、，？！「」（）：；・％　" for c in wide) / len(wide)
    if encoding in _WIDE:
        return letters * _asian(wide, encoding)
    worth = letters - 2.0 * len(_MIXED.findall(text)) / len(wide) - len(_SIGNS.findall(text)) / len(wide)
    script = _SCRIPT_OF.get(encoding)
    if script is not None:
        inside = regex.findall(rf"\p{{{script}}}", text)
        lower = sum(c.islower() for c in inside) / max(len(inside), 1) if script in {"Cyrillic", "Greek"} else 1.0
        words = regex.findall(rf"\p{{{script}}}{{3,}}", text)
        mixed = regex.findall(rf"[a-zA-Z]\p{{{script}}}|\p{{{script}}}[a-zA-Z]", text)
        worth -= 2.0 * len(mixed) / len(wide)
        share = sum(map(len, words)) / len(wide)
        return worth * min(share, 1.0) * (0.4 + 0.6 * lower)
    latin = regex.findall(r"[\p{Latin}--[a-zA-Z]]", text, flags=regex.V1)
    words = regex.findall(r"\p{Latin}+", text)
    rare = sum(c not in _FREQUENT.get(encoding, "") for c in latin) / max(len(latin), 1)
    dense = len(latin) / max(sum(map(len, words)), 1)
    return max(worth, 0.0) * (1.0 - 0.8 * rare) * (1.0 if dense < 0.35 else 0.2)


_BY_LANGUAGE: Final = {
    **dict.fromkeys(("es", "pt", "fr", "it", "de", "nl", "sv", "da", "nb", "fi", "ca", "gl", "eu"), "cp1252"),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl"), "cp1250"),
    "tr": "cp1254",
}
_CERTAIN: Final = 0.5
_LEAST: Final = 3
"""Fewer bytes outside ASCII tell nothing without a language that is known."""
_FREQUENT: Final = {
    "cp1252": "áéíóúñüàèìòùâêîôûäëïöçãõåæøßÁÉÍÓÚÑÜÀÈÂÊÄÖÇÃÕÅÆØœŒýÿðþ",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşţđĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰĂÂÎŞŢĐöüäôľĺŕß",
    "cp1254": "çğıöşüÇĞİÖŞÜâîû",
}


def _asian(wide: Sequence[str], encoding: str) -> float:
    text = "".join(wide)
    kana = len(regex.findall(r"[\p{Hiragana}\p{Katakana}ー]", text))
    half = len(regex.findall(r"[\uff61-\uff9f]", text))
    hangul = len(regex.findall(r"\p{Hangul}", text))
    han = len(regex.findall(r"\p{Han}", text))
    total = len(text)
    common = sum(c in _COMMON_HAN for c in text) / max(han, 1)
    if encoding in {"cp932", "euc-jp"}:
        return (kana + 0.5 * han) / total if kana > 0.15 * total and half < 0.1 * total else 0.1 * common
    if encoding == "euc-kr":
        return (hangul + 0.3 * han) / total if hangul > 0.5 * total else 0.05
    return (han / total) * min(1.0, 0.2 + 6 * common) if han > 0.4 * total and hangul + kana < 0.2 * total else 0.05


def _no_encoding(name: str, found: str, place: str) -> Problem:
    return Problem(
        "encoding-unknown",
        "the encoding of a text file cannot be decided",
        name,
        place,
        found=found,
        expected="UTF-8, UTF-16, or an older encoding that can be told with certainty",
        remedy="save it as UTF-8",
    )


def read_sheet(path: Path, name: str) -> FlatDoc:
    """Return the tables of a CSV, TSV or XLSX file, one for each sheet.

    Raises:
        InputError: the file cannot be read, its encoding cannot be decided, or it is larger than the limits.
    """
    if path.suffix.casefold() in {".xlsx", ".xlsm"}:
        return _read_xlsx(path, name)
    return _read_text(path, name)


def _read_text(path: Path, name: str) -> FlatDoc:
    text, _ = decoded(read_bytes(path, name), name)
    separator = _separator(text, "\t" if path.suffix.casefold() == ".tsv" else None)
    rows = []
    previous = csv.field_size_limit(MAX_CELL)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if len(cells) > MAX_COLUMNS:
                raise InputError(_too_large(name, f"row {number}", f"{len(cells)} columns", f"at most {MAX_COLUMNS}"))
            rows.append(
                FlatRow(tuple(plain_lines(c, number, f"row[{number}]") for c in cells), number, f"row[{number}]")
            )
    except csv.Error as error:
        raise InputError(
            _too_large(name, f"row {len(rows) + 1}", str(error), f"cells of at most {MAX_CELL} characters")
        ) from error
    finally:
        csv.field_size_limit(previous)
    return FlatDoc((FlatGrid(tuple(rows), "table"),))


def _separator(text: str, usual: str | None) -> str:
    """Return the separator that gives most rows the same number of cells, more than one."""
    sample = text[: 2**17]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, worth = usual or ",", 0.0
    for sign in dict.fromkeys(sign for sign in (usual, ",", ";", "\t", "|") if sign):
        try:
            counts = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if row]
        except csv.Error:
            continue
        width, times = Counter(counts).most_common(1)[0] if counts else (0, 0)
        if width > 1 and times / len(counts) + 0.01 * min(width, 10) > worth + 1e-9:
            best, worth = sign, times / len(counts) + 0.01 * min(width, 10)
    return best


def _too_large(name: str, place: str, found: str, expected: str) -> Problem:
    return Problem(
        "file-too-large",
        "the table is larger than is read, or its quotes are not closed",
        name,
        place,
        found=found,
        expected=expected,
        remedy="look at that row, and split the file if it is right",
    )


def _read_xlsx(path: Path, name: str) -> FlatDoc:
    with open_archive(path, name, "xl/workbook.xml") as archive:
        for part in sorted(p for p in archive.parts if p.endswith((".xml", ".rels"))):
            archive.xml(part)
        try:
            grids, hidden = _sheets(path, name, archive)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, zipfile.BadZipFile) as error:
            raise InputError(
                Problem(
                    "office-damaged",
                    "the workbook is damaged, or is not what its suffix says",
                    name,
                    found=f"{type(error).__name__}: {error}",
                    expected="a workbook with sheets",
                    remedy="open it in an office program and save it again, or fetch it again",
                )
            ) from error
    many = len([grid for grid in grids if grid.rows]) > 1
    kept = tuple(grid if many else FlatGrid(grid.rows, grid.xpath) for grid in grids if grid.rows)
    return FlatDoc(kept, tuple(f"the sheet {title!r} is hidden in the file" for title in hidden))


def _sheets(path: Path, name: str, archive: Archive) -> tuple[list[FlatGrid], list[str]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        places = _sheet_parts(archive)
        grids = [_sheet(sheet, name, _pictures(archive, places.get(sheet.title))) for sheet in book.worksheets]
        return grids, [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    finally:
        book.close()


def _sheet(sheet: Any, name: str, pictures: dict[tuple[int, int], list[Picture]]) -> FlatGrid:
    title = str(sheet.title)
    rows = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > MAX_ROWS or len(cells) > 8 * MAX_COLUMNS:
            raise InputError(
                _too_large(name, f"sheet {title}, row {number}", f"{len(cells)} columns", "a smaller sheet")
            )
        texts = [_cell_text(cell.value) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        here = [column for row, column in pictures if row == number]
        texts += [""] * (max(here, default=-1) + 1 - len(texts))
        if not texts:
            continue
        place = f"{title}!{number}"
        lines = [plain_lines(text, number, place) for text in texts]
        for column in here:
            shown = tuple((0, picture) for picture in pictures[number, column])
            first = lines[column][0] if lines[column] else FlatLine("", b"", (), number, place)
            lines[column] = (FlatLine(first.text, first.style, shown, number, place), *lines[column][1:])
        rows.append(FlatRow(tuple(lines), number, place))
    return FlatGrid(tuple(rows), title, title)


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _relations(archive: Archive, part: str) -> dict[str, str]:
    folder, base = posixpath.split(part)
    rels = f"{folder}/_rels/{base}.rels"
    if rels not in archive.parts:
        return {}
    return {
        one.get("Id", ""): one.get("Target", "")[1:]
        if one.get("Target", "").startswith("/")
        else posixpath.normpath(posixpath.join(folder, one.get("Target", "")))
        for one in archive.xml(rels)
        if one.get("TargetMode") != "External"
    }


def _sheet_parts(archive: Archive) -> dict[str, str]:
    targets = _relations(archive, "xl/workbook.xml")
    sheets = (one for one in archive.xml("xl/workbook.xml").iter() if str(one.tag).endswith("}sheet"))
    return {one.get("name", ""): targets.get(one.get(f"{_REL}id", ""), "") for one in sheets}


def _pictures(archive: Archive, part: str | None) -> dict[tuple[int, int], list[Picture]]:
    """Return the pictures of a sheet by row (from 1) and column (from 0) of their upper left corner."""
    import mimetypes

    found: dict[tuple[int, int], list[Picture]] = {}
    drawings = [target for target in _relations(archive, part).values() if "/drawings/" in target] if part else []
    for drawing in drawings:
        if drawing not in archive.parts or not drawing.endswith(".xml"):
            continue
        targets = _relations(archive, drawing)
        for anchor in archive.xml(drawing):
            corner = [one.text or "0" for one in anchor.iter() if str(one.tag).endswith(("}col", "}row"))][:2]
            links = [link for one in anchor.iter() if (link := one.get(f"{_REL}embed"))]
            for target in (targets.get(link, "") for link in links if len(corner) == 2):
                data = archive.read(target) if target in archive.parts else None
                picture = Picture(data, mimetypes.guess_type(target)[0], posixpath.basename(target))
                found.setdefault((int(corner[1]) + 1, int(corner[0])), []).append(picture)
    return found
