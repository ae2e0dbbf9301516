"""What an edit took out and put in; what is no edit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.audits._edits import edits_of
from benchwright.audits.rewrites import AUDIT
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table

OLD = "The patient was given a bright tablet of frenoline every morning before the meal at the clinic."


@pytest.mark.parametrize(
    "new",
    [
        OLD,
        OLD.upper(),
        OLD.replace(".", "!").replace(" ", "  "),
        OLD.replace("a bright", "the bright"),
        OLD.replace("tablet", "tablett"),
        "At the clinic, someone handed over the shining pill to a sick person each day early, prior to eating.",
        "",
    ],
)
def test_silent(new: str) -> None:
    assert edits_of(OLD, new, "en", share=0.8) == []


def test_numbers_are_left_to_their_own_audit() -> None:
    old = "He was given 5 mg of frenoline in the morning and 10 mg of it in the evening."
    assert edits_of(old, old.replace("5", "50"), "en", share=0.8) == []


def test_edits_are_told_with_their_places() -> None:
    new = OLD.replace("bright ", "").replace("clinic", "river")
    first, second = edits_of(OLD, new, "en", share=0.8)
    assert (first.kind, first.old, first.start, first.end) == ("removed", "bright", 24, 24)
    assert (second.kind, second.old, second.new) == ("replaced", "clinic", "river")
    assert new[second.start : second.end] == "river"


def test_translations_are_not_compared_word_by_word() -> None:
    context = AuditContext(sources=table([item(1, "es", stem=OLD)]))
    assert AUDIT.run(table([item(1, "en", stem=OLD.replace("bright ", ""))]), context).findings.is_empty()


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["en", "zh", "xx", ".."]))
def test_any_two_texts_are_taken(old: str, new: str, language: str) -> None:
    for edit in edits_of(old, new, language, share=0.0):
        assert 0 <= edit.start <= edit.end <= len(new)
