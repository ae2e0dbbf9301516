"""Languages, signatures, normal forms, the ledger law, the tree of errors."""

from __future__ import annotations

import inspect
import json
import pickle
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import benchwright.schemas as room
from benchwright.schemas import errors
from benchwright.schemas.errors import BenchwrightError, LedgerError, Problem, SchemaError
from benchwright.schemas.languages import is_rtl, language_name, parse_language, script_of
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import REJECT_REASONS, LedgerEntry
from benchwright.schemas.text import canonical_json, collapse, comparable, sha256_of
from tests.schemas.strategies import texts


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("es", "es"),
        ("Sepedi", "nso"),
        ("Northern Sotho", "nso"),
        ("zh_hant", "zh-Hant"),
        ("Traditional Chinese", "zh-Hant"),
        ("sr-latn", "sr-Latn"),
        ("pt-br", "pt-BR"),
        ("Spanish", "es"),
        ("Español", "es"),
        ("isiZulu", "zu"),
        (" en ", "en"),
        ("iw", "he"),
    ],
)
def test_names_and_aliases_resolve_to_one_tag(written: str, tag: str) -> None:
    assert parse_language(written) == tag
    assert parse_language(tag) == tag


@pytest.mark.parametrize("written", ["", "xx-nowhere", "volapukish", "french exam", "??", "e", "zh-Hant-Latn-Cyrl"])
def test_what_is_no_language_is_refused_with_a_remedy(written: str) -> None:
    with pytest.raises(SchemaError) as caught:
        parse_language(written)
    (problem,) = caught.value.problems
    assert problem.code == "language-unknown"
    assert problem.found == repr(written)
    assert problem.remedy


@pytest.mark.parametrize(
    ("tag", "script", "rtl"),
    [
        ("ar", "Arab", True),
        ("he", "Hebr", True),
        ("fa", "Arab", True),
        ("zh-Hant", "Hant", False),
        ("sr-Latn", "Latn", False),
    ],
)
def test_a_tag_knows_its_script_and_direction(tag: str, script: str, rtl: bool) -> None:
    assert script_of(tag) == script
    assert is_rtl(tag) is rtl
    assert language_name(tag) != tag


def test_a_signature_sorts_its_settings_leaves_out_what_is_not_set_and_ends_with_the_version() -> None:
    assert signature("bleu", version=2, tok="13a", case=None, a=[1, 2]) == "bleu|a:1,2|tok:13a|version:2"
    assert signature("x", b=1, a=2) == signature("x", a=2, b=1)
    assert signature("x", a="p|q\nr").count("|") == 2


@given(texts())
def test_the_form_for_comparison_is_stable_and_blind_to_space_case_and_punctuation(text: str) -> None:
    assert comparable(text) == comparable(f"  {text}\n.")
    assert collapse(collapse(text)) == collapse(text)


@given(st.text("abcé中م1 .", max_size=12), st.text("abcé中م1 .", max_size=12))
def test_the_form_for_comparison_keeps_letters_marks_and_digits_apart(left: str, right: str) -> None:
    letters = [[one for one in unicodedata.normalize("NFKC", text) if one not in " ."] for text in (left, right)]
    assume(letters[0] != letters[1])
    assert comparable(left) != comparable(right)


@given(st.dictionaries(texts(), st.one_of(st.integers(), texts(), st.none())))
def test_equal_values_have_one_spelling(value: dict[str, object]) -> None:
    backwards = dict(reversed(list(value.items())))
    assert canonical_json(value) == canonical_json(backwards)
    assert json.loads(canonical_json(value)) == value
    assert sha256_of(value) == sha256_of(backwards)


counts = st.integers(0, 10**6)


@given(counts, counts, counts, st.integers(-3, 3))
def test_the_ledger_law(out: int, rejected: int, merged: int, lost: int) -> None:
    entry = LedgerEntry(
        stage="parse", rows_in=out + rejected + merged + lost, rows_out=out, rows_rejected=rejected, rows_merged=merged
    )
    if lost:
        with pytest.raises(LedgerError, match="in = out") as caught:
            entry.assert_balanced()
        assert caught.value.exit_code == errors.EXIT_DEFECT
    else:
        entry.assert_balanced()


def test_a_change_is_no_count() -> None:
    LedgerEntry(stage="fix", event="change", subject="a", rows_in=1).assert_balanced()


def _classes() -> list[type[BenchwrightError]]:
    found = inspect.getmembers(errors, lambda one: inspect.isclass(one) and issubclass(one, BenchwrightError))
    return [one for _, one in found]


def test_the_tree_of_errors_is_complete_in_the_docstring_and_exported() -> None:
    for error in _classes():
        assert error.__name__ in str(errors.__doc__)
        assert error.__name__ in errors.__all__
        assert error.__doc__


@pytest.mark.parametrize("error", _classes())
def test_an_error_says_everything_and_survives_the_way_from_a_worker(error: type[BenchwrightError]) -> None:
    problem = Problem("file-empty", "no bytes", "a.pdf", "page 1", "0 bytes", "a PDF", "copy it again")
    raised = error([problem, Problem("pdf-damaged", "broken")])
    back = pickle.loads(pickle.dumps(raised))
    assert type(back) is error
    assert back.problems == raised.problems
    assert raised.exit_code in {errors.EXIT_GATE, errors.EXIT_USER, errors.EXIT_DEFECT}
    for words in ("no bytes [file-empty]", "a.pdf", "page 1", "0 bytes", "a PDF", "copy it again", "pdf-damaged"):
        assert words in str(raised)


def test_a_problem_needs_a_code_that_is_documented() -> None:
    with pytest.raises(ValueError, match="unknown error code"):
        Problem("nonsense", "x")


def test_every_code_and_reason_has_a_sentence() -> None:
    for sentence in (*errors.ERROR_CODES.values(), *REJECT_REASONS.values()):
        assert sentence[0].isupper() or sentence.startswith("recipe.yaml")
        assert sentence.endswith(".")


def test_the_public_list_of_the_room_is_what_it_exports() -> None:
    assert len(set(room.__all__)) == len(room.__all__)
    for name in room.__all__:
        assert hasattr(room, name)
