"""CSV, TSV and XLSX: columns by evidence, encodings, separators, keys, statistics, hostile files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.schemas.errors import InputError
from benchwright.sources import read_key
from benchwright.sources._flatencoding import decoded
from benchwright.sources._statistics import read_statistics
from benchwright.sources.sheet import KEYS, SOURCE
from tests.sources.flat_kit import Asked, expected, job, parse, questions, sample, told
from tests.typesetter.compose import Setting
from tests.typesetter.keyfiles import write_key_file
from tests.typesetter.keytable import entries
from tests.typesetter.layout import draw
from tests.typesetter.text import random_exam


def write(path: Path, rows: Sequence[Sequence[str]], separator: str = ",", encoding: str = "utf-8") -> Path:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def bank(asked: Sequence[Asked], header: Sequence[str] | None) -> list[list[str]]:
    rows = [[str(n), q.stem, *q.options, q.letter] for n, q in enumerate(asked, 1)]
    return [list(header), *rows] if header else rows


HEADERS = {
    "plain": ("number", "question", "answer", "{}"),
    "named": ("Nr", "Frage", "Lösung", "Option {}"),
    "glued": ("id", "q", "correct", "opt_{}"),
}


@given(
    asked=questions(),
    names=st.sampled_from(sorted(HEADERS)),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
)
def test_bank_is_read_whatever_its_columns_are_called(
    asked: list[Asked], names: str, separator: str, encoding: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    number, stem, key, option = HEADERS[names]
    width = len(asked[0].options)
    header = [number, stem, *(option.format("ABCDE"[k]) for k in range(width)), key]
    path = write(tmp_path_factory.mktemp("csv") / "bank.csv", bank(asked, header), separator, encoding)
    items, rejects = parse(SOURCE, path)
    assert told(items) == expected(asked)
    assert rejects == []


def test_bank_without_header(tmp_path: Path) -> None:
    asked = sample(8)
    items, rejects = parse(SOURCE, write(tmp_path / "bank.csv", bank(asked, None)))
    assert told(items) == expected(asked)
    assert rejects == []


def test_answer_as_text_and_as_index(tmp_path: Path) -> None:
    asked = sample(6)
    head = ["question", "a", "b", "c", "answer"]
    by_text = [head, *([q.stem, *q.options, q.options[q.right]] for q in asked)]
    by_index = [head, *([q.stem, *q.options, str(q.right)] for q in asked)]
    for rows in (by_text, by_index):
        items, _ = parse(SOURCE, write(tmp_path / "bank.csv", rows))
        assert told(items) == expected(asked)


def test_columns_without_a_role_are_kept_as_labels(tmp_path: Path) -> None:
    rows = [
        [*row, "optics" if n else "topic"] for n, row in enumerate(bank(sample(5), ["n", "stem", "A", "B", "C", "key"]))
    ]
    items, _ = parse(SOURCE, write(tmp_path / "bank.csv", rows))
    assert {(label.taxonomy, label.value, label.source) for label in items[0].labels} == {
        ("topic", "optics", "printed")
    }


def test_every_row_is_an_item_or_a_reject(tmp_path: Path) -> None:
    rows = bank(sample(8), ["n", "stem", "A", "B", "C", "key"])
    rows[3][2:5] = ["", "", ""]
    rows[5] = ["5", "", "", "", "", ""]
    items, rejects = parse(SOURCE, write(tmp_path / "bank.csv", rows))
    assert len(items) == 6
    assert sorted((r.reason, r.number) for r in rejects if r.reason != "number-missing") == [
        ("no-options", "3"), ("record-invalid", None),
    ]  # fmt: skip
    assert [r.number for r in rejects if r.reason == "number-missing"] == ["5"]


def test_parts_that_start_again_at_one(tmp_path: Path) -> None:
    asked = sample(5)
    header = ["n", "stem", "A", "B", "C", "key"]
    items, _ = parse(SOURCE, write(tmp_path / "bank.csv", [*bank(asked, header), *bank(asked, None)]))
    assert [(i.exam.part, i.exam.number) for i in items] == [(p, str(n)) for p in ("1.1", "1.2") for n in range(1, 6)]


def test_sheets_of_a_workbook_and_their_numbers(tmp_path: Path) -> None:
    rows = [[n, q.stem, *q.options, q.letter] for n, q in enumerate(sample(5), 1)]
    path = workbook(
        tmp_path / "bank.xlsx", {"items": [["Exam of the year"], [], ["n", "q", "A", "B", "C", "key"], *rows]}
    )
    items, rejects = parse(SOURCE, path)
    assert told(items) == expected(sample(5))
    assert items[0].provenance[0].xpath == "items!4"
    assert [r.text for r in rejects] == ["Exam of the year"]


LANGUAGES = ("es", "pl", "zh-Hant", "ja", "ru", "ko", "el", "he", "hi", "fa")


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".html", ".docx"])
def test_typeset_keys_with_corrections(seed: int, suffix: str, tmp_path: Path) -> None:
    """Both keys of both parts: the right number of responses, of the right length, annulled ones empty."""
    language = LANGUAGES[seed % len(LANGUAGES)]
    exam = random_exam(seed, language, 20, parts=1 + seed % 2, revised=True)
    layout = draw(seed, language)
    for revised in (False, True):
        path = write_key_file(exam, layout, tmp_path / f"key{revised}{suffix}", "Key", revised=revised)
        for part in sorted({item.part for item in exam.items}):
            status = "revised" if revised else "official"
            sheet = read_key(path, job(path.name, part=str(part), language=language, status=status))
            got = {entry.number: entry for entry in sheet.entries}
            items = {str(item.number): item for item in exam.items if item.part == part}
            printed = entries(Setting(layout, language, 400.0), list(items.values()), revised=revised)
            assert len(got) == len(printed)
            for number, _ in printed:
                item, entry = items[str(int(number))], got[str(int(number))]
                key = item.final_key if revised else item.key
                assert [len(response) for response in entry.answers] == [len(response) for response in key or ()]
                assert (entry.status == "annulled") == (key == ())


def test_key_in_rows(tmp_path: Path) -> None:
    rows = [["Question", *"12345"], ["Answer", *"ABCDA"], ["Question", *"6789", "10"], ["Answer", *"BBCCD"]]
    sheet = KEYS.read_key(write(tmp_path / "key.csv", rows), job("key.csv"))
    assert [(e.number, e.answers[0][0]) for e in sheet.entries] == [
        (str(n), letter) for n, letter in enumerate("ABCDABBCCD", 1)
    ]  # fmt: skip


def test_key_in_several_pairs_of_columns(tmp_path: Path) -> None:
    rows = [["No", "Key"] * 3, *([str(n), "A", str(n + 4), "B", str(n + 8), "C"] for n in range(1, 5))]
    sheet = KEYS.read_key(write(tmp_path / "key.csv", rows), job("key.csv"))
    assert [e.answers[0][0] for e in sheet.entries] == [*"AAAABBBBCCCC"]


def test_key_of_several_booklets_is_chosen_by_name_or_refused(tmp_path: Path) -> None:
    rows = [["booklet", "question", "answer"]]
    rows += [[name, str(n), "ABCD"[(n + k) % 4]] for k, name in enumerate(["red", "blue"]) for n in range(1, 9)]
    path = write(tmp_path / "key.csv", rows)
    assert KEYS.read_key(path, job(booklet="blue")).entries[0].answers == (("C",),)
    assert KEYS.read_key(path, job(table="red")).entries[0].answers == (("B",),)
    with pytest.raises(InputError) as caught:
        KEYS.read_key(path, job())
    assert caught.value.problems[0].code == "key-ambiguous"


def test_marks_of_a_key_are_never_guessed(tmp_path: Path) -> None:
    rows = [["n", "key"], ["1", "A"], ["2", "#"], ["3", "X?"], ["4", "B"], ["5", "anulada"], ["6", "C"], ["7", "D"]]
    sheet = KEYS.read_key(write(tmp_path / "key.csv", rows), job())
    found = {e.number: (e.status, e.answers) for e in sheet.entries}
    assert found["2"] == ("unknown", ())
    assert found["5"] == ("annulled", ())
    assert found["3"][1] == ()


TEXTS = {
    "cp1252": "¿Cuál es la técnica más útil según el médico? El niño tenía fiebre y cefalea desde hacía tres días.",
    "cp1250": "Która z poniższych odpowiedzi jest prawidłowa? Pacjent zgłosił się z bólem głowy i gorączką.",
    "cp1251": "Какой из следующих ответов является правильным? Больной обратился с жалобами на головную боль и озноб.",
    "cp1253": "Ποια από τις παρακάτω απαντήσεις είναι σωστή; Ο ασθενής προσήλθε με πονοκέφαλο και πυρετό.",
    "big5hkscs": "下列何者為最適當的處置？一位病人因為發燒與頭痛來到門診，其血液檢查的結果正常，下列敘述何者錯誤？",
    "cp932": "次のうち正しいものはどれか。患者は発熱と頭痛のために来院した。血液検査の結果は正常であった。",
}


@pytest.mark.parametrize("encoding", sorted(TEXTS))
def test_old_encodings_are_told_by_evidence(encoding: str) -> None:
    text = TEXTS[encoding] * 3
    assert decoded(text.encode(encoding), "bank.csv") == (text, encoding)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_kept_as_it_is(text: str) -> None:
    assert decoded(text.encode("utf-8"), "x") == (text.removeprefix("\ufeff"), decoded(text.encode("utf-8"), "x")[1])


def test_encoding_without_evidence_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes(b"1,caf\xe9\n2,\x81\x8d\x90\xfe\xff")
    with pytest.raises(InputError) as caught:
        parse(SOURCE, path)
    assert caught.value.problems[0].code == "encoding-unknown"


def test_unclosed_quote_with_a_huge_cell(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_bytes(b'1,"' + b"x" * (11 * 2**20))
    with pytest.raises(InputError) as caught:
        parse(SOURCE, path)
    problem = caught.value.problems[0]
    assert (problem.code, problem.place) == ("file-too-large", "row 1")


@pytest.mark.parametrize(
    "data", [b"", b"no archive", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99]
)
def test_broken_workbook_is_an_input_error(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bank.xlsx"
    path.write_bytes(data)
    with pytest.raises(InputError):
        parse(SOURCE, path)


def test_workbook_with_broken_inside(tmp_path: Path) -> None:
    path = workbook(tmp_path / "good.xlsx", {"a": [["n", "key"], [1, "A"], [2, "B"]]})
    for part, text in (("xl/worksheets/sheet1.xml", "<worksheet><broken"), ("xl/workbook.xml", "<workbook/>")):
        broken = tmp_path / "broken.xlsx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
            for name in old.namelist():
                new.writestr(name, text if name == part else old.read(name))
        with pytest.raises(InputError):
            KEYS.read_key(broken, job())


def test_statistics_with_shares_and_counts(tmp_path: Path) -> None:
    rows = [["Question", "A", "B", "C", "% correct", "n"]]
    rows += [[str(n), "20,0", "50,5", "29,5", "50,5", "1 204"] for n in range(1, 6)]
    found = read_statistics(write(tmp_path / "statistics.csv", rows, ";"))
    assert [one.number for one in found] == ["1", "2", "3", "4", "5"]
    human = found[0].human
    assert (human.share_correct, human.n) == (0.505, 1204)
    assert [(s.option, s.share) for s in human.distribution] == [("A", 0.2), ("B", 0.505), ("C", 0.295)]


def test_statistics_that_could_be_either_are_refused(tmp_path: Path) -> None:
    rows = [["Question", "x", "y"], *([str(n), f"0.{n}1", f"0.{9 - n}2"] for n in range(1, 7))]
    with pytest.raises(InputError) as caught:
        read_statistics(write(tmp_path / "s.csv", rows))
    assert caught.value.problems[0].code == "statistics-ambiguous"


@pytest.mark.data
def test_real_item_banks(data_dir: Path) -> None:
    """Every row of the transcriptions of the development half comes back as it stands."""
    for path in sorted((data_dir / "pe_conareme").glob("20*_prueba_a.csv"))[:2]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        items, rejects = parse(SOURCE, path, language="es")
        assert [item.key.answers for item in items] == [((row["correct_answer"].strip(),),) for row in rows]
        assert rejects == []
