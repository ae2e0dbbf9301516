"""XLIFF 2.1 and 1.2 (OASIS): one group per item, one unit per field, protected pieces as inline codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import regex
from lxml import etree

from benchwright.builder.store import write_bytes
from benchwright.builder.translate._people.rows import Bundle, Row, broken_file
from benchwright.builder.translate._protect import NOTHING

__all__ = ["read_xliff", "shown", "write_xliff"]

_TWO: Final = "urn:oasis:names:tc:xliff:document:2.0"
_ONE: Final = "urn:oasis:names:tc:xliff:document:1.2"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PIECE: Final = regex.compile(r"⟦(\d+)⟧")
_UNSEEN: Final = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_BY: Final = "translator"


def write_xliff(path: Path, bundle: Bundle, *, version: str) -> None:
    """Write rows as XLIFF.

    Raises:
        OutputError: the file cannot be written.
    """
    root = _written_two(bundle) if version == "2.1" else _written_one(bundle)
    write_bytes(path, etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def read_xliff(path: Path) -> Bundle:
    """Return the rows of a file of either version.

    Raises:
        InputError: ``exchange-broken``.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise broken_file(path, str(error), "XLIFF 2.1 or 1.2") from error
    name = etree.QName(root)
    if name.localname != "xliff" or name.namespace not in (_TWO, _ONE):
        raise broken_file(path, f"{root.tag}", "XLIFF 2.1 or 1.2")
    return _read_two(root) if name.namespace == _TWO else _read_one(root)


def _written_two(bundle: Bundle) -> etree._Element:
    root = etree.Element(f"{{{_TWO}}}xliff", {"version": "2.1", "srcLang": bundle.source or "und"}, nsmap=_names(_TWO))
    root.set("trgLang", bundle.target or "und")
    file = etree.SubElement(root, f"{{{_TWO}}}file", {"id": "f1", "canResegment": "no"})
    for place, (item_id, rows) in enumerate(_by_item(bundle.rows), 1):
        group = etree.SubElement(file, f"{{{_TWO}}}group", {"id": f"g{place}", "name": item_id})
        for number, row in enumerate(rows, 1):
            unit = etree.SubElement(group, f"{{{_TWO}}}unit", {"id": f"g{place}u{number}", "name": row.field})
            if row.notes:
                notes = etree.SubElement(unit, f"{{{_TWO}}}notes")
                for text in row.notes:
                    etree.SubElement(notes, f"{{{_TWO}}}note", {"category": "instruction"}).text = shown(text)
            masked = NOTHING.masked(row.source)
            if masked.pieces:
                data = etree.SubElement(unit, f"{{{_TWO}}}originalData")
                for at, piece in enumerate(masked.pieces):
                    etree.SubElement(data, f"{{{_TWO}}}data", {"id": f"d{at}"}).text = shown(piece)
            state = "translated" if row.target else "initial"
            segment = etree.SubElement(unit, f"{{{_TWO}}}segment", {"id": "s1", "state": state})
            _fill(etree.SubElement(segment, f"{{{_TWO}}}source", {_SPACE: "preserve"}), row.source, row.source, _TWO)
            if row.target:
                target = etree.SubElement(segment, f"{{{_TWO}}}target", {_SPACE: "preserve"})
                _fill(target, row.target, row.source, _TWO)
    return root


def _written_one(bundle: Bundle) -> etree._Element:
    root = etree.Element(f"{{{_ONE}}}xliff", {"version": "1.2"}, nsmap=_names(_ONE))
    attributes = {
        "original": "items",
        "source-language": bundle.source or "und",
        "target-language": bundle.target or "und",
        "datatype": "plaintext",
    }
    body = etree.SubElement(etree.SubElement(root, f"{{{_ONE}}}file", attributes), f"{{{_ONE}}}body")
    for place, (item_id, rows) in enumerate(_by_item(bundle.rows), 1):
        group = etree.SubElement(body, f"{{{_ONE}}}group", {"id": f"g{place}", "resname": item_id})
        for number, row in enumerate(rows, 1):
            unit = etree.SubElement(
                group, f"{{{_ONE}}}trans-unit", {"id": f"g{place}u{number}", "resname": row.field, _SPACE: "preserve"}
            )
            _fill(etree.SubElement(unit, f"{{{_ONE}}}source"), row.source, row.source, _ONE)
            if row.target:
                state = {"state": "needs-review-translation"}
                _fill(etree.SubElement(unit, f"{{{_ONE}}}target", state), row.target, row.source, _ONE)
            for text in row.notes:
                etree.SubElement(unit, f"{{{_ONE}}}note", {"from": "instruction"}).text = shown(text)
    return root


