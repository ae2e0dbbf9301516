"""robots.txt by RFC 9309, and addresses in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.builder.harvest.addresses import links_of, plain_address
from benchwright.builder.harvest.robots import ALL, NONE, read_robots

RULES = b"""\xef\xbb\xbf# for all
User-agent: *
Disallow: /a
Allow: /a/b   # but this
Disallow: /*?sort=
Disallow: /*.zip$
Disallow: /caf%C3%A9

User-agent: Greedy
User-agent: benchwright-harvest
Disallow: /ours
Crawl-delay: 3

User-agent: benchwright-harvest
Disallow: /also
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True), ("/a", False), ("/a/c", False), ("/a/b", True), ("/a/b/c", True), ("/x?sort=up", False),
        ("/x.zip", False), ("/x.zip?y", True), ("/caf\u00e9/1", False), ("/ours", True), ("/robots.txt", True),
    ],
)  # fmt: skip
def test_the_longest_rule_for_all_decides(path: str, *, allowed: bool) -> None:
    assert read_robots(RULES, "another").decide(f"http://h.example{path}")[0] is allowed


def test_the_groups_of_our_agent_are_joined_and_those_for_all_are_not_ours() -> None:
    rules = read_robots(RULES, "benchwright-harvest/1.0 (mailto:x@example.org)")
    assert rules.delay == 3
    assert [rules.decide(f"http://h.example{path}")[0] for path in ("/ours", "/also", "/a")] == [False, False, True]


def test_none_allows_all_and_unreachable_nothing() -> None:
    assert ALL.decide("http://h.example/x") == (True, "no robots.txt")
    assert NONE.decide("http://h.example/x")[0] is False


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_are_read(data: bytes, path: str) -> None:
    allowed, rule = read_robots(data, "x").decide(
        f"http://h.example/{path}" if "[" not in path else "http://h.example/"
    )
    assert isinstance(allowed, bool)
    assert rule


def test_addresses_have_one_spelling() -> None:
    assert plain_address("HTTP://Forum.Example:80/a b?x=1#top") == "http://forum.example/a%20b?x=1"
    assert plain_address("http://h.example") == "http://h.example/"
    assert [
        plain_address(one) for one in ("mailto:x@y", "javascript:alert(1)", "file:///etc", "http://u:p@h/", "http://[")
    ] == [None] * 5


def test_links_of_a_page_in_order_each_once() -> None:
    page = b"""<base href="/b/"><a href="1">x</a><a href="1#z">x</a><a rel="nofollow" href="2">x</a>
    <a href="//o.example/3">y</a>
    <link rel="next" href="?page=2"><link rel="stylesheet" href="s.css"><a>no</a>"""
    assert list(links_of(page, "http://h.example/a/")) == [
        "http://h.example/b/1",
        "http://o.example/3",
        "http://h.example/b/?page=2",
    ]
    assert list(links_of(b"  ", "http://h.example/")) == []
