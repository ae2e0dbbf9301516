"""TMX 1.4: translation memories, texts by texts without items."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lxml import etree

from benchwright._version import __version__
from benchwright.builder.store import write_bytes
from benchwright.builder.translate._people.rows import Bundle, Row, broken_file
from benchwright.builder.translate._people.xliff import shown

__all__ = ["read_tmx", "write_tmx"]

_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def write_tmx(path: Path, bundle: Bundle) -> None:
    """Write the rows that have a target, each pair of texts once.

    Raises:
        OutputError: the file cannot be written.
    """
    root = etree.Element("tmx", {"version": "1.4"})
    about = {
        "creationtool": "benchwright",
        "creationtoolversion": __version__,
        "segtype": "block",
        "o-tmf": "benchwright",
        "adminlang": "en",
        "srclang": bundle.source or "*all*",
        "datatype": "plaintext",
    }
    etree.SubElement(root, "header", about)
    body = etree.SubElement(root, "body")
    for source, target in dict.fromkeys((row.source, row.target) for row in bundle.rows if row.target):
        unit = etree.SubElement(body, "tu")
        for language, text in ((bundle.source, source), (bundle.target, target)):
            variant = etree.SubElement(unit, "tuv", {_LANG: language or "und"})
            etree.SubElement(variant, "seg").text = shown(text)
    write_bytes(path, etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def read_tmx(path: Path, source: str, target: str) -> Bundle:
    """Return the pairs of a memory for two languages; of several with one source the last stands.

    Raises:
        InputError: ``exchange-broken``.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise broken_file(path, str(error), "TMX 1.4") from error
    if etree.QName(root).localname != "tmx":
        raise broken_file(path, str(root.tag), "TMX 1.4")
    found: dict[str, str] = {}
    for unit in root.iter("tu"):
        texts: dict[str, str] = {
            (variant.get(_LANG) or variant.get("lang") or "").casefold(): "".join(
                str(text) for text in segment.itertext()
            )
            for variant in unit.iter("tuv")
            for segment in variant.iter("seg")
        }
        one, other = _of(texts, source), _of(texts, target)
        if one is not None and other is not None:
            found[one] = other
    return Bundle([Row("", "", one, other) for one, other in found.items()], source, target)


def _of(texts: dict[str, str], language: str) -> str | None:
    """Return the text in a language; a regional variety serves where the plain tag is asked for."""
    tag = language.casefold()
    return texts.get(tag, next((text for name, text in texts.items() if name.startswith(f"{tag}-")), None))
