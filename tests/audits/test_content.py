"""Names, copied words, holes and lengths of translations; the prior of the risk."""

from __future__ import annotations

import math
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.audits import codemix, content, names, risk
from benchwright.audits._content.difficulty import DIFFICULTY, WEIGHTS
from benchwright.audits._content.exonyms import named_alike
from benchwright.audits._content.frequency import known_language, zipf
from benchwright.audits._content.gaps import gap_model
from benchwright.audits._content.lengths import length_scores
from benchwright.audits._content.sound import latin, similar
from benchwright.audits._findings import no_findings
from benchwright.schemas.plugins import AuditContext, AuditResult
from tests.audits.clean import exam, item, table
from tests.audits.planted.codemix import plant
from tests.audits.steps import is_linear

AUDITS = (codemix.AUDIT, names.AUDIT, content.AUDIT)


def found(source: str, target: str, languages: tuple[str, str] = ("es", "en")) -> list[str]:
    """Codes of all three audits for one stem."""
    return sorted(code for result in results(source, target, languages) for code in result.findings["code"])


def results(source: str, target: str, languages: tuple[str, str] = ("es", "en")) -> list[AuditResult]:
    one = plant(source, target, [], languages)
    return [audit.run(table(one.items), AuditContext(sources=table(one.sources))) for audit in AUDITS]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Moskwie", "Moscow"),
        ("Нурмагомедовым", "Nurmagomedov"),
        ("モスクワ", "Moscow"),
        ("ट्रम्प", "Trump"),
        ("Alekseja", "Alexei"),
        ("Zāgros", "Zagros"),
        ("Николая", "Nicholas"),
    ],
)
def test_spellings_of_one_name_are_alike(left: str, right: str) -> None:
    assert similar(left, right)
    assert similar(right, left)


@pytest.mark.parametrize(
    ("left", "right"), [("Johnson", "Lekszyckim"), ("Redmond", "Crossrail"), ("", "Ann"), ("-", "-")]
)
def test_other_names_are_not(left: str, right: str) -> None:
    assert not similar(left, right)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60)
def test_likeness_takes_any_text_and_either_order(left: str, right: str) -> None:
    assert similar(left, right) == similar(right, left)
    assert similar(left, left) == bool(latin(left))


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("Niemczech", "Germany", "pl"),
        ("wrzesień", "September", "pl"),
        ("США", "US", "ru"),
        ("český", "Czech", "cs"),
        ("Ägypten", "Egypt", "de"),
    ],
)
def test_names_of_the_locale_data_are_known_in_both_languages(source: str, target: str, language: str) -> None:
    assert named_alike(source, target, language, "en")
    assert not named_alike(source, "Portugal", language, "en")


def test_frequencies_are_of_the_language_and_zero_where_there_is_no_list() -> None:
    assert zipf("de", ["und"])[0] > 7 > 5 > zipf("en", ["und"])[0]
    assert zipf("de", ["straße"])[0] > 3
    assert known_language("hr") == "sh"
    assert known_language("xx") is None
    assert zipf("xx", ["und"]).tolist() == [0.0]


def test_a_field_that_equals_its_source_is_not_mixed() -> None:
    assert found("La herida era profunda", "La herida era profunda") == []


def test_a_word_that_other_translations_use_freely_is_no_copy() -> None:
    pairs = [
        plant(f"Gestern kam eine Schwellung dazu {n}", f"Yesterday a Schwellung came {n}", [], ("de", "en"))
        for n in range(3)
    ]
    free = [plant("Die Beule war hart", "The Schwellung was hard", [], ("de", "en")) for _ in range(3)]
    made, sources = [], []
    for number, one in enumerate([*pairs, *free], 1):
        group = f"ex/2031/1/{number}"
        made.append(one.items[0].replace(group=group, id=f"{group}@en", stem=one.items[0].stem + "." * number))
        sources.append(one.sources[0].replace(group=group, id=f"{group}@de"))
    some = codemix.AUDIT.run(table(made[:3]), AuditContext(sources=table(sources[:3]))).findings
    none = codemix.AUDIT.run(table(made), AuditContext(sources=table(sources))).findings
    assert some["code"].to_list() == ["T411"] * 3
    assert none.is_empty()


@pytest.mark.parametrize(
    ("source", "target", "languages"),
    [
        ("El estudio in vitro fue negativo", "The in vitro study was negative", ("es", "en")),
        ("Se administró metamizol a la enferma", "The patient was given metamizol", ("es", "en")),
        ("Der Patient war in Bayreuth", "The patient was in Bayreuth", ("de", "en")),
        ("Pacjent mieszka w Moskwie", "The patient lives in Moscow", ("pl", "en")),
        ("Больной приехал из Германии", "The patient came from Germany", ("ru", "en")),
        ("Le patient vient d'Allemagne", "The patient comes from Germany", ("fr", "en")),
        ("患者はフランス出身です", "The patient is from France", ("ja", "en")),
        ("La enfermedad más probable es:", "The most likely disease is:", ("es", "en")),
        (
            "El diagnóstico más probable de este cuadro es una",
            "The most likely diagnosis of this picture is a",
            ("es", "en"),
        ),
        ("Se observaron edemas en las piernas", "The edemas of the legs were seen", ("es", "en")),
        ("La placenta previa y la mácula densa", "The placenta previa and the macula densa", ("es", "en")),
        ("Se rotó en bloque", "It was turned en bloc", ("es", "en")),
        ("Está indicado en personas en riesgo", "It is indicated in the at-risk population", ("es", "en")),
    ],
)
def test_good_translations_are_left_alone(source: str, target: str, languages: tuple[str, str]) -> None:
    assert found(source, target, languages) == []


