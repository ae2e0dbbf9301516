"""What printed cells and notes of an answer key mean."""

from __future__ import annotations

import pytest

from benchwright.sources._keycells import entries_of, read_notes
from benchwright.sources._keys import Cell, KeyTable


def table(*printed: str, notes: tuple[str, ...] = ()) -> KeyTable:
    """Return a key whose cells 1, 2, ... are printed so."""
    cells = {k: Cell(k, text, 0, 0, len(text)) for k, text in enumerate(printed, 1)}
    return KeyTable("latin", cells, notes=list(notes))


@pytest.mark.parametrize(
    ("printed", "answers"),
    [
        ("A", (("A",),)),
        ("Ｄ", (("D",),)),
        ("A/C", (("A",), ("C",))),
        ("B o D", (("B",), ("D",))),
        ("A or C", (("A",), ("C",))),
        ("A y C", (("A", "C"),)),
        ("AC", (("A", "C"),)),
        ("В", (("B",),)),
    ],
)
def test_cell_gives_complete_correct_responses(printed: str, answers: tuple[tuple[str, ...], ...]) -> None:
    (entry,) = entries_of(table(printed), "official")
    assert (entry.answers, entry.status) == (answers, "official")


def test_marked_cell_that_a_note_explains_is_revised() -> None:
    (_, entry) = entries_of(table("A", "#", notes=("Note: question 2: B or C is accepted.",)), "official")
    assert (entry.status, entry.answers) == ("revised", (("B",), ("C",)))


def test_marked_cell_without_a_note_is_unknown_and_never_a_guess() -> None:
    (_, entry) = entries_of(table("A", "#"), "official")
    assert (entry.status, entry.answers) == ("unknown", ())


def test_legend_explains_a_sign_as_annulled() -> None:
    (_, entry) = entries_of(table("A", "*", notes=("(*) Questão anulada",)), "official")
    assert entry.status == "annulled"


def test_sign_without_a_legend_is_unknown() -> None:
    (_, entry) = entries_of(table("A", "*", notes=("(*) see the commission's website",)), "official")
    assert entry.status == "unknown"


@pytest.mark.parametrize(
    "printed",
    [
        "A B C D כל התשובות מתקבלות",
        "A B C D: all answers accepted",
        "todas as respostas\n aceitas",
        "все ответы засчитываются",
    ],
)
def test_letters_and_the_words_that_all_are_accepted_are_annulled(printed: str) -> None:
    (entry,) = entries_of(table(printed), "official")
    assert (entry.status, entry.answers) == ("annulled", ())


@pytest.mark.parametrize("word", ["ANULADA", "#ANULADA", "annulled", "送分"])
def test_word_for_annulled_in_a_cell(word: str) -> None:
    (entry,) = entries_of(table(word), "official")
    assert (entry.status, entry.answers) == ("annulled", ())


def test_notes_are_read_clause_by_clause() -> None:
    said = read_notes("備註：第9題一律給分，第17題答Ｂ或Ｄ或BD者均給分，第43題答Ａ給分。")
    assert {number: (status, answers) for number, (status, answers, _) in said.items()} == {
        9: ("annulled", ()),
        17: ("revised", (("B",), ("D",), ("B", "D"))),
        43: ("revised", (("A",),)),
    }
