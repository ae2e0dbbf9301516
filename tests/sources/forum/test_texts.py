"""Texts without markup, dates as certain as they are, roles by marks and rules."""

# ruff: noqa: E501 - one case to a line

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.sources._forum.profile import Profile
from benchwright.sources._forum.raw import RAW_SCHEMA, posts_of
from benchwright.sources._forum.texts import iso_date, plain_text, pseudonym, text_of


@pytest.mark.parametrize(
    ("text", "plain", "removed"),
    [
        ("Na <3 and K >5, p<0.05", "Na <3 and K >5, p<0.05", False),
        ("<p>Hi <b>you</b></p><p>K<3.5</p>", "Hi you\nK<3.5", True),
        ("a &amp; b", "a & b", True),
        ("H<sub>2</sub>O, 10<sup>9</sup>", "H₂O, 10⁹", True),
        ("<ul><li>one</li><li>two</li></ul>end", "- one\n- two\nend", True),
        ("<blockquote><p>said before</p></blockquote>my answer", "> said before\nmy answer", True),
        ("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", "a | 1\nb | 2", True),
        ("x<script>alert('run')</script>y<style>p{}</style><iframe src='http://x'>z</iframe>", "xy", True),
        ("<img src=x onerror=alert(1) alt='an ECG'>", "an ECG", True),
        ("[b]bold[/b] [quote=Dr X]hello\nthere[/quote]no", "bold\n> hello\n> there\nno", True),
        ("an array[1] and [sic]", "an array[1] and [sic]", False),
        ("two  spaces\r\n\r\n\r\n\r\nand lines ", "two spaces\n\nand lines", False),
        ("<pre>a\n  b</pre>", "a\nb", True),
    ],
)
def test_markup_is_taken_out_and_nothing_else(text: str, plain: str, *, removed: bool) -> None:
    assert text_of(text) == (plain, removed)
    raw = pl.DataFrame([{"thread": "1", "post": "1", "text": text, "row": 1}], schema=RAW_SCHEMA)
    made = posts_of(raw, Profile(), "f", "s")
    assert (made["text"][0], made["html_removed"][0]) == (plain, removed)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_markup_is_read_without_a_fault(text: str) -> None:
    assert isinstance(plain_text(text), str)


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), min_size=1, max_size=12))
def test_every_word_of_a_plain_text_stays(words: list[str]) -> None:
    assert text_of(" ".join(words))[0].split() == " ".join(words).split()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-03-05 10:00:00", "2021-03-05T10:00:00"), ("2021-03-05T10:00:00.123Z", "2021-03-05T10:00:00Z"),
        ("1614938400", "2021-03-05T10:00:00Z"), ("1614938400000", "2021-03-05T10:00:00Z"), ("25/03/2021", "2021-03-25"),
        ("05/03/2021", "2021"), ("03.03.2021, 8:05 pm", "2021-03-03T20:05"), ("Mar 5, 2021 at 3:20 PM", "2021-03-05T15:20"),
        ("5 марта 2021", "2021-03-05"), ("5 de marzo de 2021", "2021-03-05"), ("2021年3月5日", "2021-03-05"),
        ("2021/3/5", "2021-03-05"), ("2008", "2008"), ("2021-03", "2021-03"), ("3 days ago", None), ("2021-13-01", None),
        ("31/02/2021", None), ("", None), ("no date", None),
    ],
)  # fmt: skip
def test_a_date_is_as_exact_as_it_is_certain(text: str, date: str | None) -> None:
    assert iso_date(text) == date


def test_the_order_of_day_and_month_is_the_profile_s() -> None:
    assert (iso_date("05/03/2021", "dmy"), iso_date("05/03/2021", "mdy")) == ("2021-03-05", "2021-05-03")


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = iso_date(text)
    assert found is None or found[:4].isdigit()


def role(name: str | None = None, mark: str | None = None, text: str = "x", profile: Profile | None = None) -> str:
    row = {"thread": "1", "post": "1", "name": name, "mark": mark, "text": text, "row": 1}
    made = posts_of(pl.DataFrame([row], schema=RAW_SCHEMA), profile or Profile(), "f", "s")
    return str(made["author_role"][0])


@pytest.mark.parametrize(
    ("name", "mark", "text", "expected"),
    [
        ("x", "Verified Doctor", "x", "doctor"), ("x", "true", "x", "doctor"), ("x", "主任医师", "x", "doctor"),
        ("x", "Врач-кардиолог", "x", "doctor"), ("x", "Médico", "x", "doctor"), ("x", "طبيب", "x", "doctor"),
        ("x", "not a doctor", "x", "unknown"), ("x", "false", "x", "unknown"), ("x", "Administrator", "x", "moderator"),
        ("x", "Member", "x", "patient"), ("Dr. Anna K", None, "x", "doctor"), ("John Smith, MD", None, "x", "doctor"),
        ("王医生", None, "x", "doctor"), ("drew", None, "x", "unknown"), ("Mad Max", None, "x", "unknown"),
        ("dr_house", None, "x", "doctor"), ("x", None, "Rest.\n\nDr. Jane Smith, cardiologist", "doctor"),
        ("x", None, "Rest.\n-- Jane Smith, MD", "doctor"), ("x", None, "My doctor said\nDr. House is right about it all, is he?", "unknown"),
        ("x", None, "Hello Dr. Smith", "unknown"), ("x", "Member", "Rest.\nDr. Jane Smith", "patient"),
    ],
)  # fmt: skip
def test_a_role_is_told_by_marks_then_names_then_signatures(
    name: str, mark: str | None, text: str, expected: str
) -> None:
    assert role(name, mark, text) == expected


def test_a_profile_says_what_its_site_prints_and_which_rules_hold() -> None:
    assert role(mark="Gold star", profile=Profile(doctor=("gold star",))) == "doctor"
    assert role(name="Dr. Anna", profile=Profile(rules=("mark",))) == "unknown"


def test_a_pseudonym_is_one_for_one_name_and_not_its_hash() -> None:
    assert pseudonym("s", "Anna ") == pseudonym("s", "Anna")
    assert pseudonym("s", "Anna") != pseudonym("t", "Anna")
