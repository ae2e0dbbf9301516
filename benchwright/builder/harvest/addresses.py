"""Addresses in one spelling, and the links of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

__all__ = ["links_of", "plain_address"]

_PORTS: Final = {"http": ":80", "https": ":443"}
_SAFE: Final = "%/:=&?~#+!$,;'@()*[]-._"


def plain_address(address: str) -> str | None:
    """Return an address without its fragment, in one spelling; null for what is neither http nor https."""
    try:
        parts = urlsplit(re.sub(r"[\t\r\n]", "", address.strip()))
        host = parts.netloc.lower()
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _PORTS or not parts.hostname or "@" in host:
        return None
    scheme = parts.scheme.lower()
    path, query = quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE)
    return urlunsplit((scheme, host.removesuffix(_PORTS[scheme]), path, query, ""))


def links_of(body: bytes, address: str) -> Iterator[str]:
    """Yield the addresses to which a page links, in its order, each once; not those marked nofollow."""
    from lxml import etree

    if not body.strip():
        return
    root = etree.fromstring(body, etree.HTMLParser(no_network=True, huge_tree=False))
    if root is None:
        return
    base = next((one.get("href") for one in root.iter("base") if one.get("href")), None)
    seen: set[str] = set()
    for one in root.iter("a", "area", "link"):
        relation = (one.get("rel") or "").lower().split()
        href = one.get("href")
        if not href or "nofollow" in relation or (one.tag == "link" and "next" not in relation):
            continue
        try:
            target = plain_address(urljoin(urljoin(address, base or ""), href))
        except ValueError:
            continue
        if target is not None and target not in seen:
            seen.add(target)
            yield target
