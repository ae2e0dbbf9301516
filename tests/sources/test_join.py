"""Keys joined to items."""

from __future__ import annotations

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyEntry, KeySheet
from benchwright.schemas.parts import Exam, KeyStatus, Option
from benchwright.sources import join_keys
from benchwright.sources._join import option_id


def item(number: str, labels: tuple[str, ...] = ("a)", "b)", "c)")) -> Item:
    """Return an item whose options are printed with these labels."""
    options = tuple(Option(id="ABCDE"[k], label=label, text=f"text {k}") for k, label in enumerate(labels))
    return Item.model_validate(
        {
            "group": f"x/2031/1/{number.zfill(3)}",
            "language": "es",
            "origin_language": "es",
            "stem": f"stem {number}",
            "options": options,
            "exam": Exam(code="x", edition="2031", part="1", number=number),
        }
    )


def sheet(status: KeyStatus, **answers: str) -> KeySheet:
    """Return a key: ``q1="A"``; empty for annulled."""
    entries = tuple(
        KeyEntry(
            number=name[1:],
            answers=tuple((letter,) for letter in text),
            status=status if text else "annulled",
            printed=text,
        )
        for name, text in answers.items()
    )
    return KeySheet(
        file=f"{status}.pdf", exam="x", edition="2031", part="1", status=status, entries=entries, parser="t"
    )


def test_labels_become_option_ids() -> None:
    items, rejects, _ = join_keys([item("1")], [sheet("official", q1="B")])
    assert (items[0].key.answers, items[0].key.status, rejects) == ((("B",),), "official", [])


def test_letters_fit_a_paper_whose_options_are_numbered() -> None:
    assert option_id(item("1", ("1.", "2.", "3.")), "C") == "C"


def test_a_label_of_the_same_series_that_no_option_has_is_no_option() -> None:
    assert option_id(item("1"), "E") is None


def test_key_outside_the_options_is_kept_for_the_audit() -> None:
    items, _, _ = join_keys([item("1")], [sheet("official", q1="E")])
    assert items[0].key.answers == (("E",),)


def test_later_key_wins_and_the_earlier_becomes_history() -> None:
    items, rejects, ledger = join_keys(
        [item("1"), item("2"), item("3")],
        [sheet("official", q1="A", q2="B", q3="C"), sheet("revised", q1="A", q2="BC", q3="")],
    )
    first, second, third = (one.key for one in items)
    assert (first.status, first.history) == ("official", ())
    assert (second.status, second.answers, second.history[0].answers) == ("revised", (("B",), ("C",)), (("B",),))
    assert (third.status, third.answers, third.history[0].status) == ("annulled", (), "official")
    assert [entry.subject for entry in ledger] == ["x/2031/1/002@es", "x/2031/1/003@es"]
    assert rejects == []


def test_what_does_not_meet_is_told_on_both_sides() -> None:
    _, rejects, _ = join_keys([item("1"), item("2")], [sheet("official", q1="A", q7="B")])
    assert sorted((one.reason, one.number) for one in rejects) == [("key-missing", "2"), ("key-unmatched", "7")]


def test_an_option_that_was_lost_has_the_id_of_its_place() -> None:
    numbered = item("1", ("1", "2", "3"))
    keyed, _, _ = join_keys([numbered], [sheet("official", q1="5")])
    assert keyed[0].key.answers == (("E",),)


def test_the_number_of_a_lost_option_is_no_answer_in_words() -> None:
    papers = [item("1", ("1", "2", "3")), bare("2"), bare("3"), item("4", ("1", "2", "3"))]
    keyed, rejects, _ = join_keys(papers, [sheet("official", q1="2", q2="3", q3="1", q4="1")])
    assert [one.key.status for one in keyed] == ["official", "unknown", "unknown", "official"]
    assert [one.kind for one in keyed] == ["single"] * 4
    assert [(one.reason, one.number) for one in rejects] == [("key-unreadable", "2"), ("key-unreadable", "3")]


def test_open_questions_keep_small_numbers_beside_large_ones() -> None:
    papers = [item("1", ("1", "2", "3")), bare("2"), bare("3")]
    keyed, rejects, _ = join_keys(papers, [sheet("official", q1="2", q2="3", q3="17")])
    assert [one.key.accepted for one in keyed] == [(), ("3",), ("17",)]
    assert not rejects


def bare(number: str) -> Item:
    """A question without options."""
    return item(number, ()).replace(kind="short_answer")
