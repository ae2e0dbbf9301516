"""Items drawn at random: every field, nested, in many scripts. Other rooms' property tests draw from here."""

from __future__ import annotations

from typing import Any, Literal, get_args

from hypothesis import strategies as st

from benchwright.schemas import (
    Context,
    DerivedFrom,
    Exam,
    Human,
    Item,
    Key,
    KeyChange,
    Label,
    Licence,
    Mark,
    Media,
    Numeric,
    Option,
    PassRule,
    Provenance,
    Rationale,
    RubricCriterion,
    Share,
    Span,
    Turn,
)
from benchwright.schemas.ids import make_group, make_id
from benchwright.schemas.item import ItemKind, Origin, Tier
from benchwright.schemas.parts import KeyStatus
from benchwright.schemas.text import sha256_text

ALL_STATUSES: tuple[KeyStatus, ...] = get_args(KeyStatus)
LANGUAGES = ("es", "en", "zh-Hant", "ar", "he", "th", "hi", "sr-Latn", "nso", "el", "pt-BR")
SAMPLES = (
    "¿Cuál es la dosis de 0,5 mg?",
    "下列何者為第一線治療？",
    "ما هو العلاج الأول؟ 5 mg",
    "מהו הטיפול הראשון?",
    "ยาใดต่อไปนี้",
    "कौन सा सही है",
    "Поч\u0435му а́орта",
    "𝛼-blocker 🫀 𠮷",
    "e\u0301 vs é",
    "a\x00b\ttab\nline",
    "\u202bmixed\u202c",
    "",
)


