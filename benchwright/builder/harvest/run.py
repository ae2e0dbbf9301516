"""The harvest itself: from the start through listings to what is kept, one address after the other."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from benchwright._version import __version__
from benchwright.builder.harvest.addresses import links_of, plain_address
from benchwright.builder.harvest.fetch import Opener
from benchwright.builder.harvest.manifest import Archive, Fetched, Journal
from benchwright.builder.harvest.plan import HarvestPlan
from benchwright.builder.harvest.polite import Asked, Clock, Polite
from benchwright.builder.store import writing

__all__ = ["HarvestRun", "harvest"]

_GONE = frozenset({404, 410})
_PARSER = f"harvest:1|v:{__version__}"


@dataclass(frozen=True)
class HarvestRun:
    """What became of one snapshot."""

    snapshot: str
    counts: dict[str, int]
    """Addresses by status; they sum to all that were found."""
    requests: int
    finished: bool
    """False where a limit stopped it: the next run goes on."""
    resumed: bool
    problems: list[Fetched]
    """What failed, was refused, or led off the site."""
    path: Path


def harvest(
    plan: HarvestPlan,
    folder: Path,
    *,
    limit: int | None = None,
    clock: Clock | None = None,
    open_: Opener | None = None,
    progress: Callable[[str, int, int, str], None] | None = None,
) -> HarvestRun:
    """Take a snapshot, or go on with one that was not finished.

    Args:
        plan: what is asked for, and how politely.
        folder: where everything is kept; it is made.
        limit: addresses that are asked for in this run; the snapshot is left open where there are more.
        clock: for tests.
        open_: for tests.
        progress: called with stage, done, total and address.

    Raises:
        OutputError: the folder cannot be written, or holds an unfinished snapshot of another plan.
    """
    clock = clock or Clock()
    archive = Archive(folder)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        journal = archive.journal(clock.stamp().strftime("%Y-%m-%d"), plan.digest)
    walk = _Walk(plan, archive, journal, Polite(plan, clock, open_), clock)
    try:
        with writing(folder):
            finished = walk.through(limit, progress)
            path = journal.finish() if finished else journal.path
    finally:
        journal.close()
    counts = Counter(one.status for one in journal.done.values())
    bad = [one for _, one in sorted(journal.done.items()) if one.status in {"failed", "refused", "off-site"}]
    return HarvestRun(
        journal.name, dict(sorted(counts.items())), walk.polite.requests, finished, journal.resumed, bad, path
    )


class _Walk:
    """The walk from listing to listing. What the journal knows is not asked again, but its links are followed."""

    def __init__(self, plan: HarvestPlan, archive: Archive, journal: Journal, polite: Polite, clock: Clock) -> None:
        self.plan = plan
        self.archive = archive
        self.journal = journal
        self.polite = polite
        self.clock = clock
        self.known = archive.known()
        self._take = [re.compile(one) for one in plan.take]
        self._follow = [re.compile(one) for one in plan.follow]
        self._skip = [re.compile(one) for one in plan.skip]

    def through(self, limit: int | None, progress: Callable[[str, int, int, str], None] | None) -> bool:
        """Go through all addresses; false where the limit came first."""
        starts = [one for one in map(plain_address, self.plan.start) if one is not None]
        waiting: deque[tuple[str, str | None, int]] = deque((one, None, 0) for one in dict.fromkeys(starts))
        met = set(starts)
        asked = done = 0
        while waiting:
            address, found_on, depth = waiting.popleft()
            role: Literal["listing", "kept"] = "kept" if self._is(self._take, address) else "listing"
            one = self.journal.done.get(address)
            if one is None:
                if limit is not None and asked >= limit:
                    return False
                one = self._fetch(address, found_on, role)
                asked += one.status != "known"
                self.journal.add(one)
            done += 1
            if progress:
                progress("harvest", done, done + len(waiting), address)
            if role == "listing" and depth <= self.plan.depth:
                for link in self._links(one):
                    if link not in met:
                        met.add(link)
                        waiting.append((link, address, depth + 1))
        return True

    @staticmethod
    def _is(patterns: list[re.Pattern[str]], address: str) -> bool:
        return any(one.fullmatch(address) for one in patterns)

    def _links(self, one: Fetched) -> Iterator[str]:
        if one.object is None or "html" not in (one.media_type or ""):
            return
        for link in links_of(self.archive.read(one.object), one.final or one.address):
            wanted = self._is(self._take, link) or self._is(self._follow, link)
            if wanted and not self._is(self._skip, link) and urlsplit(link).netloc in self.plan.allowed_hosts:
                yield link

    def _fetch(self, address: str, found_on: str | None, role: Literal["listing", "kept"]) -> Fetched:
        before = self.known.get(address)
        if before is not None and role == "kept" and self.plan.known == "skip":
            return self._again(before, "known", found_on, role, None)
        asked = self.polite.get(address, _conditions(before))
        if asked.answer.status == 304 and before is not None:
            return self._again(before, "same", found_on, role, asked)
        if asked.outcome != "answered" or asked.answer.status != 200:
            return self._failed(address, found_on, role, asked)
        media = asked.answer.headers.get("content-type", "application/octet-stream")
        digest, name = self.archive.keep(asked.answer.body, media, address)
        status = "new" if before is None else "same" if before.sha256 == digest else "changed"
        return Fetched(
            address=address,
            role=role,
            status=status,  # type: ignore[arg-type]
            time=self._stamp(),
            found_on=found_on,
            final=asked.final if asked.final != address else None,
            http=200,
            sha256=digest,
            bytes=len(asked.answer.body),
            media_type=media.partition(";")[0].strip().lower(),
            object=name,
            etag=asked.answer.headers.get("etag"),
            last_modified=asked.answer.headers.get("last-modified"),
            licence=self.plan.licence,
            licence_evidence=self.plan.licence_evidence,
            robots=asked.robots,
            parser=_PARSER,
        )

    def _again(
        self, before: Fetched, status: Literal["known", "same"], found_on: str | None,
        role: Literal["listing", "kept"], asked: Asked | None,
    ) -> Fetched:  # fmt: skip
        """Return what was kept before, as the answer of this snapshot."""
        return replace(
            before,
            status=status,
            time=self._stamp(),
            found_on=found_on,
            role=role,
            http=None if asked is None else 304,
            robots=before.robots if asked is None else asked.robots,
            licence=self.plan.licence,
            licence_evidence=self.plan.licence_evidence,
            parser=_PARSER,
        )

    def _failed(self, address: str, found_on: str | None, role: Literal["listing", "kept"], asked: Asked) -> Fetched:
        status = asked.answer.status
        outcome = "gone" if status in _GONE else asked.outcome if asked.outcome != "answered" else "failed"
        return Fetched(
            address=address,
            role=role,
            status=outcome,  # type: ignore[arg-type]
            time=self._stamp(),
            found_on=found_on,
            final=asked.final if asked.final != address else None,
            http=status,
            licence=self.plan.licence,
            licence_evidence=self.plan.licence_evidence,
            robots=asked.robots,
            reason=asked.reason or f"HTTP {status}",
            parser=_PARSER,
        )

    def _stamp(self) -> str:
        return self.clock.stamp().strftime("%Y-%m-%dT%H:%M:%SZ")


def _conditions(before: Fetched | None) -> dict[str, str]:
    """Return the headers that ask for a body only where it changed."""
    if before is None:
        return {}
    told = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
    return {name: value for name, value in told.items() if value}
