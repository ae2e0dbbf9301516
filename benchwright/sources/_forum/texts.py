"""Texts, dates and names of posts in one form: markup taken out, dates as ISO, names as pseudonyms."""

from __future__ import annotations

import hashlib
import html
import re
import secrets
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal

import polars as pl

from benchwright.sources._flat import raised
from benchwright.sources._forum.words import months

__all__ = ["HAS_MARKUP", "distinct", "element_text", "iso_date", "plain_text", "pseudonym", "text_of"]

_KNOWN: Final = (
    "p|br|div|span|a|b|i|u|em|strong|ul|ol|li|blockquote|pre|code|h[1-6]|table|tr|td|th|tbody|img|sup|sub|hr|font|"
    "script|style|html|body|section|article|center|small|s|strike|del|iframe|figure|dl|dd|dt|q|cite|label|kbd"
)
_BB: Final = r"b|i|u|s|quote|url|img|color|size|code|list|\*|font|email|center|left|right|spoiler|attachment|media|hr"
HAS_MARKUP: Final = (
    rf"(?i)</?(?:{_KNOWN})(?:\s[^<>]*)?/?>|<!--|&(?:amp|lt|gt|quot|nbsp|apos|#\d{{1,6}}|#x[0-9a-f]{{1,5}});"
    rf"|\[/(?:{_BB})(?::[0-9a-z:]+)?\]|\[(?:quote|url|img|color|size)[=\]]"
)
"""Tags and entities that no plain text has by chance: ``Na <3 and K >5`` has none."""
_TAG: Final = re.compile(rf"(?i)</?(?:{_KNOWN})(?:\s[^<>]*)?/?>|<!--")
_LONE: Final = re.compile(rf"(?i)<(?!/?(?:{_KNOWN})(?:\s[^<>]*)?/?>|!--)")
_BB_QUOTE: Final = re.compile(r"(?is)\[quote(?:[=:][^\]]*)?\](.*?)\[/quote(?::[0-9a-z]+)?\]")
_BB_TAG: Final = re.compile(rf"(?i)\[/?(?:{_BB})(?:[=:][^\]\n]{{0,300}})?\]")
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "tr",
        "section",
        "article",
        "center",
        "hr",
        "figure",
        "dl",
        "dd",
        "dt",
        "main",
        "header",
        "footer",
        "body",
        "form",
        "fieldset",
        "address",
    ]
)
_SKIPPED: Final = frozenset(
    ["script", "style", "head", "noscript", "template", "iframe", "object", "svg", "button", "select", "textarea"]
)
_SPACES: Final = re.compile(r"[ \t\r\f\v\u00a0]+")
_KEY: Final = secrets.token_bytes(32)
"""Drawn anew in each run and written nowhere: nobody can find a name again by hashing a list of names."""

_ISO: Final = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?)?)?"
)
_EPOCH: Final = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{12,13}")
_NUMERIC: Final = re.compile(r"\b(\d{1,4})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{1,4})\b\.?")
_CJK: Final = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日일])?")
_CLOCK: Final = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\b)?", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\W\d_]+|\d+")


def pseudonym(site: str, name: str) -> str:
    """Return what stands for an author: the same for one name in one run, and no name."""
    return "a-" + hashlib.blake2b(f"{site}\0{name.strip()}".encode(), key=_KEY, digest_size=6).hexdigest()


def text_of(text: str, markup: Literal["auto", "html", "plain"] = "auto") -> tuple[str, bool]:
    """Return a text without markup, and whether there was any."""
    if markup == "plain":
        return _tidy(text), False
    if markup == "auto" and re.search(HAS_MARKUP, text) is None:
        return _tidy(text), False
    if "[" in text:
        text = _BB_QUOTE.sub(lambda found: "\n" + _quoted(found[1]) + "\n", text)
        text = _BB_TAG.sub("", text)
    if markup == "html" or _TAG.search(text):
        return plain_text(text), True
    return _tidy(html.unescape(text)), True


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.strip().split("\n"))


def plain_text(markup: str) -> str:
    """Return the text of a piece of HTML: paragraphs by newline, lists, quotes and tables by their usual signs."""
    from lxml import etree

    text = _LONE.sub("&lt;", markup.replace("\0", ""))
    if not text.strip():
        return ""
    parser = etree.HTMLParser(no_network=True, remove_pis=True, remove_comments=True, huge_tree=False)
    root = etree.fromstring(f"<div>{text}</div>", parser)
    return "" if root is None else element_text(root)


def element_text(root: Any, dropped: frozenset[Any] = frozenset()) -> str:
    """Return the text of an element; ``dropped`` elements and what is in them are left out."""
    from lxml import etree

    out = _Lines()
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        skipped = tag in _SKIPPED or not tag or element in dropped
        if event == "start":
            hidden += skipped
            if not hidden:
                out.begin(tag, element)
        else:
            hidden -= skipped
            if not hidden and not skipped:
                out.end(tag)
            if not hidden and element is not root:
                out.say(element.tail or "")
    return out.text()


