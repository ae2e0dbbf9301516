"""Requests that keep the peace: robots.txt, a pause between requests to a host, Retry-After, growing waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from benchwright.builder.harvest.addresses import plain_address
from benchwright.builder.harvest.fetch import Answer, Opener, ask, opener
from benchwright.builder.harvest.plan import HarvestPlan
from benchwright.builder.harvest.robots import ALL, NONE, Robots, read_robots

__all__ = ["Asked", "Clock", "Polite"]


@dataclass(frozen=True)
class Clock:
    """Time, so that tests need not wait for it."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    stamp: Callable[[], datetime] = lambda: datetime.now(tz=UTC)


@dataclass(frozen=True)
class Asked:
    """What came of one address after redirects and attempts."""

    answer: Answer
    final: str
    robots: str
    outcome: str
    """``answered``, ``refused`` (by robots.txt), ``off-site`` or ``failed``."""
    reason: str | None = None


class Polite:
    """Asks hosts as their robots.txt and their answers wish."""

    def __init__(self, plan: HarvestPlan, clock: Clock | None = None, open_: Opener | None = None) -> None:
        self._plan = plan
        self._clock = clock or Clock()
        self._open = open_ or opener()
        self._robots: dict[str, Robots] = {}
        self._next: dict[str, float] = {}
        self.requests = 0

    def get(self, address: str, conditions: Mapping[str, str]) -> Asked:
        """Ask for an address, through redirects on the hosts of the plan."""
        seen = [address]
        while True:
            here = seen[-1]
            allowed, rule = self._rules(here).decide(here)
            robots = f"{'allowed' if allowed else 'disallowed'}: {rule}"
            if not allowed:
                return Asked(Answer(None), here, robots, "refused", rule)
            answer = self._patient(here, conditions if len(seen) == 1 else {})
            if answer.status is None or not 300 <= answer.status < 400 or answer.status == 304:
                outcome = "answered" if answer.problem is None else "failed"
                return Asked(answer, here, robots, outcome, answer.problem)
            stop = self._step(answer, here, seen)
            if stop is not None:
                outcome, reason = stop
                return Asked(answer, here, robots, outcome, reason)

    def _step(self, answer: Answer, here: str, seen: list[str]) -> tuple[str, str] | None:
        """Take one redirect; return why it is not taken."""
        location = answer.headers.get("location")
        if not location:
            return "failed", f"HTTP {answer.status} without a Location"
        target = plain_address(urljoin(here, location))
        if target is None:
            return "off-site", f"redirect to {location[:200]!r}"
        if urlsplit(target).netloc not in self._plan.allowed_hosts:
            return "off-site", f"redirect to {target[:300]}"
        if target in seen:
            return "failed", f"redirects go in a circle: {target[:300]}"
        if len(seen) > self._plan.redirects:
            return "failed", f"more than {self._plan.redirects} redirects"
        seen.append(target)
        return None

    def _rules(self, address: str) -> Robots:
        parts = urlsplit(address)
        place = f"{parts.scheme}://{parts.netloc}"
        if place not in self._robots:
            self._robots[place] = self._read_rules(place)
        return self._robots[place]

    def _read_rules(self, place: str) -> Robots:
        """Read robots.txt: one that is not there allows all, one that cannot be read allows nothing (RFC 9309)."""
        here = f"{place}/robots.txt"
        for _ in range(self._plan.redirects + 1):
            answer = self._patient(here, {})
            status = answer.status or 0
            location = answer.headers.get("location")
            if 300 <= status < 400 and location:
                target = plain_address(urljoin(here, location))
                if target is None:
                    return ALL
                here = target
                continue
            if answer.problem is None and status == 200:
                return read_robots(answer.body, self._plan.agent)
            return ALL if 400 <= status < 500 and status != 429 else NONE
        return ALL

    def _patient(self, address: str, conditions: Mapping[str, str]) -> Answer:
        host = urlsplit(address).netloc
        headers = {"User-Agent": self._plan.agent, "Accept": "*/*", **conditions}
        wait = max(self._plan.delay, 1.0)
        answer = Answer(None, problem="never asked")
        for attempt in range(self._plan.attempts):
            self._pause(host)
            self.requests += 1
            answer = ask(self._open, address, headers, timeout=self._plan.timeout, largest=self._plan.largest)
            place = f"{urlsplit(address).scheme}://{host}"
            pause = max(self._plan.delay, (self._robots.get(place, ALL).delay or 0.0))
            self._next[host] = self._clock.now() + pause
            if not answer.passing:
                return answer
            told = self._retry_after(answer)
            if told is not None and told > self._plan.longest_wait:
                return Answer(
                    answer.status, answer.headers, problem=f"HTTP {answer.status}, and to wait {told:.0f} s: too long"
                )
            if attempt + 1 < self._plan.attempts:
                longer = told if told is not None else min(wait, self._plan.longest_wait)
                self._next[host] = max(self._next[host], self._clock.now() + longer)
                wait *= 2
        problem = f"{answer.problem}, {self._plan.attempts} times"
        return Answer(answer.status, answer.headers, problem=problem)

    def _pause(self, host: str) -> None:
        left = self._next.get(host, 0.0) - self._clock.now()
        if left > 0:
            self._clock.sleep(left)

    def _retry_after(self, answer: Answer) -> float | None:
        """Return the seconds that a host asks to wait, told as a number or a date."""
        told = answer.headers.get("retry-after", "").strip()
        if told.isdigit():
            return float(told)
        if not told:
            return None
        try:
            moment = parsedate_to_datetime(told)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self._clock.stamp()).total_seconds())