def _names(space: str) -> Any:
    """Return the names of a document whose elements need no prefix; the stubs know no such thing."""
    return {None: space}


def _by_item(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    for item_id, several in groupby(rows, key=lambda row: row.item_id):
        yield item_id, list(several)


def _fill(element: etree._Element, text: str, source: str, space: str) -> None:
    """Write a text with inline codes for the protected pieces of the source."""
    pieces = list(NOTHING.masked(source).pieces)
    masked = NOTHING.masked(text)
    core = masked.before + masked.text + masked.behind
    last: etree._Element | None = None
    at = 0
    for found in _PIECE.finditer(core):
        _append(element, last, core[at : found.start()])
        at = found.end()
        piece = masked.pieces[int(found[1])]
        number = pieces.index(piece) if piece in pieces else -1
        if number < 0:
            _append(element, last, piece)
            continue
        pieces[number] = "\0used"
        last = etree.SubElement(element, f"{{{space}}}ph", {"id": f"p{number}"})
        if space == _TWO:
            last.set("dataRef", f"d{number}")
        else:
            last.text = shown(piece)
    _append(element, last, core[at:])


def _append(element: etree._Element, last: etree._Element | None, text: str) -> None:
    if last is None:
        element.text = (element.text or "") + shown(text)
    else:
        last.tail = (last.tail or "") + shown(text)


def shown(text: str) -> str:
    """Return a text as XML can hold it: other characters by their code."""
    return _UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", text)


def _read_two(root: etree._Element) -> Bundle:
    rows = []
    for unit in root.iter(f"{{{_TWO}}}unit"):
        sources = ["".join(_texts(one)) for one in unit.iter(f"{{{_TWO}}}source")]
        targets = ["".join(_texts(one)) for one in unit.iter(f"{{{_TWO}}}target")]
        rows.append(
            Row(_group_name(unit, "name"), unit.get("name", ""), "".join(sources), "".join(targets), _notes(unit))
        )
    return Bundle(rows, root.get("srcLang"), root.get("trgLang"), coded=True)


def _read_one(root: etree._Element) -> Bundle:
    rows = []
    for unit in root.iter(f"{{{_ONE}}}trans-unit"):
        source, target = unit.find(f"{{{_ONE}}}source"), unit.find(f"{{{_ONE}}}target")
        texts = ["" if one is None else "".join(_texts(one)) for one in (source, target)]
        rows.append(Row(_group_name(unit, "resname"), unit.get("resname", ""), texts[0], texts[1], _notes(unit)))
    file = next(root.iter(f"{{{_ONE}}}file"), None)
    tags = [None if file is None else file.get(f"{side}-language") for side in ("source", "target")]
    return Bundle(rows, tags[0], tags[1], coded=True)


def _group_name(unit: etree._Element, attribute: str) -> str:
    group = unit.getparent()
    return "" if group is None else str(group.get(attribute, ""))


def _texts(element: Any) -> Iterator[str]:
    """Yield the text of a segment, with numbered placeholders for inline codes; marks of tools are left out."""
    yield element.text or ""
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name in ("ph", "x"):
            yield f"⟦{str(child.get('id', '')).removeprefix('p')}⟧"
        elif name in ("mrk", "pc", "g"):
            yield from _texts(child)
        yield child.tail or ""


def _notes(unit: Any) -> tuple[str, ...]:
    """Return the notes that were not ours."""
    return tuple(
        text
        for note in unit.iter()
        if isinstance(note.tag, str) and etree.QName(note).localname == "note"
        if "instruction" not in (note.get("category"), note.get("from")) and (text := "".join(note.itertext()).strip())
    )
