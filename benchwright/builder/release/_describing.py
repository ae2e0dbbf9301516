"""Descriptions of a release in the forms of others: BenchmarkCard, CITATION.cff, Zenodo."""

from __future__ import annotations

import io
from typing import Any

from benchwright.builder.release._criteria import EVIDENCE_WORDS, evidence_of
from benchwright.builder.release._licences import known_licences
from benchwright.schemas.manifest import Manifest

__all__ = ["benchmark_card", "citation_text", "zenodo_document"]


def benchmark_card(manifest: Manifest) -> dict[str, Any]:
    """Return the description with the sections of a BenchmarkCard; what nobody stated is null."""
    facts, counts, hand = manifest.facts, manifest.counts, manifest.facts["hand"]
    return {
        "canary": facts["canary"],
        "benchmark_details": {
            "name": facts["title"],
            "version": manifest.version,
            "overview": hand["summary"],
            "data_type": ["text", "image"] if counts["pictures"] else ["text"],
            "domains": sorted({str(row["exam"]) for row in facts["cells"]}),
            "languages": sorted({row["language"] for row in facts["cells"]}),
            "similar_benchmarks": hand["similar"],
            "resources": [one for one in (hand["url"], hand["repository"]) if one],
        },
        "purpose_and_intended_users": {
            "goal": hand["rationale"],
            "audience": hand["intended_use"],
            "tasks": [f"{row['kind']}: {row['n']} items" for row in facts["kinds"]],
            "limitations": hand["risks"],
            "out_of_scope_uses": hand["out_of_scope"],
        },
        "data": {
            "source": [row["source"] for row in facts["sources"]],
            "size": {"items": counts["items"], "questions": counts["questions"], "pictures": counts["pictures"]},
            "format": "Parquet, one row for each question in one language",
            "native_official_translated": facts["shares"],
            "annotation": hand["annotation"],
        },
        "methodology": {
            "methods": "answers are compared with the key as sets of option ids",
            "metrics": ["accuracy with an interval", "partial credit", "pass rate by the rule of the exam"],
            "calculation": "benchwright score-predictions",
            "baseline_results": facts["predictions"],
            "validation": {kind: evidence_of(manifest, kind) for kind in EVIDENCE_WORDS},
        },
        "targeted_risks": hand["risks"],
        "ethical_and_legal_considerations": {
            "privacy_and_anonymity": hand["personal_data"],
            "data_licensing": facts["licences"],
            "consent_procedures": None,
            "compliance_with_regulations": None,
        },
    }


def citation_text(manifest: Manifest) -> str:
    """Return the text of ``CITATION.cff``."""
    from ruamel.yaml import YAML

    facts, hand = manifest.facts, manifest.facts["hand"]
    names = sorted({one["licence"] for one in facts["licences"]} & set(known_licences()))
    people = [
        {
            "name": one["name"],
            **({"affiliation": one["affiliation"]} if one["affiliation"] else {}),
            **({"orcid": f"https://orcid.org/{one['orcid']}"} if one["orcid"] else {}),
        }
        for one in hand["contributors"]
    ]
    document = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": facts["title"],
        "version": manifest.version,
        "authors": people or [{"name": f"The maintainers of {facts['title']}"}],
        **({"date-released": hand["released"]} if hand["released"] else {}),
        **({"license": names if len(names) > 1 else names[0]} if names else {}),
        **({"url": hand["url"]} if hand["url"] else {}),
        **({"repository": hand["repository"]} if hand["repository"] else {}),
        "keywords": ["benchmark", "exam", "evaluation"],
    }
    yaml = YAML()
    yaml.width = 120
    yaml.allow_unicode = True
    out = io.StringIO()
    out.write(f"# canary GUID {facts['canary']}\n")
    yaml.dump(document, out)
    return out.getvalue()


def zenodo_document(manifest: Manifest) -> dict[str, Any]:
    """Return the metadata of a deposit at Zenodo, as ``.zenodo.json`` holds it."""
    facts, hand = manifest.facts, manifest.facts["hand"]
    names = sorted({one["licence"] for one in facts["licences"]} & set(known_licences()))
    creators = [
        {name: one[name] for name in ("name", "affiliation", "orcid") if one[name]} for one in hand["contributors"]
    ]
    return {
        "title": f"{facts['title']} {manifest.version}",
        "upload_type": "dataset",
        "description": hand["summary"] or facts["title"],
        "creators": creators or [{"name": f"The maintainers of {facts['title']}"}],
        "version": manifest.version,
        "access_right": "open",
        **({"license": names[0]} if len(names) == 1 else {}),
        "keywords": ["benchmark", "exam", "evaluation"],
        "notes": f"Not for training. Canary GUID {facts['canary']}.",
    }