class _Lines:
    """Collects the text of a page."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._raised: list[tuple[str, list[str]]] = []
        self._quotes: list[int] = []
        self._kept = 0
        self._cells = 0

    def begin(self, tag: str, element: Any) -> None:
        """Begin an element, with the text before its first child."""
        if tag in {"sup", "sub"}:
            self._raised.append((tag, []))
        elif tag == "br":
            self._parts.append("\n")
        elif tag in {"td", "th"}:
            self._parts.append(" | " if self._cells else "")
            self._cells += 1
        elif tag in _BLOCKS:
            self._block(tag)
        elif tag == "img" and (element.get("alt") or "").strip():
            self.say(element.get("alt").strip())
        if tag == "pre":
            self._kept += 1
        self.say(element.text or "")

    def _break(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")

    def _block(self, tag: str) -> None:
        self._break()
        if tag == "tr":
            self._cells = 0
        if tag == "blockquote":
            self._quotes.append(len(self._parts))
        elif tag == "li":
            self._parts.append("- ")

    def end(self, tag: str) -> None:
        """End an element."""
        if tag in {"sup", "sub"} and self._raised:
            kind, parts = self._raised.pop()
            self.say(raised("".join(parts), up=kind == "sup"))
        elif tag == "pre":
            self._kept -= 1
        if tag == "blockquote" and self._quotes:
            start = self._quotes.pop()
            inner = _quoted(_tidy("".join(self._parts[start:])))
            self._parts[start:] = [inner] if inner != "> " else []
        if tag in _BLOCKS:
            self._break()

    def say(self, text: str) -> None:
        """Add running text; line breaks of the source are spaces but in preformatted text."""
        plain = text if self._kept else re.sub(r"\s+", " ", text)
        if not self._raised and self._parts and self._parts[-1].endswith("\n") and not self._kept:
            plain = plain.lstrip(" ")
        if plain:
            (self._raised[-1][1] if self._raised else self._parts).append(plain)

    def text(self) -> str:
        """Return all of it."""
        return _tidy("".join(self._parts))


def _tidy(text: str) -> str:
    if text.isprintable() and "  " not in text and "\u00a0" not in text:
        return text.strip()
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


@lru_cache(maxsize=65_536)
def iso_date(text: str, order: Literal["dmy", "mdy"] | None = None) -> str | None:
    """Return a date as ISO 8601, as exact as it is certain; null for what is no date.

    ``03/05/2021`` is ``2021`` where the order of day and month is not told and both could be a month.
    """
    text = text.strip()
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    if found := _ISO.fullmatch(text):
        return _iso(found)
    if _EPOCH.fullmatch(text):
        return _epoch(float(text))
    clock = _clock(text)
    if found := _CJK.search(text):
        return _built(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, clock)
    if found := re.match(r"(\d{4}-\d{2}-\d{2})", text):
        year, month, day = (int(part) for part in found[1].split("-"))
        return _built(year, month, day, clock)
    if found := _NUMERIC.search(text):
        return _numeric(int(found[1]), int(found[2]), int(found[3]), order, clock, len(found[1]) == 4)
    return _worded(text, clock)


def _iso(found: re.Match[str]) -> str | None:
    year, month, day, clock, zone = found.groups()
    if not _is_date(int(year), int(month or 1), int(day or 1)):
        return None
    date = "-".join(part for part in (year, month, day) if part)
    told = "Z" if zone in {"Z", "UTC"} else zone or ""
    return f"{date}T{clock}{told}" if clock else date


def _epoch(number: float) -> str | None:
    try:
        moment = datetime.fromtimestamp(number / 1000 if abs(number) >= 1e11 else number, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if 1990 <= moment.year <= 2100 else None


def _clock(text: str) -> str | None:
    found = _CLOCK.search(text)
    if found is None:
        return None
    hour, half = int(found[1]), (found[4] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or int(found[2]) > 59:
        return None
    return f"{hour:02}:{found[2]}" + (f":{found[3]}" if found[3] else "")


def _numeric(
    first: int, second: int, third: int, order: Literal["dmy", "mdy"] | None, clock: str | None, year_first: bool
) -> str | None:
    if year_first:
        return _built(first, second, third, clock)
    year = third if third > 99 else 2000 + third if third < 70 else 1900 + third
    if first > 12 or (order == "dmy" and second <= 12):
        return _built(year, second, first, clock)
    if second > 12 or order == "mdy":
        return _built(year, first, second, clock)
    if first == second:
        return _built(year, first, second, clock)
    return f"{year:04}" if third > 99 and 1970 <= year <= 2100 else None


def _worded(text: str, clock: str | None) -> str | None:
    words = [word.casefold() for word in _WORDS.findall(_CLOCK.sub(" ", text))][:12]
    month = next((months()[word] for word in words if word in months()), None)
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 9]
    year = next((number for number in numbers if 1970 <= number <= 2100), None)
    if month is None or year is None:
        return None
    day = next((number for number in numbers if 1 <= number <= 31), None)
    return _built(year, month, day, clock if day else None)


def _built(year: int, month: int, day: int | None, clock: str | None) -> str | None:
    if not _is_date(year, month, day or 1):
        return None
    date = f"{year:04}-{month:02}" + (f"-{day:02}" if day else "")
    return f"{date}T{clock}" if clock and day else date


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return False
    return 1900 <= year <= 2100


def distinct(column: pl.Series, change: Any, dtype: Any = pl.String) -> pl.Series:
    """Return a column with each distinct value changed once."""
    values = column.unique().drop_nulls().to_list()
    return column.replace_strict(values, [change(value) for value in values], default=None, return_dtype=dtype)
