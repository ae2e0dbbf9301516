"""Any text passes the structural audits, and a long one in steps that grow as it does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.schemas import Key
from tests.audits.clean import item
from tests.audits.found import codes
from tests.audits.steps import is_linear

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


PIECES = ("a) b(", "1. ", "fever. ", "\x00", "$^_", "<b", "([{", "см. табл", "aaaaaaaaaa", "の", "** ")


@pytest.mark.parametrize("audit", STRUCTURAL)
def test_a_long_text_takes_its_share_of_steps(audit: str) -> None:
    def read(text: str) -> None:
        size = len(text)
        stems = [piece * (size // len(piece)) for piece in PIECES]
        codes(audit, [item(number, stem=stem, texts=(stem[:1000], "b", "c")) for number, stem in enumerate(stems, 1)])

    assert is_linear(read, " " * 80_000)


def test_a_megabyte_is_read() -> None:
    stems = [piece * (1_000_000 // len(piece)) for piece in PIECES]
    for audit in STRUCTURAL:
        codes(audit, [item(1, stem=stems[0], texts=(stems[1], "b")), item(2, stem=stems[-1], texts=("a", "b"))])
