"""Formulas of Office Math and MathML as plain linear text: ``(a+b)/c``, ``x²``, ``√(x)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from benchwright.sources._flat import raised

__all__ = ["linear_mathml", "linear_omml"]

_VALUE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}val"


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _child(element: Any, name: str) -> Any:
    return next((one for one in element if _local(one) == name), None)


def _setting(element: Any, properties: str, name: str) -> str | None:
    box = _child(element, properties)
    found = _child(box, name) if box is not None else None
    return found.get(_VALUE, "") if found is not None else None


def linear_omml(element: Any) -> str:
    """Return an Office Math element as text."""
    return _omml(element).strip()


def _omml(element: Any) -> str:
    if element is None:
        return ""
    maker = _OMML.get(_local(element))
    if maker is not None:
        return maker(element)
    if _local(element).endswith("Pr"):
        return ""
    return "".join(_omml(one) for one in element)


def _part(element: Any, name: str) -> str:
    return _omml(_child(element, name))


def _group(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _fraction(top: str, bottom: str) -> str:
    return f"{_group(top)}/{_group(bottom)}"


def _root(degree: str, body: str) -> str:
    return f"{raised(degree, up=True) if degree else ''}√{_group(body)}"


def _delimited(element: Any) -> str:
    opening, closing = _setting(element, "dPr", "begChr"), _setting(element, "dPr", "endChr")
    parting = _setting(element, "dPr", "sepChr") or "|"
    inside = parting.join(_omml(one) for one in element if _local(one) == "e")
    return f"{'(' if opening is None else opening}{inside}{')' if closing is None else closing}"


def _nary(element: Any) -> str:
    sign = _setting(element, "naryPr", "chr") or "∫"
    low, high = _part(element, "sub"), _part(element, "sup")
    return f"{sign}{raised(low, up=False) if low else ''}{raised(high, up=True) if high else ''} {_part(element, 'e')}"


def _matrix(element: Any) -> str:
    rows = [", ".join(_omml(cell) for cell in row) for row in element if _local(row) == "mr"]
    return "[" + "; ".join(rows) + "]"


def _lines(element: Any) -> str:
    return "; ".join(_omml(one) for one in element if _local(one) == "e")


def _accent(element: Any) -> str:
    sign = _setting(element, "accPr", "chr")
    return _part(element, "e") + ("\u0302" if sign is None else sign)


def _scripts(element: Any) -> str:
    low, high = _part(element, "sub"), _part(element, "sup")
    return (
        _part(element, "e")
        + (raised(low, up=False) if low else "")
        + (raised(high, up=True) if high else "")
    )  # fmt: skip


_OMML: Final[dict[str, Callable[[Any], str]]] = {
    "t": lambda e: e.text or "",
    "f": lambda e: _fraction(_part(e, "num"), _part(e, "den")),
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": lambda e: raised(_part(e, "sub"), up=False) + raised(_part(e, "sup"), up=True) + _part(e, "e"),
    "rad": lambda e: _root(_part(e, "deg"), _part(e, "e")),
    "d": _delimited,
    "nary": _nary,
    "m": _matrix,
    "eqArr": _lines,
    "acc": _accent,
    "bar": lambda e: _part(e, "e") + "\u0305",
    "func": lambda e: f"{_part(e, 'fName')} {_part(e, 'e')}",
    "limLow": lambda e: _part(e, "e") + raised(_part(e, "lim"), up=False),
    "limUpp": lambda e: _part(e, "e") + raised(_part(e, "lim"), up=True),
}


def linear_mathml(element: Any) -> str:
    """Return a MathML element as text."""
    return " ".join(_mathml(element).split())


def _mathml(element: Any) -> str:
    name = _local(element)
    parts = [_mathml(one) for one in element if _local(one) not in {"annotation", "annotation-xml", ""}]
    if name in {"mi", "mn", "mo", "mtext", "ms"}:
        return (element.text or "") + "".join(parts)
    if name == "mfrac" and len(parts) == 2:
        return _fraction(*parts)
    if name in {"msup", "mover"} and len(parts) == 2:
        return parts[0] + raised(parts[1], up=True)
    if name in {"msub", "munder"} and len(parts) == 2:
        return parts[0] + raised(parts[1], up=False)
    if name in {"msubsup", "munderover"} and len(parts) == 3:
        return parts[0] + raised(parts[1], up=False) + raised(parts[2], up=True)
    if name == "msqrt":
        return _root("", "".join(parts))
    if name == "mroot" and len(parts) == 2:
        return _root(parts[1], parts[0])
    if name == "mtr":
        return ", ".join(parts)
    if name == "mtable":
        return "[" + "; ".join(parts) + "]"
    return "".join(parts)
