"""Scores of translations: sacrebleu's own numbers, facts of back-translations, the worst field, resume, routes."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from typer.testing import CliRunner

from benchwright.builder.cli import app
from benchwright.builder.score import RouteWish, ScoreRun, ScoreWish, route, score_items
from benchwright.builder.score._metric import Texts, Value
from benchwright.builder.score.lexical import KINDS, Lexical, sentence_scores
from benchwright.schemas.errors import BenchwrightError, InputError, NotFoundError, OutputError
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Score
from tests.builder.score.sets import BACK, EN, items, parallel, write


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return parallel(tmp_path_factory.mktemp("parallel"))


@pytest.fixture(scope="module")
def run(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> ScoreRun:
    wish = ScoreWish([files["en"]], back=[files["back"]], reference=[files["people"]])
    return score_items([files["both"]], tmp_path_factory.mktemp("scores") / "out", wish)


def value(run: ScoreRun, item: str, name: str, field: str | None) -> float | None:
    same = pl.col("field").is_null() if field is None else pl.col("field") == field
    found = run.scores.filter((pl.col("item_id") == item) & (pl.col("name") == name) & same)
    assert found.height == 1, (item, name, field)
    return found["value"].to_list()[0]  # type: ignore[no-any-return]


ONE, TWO, THREE = (f"ponds/2031/1/{number:03d}@es#mt" for number in (1, 2, 3))
OWN = {
    "chrf": CHRF(),
    "chrf++": CHRF(word_order=2),
    "bleu": BLEU(effective_order=True),
    "ter": TER(),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(
    st.text(st.sampled_from("abc é中.,5%$ "), min_size=1).filter(str.strip),
    st.text("ab c.中", min_size=1).filter(str.strip),
)
def test_each_number_is_the_sentence_score_of_sacrebleu(kind: str, reference: str, hypothesis: str) -> None:
    (made,) = sentence_scores(kind, "en", [(reference, hypothesis)])
    assert made == OWN[kind].sentence_score(hypothesis, [reference]).score


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_has_the_numbers_and_signatures_of_sacrebleu(run: ScoreRun, kind: str) -> None:
    expected = OWN[kind].sentence_score(BACK[0][0], [EN[0][0]]).score
    assert value(run, ONE, f"{kind}_back", "stem") == pytest.approx(expected, abs=1e-6)
    signatures = run.scores.filter((pl.col("name") == f"{kind}_back") & pl.col("value").is_not_null())["signature"]
    assert set(signatures) == {f"{KINDS[kind]}|{OWN[kind].get_signature()}"}


def test_bleu_of_languages_without_spaces_says_how_it_cut_words() -> None:
    for language, sign in (("zh-Hant", "tok:zh"), ("ja", "tok:char"), ("es", "tok:13a")):
        assert sign in Lexical("bleu", "reference").signature(language)


def test_the_worst_field_is_the_items(run: ScoreRun) -> None:
    for name, worst in (("chrf_back", min), ("ter_back", max)):
        fields = run.scores.filter(
            (pl.col("item_id") == ONE) & (pl.col("name") == name) & pl.col("field").is_not_null()
        )
        assert fields.height == 5
        assert value(run, ONE, name, None) == worst(fields["value"].to_list())


def test_scores_say_what_a_table_of_scores_says_and_each_item_has_one_risk(run: ScoreRun) -> None:
    assert run.scores.schema == table_schema(Score)
    risk = run.scores.filter(pl.col("name") == "risk")
    assert sorted(risk["item_id"]) == sorted(run.about["item_id"])
    keys = ["item_id", "field", "name", "signature"]
    assert run.scores.select(keys).is_duplicated().sum() == 0


def test_a_high_score_does_not_hide_a_wrong_dose_and_a_lost_negation(run: ScoreRun) -> None:
    assert (value(run, ONE, "chrf_back", "stem") or 0) > 90
    assert (value(run, TWO, "chrf_back", "stem") or 0) > 75
    found = {(one["item_id"], one["code"], one["field"]) for one in run.findings.iter_rows(named=True)}
    assert {(ONE, "F101", "stem"), (TWO, "F102", "stem")} <= found
    assert not any(item == THREE for item, _, _ in found)
    assert (value(run, ONE, "facts_back", "stem") or 0) < 0.2
    assert (value(run, TWO, "facts_back", None) or 0) < 0.2
    assert value(run, THREE, "facts_back", None) == 1.0


def test_what_has_no_number_is_named_with_its_reason(run: ScoreRun) -> None:
    people = "ponds/2031/1/001@es"
    assert value(run, people, "chrf_back", "stem") is None
    lacking = run.skipped.filter((pl.col("item_id") == people) & (pl.col("name") == "chrf_back"))
    assert set(lacking["reason"]) == {"no-back"}
    nulls = run.scores.filter(pl.col("value").is_null() & pl.col("field").is_not_null())
    assert nulls.select("item_id", "field", "name").sort("item_id", "field", "name").rows() == [
        row[:3] for row in run.skipped.filter(pl.col("name") != "facts_back").rows()
    ]


def test_people_and_machine_are_compared_by_language(run: ScoreRun) -> None:
    own = [one for one in run.gaps if one.name == "chrf_reference"]
    assert [(one.language, one.engine, one.n, one.people) for one in own] == [("es", "mt", 3, 100.0)]
    assert own[0].gap == pytest.approx(100 - own[0].machine, abs=1e-5)


def test_metrics_that_disagree_are_told(run: ScoreRun) -> None:
    shares = run.scores.filter(pl.col("name") == "disagreement")
    assert shares["value"].is_between(0, 1).all()
    # Item 1 has a high chrF and the worst facts.
    assert (value(run, ONE, "disagreement", None) or 0) > 0


def test_pages_have_each_engine_and_language(run: ScoreRun) -> None:
    pages = [path.read_text(encoding="utf-8") for path in run.written if path.suffix in (".html", ".md")]
    assert len(pages) == 2
    for page in pages:
        assert all(word in page for word in ("human_translation", "mt", "chrf_back", "facts_back", "nrefs:1"))
        assert "None" not in page


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def numbers(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "work" / "numbers.sqlite")


def test_a_run_that_goes_on_gives_the_same_bytes(files: dict[str, Path], tmp_path: Path) -> None:
    wish = ScoreWish([files["en"]], back=[files["back"]], shard_rows=2)
    first = score_items([files["es"]], tmp_path / "a", wish)
    with closing(numbers(tmp_path / "a")) as base, base:
        (kept,) = base.execute("select count(*) from numbers").fetchone()
        # What a run that was killed did not come to.
        base.execute("delete from numbers where key > x'80'")
        (left,) = base.execute("select count(*) from numbers").fetchone()
    assert 0 < left < kept
    # A run that was killed leaves parts of tables.
    left_over = tmp_path / "a" / "work" / "parts"
    left_over.mkdir()
    (left_over / "scores-0-000001.arrow").write_bytes(b"half")
    score_items([files["es"]], tmp_path / "a", wish)
    score_items([files["es"]], tmp_path / "b", ScoreWish([files["en"]], back=[files["back"]], shard_rows=1000, jobs=2))
    assert tables(tmp_path / "a") == tables(tmp_path / "b")
    assert not left_over.exists()
    assert first.scores.height


def test_nothing_depends_on_how_many_items_are_in_memory(files: dict[str, Path], tmp_path: Path) -> None:
    given = {"back": [files["back"]], "reference": [files["people"]]}
    one = score_items([files["both"]], tmp_path / "a", ScoreWish([files["en"]], **given, stretch=1))  # type: ignore[arg-type]
    score_items([files["both"]], tmp_path / "b", ScoreWish([files["en"]], **given))  # type: ignore[arg-type]
    assert tables(tmp_path / "a") == tables(tmp_path / "b")
    assert one.scores.height


def test_some_items_are_scored_by_number_or_by_name(files: dict[str, Path], tmp_path: Path) -> None:
    whole = {"back": [files["back"]], "metrics": ("chrf", "facts")}
    run = score_items([files["es"]], tmp_path / "a", ScoreWish([files["en"]], **whole, limit=2))  # type: ignore[arg-type]
    assert run.about["item_id"].to_list() == [ONE, TWO]
    (tmp_path / "ids.txt").write_text(f"{THREE}\n\nponds/2031/1/001\n", encoding="utf-8")
    wish = ScoreWish([files["en"]], **whole, only=tmp_path / "ids.txt")  # type: ignore[arg-type]
    run = score_items([files["es"]], tmp_path / "a", wish)
    assert run.about["item_id"].to_list() == [ONE, THREE]
    assert set(run.scores["item_id"]) == {ONE, THREE}
    (tmp_path / "ids.txt").write_text("ponds/2031/1/099\n", encoding="utf-8")
    with pytest.raises(NotFoundError) as caught:
        score_items([files["es"]], tmp_path / "a", wish)
    assert "ponds/2031/1/099" in str(caught.value)


def test_a_broken_table_and_a_broken_file_of_numbers_are_errors(files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "half.parquet").write_bytes(files["back"].read_bytes()[:2000])
    with pytest.raises(InputError) as caught:
        score_items([files["es"]], tmp_path / "out", ScoreWish([files["en"]], back=[tmp_path / "half.parquet"]))
    assert {one.code for one in caught.value.problems} == {"file-unreadable"}
    (tmp_path / "out" / "work" / "numbers.sqlite").write_bytes(b"no base at all, " * 100)
    with pytest.raises(OutputError):
        score_items([files["es"]], tmp_path / "out", ScoreWish([files["en"]], back=[files["back"]]))


def test_only_new_texts_are_measured_however_many_there_are(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    values = Lexical.values

    def counted(self: Lexical, language: str, rows: Sequence[Texts]) -> list[Value]:
        asked.append(len(rows))
        return values(self, language, rows)

    monkeypatch.setattr(Lexical, "values", counted)
    wish = ScoreWish([files["en"]], reference=[files["people"]], metrics=("chrf",), shard_rows=4)
    score_items([files["es"]], tmp_path / "a", wish)
    first = sum(asked)
    # Three texts more; the shards are cut anew.
    score_items([files["both"]], tmp_path / "a", wish)
    assert (first, sum(asked)) == (15, 18)


def test_a_number_of_another_signature_is_never_taken(files: dict[str, Path], tmp_path: Path) -> None:
    wish = ScoreWish([files["en"]], back=[files["back"]], metrics=("chrf", "bleu"))
    run = score_items([files["es"]], tmp_path / "a", wish)
    with closing(numbers(tmp_path / "a")) as base:
        counts = base.execute("select count(*) from numbers group by signature").fetchall()
    assert len(counts) == 2
    assert len(set(counts)) == 1
    assert value(run, TWO, "chrf_back", "stem") != value(run, TWO, "bleu_back", "stem")


@pytest.mark.parametrize(
    ("wish", "error", "code"),
    [
        ({"back": ["back"], "metrics": ("chrf", "bert")}, NotFoundError, "name-unknown"),
        ({}, InputError, "metric-impossible"),
        ({"back": ["gone"]}, NotFoundError, "file-not-found"),
    ],
)
def test_what_cannot_be_scored_is_an_error(
    files: dict[str, Path], tmp_path: Path, wish: dict[str, object], error: type[BenchwrightError], code: str
) -> None:
    made = {**wish, **({"back": [files.get(name, tmp_path / name) for name in wish["back"]]} if "back" in wish else {})}  # type: ignore[attr-defined]
    with pytest.raises(error) as caught:
        score_items([files["es"]], tmp_path / "out", ScoreWish([files["en"]], **made))  # type: ignore[arg-type]
    assert {one.code for one in caught.value.problems} == {code}


def test_scores_never_stand_among_the_items(files: dict[str, Path]) -> None:
    with pytest.raises(OutputError):
        score_items([files["es"]], files["es"].parent, ScoreWish([files["en"]], back=[files["back"]]))


def test_an_empty_field_and_one_that_the_translation_lacks_are_told(tmp_path: Path) -> None:
    en = write(tmp_path / "en.parquet", items([("What is it?", ("a duck", "a lark"))], "en"))
    es = write(
        tmp_path / "es.parquet", items([(" \n", ("un pato",))], "es", variant="mt", origin="machine_translation")
    )
    back = items([("What?", ("a duck", "a lark"))], "en", variant="b", origin="machine_translation", of="es#mt")
    wish = ScoreWish([en], back=[write(tmp_path / "back.parquet", back)], reference=[es])
    run = score_items([es], tmp_path / "out", wish)
    reasons = run.skipped.filter(pl.col("name") == "chrf_reference").select("field", "reason").rows()
    assert ("stem", "no-target") in reasons or ("stem", "no-reference") in reasons
    assert {field for field, _ in reasons} == {"stem", "option:B"}


def test_routing_lists_the_worst_and_logs_the_share(run: ScoreRun, tmp_path: Path) -> None:
    folder = tmp_path / "scores"
    shutil.copytree(run.written[0].parent, folder)
    first = route(folder, RouteWish(limits={"facts_back": 0.5}, worst={"ter_back": 0.34}), tmp_path / "people.csv")
    assert {ONE, TWO} <= set(first.routed["item_id"])
    assert THREE not in set(first.routed["item_id"])
    fields = dict(first.routed.select("item_id", "fields").rows())
    assert fields[TWO] == ["stem"]
    assert first.entry["share"] == pytest.approx(first.routed.height / 6, abs=1e-6)
    assert "facts_back below 0.5" in (tmp_path / "people.csv").read_text(encoding="utf-8")
    route(folder, RouteWish(limits={"facts_back": 0.5}, worst={"ter_back": 0.34}))
    route(folder, RouteWish(limits={"chrf_back": 0}, unscored=True))
    log = [json.loads(line) for line in (folder / "routing.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["routed"] for one in log] == [first.routed.height, 3]
    with pytest.raises(NotFoundError) as caught:
        route(folder, RouteWish(limits={"chrf": 1}))
    assert "chrf_back" in str(caught.value)


def test_people_repair_what_was_routed_and_the_next_round_is_smaller(files: dict[str, Path], tmp_path: Path) -> None:
    """Score, route, have people translate what was routed, score again: the log has both shares."""
    wish = ScoreWish([files["en"]], back=[files["back"]], metrics=("chrf", "facts"))
    score_items([files["es"]], tmp_path / "out", wish)
    routed = route(tmp_path / "out", RouteWish(limits={"facts_back": 0.5})).routed
    mended = [
        EN[place] if f"{place + 1:03d}@es#mt" in " ".join(routed["item_id"]) else BACK[place] for place in range(3)
    ]
    back = items(mended, "en", variant="b", origin="machine_translation", of="es#mt")
    score_items(
        [files["es"]],
        tmp_path / "out",
        ScoreWish([files["en"]], back=[write(tmp_path / "again.parquet", back)], metrics=("chrf", "facts")),
    )
    route(tmp_path / "out", RouteWish(limits={"facts_back": 0.5}))
    log = [json.loads(line) for line in (tmp_path / "out/routing.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["routed"] for one in log] == [2, 0]
    assert log[0]["scores_sha256"] != log[1]["scores_sha256"]


def test_the_commands_print_json(files: dict[str, Path], tmp_path: Path) -> None:
    words = ["score", files["es"], "--source", files["en"], "--back", files["back"], "-o", tmp_path / "out", "--json"]
    told = CliRunner().invoke(app, [str(one) for one in words])
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document["items"] == 3
    assert {one["name"] for one in document["metrics"]} >= {"chrf_back", "facts_back", "disagreement"}
    told = CliRunner().invoke(app, ["route", str(tmp_path / "out"), "--limit", "facts_back=0.5", "--json"])
    assert json.loads(told.stdout)["routed"] == 2
    assert CliRunner().invoke(app, ["route", str(tmp_path / "out")]).exit_code == 2
    assert CliRunner().invoke(app, ["route", str(tmp_path / "out"), "--worst", "chrf_back=2"]).exit_code == 2
