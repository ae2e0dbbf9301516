"""HTML -> paragraphs and tables: list numbers as a browser prints them, options behind radio buttons, marked answers.

Nothing is run and nothing is fetched. Pictures are read from the page itself or from files beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._flat import (
    BOLD,
    COLOUR,
    HIGHLIGHT,
    ITALIC,
    MARKED,
    UNDERLINE,
    FlatDoc,
    FlatGrid,
    FlatLine,
    FlatRow,
    LineMaker,
    raised,
)
from benchwright.sources._flatencoding import decoded
from benchwright.sources._flathtmlmarks import MAX_PAGE, picture_of, set_apart
from benchwright.sources._flatomml import linear_mathml
from benchwright.sources._flatzip import read_bytes

__all__ = ["read_html"]

MAX_DEPTH: Final = 200
_SKIPPED: Final = frozenset(
    {"script", "style", "head", "noscript", "template", "nav", "footer", "object", "iframe", "svg"}
)
_INLINE: Final = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "mark", "math", "q", "ruby", "rb", "rt", "rp", "s", "samp", "script", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "button", "nobr", "output",
})  # fmt: skip
_STYLES: Final = {
    "b": BOLD,
    "strong": BOLD,
    "i": ITALIC,
    "em": ITALIC,
    "u": UNDERLINE,
    "ins": UNDERLINE,
    "mark": HIGHLIGHT,
}
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_OWN_MARK: Final = re.compile(r"\s*(?:[(\[]?\w{1,2}\s?[.)\]:]|[①-⑳Ⓐ-ⓩ])")
_DARK: Final = re.compile(r"^(?:#0{3,8}|black|inherit|initial|currentcolor|rgb\(\s*0\s*,\s*0\s*,\s*0\s*\)|auto|)$")
_CLEAR: Final = re.compile(
    r"^(?:transparent|inherit|initial|none|white|#f{3,8}|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)|)$"
)


@dataclass
class _Walker:
    folder: Path
    marked: frozenset[int]
    """Positions in the document of the elements that a class or attribute sets apart."""
    order: dict[Any, int]
    blocks: list[FlatLine | FlatGrid] = field(default_factory=list)
    maker: LineMaker | None = None
    count: int = 0
    radios: Counter[str] = field(default_factory=Counter)

    def flush(self) -> None:
        """End the paragraph."""
        if self.maker is not None:
            self.blocks += self.maker.lines()
        self.maker = None

    def _here(self, element: Any, indent: float) -> LineMaker:
        if self.maker is None:
            self.count += 1
            self.maker = LineMaker(self.count, element.getroottree().getpath(element), indent)
        return self.maker

    def _say(self, element: Any, text: str | None, style: int, indent: float) -> None:
        if not text:
            return
        plain = _SPACE.sub(" ", text)
        if self.maker is None and not plain.strip():
            return
        maker = self._here(element, indent)
        if plain[:1] == " " and maker.text and maker.text[-1] in " \n\t":
            plain = plain[1:]
        maker.add(plain, style)

    def walk(self, element: Any, style: int, indent: float, depth: int) -> None:
        """Read an element and what is in it; not the text after it."""
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        if tag == "script" and (element.get("type") or "").startswith("math/"):
            self._say(element, element.text, style, indent)
            return
        if not tag or tag in _SKIPPED:
            return
        if depth > MAX_DEPTH:
            self._say(element, "".join(element.itertext()), style, indent)
            return
        style |= _style_of(element, tag) | (MARKED if self.order.get(element) in self.marked else 0)
        if tag in _INLINE or tag == "br":
            self._inline(element, tag, style, indent, depth)
            return
        self.flush()
        if tag == "table" and not _is_frame(element):
            self.blocks.append(self._table(element, style, depth))
        elif tag in {"ol", "ul", "menu"}:
            self._list(element, tag, style, indent, depth)
        else:
            self._children(element, style, indent, depth)
        self.flush()

    def _children(self, element: Any, style: int, indent: float, depth: int) -> None:
        self._say(element, element.text, style, indent)
        for child in element:
            self.walk(child, style, indent, depth + 1)
            self._say(element, child.tail, style, indent)

    def _inline(self, element: Any, tag: str, style: int, indent: float, depth: int) -> None:
        if tag == "br":
            self._here(element, indent).add("\n", 0)
        elif tag == "img":
            picture = picture_of(element, self.folder)
            if picture is not None:
                self._here(element, indent).picture(picture)
        elif tag == "input":
            self._input(element, indent)
        elif tag == "math":
            self._say(element, linear_mathml(element), style, indent)
        elif tag in {"sup", "sub"}:
            self._say(element, raised("".join(element.itertext()), up=tag == "sup"), style, indent)
            for child in element.iter("img"):
                self._inline(child, "img", style, indent, depth)
        elif tag not in {"rt", "rp", "del", "s", "strike"}:
            self._children(element, style, indent, depth)

    def _input(self, element: Any, indent: float) -> None:
        """Begin an option: with a letter in order where the page prints none of its own."""
        if (element.get("type") or "").lower() not in {"radio", "checkbox"}:
            return
        name = element.get("name") or element.getroottree().getpath(element).rsplit("/", 2)[0]
        position = self.radios[name]
        self.radios[name] += 1
        label = element.getparent() if element.getparent() is not None else element
        after = (element.tail or "") + "".join(
            "".join(one.itertext()) + (one.tail or "") for one in element.itersiblings()
        )
        maker = self._here(label, indent)
        if "".join(maker.text).strip():
            maker.add("\n", 0)
        if not _OWN_MARK.match(after) and position < 26:
            maker.add(f"{chr(ord('A') + position)}.\t", 0)

    def _list(self, element: Any, tag: str, style: int, indent: float, depth: int) -> None:
        items = [child for child in element if child.tag == "li"]
        own = sum(bool(_OWN_MARK.match("".join(item.itertext()))) for item in items)
        radios = sum(
            any((i.get("type") or "").lower() in {"radio", "checkbox"} for i in item.iter("input")) for item in items
        )
        bare = (
            own > 0.5 * len(items)
            or radios > 0.5 * len(items)
            or ("list-style" in _css(element) and "none" in _css(element))
        )
        number = _whole(element.get("start"), 1)
        for child in element:
            if child.tag != "li":
                self.walk(child, style, indent, depth + 1)
                continue
            self.flush()
            number = _whole(child.get("value"), number)
            if not bare:
                mark = "•" if tag != "ol" else f"{_ordinal(number, element)}."
                self._here(child, indent + 18).add(f"{mark}\t", 0)
            number += 1
            item = style | _style_of(child, "li") | (MARKED if self.order.get(child) in self.marked else 0)
            self._children(child, item, indent + 18, depth + 1)
            self.flush()

    def _table(self, element: Any, style: int, depth: int) -> FlatGrid:
        rows = []
        tree = element.getroottree()
        for number, row in enumerate(element.iter("tr"), 1):
            cells: list[tuple[FlatLine, ...]] = []
            for cell in row:
                if cell.tag not in {"td", "th"}:
                    continue
                inner = _Walker(self.folder, self.marked, self.order, radios=self.radios)
                extra = _style_of(cell, "td") | _style_of(row, "tr")
                extra |= MARKED if {self.order.get(cell), self.order.get(row)} & self.marked else 0
                inner._children(cell, style | extra, 0.0, depth + 2)
                inner.flush()
                cells.append(tuple(replace(line, row=number) for line in inner.blocks if isinstance(line, FlatLine)))
                cells += [()] * (min(_whole(cell.get("colspan"), 1), 64) - 1)
            rows.append(FlatRow(tuple(cells), number, tree.getpath(row)))
        caption = next(("".join(one.itertext()).strip() for one in element.iter("caption")), "")
        return FlatGrid(tuple(rows), tree.getpath(element), caption)


def _is_frame(table: Any) -> bool:
    """Tell whether a table only lays out the page: it holds other tables, or has a single cell in each row."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    rows = [sum(cell.tag in {"td", "th"} for cell in row) for row in table.iter("tr")]
    return not rows or max(rows) <= 1


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"\s*\d{1,6}\s*", text) else otherwise


