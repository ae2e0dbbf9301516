"""Writes the two files of this example: an invented benchmark in English, and its translation with planted errors."""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ("id", "question", "option_a", "option_b", "option_c", "option_d", "answer")
# Number, English, Spanish, options in both languages, answer. The drug and the diseases are invented.
ROWS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    (
        "A 45-year-old man with fenulosis is given 5 mg of frenolin every 8 hours. What is his daily dose?",
        "Un hombre de 45 años con fenulosis recibe 5 mg de frenolina cada 8 horas. ¿Cuál es su dosis diaria?",
        ("5 mg", "10 mg", "15 mg", "20 mg"),
        ("5 mg", "10 mg", "15 mg", "20 mg"),
        "C",
    ),
    (
        "Which of the following is NOT a sign of fenulosis?",
        "¿Cuál de los siguientes NO es un signo de fenulosis?",
        ("Fever above 39 °C", "Swelling of the left knee", "A dry cough", "Pain after meals"),
        ("Fiebre superior a 39 °C", "Hinchazón de la rodilla izquierda", "Tos seca", "Dolor después de las comidas"),
        "C",
    ),
    (
        "A patient has a low sodium of 128 mmol/L and no fever. What should be measured next?",
        "Un paciente tiene un sodio bajo de 128 mmol/L y no tiene fiebre. ¿Qué debe medirse a continuación?",
        ("Serum osmolality", "Blood cultures", "Urine protein", "Serum frenolin"),
        ("Osmolalidad sérica", "Hemocultivos", "Proteína en orina", "Frenolina sérica"),
        "A",
    ),
    (
        "A woman of 30 years does not respond to frenolin after 6 weeks. What is the best next step?",
        "Una mujer de 30 años no responde a la frenolina después de 6 semanas. ¿Cuál es el mejor paso siguiente?",
        ("Double the dose", "Stop the treatment", "Add oral iron", "Wait for 2 more weeks"),
        ("Duplicar la dosis", "Suspender el tratamiento", "Añadir hierro oral", "Esperar 2 semanas más"),
        "B",
    ),
    (
        "Frenolin decreases the absorption of which vitamin?",
        "¿La frenolina disminuye la absorción de qué vitamina?",
        ("Vitamin A", "Vitamin B12", "Vitamin C", "Vitamin K"),
        ("Vitamina A", "Vitamina B12", "Vitamina C", "Vitamina K"),
        "B",
    ),
    (
        "A child of 4 years weighs 16 kg and needs 10 mg/kg of frenolin. How much is one dose?",
        "Un niño de 4 años pesa 16 kg y necesita 10 mg/kg de frenolina. ¿Cuánto es una dosis?",
        ("40 mg", "80 mg", "160 mg", "320 mg"),
        ("40 mg", "80 mg", "160 mg", "320 mg"),
        "C",
    ),
    (
        "Which artery is affected first when the right lung is involved?",
        "¿Qué arteria se afecta primero cuando está implicado el pulmón derecho?",
        ("The pulmonary artery", "The renal artery", "The femoral artery", "The carotid artery"),
        ("La arteria pulmonar", "La arteria renal", "La arteria femoral", "La arteria carótida"),
        "A",
    ),
    (
        "Chronic fenulosis is treated without surgery in which case?",
        "¿En qué caso se trata sin cirugía la fenulosis crónica?",
        ("When it is benign", "When it is malignant", "When both knees hurt", "When the spleen is large"),
        ("Cuando es benigna", "Cuando es maligna", "Cuando duelen ambas rodillas", "Cuando el bazo es grande"),
        "A",
    ),
    (
        "How long does the effect of a single tablet of frenolin last in adults?",
        "¿Cuánto dura el efecto de un solo comprimido de frenolina en adultos?",
        ("About 2 hours", "About 12 hours", "About 3 days", "About 4 weeks"),
        ("Unas 2 horas", "Unas 12 horas", "Unos 3 días", "Unas 4 semanas"),
        "D",
    ),
    (
        "Which finding is most likely on the day after an overdose of frenolin?",
        "¿Qué hallazgo es más probable el día después de una sobredosis de frenolina?",
        ("A slow pulse", "A fast pulse", "A stiff neck", "A yellow skin"),
        ("Un pulso lento", "Un pulso rápido", "Un cuello rígido", "Una piel amarilla"),
        "D",
    ),
    (
        "A nurse prepares 250 mL of a solution with 0.5 g of frenolin. What is the concentration?",
        "Una enfermera prepara 250 mL de una solución con 0,5 g de frenolina. ¿Cuál es la concentración?",
        ("0.5 mg/mL", "1 mg/mL", "2 mg/mL", "4 mg/mL"),
        ("0,5 mg/mL", "1 mg/mL", "2 mg/mL", "4 mg/mL"),
        "C",
    ),
    (
        "Which of these patients should receive frenolin before the operation?",
        "¿Cuál de estos pacientes debe recibir frenolina antes de la operación?",
        ("A pregnant woman", "A man with kidney failure", "A newborn girl", "An old man with gout"),
        ("Una mujer embarazada", "Un hombre con insuficiencia renal", "Una niña recién nacida", "Un anciano con gota"),
        "D",
    ),
)
# What the translation gets wrong: number of the row, column, what stands there instead.
PLANTED = (
    (1, "question", ("5 mg de", "50 mg de")),  # dose ten times as great
    (2, "question", ("NO es un signo", "es un signo")),  # the exception is lost
    (4, "question", ("no responde", "responde")),  # negation lost
    (5, "question", ("disminuye", "aumenta")),  # direction turned round
    (7, "question", ("pulmón derecho", "pulmón izquierdo")),  # side
    (8, "option_b", ("Cuando es maligna", "Cuando es benigna")),  # two options made equal
    (9, "option_c", ("3 días", "3 horas")),  # unit of time
    (10, "question", (None, "Which finding is most likely on the day after an overdose of frenolin?")),  # untranslated
    (12, "answer", ("D", "A")),  # key shifted
)


def main() -> None:
    """Write both files."""
    english = [[f"q{n:02d}", en, *options, key] for n, (en, _, options, _, key) in enumerate(ROWS, 1)]
    spanish = [[f"q{n:02d}", es, *options, key] for n, (_, es, _, options, key) in enumerate(ROWS, 1)]
    for number, column, (old, new) in PLANTED:
        place = COLUMNS.index(column)
        text = spanish[number - 1][place]
        assert old is None or old in text, (number, old)
        spanish[number - 1][place] = new if old is None else text.replace(old, new)
    for name, rows in (("original.csv", english), ("translated.csv", spanish)):
        with (HERE / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
