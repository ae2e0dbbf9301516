"""Twins carry the right key, and items for which they would be wrong get none, with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from typer.testing import CliRunner

from benchwright.audits import asks_for_best, option_ties
from benchwright.builder.cli import app
from benchwright.builder.twins import make_twins
from benchwright.builder.twins._phrases import _phrases, phrase_for
from benchwright.builder.twins._refuse import REASONS
from benchwright.schemas import Item, Key
from benchwright.schemas.errors import NotFoundError
from benchwright.schemas.rows import from_frame
from tests.audits.clean import clean_exams, figure, item, table

TEXTS = ("a broken rib", "a torn muscle", "a stone in the kidney", "a fever without cause")
PLAIN = "A man has pain in the flank. What does he have?"


def reasons(one: Item, kind: str) -> set[str]:
    made = make_twins(table([one]).collect(), kind)
    assert made.ledger.rows_in == made.ledger.rows_out + made.ledger.rows_rejected == 1
    return set(made.rejects["reason"])


def text_of_key(one: Item) -> set[str]:
    right = {option for answer in one.key.answers for option in answer}
    return {option.text for option in one.options if option.id in right}


@settings(max_examples=15)
@given(clean_exams())
def test_shuffled_options_keep_ids_texts_marks_and_key(items: list[Item]) -> None:
    made = make_twins(table(items).collect(), "shuffle")
    sources = {one.id: one for one in items}
    refused = set(made.rejects["item_id"])
    assert {one.derived_from.id for one in made.items if one.derived_from} | refused == set(sources)
    for twin in made.items:
        assert twin.derived_from is not None
        source = sources[twin.derived_from.id]
        assert twin.derived_from.text_hash == source.hashes.text_hash
        assert text_of_key(twin) == text_of_key(source)
        assert {(one.id, one.text) for one in twin.options} == {(one.id, one.text) for one in source.options}
        assert [one.label for one in twin.options] == [one.label for one in source.options]
        right = source.key.answers[0][0]
        places = [[one.id for one in version.options].index(right) for version in (source, twin)]
        assert places[0] != places[1]


def test_a_twin_depends_on_its_item_alone_and_on_the_seed() -> None:
    items = [item(number, "en", stem=PLAIN, texts=TEXTS) for number in range(1, 40)]
    whole = make_twins(table(items).collect(), "shuffle").items
    one = make_twins(table(items[7:8]).collect(), "shuffle").items
    assert one[0] == next(twin for twin in whole if twin.id == one[0].id)
    other = make_twins(table(items).collect(), "shuffle", seed=1).items
    assert [twin.options for twin in whole] != [twin.options for twin in other]


def test_none_of_the_others_takes_the_place_of_the_right_option() -> None:
    source = item(1, "en", stem=PLAIN, texts=TEXTS, key=Key(status="official", answers=(("B",),)))
    (twin,) = make_twins(table([source]).collect(), "none-of-the-others").items
    assert [one.text for one in twin.options] == [TEXTS[0], TEXTS[2], TEXTS[3], phrase_for("en")]
    assert [one.label for one in twin.options] == [one.label for one in source.options]
    assert [one.id for one in twin.options] == ["A", "C", "D", "none"]
    assert twin.key.answers == (("none",),)
    assert twin.origin == "perturbed"
    assert twin.derived_from is not None
    assert (twin.derived_from.edit, twin.derived_from.same_key) == ("right-option-replaced", False)
    assert twin.id == f"{source.id}#none-of-the-others"


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ((*TEXTS[:3], "All of the above"), "option-above"),
        ((*TEXTS[:3], "None of these"), "option-others"),
        ((*TEXTS[:3], "Both are correct"), "option-others"),
        ((*TEXTS[:3], "Todas son correctas"), "option-others"),
        ((*TEXTS[:3], "Ninguna de ellas"), "option-others"),
        ((*TEXTS[:3], "Ninguna opción es correcta."), "option-others"),
        ((*TEXTS[:3], "None of them can be found in nature"), "option-others"),
        ((*TEXTS[:3], "In none of the above"), "option-above"),
        ((*TEXTS[:3], "以上皆非"), "option-above"),
        ((*TEXTS[:3], "Все перечисленное верно"), "option-others"),
        ((*TEXTS[:3], "A and C"), "option-combined"),
        ((*TEXTS[:3], "1 y 3"), "option-combined"),
        ((*TEXTS[:3], "the same as B, without fever"), "option-letter"),
        (("A", "B", "C", "D"), "option-mark"),
        (("①", "②", "③", "④"), "option-mark"),
        ((*TEXTS[:3], TEXTS[0]), "options-equal"),
        ((*TEXTS[:3], ""), "options-figures"),
    ],
)
def test_options_that_depend_on_each_other_are_refused(texts: tuple[str, ...], reason: str) -> None:
    one = item(1, "en", stem=PLAIN, texts=texts)
    assert reason in reasons(one, "shuffle")
    assert reason in reasons(one, "none-of-the-others")


@pytest.mark.parametrize("texts", [TEXTS, ("hepatitis", "A large stone", "vitamin K", "C'est un os")])
def test_other_options_are_not(texts: tuple[str, ...]) -> None:
    assert reasons(item(1, "en", stem=PLAIN, texts=texts), "shuffle") == set()


def test_numbers_in_their_order_are_not_shuffled() -> None:
    rising = item(1, "en", stem=PLAIN, texts=("5 mg", "10 mg", "20 mg", "40 mg"))
    assert reasons(rising, "shuffle") == {"options-ordered"}
    assert reasons(rising, "none-of-the-others") == set()
    assert reasons(item(1, "en", stem=PLAIN, texts=("10 mg", "5 mg", "40 mg", "20 mg")), "shuffle") == set()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": Key(status="official", answers=(("A",), ("B",)))}, "key-several"),
        ({"key": Key(status="official", answers=(("A", "B"),)), "kind": "multiple"}, "key-several"),
        ({"key": Key()}, "no-key"),
        ({"key": Key(status="annulled")}, "no-key"),
        ({"texts": TEXTS[:2]}, "options-few"),
        ({"kind": "open", "texts": ()}, "kind-other"),
        ({"media": (figure("option:B", role="option"),)}, "options-figures"),
        ({"stem": "Which is the most likely cause?"}, "stem-best"),
        ({"language": "yo", "stem": "Kini o fa?"}, "language-unknown"),
    ],
)
def test_a_right_option_is_replaced_only_where_that_is_right(changes: dict[str, object], reason: str) -> None:
    fields = {"language": "en", "stem": PLAIN, "texts": TEXTS, **changes}
    if fields["language"] == "yo":
        fields["origin"] = "native"
    assert reason in reasons(item(1, **fields), "none-of-the-others")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "stem", "best"),
    [
        ("en", "What is the best treatment?", True),
        ("en", "The almost dead man asks what this is.", False),
        ("es", "¿Cuál es el tratamiento más adecuado?", True),
        ("de", "Welche Aussage trifft am wahrscheinlichsten zu?", True),
        ("pl", "Który lek jest najlepszy?", True),
        ("ru", "Какой препарат наиболее эффективен?", True),
        ("zh", "下列何者最適當？", True),
        ("zh", "下列何者正確？", False),
        ("ja", "最も適切なのはどれか。", True),
        ("ko", "가장 적절한 것은?", True),
        ("ar", "ما هو العلاج الأفضل؟", True),
        ("yo", "Kini o fa?", None),
    ],
)
def test_stems_that_ask_for_the_best_are_told(language: str, stem: str, best: bool | None) -> None:
    one = item(1, language, stem=stem, origin="native", texts=TEXTS)
    assert asks_for_best(table([one]).collect())["best"].to_list() == [best]


def test_numbers_are_reworded_only_where_no_option_has_one_and_no_key_is_claimed() -> None:
    stem = "A man of 45 years, 80 kg, with 120/80 mmHg, vitamin B12 and 37.5 °C: what does he have?"
    (twin,) = make_twins(table([item(1, "en", stem=stem, texts=TEXTS)]).collect(), "numbers").items
    assert twin.stem != stem
    assert "120/80 mmHg, vitamin B12 and 37.5 °C" in twin.stem
    assert twin.stem.startswith(("A man of 46", "A man of 47"))
    assert twin.derived_from is not None
    assert twin.derived_from.same_key is None
    assert reasons(item(1, "en", stem=stem, texts=(*TEXTS[:3], "3 stones")), "numbers") == {"options-numbers"}
    assert reasons(item(1, "en", stem="No number here?", texts=TEXTS), "numbers") == {"stem-no-number"}
    arabic = item(1, "ar", stem="رجل عمره ٤٥ سنة، ماذا لديه؟", texts=("كسر", "حمى", "حصاة", "تمزق"))
    (other,) = make_twins(table([arabic]).collect(), "numbers").items
    assert "٤٦" in other.stem or "٤٧" in other.stem


def test_phrases_say_what_no_tie_of_their_language_misses() -> None:
    assert len({tag.split("-")[0] for tag in _phrases()}) >= 30
    phrases = sorted(set(_phrases().values()))
    items = [item(n, "en", stem=PLAIN, texts=(*TEXTS[:3], text)) for n, text in enumerate(phrases, 1)]
    ties = option_ties(table(items).collect())
    missed = {one.options[3].text for one in items} - set(ties["text"])
    # A twin of a twin would be wrong: its last option speaks of the others.
    assert missed == set()


def test_every_reason_has_a_sentence() -> None:
    assert all(text.endswith(".") for text in REASONS.values())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(NotFoundError, match="no such kind"):
        make_twins(table([item(1, "en", stem=PLAIN, texts=TEXTS)]).collect(), "mirror")


def test_command(tmp_path: Path) -> None:
    items = [item(n, "en", stem=PLAIN, texts=TEXTS) for n in range(1, 4)]
    items.append(item(9, "en", stem=PLAIN, texts=(*TEXTS[:3], "None of the above")))
    table(items).collect().write_parquet(tmp_path / "items.parquet")
    out = tmp_path / "twins.parquet"
    command = ["twins", str(tmp_path / "items.parquet"), "--kind", "shuffle", "-o", str(out), "--json"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["items"], told["twins"], told["refused"]) == (4, 3, 1)
    assert told["reasons"] == {"option-above": 1}
    assert len(from_frame(pl.read_parquet(out), Item)) == 3
    assert pl.read_parquet(tmp_path / "twins.rejects.parquet")["item_id"].to_list() == [items[3].id]
