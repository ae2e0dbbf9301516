"""Harvests from a real server on loopback, with the faults that real sites have."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchwright.builder.harvest import HarvestPlan, HarvestRun, harvest, read_plan, snapshot_files
from benchwright.builder.harvest.manifest import Journal
from benchwright.builder.harvest.polite import Clock
from benchwright.schemas.errors import InputError, NotFoundError, OutputError
from tests.builder.harvest.site import Page, Site, packed, serving


class Watch:
    """A clock whose sleeps are written down and take no time."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, self.sleep, lambda: datetime.fromtimestamp(1_700_000_000 + self.at, tz=UTC))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


@pytest.fixture
def watch() -> Watch:
    return Watch()


def plan_of(site: Site, **changes: Any) -> HarvestPlan:
    host = site.address.replace(".", r"\.")
    values: dict[str, Any] = {
        "start": [site.url("/list")],
        "follow": [host + r"/list\?page=\d+"],
        "take": [host + r"/thread/\w+", host + r"/papers/.*\.pdf"],
        "licence": "CC-BY-4.0",
        "licence_evidence": "stated at the foot of each page",
        "timeout": 0.4,
        "delay": 0.5,
        **changes,
    }
    return HarvestPlan.model_validate(values)


def listing(*links: str) -> str:
    return "<html><body>" + "".join(f'<a href="{link}">x</a>' for link in links) + "</body></html>"


def lines(run: HarvestRun) -> dict[str, dict[str, Any]]:
    return {one["address"].split("/", 3)[3]: one for one in map(json.loads, run.path.read_text("utf-8").splitlines())}


def forum(site: Site) -> None:
    site.put("/robots.txt", Page(b"User-agent: *\nDisallow: /thread/secret\nCrawl-delay: 2\n", media="text/plain"))
    site.put(
        "/list",
        listing(
            "/thread/1#top", "thread/2", "/thread/secret", "/list?page=2", "/about", "http://other.example/thread/9"
        ),
    )
    site.put("/list?page=2", listing("/thread/3", "/papers/2020%20a.pdf", "/thread/1"))
    for number in (1, 2, 3):
        site.put(f"/thread/{number}", Page(f"<p>thread {number}</p>".encode(), headers={"ETag": f'"e{number}"'}))
    site.put("/papers/2020%20a.pdf", Page(b"%PDF-1.4 x", media="application/pdf"))


def test_a_snapshot_has_address_time_hash_licence_robots_and_parser(site: Site, watch: Watch, tmp_path: Path) -> None:
    forum(site)
    run = harvest(plan_of(site), tmp_path, clock=watch.clock)
    found = lines(run)
    assert run.finished
    assert run.counts == {"new": 6, "refused": 1}
    one = found["thread/1"]
    assert (one["role"], one["status"], one["licence"], one["http"]) == ("kept", "new", "CC-BY-4.0", 200)
    assert one["time"].startswith("2023-")
    assert one["robots"] == "allowed: no rule"
    assert one["parser"].startswith("harvest:1|v:")
    assert one["found_on"] == site.url("/list")
    assert (tmp_path / one["object"]).read_bytes() == b"<p>thread 1</p>"
    assert found["papers/2020%20a.pdf"]["object"].endswith(".pdf")
    assert found["thread/secret"]["robots"] == "disallowed: Disallow: /thread/secret"
    assert site.hits["/thread/secret"] == 0
    assert site.hits["/about"] == 0
    assert sum(site.hits.values()) == run.requests == 7
    kept = {one.address: path.read_bytes() for path, one in snapshot_files(tmp_path)}
    assert set(kept) == {site.url(f"/{key}") for key, one in found.items() if one["role"] == "kept" and one["object"]}
    assert kept[site.url("/thread/2")] == b"<p>thread 2</p>"


def test_the_pause_of_robots_txt_lies_between_all_requests(site: Site, watch: Watch, tmp_path: Path) -> None:
    forum(site)
    run = harvest(plan_of(site), tmp_path, clock=watch.clock)
    assert len(watch.slept) == run.requests - 1
    assert watch.slept[0] == pytest.approx(0.5)
    assert all(pause == pytest.approx(2.0) for pause in watch.slept[1:])


