"""CSS selectors on parsed pages: ``SELECTOR``, ``SELECTOR@ATTRIBUTE`` and ``@ATTRIBUTE``."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from benchwright.schemas.errors import InputError, Problem

__all__ = ["parsed", "select", "selected", "value_of"]


def parsed(text: str) -> Any:
    """Return the root of a page: scripts are text that is never run, nothing is fetched; null where there is none."""
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    return etree.fromstring(text, parser)


@lru_cache(maxsize=256)
def _compiled(selector: str) -> Any:
    from cssselect import HTMLTranslator, SelectorError
    from lxml import etree

    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError) as error:
        raise InputError(
            Problem(
                "mapping-wrong",
                "a selector of the profile is no CSS",
                place=selector,
                found=str(error),
                expected="a CSS selector, with @NAME behind it for an attribute",
                remedy="try it in the console of a browser: document.querySelectorAll",
            )
        ) from error


def select(element: Any, selector: str) -> list[Any]:
    """Return the elements inside one, in the order of the page.

    Raises:
        InputError: ``mapping-wrong``: the selector is no CSS.
    """
    bare = selector.partition("@")[0].strip()
    return list(_compiled(bare)(element)) if bare else [element]


def selected(element: Any, selector: str | None, others: frozenset[Any] = frozenset()) -> list[Any]:
    """Return the elements inside one that are not inside any of ``others`` below it."""
    if selector is None:
        return []
    return [one for one in select(element, selector) if not _below(one, element, others)]


def _below(one: Any, top: Any, others: frozenset[Any]) -> bool:
    while one is not None and one is not top:
        if one in others:
            return True
        one = one.getparent()
    return False


def value_of(element: Any, selector: str) -> str:
    """Return the attribute that a selector names, else the running text."""
    name = selector.partition("@")[2].strip()
    if name:
        return (element.get(name) or "").strip()
    return " ".join("".join(element.itertext()).split())
