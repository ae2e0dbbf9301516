"""Items come back as a whole with the same identity, or are refused; what is ready is never made again."""

from __future__ import annotations

import polars as pl
import pytest

from benchwright.builder.score import ScoreWish, score_items
from benchwright.schemas import Context, Item, Key, Mark, Option, Rationale, Span, Turn
from benchwright.schemas.errors import InputError, NotFoundError, OutputError, UserError
from benchwright.schemas.parts import RubricCriterion
from benchwright.schemas.rows import from_frame, to_frame
from tests.audits.clean import figure, item
from tests.builder.translate.toy import Bench

EN = {"language": "en", "origin_language": "en", "origin": "native"}


def english(number: int = 1, **changes: object) -> Item:
    fields: dict[str, object] = {"stem": f"question {number}?", "texts": ("gill", "scale 5 mg", "fin", "B")}
    return item(number, **{**EN, **fields, **changes})  # type: ignore[arg-type]


def test_every_field_is_translated_and_the_identity_stays(bench: Bench) -> None:
    source = english(
        context=Context(id="v1", text="a trout swims"),
        rationales=(Rationale(text="since gills breathe", language="en", option="A", spans=(Span(start=6, end=11),)),),
        turns=(Turn(role="user", text="hello there"),),
        rubric=(RubricCriterion(text="names the gill", weight=1.0),),
        media=(figure(caption="a fish"),),
        key=Key(status="official", answers=(("A",),), accepted=("the gill",)),
        marks=(Mark(field="stem", start=0, end=8, kind="bold"),),
    )
    run = bench.run([source])
    (made,) = bench.items().values()
    assert (run.made, run.rejects.height) == (1, 0)
    assert (made.id, made.group) == (f"{source.group}@es", source.group)
    assert [(one.id, one.label, one.text) for one in made.options] == [
        ("A", "A.", "GILL"), ("B", "B.", "SCALE 5 MG"), ("C", "C.", "FIN"), ("D", "D.", "B"),
    ]  # fmt: skip
    assert (made.key.answers, made.key.accepted) == (source.key.answers, ("THE GILL",))
    assert made.context == Context(id="v1", text="A TROUT SWIMS")
    assert [one.text for one in made.rationales] == ["SINCE GILLS BREATHE"]
    assert (made.rationales[0].language, made.rationales[0].spans) == ("es", (Span(start=6, end=11),))
    assert (made.turns[0].text, made.rubric[0].text, made.media[0].caption) == (
        "HELLO THERE",
        "NAMES THE GILL",
        "A FISH",
    )
    assert made.media[0].sha256 == source.media[0].sha256
    assert made.marks == source.marks
    assert (made.origin, made.origin_language, made.tier) == ("machine_translation", "en", "raw")
    assert (made.exam, made.labels, made.licence) == (source.exam, source.labels, source.licence)
    assert made.derived_from is not None
    assert made.derived_from.id == source.id
    assert made.derived_from.text_hash == source.hashes.text_hash
    assert made.derived_from.method == "toy|version:1"
    assert (made.human, made.provenance, made.revision) == (None, (), None)


@pytest.mark.parametrize("whole", ["yes", "no"])
def test_a_shared_context_is_translated_once(bench: Bench, whole: str) -> None:
    shared = Context(id="v1", text="a trout swims")
    bench.run([english(number, context=shared) for number in (1, 2, 3)], set=[f"whole={whole}"])
    assert bench.engine.calls.count("a trout swims") == 1
    assert {one.context.text for one in bench.items().values() if one.context} == {"A TROUT SWIMS"}


def test_equal_texts_are_asked_once_and_never_again(bench: Bench) -> None:
    bench.run([english(1), english(2)])
    assert sorted(bench.engine.calls) == ["fin", "gill", "question 1?", "question 2?", "scale 5 mg"]
    bench.engine.calls.clear()
    bench.out.unlink()
    assert bench.run([english(1), english(2)]).known == 5
    assert bench.engine.calls == []


