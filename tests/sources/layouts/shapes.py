"""The files of layouts that are no tables, each with its trap."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.sax.saxutils import escape

from tests.sources.layouts.bank import Case, Wanted, comma, german, wanted, whole
from tests.sources.layouts.contents import (
    CAMPAIGN,
    DEMETR,
    ERRORS,
    FIVE,
    FOUR,
    MARKED,
    PAIRS,
    eval_of,
    exam_of,
    filtered_harness_of,
    first_eval_of,
    gold_of,
    harness_of,
    inspect_of,
    old_harness_of,
    packed_eval_of,
    parted_eval_of,
    sides_of,
    spans_of,
    tokens_of,
    xml_of,
)

__all__ = ["SHAPES"]

SHAPES: list[Case] = [
    Case(
        "headqa",
        "headqa/HEAD_EN.json",
        lambda: whole(exam_of(FOUR)),
        wanted(FOUR[:1], edition="2013", config="Made_2013_1_B")
        + [replace(one, answers=(), more={"status": "unknown"}) for one in wanted(FOUR[1:2])]
        + wanted(FOUR[2:]),
        "a key file beside it that contradicts one key and has one number too many",
        rejects=2,
        beside={
            "Made_2013_1_B.gold": lambda: gold_of([replace(FOUR[1], right=FOUR[1].right - 1), *FOUR[2:]]) + b"99\t1\n"
        },
    ),
    Case(
        "headqa",
        "headqa_xml/Made_2014_1_B.xml",
        lambda: xml_of(FOUR),
        [replace(one, options=tuple(f"{text} é" for text in one.options)) for one in wanted(FOUR, edition="2014")],
        "XML in Latin-1 without a key, the key in a file beside it",
        beside={"Made_2014_1_B.gold": lambda: gold_of(FOUR)},
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
        tokens_of,
        [
            replace(one, more={"context": q.why, "rationale": f"{q.why} {q.stem}", "label": "1", "part": "dev"})
            for one, q in zip(wanted(FIVE), FIVE, strict=True)
        ],
        "one token to a line",
    ),
    Case(
        "inspect_log",
        "inspect_log/log.json",
        inspect_of,
        wanted(FOUR, number="i{0}"),
        "chats as input, two runs of each sample",
    ),
    Case("inspect_log", "inspect_log/log.eval", eval_of, wanted(FOUR, number="i{0}"), "an archive of samples"),
    Case(
        "inspect_log",
        "inspect_log/first.eval",
        first_eval_of,
        wanted(FOUR, number="i{0}"),
        "the first version: another header, one score",
    ),
    Case(
        "inspect_log",
        "inspect_log/packed.eval",
        packed_eval_of,
        wanted(FOUR, number="made/{0}"),
        "a log that broke off, packed by Zstandard, texts kept apart, ids with slashes",
    ),
    Case(
        "inspect_log",
        "inspect_log/parted.eval",
        parted_eval_of,
        wanted(FOUR, number="i{0}"),
        "each sample a folder of parts",
    ),
    Case(
        "mmlu",
        "lm_eval/pretrained__made_mmlu_zoology.jsonl",
        old_harness_of,
        wanted(FOUR, config="zoology"),
        "one list in a file that is called JSON lines",
    ),
    Case(
        "mmlu",
        "lm_eval/samples_mmlu_zoology_2031-05-01T10-00-00.000001.jsonl",
        filtered_harness_of,
        wanted(FOUR, config="zoology"),
        "two filters: every document comes twice",
    ),
    Case(
        "medmcqa",
        "lm_eval/samples_medmcqa.jsonl",
        harness_of,
        wanted(FOUR, number="q{0:0>3}"),
        "a log of samples: the layout of the document inside is told again",
    ),
    Case(
        "pairs",
        "pairs/pairs.tsv",
        lambda: comma(PAIRS, "\t"),
        sides_of("en", "de", "pair {0}/x"),
        "ids with signs that a path cannot hold",
        rows=PAIRS,
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
                    "target_errors": ERRORS,
                    "Annotator_ID": "a1",
                    "DOC_ID": "doc1",
                }
                for one in FOUR
            ]
        ),
        sides_of("en-US", "de-DE", more={"config": "en2de/made_run1", "system": "made_run1"}),
        "languages as locales written as one word, errors as records",
    ),
    Case(
        "wmt_mqm",
        "wmt_mqm/mqm_made2031_ende.tsv",
        lambda: comma(MARKED, "\t"),
        [
            replace(one, more={**one.more, "mqm": spans_of(FOUR[place // 2])}) if place % 2 else one
            for place, one in enumerate(sides_of("en", "de", "d1/1/{0}", more={"config": "made-1"}))
        ],
        "one row for each error, the marks in the text",
    ),
    Case(
        "pearmut",
        "pearmut/campaign.json",
        lambda: whole(CAMPAIGN),
        sides_of(
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
            for place, one in enumerate(sides_of("en", "de", more={"mean": "75.0"}))
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
        sides_of("en", "de", more={"votes": "[0, 0, 1]"}),
        "no header",
    ),
    Case(
        "demetr",
        "demetr/made_1.json",
        lambda: whole(DEMETR),
        [
            replace(one, stem=german(FOUR[place // 2]), language="de")
            if place % 2 == 0
            else Wanted(
                one.number, FOUR[place // 2].stem, (), (), "en", {"origin": "perturbed", "severity": "critical"}
            )
            for place, one in enumerate(sides_of("de", "en"))
        ],
        "a text with one planted error",
    ),
]
