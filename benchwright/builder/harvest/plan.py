"""What is to be fetched, and how politely: a YAML file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.text import sha256_of

__all__ = ["HarvestPlan", "read_plan"]


class HarvestPlan(BaseModel):
    """Where to begin, which links lead to more listings, and which to what is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: tuple[str, ...] = Field(min_length=1)
    """Addresses of listing pages; one that matches ``take`` is kept itself."""
    follow: tuple[str, ...] = ()
    """Regular expressions; a link whose whole address matches is a further listing page."""
    take: tuple[str, ...] = Field(min_length=1)
    """Regular expressions; a link whose whole address matches is fetched and kept: threads, PDF files."""
    skip: tuple[str, ...] = ()
    """Regular expressions of addresses that are never asked for."""
    hosts: tuple[str, ...] = ()
    """Further hosts than those of ``start`` that may be asked."""
    licence: str = "unknown"
    licence_evidence: str | None = None
    """Where the licence is stated."""
    agent: str = Field(default="benchwright-harvest", pattern=r"^[\w.+/ ();:@,-]+$")
    """User agent; its first word is what robots.txt is asked for. Put a contact behind it."""
    delay: float = Field(default=1.0, ge=0, le=3600)
    """Seconds between two requests to one host; a longer Crawl-delay of its robots.txt wins."""
    timeout: float = Field(default=30.0, gt=0, le=600)
    """Seconds without a byte after which a request fails; a whole body may take ten times as long."""
    attempts: int = Field(default=4, ge=1, le=20)
    longest_wait: float = Field(default=300.0, ge=0)
    """Seconds; a host that asks to wait longer is left alone in this snapshot."""
    largest: int = Field(default=64 * 2**20, ge=1)
    """Bytes of one body, unpacked; a larger one is not kept."""
    redirects: int = Field(default=5, ge=0, le=20)
    depth: int = Field(default=1000, ge=0)
    """Listing pages that may stand between a start and a link."""
    known: Literal["ask", "skip"] = "ask"
    """What was kept before is asked for again, with its ETag and date, or is not."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for address in self.start:
            if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname:
                raise ValueError(f"{address!r} is no http or https address")
        for pattern in (*self.follow, *self.take, *self.skip):
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return self

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts that may be asked, with the port where one is given."""
        return frozenset({urlsplit(one).netloc.lower() for one in self.start} | {one.lower() for one in self.hosts})

    @property
    def digest(self) -> str:
        """What was asked for: two plans of one digest fetch the same."""
        return sha256_of(self.model_dump(mode="json", exclude={"delay", "timeout", "attempts", "longest_wait"}))[:16]


def read_plan(path: Path) -> HarvestPlan:
    """Return the plan that a YAML file holds.

    Raises:
        InputError: ``mapping-wrong`` with everything that is wrong.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe").load(path.read_text("utf-8-sig"))
        return HarvestPlan.model_validate(data)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(_problem(path.name, None, str(error).split("\n")[0])) from error
    except ValidationError as error:
        raise InputError(
            [
                _problem(path.name, ".".join(str(part) for part in one["loc"]) or None, _said(one))
                for one in error.errors(include_url=False)
            ]
        ) from error


def _said(details: Any) -> str:
    return f"{details['msg']}; {str(details.get('input'))[:80]!r}"


def _problem(name: str, place: str | None, found: str) -> Problem:
    return Problem(
        "mapping-wrong",
        "the plan of a harvest is wrong",
        name,
        place=place,
        found=found,
        expected="start, take, and what docs/forum.md lists",
        remedy="see docs/forum.md for a plan that works",
    )
