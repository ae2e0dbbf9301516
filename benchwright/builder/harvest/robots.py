"""robots.txt as RFC 9309 reads it: the group of our agent, the longest rule that matches, ``*`` and ``$``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

__all__ = ["ALL", "NONE", "Robots", "read_robots"]

_LARGEST: Final = 512 * 1024
_LINE: Final = re.compile(r"^\s*([A-Za-z-]+)\s*:\s*(.*?)\s*(?:#.*)?$")


@dataclass(frozen=True)
class Robots:
    """The rules of one host for our agent."""

    rules: tuple[tuple[str, bool], ...] = ()
    """Path pattern and whether it allows."""
    delay: float | None = None
    state: str = "read"
    """``read``, ``none`` (there is no file, everything is allowed) or ``unreachable`` (nothing is)."""

    def decide(self, address: str) -> tuple[bool, str]:
        """Return whether an address may be asked for, and by which rule."""
        if self.state == "unreachable":
            return False, "robots.txt could not be read"
        parts = urlsplit(address)
        path = _plain((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        best: tuple[int, bool, str] | None = None
        for pattern, allowed in self.rules:
            if _matches(pattern, path):
                one = (len(pattern), allowed, pattern)
                best = one if best is None else max(best, one)
        if best is None or path == "/robots.txt":
            return True, "no robots.txt" if self.state == "none" else "no rule"
        return best[1], f"{'Allow' if best[1] else 'Disallow'}: {best[2]}"


ALL: Final = Robots(state="none")
NONE: Final = Robots(state="unreachable")


def _plain(path: str) -> str:
    return quote(unquote(path), safe="/?&=;:@!$'()*+,~%-._")


def _matches(pattern: str, path: str) -> bool:
    if len(pattern) > 2000 or pattern.count("*") > 50:
        return path.startswith(pattern.split("*", maxsplit=1)[0])
    anchored = pattern.endswith("$")
    parts = (pattern[:-1] if anchored else pattern).split("*")
    at = 0
    for place, part in enumerate(parts):
        if place == 0:
            if not path.startswith(part):
                return False
            at = len(part)
        elif anchored and place == len(parts) - 1:
            return path.endswith(part) and len(path) - len(part) >= at
        else:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
    return not anchored or at == len(path)


def read_robots(data: bytes, agent: str) -> Robots:
    """Return the rules for an agent: of the groups that name its first word, else of the groups for all."""
    name = re.split(r"[/ (]", agent.strip())[0].casefold()
    groups: list[tuple[list[str], list[tuple[str, bool]], list[float]]] = []
    open_ = False
    for line in data[:_LARGEST].decode("utf-8", "replace").lstrip("\ufeff").splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        key, value = found[1].casefold(), found[2].strip()
        if key == "user-agent":
            if not open_:
                groups.append(([], [], []))
            groups[-1][0].append(value.casefold())
            open_ = True
        elif key in {"allow", "disallow", "crawl-delay"} and groups:
            open_ = False
            if key == "crawl-delay":
                groups[-1][2].extend(_number(value))
            elif value:
                groups[-1][1].append((_plain(value), key == "allow"))
    own = [one for one in groups if any(said != "*" and said.split("/")[0] == name for said in one[0])]
    chosen = own or [one for one in groups if "*" in one[0]]
    return _of(chosen)


def _of(groups: Sequence[tuple[list[str], list[tuple[str, bool]], list[float]]]) -> Robots:
    delays = [delay for _, _, found in groups for delay in found]
    return Robots(tuple(rule for _, rules, _ in groups for rule in rules), max(delays) if delays else None)


def _number(text: str) -> list[float]:
    try:
        number = float(text)
    except ValueError:
        return []
    return [number] if 0 <= number < 86_400 else []
