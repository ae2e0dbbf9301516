"""Bad and hostile dumps: a clear error or a reject for each record, nothing lost, nothing run."""

# ruff: noqa: E501 - lines of dumps are long

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.schemas.errors import InputError, NotFoundError
from benchwright.sources._forum.dumps import dump_kind
from benchwright.sources._forum.intake import thread_batches
from benchwright.sources._forum.profile import HtmlProfile, Profile, read_profile
from benchwright.sources._forum.sqltext import sql_rows
from benchwright.sources._forum.xmlstream import elements
from tests.sources.forum import dumps
from tests.sources.forum.test_dumps import read

BOMB = """<?xml version="1.0"?><!DOCTYPE posts [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<posts><row Id="1" PostTypeId="1" CreationDate="2020-01-01" Body="&b;"/></posts>"""


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("wide", [False, True])
def test_declared_entities_are_refused(tmp_path: Path, *, wide: bool) -> None:
    path = written(tmp_path, "Posts.xml", BOMB.encode("utf-16") if wide else BOMB)
    with pytest.raises(InputError, match="xml-entities"):
        list(thread_batches([path]))


def test_an_entity_that_fetches_a_file_is_refused(tmp_path: Path) -> None:
    text = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d><QAPair><Question>&x;</Question></QAPair></d>'
    with pytest.raises(InputError, match="xml-entities"):
        list(thread_batches([written(tmp_path, "qa.xml", text)]))


def test_a_truncated_file_gives_what_came_before_and_says_so(tmp_path: Path) -> None:
    whole = dumps.as_stackexchange(tmp_path) / "Posts.xml"
    data = whole.read_bytes()
    (whole.parent / "Comments.xml").unlink()
    whole.write_bytes(data[: data.rfind(b"<row")])
    with pytest.raises(InputError, match="xml-damaged"):
        read(whole)


def test_one_bad_file_of_many_is_a_reject(tmp_path: Path) -> None:
    for number in range(3):
        written(tmp_path, f"{number}.xml", f'<d id="{number}"><QAPairs><QAPair pid="1"><Question>Why {number}?</Question>'
                "<Answer>So.</Answer></QAPair></QAPairs></d>")  # fmt: skip
    written(tmp_path, "3.xml", '<d id="3"><QAPair><Question>Cut</Quest')
    written(tmp_path, "4.xml", '<d id="4"><QAPairs></QAPairs></d>')
    entries, rejects, report = read(tmp_path)
    assert entries["question"].to_list() == ["Why 0?", "Why 1?", "Why 2?"]
    assert [(one.file, one.reason) for one in rejects] == [(f"{tmp_path.name}/3.xml", "file-unreadable")]
    assert report.files == 5


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as stream:
        stream.write(b"INSERT INTO posts VALUES ('")
        for _ in range(120):
            stream.write(b"x" * 2**20)
    path = written(tmp_path, "dump.sql.gz", packed.getvalue())
    with pytest.raises(InputError, match="file-too-large"):
        list(sql_rows(path, "dump.sql.gz"))