def texts(min_size: int = 0) -> st.SearchStrategy[str]:
    """Text of any script, NUL and astral planes included, without unpaired surrogates."""
    drawn = st.text(st.characters(exclude_categories=["Cs"]), min_size=min_size, max_size=24)
    return st.one_of(st.sampled_from([one for one in SAMPLES if len(one) >= min_size]), drawn)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The value or its absence."""
    return st.none() | strategy


def tuples(strategy: st.SearchStrategy[Any], max_size: int = 2) -> st.SearchStrategy[Any]:
    """A tuple of a few."""
    return st.lists(strategy, max_size=max_size).map(tuple)


floats = st.floats(allow_nan=False, allow_infinity=False)
shares = st.floats(min_value=0, max_value=1)
counts = st.integers(0, 2**40)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
names = st.text("abcxyz-0129", min_size=1, max_size=8)
boxes: dict[str, st.SearchStrategy[Any]] = {name: maybe(floats) for name in ("x0", "y0", "x1", "y1")}
languages = st.sampled_from(LANGUAGES)
statuses = st.sampled_from(["official", "provisional", "revised", "contested"])
licences = st.sampled_from(["unknown", "CC-BY-4.0", "CC0-1.0", "LicenseRef-exam-act"])

media = st.builds(
    Media,
    sha256=maybe(hashes),
    media_type=maybe(st.sampled_from(["image/png", "image/jpeg", "audio/mpeg"])),
    role=st.sampled_from(["figure", "table", "option", "context", "audio", "other"]),
    caption=maybe(texts()),
    status=st.sampled_from(["present", "missing"]),
    attached_to=st.sampled_from(["stem", "context", "option:A"]),
    file=maybe(names),
    source_file=maybe(names),
    page=maybe(counts),
    **boxes,
)
provenance = st.builds(
    Provenance,
    field=st.sampled_from(["stem", "context", "option:A", "key", "item"]),
    file=names,
    sha256=maybe(hashes),
    page=maybe(counts),
    row=maybe(counts),
    xpath=maybe(texts()),
    parser=maybe(names),
    ocr=maybe(names),
    confidence=maybe(shares),
    **boxes,
)
exams = st.builds(
    Exam,
    country=maybe(st.sampled_from(["ES", "TW"])),
    body=maybe(texts()),
    code=names,
    edition=names,
    session_date=maybe(st.sampled_from(["2019", "2019-03", "2019-03-16"])),
    release_date=maybe(st.just("2020")),
    part=names,
    number=names,
    printed_numbers=tuples(names),
    profession=maybe(names),
    specialty=maybe(texts()),
    points=maybe(floats),
    pass_rule=maybe(st.builds(PassRule, share=maybe(shares), points=maybe(floats))),
)
labels = st.builds(
    Label, taxonomy=names, value=texts(), source=st.sampled_from(["human", "model", "recipe"]), evidence=maybe(texts())
)
humans = st.builds(
    Human,
    share_correct=maybe(shares),
    n=maybe(counts),
    distribution=tuples(st.builds(Share, option=names, share=shares)),
)
spans = st.builds(
    Span,
    start=counts,
    end=counts,
    stance=maybe(st.sampled_from(["supports", "refutes"])),
    option=maybe(st.just("A")),
)
rationales = st.builds(
    Rationale,
    text=texts(),
    language=languages,
    option=maybe(st.just("A")),
    stance=maybe(st.sampled_from(["supports", "refutes", "neutral"])),
    author_kind=st.sampled_from(["official", "doctor", "expert", "model", "unknown"]),
    spans=tuples(spans),
)


@st.composite
def keys(draw: st.DrawFn, options: tuple[Option, ...]) -> Key:
    """A key whose answers are options of the item where it has any, in one of the states of a key."""
    ids = [option.id for option in options]
    answer = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True).map(tuple) if ids else None
    answers = tuples(answer) if answer is not None else st.just(())
    history = tuples(st.builds(KeyChange, status=statuses, answers=answers, source=maybe(names), reason=maybe(texts())))
    status = draw(st.sampled_from(ALL_STATUSES))
    return Key(
        status=status,
        answers=() if status in {"annulled", "unknown"} else draw(answers),
        accepted=draw(tuples(texts())),
        source=draw(maybe(names)),
        note=draw(maybe(texts())),
        history=draw(history),
    )


@st.composite
def marks(draw: st.DrawFn, stem: str) -> tuple[Mark, ...]:
    """Printed emphasis inside the stem."""
    ends = draw(st.lists(st.integers(0, len(stem)), max_size=2))
    kinds: tuple[Literal["bold", "underline", "italics"], ...] = ("bold", "underline", "italics")
    kind = st.sampled_from(kinds)
    return tuple(Mark(field="stem", start=draw(st.integers(0, end)), end=end, kind=draw(kind)) for end in ends)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """A whole item that obeys every rule; everything else about it is arbitrary."""
    language = draw(languages)
    group = make_group(draw(names), draw(texts()), draw(names), draw(texts()))
    labels_of_options = draw(st.lists(st.sampled_from("ABCDE甲乙"), max_size=5, unique=True))
    options = tuple(
        Option(id=label, label=f"{label}.", text=draw(texts()), prohibited=draw(st.booleans()))
        for label in labels_of_options
    )
    stem = draw(texts())
    origin = draw(st.sampled_from(get_args(Origin)))
    derived = st.builds(
        DerivedFrom, id=names, text_hash=hashes, method=maybe(names), edit=maybe(names), same_key=maybe(st.booleans())
    )
    needs_source = origin in {"machine_translation", "post_edited", "perturbed"}
    return Item(
        id=make_id(group, language, draw(maybe(texts(1)))),
        group=group,
        language=language,
        origin_language=draw(languages),
        origin=origin,
        derived_from=draw(derived if needs_source else maybe(derived)),
        kind=draw(st.sampled_from(get_args(ItemKind))),
        context=draw(maybe(st.builds(Context, id=names, text=texts()))),
        stem=stem,
        options=options,
        key=draw(keys(options)),
        numeric=draw(maybe(st.builds(Numeric, value=floats, unit=maybe(texts()), tolerance=maybe(floats)))),
        rubric=draw(tuples(st.builds(RubricCriterion, text=texts(), weight=floats))),
        turns=draw(tuples(st.builds(Turn, role=names, text=texts()))),
        rationales=draw(tuples(rationales)),
        media=draw(tuples(media)),
        needs_image=draw(st.sampled_from(["yes", "no", "unknown"])),
        marks=draw(marks(stem)),
        exam=draw(exams),
        labels=draw(tuples(labels)),
        human=draw(maybe(humans)),
        provenance=draw(tuples(provenance)),
        licence=draw(st.builds(Licence, id=licences, evidence=maybe(texts()))),
        contributor=draw(maybe(texts())),
        tier=draw(st.sampled_from(get_args(Tier))),
        revision=draw(maybe(counts)),
    )


def plain_item(number: int = 1, **changes: Any) -> Item:
    """One ordinary item, for tests that need many or that change one thing."""
    language = str(changes.pop("language", "es"))
    stem = f"Pregunta {number}: ¿qué muestra el estudio?"
    values: dict[str, Any] = {
        "group": make_group("xx-exam", "2024", "1", str(number)),
        "language": language,
        "origin_language": language,
        "stem": stem,
        "options": tuple(Option(id=one, label=f"{one})", text=f"Respuesta {one}{number}") for one in "ABCD"),
        "key": Key(status="official", answers=(("ABCD"[number % 4],),), source="key.pdf"),
        "exam": Exam(country="XX", code="xx-exam", edition="2024", part="1", number=str(number)),
        "provenance": (
            Provenance(field="stem", file="booklet.pdf", sha256=sha256_text("booklet"), page=1 + number // 5),
        ),
        "licence": Licence(id="CC-BY-4.0", evidence="printed on the cover"),
    }
    return Item(**{**values, **changes})
