"""The card of a release: written from its manifest and from nothing else."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder.release._criteria import EVIDENCE_WORDS, answers_of, evidence_of
from benchwright.builder.release._features import yaml_features
from benchwright.builder.release._hand import filled
from benchwright.builder.release._licences import hub_licence, known_licences
from benchwright.builder.release._tables import item_schema
from benchwright.builder.release._trace import marked, plain, traced
from benchwright.builder.release.models import SourceDecision

if TYPE_CHECKING:
    from jinja2 import Environment

    from benchwright.schemas.manifest import Manifest

__all__ = ["card_environment", "card_text", "front_matter", "render_card", "render_changes"]

_CHOICE: Final = {"single", "multiple", "true_false", "matching"}
_SIZES: Final = (("n<1K", 10**3), ("1K<n<10K", 10**4), ("10K<n<100K", 10**5), ("100K<n<1M", 10**6), ("1M<n<10M", 10**7))
_LIMITS: Final = (
    ("items_raw", "Items that no reviewer has validated (tier raw)"),
    ("keys_unknown", "Items without a key"),
    ("keys_provisional", "Items with a provisional key, given before appeals were decided"),
    ("keys_contested", "Items with a contested key"),
    ("keys_annulled", "Items annulled by the examining body, which have no right answer and must not be scored"),
    ("rejects_missing_numbers", "Question numbers that lie inside the papers and were not found"),
    ("media_missing", "Pictures that an item names and that are missing"),
    ("items_without_needed_picture", "Items that need a picture which this release does not have"),
    ("items_read_by_ocr", "Items read by optical character recognition"),
    ("findings_critical_open", "Open critical findings"),
    ("findings_major_open", "Open major findings"),
    ("findings_waived", "Findings accepted by name in the recipe (waived)"),
    ("items_withheld", "Items without their texts, because the licence does not allow publication"),
)
_SEVERITIES: Final = ("critical", "major", "minor", "info")
_MEASURED: Final = {
    "extraction": "Extraction accuracy",
    "estimate": "Residual error estimate",
    "agreement": "Agreement of reviewers",
    "contamination": "Contamination",
}
_MOST_ROWS: Final = 60
_CONTROL: Final[dict[int, str | int | None]] = dict.fromkeys((2, 3, 4), " ")


def render_card(manifest: Manifest) -> str:
    """Return the text of ``README.md``."""
    return plain(card_text(manifest))


def card_text(manifest: Manifest) -> str:
    """Return the text of the card, in which every number has its pointer between control characters."""
    matter = io.StringIO()
    _yaml().dump(front_matter(manifest), matter)
    body = card_environment().get_template("card.md.j2").render(**_values(manifest))
    return f"---\n{matter.getvalue()}---\n\n{body}"


def _values(manifest: Manifest) -> dict[str, Any]:
    data = {name: traced(getattr(manifest, name), f"/{name}") for name in ("counts", "facts")}
    counts, facts = data["counts"], data["facts"]
    decisions = [SourceDecision.model_validate(one) for one in manifest.facts["licences"]]

    def written(text: str | None) -> str | None:
        said = filled(text, data, lambda value: str(marked(value)))
        return said and " ".join(said.split())

    return {
        "manifest": manifest,
        "counts": SimpleNamespace(**counts),
        "facts": facts,
        "hand": SimpleNamespace(**facts["hand"]),
        "written": written,
        "decisions": {(one.source, one.licence): one for one in decisions},
        "licences": known_licences(),
        "findings": sorted(facts["findings"], key=lambda row: _SEVERITIES.index(row["severity"])),
        "limits": [(counts[name], words) for name, words in _LIMITS if counts[name]],
        "measured": [(title, _measured(manifest, facts, kind)) for kind, title in _MEASURED.items()],
        "people": _measured(manifest, facts, "people"),
        "notes": _measured(manifest, facts, "notes"),
        "others": _other_evidence(manifest, facts),
        "criteria": answers_of(manifest),
        "first_config": facts["configs"][0]["config"],
        "first_split": facts["configs"][0]["split"],
        "key": manifest.name.replace(".", "-"),
    }


def _measured(manifest: Manifest, facts: dict[str, Any], kind: str) -> list[tuple[str, list[tuple[str, Any]]]]:
    return [(name, _flat(facts["evidence"][name])[:_MOST_ROWS]) for name in evidence_of(manifest, kind)]


def _other_evidence(manifest: Manifest, facts: dict[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    known = {name for kind in EVIDENCE_WORDS for name in evidence_of(manifest, kind)}
    return [(name, _flat(document)[:_MOST_ROWS]) for name, document in facts["evidence"].items() if name not in known]


def _flat(value: Any, name: str = "") -> list[tuple[str, Any]]:
    """Return the numbers and words of a document with their names, outermost first."""
    if isinstance(value, dict):
        inner = [(f"{name} {key}".strip(), one) for key, one in value.items()]
    elif isinstance(value, list):
        inner = [(f"{name} {place + 1}", one) for place, one in enumerate(value)]
    else:
        return [(name, value)]
    here = [(key, one) for key, one in inner if not isinstance(one, dict | list)]
    return here + [row for key, one in inner if isinstance(one, dict | list) for row in _flat(one, key)]


def render_changes(manifest: Manifest) -> str:
    """Return the text of ``CHANGELOG.md``."""
    return plain(
        card_environment()
        .get_template("changes.md.j2")
        .render(manifest=manifest, facts=manifest.facts, changes=manifest.facts["changes"])
    )


def front_matter(manifest: Manifest) -> dict[str, Any]:
    """Return the fields in front of the card, in the vocabulary of the hub."""
    facts = manifest.facts
    languages = [row["config"] for row in facts["configs"] if row["by"] == "language"]
    languages = list(dict.fromkeys(languages))
    decisions = [SourceDecision.model_validate(one) for one in facts["licences"]]
    return {
        "pretty_name": facts["title"],
        "language": sorted({tag.split("-")[0] for tag in languages}),
        "language_bcp47": languages,
        **hub_licence(decisions),
        "task_categories": _tasks({row["kind"] for row in facts["kinds"]}, manifest.counts["pictures"]),
        "size_categories": [_size(manifest.counts["items"])],
        "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
        "source_datasets": ["original"],
        "tags": ["benchmark", "exam", "benchwright"],
        "configs": _configs(facts["configs"]),
        "dataset_info": _columns(list(dict.fromkeys(row["config"] for row in facts["configs"]))),
    }


def _columns(configs: list[str]) -> list[dict[str, Any]]:
    """Return the columns for each config: one object, which YAML writes once and refers to from then on."""
    features = yaml_features(item_schema())
    return [{"config_name": name, "features": features} for name in configs]


def _configs(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        files_of = row["files"] if len(row["files"]) > 1 else row["files"][0]
        found.setdefault(row["config"], []).append({"split": row["split"], "path": files_of})
    return [{"config_name": name, "data_files": parts} for name, parts in found.items()]


def _tasks(kinds: set[str], pictures: int) -> list[str]:
    tasks = {"multiple-choice" if kind in _CHOICE else "question-answering" for kind in kinds - {"pair"}}
    tasks |= {"text-classification"} if "pair" in kinds else set()
    tasks |= {"visual-question-answering"} if pictures else set()
    return sorted(tasks)


def _size(items: int) -> str:
    return next((name for name, limit in _SIZES if items < limit), "n>10M")


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=2, offset=0)
    return yaml


@lru_cache(maxsize=1)
def card_environment() -> Environment:
    """Return the templates of card, changelog and datasheet; a name that is missing is an error."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("benchwright.builder.release") / "card"
    names = ("card.md.j2", "changes.md.j2", "datasheet.md.j2")
    environment = Environment(
        loader=DictLoader({name: folder.joinpath(name).read_text(encoding="utf-8") for name in names}),
        autoescape=False,  # noqa: S701 - the output is Markdown; cells are escaped by `cell`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=marked,
    )
    environment.filters["cell"] = _cell
    return environment


def _cell(value: Any) -> Any:
    """Return a value as the text of one table cell: one line, nothing that Markdown or HTML would act upon."""
    if isinstance(value, int | float):
        return value
    text = "" if value is None else " ".join(str(value).translate(_CONTROL).split())
    for mark, plain_mark in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("`", "'"), ("[", "\\["), ("*", "\\*")):
        text = text.replace(mark, plain_mark)
    return text