def test_a_cell_of_a_hundred_megabytes_is_a_reject_and_its_neighbours_are_not(tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    with path.open("w") as stream:
        stream.write(
            "CREATE TABLE posts (id int, thread_id int, author text, body text);\nINSERT INTO posts VALUES (1,1,'a','Why is it so?'),(2,1,'b','"
        )
        for _ in range(100):
            stream.write("x" * 2**20 + "''")
        stream.write("'),(3,1,'c','Because it is.');\n")
    entries, rejects, _ = read(path)
    assert [one.reason for one in rejects] == ["record-broken"]
    assert "more than" in str(rejects[0].detail)
    assert [one["text"] for one in entries["answers"][0]] == ["Because it is."]


def test_rows_of_the_wrong_width_are_told_with_table_and_row(tmp_path: Path) -> None:
    path = written(tmp_path, "d.sql", "INSERT INTO `posts` (`id`,`thread_id`,`body`) VALUES (1,1,'What is it?'),(2,1),(3,1,'x y','z');\n"
                   "INSERT INTO `posts` (`id`,`thread_id`,`body`) VALUES (4,1,'a b c'),(5,1,'never clo")  # fmt: skip
    entries, rejects, report = read(path)
    assert [one.number for one in rejects] == ["2", "3", "5"]
    assert "found: 2 values; expected: 3" in str(rejects[0].detail)
    assert entries.height == 1
    assert report.records == 5


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=30),
        min_size=1,
        max_size=6,
    )
)
def test_any_text_comes_back_from_sql(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("sql")
    rows = ",".join(f"({n},{dumps.mysql(text)})" for n, text in enumerate(texts))
    path = written(folder, "my.sql", f"-- MySQL dump\nINSERT INTO t (a, b) VALUES {rows};\n")
    assert [row.values for row in sql_rows(path, "f")] == [(str(n), text) for n, text in enumerate(texts)]
    strict = ",".join("({},'{}')".format(n, text.replace("'", "''")) for n, text in enumerate(texts))
    path = written(folder, "pg.sql", f"-- PostgreSQL database dump\nINSERT INTO t (a, b) VALUES {strict};\n")
    assert [row.values for row in sql_rows(path, "f")] == [(str(n), text) for n, text in enumerate(texts)]


def test_small_windows_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dumps.as_mysql(tmp_path)
    whole = list(sql_rows(path, "f"))
    monkeypatch.setattr("benchwright.sources._forum.sqltext._CHUNK", 600)
    assert list(sql_rows(path, "f")) == whole


def test_other_encodings_are_told(tmp_path: Path) -> None:
    text = "id,question,answer\n1,¿Qué es la gripe común?,Una infección respiratoria del niño\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        entries, _, _ = read(written(tmp_path, f"{encoding}.csv", text.encode(encoding)))
        assert entries["question"].to_list() == ["¿Qué es la gripe común?"]


def test_a_page_without_posts_is_a_reject(tmp_path: Path) -> None:
    folder = dumps.as_pages(tmp_path)
    written(folder, "t9.html", "<html><body><p>Please log in</p></body></html>")
    entries, rejects, _ = read(folder)
    assert entries.height == 2
    assert [(one.file, one.reason) for one in rejects] == [("pages/t9.html", "record-broken")]


def test_what_no_reader_knows_is_an_error_that_says_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="file-unsupported"):
        dump_kind(written(tmp_path, "x.zip", b"PK"), "x.zip")
    with pytest.raises(InputError, match="layout-unknown"):
        list(thread_batches([written(tmp_path, "x.csv", "a,b\n1,2\n")]))
    with pytest.raises(InputError, match="layout-unknown"):
        list(thread_batches([written(tmp_path, "x.html", "<html><body><p>one two</p></body></html>")]))
    with pytest.raises(InputError, match="layout-unknown"):
        list(thread_batches([written(tmp_path, "x.sql", "INSERT INTO money (a) VALUES (1);")]))
    with pytest.raises(NotFoundError):
        list(thread_batches([tmp_path / "none"]))


def test_a_profile_with_errors_names_them_all(tmp_path: Path) -> None:
    path = written(tmp_path, "p.yaml", "kind: html\nhtml: {pots: li.reply}\nlicense: x\n")
    with pytest.raises(InputError) as error:
        read_profile(path)
    assert {"pots", "license"} <= {word.strip("':") for word in str(error.value).split()}
    with pytest.raises(InputError, match="selector"):
        read(dumps.as_pages(tmp_path), Profile(html=HtmlProfile(post="li[")))


def test_what_a_document_says_beside_its_records_stays(tmp_path: Path) -> None:
    path = written(tmp_path, "d.xml", "<all>" + "".join(
        f'<doc id="{n}"><Focus>topic {n}</Focus><QAPair><Question>Q{n} is?</Question></QAPair></doc>' for n in range(50)
    ) + "</all>")  # fmt: skip
    entries, _, _ = read(path)
    assert entries["category"].to_list() == [f"topic {n}" for n in range(50)]
    kept = [element.getparent() for _, element in elements(path, "f", frozenset({"qapair"}))]
    assert len(kept) == 50
