"""Questions in English that nobody wrote down: put together from stems, findings, doses and answers by a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from benchwright.schemas import Item
from benchwright.schemas.ids import make_group, make_id
from benchwright.schemas.parts import Exam, Key, Option

__all__ = ["english_questions"]

_WHO: Final = (
    "A {age}-year-old man",
    "A {age}-year-old woman",
    "A farmer of {age} years",
    "A nurse aged {age}",
    "A boy of {small} years",
    "A girl born {small} weeks ago",
    "A pregnant woman",
    "An old keeper of trout",
)
_HAS: Final = (
    "has had a fever of {temp} °C for {small} days",
    "complains of chest pain for {small} hours",
    "cannot lift the left foot",
    "has swollen ankles and shortness of breath",
    "lost {small} kg of weight in {few} months",
    "drank {volume} ml of pond water by mistake",
    "has a mean arterial pressure of {pressure} mmHg",
    "does not eat and sleeps badly",
    "has a serum potassium of {few}.{small} mmol/l",
    "fell from a ladder and hurt the right hip",
    "is drowsy and vomits every {few} hours",
    "has itchy eyes each spring",
    "feels pins and needles in both hands",
    "was bitten by a stray dog {small} days ago",
    "takes {dose} mg of velopril twice daily",
    "was given {dose} mg of frenoline before surgery",
    "has pale stools and dark urine",
    "has a lump in the neck that moves on swallowing",
    "coughs at night and wheezes after running",
    "has a heart rate of {rate} beats per minute",
)
_ASK: Final = (
    ("What is the most likely diagnosis?", "illness"),
    ("Which of the following is the best next step?", "step"),
    ("What should NOT be done?", "step"),
    ("All of the following are possible causes EXCEPT:", "illness"),
    ("Which drug is contraindicated?", "drug"),
    ("What dose is right?", "dose"),
    ("Which finding would be least expected?", "finding"),
    ("What must be told to the family?", "advice"),
    ("Which part of the body is most likely injured?", "part"),
    ("After how long should the measurement be repeated?", "time"),
)
_ANSWERS: Final = {
    "illness": (
        "Pneumonia", "Gout", "Heart failure", "Mumps", "Kidney stones", "Low blood sugar", "Hay fever", "Asthma",
        "A broken hip", "Measles", "Liver failure", "Thyroid cancer", "Pond fever", "Appendicitis", "Nerve palsy",
    ),
    "step": (
        "Chest radiograph", "Give fluids", "Start a vasopressor", "Wait and watch", "Discharge the patient",
        "Measure the blood pressure again", "Call a surgeon", "Stop all drugs", "Give a diuretic", "Skin biopsy",
        "Abdominal ultrasound", "Do nothing", "Bed rest", "Warm the patient slowly",
    ),
    "drug": (
        "Velopril", "Frenoline {dose} mg", "Paracetamol", "Folic acid", "Oral iron", "A beta blocker", "Insulin",
        "Low-dose aspirin", "An antibiotic", "Eye drops", "A laxative", "None of them",
    ),
    "dose": (
        "{dose} mg", "{dose} mg daily", "{few}.{small} g every {few} hours", "{dose} micrograms", "Half a tablet",
        "{small} ml/kg", "{dose} IU once a week", "No dose is safe", "Less than {dose} mg", "At least {dose} mg",
    ),
    "finding": (
        "Dry skin", "A slow pulse", "High blood pressure", "Weight gain", "Loss of hearing", "Pale gums",
        "Swollen lips", "A stiff neck", "Night sweats", "Blurred vision", "Cold hands", "Hair loss",
    ),
    "advice": (
        "Boil the water", "Keep the child at home for {small} days", "Do not drive", "Drink less alcohol",
        "Wash the hands", "Come back if the pain gets worse", "Sleep with the head raised", "Eat more fibre",
        "Nothing at all", "Avoid sunlight",
    ),
    "part": (
        "The left knee", "The spinal cord", "The liver", "The right lung", "The bladder", "The lower jaw",
        "The common peroneal nerve", "The spleen", "The wrist", "The inner ear", "The shoulder blade",
    ),
    "time": (
        "{few} hours", "{small} days", "Two weeks", "Never", "Within {rate} minutes", "Not before {small} weeks",
        "Twice a day", "Every {few} months", "Immediately", "After the meal",
    ),
}  # fmt: skip


def _filled(text: str, drawn: random.Random) -> str:
    return text.format(
        age=drawn.randint(19, 91),
        small=drawn.randint(2, 9),
        few=drawn.choice((3, 4, 6)),
        temp=f"{drawn.randint(37, 40)}.{drawn.randint(1, 9)}",
        volume=drawn.choice((20, 150, 400)),
        pressure=drawn.randint(48, 120),
        dose=drawn.choice((5, 10, 25, 50, 125, 500)),
        rate=drawn.randint(38, 160),
    )


def english_questions(count: int = 320, seed: int = 2031) -> list[Item]:
    """Return questions with four different options each; no two have the same stem."""
    drawn = random.Random(seed)
    made: dict[str, Item] = {}
    while len(made) < count:
        ask, kind = drawn.choice(_ASK)
        stem = _filled(f"{drawn.choice(_WHO)} {drawn.choice(_HAS)} and {drawn.choice(_HAS)}. {ask}", drawn)
        texts = list(dict.fromkeys(_filled(one, drawn) for one in drawn.sample(_ANSWERS[kind], 6)))[:4]
        if stem not in made and len(texts) == 4:
            made[stem] = _item(len(made) + 1, stem, texts, drawn.choice("ABCD"))
    return list(made.values())


def _item(number: int, stem: str, texts: Sequence[str], key: str) -> Item:
    group = make_group("ponds", "2032", "1", f"{number:03d}")
    return Item(
        id=make_id(group, "en"),
        group=group,
        language="en",
        origin_language="en",
        origin="native",
        stem=stem,
        options=tuple(Option(id=name, label=name, text=text) for name, text in zip("ABCD", texts, strict=True)),
        key=Key(status="official", answers=((key,),)),
        exam=Exam(code="ponds", edition="2032", part="1", number=str(number)),
    )
