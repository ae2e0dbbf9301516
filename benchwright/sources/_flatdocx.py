"""DOCX -> paragraphs and tables, with the type of each run, automatic numbers, formulas and pictures."""

from __future__ import annotations

import mimetypes
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchwright.sources._flat import FlatDoc, FlatGrid, FlatLine, FlatRow, LineMaker, Picture, raised
from benchwright.sources._flatomml import linear_omml
from benchwright.sources._flatstyles import Numbering, RunStyle, Styles, W, read_numbering, read_styles, whole
from benchwright.sources._flatzip import Archive, open_archive
from benchwright.sources._privatesigns import FIRST_SIGN, public_sign

__all__ = ["read_docx"]

_LAST_SIGN: Final = 0xFF
_MAIN: Final = "word/document.xml"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PASSED: Final = frozenset({"hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "dir", "bdo", "moveTo"})


@dataclass
class _Reader:
    archive: Archive
    styles: Styles
    numbering: Numbering
    targets: Mapping[str, tuple[str, bool]]
    paragraphs: int = 0
    floating: list[FlatLine] = field(default_factory=list)
    """Lines of text boxes: they follow the paragraph to which they are tied."""

    def blocks(self, body: Any, xpath: str) -> Iterator[FlatLine | FlatGrid]:
        counts: dict[str, int] = {}
        for child in body:
            name = _name(child)
            if name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
                yield from self.blocks(child, xpath)
                continue
            counts[name] = counts.get(name, 0) + 1
            place = f"{xpath}/w:{name}[{counts[name]}]"
            if name == "p":
                self.paragraphs += 1
                yield from self.paragraph(child, self.paragraphs, place)
                yield from self._floated()
            elif name == "tbl":
                yield self.table(child, place)

    def _floated(self) -> list[FlatLine]:
        lines, self.floating = self.floating, []
        return lines

    def table(self, element: Any, xpath: str) -> FlatGrid:
        rows = []
        for r, row in enumerate(_rows(element), 1):
            cells: list[tuple[FlatLine, ...]] = []
            for c, cell in enumerate(_cells(row), 1):
                place = f"{xpath}/w:tr[{r}]/w:tc[{c}]"
                cells.append(tuple(self._cell(cell, r, place)))
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                cells += [()] * (min(whole(span.get(f"{W}val"), 1), 64) - 1 if span is not None else 0)
            rows.append(FlatRow(tuple(cells), r, f"{xpath}/w:tr[{r}]"))
        return FlatGrid(tuple(rows), xpath)

    def _cell(self, cell: Any, row: int, xpath: str) -> Iterator[FlatLine]:
        for block in self.blocks(cell, xpath):
            if isinstance(block, FlatLine):
                yield FlatLine(block.text, block.style, block.pictures, row, block.xpath, block.indent)
            else:
                yield from nested_lines(block, row)

    def paragraph(self, element: Any, row: int, xpath: str) -> list[FlatLine]:
        properties = element.find(f"{W}pPr")
        maker = LineMaker(row, xpath, _indent(properties))
        style = _value(properties, "pStyle") or self.styles.paragraph
        base = self.styles.runs.get(style or "", RunStyle()).over(self.styles.default)
        printed = self._number(properties, style)
        if printed is not None:
            maker.indent = max(maker.indent, printed[1])
            maker.add(f"{printed[0]}\t" if printed[0] else "", 0)
        self._inside(element, maker, base)
        return maker.lines()

    def _number(self, properties: Any, style: str | None) -> tuple[str, float] | None:
        numbers = properties.find(f"{W}numPr") if properties is not None else None
        inherited = self.styles.lists.get(style or "")
        if numbers is None and inherited is None:
            return None
        number = _value(numbers, "numId") or (inherited[0] if inherited else "")
        level = _value(numbers, "ilvl")
        depth = whole(level) if level is not None else (inherited[1] if inherited else 0)
        return self.numbering.next(number, depth) if number != "0" else None

    def _inside(self, element: Any, maker: LineMaker, base: RunStyle) -> None:
        for child in element:
            name = _name(child)
            if name == "r":
                self._run(child, maker, base)
            elif name in _PASSED:
                self._inside(child, maker, base)
            elif str(child.tag).startswith(_MATH) and name in {"oMath", "oMathPara"}:
                maker.add(linear_omml(child), 0)

    def _run(self, run: Any, maker: LineMaker, base: RunStyle) -> None:
        properties = run.find(f"{W}rPr")
        named = self.styles.runs.get(_value(properties, "rStyle") or "", RunStyle())
        style = RunStyle.of(properties).over(named).over(base)
        if style.hidden:
            return
        for child in run:
            name = _name(child)
            if name == "t":
                text = child.text or ""
                if style.raised in {"superscript", "subscript"}:
                    text = raised(text, up=style.raised == "superscript")
                maker.add(text, style.flags)
            elif name in {"tab", "ptab"}:
                maker.add("\t", style.flags)
            elif name in {"br", "cr"}:
                maker.add("\n", 0)
            elif name == "noBreakHyphen":
                maker.add("\u2011", style.flags)
            elif name == "sym":
                maker.add(_symbol(child), style.flags)
            else:
                self._drawing(child, maker)

    def _drawing(self, element: Any, maker: LineMaker) -> None:
        name = _name(element)
        if name == "AlternateContent":
            chosen = next((one for one in element if _name(one) == "Choice"), None)
            for one in chosen if chosen is not None else ():
                self._drawing(one, maker)
            return
        if name not in {"drawing", "pict", "object"}:
            return
        for one in element.iter():
            link = one.get(f"{_REL}embed") or one.get(f"{_REL}link") if _name(one) == "blip" else None
            link = one.get(f"{_REL}id") if _name(one) == "imagedata" else link
            if link is not None:
                maker.picture(self._picture(link, element))
            if _name(one) == "txbxContent":
                texts = [b for b in self.blocks(one, f"{maker.xpath}//w:txbxContent") if isinstance(b, FlatLine)]
                self.floating += [FlatLine(b.text, b.style, b.pictures, maker.row, maker.xpath) for b in texts]

    def _picture(self, link: str, element: Any) -> Picture:
        target, inside = self.targets.get(link, (link, False))
        caption = next((one.get("descr") for one in element.iter() if _name(one) == "docPr" and one.get("descr")), None)
        kind = mimetypes.guess_type(target)[0] or _KINDS.get(posixpath.splitext(target)[1].lower())
        data = self.archive.read(target) if inside and target in self.archive.parts else None
        return Picture(data, kind, posixpath.basename(target), caption)


_KINDS: Final = {".emf": "image/emf", ".wmf": "image/wmf"}


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _value(element: Any, name: str) -> str | None:
    found = element.find(f"{W}{name}") if element is not None else None
    return None if found is None else found.get(f"{W}val")


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if _name(child) == "tr":
            yield child
        elif _name(child) in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if _name(child) == "tc":
            yield child
        elif _name(child) in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _cells(child)


def _indent(properties: Any) -> float:
    found = properties.find(f"{W}ind") if properties is not None else None
    return whole(found.get(f"{W}left") or found.get(f"{W}start")) / 20 if found is not None else 0.0


def _symbol(element: Any) -> str:
    """Return a sign of a font of symbols by its encoding; of a font that is not known the code as it stands."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    # Some programs leave out the place of private signs.
    placed = code + FIRST_SIGN if code <= _LAST_SIGN else code
    return public_sign(placed, (element.get(f"{W}font") or "").casefold()) or chr(code)


def nested_lines(grid: FlatGrid, row: int) -> Iterator[FlatLine]:
    """Yield a table inside a cell as lines: one for each of its rows, cells parted by bars."""
    for line in grid.rows:
        maker = LineMaker(row, line.xpath)
        for k, cell in enumerate(line.cells):
            maker.add(" | " if k else "", 0)
            for n, part in enumerate(cell):
                maker.add(" " if n else "", 0)
                maker.pictures += [(len(maker.text) + at, picture) for at, picture in part.pictures]
                maker.text.extend(part.text)
                maker.style.extend(part.style)
        if any(cell for cell in line.cells):
            yield from maker.lines()


def _targets(archive: Archive) -> dict[str, tuple[str, bool]]:
    """Return the parts that the document refers to, by relation, and whether each is inside the file."""
    part = "word/_rels/document.xml.rels"
    if part not in archive.parts:
        return {}
    result = {}
    for one in archive.xml(part):
        target = one.get("Target", "")
        inside = one.get("TargetMode") != "External"
        place = posixpath.normpath(posixpath.join("word", target)) if not target.startswith("/") else target[1:]
        result[one.get("Id", "")] = (place if inside else target, inside)
    return result


def read_docx(path: Path, name: str) -> FlatDoc:
    """Return the paragraphs and tables of a DOCX.

    Raises:
        InputError: the file cannot be read, is encrypted, damaged, or unpacks to more than the limits.
    """
    with open_archive(path, name, _MAIN) as archive:
        body = archive.xml(_MAIN).find(f"{W}body")
        reader = _Reader(
            archive,
            read_styles(archive.xml("word/styles.xml") if "word/styles.xml" in archive.parts else None),
            read_numbering(archive.xml("word/numbering.xml") if "word/numbering.xml" in archive.parts else None),
            _targets(archive),
        )
        blocks = tuple(reader.blocks(body, "/w:document/w:body")) if body is not None else ()
    return FlatDoc(blocks)
