"""Several exams in one folder: what names and titles tell, and what they do not."""

from __future__ import annotations

from collections.abc import Sequence

from benchwright.schemas.papers import Layout, NumberLayout, OptionLayout
from benchwright.sources._exams import as_copy, cover_year, exams_of, settle_columns
from benchwright.sources._look import Look
from benchwright.sources._names import name_parts, pattern_for
from benchwright.sources._survey import _place


def paper(file: str, title: str = "", *, language: str = "en", columns: int = 1, tie: bool = False) -> Look:
    other = "two columns" if columns == 1 else "one column"
    mine = "one column" if columns == 1 else "two columns"
    layout = Layout(
        score=1.0, columns=1 if columns == 1 else 2, number=NumberLayout(style="1."),
        options=OptionLayout(marks=("A.", "B.")), runner_up={f"{other}, numbers 1., marks A": 1.0} if tie else None,
    )  # fmt: skip
    reading = f"{mine}, numbers 1., marks A"
    return Look(file, "booklet", language=language, layout=layout, head=title, reading=reading)


def groups(looks: Sequence[Look]) -> list[list[str]]:
    names = {look.file: name_parts(look.file, frozenset({"en", "es"})) for look in looks}
    return [[look.file for look in some] for some in exams_of(looks, names)]


def test_words_of_names_tell_exams_apart() -> None:
    alphas = [f"alpha_{year}.pdf" for year in (2001, 2002)]
    betas = [f"beta/{year}/beta_{year}_B.pdf" for year in (2001, 2002)]
    assert groups([paper(name) for name in (*alphas, *betas)]) == [alphas, betas]


def test_papers_with_one_title_are_one_exam_whatever_their_names() -> None:
    names = [f"{word}_{year}.pdf" for word in ("alpha", "beta") for year in (2001, 2002)]
    title = "National Licensing Examination 2001\nDay one"
    assert groups([paper(name, title) for name in names]) == [names]
    apart = [paper(name, f"Board of {name[:4]} specialists") for name in names]
    assert len(groups(apart)) == 2


def test_a_word_that_one_paper_has_names_no_exam() -> None:
    names = ["alpha_2001.pdf", "beta_2001.pdf", "gamma_2001.pdf"]
    assert groups([paper(name) for name in names]) == [names]


def test_keys_and_other_files_go_with_the_exam_that_their_name_says() -> None:
    papers = [paper(f"{word}_{year}.pdf") for word in ("alpha", "beta") for year in (2001, 2002)]
    others = [Look("alpha_2001_key.pdf", "key"), Look("beta_stats.csv", "human"), Look("letter.pdf", "images")]
    found = groups([*papers, *others])
    assert "alpha_2001_key.pdf" in found[0]
    assert "beta_stats.csv" in found[1]
    assert sum("letter.pdf" in some for some in found) == 1
    assert any("no exam" in doubt for doubt in others[2].doubts)


def test_a_copy_of_a_booklet_is_left_out_and_a_copy_of_a_key_is_not() -> None:
    copy = as_copy(paper("alpha.pdf"), "copy.pdf")
    assert (copy.role, copy.why, copy.layout) == ("ignore", ["the same bytes as alpha.pdf"], None)
    assert as_copy(Look("key.csv", "key"), "key2.csv").role == "key"


def test_columns_are_settled_by_siblings_only_where_both_readings_are_as_good() -> None:
    looks = [paper("a_2001_1.pdf", columns=2), paper("a_2001_2.pdf", tie=True), paper("a_2002_1.pdf", tie=True)]
    looks.append(paper("a_2001_3.pdf"))
    looks.append(paper("a_2001_4.pdf", columns=2))
    settle_columns(looks, {look.file: name_parts(look.file, frozenset()) for look in looks})
    assert [look.layout.columns for look in looks if look.layout] == [2, 2, 1, 1, 2]


def test_a_sitting_with_one_paper_names_its_part_as_the_others_do() -> None:
    names = ["2001_a.pdf", "2001_b.pdf", "2002_a.pdf"]
    looks = [paper(name) for name in names]
    placed = _place(looks, {name: name_parts(name, frozenset()) for name in names})
    assert [(one.edition, one.part) for one in placed] == [("2001", "a"), ("2001", "b"), ("2002", "a")]


def test_the_year_of_a_cover_counts_where_there_is_one() -> None:
    assert cover_year(paper("x.pdf", "Examination 2014\n100 questions")) == "2014"
    assert cover_year(paper("x.pdf", "Syllabus 2009, examination 2014")) is None


def test_a_pattern_repeats_the_year_of_the_folder_and_may_list_its_values() -> None:
    names = [name_parts(f"alpha/{year}/alpha_{year}.pdf", frozenset()) for year in (2001, 2002)]
    named = [{2: "edition"}] * 2
    assert pattern_for(names, named) == r"alpha/(?P<edition>\d{4})/alpha_(?P=edition)\.pdf"
    assert pattern_for(names, named, exact=True) == r"alpha/(?P<edition>2001|2002)/alpha_(?P=edition)\.pdf"
