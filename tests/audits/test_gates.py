"""Quick looks that come before slow checks: they may let more through, and never less."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from benchwright.audits import pairing, stems
from benchwright.audits._lid.weigh import Evidence, foreign, possible
from tests.audits.clean import item, table

EVIDENCE = st.builds(
    Evidence,
    unit=st.sampled_from(["stem", "options", "context"]),
    declared=st.sampled_from(["en", "es", "pt"]),
    found=st.sampled_from(["gl", "de", "pt"]),
    letters=st.integers(1, 300),
    share=st.floats(0, 1) | st.just(1.0),
    odds=st.floats(-3, 10),
    source=st.booleans(),
    expected=st.booleans(),
    mine=st.integers(0, 4),
    theirs=st.integers(0, 6),
)


@given(EVIDENCE)
def test_odds_that_cannot_be_enough_are_never_foreign(seen: Evidence) -> None:
    row = pl.DataFrame({"odds": [seen.odds], "share": [seen.share]})
    assert row.select(possible()).item() or not foreign(seen)


PLACEHOLDER = (
    st.builds("{}{}{}".format, st.just("{"), st.from_regex(r"\A[A-Za-z_]{1,50}\Z"), st.just("}"))
    | st.from_regex(r"\A\[[A-Z_0-9]{1,50}\]\Z")
    | st.from_regex(r"\A<[A-Z]{1,40}>\Z")
    | st.from_regex(r"\A%\([a-z]{1,50}\)s\Z")
    | st.sampled_from(["____", "……", ".....", "{}", "{0}", "${{ x }}", "%s", "%1$s", "[MASK]"])
)


@given(st.lists(PLACEHOLDER | st.text("a {}[<>%_.", max_size=5), max_size=4).map("".join))
def test_a_wider_pattern_finds_every_placeholder(text: str) -> None:
    found = pl.DataFrame({"text": [text]}).select(
        exact=pl.col("text").str.contains(pairing._PLACEHOLDER),
        wide=pl.col("text").str.contains(pairing._MAYBE_PLACEHOLDER),
    )
    assert found["wide"].item() or not found["exact"].item()


@given(
    st.lists(
        st.sampled_from(["(a)", "[b]", "«c»", "（d）", "[1, 2]", "] 1, 2 [", "e", " ", "[f", "g)", "1, 2"]), max_size=8
    )
)
def test_brackets_settled_in_one_pass_have_partners(parts: list[str]) -> None:
    """Taken apart by hand: brackets one after another, each with its partner, are no finding."""
    text = "Which " + "".join(parts)
    found = stems._unbalanced(table([item(1, stem=text)])).collect().filter(pl.col("field") == "stem")
    signs = [sign for sign in text if sign in "()（）[]«»"]
    partner = {"(": ")", "（": "）", "[": "]", "«": "»"}
    flat = len(signs) % 2 == 0 and all(partner.get(a) == b for a, b in zip(signs[::2], signs[1::2], strict=True))
    if flat:
        assert found.height == 0


def test_brackets_without_partner_are_found_behind_the_quick_look() -> None:
    for text in ("Which (a) [b", "Which a) of (b", "Which «c» (d"):
        found = stems._unbalanced(table([item(1, stem=text)])).collect().filter(pl.col("field") == "stem")
        assert found.height == 1, text
