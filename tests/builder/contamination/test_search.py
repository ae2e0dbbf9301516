"""Copies of items are found in corpora of every kind, and other texts are not."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.contamination import ContaminationWish, Searched, search_corpus
from benchwright.schemas import Item
from benchwright.schemas.errors import InputError, NotFoundError
from tests.audits.clean import item
from tests.builder.contamination.corpus import filler, filler_texts, full, items_of, sentence, write_items, write_lines

ITEMS = items_of(30)


def rewrapped(one: Item) -> str:
    words = full(one).split()
    return "\n".join(" ".join(words[at : at + 8]) for at in range(0, len(words), 8))


def one_in_ten(one: Item) -> str:
    words = full(one).split()
    return " ".join("zzz" if place % 10 == 9 else word for place, word in enumerate(words))


def noisy(one: Item) -> str:
    """Text as a scanner misreads it: one sign in forty."""
    draw = random.Random(3)
    return "".join("x" if sign.isalpha() and draw.random() < 0.02 else sign for sign in full(one))


KINDS: dict[str, Callable[[Item], str]] = {
    "verbatim": full,
    "upper case": lambda one: full(one).upper(),
    "tabs": lambda one: full(one).replace(" ", "\t"),
    "rewrapped": rewrapped,
    "no punctuation": lambda one: "".join(sign for sign in full(one) if sign.isalnum() or sign.isspace()),
    "markup": lambda one: "<p><b>" + full(one).replace("\n", "</li>\n<li>") + "</b></p>",
    "options shuffled": lambda one: full(one, "CADB"),
    "stem alone": lambda one: one.stem,
    "options alone": lambda one: "\n".join(option.text for option in one.options),
    "one word in ten": one_in_ten,
    "scanned": noisy,
}


def search(folder: Path, corpus: list[Path], items: list[Item] | None = None, jobs: int = 1) -> Searched:
    table = write_items(folder / "items.parquet", ITEMS if items is None else items)
    return search_corpus(table, ContaminationWish(corpus=corpus, out=folder / "hits.parquet", jobs=jobs))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_copy_is_found_with_its_document(tmp_path: Path, kind: str) -> None:
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", filler_texts(KINDS[kind](ITEMS[3])))])
    assert run.hits.select("item_id", "name", "document").rows() == [(ITEMS[3].id, "d1", 1)]
    states = dict(run.certificate.select("item_id", "state").iter_rows())
    assert states.pop(ITEMS[3].id) == "exposed"
    assert set(states.values()) == {"clean"}


def test_offset_and_snippet_lead_to_the_place(tmp_path: Path) -> None:
    texts = filler_texts("Überschrift — «naïve»\n" + full(ITEMS[0]))
    (hit,) = search(tmp_path, [write_lines(tmp_path / "c.jsonl", texts)]).hits.iter_rows(named=True)
    assert texts[1][hit["start"] :].startswith(ITEMS[0].stem[:20])
    assert hit["kind"] == "verbatim"
    assert (hit["stem_share"], hit["option_share"], hit["key_share"]) == (1.0, 1.0, 1.0)
    assert hit["snippet"].startswith(ITEMS[0].stem[:20])


def test_long_text_is_one_document_and_its_places_are_counted_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchwright.builder.contamination import _corpus

    monkeypatch.setattr(_corpus, "BLOCK", 3001)
    monkeypatch.setattr(_corpus, "_OVERLAP", 1500)
    text = (
        "é".join(filler(random.Random(100 + n)) for n in range(9))
        + f"\n{full(ITEMS[4])}\n"
        + "é".join(filler_texts(full(ITEMS[5])))
    )
    (tmp_path / "c.txt").write_text(text, encoding="utf-8")
    hits = search(tmp_path, [tmp_path / "c.txt"]).hits
    assert hits["item_id"].to_list() == [ITEMS[4].id, ITEMS[5].id]
    assert hits["document"].to_list() == [0, 0]
    for hit, one in zip(hits.iter_rows(named=True), (ITEMS[4], ITEMS[5]), strict=True):
        assert text[hit["start"] :].startswith(one.stem[:30])


def test_missing_right_option_is_said(tmp_path: Path) -> None:
    one = ITEMS[0]
    (right,) = one.key.answers[0]
    text = full(one).replace(next(option.text for option in one.options if option.id == right), "something else")
    (hit,) = search(tmp_path, [write_lines(tmp_path / "c.jsonl", filler_texts(text))]).hits.iter_rows(named=True)
    assert (hit["option_share"], hit["key_share"]) == (0.75, 0.0)


def test_other_texts_of_the_same_words_are_clean(tmp_path: Path) -> None:
    draw = random.Random(9)
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", [filler(draw) for _ in range(300)])])
    assert run.hits.is_empty()


def test_phrases_of_a_stem_all_over_a_document_are_no_copy(tmp_path: Path) -> None:
    draw = random.Random(6)
    words = ITEMS[0].stem.split()
    pieces = [words[at : at + 6] for at in range(0, len(words), 6)]
    draw.shuffle(pieces)
    text = " ".join(f"{' '.join(piece)} {sentence(draw, 25)}" for piece in pieces)
    assert search(tmp_path, [write_lines(tmp_path / "c.jsonl", [text])]).hits.is_empty()


@pytest.mark.parametrize("name", ["c.jsonl", "c.jsonl.gz", "c.parquet", "c.txt", "c.txt.gz", "c.arrow"])
def test_every_kind_of_file_is_searched(tmp_path: Path, name: str) -> None:
    texts = filler_texts(full(ITEMS[7]))
    path = tmp_path / name
    if "jsonl" in name:
        write_lines(path, texts)
    elif ".txt" in name:
        data = "\n\n".join(texts).encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    else:
        frame = pl.DataFrame({"id": [f"d{n}" for n in range(len(texts))], "text": texts})
        frame.write_parquet(path) if name == "c.parquet" else frame.write_ipc(path)
    assert search(tmp_path, [path]).hits["item_id"].to_list() == [ITEMS[7].id]


@pytest.mark.parametrize("end", ["whole", "zst", "cut"])
def test_page_of_a_crawl_is_searched_without_its_markup(tmp_path: Path, end: str) -> None:
    from io import BytesIO

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    words = full(ITEMS[6]).split()
    page = "<html><script>var a = 1;</script><body>" + " ".join(f"<i>{word}</i>" for word in words) + "</body></html>"
    with (tmp_path / "c.warc.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
        for address, body in (("http://a.example/", "<p>nothing</p>"), ("http://b.example/", page)):
            made = writer.create_warc_record(
                address, "response", payload=BytesIO(body.encode()), length=len(body.encode()), http_headers=headers
            )
            writer.write_record(made)
            made.raw_stream.close()
    path = tmp_path / "c.warc.gz"
    if end == "zst":
        import zstandard

        data = gzip.decompress(path.read_bytes())
        path = tmp_path / "c.warc.zst"
        path.write_bytes(zstandard.compress(data))
    elif end == "cut":
        path.write_bytes(path.read_bytes() + gzip.compress(b"WARC/1.0" * 99)[:-20])
    run = search(tmp_path, [path])
    assert run.files["complete"].to_list() == [end != "cut"]
    if end == "cut":
        return
    hits = run.hits
    assert hits.select("item_id", "name").rows() == [(ITEMS[6].id, "http://b.example/")]


def test_zstandard_is_unpacked(tmp_path: Path) -> None:
    import zstandard

    plain = write_lines(tmp_path / "c.jsonl", filler_texts(full(ITEMS[8]))).read_bytes()
    (tmp_path / "c.jsonl.zst").write_bytes(zstandard.compress(plain))
    assert search(tmp_path, [tmp_path / "c.jsonl.zst"]).hits["item_id"].to_list() == [ITEMS[8].id]


def test_escaped_letters_are_searched(tmp_path: Path) -> None:
    stem = "Ein Patient mit Übelkeit erhält fünf Tabletten täglich, wogegen hilft das größte Stück, fragt die Ärztin?"
    german = item(99, "en", stem=stem)
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", filler_texts(full(german)), ascii_only=True)], [german])
    assert run.hits["item_id"].to_list() == [german.id]


@pytest.mark.parametrize(
    ("stem", "copy"),
    [
        (
            "關於急性腎衰竭之處置，下列敘述何者最為適當，應優先考慮透析治療？",
            "關於急性腎衰竭之處置,\n下列敘述何者最為\n適當，應優先考慮透析治療",
        ),
        (
            "Какой препарат следует назначить больному с острой почечной недостаточностью сегодня?",
            "КАКОЙ препарат следует\nназначить больному с ОСТРОЙ почечной недостаточностью сегодня",
        ),
        (
            "ما هو الدواء الأنسب لمريض يعاني من فشل كلوي حاد بعد العملية الجراحية؟",
            "ما هو الدواء الأنسب\nلمريض يعاني من فشل كلوي حاد بعد العملية الجراحية",
        ),
        (
            "तीव्र गुर्दे की विफलता वाले रोगी के लिए सबसे उपयुक्त दवा कौन सी है?",
            "तीव्र गुर्दे की\nविफलता वाले रोगी के लिए सबसे उपयुक्त दवा कौन सी है",
        ),
    ],
)
def test_scripts(tmp_path: Path, stem: str, copy: str) -> None:
    one = item(1, "en", stem=stem)
    assert search(tmp_path, [write_lines(tmp_path / "c.jsonl", filler_texts(copy))], [one]).hits[
        "item_id"
    ].to_list() == [one.id]


def test_short_items_are_never_called_clean(tmp_path: Path) -> None:
    short = item(1, "en", stem="Which drug?", texts=("one", "two"))
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", filler_texts("Which drug? one two"))], [short])
    assert run.certificate["state"].to_list() == ["not_searched"]
    assert "too short" in run.certificate["reason"][0]


def test_items_of_short_texts_are_exposed_where_they_stand_and_never_clean(tmp_path: Path) -> None:
    short = item(1, "en", stem="Which drug?", texts=("the first", "the second", "third of all", "no drug"))
    other = item(2, "en", stem="Which one?", texts=("a kidney", "a liver", "some lung", "no spleen"))
    text = "Which drug? the first; the second; third of all; no drug"
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", filler_texts(text))], [short, other])
    assert run.certificate["state"].to_list() == ["exposed", "not_searched"]


def test_stem_that_everybody_writes_is_a_common_phrase(tmp_path: Path) -> None:
    stem = "Which of the following statements about this is true"
    texts = [f"{stem}: {sentence(random.Random(n), 8)}" for n in range(60)]
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", texts)], [*ITEMS, item(99, "en", stem=stem)])
    assert run.hits["common"].all()
    assert "exposed" not in run.certificate["state"].to_list()


def test_cut_and_broken_files_are_told_and_the_rest_is_searched(tmp_path: Path) -> None:
    good = write_lines(tmp_path / "a.jsonl.gz", filler_texts(full(ITEMS[1])))
    whole = write_lines(tmp_path / "b.jsonl.gz", [filler(random.Random(n)) for n in range(400)]).read_bytes()
    (tmp_path / "b.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "c.jsonl").write_bytes(b'{"id": 1, "text": "\xff\xfe broken \x00"}\n{"id": 2, "te')
    (tmp_path / "d.jsonl").write_bytes(b"")
    run = search(tmp_path, [good, tmp_path / "b.jsonl.gz", tmp_path / "c.jsonl", tmp_path / "d.jsonl"])
    assert run.hits["item_id"].to_list() == [ITEMS[1].id]
    told = {row["file"]: row for row in run.files.iter_rows(named=True)}
    assert not told["b.jsonl.gz"]["complete"]
    assert told["c.jsonl"]["complete"]
    assert "not read to their end: b.jsonl.gz" in run.certificate.filter(pl.col("state") == "clean")["reason"][0]


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    corpus = [write_lines(tmp_path / f"c{n}.jsonl", filler_texts(full(ITEMS[n]), n)) for n in range(3)]
    made = []
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        folder.mkdir()
        search(folder, corpus, jobs=jobs)
        made.append({path.name: path.read_bytes() for path in folder.glob("hits*") if path.is_file()})
    assert made[0] == made[1]


def test_a_killed_search_goes_on_inside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchwright.builder.contamination import _corpus, _scan, run

    monkeypatch.setattr(_corpus, "BLOCK", 2000)
    draw = random.Random(4)
    texts = [text for one in ITEMS[:12] for text in (filler(draw), full(one))]
    path = write_lines(tmp_path / "c.jsonl", texts)
    whole = tmp_path / "whole"
    whole.mkdir()
    expected = search(whole, [path]).hits
    real, calls = _scan.scan_block, []

    def dying(*arguments: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*arguments, **named)  # type: ignore[arg-type]

    table = write_items(tmp_path / "items.parquet", ITEMS)
    wish = ContaminationWish(corpus=[path], out=tmp_path / "hits.parquet", every=1)
    monkeypatch.setattr(run, "scan_block", dying)
    with pytest.raises(KeyboardInterrupt):
        search_corpus(table, wish)
    before = len(calls)
    again = search_corpus(table, wish)
    monkeypatch.setattr(run, "scan_block", real)
    assert again.hits.equals(expected)
    assert len(calls) - before < len(list(_corpus.blocks_of(path)))
    assert (tmp_path / "hits.parquet").read_bytes() == (whole / "hits.parquet").read_bytes()


def test_nothing_to_search_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        search(tmp_path, [tmp_path / "empty"])
    assert caught.value.problems[0].code == "corpus-empty"
    with pytest.raises(NotFoundError):
        search(tmp_path, [tmp_path / "nothing"])


def test_command(tmp_path: Path) -> None:
    table = write_items(tmp_path / "items.parquet", ITEMS)
    corpus = write_lines(tmp_path / "c.jsonl.gz", filler_texts(full(ITEMS[2])))
    out = tmp_path / "hits.parquet"
    done = CliRunner().invoke(app, ["contamination", str(table), "--corpus", str(corpus), "-o", str(out), "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert (document["exposed"], document["clean"], document["hits"]) == (1, 29, 1)
    assert out.is_file()
    assert (tmp_path / "hits.certificate.parquet").is_file()
