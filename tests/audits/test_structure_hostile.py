"""Any text passes the structural audits, and a long one in linear time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.schemas import Key
from tests.audits.clean import item
from tests.audits.found import codes

HOSTILE = st.one_of(
    st.text(
        st.sampled_from("ab \n.,:;()[]{}«»<>/\\$^_*#&|-–—1234567890%АбВ\u0000あ漢الa\u0301\ufffd\U0010ffff"),
        max_size=80,
    ),
    st.text(max_size=40),
)
STRUCTURAL = (
    *("optiontexts", "optionsets", "stems", "runon", "degenerate", "markup", "references", "giveaway"),
    *("contradictions", "completeness", "labels", "rationales", "publishing"),
)


@given(st.lists(st.tuples(HOSTILE, st.lists(HOSTILE, max_size=4)), min_size=1, max_size=4))
@settings(max_examples=25)
def test_any_text_is_read_without_an_error(drawn: list[tuple[str, list[str]]]) -> None:
    items = [item(number, stem=stem, texts=texts, key=Key()) for number, (stem, texts) in enumerate(drawn, 1)]
    for audit in STRUCTURAL:
        codes(audit, items)


@pytest.mark.slow
@pytest.mark.parametrize("audit", STRUCTURAL)
def test_a_megabyte_is_read_in_linear_time(audit: str) -> None:
    import time

    pieces = ("a) b(", "1. ", "fever. ", "\x00", "$^_", "<b", "([{", "см. табл", "aaaaaaaaaa", "の", "** ")

    def seconds(size: int) -> float:
        stems = [piece * (size // len(piece)) for piece in pieces]
        items = [item(number, stem=stem, texts=(stem[:1000], "b", "c")) for number, stem in enumerate(stems, 1)]
        started = time.process_time()
        codes(audit, items)
        return time.process_time() - started

    small, large = seconds(50_000), seconds(1_000_000)
    assert large < 60 * max(small, 0.05)
