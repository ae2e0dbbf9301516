"""Files for translators come back checked: whole items, or the reasons why not; no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from benchwright.builder.glossaries import read_glossary
from benchwright.builder.release._evidence import read_evidence
from benchwright.builder.store import write_table
from benchwright.builder.translate._people import FORMATS, Taken, export_items, take_back
from benchwright.builder.translate._people.formats import read_bundle, suffix_of, write_bundle
from benchwright.builder.translate._people.rows import Bundle, Row
from benchwright.builder.translate._people.sheets import neutral, plain
from benchwright.builder.translate._people.take import NOTES, _restored
from benchwright.schemas import Item, Mark
from benchwright.schemas.errors import InputError, NotFoundError
from benchwright.schemas.rows import from_frame, to_frame
from tests.builder.translate.test_run import english
from tests.builder.translate.toy import Bench

FILES = [form for form in FORMATS if form != "tmx"]
SPANISH = {"gill": "branquia", "fin": "aleta", "scale 5 mg": "escama 5 mg"}


def spanish(text: str) -> str:
    return SPANISH.get(text, f"es {text.strip()}")


class Agency:
    """A folder with items that go out, a translator, and what comes back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.form = ""

    def send(self, items: list[Item], form: str, **more: object) -> None:
        self.form = form
        to_frame(items, Item).write_parquet(self.folder / "items.parquet")
        export_items([self.folder / "items.parquet"], self.folder / "out", ["es"], form, **more)  # type: ignore[arg-type]

    @property
    def file(self) -> Path:
        return self.folder / "out" / f"es.{suffix_of(self.form)}"

    def work(self, change: Callable[[Row], Row | None] = lambda row: row) -> None:
        """Translate what has no draft, and spoil what a test wants spoilt."""
        bundle = read_bundle(self.file, self.form, "en", "es")
        rows = [Row(row.item_id, row.field, row.source, row.target or spanish(row.source)) for row in bundle.rows]
        sources = {(row["item_id"], row["field"]): row["source"] for row in self.sent().iter_rows(named=True)}
        if bundle.coded:
            rows = [self.plain(row, sources[row.item_id, row.field]) for row in rows]
        write_bundle(self.file, Bundle([made for row in rows if (made := change(row))], "en", "es"), self.form)

    @staticmethod
    def plain(row: Row, source: str) -> Row:
        """Return a row with its protected pieces instead of their numbers."""
        texts = [_restored(text, source, coded=True) for text in (row.source, row.target)]
        return Row(row.item_id, row.field, texts[0], texts[1])

    def sent(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "out/es.sent.parquet")

    def take(self, by: str | None = None) -> Taken:
        items = [self.folder / "items.parquet"]
        out = self.folder / "es.parquet"
        return take_back(self.file, self.folder / "out/es.sent.parquet", items, out, form=self.form, by=by)


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    return Agency(tmp_path)


