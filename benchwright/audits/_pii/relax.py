"""A pattern of a detector made into one that an automaton runs: it matches wherever the detector's own one does.

What looks around goes, and a counted repetition becomes any number: both make a pattern slow in an automaton, and both
only forbid. So a text that the relaxed pattern passes over holds nothing for the detector.
"""

from __future__ import annotations

from typing import Final

import regex

__all__ = ["TURKISH", "relaxed"]

TURKISH: Final = {"İ": "I", "ı": "i"}
"""Letters that the library of the detectors takes for an i of any case, and automata do not; to be set in texts too."""
_PIECE: Final = regex.compile(
    r"(?P<property>\\[pP]\{[^}]*\})"
    r"|\\u(?P<code>[0-9a-fA-F]{4})"
    r"|(?P<space>\\s)|(?P<edge>\\b)"
    r"|(?P<escape>\\.)"
    r"|(?P<around>\(\?<?[=!])"
    r"|(?P<group>\((?:\?P<\w+>)?(?!\?))"
    r"|(?P<class>\[\^?\]?)"
    r"|\{(?P<least>[0-9]*)(?:,[0-9]*)?\}"
    r"|(?P<end>\$)"
    r"|(?P<plain>[^\\\[\](){}$]++|.)",
    regex.DOTALL,
)
_LETTERS: Final = str.maketrans(TURKISH)
_PLAIN_ESCAPES: Final = frozenset("dDwWntrfv\\.+*?()|[]{}^$-&~#")
_SPACE: Final = r"\s\x1c-\x1f"


def relaxed(pattern: str) -> str:
    """Return the relaxed pattern in the syntax of Rust."""
    out: list[str] = []
    place, in_class = 0, False
    while place < len(pattern):
        match = _PIECE.match(pattern, place)
        if match is None:
            break
        place = match.end()
        if in_class:
            text, in_class = _in_class(match), match.group() != "]"
            out.append(text)
        elif match["around"]:
            inside, place = _group(pattern, match.start())
            # At the very end, what must follow can be asked for as well.
            if place == len(pattern) and match["around"] == "(?=":
                out.append(f"(?:{relaxed(inside)})")
        elif match["class"]:
            in_class = True
            out.append(match["class"].replace("[]", r"[\]").replace("^]", r"^\]"))
        else:
            out.append(_outside(match))
    return "".join(out)


def _outside(match: regex.Match[str]) -> str:
    if match["least"] is not None:
        return "*" if match["least"] in ("", "0") else "+"
    if match["group"]:
        return "(?:"
    if match["edge"]:
        return ""
    if match["end"]:
        return r"(?:\n?\z)"
    return f"[{_SPACE}]" if match["space"] else _sign(match)


def _in_class(match: regex.Match[str]) -> str:
    if match["space"]:
        return _SPACE
    text = match.group()
    return (
        "".join(rf"\{sign}" if sign in "[&~#" else sign for sign in text) if not text.startswith("\\") else _sign(match)
    )


def _sign(match: regex.Match[str]) -> str:
    text = match.group()
    if match["code"]:
        return rf"\u{{{match['code']}}}"
    if match["escape"]:
        return text if text[1] in _PLAIN_ESCAPES else text[1]
    return text.translate(_LETTERS)


def _group(pattern: str, start: int) -> tuple[str, int]:
    """Return what stands in a look-around, and the place after it."""
    depth, place, in_class = 0, start, False
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 1
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                head = 4 if pattern[start + 2] == "<" else 3
                return pattern[start + head : place], place + 1
        place += 1
    return "", len(pattern)
