"""Kit: termbases in TBX (ISO 30042), of 2008 and of 2019."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any, Final

from lxml import etree

__all__ = ["terms_of"]

_ENTRIES: Final = ("termEntry", "conceptEntry")
_LANGUAGES: Final = ("langSet", "langSec")
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_KEEP: Final = "do not translate"
_OPEN: Final = "no accepted term"
_NOT_USED: Final = ("deprecated", "superseded", "obsolete", "notrecommended")
Row = tuple[str, str | None, str | None, str | None, bool]


def terms_of(path: Path) -> list[Row]:
    """Return source, target, both languages, and whether there is no accepted translation, for each pair of terms.

    Each concept gives a row for each two of its languages, both ways round; terms that are marked as deprecated are no
    targets. A concept with the note ``do not translate`` or ``no accepted term`` gives one row for each of its terms,
    for all languages.

    Raises:
        ValueError: the file is no TBX.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is no XML: {error}") from error
    entries = [one for one in root.iter() if _name(one) in _ENTRIES]
    if not entries:
        raise ValueError("no termEntry and no conceptEntry in it")
    return [row for entry in entries for row in _rows(entry)]


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    return "".join(element.itertext())


def _rows(entry: etree._Element) -> Iterator[Row]:
    said = " ".join(
        f"{one.get('type', '')} {_text(one)}".casefold()
        for one in entry.iter()
        if _name(one) in ("note", "descrip", "termNote", "admin")
    )
    keep, still = _KEEP in said or "donottranslate" in said, _OPEN in said
    terms = [
        (section.get(_XML_LANG) or section.get("lang"), term, used)
        for section in entry
        if _name(section) in _LANGUAGES
        for term, used in _terms(section)
    ]
    if keep or still:
        yield from ((term, None, language, None, still and not keep) for language, term, used in terms if used)
        return
    for (language, term, _), (other, target, used) in permutations(terms, 2):
        if language != other and used:
            yield term, target, language, other, False


def _terms(section: etree._Element) -> Iterator[tuple[str, bool]]:
    for term in section.iter():
        if _name(term) != "term":
            continue
        text = " ".join(_text(term).split())
        around = term.getparent()
        notes = "" if around is None else " ".join(_text(one) for one in around if _name(one) == "termNote")
        if text:
            yield text, not any(word in notes.casefold().replace(" ", "") for word in _NOT_USED)