@pytest.mark.parametrize("form", FILES)
def test_items_go_out_and_come_back(agency: Agency, form: str) -> None:
    source = english(
        stem="  <b>Which</b> one,\n=SUM(A1) & $x^2$?",
        texts=("gill", "+5 mg", "fin", "B"),
        marks=(Mark(field="option:A", start=0, end=4, kind="bold"),),
    )
    agency.send([source, english(2)], form)
    agency.work()
    taken = agency.take(by="Agency")
    assert (len(taken.items), taken.rejects.height) == (2, 0)
    made = taken.items[0]
    assert made.stem == "  es <b>Which</b> one,\n=SUM(A1) & $x^2$?"
    assert [one.text for one in made.options] == ["branquia", "es +5 mg", "aleta", "B"]
    assert (made.id, made.origin, made.contributor, made.key) == (
        f"{source.group}@es#human",
        "human_translation",
        "Agency",
        source.key,
    )
    assert [(one.start, one.end) for one in made.marks] == [(0, 8)]
    assert from_frame(pl.read_parquet(agency.folder / "es.parquet"), Item) == taken.items


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: None if row.field == "option:B" else row, "target-missing"),
        (lambda row: Row(row.item_id, row.field, row.source, "") if row.field == "stem" else row, "target-missing"),
        (lambda row: Row(row.item_id, row.field, row.source.replace("5", "50"), row.target), "source-changed"),
        (lambda row: Row(row.item_id, row.field, row.source, row.target.replace("<i>", "")), "protected-lost"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(
    agency: Agency, form: str, change: Callable[[Row], Row | None], reason: str
) -> None:
    agency.send([english(1, texts=("gill", "scale 5 mg", "<i>fin")), english(2, texts=("left", "right"))], form)
    agency.work(lambda row: change(row) if "/001@" in row.item_id else row)
    taken = agency.take()
    assert taken.rejects["reason"].to_list() == [reason]
    assert [one.group for one in taken.items] == [english(2).group]
    ledger = taken.ledger[0]
    assert (ledger.rows_in, ledger.rows_out, ledger.rows_rejected) == (2, 1, 1)


def test_an_item_that_never_came_back_or_changed_meanwhile_is_refused(agency: Agency) -> None:
    agency.send([english(1), english(2), english(3)], "csv")
    agency.work(lambda row: None if "/002@" in row.item_id else row)
    to_frame([english(1), english(2), english(3, stem="another?")], Item).write_parquet(agency.folder / "items.parquet")
    taken = agency.take()
    assert sorted(taken.rejects["reason"]) == ["source-stale", "target-missing"]
    assert len(taken.items) == 1


def test_a_strange_or_doubled_line_is_told(agency: Agency) -> None:
    agency.send([english(1)], "csv")
    agency.work()
    text = agency.file.read_text(encoding="utf-8-sig")
    line = next(line for line in text.splitlines() if "option:A" in line)
    more = [line.replace("branquia", "agalla"), line.replace("option:A", "option:Z")]
    agency.file.write_text("\r\n".join([text.strip(), *more]), encoding="utf-8")
    taken = agency.take()
    assert sorted(taken.rejects["reason"]) == ["unit-repeated", "unit-unknown"]


def test_drafts_go_out_and_how_far_people_moved_is_measured(bench: Bench) -> None:
    bench.run([english(1)])
    agency = Agency(bench.folder)
    agency.send([english(1)], "xliff", drafts=bench.out, price=0.1, draft_price=0.05)
    agency.work(lambda row: Row(row.item_id, row.field, row.source, "GILLS" if row.field == "option:A" else row.target))
    taken = take_back(agency.file, agency.folder / "out/es.sent.parquet", [agency.folder / "items.parquet"], bench.out)
    (made,) = taken.items
    assert made.origin == "post_edited"
    assert made.derived_from is not None
    assert made.derived_from.method == "people|draft:toy;version:1|version:1"
    assert set(bench.items()) == {made.id, made.id.removesuffix("#human")}
    moved = {(row["field"], row["name"]): row["value"] for row in taken.scores.iter_rows(named=True)}
    assert moved["stem", "post_edit_characters"] == 0.0
    assert moved["option:A", "post_edit_characters"] == 1 / 5
    assert moved["option:A", "post_edit_ter"] == 100.0
    counts = (agency.folder / "out/counts.csv").read_text(encoding="utf-8").splitlines()
    assert counts == ["language,items,fields,words,repeated words,words with a draft,cost", "es,1,4,7,0,7,0.35"]


def test_a_memory_translates_what_it_knows(bench: Bench) -> None:
    bench.run([english(1), english(2)])
    agency = Agency(bench.folder)
    agency.send([english(1), english(2)], "tmx", drafts=bench.out)
    assert len(list(etree.parse(str(agency.file)).iter("tu"))) == 5
    agency.send([english(1), english(2, stem="another?")], "csv")
    taken = take_back(
        agency.folder / "out/es.tmx",
        agency.folder / "out/es.sent.parquet",
        [agency.folder / "items.parquet"],
        bench.out,
    )
    assert [one.group for one in taken.items] == [english(1).group]
    assert taken.rejects["reason"].to_list() == ["target-missing"]


def test_notes_go_out_from_the_glossary_and_come_back_from_translators(agency: Agency) -> None:
    glossary = agency.folder / "terms.csv"
    glossary.write_text("source,target,status\ngill,branquia,\nfin,,\nscale,,no accepted term\n", encoding="utf-8")
    agency.send([english(1)], "xliff", glossary=glossary)
    root = etree.parse(str(agency.file))
    notes = [note.text for note in root.iter("{*}note")]
    assert notes == ["gill = branquia", "scale: no accepted term: describe it", "fin: do not translate"]
    agency.work()
    unit = next(root.iter("{*}unit"))
    data = agency.file.read_text(encoding="utf-8")
    added = data.replace(
        f'name="{unit.get("name")}">', f'name="{unit.get("name")}"><notes><note>unclear: which one?</note></notes>', 1
    )
    agency.file.write_text(added, encoding="utf-8")
    taken = agency.take()
    assert taken.notes.rows() == [(taken.items[0].id, "stem", "unclear: which one?")]
    # Notes of other versions stay beside them; a release counts them all in its card.
    beside = agency.folder / "es.notes.parquet"
    other = pl.DataFrame([("a/b/c/009@pt#human", "option:A", "an idiom")], schema=NOTES, orient="row")
    write_table(beside, pl.concat([pl.read_parquet(beside), other]))
    agency.take()
    assert pl.read_parquet(beside).height == 2
    (document,) = read_evidence([agency.folder / "notes-es.json"]).values()
    assert (document["notes"], document["items"]) == (2, 2)
    assert [(one["language"], one["fields"]) for one in document["languages"]] == [
        ("es", {"stem": 1}),
        ("pt", {"option": 1}),
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(agency: Agency, form: str) -> None:
    evil = ["=HYPERLINK(1)", "+1 cell", "-2 words", "@now then", "'=xx yy"]
    agency.send([english(1, texts=evil)], form)
    if form == "csv":
        cells = [cell for line in csv.reader(io.StringIO(agency.file.read_text(encoding="utf-8-sig"))) for cell in line]
        assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)]
    else:
        book = openpyxl.load_workbook(agency.file)
        kinds = {cell.data_type for line in book.worksheets[0].iter_rows() for cell in line if cell.value is not None}
        assert kinds == {"s"}
        assert book.worksheets[0].protection.sheet
        locked = {cell.coordinate[0]: cell.protection.locked for cell in book.worksheets[0][2]}
        assert [letter for letter, shut in locked.items() if not shut] == ["D", "F"]
    assert [row.source for row in read_bundle(agency.file, form, "en", "es").rows if row.field != "stem"] == evil


