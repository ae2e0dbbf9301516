"""Styles and automatic numbers of a DOCX: what type a run has, and what number Word prints before a paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from benchwright.sources._flat import BOLD, COLOUR, HIGHLIGHT, ITALIC, UNDERLINE
from benchwright.sources._marks import alphabets

__all__ = ["Numbering", "RunStyle", "Styles", "W", "read_numbering", "read_styles", "spell", "whole"]

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF: Final = frozenset({"0", "false", "off", "none"})
_PLAIN_COLOURS: Final = frozenset({"auto", "000000", "none", ""})
_ROMAN: Final = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
                 (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_SERIES: Final = {
    "decimalEnclosedCircle": "circled", "decimalEnclosedCircleChinese": "circled", "ideographTraditional": "stems",
    "hebrew1": "hebrew", "arabicAlpha": "arabic_plain", "arabicAbjad": "arabic_plain", "russianLower": "cyrillic_lower",
    "russianUpper": "cyrillic_upper", "ganada": "hangul", "chosung": "hangul_letters", "aiueo": "katakana",
    "aiueoFullWidth": "katakana", "iroha": "iroha", "irohaFullWidth": "iroha", "thaiLetters": "thai",
    "hindiConsonants": "devanagari",
}  # fmt: skip


@dataclass(frozen=True)
class RunStyle:
    """What is set of the type of a run; null where nothing is said."""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    coloured: bool | None = None
    highlighted: bool | None = None
    raised: str | None = None
    hidden: bool | None = None

    def over(self, other: RunStyle) -> RunStyle:
        """Return this style where it says something, else the other."""
        mine, theirs = vars(self), vars(other)
        return RunStyle(**{name: theirs[name] if value is None else value for name, value in mine.items()})

    @property
    def flags(self) -> int:
        """The flags of a line."""
        pairs = (
            (self.bold, BOLD), (self.italic, ITALIC), (self.underline, UNDERLINE), (self.coloured, COLOUR),
            (self.highlighted, HIGHLIGHT),
        )  # fmt: skip
        return sum(flag for value, flag in pairs if value)

    @classmethod
    def of(cls, properties: Any) -> RunStyle:
        """Read ``w:rPr``."""
        if properties is None:
            return cls()
        found: dict[str, Any] = {}
        for one in properties:
            name, value = str(one.tag).removeprefix(W), one.get(f"{W}val")
            if name in {"b", "i", "vanish"}:
                key = {"b": "bold", "i": "italic", "vanish": "hidden"}[name]
                found[key] = value not in _OFF
            elif name == "u":
                found["underline"] = value not in _OFF
            elif name == "color":
                found["coloured"] = (value or "").lower() not in _PLAIN_COLOURS
            elif name == "highlight":
                found["highlighted"] = value not in {"none", "white"}
            elif name == "shd":
                found.setdefault("highlighted", (one.get(f"{W}fill") or "auto").lower() not in {"auto", "ffffff"})
            elif name == "vertAlign":
                found["raised"] = value or ""
        return cls(**found)


@dataclass(frozen=True)
class Styles:
    """Styles by id, resolved, and the default."""

    runs: Mapping[str, RunStyle] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Number definition and level of paragraph styles that are numbered."""
    default: RunStyle = RunStyle()
    paragraph: str | None = None
    """Id of the style of paragraphs that name none."""


def read_styles(root: Any) -> Styles:
    """Read ``styles.xml``; each style carries what it inherits."""
    if root is None:
        return Styles()
    elements = {one.get(f"{W}styleId", ""): one for one in root.iterfind(f"{W}style")}
    runs = {name: _resolved(name, elements, 0) for name in elements}
    lists = {name: found for name in elements if (found := _list_of(name, elements, 0)) is not None}
    default = RunStyle.of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    usual = next(
        (n for n, e in elements.items() if e.get(f"{W}type") == "paragraph" and e.get(f"{W}default") == "1"), None
    )
    return Styles(runs, lists, default, usual)


def _resolved(name: str, elements: Mapping[str, Any], depth: int) -> RunStyle:
    element = elements.get(name)
    if element is None or depth > 20:
        return RunStyle()
    own = RunStyle.of(element.find(f"{W}rPr"))
    base = element.find(f"{W}basedOn")
    return own if base is None else own.over(_resolved(base.get(f"{W}val", ""), elements, depth + 1))