def _ordinal(number: int, element: Any) -> str:
    kind = element.get("type") or ""
    css = _css(element)
    for name, sign in (("upper-alpha", "A"), ("upper-latin", "A"), ("lower-alpha", "a"), ("lower-latin", "a")):
        kind = sign if name in css else kind
    if kind in {"A", "a"} and 0 < number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in {"I", "i"} or "roman" in css:
        from benchwright.sources._flatstyles import spell

        return spell(number, "upperRoman" if kind == "I" or "upper-roman" in css else "lowerRoman")
    return str(number)


def _css(element: Any) -> str:
    return (element.get("style") or "").lower()


def _style_of(element: Any, tag: str) -> int:
    flags = _STYLES.get(tag, 0)
    if tag == "font" and not _DARK.match((element.get("color") or "").strip().lower()):
        flags |= COLOUR
    for rule in _css(element).split(";"):
        name, _, value = rule.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        if name == "font-weight" and (value in {"bold", "bolder"} or (value.isdigit() and int(value) >= 600)):
            flags |= BOLD
        elif name == "font-style" and value in {"italic", "oblique"}:
            flags |= ITALIC
        elif name.startswith("text-decoration") and "underline" in value:
            flags |= UNDERLINE
        elif name == "color" and not _DARK.match(value):
            flags |= COLOUR
        elif name in {"background", "background-color"} and not _CLEAR.match(value):
            flags |= HIGHLIGHT
    return flags


def read_html(path: Path, name: str) -> FlatDoc:
    """Return the paragraphs and tables of an HTML page.

    Raises:
        InputError: the file cannot be read, its encoding cannot be decided, or it is no HTML.
    """
    from lxml import etree

    data = read_bytes(path, name, MAX_PAGE)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    root = etree.fromstring(_text(data, name), parser)
    if (
        root is None
        or next(root.iter("p", "div", "table", "ol", "ul", "li", "span", "br", "h1", "h2", "h3", "body"), None) is None
    ):
        raise InputError(
            Problem(
                "html-no-html",
                "the file is no HTML page",
                name,
                found=f"begins with {data[:20]!r}",
                expected="a page with paragraphs, lists or tables",
                remedy="open it to see what it is, and fetch the real page",
            )
        )
    order = {element: k for k, element in enumerate(root.iter())}
    walker = _Walker(path.parent, set_apart(root, order), order)
    body = root.find("body")
    walker.walk(body if body is not None else root, 0, 0.0, 0)
    walker.flush()
    return FlatDoc(tuple(walker.blocks))


def _text(data: bytes, name: str) -> str:
    """Return the text of a page: in the encoding that it declares where its bytes are valid in it, else by evidence."""
    told = _CHARSET.search(data[:4096])
    text = None
    if told and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        charset = told[1].decode("ascii").lower()
        try:
            text = data.decode(
                {
                    "gb2312": "gb18030",
                    "gbk": "gb18030",
                    "iso-8859-1": "cp1252",
                    "shift_jis": "cp932",
                    "big5": "big5hkscs",
                }.get(charset, charset)
            )
        except (LookupError, UnicodeDecodeError):
            text = None
    if text is None:
        text = decoded(data, name)[0]
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))
    return plain or " "
