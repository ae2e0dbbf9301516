"""The files of layouts that are tables, each with its trap: general knowledge, the first medical benchmarks."""

from __future__ import annotations

from dataclasses import replace

from tests.sources.layouts.bank import Case, comma, german, japanese, wanted
from tests.sources.layouts.rows import ABCD, FIVE, FOUR, TRANSLATED, bom, case, keyed, plain, semicolon, wide

__all__ = ["TABLES_1"]

TABLES_1: list[Case] = [
    case(
        "mmlu_csv",
        "mmlu_csv/test/zoology_test.csv",
        plain,
        wanted(FOUR, config="zoology", part="test"),
        "no header, a byte-order mark",
        write=bom,
    ),
    case(
        "mmlu_csv",
        "mmlu_csv/ja/zoology.csv",
        lambda one: {**plain(one), **wide(one, ABCD)},
        [replace(one, options=one.options[:4]) for one in wanted(japanese(), language="ja")],
        "no header, Japanese",
        questions=japanese(),
        write=bom,
    ),
    case(
        "mmlu",
        "mmlu/zoology.jsonl",
        lambda one: {"question": one.stem, "subject": "zoology", "choices": list(one.options), "answer": one.right},
        wanted(FOUR, config="zoology", subject="zoology"),
        "a key from 0",
    ),
    case(
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
        write=semicolon,
    ),
    case(
        "mmmlu",
        "mmmlu/mmlu_DE-DE.csv",
        lambda one: {
            "": one.number - 1,
            "Question": german(one),
            **wide(one, ABCD),
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
    case(
        "global_mmlu",
        "global_mmlu/de/test.csv",
        lambda one: {
            "sample_id": f"zoology/test/{one.number}",
            "subject": "zoology",
            "subject_category": "STEM",
            "question": german(one),
            **wide(one, ("option_a", "option_b", "option_c", "option_d")),
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
            for one, q in zip(wanted(FOUR, number="zoology/test/{0}", part="test", **TRANSLATED), FOUR, strict=True)
        ],
        "an id with slashes, lists that are empty",
        write=comma,
    ),
    case(
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
    case(
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
            **wide(one, ("option_a", "option_b", "option_c", "option_d")),
            "answer": one.right,
        },
        [
            replace(one, stem=german(q), language="de")
            for one, q in zip(wanted(FOUR, config="German"), FOUR, strict=True)
        ],
        "languages by name, a key from 0",
        write=comma,
    ),
    case(
        "m_mmlu",
        "m_mmlu/de_test.jsonl",
        lambda one: {
            "id": f"zoology/test/{one.number}",
            "instruction": german(one),
            **wide(one, ("option_a", "option_b", "option_c", "option_d")),
            "answer": one.letter,
        },
        [
            replace(one, stem=german(q), language="de")
            for one, q in zip(wanted(FOUR, number="zoology/test/{0}", **TRANSLATED), FOUR, strict=True)
        ],
        "the question is called instruction",
    ),
    case(
        "medmcqa",
        "medmcqa/dev.json",
        lambda one: {
            "id": f"q{one.number:03d}",
            "question": one.stem,
            **wide(one, ("opa", "opb", "opc", "opd")),
            "cop": one.right + 1,
            "choice_type": "single",
            "exp": one.why,
            "subject_name": "Zoology",
            "topic_name": None,
        },
        keyed(wanted(FOUR, number="q{0:0>3}", subject="Zoology"), rationale=lambda n: FOUR[n].why),
        "a key from 1 in one version and from 0 in another: told by the data",
    ),
    case(
        "medmcqa",
        "medmcqa/hub.csv",
        lambda one: {
            "id": f"q{one.number:03d}",
            "question": one.stem,
            **wide(one, ("opa", "opb", "opc", "opd")),
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
    case(
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
    case(
        "medqa_swag",
        "medqa_swag/train.csv",
        lambda one: {
            "id": f"train-{one.number}",
            "sent1": one.stem,
            "sent2": "",
            **wide(one, ("ending0", "ending1", "ending2", "ending3")),
            "label": one.right,
        },
        wanted(FOUR, number="train-{0}"),
        "a key from 0, an empty half of the stem",
        write=comma,
    ),
]
