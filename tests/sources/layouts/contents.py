"""What is in files that are no tables: exams as XML, logs, pairs of texts, marked translations, tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from tests.sources.layouts.bank import Q, Wanted, archive, bank, german, lines, whole, zstd_archive

__all__ = [
    "CAMPAIGN",
    "DEMETR",
    "ERRORS",
    "FIVE",
    "FOUR",
    "MARKED",
    "PAIRS",
    "eval_of",
    "exam_of",
    "filtered_harness_of",
    "first_eval_of",
    "gold_of",
    "harness_of",
    "inspect_of",
    "old_harness_of",
    "packed_eval_of",
    "parted_eval_of",
    "sample_of",
    "sides_of",
    "spans_of",
    "tokens_of",
    "xml_of",
]

FOUR, FIVE = bank(), bank(5, 1)


def exam_of(questions: Sequence[Q]) -> dict[str, Any]:
    return {
        "version": "1.0",
        "language": "en",
        "exams": {
            "Made_2013_1_B": {
                "name": "Made_2013_1_B",
                "year": "2013",
                "category": "biology",
                "data": [
                    {
                        "qid": str(one.number),
                        "qtext": one.stem,
                        "ra": str(one.right + 1),
                        "answers": [{"aid": n, "atext": text} for n, text in enumerate(one.options, 1)],
                        "image": "",
                    }
                    for one in questions
                ],
            }
        },
    }


def xml_of(questions: Sequence[Q]) -> bytes:
    parts = [
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<dataset language="en">\n<exam name="Made_2014_1_B" year="2014">'
    ]
    for one in questions:
        answers = "".join(
            f"<answer><aid>{n}</aid><atext>{escape(text)} é</atext></answer>" for n, text in enumerate(one.options, 1)
        )
        parts.append(
            f"<question><qid>{one.number}</qid><qtext>{escape(one.stem)}</qtext><answers>{answers}</answers></question>"
        )
    return "\n".join([*parts, "</exam>\n</dataset>\n"]).encode("latin-1")


def gold_of(questions: Sequence[Q]) -> bytes:
    return "".join(f"{one.number}\t{one.right + 1}\n" for one in questions).encode()


def tokens_of() -> bytes:
    out = []
    for one in FIVE:
        sentences = ["QUESTION TYPE: ZOOLOGY", "CLINICAL CASE:", one.why, one.stem]
        sentences += [f"{n}- {text}" for n, text in enumerate(one.options, 1)]
        sentences += [f"CORRECT ANSWER: {one.right + 1}", one.why, one.stem]
        out += ["\n".join(f"{word} O " for word in sentence.split()) + "\n" for sentence in sentences]
    return "\n".join(out).encode()


def sample_of(one: Q, epoch: int) -> dict[str, Any]:
    chat = [{"role": "system", "content": "Answer."}, {"role": "user", "content": [{"type": "text", "text": one.stem}]}]
    return {
        "id": f"i{one.number}",
        "epoch": epoch,
        "input": chat if one.number % 2 else one.stem,
        "choices": list(one.options),
        "target": one.letter if one.number % 2 else [one.letter],
        "messages": [],
        "output": {"model": "made"},
        "scores": {"choice": {"value": "C"}},
        "metadata": {"topic": "zoology"},
    }


def inspect_of() -> bytes:
    samples = [sample_of(one, epoch) for epoch in (1, 2) for one in FOUR]
    return whole({"version": 2, "status": "success", "eval": {"task": "made", "model": "made"}, "samples": samples})


def eval_of() -> bytes:
    parts = {"header.json": whole({"version": 2, "status": "success", "eval": {"task": "made"}})}
    for epoch in (1, 2):
        parts |= {f"samples/i{one.number}_epoch_{epoch}.json": whole(sample_of(one, epoch)) for one in FOUR}
    return archive(parts)


def first_eval_of() -> bytes:
    """A log of the first version: another header, one score."""
    parts = {"start.json": whole({"version": 1, "eval": {"task": "made"}, "plan": {}})}
    for one in FOUR:
        sample = sample_of(one, 1)
        sample["score"] = {"value": "C"}
        del sample["scores"]
        parts[f"samples/i{one.number}_epoch_1.json"] = whole(sample)
    return archive({**parts, "results.json": whole({"status": "success"}), "summary.json": whole([])})


def packed_eval_of() -> bytes:
    """A later log that broke off: packed by Zstandard, long texts of chats kept apart, ids with slashes."""
    parts = {"_journal/start.json": whole({"version": 2, "eval": {"task": "made"}, "plan": {}})}
    for one in FOUR:
        sample = sample_of(one, 1)
        sample |= {"id": f"made/{one.number}", "attachments": {"ab12": one.stem}}
        if isinstance(sample["input"], list):
            sample["input"][1]["content"] = "attachment://ab12"
        parts[f"samples/made/{one.number}_epoch_1.json"] = whole(sample)
    return zstd_archive({**parts, "_journal/summaries/1.json": whole([{"id": "made/1", "epoch": 1}])})


def parted_eval_of() -> bytes:
    """A log of version 3: each sample is a folder, and what is long in it stands in lists beside it."""
    parts = {"header.json": whole({"version": 3, "status": "success", "eval": {"task": "made"}})}
    for epoch in (1, 2):
        for one in FOUR:
            folder = f"samples/i{one.number}_epoch_{epoch}"
            sample = sample_of(one, epoch)
            metadata = sample.pop("metadata")
            del sample["messages"]
            sample["input"] = [{"role": "user", "content": "attachment://1"}]
            sample["sequences"] = {"messages": [2], "events": [1], "calls": [], "attachments": [1, 2]}
            parts |= {
                f"{folder}/sample.json": whole(sample),
                f"{folder}/metadata.json": whole(metadata),
                f"{folder}/skeleton.json": whole({"spans": []}),
                f"{folder}/messages/0.json": whole([{"role": "user", "content": "attachment://1"}]),
                f"{folder}/events/0.json": whole([{"event": "sample_init"}]),
                f"{folder}/events/stats.json": whole({}),
                f"{folder}/attachments/0.json": whole(["You are a keeper of herons."]),
                f"{folder}/attachments/1.json": whole([one.stem]),
            }
    return archive(parts)


def old_harness_of() -> bytes:
    """A log of the first versions of the harness: one list, though the file is called JSON lines."""
    return whole(
        [
            {
                "doc_id": one.number - 1,
                "doc": {"question": one.stem, "subject": "zoology", "choices": list(one.options), "answer": one.right},
                "target": one.right,
                "arguments": [[one.stem, f" {letter}"] for letter in "ABCD"],
                "resps": [[[-1.5, False]], [[-2.5, True]], [[-3.5, False]], [[-4.5, False]]],
                "filtered_resps": [[-1.5, False], [-2.5, True], [-3.5, False], [-4.5, False]],
                "acc": 1.0,
            }
            for one in FOUR
        ]
    )


def filtered_harness_of() -> bytes:
    """A log of later versions: a record for each filter of the answers, so that every document comes twice."""
    return lines(
        [
            {
                "doc_id": one.number - 1,
                "doc": {"question": one.stem, "subject": "zoology", "choices": list(one.options), "answer": one.right},
                "target": str(one.right),
                "arguments": {"gen_args_0": {"arg_0": one.stem, "arg_1": {"until": ["</s>"]}}},
                "resps": [["The answer is A."]],
                "filtered_resps": [said],
                "filter": name,
                "metrics": ["exact_match"],
                "doc_hash": "00",
                "prompt_hash": "00",
                "target_hash": "00",
                "exact_match": 0.0,
            }
            for name, said in (("strict-match", "[invalid]"), ("flexible-extract", "A"))
            for one in FOUR
        ]
    )


def harness_of() -> bytes:
    return lines(
        [
            {
                "doc_id": one.number - 1,
                "doc": {
                    "id": f"q{one.number:03d}",
                    "question": one.stem,
                    **dict(zip(("opa", "opb", "opc", "opd"), one.options, strict=True)),
                    "cop": one.right,
                    "choice_type": "single",
                    "exp": None,
                    "subject_name": "Zoology",
                    "topic_name": None,
                },
                "target": one.right,
                "arguments": {"gen_args_0": {"arg_0": one.stem, "arg_1": " A"}},
                "resps": [[["-1.5", "False"]], [["-2.5", "False"]]],
                "filtered_resps": [["-1.5", "False"], ["-2.5", "False"]],
                "doc_hash": "00",
                "prompt_hash": "00",
                "target_hash": "00",
                "acc": 1.0,
            }
            for one in FOUR
        ]
    )


def sides_of(
    source: str,
    target: str,
    number: str = "{0}",
    *,
    more: dict[str, Any] | None = None,
    origin: str = "machine_translation",
) -> list[Wanted]:
    """Return the items of pairs in English and German: both of one group."""
    both = []
    for one in FOUR:
        said = number.format(one.number)
        both.append(Wanted(said, one.stem, (), (), source, {"origin": "native", "kind": "open"}))
        both.append(
            Wanted(said, german(one), (), (), target, {"origin": origin, "origin_language": source, **(more or {})})
        )
    return both


PAIRS = [
    {
        "id": f"pair {one.number}/x",
        "source": one.stem,
        "target": german(one),
        "source_language": "en",
        "target_language": "de",
    }
    for one in FOUR
]
ERRORS = [{"term": "ist", "startIndex": 3, "endIndex": 6, "error_category": "Accuracy", "severity": "Minor"}]
MARKED = [
    {
        "system": "made-1",
        "doc": "d1",
        "doc_id": 1,
        "seg_id": one.number,
        "rater": f"rater{rater}",
        "source": one.stem,
        "target": german(one).replace("ist", "<v>ist</v>", 1) if rater == 1 else german(one),
        "category": "Accuracy/Mistranslation" if rater == 1 else "No-error",
        "severity": "Minor" if rater == 1 else "No-error",
    }
    for one in FOUR
    for rater in (1, 2)
]


def spans_of(one: Q) -> str:
    start = german(one).index("ist")
    span = {
        "side": "target",
        "start": start,
        "end": start + 3,
        "category": "Accuracy/Mistranslation",
        "severity": "Minor",
    }
    return json.dumps([{**span, "rater": "rater1"}])


CAMPAIGN = {
    "campaign_id": "made",
    "info": {"assignment": "task-based", "protocol": "ESA", "src_lang": "en", "tgt_lang": "de"},
    "data": [
        [
            [
                {
                    "item_id": f"it{one.number}",
                    "src": one.stem,
                    "tgt": {"made-1": german(one)},
                    "error_spans": {"made-1": [{"start_i": 0, "end_i": 3, "severity": "minor", "category": None}]},
                }
                for one in FOUR
            ]
        ]
    ],
}
DEMETR = [
    {
        "id": one.number,
        "src_sent": german(one),
        "eng_sent": one.stem,
        "mt_sent": one.why,
        "pert_sent": one.stem,
        "lang_tag": "german",
        "data_source": "made",
        "pert_check": True,
        "severity": "critical",
        "pert_id": 1,
        "pert_desc": "made",
        "pert_name": "made_1",
    }
    for one in FOUR
]