def test_only_new_and_changed_threads_are_fetched(site: Site, watch: Watch, tmp_path: Path) -> None:
    forum(site)
    harvest(plan_of(site), tmp_path, clock=watch.clock)
    site.put("/thread/2", Page(b"<p>thread 2, one more answer</p>", headers={"ETag": '"e2b"'}))
    site.put("/list", listing("/thread/1", "/thread/2", "/thread/4", "/list?page=2"))
    site.put("/thread/4", "<p>thread 4</p>")
    site.put("/thread/3", Page(b"gone", 410))
    site.log.clear()
    run = harvest(plan_of(site), tmp_path, clock=watch.clock)
    found = {key: one["status"] for key, one in lines(run).items()}
    assert found == {
        "list": "changed", "list?page=2": "same", "thread/1": "same", "thread/2": "changed", "thread/3": "gone",
        "thread/4": "new", "papers/2020%20a.pdf": "same",
    }  # fmt: skip
    asked = dict(site.log)
    assert asked["/thread/1"]["if-none-match"] == '"e1"'
    assert run.snapshot.endswith("-2")
    skipped = harvest(plan_of(site, known="skip"), tmp_path, clock=watch.clock)
    assert lines(skipped)["thread/1"]["status"] == "known"
    assert site.hits["/thread/1"] == 2


def test_a_host_that_is_busy_is_given_the_time_it_asks_for(site: Site, watch: Watch, tmp_path: Path) -> None:
    site.put("/list", listing("/thread/1", "/thread/2", "/thread/3"))
    site.put("/thread/1", Page(status=429, headers={"Retry-After": "17"}), Page(b"late"))
    site.put("/thread/2", Page(status=503), Page(status=503), Page(b"later"))
    site.put("/thread/3", Page(status=503, headers={"Retry-After": "86400"}))
    run = harvest(plan_of(site), tmp_path, clock=watch.clock)
    found = lines(run)
    assert found["thread/1"]["status"] == found["thread/2"]["status"] == "new"
    assert 17.0 in [round(one, 6) for one in watch.slept]
    assert [round(one, 6) for one in watch.slept if one in {1.0, 2.0}] == [1.0, 2.0]
    assert found["thread/3"]["status"] == "failed"
    assert "86400" in found["thread/3"]["reason"]
    assert site.hits["/thread/3"] == 1


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(b"half", fault="truncated"), "truncated: 4 of 504 bytes"),
        (Page(fault="short-chunks"), "truncated"),
        (Page(fault="hang"), "imed out"),
        (Page(fault="reset"), "Remote"),
        (Page(fault="endless"), "too large"),
        (Page(b"x" * 300_000), "too large: 300000 bytes"),
        (Page(packed(b"\0" * 40_000_000), headers={"Content-Encoding": "gzip"}), "too large"),
        (Page(packed(b"hello" * 100)[:-12], headers={"Content-Encoding": "gzip"}), "truncated"),
        (Page(b"no gzip", headers={"Content-Encoding": "gzip"}), "damaged"),
        (Page(b"x", headers={"Content-Encoding": "zz"}), "not understood"),
        (Page(status=500), "HTTP 500, 2 times"),
        (Page(status=403), "HTTP 403"),
        (Page(status=302), "without a Location"),
    ],
    ids=lambda one: one.fault or str(one.status) if isinstance(one, Page) else "",
)  # fmt: skip
def test_a_fault_is_told_and_nothing_is_kept_of_it(
    site: Site, watch: Watch, tmp_path: Path, page: Page, reason: str
) -> None:
    site.put("/list", listing("/thread/1", "/thread/2"))
    site.put("/thread/1", page)
    site.put("/thread/2", "<p>fine</p>")
    run = harvest(plan_of(site, largest=200_000, attempts=2), tmp_path, clock=watch.clock)
    found = lines(run)
    assert found["thread/1"]["status"] == "failed"
    assert reason in found["thread/1"]["reason"]
    assert found["thread/1"]["object"] is None
    assert found["thread/2"]["status"] == "new"
    assert run.finished
    assert len(list((tmp_path / "objects").rglob("*.*"))) == 2


def test_a_fault_that_passes_costs_one_more_attempt(site: Site, watch: Watch, tmp_path: Path) -> None:
    site.put("/list", listing("/thread/1"))
    site.put("/thread/1", Page(b"half", fault="truncated"), Page(fault="reset"), Page(b"whole"))
    found = lines(harvest(plan_of(site), tmp_path, clock=watch.clock))
    assert found["thread/1"]["status"] == "new"
    assert (tmp_path / found["thread/1"]["object"]).read_bytes() == b"whole"


def test_redirects_are_followed_on_the_site_and_nowhere_else(site: Site, watch: Watch, tmp_path: Path) -> None:
    site.put("/robots.txt", Page(b"User-agent: *\nDisallow: /private", media="text/plain"))
    moves = {"1": "/new/1", "2": "/thread/3", "3": "/thread/2", "4": "http://elsewhere.example/x", "5": "/private/x",
             "6": "file:///etc/passwd"}  # fmt: skip
    site.put("/list", listing(*(f"/thread/{one}" for one in moves)))
    for one, target in moves.items():
        site.put(f"/thread/{one}", Page(status=302, headers={"Location": target}))
    site.put("/new/1", "moved")
    found = lines(harvest(plan_of(site), tmp_path, clock=watch.clock))
    assert (found["thread/1"]["status"], found["thread/1"]["final"]) == ("new", site.url("/new/1"))
    assert "circle" in found["thread/2"]["reason"]
    assert (found["thread/4"]["status"], found["thread/6"]["status"]) == ("off-site", "off-site")
    assert (found["thread/5"]["status"], found["thread/5"]["robots"]) == ("refused", "disallowed: Disallow: /private")
    assert site.hits["/private/x"] == 0


