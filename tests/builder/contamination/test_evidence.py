"""What stands beside the hits: the canary, the benchmark itself, dates of models, and versions side by side."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.contamination import ContaminationWish, Searched, _corpus, search_corpus
from benchwright.builder.contamination.temporal import cutoffs_of, released
from benchwright.builder.twins import make_twins
from benchwright.schemas import Exam, Item
from benchwright.schemas.errors import UserError
from tests.audits.clean import item, table
from tests.builder.contamination.corpus import filler, filler_texts, full, items_of, write_items, write_lines

ITEMS = items_of(12)
GUID = "0f3b2c1a-9d8e-4f00-8a77-123456789abc"


def search(folder: Path, corpus: list[Path], **wish: object) -> Searched:
    items = folder / "items.parquet"
    if not items.exists():
        write_items(items, ITEMS)
    return search_corpus(items, ContaminationWish(corpus, folder / "hits.parquet", **wish))  # type: ignore[arg-type]


def test_documents_with_the_canary_are_named(tmp_path: Path) -> None:
    draw = random.Random(3)
    texts = [filler(draw), f"{filler(draw)} {GUID} {GUID} {filler(draw)}", filler(draw), f"canary {GUID}"]
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", texts)], canary=GUID)
    assert run.summary["canary"] == {"guid": GUID, "documents": 2, "where": ["c.jsonl:d1", "c.jsonl:d3"]}
    assert run.files["canary_documents"].to_list() == [2]
    other = search(tmp_path, [tmp_path / "c.jsonl"], canary="another-one")
    assert other.summary["canary"]["documents"] == 0


def test_canary_of_a_project_and_of_a_release_is_found(tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "c.jsonl", [f"see {GUID}"])
    (tmp_path / ".benchwright").mkdir()
    (tmp_path / ".benchwright/identity.json").write_text(json.dumps({"canary": GUID, "salt": "aa"}))
    assert search(tmp_path, [corpus]).summary["canary"]["documents"] == 1
    (tmp_path / "release").mkdir()
    frame = table(ITEMS).collect().with_columns(pl.lit(GUID).alias("canary"))
    frame.write_parquet(tmp_path / "release/items.parquet")
    wish = ContaminationWish([corpus], tmp_path / "other.parquet")
    assert search_corpus(tmp_path / "release", wish).summary["canary"]["documents"] == 1


@pytest.mark.parametrize("name", ["items.jsonl", "test.parquet", "book.txt"])
def test_a_corpus_that_holds_the_benchmark_says_so(tmp_path: Path, name: str) -> None:
    rows = [{"question": one.stem, "choices": [option.text for option in one.options], "answer": 1} for one in ITEMS]
    (tmp_path / "crawl").mkdir()
    path = tmp_path / "crawl" / name
    if name == "test.parquet":
        pl.DataFrame(rows).write_parquet(path)
    elif name == "book.txt":
        path.write_text("\n\n".join(full(one) for one in ITEMS), encoding="utf-8")
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_lines(tmp_path / "crawl" / "other.jsonl", filler_texts(full(ITEMS[0])))
    run = search(tmp_path, [tmp_path / "crawl"])
    assert run.summary["benchmark_inside"] == [{"file": name, "items": 12, "of": 12}]
    command = ["contamination", str(tmp_path / "items.parquet"), "--corpus", str(tmp_path / "crawl")]
    done = CliRunner().invoke(app, [*command, "-o", str(tmp_path / "hits.parquet")])
    assert f"{name} holds the benchmark itself: 12 of 12 items" in " ".join(done.stdout.split())


def test_half_of_the_items_are_not_the_benchmark(tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "c.jsonl", [full(one) for one in ITEMS[:6]])
    assert search(tmp_path, [corpus]).summary["benchmark_inside"] == []


@pytest.mark.parametrize(
    ("date", "cutoff", "expected"),
    [
        ("2019-03-16", "2019-03", "unknown"),
        ("2019-02-28", "2019-03", "before"),
        ("2019-04-01", "2019-03", "after"),
        ("2019", "2019-03", "unknown"),
        ("2018", "2019-03", "before"),
        ("2020", "2019-12-31", "after"),
        ("2019-03", "2019-03-16", "unknown"),
        ("2019-03-15", "2019-03-16", "before"),
        ("2019-03-17", "2019-03-16", "after"),
        (None, "2019-03", "unknown"),
    ],
)
def test_dates_are_compared_to_the_precision_that_they_have(date: str | None, cutoff: str, expected: str) -> None:
    exam = Exam(code="ex", edition="1", part="1", number="1", release_date=date)
    frame = table([item(1, "en", exam=exam)]).collect()
    assert released(frame, {"m": cutoff})["released"].to_list() == [expected]


def test_certificate_and_summary_have_the_models(tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "c.jsonl", filler_texts(full(ITEMS[0])))
    run = search(tmp_path, [corpus], cutoffs=cutoffs_of(["old=2030-01", "new/model=2032-06-30"]))
    assert run.summary["released"] == {
        "new/model": {"before": {"clean": 11, "exposed": 1}},
        "old": {"after": {"clean": 11, "exposed": 1}},
    }
    assert run.certificate["released"][0].to_list() == [
        {"model": "new/model", "released": "before"},
        {"model": "old", "released": "after"},
    ]


@pytest.mark.parametrize("text", ["2030-01", "m=", "m=2030-13", "m=yesterday", "=2030"])
def test_a_cut_off_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        cutoffs_of([text])
    assert caught.value.problems[0].code == "override-syntax"


def rewritten(one: Item, stem: str) -> Item:
    twin = make_twins(table([one]).collect(), "shuffle").items[0]
    return twin.replace(rules_checked=True, stem=stem)


def test_a_rewrite_is_compared_with_what_it_was_made_from(tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "c.jsonl", [full(one) for one in ITEMS[:4]])
    write_items(tmp_path / "items.parquet", ITEMS)
    draw = random.Random(77)
    greek = ["alpha", "beta", "gamma", "delta", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "nu"]
    words = [" ".join(draw.sample(greek, 12)) for _ in range(4)]
    others = [rewritten(one, f"{text}?") for one, text in zip(ITEMS[:3], words, strict=False)] + ITEMS[3:6]
    others = [
        one.replace(
            rules_checked=True,
            options=tuple(option.model_copy(update={"text": f"{option.id} {words[3]}"}) for option in one.options),
        )
        if place < 3
        else one
        for place, one in enumerate(others)
    ]
    write_items(tmp_path / "after.parquet", others)
    command = ["contamination", str(tmp_path / "items.parquet"), "--compare", str(tmp_path / "after.parquet")]
    out = tmp_path / "hits.parquet"
    done = CliRunner().invoke(app, [*command, "--corpus", str(corpus), "-o", str(out), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)["compare"]
    assert told["before"] == {"clean": 8, "exposed": 4, "not_searched": 0}
    assert told["after"] == {"clean": 5, "exposed": 1, "not_searched": 0}
    assert told["pairs"] == 6
    assert told["moved"] == [
        {"before": "clean", "after": "clean", "items": 2},
        {"before": "exposed", "after": "clean", "items": 3},
        {"before": "exposed", "after": "exposed", "items": 1},
    ]
    assert pl.read_parquet(tmp_path / "hits.compare.parquet").height == 12


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "txt"])
def test_a_document_longer_than_memory_is_searched_in_pieces(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_corpus, "BLOCK", 2000)
    monkeypatch.setattr(_corpus, "_LONGEST", 5000)
    monkeypatch.setattr(_corpus, "_OVERLAP", 1500)
    draw = random.Random(8)
    parts = [filler(draw) for _ in range(60)]
    for place, one in ((9, ITEMS[0]), (31, ITEMS[1]), (55, ITEMS[2])):
        parts.insert(place, f"\n«{full(one)}»\t\n")
    text, path = "é ".join(parts), tmp_path / f"c.{kind}"
    if kind == "jsonl":
        write_lines(path, ["short one", text, full(ITEMS[3])])
    elif kind == "parquet":
        pl.DataFrame({"id": ["d0", "d1", "d2"], "text": ["short one", text, full(ITEMS[3])]}).write_parquet(path)
    else:
        path.write_text(text, encoding="utf-8")
    largest = max(len(block.data) for block in _corpus.blocks_of(path))
    assert largest <= 5000 + 2 * 2000
    run = search(tmp_path, [path])
    found = run.hits.select("item_id", "document").rows()
    long = 0 if kind == "txt" else 1
    wanted = [(one.id, long) for one in ITEMS[:3]] + ([] if kind == "txt" else [(ITEMS[3].id, 2)])
    assert found == wanted
    assert run.files["documents"].to_list() == [1 if kind == "txt" else 3]


@pytest.mark.parametrize(
    "name", ["a.jsonl.gz", "a.jsonl.zst", "a.parquet", "a.arrow", "a.warc.gz", "a.warc", "a.txt.gz", "a.txt.zst"]
)
@pytest.mark.parametrize(
    "data", [b"nothing of the kind" * 9, b"", b"\x1f\x8b\x08\x00broken", b"\x28\xb5\x2f\xfdbroken"]
)
def test_a_broken_file_is_told_and_the_others_are_searched(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    good = write_lines(tmp_path / "good.jsonl", filler_texts(full(ITEMS[0])))
    run = search(tmp_path, [tmp_path / name, good])
    assert run.hits["item_id"].to_list() == [ITEMS[0].id]
    (told,) = run.files.filter(pl.col("file") == name).iter_rows(named=True)
    assert told["complete"] == (told["problem"] is None)
    if data and name != "a.warc":
        assert not told["complete"]


@pytest.mark.parametrize("packed", ["gz", "zst"])
def test_damage_in_the_middle_of_a_packed_file_is_told(tmp_path: Path, packed: str) -> None:
    import gzip

    import zstandard

    draw = random.Random(3)
    texts = [full(ITEMS[0]), *(filler(draw) + str(draw.random()) for _ in range(3000))]
    plain = write_lines(tmp_path / "c.jsonl", texts).read_bytes()
    whole = bytearray(gzip.compress(plain) if packed == "gz" else zstandard.compress(plain))
    for at in range(len(whole) // 2, len(whole) // 2 + 60):
        whole[at] ^= 0x5A
    path = tmp_path / f"d.jsonl.{packed}"
    path.write_bytes(bytes(whole))
    run = search(tmp_path, [path])
    assert run.files["complete"].to_list() == [False]


@pytest.mark.parametrize("packed", ["gz", "zst"])
def test_a_packed_file_that_breaks_off_is_told_and_its_beginning_is_searched(tmp_path: Path, packed: str) -> None:
    import gzip

    import zstandard

    draw = random.Random(3)
    texts = [full(ITEMS[0]), *(filler(draw) + str(draw.random()) for _ in range(3000))]
    plain = write_lines(tmp_path / "c.jsonl", texts).read_bytes()
    half = len(plain) // 2
    frames = [gzip.compress(one) if packed == "gz" else zstandard.compress(one) for one in (plain[:half], plain[half:])]
    path = tmp_path / f"d.jsonl.{packed}"
    path.write_bytes(b"".join(frames))
    assert search(tmp_path, [path]).files.select("complete", "documents").rows() == [(True, 3001)]
    path.write_bytes(b"".join(frames)[:-2000])
    run = search(tmp_path, [path])
    assert run.files["complete"].to_list() == [False]
    assert run.hits["item_id"].to_list() == [ITEMS[0].id]


@pytest.mark.parametrize(
    "text",
    [
        b"\x00" * 300_000,
        b"[" * 200_000,
        b'{"text": ' * 50_000,
        b'{"text": "' + b"\\" * 99_999 + b'"}',
        "é".encode("latin-1") * 100_000,
        ("ab " * 1000).encode("utf-16"),
        b'{"text": 5}\n{"text": null}\n[]\n"x"\n\n7',
        b'{"text": "\\ud800 \\udc00 \\uzzzz"}',
    ],
    ids=["nul", "brackets", "braces", "slashes", "latin", "utf16", "others", "surrogates"],
)
def test_hostile_lines_are_passed_and_what_follows_is_searched(tmp_path: Path, text: bytes) -> None:
    good = write_lines(tmp_path / "good.jsonl", [full(ITEMS[0])]).read_bytes()
    (tmp_path / "c.jsonl").write_bytes(text + b"\n" + good)
    assert search(tmp_path, [tmp_path / "c.jsonl"]).hits["item_id"].to_list() == [ITEMS[0].id]


def test_no_item_at_all_is_searched_for(tmp_path: Path) -> None:
    write_items(tmp_path / "items.parquet", ITEMS)
    pl.read_parquet(tmp_path / "items.parquet").clear().write_parquet(tmp_path / "items.parquet")
    run = search(tmp_path, [write_lines(tmp_path / "c.jsonl", filler_texts(full(ITEMS[0])))])
    assert (run.hits.height, run.certificate.height, run.summary["items"]) == (0, 0, 0)
    assert run.summary["benchmark_inside"] == []
