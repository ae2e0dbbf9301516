"""The files of all layouts that are tables: each row as published, each with its trap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tests.sources.layouts.bank import (
    Case,
    Q,
    Wanted,
    bank,
    base64_png,
    comma,
    german,
    japanese,
    lines,
    numpy_list,
    wanted,
    whole,
)

__all__ = ["TABLES"]

FOUR, FIVE, TEN = bank(), bank(5, 1), bank(10, 5)
_ABCD = ("A", "B", "C", "D")


def _case(
    layout: str,
    file: str,
    row: Callable[[Q], dict[str, Any]],
    items: list[Wanted],
    trap: str,
    questions: Sequence[Q] = FOUR,
    write: Callable[[list[dict[str, Any]]], bytes] = lines,
    **more: Any,
) -> Case:
    rows = [row(one) for one in questions]
    return Case(layout, file, lambda: write(rows), items, trap, rows, **more)


def _wide(one: Q, names: Sequence[str]) -> dict[str, str]:
    return dict(zip(names, one.options, strict=False))


def _keyed(items: list[Wanted], **each: Callable[[int], Any]) -> list[Wanted]:
    """Return items with further fields that differ from one to the next."""
    return [
        replace(one, more={**one.more, **{name: value(place) for name, value in each.items()}})
        for place, one in enumerate(items)
    ]


def _bom(rows: list[dict[str, Any]]) -> bytes:
    return comma(rows, header=False, encoding="utf-8-sig")


def _semicolon(rows: list[dict[str, Any]]) -> bytes:
    return comma(rows, ";", encoding="utf-16")


def _tabs(rows: list[dict[str, Any]]) -> bytes:
    return comma(rows, "\t")


_TRANSLATED: dict[str, Any] = {"origin": "machine_translation", "origin_language": "en"}


def _plain(one: Q) -> dict[str, Any]:
    return {"question": one.stem, **_wide(one, _ABCD), "answer": one.letter}


TABLES: list[Case] = [
    _case(
        "mmlu_csv",
        "mmlu_csv/test/zoology_test.csv",
        _plain,
        wanted(FOUR, config="zoology", part="test"),
        "no header, a byte-order mark",
        write=_bom,
    ),
    _case(
        "mmlu_csv",
        "mmlu_csv/ja/zoology.csv",
        lambda one: {**_plain(one), **_wide(one, _ABCD)},
        [replace(one, options=one.options[:4]) for one in wanted(japanese(), language="ja")],
        "no header, Japanese",
        questions=japanese(),
        write=_bom,
    ),
    _case(
        "mmlu",
        "mmlu/zoology.jsonl",
        lambda one: {"question": one.stem, "subject": "zoology", "choices": list(one.options), "answer": one.right},
        wanted(FOUR, config="zoology", subject="zoology"),
        "a key from 0",
    ),
    _case(
        "mmlu_redux",
        "mmlu_redux/zoology.csv",
        lambda one: {
            "question": one.stem,
            "choices": str(list(one.options)),
            "answer": one.right,
            "error_type": "ok",
            "source": "",
            "correct_answer": "",
            "potential_reason": "",
        },
        wanted(FOUR, error_type="ok"),
        "parted by semicolons, lists as Python prints them, UTF-16",
        write=_semicolon,
    ),
    _case(
        "mmmlu",
        "mmmlu/mmlu_DE-DE.csv",
        lambda one: {
            "": one.number - 1,
            "Question": german(one),
            **_wide(one, _ABCD),
            "Answer": one.letter,
            "Subject": "zoology",
        },
        [
            replace(one, stem=german(q), number=str(q.number - 1), language="de-DE")
            for one, q in zip(wanted(FOUR, origin="human_translation", origin_language="en"), FOUR, strict=True)
        ],
        "a first column without a name",
        write=comma,
    ),
    _case(
        "global_mmlu",
        "global_mmlu/de/test.csv",
        lambda one: {
            "sample_id": f"zoology/test/{one.number}",
            "subject": "zoology",
            "subject_category": "STEM",
            "question": german(one),
            **_wide(one, ("option_a", "option_b", "option_c", "option_d")),
            "answer": one.letter,
            "required_knowledge": "[]",
            "time_sensitive": "No",
            "reference": "-",
            "culture": "[]",
            "region": "[]",
            "country": "[]",
            "cultural_sensitivity_label": "CA",
            "is_annotated": True,
        },
        [
            replace(one, stem=german(q), language="de")
            for one, q in zip(wanted(FOUR, number="zoology/test/{0}", part="test", **_TRANSLATED), FOUR, strict=True)
        ],
        "an id with slashes, lists that are empty",
        write=comma,
    ),
    _case(
        "mmlu_prox",
        "mmlu_prox/en/test.jsonl",
        lambda one: {
            "question_id": 100 + one.number,
            "question": one.stem,
            **{f"option_{n}": (one.options[n] if n < len(one.options) else "N/A") for n in range(10)},
            "answer": one.letter,
            "answer_index": one.right,
            "cot_content": "",
            "category": "biology",
            "src": "made",
            "question_id_src": one.number,
        },
        [replace(one, number=str(100 + int(one.number))) for one in wanted(FIVE, category="biology")],
        "ten columns of options of which the last are not there",
        questions=FIVE,
    ),
    _case(
        "include",
        "include/test.csv",
        lambda one: {
            "language": "German",
            "country": "Austria",
            "domain": "STEM",
            "subject": "Biology",
            "regional_feature": "region implicit",
            "level": "Academic",
            "question": german(one),
            **_wide(one, ("option_a", "option_b", "option_c", "option_d")),
            "answer": one.right,
        },
        [
            replace(one, stem=german(q), language="de")
            for one, q in zip(wanted(FOUR, config="German"), FOUR, strict=True)
        ],
        "languages by name, a key from 0",
        write=comma,
    ),
    _case(
        "m_mmlu",
        "m_mmlu/de_test.jsonl",
        lambda one: {
            "id": f"zoology/test/{one.number}",
            "instruction": german(one),
            **_wide(one, ("option_a", "option_b", "option_c", "option_d")),
            "answer": one.letter,
        },
        [
            replace(one, stem=german(q), language="de")
            for one, q in zip(wanted(FOUR, number="zoology/test/{0}", **_TRANSLATED), FOUR, strict=True)
        ],
        "the question is called instruction",
    ),
    _case(
        "medmcqa",
        "medmcqa/dev.json",
        lambda one: {
            "id": f"q{one.number:03d}",
            "question": one.stem,
            **_wide(one, ("opa", "opb", "opc", "opd")),
            "cop": one.right + 1,
            "choice_type": "single",
            "exp": one.why,
            "subject_name": "Zoology",
            "topic_name": None,
        },
        _keyed(wanted(FOUR, number="q{0:0>3}", subject="Zoology"), rationale=lambda n: FOUR[n].why),
        "a key from 1 in one version and from 0 in another: told by the data",
    ),
    _case(
        "medmcqa",
        "medmcqa/hub.csv",
        lambda one: {
            "id": f"q{one.number:03d}",
            "question": one.stem,
            **_wide(one, ("opa", "opb", "opc", "opd")),
            "cop": one.right,
            "choice_type": "single",
            "exp": None,
            "subject_name": "Zoology",
            "topic_name": None,
        },
        wanted(FOUR, number="q{0:0>3}"),
        "the same columns, and a key from 0",
        write=comma,
    ),
    _case(
        "medqa",
        "medqa/US/test.jsonl",
        lambda one: {
            "question": one.stem,
            "answer": one.options[one.right],
            "options": dict(zip("ABCDE", one.options, strict=False)),
            "meta_info": "step1",
            "answer_idx": one.letter,
            "metamap_phrases": ["heron", "keeper"],
        },
        wanted(FIVE, step="step1"),
        "options are an object",
        questions=FIVE,
    ),
    _case(
        "medqa_swag",
        "medqa_swag/train.csv",
        lambda one: {
            "id": f"train-{one.number}",
            "sent1": one.stem,
            "sent2": "",
            **_wide(one, ("ending0", "ending1", "ending2", "ending3")),
            "label": one.right,
        },
        wanted(FOUR, number="train-{0}"),
        "a key from 0, an empty half of the stem",
        write=comma,
    ),
    _case(
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
    _case(
        "careqa",
        "careqa/CareQA_en.json",
        lambda one: {
            "exam_id": 7,
            "question": one.stem,
            **_wide(one, ("op1", "op2", "op3", "op4")),
            "cop": one.right + 1,
            "year": 2024,
            "category": "Nursing",
            "unique_id": f"aa-{one.number}",
        },
        wanted(FOUR, number="aa-{0}", edition="2024"),
        "a key from 1",
        write=whole,
    ),
    _case(
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
    _case(
        "kormedmcqa",
        "kormedmcqa/dentist_test.csv",
        lambda one: {
            "subject": "dentist",
            "year": 2021,
            "period": 1,
            "q_number": one.number,
            "question": one.stem,
            **_wide(one, ("A", "B", "C", "D", "E")),
            "answer": one.right + 1,
            "cot": "",
        },
        wanted(FIVE, language="ko", edition="2021", part="1", config="dentist"),
        "a key from 1 beside letters as names",
        questions=FIVE,
        write=comma,
    ),
    _case(
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
    _case(
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
    _case(
        "afrimedqa",
        "afrimedqa/afri_med_qa.csv",
        lambda one: {
            "sample_id": f"s{one.number}",
            "question_type": "MCQ",
            "question": one.stem,
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
    _case(
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
    _case(
        "frenchmedmcqa_hub",
        "frenchmedmcqa_hub/test.jsonl",
        lambda one: {
            "id": f"f{one.number:02d}",
            "question": one.stem,
            **_wide(one, [f"answer_{n}" for n in "abcde"]),
            "correct_answers": list(one.several),
            "number_correct_answers": len(one.several) - 1,
        },
        wanted(FIVE, language="fr", number="f{0:0>2}", several=True),
        "a list of numbers from 0",
        questions=FIVE,
    ),
    _case(
        "mediqal",
        "mediqal/mcqm_test.csv",
        lambda one: {
            "id": f"m{one.number}",
            "clinical_case": "" if one.number % 2 else one.why,
            "question": one.stem,
            **_wide(one, [f"answer_{n}" for n in "abcde"]),
            "correct_answers": ", ".join(one.letters).lower(),
            "task": "mcqm",
            "medical_subject": "zoologie",
            "question_type": "reasoning",
        },
        _keyed(
            wanted(FIVE, language="fr", number="m{0}", several=True, task="mcqm"),
            context=lambda n: None if FIVE[n].number % 2 else FIVE[n].why,
        ),
        "small letters parted by commas, a shared case that some lack",
        questions=FIVE,
        write=comma,
    ),
    _case(
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
        _keyed(wanted(FOUR, language="es", edition="2021", label="1"), rationale=lambda n: FOUR[n].why),
        "an option 5 that is null, a key that is a label from 1",
    ),
    _case(
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
        _keyed(
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
    _case(
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
    _case(
        "worldmedqa_v",
        "worldmedqa_v/spain_english_processed.tsv",
        lambda one: {
            "index": one.number,
            "image": base64_png(one.number),
            "question": one.stem,
            **_wide(one, _ABCD),
            "answer": one.letter,
            "split": "train",
        },
        _keyed(wanted(FOUR, config="spain", part="train", needs_image="yes"), media=lambda n: base64_png(n + 1)),
        "pictures as base64 in a cell",
        write=_tabs,
    ),
    _case(
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
        _keyed(wanted(FOUR), context=lambda n: FOUR[n].why),
        "the key is the text of the option",
    ),
    _case(
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
    _case(
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
    _case(
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
    _case(
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
    _case(
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
    _case(
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
    _case(
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
    _case(
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
    _case(
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
    _case(
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
    _case(
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