def _list_of(name: str, elements: Mapping[str, Any], depth: int) -> tuple[str, int] | None:
    element = elements.get(name)
    if element is None or depth > 20:
        return None
    numbers = element.find(f"{W}pPr/{W}numPr")
    if numbers is not None and numbers.find(f"{W}numId") is not None:
        level = numbers.find(f"{W}ilvl")
        return numbers.find(f"{W}numId").get(f"{W}val", ""), whole(level.get(f"{W}val") if level is not None else "0")
    base = element.find(f"{W}basedOn")
    return None if base is None else _list_of(base.get(f"{W}val", ""), elements, depth + 1)


def whole(text: str | None, otherwise: int = 0) -> int:
    """Return an attribute as a whole number, or another value where it is none."""
    try:
        return int(text or "")
    except ValueError:
        return otherwise


@dataclass(frozen=True)
class _Level:
    style: str
    pattern: str
    start: int
    indent: float


@dataclass
class Numbering:
    """Counts the numbered paragraphs of a document."""

    levels: Mapping[str, Mapping[int, _Level]]
    abstract: Mapping[str, str]
    overrides: Mapping[tuple[str, int], int]
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def next(self, number: str, level: int) -> tuple[str, float] | None:
        """Return what is printed before the next paragraph of a list, and its indent; None for no list."""
        levels = self.levels.get(number)
        if levels is None or level not in levels:
            return None
        family = self.abstract[number]
        restart = self.overrides.get((number, level))
        key = (family, level)
        if restart is not None and (number, level) not in self._seen:
            self._counts[key] = restart
        elif key in self._counts:
            self._counts[key] += 1
        else:
            self._counts[key] = levels[level].start
        self._seen.add((number, level))
        for deeper in [k for k in self._counts if k[0] == family and k[1] > level]:
            del self._counts[deeper]
        return self._print(levels, family, level), levels[level].indent

    def _print(self, levels: Mapping[int, _Level], family: str, level: int) -> str:
        shape = levels[level]
        if shape.style == "bullet":
            return "•"
        text = shape.pattern
        for depth in range(level + 1):
            value = self._counts.get((family, depth), levels[depth].start if depth in levels else 1)
            text = text.replace(f"%{depth + 1}", spell(value, levels[depth].style if depth in levels else "decimal"))
        return text.strip()


def spell(value: int, style: str) -> str:
    """Return a number as Word and browsers print it in a style; plain digits where the style is not known."""
    if style in {"upperLetter", "lowerLetter"}:
        sign = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return sign if style == "upperLetter" else sign.lower()
    if style in {"upperRoman", "lowerRoman"}:
        roman = ""
        for size, sign in _ROMAN:
            count, value = divmod(value, size)
            roman += sign * count
        return roman if style == "upperRoman" else roman.lower()
    signs = alphabets().get(_SERIES.get(style, ""), ())
    if 0 < value <= len(signs):
        return signs[value - 1]
    if style == "none":
        return ""
    return f"{value:02d}" if style == "decimalZero" else str(value)


def read_numbering(root: Any) -> Numbering:
    """Read ``numbering.xml``."""
    if root is None:
        return Numbering({}, {}, {})
    shapes = {
        one.get(f"{W}abstractNumId", ""): {
            whole(level.get(f"{W}ilvl")): _level(level) for level in one.iterfind(f"{W}lvl")
        }
        for one in root.iterfind(f"{W}abstractNum")
    }
    levels: dict[str, Mapping[int, _Level]] = {}
    abstract: dict[str, str] = {}
    overrides: dict[tuple[str, int], int] = {}
    for one in root.iterfind(f"{W}num"):
        number = one.get(f"{W}numId", "")
        link = one.find(f"{W}abstractNumId")
        family = link.get(f"{W}val", "") if link is not None else ""
        own = dict(shapes.get(family, {}))
        for change in one.iterfind(f"{W}lvlOverride"):
            depth = whole(change.get(f"{W}ilvl"))
            if (level := change.find(f"{W}lvl")) is not None:
                own[depth] = _level(level)
            if (start := change.find(f"{W}startOverride")) is not None:
                overrides[number, depth] = whole(start.get(f"{W}val"), 1)
        levels[number], abstract[number] = own, family
    return Numbering(levels, abstract, overrides)


def _level(element: Any) -> _Level:
    def value(name: str, otherwise: str) -> str:
        found = element.find(f"{W}{name}")
        return otherwise if found is None else found.get(f"{W}val", otherwise)

    indent = element.find(f"{W}pPr/{W}ind")
    left = whole(indent.get(f"{W}left") or indent.get(f"{W}start")) / 20 if indent is not None else 0.0
    return _Level(value("numFmt", "decimal"), value("lvlText", ""), whole(value("start", "1"), 1), left)
