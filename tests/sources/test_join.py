"""Keys joined to items."""

from __future__ import annotations

from benchwright.schemas.item import Item
from benchwright.schemas.papers import KeyEntry, KeySheet
from benchwright.schemas.parts import Exam, KeyStatus, Option, Provenance
from benchwright.schemas.tables import Reject
from benchwright.sources import join_keys
from benchwright.sources._join import option_id
from benchwright.sources._merged import noted


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


def scanned(*numbers: int) -> list[Item]:
    """Items with these numbers, as OCR read them."""
    place = Provenance(field="stem", file="scan.pdf", page=1, ocr="engine|version:1", parser="t")
    return [item(str(number)).model_copy(update={"provenance": (place,)}) for number in numbers]


def keyed(items: list[Item], last: int) -> dict[str, str]:
    """The status of the key of each number, and the reason of what is rejected for it."""
    read, rejects, _ = join_keys(items, [sheet("official", **{f"q{k}": "B" for k in range(1, last + 1)})])
    told = {reject.number or "": reject.reason for reject in rejects}
    return {one.exam.number: f"{one.key.status} {told.get(one.exam.number, '')}".strip() for one in read}


def test_a_question_of_a_scan_before_a_number_that_was_lost_gets_no_key() -> None:
    missing = [Reject(file="scan.pdf", reason="number-missing", number="3")]
    items = noted(scanned(1, 2, 4, 5, 6, 7), missing)
    assert keyed(items, 7) == {
        "1": "official", "2": "unknown key-unreadable", "4": "official", "5": "official", "6": "official",
        "7": "official",
    }  # fmt: skip
    assert keyed(noted([item("1"), item("2"), item("4")], missing), 4) == {
        "1": "official",
        "2": "official",
        "4": "official",
    }


def test_a_question_of_a_scan_that_was_found_without_options_takes_no_key_from_the_one_before_it() -> None:
    items = noted(scanned(1, 2, 4), [Reject(file="scan.pdf", reason="no-options", number="3")])
    assert keyed(items, 4) == {"1": "official", "2": "official", "4": "official"}


def test_the_last_question_of_a_scan_gets_no_key_where_the_key_goes_on() -> None:
    assert keyed(scanned(1, 2, 3, 4), 5)["4"] == "unknown key-unreadable"
    assert keyed(scanned(1, 2, 3, 4), 4)["4"] == "official"


def test_numbers_of_a_scan_that_stand_alone_among_lost_ones_are_not_trusted() -> None:
    assert set(keyed(scanned(2, 3), 10).values()) == {"unknown key-unreadable"}


def test_a_letter_that_was_read_twice_is_one_answer() -> None:
    entry = KeyEntry(number="1", answers=(("C", "C"),), status="official", printed="Cc")
    key = KeySheet(file="k", exam="x", edition="2031", part="1", status="official", entries=(entry,), parser="t")
    items, _, _ = join_keys([item("1")], [key])
    assert (items[0].key.answers, items[0].kind) == ((("C",),), "single")
