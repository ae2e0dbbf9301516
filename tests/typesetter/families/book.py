"""The families: layout conventions of national papers, none of their text."""

from __future__ import annotations

from tests.typesetter.families.keysheet import KeyStyle
from tests.typesetter.families.model import Family
from tests.typesetter.layout import Layout

FAMILIES: tuple[Family, ...] = (
    # Spain, residency: two narrow columns parted by a rule, options 1-4, provisional and final keys in column pairs.
    Family(
        "two-columns-rule-digits",
        "es",
        Layout(
            columns=2,
            column_rule=True,
            font_size=9.0,
            option_style="digit:{})",
            number_hang=18.0,
            option_indent=18.0,
            justify=True,
            hyphenate=True,
            running_header=True,
            page_number="- {page} -",
            cover=True,
        ),
        "cuaderno-{year}.pdf",
        "respuestas-definitivas-{year}.pdf",
        KeyStyle(pairs=5, answers="digit:{}"),
        counts=(32, 28),
        provisional="respuestas-provisionales-{year}.pdf",
        next_year={"margin": 48.0, "page_number": "{page}"},
    ),
    # Argentina, single exam: one column, a) to d), a key for each printed theme in a column of one file.
    Family(
        "one-column-small-letters-themes",
        "es",
        Layout(
            number_style="{})",
            option_style="lower:{})",
            option_indent=14.0,
            number_bold=True,
            running_header=True,
            page_number="words",
        ),
        "examen-{year}-tema-{version}.pdf",
        "claves-{year}.pdf",
        KeyStyle("matrix", answers="upper:{}"),
        versions=("A", "B"),
        next_year={"margin": 64.0},
    ),
    # Brazil, boards: the number on a line of its own, (A)-(E), booklet colours, rows of answers, "*" for annulled.
    Family(
        "number-line-bracket-letters-colours",
        "pt",
        Layout(
            columns=2,
            font_size=9.0,
            number_style="QUESTÃO {}",
            number_own_line=True,
            number_bold=True,
            option_style="upper:({})",
            separator="rule",
            running_header=True,
            cover=True,
            page_number="{page}",
        ),
        "prova-{year}-{version}.pdf",
        "gabarito-{year}.pdf",
        KeyStyle("matrix", annulled="*", legend="(*) Questão anulada"),
        options=(5, 5),
        versions=("AZUL", "VERDE"),
        next_year={"separator": "none"},
    ),
    # Brazil, residency: one column, the gabarito of many specialities in one file, rows of numbers above answers.
    Family(
        "one-column-gabarito-of-specialities",
        "pt",
        Layout(
            number_style="{}.",
            option_style="upper:{})",
            option_hang=16.0,
            number_bold=True,
            cover=True,
            page_number="{page} / {pages}",
        ),
        "prova-{year}.pdf",
        "gabarito-{year}.pdf",
        KeyStyle("rows", own_page=False, annulled="X", legend="X = questão anulada"),
        others=("Exame nacional de especialistas", "Ortovelk pediátrica", "Cardiovel intensiva", "Urologia de Velk"),
        next_year={"font_size": 11.0},
    ),
    # Taiwan: private-use glyphs as option letters, number and answer rows, a page of instructions.
    Family(
        "private-glyphs-answer-rows",
        "zh-Hant",
        Layout(
            option_style="private:{}",
            number_hang=18.0,
            option_hang=16.0,
            running_header=True,
            page_number="- {page} -",
            options_per_line=2,
        ),
        "{year}_試題.pdf",
        "{year}_答案.pdf",
        KeyStyle("rows", annulled=None),
        counts=(32, 28),
        next_year={"line_spacing": 1.5},
    ),
    # Japan: bare numbers, a-e, several answers, vignettes for two or three questions, keys in many pairs of columns.
    Family(
        "bare-numbers-small-letters",
        "ja",
        Layout(number_style="{}", number_hang=22.0, option_style="lower:{}.", option_indent=22.0, page_number="{page}"),
        "mondai-{year}.pdf",
        "seikai-{year}.pdf",
        KeyStyle("down", pairs=6, answers="lower:{}", ruled=False),
        options=(5, 5),
        more={"multiple": True, "contexts": True},
        next_year={"margin": 62.0},
    ),
    # Poland: "Nr 1.", five options, one column; a key of two columns with X for annulled.
    Family(
        "nr-numbers-five-letters",
        "pl",
        Layout(
            number_style="Nr {}.",
            number_bold=True,
            option_style="upper:{}.",
            option_indent=24.0,
            running_header=True,
            page_number="{page}",
            split_items=False,
        ),
        "test-{year}.pdf",
        "klucz-{year}.pdf",
        KeyStyle("down", pairs=2, annulled="X", legend="X - pytanie unieważnione"),
        counts=(30, 24),
        options=(5, 5),
        next_year={"item_gap": 14.0},
    ),
    # France: question headings, several right answers, shared cases, the key as a CSV file.
    Family(
        "question-headings-sets",
        "fr",
        Layout(
            number_style="Question {}",
            number_own_line=True,
            stem_bold=True,
            option_style="upper:{} -",
            key_format="csv",
            page_number="words",
        ),
        "sujet-{year}.pdf",
        "corrige-{year}.csv",
        options=(5, 5),
        more={"multiple": True, "contexts": True},
        next_year={"running_header": True},
    ),
    # Italy: two columns, five capitals, the key as runs `1.A 2.C`.
    Family(
        "two-columns-key-runs",
        "it",
        Layout(
            columns=2, font_size=9.0, option_style="upper:{})", number_bold=True, justify=True, page_number="{page}"
        ),
        "quesiti-{year}.pdf",
        "risposte-{year}.pdf",
        KeyStyle("runs", number="{}."),
        options=(5, 5),
        counts=(28, 32),
        next_year={"column_rule": True},
    ),
    # Germany: (A)-(E), shared cases, the solutions as lines.
    Family(
        "bracket-letters-cases",
        "de",
        Layout(
            number_style="{}",
            number_hang=28.0,
            number_bold=True,
            option_style="upper:({})",
            option_indent=28.0,
            running_header=True,
            page_number="words",
        ),
        "Klausur-{year}.pdf",
        "Loesungen-{year}.pdf",
        KeyStyle("lines", number="{}"),
        options=(5, 5),
        more={"contexts": True},
        next_year={"font": "liberation-serif"},
    ),
    # Turkey: two columns, boxed, five capitals, the key on the last page of the booklet.
    Family(
        "two-columns-key-on-last-page",
        "tr",
        Layout(
            columns=2,
            column_rule=True,
            font_size=9.0,
            option_style="upper:{})",
            number_bold=True,
            running_header=True,
            key_format="last-page",
            page_number="{page}",
        ),
        "soru-{year}.pdf",
        options=(5, 5),
        counts=(32, 28),
        next_year={"margin": 48.0},
    ),
    # Iran: right to left, Persian letters and digits, the key as a table.
    Family(
        "persian-letters-local-digits",
        "fa",
        Layout(
            number_style="{} -",
            option_style="persian:{})",
            local_digits=True,
            key_format="columns",
            page_number="{page}",
        ),
        "soal-{year}.pdf",
        "kelid-{year}.pdf",
        route="chromium",
        next_year={"font_size": 11.0},
    ),
    # Israel: right to left, Hebrew letters, the key in rows.
    Family(
        "hebrew-letters",
        "he",
        Layout(number_style="{}.", option_style="hebrew:{}.", key_format="rows", page_number="{page}"),
        "bhina-{year}.pdf",
        "mafteah-{year}.pdf",
        route="chromium",
        next_year={"font_size": 11.0},
    ),
    # Korea: circled digits as marks, digits as answers, odd and even booklets.
    Family(
        "circled-digits-odd-even",
        "ko",
        Layout(
            columns=2,
            font_size=9.0,
            number_style="{}.",
            number_bold=True,
            option_style="circled:{}",
            page_number="{page}",
        ),
        "munje-{year}-{version}.pdf",
        "jeongdap-{year}.pdf",
        KeyStyle("matrix", answers="digit:{}", annulled=None),
        options=(5, 5),
        versions=("짝수형", "홀수형"),
        next_year={"column_rule": True},
    ),
    # China: shared cases for some numbers, full-width marks, runs of answers.
    Family(
        "shared-stems-key-runs",
        "zh-Hans",
        Layout(number_style="{}.", option_style="upper:{}.", option_indent=14.0, page_number="words"),
        "shiti-{year}.pdf",
        "daan-{year}.pdf",
        KeyStyle("runs", number="{}."),
        options=(5, 5),
        more={"contexts": True},
        next_year={"font_size": 11.0},
    ),
    # Vietnam: "Câu 1:", options in a row, a column of the key for each code of the paper.
    Family(
        "question-word-codes",
        "vi",
        Layout(
            number_style="Câu {}:", number_bold=True, option_style="upper:{}.", options_per_line=4, page_number="words"
        ),
        "de-{year}-{version}.pdf",
        "dapan-{year}.pdf",
        KeyStyle("matrix", ruled=False),
        counts=(28, 28),
        versions=("101", "102"),
        next_year={"margin": 48.0},
    ),
    # Peru, residency: one column, capitals, the table of answers printed on its side.
    Family(
        "one-column-key-on-its-side",
        "es",
        Layout(
            option_style="upper:{}.", option_indent=24.0, number_hang=18.0, running_header=True, watermark="MUESTRA"
        ),
        "prueba-{year}.pdf",
        "respuestas-{year}.pdf",
        KeyStyle("across", pairs=8, turn="text", annulled="*", legend="(*) pregunta anulada"),
        counts=(42, 36),
        options=(5, 5),
        next_year={"watermark": None},
    ),
    # India, entrance tests: "Q.1", options (1)-(4) by numbers, the key in many pairs on a turned page.
    Family(
        "bracket-digits-two-to-a-line",
        "en",
        Layout(
            columns=2,
            column_rule=True,
            font_size=9.0,
            number_style="Q{}.",
            option_style="digit:({})",
            options_per_line=2,
            page_number="{page} / {pages}",
        ),
        "question-paper-{year}.pdf",
        "answer-key-{year}.pdf",
        KeyStyle(
            "down", pairs=8, answers="digit:{}", turn="page", annulled="*", legend="* annulled: marks to all candidates"
        ),
        counts=(36, 42),
        next_year={"column_rule": False},
    ),
    # Thailand: Thai letters, the key as a spreadsheet.
    Family(
        "thai-letters",
        "th",
        Layout(number_style="{}.", option_style="thai:{}.", key_format="xlsx", page_number="{page}"),
        "khosop-{year}.pdf",
        "chaloei-{year}.xlsx",
        route="chromium",
        next_year={"font_size": 11.0},
    ),
    # Ukraine and its neighbours: the right option in bold type in the booklet itself.
    Family(
        "right-option-in-bold",
        "ru",
        Layout(number_style="{}.", option_style="upper:{}.", key_format="bold", page_number="{page}"),
        "buklet-{year}.pdf",
        options=(5, 5),
        next_year={"font": "liberation-sans"},
    ),
    # Greece: the letter of the answer below each question.
    Family(
        "answer-below-question",
        "el",
        Layout(number_style="{}.", option_style="greek:{}.", key_format="under-question", page_number="{page}"),
        "themata-{year}.pdf",
        next_year={"running_header": True},
    ),
)
"""The comment above each says in which countries such papers are printed."""