def test_a_threshold_of_the_recipe_moves_the_gap() -> None:
    one = plant("El médico entró en la habitación y habló.", "The doctor entered the and spoke with him.", [])
    context = AuditContext(sources=table(one.sources), thresholds={"T421": 99.0})
    assert content.AUDIT.run(table(one.items), context).findings.is_empty()


def test_the_worst_place_of_a_long_text_must_be_worse_than_that_of_a_sentence() -> None:
    limit = content.GAP_ODDS
    holed = "The doctor entered the and spoke with him."
    rest = " ".join(f"The child number {n} was well and went home with its mother." for n in range(2, 90))
    scores = {}
    for name, target in (("short", holed), ("long", f"{holed} {rest}")):
        one = plant("El médico entró en la habitación y habló.", target, [])
        result = content.AUDIT.run(table(one.items), AuditContext(sources=table(one.sources), thresholds={"T421": 1.0}))
        scores[name] = result.findings.filter(pl.col("code") == "T421")["value"].to_list()
    words = 9 + 88 * 12
    assert scores["short"][0] >= limit
    assert scores["long"] == [] or scores["long"][0] >= 1.0 + math.log(words / content.SENTENCE) - 0.1


def test_a_language_without_a_model_has_no_holes() -> None:
    assert gap_model("es") is None
    assert "T421" not in found(
        "The doctor spoke with the family today.", "El médico habló con la de hoy y.", ("en", "es")
    )


def test_usual_ratios_come_from_the_file() -> None:
    rows = pl.DataFrame(
        {
            "pair": range(60),
            "source": ["word " * (10 + n % 7) for n in range(60)],
            "target": ["字" * (10 + n % 7) for n in range(59)] + ["字"],
            "source_language": "en",
            "target_language": "zh",
        }
    )
    scored = length_scores(rows)
    assert scored["z"].abs().arg_max() == 59
    assert scored["z"][59] < -5
    few = length_scores(rows.head(5))
    assert few["sure"].to_list() == [False] * 5


def test_difficulty_is_a_probability_of_items_with_a_source_and_the_risk_begins_there() -> None:
    short, long = results("Sí", "Yes")[2].scores, results("palabra " * 60, "word " * 60)[2].scores
    assert short["name"].to_list() == [DIFFICULTY]
    assert 0 < short["value"][0] < long["value"][0] < 1
    assert WEIGHTS[0] > 0
    items = table([item()])
    alone = risk(items, no_findings(), long.with_columns(pl.lit(item().id).alias("item_id")))
    assert alone["value"][0] == pytest.approx(long["value"][0])
    assert risk(items, no_findings())["value"][0] == 0.0


def test_one_more_finding_never_lowers_the_risk() -> None:
    one = plant("La herida era profunda", "The herida was deep", [])
    first = content.AUDIT.run(table(one.items), AuditContext(sources=table(one.sources)))
    more = codemix.AUDIT.run(table(one.items), AuditContext(sources=table(one.sources))).findings
    before = risk(table(one.items), first.findings, first.scores)["value"][0]
    after = risk(table(one.items), pl.concat([first.findings, more]), first.scores)["value"][0]
    assert after > before


def test_order_of_items_does_not_matter_for_findings_and_scores() -> None:
    items = exam(6)
    for audit in AUDITS:
        one = audit.run(table(items), AuditContext())
        other = audit.run(table(random.Random(3).sample(items, len(items))), AuditContext())
        assert one.findings.equals(other.findings)
        assert one.scores.equals(other.scores)


@pytest.mark.parametrize(
    "hostile", ["Aa " * 20_000, "a" * 100_000, "A'" * 40_000, "\x00 ́" * 20_000, "-" * 60_000, "Ж" * 60_000]
)
def test_hostile_text_takes_linear_steps(hostile: str) -> None:
    def read(text: str) -> None:
        found("Una herida en Moscú " + text, "A wound in Moscow " + text[::-1])

    assert is_linear(read, hostile)


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=20, deadline=None)
def test_any_text_is_taken(source: str, target: str) -> None:
    clean = [text.encode("utf-8", "ignore").decode() or "x" for text in (source, target)]
    for result in results(clean[0], clean[1]):
        for spans in result.findings["spans"].to_list():
            for span in spans:
                assert clean[1][span["start"] : span["end"]] == span["text"]