def test_a_long_chain_of_redirects_ends(site: Site, watch: Watch, tmp_path: Path) -> None:
    site.put("/list", listing("/thread/0"))
    for one in range(30):
        site.put(f"/thread/{one}", Page(status=301, headers={"Location": f"/thread/{one + 1}"}))
    found = lines(harvest(plan_of(site, redirects=3), tmp_path, clock=watch.clock))
    assert found["thread/0"]["reason"] == "more than 3 redirects"
    assert site.hits["/thread/4"] == 0


@pytest.mark.parametrize(
    "page", [Page(status=500), Page(fault="hang"), Page(status=429, headers={"Retry-After": "99999"})]
)
def test_without_a_readable_robots_txt_nothing_is_asked(site: Site, watch: Watch, tmp_path: Path, page: Page) -> None:
    forum(site)
    site.put("/robots.txt", page)
    run = harvest(plan_of(site, attempts=2), tmp_path, clock=watch.clock)
    assert run.counts == {"refused": 1}
    assert set(site.hits) == {"/robots.txt"}


def comparable(path: Path) -> list[dict[str, Any]]:
    return [{**json.loads(line), "time": None} for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("kill_at", range(1, 8))
def test_a_run_that_was_cut_off_goes_on_and_ends_with_the_same_manifest(
    site: Site, watch: Watch, tmp_path: Path, kill_at: int
) -> None:
    forum(site)
    whole = harvest(plan_of(site), tmp_path / "whole", clock=watch.clock)
    site.hits.clear()
    left = harvest(plan_of(site), tmp_path / "cut", clock=watch.clock, limit=kill_at)
    if kill_at < 7:
        assert not left.finished
        journal = left.path
        # The kill came in the midst of a line.
        with journal.open("ab") as stream:
            stream.write(b'{"address": "http://x')
        again = harvest(plan_of(site), tmp_path / "cut", clock=watch.clock)
        assert again.resumed
    else:
        again = left
    assert comparable(again.path) == comparable(whole.path)
    assert all(count == 1 for path, count in site.hits.items() if path != "/robots.txt")


_PROGRAM = """
import sys
from pathlib import Path
from benchwright.builder.harvest import harvest, read_plan
harvest(read_plan(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def test_a_killed_process_goes_on_with_the_same_manifest(site: Site, watch: Watch, tmp_path: Path) -> None:
    forum(site)
    site.put("/robots.txt", Page(b"", media="text/plain"))
    plan = plan_of(site, delay=0.05, timeout=5.0)
    whole = harvest(plan, tmp_path / "whole", clock=watch.clock)
    file = tmp_path / "plan.yaml"
    file.write_text(json.dumps(plan.model_dump(mode="json")), "utf-8")
    for needed in (2, 4):
        site.hits.clear()
        process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(file), str(tmp_path / "cut")])
        limit = time.monotonic() + 30
        while sum(site.hits.values()) < needed and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.005)
        process.kill()
        process.wait()
    again = harvest(plan, tmp_path / "cut", clock=watch.clock)
    assert again.finished
    assert comparable(again.path) == comparable(whole.path)


def test_an_unfinished_snapshot_of_another_plan_is_not_gone_on_with(site: Site, watch: Watch, tmp_path: Path) -> None:
    forum(site)
    harvest(plan_of(site), tmp_path, clock=watch.clock, limit=2)
    with pytest.raises(OutputError, match="another plan"):
        harvest(plan_of(site, licence="CC0-1.0"), tmp_path, clock=watch.clock)


def test_an_empty_journal_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "2024-01-01.part.jsonl"
    path.write_bytes(b'{"plan"')
    journal = Journal(path, "x")
    journal.close()
    assert journal.done == {}


def test_there_is_no_snapshot_before_the_first(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        snapshot_files(tmp_path)


def test_a_wrong_plan_names_everything_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("start: [ftp://x]\ntake: ['(']\nspeed: 9\n", "utf-8")
    with pytest.raises(InputError) as error:
        read_plan(file)
    assert "speed" in str(error.value)
    file.write_text("start: [http://x.example/]\ntake: ['(']\n", "utf-8")
    with pytest.raises(InputError, match="regular expression"):
        read_plan(file)
