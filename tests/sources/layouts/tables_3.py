"""The files of layouts that are tables, each with its trap: the rest."""

from __future__ import annotations

from dataclasses import replace

from tests.sources.layouts.bank import Case, Wanted, base64_png, comma, german, numpy_list, wanted, whole
from tests.sources.layouts.rows import ABCD, FIVE, FOUR, TEN, case, keyed, tabs, wide

__all__ = ["TABLES_3"]

TABLES_3: list[Case] = [
    case(
        "worldmedqa_v",
        "worldmedqa_v/spain_english_processed.tsv",
        lambda one: {
            "index": one.number,
            "image": base64_png(one.number),
            "question": one.stem,
            **wide(one, ABCD),
            "answer": one.letter,
            "split": "train",
        },
        keyed(wanted(FOUR, config="spain", part="train", needs_image="yes"), media=lambda n: base64_png(n + 1)),
        "pictures as base64 in a cell",
        write=tabs,
    ),
    case(
        "bigbio_qa",
        "bigbio_qa/test.jsonl",
        lambda one: {
            "id": str(one.number),
            "question_id": f"b{one.number}",
            "document_id": "d1",
            "question": one.stem,
            "type": "multiple_choice",
            "choices": list(one.options),
            "context": one.why,
            "answer": [one.options[one.right]],
        },
        keyed(wanted(FOUR), context=lambda n: FOUR[n].why),
        "the key is the text of the option",
    ),
    case(
        "pubmedqa",
        "pubmedqa/ori_pqal.jsonl",
        lambda one: {
            "pubid": 900 + one.number,
            "question": one.stem,
            "context": {"contexts": [one.why, one.stem], "labels": ["A", "B"]},
            "long_answer": one.why,
            "final_decision": ("yes", "no", "maybe")[one.number % 3],
        },
        [
            Wanted(
                str(900 + q.number),
                q.stem,
                (),
                (),
                "en",
                {
                    "accepted": (("yes", "no", "maybe")[q.number % 3],),
                    "context": f"{q.why}\n{q.stem}",
                    "rationale": q.why,
                },
            )
            for q in FOUR
        ],
        "the context is a list inside an object, no options",
    ),
    case(
        "mmedbench",
        "mmedbench/French.jsonl",
        lambda one: {
            "question": one.stem,
            "options": dict(zip("ABCDE", (*one.options, ""), strict=True)),
            "answer": one.options[one.right],
            "answer_idx": ",".join(one.letters),
            "rationale": one.why,
            "meta_info": "made",
            "human_checked": 0,
            "human_check_passed": 0,
        },
        wanted(FOUR, language="fr", several=True),
        "the language in the name of the file, an empty option E",
    ),
    case(
        "cmb",
        "cmb/CMB-val.json",
        lambda one: {
            "exam_type": "兽医",
            "exam_class": "a",
            "exam_subject": "b",
            "question": one.stem,
            "answer": one.letters,
            "question_type": "多项选择题",
            "option": dict(zip("ABCDEF", (*one.options, ""), strict=True)),
        },
        wanted(FIVE, language="zh-Hans", several=True),
        "keys run together, an empty option F",
        questions=FIVE,
        write=whole,
    ),
    case(
        "medxpertqa",
        "medxpertqa/Text/test.jsonl",
        lambda one: {
            "id": f"Text-{one.number}",
            "question": one.stem,
            "options": dict(zip("ABCDEFGHIJ", one.options, strict=True)),
            "label": one.letter,
            "medical_task": "Diagnosis",
            "body_system": "Skeletal",
            "question_type": "Reasoning",
        },
        wanted(TEN, number="Text-{0}", medical_task="Diagnosis"),
        "ten options",
        questions=TEN,
    ),
    case(
        "turkishmmlu",
        "turkishmmlu/Biology_test.csv",
        lambda one: {
            "subject": "Biology",
            "grade": 9,
            "question": one.stem,
            "choices": numpy_list(one.options),
            "answer": one.letter,
        },
        wanted(FIVE, language="tr", config="Biology", grade="9"),
        "lists as NumPy prints them",
        questions=FIVE,
        write=comma,
    ),
    case(
        "persianmedqa",
        "persianmedqa/test.jsonl",
        lambda one: {
            "id": f"PMQA_{one.number:06d}",
            "question": one.stem,
            "options": list(one.options),
            "answer_idx": one.right,
            "specialty": "Zoology",
            "is_clinical": True,
            "patient_age": None,
            "patient_gender": None,
            "language": "fa",
        },
        wanted(FOUR, language="fa", number="PMQA_{0:0>6}", specialty="Zoology"),
        "a key from 0 called answer_idx",
    ),
    case(
        "persianmedqa",
        "persianmedqa/validation.jsonl",
        lambda one: {
            "id": f"PMQA_{(one.number + 1) // 2:06d}",
            "question": one.stem,
            "options": list(one.options),
            "answer_idx": one.right,
            "specialty": "Zoology",
            "is_clinical": one.number % 2 == 0,
            "patient_age": one.number or None,
            "patient_gender": "female",
            "language": "fa" if one.number % 2 else "en",
        },
        [
            replace(one, number=f"PMQA_{(q.number + 1) // 2:06d}", language="fa" if q.number % 2 else "en")
            for one, q in zip(wanted(FOUR, specialty="Zoology"), FOUR, strict=True)
        ],
        "one id for the Persian and the English question",
    ),
    case(
        "revalida",
        "revalida/revalida_2031-1.json",
        lambda one: {
            "annulled": one.number == 3,
            "correct": one.letter,
            "editionId": "revalida-2031-1",
            "hasImage": one.number == 2,
            "hasTable": False,
            "id": f"r-{one.number:02d}",
            "number": one.number,
            "options": dict(zip("ABCD", one.options, strict=True)),
            "specialty": ["zoologia"],
            "stem": one.stem,
        },
        [
            replace(
                one,
                answers=() if q.number == 3 else one.answers,
                more={
                    **one.more,
                    "status": "annulled" if q.number == 3 else "official",
                    "needs_image": "yes" if q.number == 2 else "no",
                },
            )
            for one, q in zip(wanted(FOUR, language="pt-BR", number="r-{0:0>2}"), FOUR, strict=True)
        ],
        "a column says that a question was annulled, and its key is still there",
        write=lambda rows: whole({"id": "revalida-2031-1", "cutoffScore": 0.6, "questions": rows}),
    ),
    case(
        "byob",
        "byob/benchmark.jsonl",
        lambda one: {
            "question_id": one.number,
            "question": one.stem,
            "options": list(one.options),
            "answer_index": one.right,
            "answer": one.letter,
            "cot_content": "",
            "src": "made",
            "category": "zoology",
        },
        wanted(TEN, origin="generated"),
        "a key from 0",
        questions=TEN,
    ),
    case(
        "exams",
        "exams/test.jsonl",
        lambda one: {
            "id": f"e{one.number}",
            "question": {
                "stem": german(one),
                "choices": [{"text": text, "label": label} for label, text in zip("ABCD", one.options, strict=True)],
            },
            "answerKey": "@" if one.number == 4 else one.letter,
            "info": {"grade": 12, "subject": "Biology", "language": "North Macedonian"},
        },
        [
            replace(
                one,
                stem=german(q),
                answers=() if q.number == 4 else one.answers,
                more={"status": "annulled" if q.number == 4 else "official"},
            )
            for one, q in zip(wanted(FOUR, language="mk", number="e{0}"), FOUR, strict=True)
        ],
        "objects in objects, a key that says annulled, a language by a name of its own",
    ),
    case(
        "lm_eval_doc",
        "lm_eval_doc/prepared.jsonl",
        lambda one: {
            "id": f"made_{one.number}",
            "query": one.stem,
            "answer": one.letter,
            "choices": list(one.options),
            "gold": one.right,
        },
        wanted(FOUR),
        "a key from 0 called gold",
    ),
    case(
        "question_pairs",
        "question_pairs/mqp.csv",
        lambda one: {
            "dr_id": one.number % 2 + 1,
            "question_1": one.stem,
            "question_2": one.why,
            "label": one.number % 2,
        },
        [
            Wanted(
                str(q.number),
                q.stem,
                (),
                (),
                "en",
                {"accepted": (str(q.number % 2),), "context": q.why, "kind": "pair"},
            )
            for q in FOUR
        ],
        "no header, and a first row with the same value twice",
        write=lambda rows: comma(rows, header=False),
    ),
]