@pytest.mark.parametrize("whole", ["yes", "no"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [("fewer", "texts-missing"), ("empty", "text-empty"), ("failed", "engine-failed"), ("silence", "texts-missing")],
)
def test_an_item_that_an_engine_fails_on_is_a_reject_and_the_others_are_right(
    bench: Bench, fault: str, reason: str, whole: str
) -> None:
    bad = english(1, stem="poison?", texts=("poison a", "poison b"))
    good = english(2, texts=("left", "right"))
    run = bench.run([bad, good], set=[f"fault={fault}", f"whole={whole}"])
    assert run.rejects.select("reason", "group", "language", "stage").rows() == [(reason, bad.group, "es", "translate")]
    (made,) = bench.items().values()
    assert (made.group, [one.text for one in made.options]) == (good.group, ["LEFT", "RIGHT"])
    (count,) = [one for one in run.ledger if one.event == "count"]
    assert (count.rows_in, count.rows_out, count.rows_rejected) == (2, 1, 1)
    bench.engine.calls.clear()
    assert bench.run([bad, good], set=[f"whole={whole}"]).made == 1
    assert not any("LEFT".casefold() in text for text in bench.engine.calls)


def test_only_what_is_stale_is_made_again(bench: Bench) -> None:
    bench.run([english(number) for number in (1, 2, 3)])
    before = bench.items()
    bench.engine.calls.clear()
    run = bench.run([english(1), english(2, stem="another question?"), english(3)])
    assert bench.engine.calls == ["another question?"]
    assert (run.made, run.kept, run.stale) == (1, 2, 1)
    (line,) = [one for one in run.ledger if one.event == "change"]
    assert (line.subject, line.reason) == (english(2).id.replace("@en", "@es"), "source-changed")
    after = bench.items()
    assert [name for name in after if after[name] != before[name]] == [line.subject]


def test_another_model_makes_all_again_and_a_key_alone_nothing(bench: Bench) -> None:
    bench.run([english()])
    assert bench.run([english(key=Key(status="official", answers=(("B",),)))]).made == 0
    run = bench.run([english()], set=["model=other"])
    assert [(one.reason, run.stale) for one in run.ledger if one.event == "change"] == [("method-changed", 1)]


def test_versions_of_people_stay(bench: Bench) -> None:
    bench.run([english()])
    (made,) = bench.items().values()
    human = made.replace(origin="post_edited", stem="¿Pregunta?")
    from benchwright.schemas.rows import to_frame

    to_frame([human], Item).write_parquet(bench.out)
    run = bench.run([english(stem="another question?")])
    assert (run.made, run.kept, bench.items()[made.id].stem) == (0, 1, "¿Pregunta?")


def test_several_languages_and_engines_stand_side_by_side_with_a_choice(bench: Bench) -> None:
    run = bench.run([english(1), english(2)], "toy#a", "toy#b", to="es,fr", set=["b.model=large"], choose=["b", "a"])
    group = english(1).group
    assert {name for name in bench.items() if name.startswith(group)} == {
        f"{group}@{language}#{variant}" for language in ("es", "fr") for variant in ("a", "b")
    }
    chosen = {one.subject: one.detail for one in run.ledger if one.reason == "chosen"}
    assert chosen[f"{group}@es"] == f"{group}@es#b"
    assert len(chosen) == 4
    methods = {one.id[-1]: one.derived_from.method for one in bench.items().values() if one.derived_from}
    assert methods == {"a": "toy|version:1", "b": "toy|model:large|version:1"}


def test_the_version_with_the_best_score_is_the_choice(bench: Bench) -> None:
    both, out = ["toy#a", "toy#b"], bench.folder / "out.parquet"
    bench.run([english(1), english(2)], *both, set=["b.model=large"])
    people = {one.id.replace("#b", ""): one for one in bench.items().values() if one.id.endswith("#b")}
    reference = [
        one.replace(id=name, stem=one.stem[::-1] if name.startswith(english(2).group) else one.stem)
        for name, one in people.items()
    ]
    to_frame(reference, Item).write_parquet(bench.folder / "people.parquet")
    table = pl.read_parquet(out)
    # The version a of question 1 lost its words, the version b of question 2 is as good as a: the first by id wins.
    spoilt = [one.replace(stem="?") if one.id == f"{english(1).group}@es#a" else one for one in from_frame(table, Item)]
    to_frame(spoilt, Item).sort("id").write_parquet(out)
    wish = ScoreWish([bench.folder / "source.parquet"], reference=[bench.folder / "people.parquet"], metrics=("chrf",))
    score_items([out], bench.folder / "scores", wish)
    run = bench.run(
        [english(1), english(2)],
        *both,
        set=["b.model=large"],
        choose=["chrf_reference"],
        scores=bench.folder / "scores",
    )
    assert (run.made, run.kept) == (0, 4)
    chosen = {one.subject: one.detail for one in run.ledger if one.reason == "chosen"}
    assert {subject: (detail or "").partition("|")[0] for subject, detail in chosen.items()} == {
        f"{english(number).group}@es": f"{english(number).group}@es#{name}" for number, name in ((1, "b"), (2, "a"))
    }
    assert "chrf_reference 100 is the best of 2" in (chosen[f"{english(1).group}@es"] or "")


def test_scores_of_other_texts_choose_nothing_and_that_is_told(bench: Bench) -> None:
    bench.run([english(1)])
    wish = ScoreWish([bench.folder / "source.parquet"], reference=[bench.folder / "out.parquet"], metrics=("chrf",))
    score_items([bench.folder / "out.parquet"], bench.folder / "scores", wish)
    with pytest.raises(NotFoundError, match="chrf_back"):
        bench.run([english(1)], choose=["chrf_back"], scores=bench.folder / "scores")
    with pytest.raises(NotFoundError, match="there are no scores"):
        bench.run([english(1)], choose=["chrf_back"], scores=bench.folder)
    changed = english(1).replace(stem="Quite another question about fins?")
    run = bench.run([changed], choose=["chrf_reference"], scores=bench.folder / "scores")
    assert not [one for one in run.ledger if one.reason == "chosen"]
    assert run.said == [
        "1 questions have no version with chrf_reference: no choice",
        "1 versions changed since they were scored: their numbers do not count",
    ]


def test_some_items_are_translated_by_number_or_by_name_and_the_rest_stays(bench: Bench) -> None:
    three = [english(number) for number in (1, 2, 3)]
    assert bench.run(three, limit=2).made == 2
    (bench.folder / "ids.txt").write_text(f"{three[2].group}\n", encoding="utf-8")
    run = bench.run(three, only=bench.folder / "ids.txt")
    assert (run.made, run.items) == (1, 3)
    (bench.folder / "ids.txt").write_text("a/b/c/404\n", encoding="utf-8")
    with pytest.raises(NotFoundError, match="a/b/c/404"):
        bench.run(three, only=bench.folder / "ids.txt")


def test_a_variant_of_the_source_is_told_from_the_source(bench: Bench) -> None:
    twin = english().replace(id=f"{english().group}@en#shuffle")
    bench.run([english(), twin])
    assert {one.partition("@")[2] for one in bench.items()} == {"es", "es#shuffle"}


def test_two_engines_with_one_variant_and_strange_settings_are_refused(bench: Bench) -> None:
    for engines, settings in ((["toy#a", "toy#a"], []), (["toy"], ["model"]), (["toy"], ["other.model=x"])):
        with pytest.raises(UserError) as raised:
            bench.run([english()], *engines, set=settings)
        assert raised.value.problems[0].code == "override-syntax"


def test_an_unknown_pair_names_those_there_are(bench: Bench) -> None:
    with pytest.raises(NotFoundError) as raised:
        bench.run([english()], to="eo")
    assert (raised.value.problems[0].code, raised.value.problems[0].expected) == ("pair-unknown", "en to es, en to fr")


def test_items_in_several_languages_need_one_to_be_named(bench: Bench) -> None:
    both = [english(), item(1, "es")]
    with pytest.raises(InputError) as raised:
        bench.run(both)
    assert raised.value.problems[0].code == "language-unclear"
    assert bench.run(both, source="en").made == 1
    with pytest.raises(NotFoundError):
        bench.run(both, source="pl")


def test_the_output_is_never_the_source(bench: Bench) -> None:
    bench.out = bench.folder / "source.parquet"
    with pytest.raises(OutputError):
        bench.run([english()])


def test_empty_fields_stay_empty_and_long_ones_come_whole(bench: Bench) -> None:
    long = "word " * 10_000
    bench.run([english(stem=long, options=(Option(id="A", label="A", text=""), Option(id="B", label="B", text=" ")))])
    (made,) = bench.items().values()
    assert made.stem == long.upper()
    assert [one.text for one in made.options] == ["", " "]


def test_nothing_but_the_table_depends_on_the_size_of_chunks(bench: Bench) -> None:
    items = [english(number) for number in range(1, 12)]
    bench.run(items)
    whole = bench.out.read_bytes()
    bench.out.unlink()
    bench.run(items, chunk=3)
    assert bench.out.read_bytes() == whole


def test_told_spans_are_written(bench: Bench) -> None:
    bench.run([english(marks=(Mark(field="stem", start=0, end=4, kind="bold"),))])
    assert pl.read_parquet(bench.folder / "out.spans.parquet").select("what", "outcome").rows() == [("mark:0", "kept")]