@given(st.text(st.sampled_from("'=+-@\t\rx "), max_size=5))
def test_an_apostrophe_comes_off_again(text: str) -> None:
    assert plain(neutral(text)) == text
    assert not re.match(r"[=+\-@\t\r]", neutral(text))


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12),
        min_size=1,
        max_size=3,
    )
)
def test_any_text_survives_a_workbook_and_csv(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    rows = [Row("a/1@en", f"option:{n}", text, text) for n, text in enumerate(texts)]
    for form in ("csv", "xlsx"):
        path = tmp_path_factory.getbasetemp() / f"any.{form}"
        write_bundle(path, Bundle(rows, "en", "es"), form)
        assert [(row.source, row.target) for row in read_bundle(path, form, "en", "es").rows] == [
            (row.source, row.target) for row in rows
        ]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in ("a", "b"):
        write_bundle(tmp_path / name, Bundle([Row("a/1@en", "stem", "x y", "z")], "en", "es"), form)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("data", [b"", b"<a>", b"<a/>", b"\xff\xfe\x00", b"a,b\n1,2\n", b"PK\x03\x04"])
def test_another_file_is_refused(tmp_path: Path, form: str, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_bundle(path, form, "en", "es")
    assert raised.value.problems[0].code == "exchange-broken"


def test_formats_and_records_are_told_by_name(agency: Agency) -> None:
    with pytest.raises(NotFoundError):
        agency.send([english(1)], "docx")
    agency.form = "csv"
    with pytest.raises(NotFoundError):
        agency.take()


@pytest.mark.parametrize(
    "text",
    [
        '<martif type="TBX"><text><body>{}</body></text></martif>',
        '<tbx xmlns="urn:iso:std:iso:30042:ed-2"><text><body>{}</body></text></tbx>',
    ],
)
def test_termbases_are_read(tmp_path: Path, text: str) -> None:
    names = ("termEntry", "langSet", "tig") if "martif" in text else ("conceptEntry", "langSec", "termSec")
    entry, lang, sec = names

    def section(language: str, *terms: str) -> str:
        inner = "".join(f"<{sec}>{term}</{sec}>" for term in terms)
        return f'<{lang} xml:lang="{language}">{inner}</{lang}>'

    old = "<term>agalla</term><termNote>deprecatedTerm-admn-sts</termNote>"
    concepts = [
        section("en", "<term>gill</term>") + section("es", "<term>branquia</term>", old),
        "<note>Do not translate</note>" + section("en", "<term>Salmo trutta</term>"),
        "<note>no accepted term</note>" + section("en", "<term>smolt</term>"),
    ]
    made = [f"<{entry}>{concept}</{entry}>" for concept in concepts]
    path = tmp_path / "terms.tbx"
    path.write_text(text.format("".join(made)), encoding="utf-8")
    assert read_glossary(path).rows() == [
        ("gill", "branquia", "en", "es"),
        ("branquia", "gill", "es", "en"),
        ("agalla", "gill", "es", "en"),
        ("Salmo trutta", None, "en", None),
    ]
    assert read_glossary(path, every=True).filter(pl.col("open"))["source"].to_list() == ["smolt"]
    path.write_text("<tbx/>", encoding="utf-8")
    with pytest.raises(InputError):
        read_glossary(path)
