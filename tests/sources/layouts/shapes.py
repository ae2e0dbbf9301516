"""The files of layouts that are no tables: exams as XML, logs, pairs of texts, marked translations, tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from tests.sources.layouts.bank import Case, Q, Wanted, archive, bank, comma, german, lines, wanted, whole

__all__ = ["SHAPES"]

FOUR, FIVE = bank(), bank(5, 1)


def _exam(questions: Sequence[Q]) -> dict[str, Any]:
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


def _xml(questions: Sequence[Q]) -> bytes:
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


def _gold(questions: Sequence[Q]) -> bytes:
    return "".join(f"{one.number}\t{one.right + 1}\n" for one in questions).encode()


def _tokens() -> bytes:
    out = []
    for one in FIVE:
        sentences = ["QUESTION TYPE: ZOOLOGY", "CLINICAL CASE:", one.why, one.stem]
        sentences += [f"{n}- {text}" for n, text in enumerate(one.options, 1)]
        sentences += [f"CORRECT ANSWER: {one.right + 1}", one.why, one.stem]
        out += ["\n".join(f"{word} O " for word in sentence.split()) + "\n" for sentence in sentences]
    return "\n".join(out).encode()


def _sample(one: Q, epoch: int) -> dict[str, Any]:
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


def _inspect() -> bytes:
    samples = [_sample(one, epoch) for epoch in (1, 2) for one in FOUR]
    return whole({"version": 2, "status": "success", "eval": {"task": "made", "model": "made"}, "samples": samples})


def _eval() -> bytes:
    parts = {"header.json": whole({"version": 2, "status": "success", "eval": {"task": "made"}})}
    for epoch in (1, 2):
        parts |= {f"samples/i{one.number}_epoch_{epoch}.json": whole(_sample(one, epoch)) for one in FOUR}
    return archive(parts)


def _harness() -> bytes:
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


def _sides(
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


_PAIRS = [
    {
        "id": f"pair {one.number}/x",
        "source": one.stem,
        "target": german(one),
        "source_language": "en",
        "target_language": "de",
    }
    for one in FOUR
]
_ERRORS = [{"term": "ist", "startIndex": 3, "endIndex": 6, "error_category": "Accuracy", "severity": "Minor"}]
_MARKED = [
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


def _spans(one: Q) -> str:
    start = german(one).index("ist")
    span = {
        "side": "target",
        "start": start,
        "end": start + 3,
        "category": "Accuracy/Mistranslation",
        "severity": "Minor",
    }
    return json.dumps([{**span, "rater": "rater1"}])


_CAMPAIGN = {
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
_DEMETR = [
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

SHAPES: list[Case] = [
    Case(
        "headqa",
        "headqa/HEAD_EN.json",
        lambda: whole(_exam(FOUR)),
        wanted(FOUR[:1], edition="2013", config="Made_2013_1_B")
        + [replace(one, answers=(), more={"status": "unknown"}) for one in wanted(FOUR[1:2])]
        + wanted(FOUR[2:]),
        "a key file beside it that contradicts one key and has one number too many",
        rejects=2,
        beside={
            "Made_2013_1_B.gold": lambda: _gold([replace(FOUR[1], right=FOUR[1].right - 1), *FOUR[2:]]) + b"99\t1\n"
        },
    ),
    Case(
        "headqa",
        "headqa_xml/Made_2014_1_B.xml",
        lambda: _xml(FOUR),
        [replace(one, options=tuple(f"{text} é" for text in one.options)) for one in wanted(FOUR, edition="2014")],
        "XML in Latin-1 without a key, the key in a file beside it",
        beside={"Made_2014_1_B.gold": lambda: _gold(FOUR)},
    ),
    Case(
        "question_map",
        "question_map/questions.json",
        lambda: whole(
            {
                one.stem: [
                    {"Answer": text, **({"Correct": True} if n in one.several else {})}
                    for n, text in enumerate(one.options)
                ]
                for one in FOUR
            }
        ),
        wanted(FOUR, several=True, config="questions"),
        "the question is the name of its options",
    ),
    Case(
        "medquad",
        "medquad/0000001.xml",
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<Document id="0000001" source="MADE" url="http://example.org/">\n'
            "<Focus>Heron</Focus>\n<QAPairs>\n"
            + "".join(
                f'<QAPair pid="{one.number}">'
                f'<Question qid="1-{one.number}" qtype="information">{escape(one.stem)}</Question>'
                f"<Answer>{escape(one.why)}</Answer></QAPair>\n"
                for one in FOUR
            )
            + '<QAPair pid="13"><Question qid="1-13" qtype="information"></Question><Answer>x</Answer></QAPair>\n'
            "</QAPairs>\n</Document>\n"
        ).encode,
        [
            Wanted(f"1-{q.number}", q.stem, (), (), "en", {"accepted": (q.why,), "focus": "Heron", "config": "MADE"})
            for q in FOUR
        ],
        "a pair without a question",
        rejects=1,
    ),
    Case(
        "mediqa_rqe",
        "mediqa_rqe/pairs.xml",
        (
            "<set>"
            + "".join(
                f'<pair pid="{one.number}" value="true"><chq>{escape(one.stem)}</chq>'
                f"<faq>{escape(one.why)}</faq></pair>"
                for one in FOUR
            )
            + "</set>"
        ).encode,
        [
            Wanted(str(q.number), q.stem, (), (), "en", {"accepted": ("true",), "context": q.why, "kind": "pair"})
            for q in FOUR
        ],
        "pairs of questions as XML",
    ),
    Case(
        "casimedicos_tokens",
        "casimedicos_tokens/EN/dev.tsv",
        _tokens,
        [
            replace(one, more={"context": q.why, "rationale": f"{q.why} {q.stem}", "label": "1", "part": "dev"})
            for one, q in zip(wanted(FIVE), FIVE, strict=True)
        ],
        "one token to a line",
    ),
    Case(
        "inspect_log",
        "inspect_log/log.json",
        _inspect,
        wanted(FOUR, number="i{0}"),
        "chats as input, two runs of each sample",
    ),
    Case("inspect_log", "inspect_log/log.eval", _eval, wanted(FOUR, number="i{0}"), "an archive of samples"),
    Case(
        "medmcqa",
        "lm_eval/samples_medmcqa.jsonl",
        _harness,
        wanted(FOUR, number="q{0:0>3}"),
        "a log of samples: the layout of the document inside is told again",
    ),
    Case(
        "pairs",
        "pairs/pairs.tsv",
        lambda: comma(_PAIRS, "\t"),
        _sides("en", "de", "pair {0}/x"),
        "ids with signs that a path cannot hold",
        rows=_PAIRS,
    ),
    Case(
        "biomqm",
        "biomqm/en2de/made_run1.json",
        lambda: whole(
            [
                {
                    "source": one.stem,
                    "target": german(one),
                    "SEG_ID": str(one.number),
                    "filename": "en_de_doc1.txt",
                    "MT_Engine": "made_run1",
                    "source_locale": "enus",
                    "target_locale": "dede",
                    "source_errors": [],
                    "target_errors": _ERRORS,
                    "Annotator_ID": "a1",
                    "DOC_ID": "doc1",
                }
                for one in FOUR
            ]
        ),
        _sides("en-US", "de-DE", more={"config": "en2de/made_run1", "system": "made_run1"}),
        "languages as locales written as one word, errors as records",
    ),
    Case(
        "wmt_mqm",
        "wmt_mqm/mqm_made2031_ende.tsv",
        lambda: comma(_MARKED, "\t"),
        [
            replace(one, more={**one.more, "mqm": _spans(FOUR[place // 2])}) if place % 2 else one
            for place, one in enumerate(_sides("en", "de", "d1/1/{0}", more={"config": "made-1"}))
        ],
        "one row for each error, the marks in the text",
    ),
    Case(
        "pearmut",
        "pearmut/campaign.json",
        lambda: whole(_CAMPAIGN),
        _sides(
            "en",
            "de",
            "it{0}",
            more={
                "config": "made-1",
                "mqm": json.dumps([{"side": "target", "start": 0, "end": 4, "category": None, "severity": "minor"}]),
            },
        ),
        "spans whose end is their last sign",
    ),
    Case(
        "mlqe_da",
        "mlqe_da/dev.ende.df.short.tsv",
        (
            "index\toriginal\ttranslation\tscores\tmean\tz_scores\tz_mean\tmodel_scores\n"
            + "".join(
                f'{one.number}\t{one.stem}\t"{german(one)}\t[70, 80]\t75.0\t[0.1, 0.2]\t0.15\t-0.3\n' for one in FOUR
            )
        ).encode,
        [
            replace(one, stem=f'"{one.stem}') if place % 2 else one
            for place, one in enumerate(_sides("en", "de", more={"mean": "75.0"}))
        ],
        "quotation marks that are never closed: no part of the form",
    ),
    Case(
        "mlqe_critical",
        "mlqe_critical/ende_majority_dev.tsv",
        lambda: "".join(
            f"{one.number}\t{one.stem}\t{german(one)}\t[0, 0, 1]\t{'ERR' if one.number == 2 else 'NOT'}\n"
            for one in FOUR
        ).encode(),
        _sides("en", "de", more={"votes": "[0, 0, 1]"}),
        "no header",
    ),
    Case(
        "demetr",
        "demetr/made_1.json",
        lambda: whole(_DEMETR),
        [
            replace(one, stem=german(FOUR[place // 2]), language="de")
            if place % 2 == 0
            else Wanted(
                one.number, FOUR[place // 2].stem, (), (), "en", {"origin": "perturbed", "severity": "critical"}
            )
            for place, one in enumerate(_sides("de", "en"))
        ],
        "a text with one planted error",
    ),
]
