"""Metadata that machines read: Croissant, with the fields of responsible AI from the run.

Written as plain JSON-LD; mlcroissant validates it and reads its records in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from benchwright.builder.release._criteria import evidence_of
from benchwright.builder.release._licences import known_licences
from benchwright.schemas.manifest import FileEntry, Manifest

__all__ = ["croissant_document"]

_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_CONFORMS: Final = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
_FIELDS: Final = (
    ("id", "sc:Text", "id of the item"),
    ("group", "sc:Text", "id of the question, the same in all languages"),
    ("language", "sc:Text", "language as BCP-47"),
    ("origin", "sc:Text", "native, or how it was translated"),
    ("kind", "sc:Text", "kind of question"),
    ("stem", "sc:Text", "text of the question"),
    ("tier", "sc:Text", "raw, silver or gold"),
    ("revision", "sc:Integer", "revision of the item"),
    ("withheld", "sc:Text", "why the texts are withheld; null where they are published"),
    ("canary", "sc:Text", "canary GUID"),
)
_PARTS: Final = (
    (
        "context",
        "shared vignette",
        False,
        (("id", "id of the vignette", None), ("text", "text of the vignette", None)),
    ),
    (
        "options",
        "answers to choose from, in the order of the paper",
        True,
        (
            ("id", "id of the option, the same in all languages", None),
            ("label", "label as printed", None),
            ("text", "text of the option", None),
        ),
    ),
    (
        "key",
        "what is right",
        False,
        (
            ("status", "official, provisional, revised, annulled, contested or unknown", None),
            ("answers", "complete correct responses, each a list of ids of options", "-1,-1"),
            ("accepted", "texts accepted as answers", "-1"),
        ),
    ),
    (
        "exam",
        "where the question was asked",
        False,
        tuple((name, f"{name} of the exam", None) for name in ("code", "edition", "part", "number")),
    ),
)
"""Columns with fields of their own: name, what it is, whether it is a list, and its fields, with their array shape."""


def croissant_document(manifest: Manifest) -> dict[str, Any]:
    """Return the metadata as JSON-LD of Croissant 1.1 and its vocabulary of responsible AI."""
    facts, hand = manifest.facts, manifest.facts["hand"]
    entries = {entry.name: entry for entry in manifest.files}
    tables = facts["tables"]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS,
        "name": manifest.name,
        "alternateName": facts["title"],
        "description": hand["summary"] or f"{facts['title']}: questions of exams. Not for training.",
        "version": manifest.version,
        "inLanguage": sorted({row["language"] for row in tables}),
        "license": _licences(facts["licences"]),
        "url": hand["url"] or hand["repository"] or f"urn:uuid:{facts['canary']}",
        "creator": [_person(one) for one in hand["contributors"]] or [_organisation(facts["title"])],
        **({"datePublished": hand["released"]} if hand["released"] else {}),
        "citeAs": f"{facts['title']}, version {manifest.version}. Canary GUID {facts['canary']}.",
        "keywords": ["benchmark", "exam", "evaluation"],
        "isLiveDataset": False,
        **dict(_responsible(manifest)),
        "distribution": [_file(row["file"], entries[row["file"]]) for row in tables],
        "recordSet": [_records(row["file"], row) for row in tables],
    }


def _licences(decisions: list[dict[str, Any]]) -> list[str]:
    known = known_licences()
    return sorted({known[one["licence"]]["url"] if one["licence"] in known else one["licence"] for one in decisions})


def _person(one: dict[str, Any]) -> dict[str, Any]:
    told = {"@type": "sc:Person", "name": one["name"]}
    return {**told, "affiliation": _organisation(one["affiliation"])} if one["affiliation"] else told


def _organisation(name: str) -> dict[str, Any]:
    return {"@type": "sc:Organization", "name": name}


def _file(name: str, entry: FileEntry) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{entry.size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": entry.sha256,
    }


def _records(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    own = name.removeprefix("data/").removesuffix(".parquet")
    return {
        "@type": "cr:RecordSet",
        "@id": own,
        "name": own,
        "description": f"{facts['n']} items: {facts['language']}, {facts['origin']}, {facts['tier']}, {facts['split']}",
        "key": {"@id": f"{own}/id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{own}/{column}",
                "name": column,
                "description": words,
                "dataType": kind,
                "source": {"fileObject": {"@id": name}, "extract": {"column": column}},
            }
            for column, kind, words in _FIELDS
        ]
        + [_nested(own, name, *part) for part in _PARTS]
        + [_pictures(own, name)],
    }


def _nested(own: str, file: str, column: str, words: str, several: bool, parts: Any) -> dict[str, Any]:
    """Return a column of structs, or of lists of structs, as a field with sub-fields."""
    return {
        "@type": "cr:Field",
        "@id": f"{own}/{column}",
        "name": column,
        "description": words,
        "repeated": several,
        "subField": [
            {
                "@type": "cr:Field",
                "@id": f"{own}/{column}/{name}",
                "name": name,
                "description": said,
                "dataType": "sc:Text",
                **({"isArray": True, "arrayShape": shape} if shape else {}),
                "source": _inside(file, column, name),
            }
            for name, said, shape in parts
        ],
    }


def _pictures(own: str, file: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{own}/images",
        "name": "images",
        "description": "pictures of the item, in the order of its media",
        "dataType": "sc:ImageObject",
        "repeated": True,
        "source": _inside(file, "images", "bytes"),
    }


def _inside(file: str, column: str, name: str) -> dict[str, Any]:
    return {"fileObject": {"@id": file}, "extract": {"column": column}, "transform": {"jsonPath": name}}


def _people(manifest: Manifest) -> Iterator[str]:
    """Yield what the documents on people say in numbers: of all of them together, and of no group."""
    evidence = manifest.facts["evidence"]
    for name in evidence_of(manifest, "people"):
        told = ", ".join(
            f"{key} {value}" for key, value in sorted(evidence[name].items()) if isinstance(value, int | float)
        )
        if told:
            yield f"From evidence/{name}.json: {told}."


def _responsible(manifest: Manifest) -> Iterator[tuple[str, Any]]:
    """Yield the fields of responsible AI that the run or the maintainers can answer; the others are left out."""
    counts, facts, hand = manifest.counts, manifest.facts, manifest.facts["hand"]
    shares = "; ".join(f"{row['language']} {row['origin']} {row['percent']} %" for row in facts["shares"])
    limits = {
        "items without a key": counts["keys_unknown"],
        "items that no reviewer has validated": counts["items_raw"],
        "question numbers that were not found": counts["rejects_missing_numbers"],
        "items read by optical character recognition": counts["items_read_by_ocr"],
        "items without a picture they need": counts["items_without_needed_picture"],
    }
    told = {
        "rai:dataCollection": hand["collection"] or "Questions were read from the papers of exams.",
        "rai:dataCollectionRawData": f"{len(manifest.inputs)} files, named with their SHA-256 in manifest.json.",
        "rai:dataPreprocessingProtocol": [
            f"{row['stage']}, {row['unit']}: {row['rows_in']} in, {row['rows_out']} out, {row['rows_rejected']} "
            f"rejected, {row['rows_merged']} merged"
            for row in facts["ledger"]
        ],
        "rai:dataAnnotationProtocol": hand["annotation"],
        "rai:annotatorDemographics": " ".join([hand["annotators"] or "", *_people(manifest)]).strip(),
        "rai:dataBiases": f"Share of items by language and origin: {shares}.",
        "rai:dataLimitations": [f"{words}: {n}" for words, n in limits.items() if n],
        "rai:dataUseCases": hand["intended_use"],
        "rai:dataSocialImpact": hand["risks"],
        "rai:personalSensitiveInformation": hand["personal_data"],
        "rai:dataReleaseMaintenancePlan": hand["maintenance"],
    }
    yield from ((name, value) for name, value in told.items() if value)
