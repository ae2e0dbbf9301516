"""The differences as one HTML page that needs nothing else, and as Markdown."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder.diff.compare import KINDS, Difference
from benchwright.builder.diff.words import pieces

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["html_page", "markdown_page"]

_MOST: Final = 2000
"""Items that are shown in full; all of them are in diff.json."""
_MARKS: Final = {"same": "{}", "gone": "[-{}-]", "come": "{{+{}+}}"}


def html_page(found: Difference, effect: list[dict[str, Any]]) -> str:
    """Return the page: counts, effect on scores, then each item with the words that differ."""
    return _template("diff.html.j2").render(**_values(found, effect), pieces=pieces)


def markdown_page(found: Difference, effect: list[dict[str, Any]]) -> str:
    """Return the same as Markdown: what goes as ``[-...-]``, what comes as ``{+...+}``."""
    return _template("diff.md.j2").render(**_values(found, effect), marked=_marked)


def _values(found: Difference, effect: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "found": found,
        "counts": found.counts,
        "kinds": KINDS,
        "languages": found.languages,
        "effect": effect,
        "changed": found.changed[:_MOST],
        "left": max(len(found.changed) - _MOST, 0),
        "most": _MOST,
    }


def _marked(before: str | None, after: str | None) -> str:
    text = "".join(_MARKS[piece.kind].format(piece.text) for piece in pieces(before, after))
    return " ".join(text.split()).replace("`", "'")


@lru_cache(maxsize=2)
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("benchwright.builder.diff", "_template"),
        autoescape=name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["points"] = _points
    return environment.get_template(name)


def _points(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f}"
