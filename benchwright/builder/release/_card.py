"""The card of a release: written from its manifest and from nothing else."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from benchwright.builder.release._features import yaml_features
from benchwright.builder.release._licences import hub_licence, known_licences
from benchwright.builder.release._tables import SPLIT, data_file, item_schema
from benchwright.builder.release.models import SourceDecision

if TYPE_CHECKING:
    from jinja2 import Environment

    from benchwright.schemas.manifest import Manifest

__all__ = ["front_matter", "render_card", "render_changes"]

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


def render_card(manifest: Manifest) -> str:
    """Return the text of ``README.md``."""
    matter = io.StringIO()
    _yaml().dump(front_matter(manifest), matter)
    decisions = [SourceDecision.model_validate(one) for one in manifest.facts["licences"]]
    body = (
        _environment()
        .get_template("card.md.j2")
        .render(
            manifest=manifest,
            counts=SimpleNamespace(**manifest.counts),
            facts=manifest.facts,
            decisions=decisions,
            licences=known_licences(),
            findings=sorted(manifest.facts["findings"], key=lambda row: _SEVERITIES.index(row["severity"])),
            limits=[(manifest.counts[name], words) for name, words in _LIMITS if manifest.counts[name]],
            first_config=manifest.facts["configs"][0]["config"],
            split=SPLIT,
            key=manifest.name.replace(".", "-"),
        )
    )
    return f"---\n{matter.getvalue()}---\n\n{body}"


def render_changes(manifest: Manifest) -> str:
    """Return the text of ``CHANGELOG.md``."""
    return (
        _environment()
        .get_template("changes.md.j2")
        .render(manifest=manifest, facts=manifest.facts, changes=manifest.facts["changes"])
    )


def front_matter(manifest: Manifest) -> dict[str, Any]:
    """Return the fields in front of the card, in the vocabulary of the hub."""
    facts = manifest.facts
    configs = [row["config"] for row in facts["configs"]]
    decisions = [SourceDecision.model_validate(one) for one in facts["licences"]]
    return {
        "pretty_name": facts["title"],
        "language": sorted({config.split("-")[0] for config in configs}),
        "language_bcp47": configs,
        **hub_licence(decisions),
        "task_categories": _tasks({row["kind"] for row in facts["kinds"]}, manifest.counts["pictures"]),
        "size_categories": [_size(manifest.counts["items"])],
        "multilinguality": ["multilingual" if len(configs) > 1 else "monolingual"],
        "source_datasets": ["original"],
        "tags": ["benchmark", "exam", "benchwright"],
        "configs": [
            {"config_name": config, "data_files": [{"split": SPLIT, "path": data_file(config)}]} for config in configs
        ],
        "dataset_info": [{"config_name": config, "features": yaml_features(item_schema())} for config in configs],
    }


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
    yaml.representer.ignore_aliases = lambda *_: True
    yaml.indent(mapping=2, sequence=2, offset=0)
    return yaml


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("benchwright.builder.release")
    names = ("card.md.j2", "changes.md.j2")
    environment = Environment(
        loader=DictLoader({name: folder.joinpath(name).read_text(encoding="utf-8") for name in names}),
        autoescape=False,  # noqa: S701 - the output is Markdown; cells are escaped by `cell`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    return environment


def _cell(value: Any) -> str:
    """Return a value as the text of one table cell: one line, nothing that Markdown or HTML would act upon."""
    text = "" if value is None else " ".join(str(value).split())
    for mark, plain in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("`", "'"), ("[", "\\["), ("*", "\\*")):
        text = text.replace(mark, plain)
    return text
