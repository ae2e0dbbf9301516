"""The files of layouts that are tables, each with its trap: national exams, languages other than English."""

from __future__ import annotations

from tests.sources.layouts.bank import Case, Wanted, comma, japanese, lines, wanted, whole
from tests.sources.layouts.rows import FIVE, FOUR, case, keyed, wide

__all__ = ["TABLES_2"]

TABLES_2: list[Case] = [
    case(
        "headqa_hub",
        "headqa_hub/train.jsonl",
        lambda one: {
            "name": "Made_2013_1_B",
            "year": "2013",
            "category": "biology",
            "qid": one.number,
            "qtext": one.stem,
            "ra": one.right + 1,
            "image": "",
            "answers": [{"aid": n, "atext": text} for n, text in enumerate(one.options, 1)],
        },
        wanted(FOUR, config="Made_2013_1_B", edition="2013", label="1"),
        "the key is a label from 1",
    ),
    case(
        "careqa",
        "careqa/CareQA_en.json",
        lambda one: {
            "exam_id": 7,
            "question": one.stem,
            **wide(one, ("op1", "op2", "op3", "op4")),
            "cop": one.right + 1,
            "year": 2024,
            "category": "Nursing",
            "unique_id": f"aa-{one.number}",
        },
        wanted(FOUR, number="aa-{0}", edition="2024"),
        "a key from 1",
        write=whole,
    ),
    case(
        "careqa_open",
        "careqa_open/CareQA_en_open.json",
        lambda one: {
            "exam_id": 7,
            "question": one.stem,
            "answer": one.options[one.right],
            "year": 2024,
            "category": "Nursing",
            "unique_id": f"bb-{one.number}",
        },
        [
            Wanted(f"bb-{q.number}", q.stem, (), (), "en", {"accepted": (q.options[q.right],), "kind": "open"})
            for q in FOUR
        ],
        "no options",
        write=whole,
    ),
    case(
        "kormedmcqa",
        "kormedmcqa/dentist_test.csv",
        lambda one: {
            "subject": "dentist",
            "year": 2021,
            "period": 1,
            "q_number": one.number,
            "question": one.stem,
            **wide(one, ("A", "B", "C", "D", "E")),
            "answer": one.right + 1,
            "cot": "",
        },
        wanted(FIVE, language="ko", edition="2021", part="1", config="dentist"),
        "a key from 1 beside letters as names",
        questions=FIVE,
        write=comma,
    ),
    case(
        "cmexam",
        "cmexam/test.csv",
        lambda one: {
            "Question": one.stem,
            "Options": "\n".join(f"{n} {text}" for n, text in zip("ABCDE", one.options, strict=False)),
            "Answer": one.letters,
            "Explanation": one.why,
            "Disease Group": "nan",
            "Clinical Department": None,
            "Medical Discipline": "Zoology",
            "Competency": None,
            "Difficulty level": 2,
        },
        wanted(FIVE, language="zh-Hans", several=True, discipline="Zoology", disease_group=None),
        "all options in one cell, several keys together, nan for empty",
        questions=FIVE,
        write=lambda rows: comma(rows, encoding="utf-8-sig"),
    ),
    case(
        "empec",
        "empec/test.jsonl",
        lambda one: {
            "year": 108,
            "subject": "動物學",
            "prof": "獸醫師",
            "question": f"{one.stem}\n" + "\n".join(f"{n}.{text}" for n, text in zip("ABCD", one.options, strict=True)),
            "answer": one.letter,
            "prof_en": "Veterinarian",
            "subject_en": "Zoology",
        },
        wanted(FOUR, language="zh-Hant", edition="108", profession="獸醫師"),
        "the options stand in the question",
    ),
    case(
        "empec_card",
        "empec/items.jsonl",
        lambda one: {
            "subject": "動物學",
            "subject_en": "Zoology",
            "profession": "獸醫師",
            "profession_en": "Veterinarian",
            "question": f"{one.stem} \n"
            + " \n".join(f"    {n}.{text}" for n, text in zip("ABCD", one.options, strict=True)),
            "question_en": "In English",
            "answer": one.letter,
        },
        wanted(FOUR, language="zh-Hant", profession="獸醫師"),
        "the options stand in the question, with spaces around them",
    ),
    case(
        "afrimedqa",
        "afrimedqa/afri_med_qa.csv",
        lambda one: {
            "sample_id": f"s{one.number}",
            "question_type": "MCQ",
            "question": one.stem,
            "question_clean": one.stem,
            "answer_options": {f"option{n}": text for n, text in enumerate(one.options, 1)},
            "correct_answer": ",".join(f"option{n + 1}" for n in one.several),
            "answer_rationale": one.why,
            "specialty": "Zoology",
            "country": "KE",
            "tier": "expert",
            "split": "test",
            "gender": "nan",
        },
        wanted(FIVE, number="s{0}", several=True, label="option1", part="test", gender=None),
        "options as JSON in a cell, several keys parted by commas, nan for empty",
        questions=FIVE,
        write=comma,
    ),
    case(
        "frenchmedmcqa",
        "frenchmedmcqa/dev.json",
        lambda one: {
            "id": f"f{one.number:02d}",
            "question": one.stem,
            "answers": dict(zip("abcde", one.options, strict=True)),
            "correct_answers": [one_letter.lower() for one_letter in one.letters],
            "subject_name": "zoologie",
            "type": "multiple",
            "nbr_correct_answers": len(one.several),
        },
        wanted(FIVE, language="fr", number="f{0:0>2}", several=True, label="a"),
        "labels in small letters, several keys",
        questions=FIVE,
        write=whole,
    ),
    case(
        "frenchmedmcqa_hub",
        "frenchmedmcqa_hub/test.jsonl",
        lambda one: {
            "id": f"f{one.number:02d}",
            "question": one.stem,
            **wide(one, [f"answer_{n}" for n in "abcde"]),
            "correct_answers": list(one.several),
            "number_correct_answers": len(one.several) - 1,
        },
        wanted(FIVE, language="fr", number="f{0:0>2}", several=True),
        "a list of numbers from 0",
        questions=FIVE,
    ),
    case(
        "mediqal",
        "mediqal/mcqm_test.csv",
        lambda one: {
            "id": f"m{one.number}",
            "clinical_case": "" if one.number % 2 else one.why,
            "question": one.stem,
            **wide(one, [f"answer_{n}" for n in "abcde"]),
            "correct_answers": ", ".join(one.letters).lower(),
            "task": "mcqm",
            "medical_subject": "zoologie",
            "question_type": "reasoning",
        },
        keyed(
            wanted(FIVE, language="fr", number="m{0}", several=True, task="mcqm"),
            context=lambda n: None if FIVE[n].number % 2 else FIVE[n].why,
        ),
        "small letters parted by commas, a shared case that some lack",
        questions=FIVE,
        write=comma,
    ),
    case(
        "mediqal",
        "mediqal/mcqu/train.json",
        lambda one: {
            "id": f"u{one.number}",
            "clinical_case": None if one.number % 3 else one.why,
            "question": one.stem,
            **wide(one, [f"answer_{n}" for n in "abcde"]),
            "correct_answers": one.letter,
            "task": "mcqu",
            "medical_subject": "zoologie",
            "question_type": "understanding",
        },
        keyed(
            wanted(FIVE, language="fr", number="u{0}", task="mcqu"),
            context=lambda n: None if FIVE[n].number % 3 else FIVE[n].why,
        ),
        "one letter each, one object to a line in a file that is called JSON, cases that are null",
        questions=FIVE,
    ),
    case(
        "mediqal_oeq",
        "mediqal/oeq/test.json",
        lambda one: {
            "id": f"o{one.number}",
            "clinical_case": one.why,
            "cc_question_number": str(one.number % 3 + 1),
            "question": one.stem,
            "answer": one.options[one.right],
            "medical_subject": "zoologie",
            "question_type": "reasoning",
        },
        [
            Wanted(
                f"o{q.number}",
                q.stem,
                (),
                (),
                "fr",
                {"accepted": (q.options[q.right],), "context": q.why, "case_question": str(q.number % 3 + 1)},
            )
            for q in FOUR
        ],
        "open questions of one case, counted in it",
    ),
    case(
        "medexpqa",
        "medexpqa/test.es.casimedicos.rag.jsonl",
        lambda one: {
            "id": one.number,
            "year": 2021,
            "question_id_specific": 30 + one.number,
            "full_question": one.stem,
            "full_answer": one.why,
            "type": "ZOOLOGÍA",
            "options": {str(n): (one.options[n - 1] if n < 5 else None) for n in range(1, 6)},
            "correct_option": one.right + 1,
            "explanations": {"1": {"exist": False}},
            "lang": "es",
        },
        keyed(wanted(FOUR, language="es", edition="2021", label="1"), rationale=lambda n: FOUR[n].why),
        "an option 5 that is null, a key that is a label from 1",
    ),
    case(
        "igakuqa",
        "igakuqa/114-A.jsonl",
        lambda one: {
            "problem_id": f"114A{one.number}",
            "problem_text": one.stem,
            "choices": list(one.options),
            "text_only": True,
            "answer": [letter.lower() for letter in one.letters],
            "points": "1",
        },
        keyed(
            wanted(japanese(), language="ja", number="114A{0}", several=True, share=0.9, points=1.0),
            prohibited=lambda n: ("B", "D") if n == 0 else (),
            category=lambda n: "動物学",
            shares=lambda n: (0.9, 0.05, 0.05, 0.0, 0.0) if n else (),
        ),
        "a second file with shares in per cent and prohibited options run together",
        questions=japanese(),
        beside={
            "114-A_metadata.jsonl": lambda: lines(
                [
                    {
                        "problem_id": f"114A{n}",
                        "category": "動物学",
                        "kinki": ["bd"] if n == 1 else [],
                        "reason": "",
                        "human_accuracy": "90.0",
                        "breakdown": ["90.0", "5.0", "5.0", "0.0", "0.0"] if n > 1 else ["9"],
                    }
                    for n in range(1, 13)
                ]
            )
        },
    ),
    case(
        "igakuqa_en",
        "igakuqa_en/114-A_translate.jsonl",
        lambda one: {
            "problem_id": f"114A{one.number}",
            "problem_text_en": one.stem,
            "choices_en": list(one.options),
            "answer": [one.letter.lower()],
        },
        wanted(FIVE, number="114A{0}", origin="machine_translation", origin_language="ja"),
        "small letters in lists",
        questions=FIVE,
    ),
]
