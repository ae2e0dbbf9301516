"""Run by the Python of an environment with the extra [hub]: publishes releases to a hub on the loopback, with faults.

    python -m tests.services.hub_scenes FOLDER_OF_RELEASES [versions]

Prints one JSON document with what came of each scene; ``versions`` only publishes the releases and loads them back.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.services.hub import running_hub
from tests.services.hub_data import Fault, State, pieces

TOKEN = "hf_secretOfTheTest"
PART = 4096
"""Bytes of a part, where objects are taken in parts: tables of the test have several."""
SCENES: dict[str, list[Fault]] = {
    **{
        f"{where}-{how}": [Fault(where, how)]
        for where in ("refs", "create", "preupload", "batch", "lfs", "part", "complete", "commit", "tag")
        for how in ("drop", "late")
    },
    "commit-500": [Fault("commit", 500)],
    "forever-500": [Fault("commit", 500, times=10_000)],
    "no-permission": [Fault("create", 403, message="You do not have the right to create a dataset there")],
    "quota": [Fault("commit", 403, times=5, message="Private repository storage limit reached")],
    "no-space": [Fault("lfs", 507, times=100)],
    "wrong-token": [Fault("refs", 401, times=5, message=f"Invalid credentials: {TOKEN}")],
}


def tried(plan: Any, name: str) -> dict[str, Any]:
    from benchwright.builder.publish.hub import publish_hub
    from benchwright.schemas.errors import BenchwrightError

    try:
        done = publish_hub(plan, name, pause=0.0)
    except BenchwrightError as error:
        return {"code": error.problems[0].code, "text": str(error), "message": error.problems[0].message}
    return {"code": None, "committed": done.committed, "tagged": done.tagged, "steps": done.steps}


def scene(plan: Any, name: str, faults: list[Fault], state: State) -> dict[str, Any]:
    """Publish with faults, then again without; tell what came of both, and what the hub holds."""
    state.blobs.clear()  # or the objects of an earlier scene would be there
    state.part = PART if any(one.where in {"part", "complete"} for one in faults) else None
    state.faults = [Fault(one.where, one.how, one.times, one.message) for one in faults]
    started = len(state.log)
    first = tried(plan, name)
    state.faults = []
    before = len(state.log)
    second = tried(plan, name)
    repo = state.repos[name]
    sent = state.log[before:]
    return {
        "first": first,
        "second": second,
        "third": tried(plan, name),
        "commits": [one.message for one in repo.commits],
        "tags": repo.tags,
        "head": repo.head,
        "files": sorted(set(repo.commits[-1].files) - {".gitattributes"}),
        "parts": state.log[started:].count("part"),
        "sent_again": {route: sent.count(route) for route in ("commit", "tag", "lfs")},
    }


def loaded(name: str, revision: str) -> dict[str, Any]:
    """Load every config as the library does, and tell what is in it."""
    import datasets  # pyright: ignore[reportMissingImports]

    datasets.disable_progress_bars()
    found = {}
    for config in datasets.get_dataset_config_names(name, revision=revision):
        table = datasets.load_dataset(name, config, split="test", revision=revision)
        sizes = [image.size for images in table["images"] for image in images]
        found[config] = {"ids": table["id"][:], "stems": table["stem"][:], "sizes": sizes}
    return found


def described(release: Path) -> dict[str, Any]:
    """Let mlcroissant validate the metadata and read records back, and huggingface_hub read and compare the card."""
    import huggingface_hub
    import mlcroissant  # pyright: ignore[reportMissingImports]

    metadata = mlcroissant.Dataset(jsonld=release / "croissant.json")
    records = {one.id: [_plain(row) for row in metadata.records(one.id)] for one in metadata.metadata.record_sets}
    card: Any = huggingface_hub.DatasetCard.load(release / "README.md")
    card.validate(repo_type="dataset")
    template = Path(huggingface_hub.__file__).parent / "templates" / "datasetcard_template.md"
    heads = [line.removesuffix(" [optional]") for line in template.read_text().splitlines() if line.startswith("##")]
    wanted = [head for head in heads if "{{" not in head]
    return {
        "errors": sorted(metadata.metadata.issues.errors),
        "conforms": str(metadata.metadata.ctx.conforms_to),
        "records": records,
        "missing_heads": [head for head in wanted if head not in card.text.splitlines()],
        "heads": len(wanted),
        "configs": [one["config_name"] for one in card.data.configs],
    }


def _plain(value: Any) -> Any:
    """Return a record as JSON values: the last part of each name, texts for bytes, the size of a picture."""
    if isinstance(value, dict):
        return {name.rsplit("/", 1)[1]: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.decode()
    return list(value.size) if hasattr(value, "size") else value


def versions(plans: list[Any], name: str, state: State) -> dict[str, Any]:
    """Publish two versions, load and verify them, and try to publish other files under a version that is there."""
    from benchwright.builder.publish import fetched, publish
    from benchwright.builder.publish.hub import publish_hub
    from benchwright.builder.release import verify_release

    first, second = plans
    dry = publish_hub(first, name, dry_run=True)
    told: dict[str, Any] = {"dry": dry.steps, "dry_repos": list(state.repos)}
    publish(first.release, f"hf:{name}", private=True, gated="manual")
    told["private"], told["gated"] = state.repos[name].private, state.repos[name].gated
    told["described"] = described(first.release)
    state.log.clear()
    told["second"] = publish_hub(second, name, pause=0.0).steps
    told["uploaded"] = state.log.count("lfs")
    told["message"] = state.repos[name].commits[-1].message
    told["description"] = state.repos[name].commits[-1].description
    told["tags"] = sorted(state.repos[name].tags)
    told["loaded"] = {plan.tag: loaded(name, plan.tag) for plan in plans}
    for plan in plans:
        with fetched(f"hf:{name}@{plan.tag}") as folder:
            report = verify_release(folder)
            told.setdefault("verified", {})[plan.tag] = [report.ok, [str(one) for one in report.differences][:5]]
    other = type(first)(**{**vars(first), "files": second.files})
    told["other_files"] = tried(other, name)
    files = state.repos[name].commits[1].files
    files["README.md"] = b"".join(pieces(files["README.md"])) + b" edited on the hub"
    told["edited"] = tried(first, name)
    return told


def command_line(release: Path, name: str) -> dict[str, Any]:
    """Use the commands, as a person does."""
    from typer.testing import CliRunner

    from benchwright.builder.cli import app

    done = CliRunner().invoke(app, ["publish", str(release), "--to", f"hf:{name}", "--json"])
    checked = CliRunner().invoke(app, ["verify", f"hf:{name}@v{release.name}"])
    missing = CliRunner().invoke(app, ["verify", f"hf:{name}@v9.9.9"])
    return {
        "publish": [done.exit_code, done.output],
        "verify": [checked.exit_code, checked.output],
        "missing": [missing.exit_code, missing.output],
    }


def main() -> None:
    releases = Path(sys.argv[1])
    with running_hub() as (address, state), tempfile.TemporaryDirectory() as home:
        # Before the client is imported, which reads them once.
        os.environ.update(
            HF_ENDPOINT=address, HF_HOME=home, HF_TOKEN=TOKEN, HF_HUB_DISABLE_XET="1", HF_HUB_DISABLE_TELEMETRY="1"
        )
        from benchwright.builder.publish.plan import plan_of

        plans = [plan_of(path) for path in sorted(releases.iterdir())]
        told: dict[str, Any] = {"token": TOKEN}
        told["versions"] = versions(plans, "tester/exam", state)
        if sys.argv[2:] == ["versions"]:
            print(json.dumps(told))
            return
        told["command_line"] = command_line(plans[0].release, "tester/by-hand")
        told["scenes"] = {name: scene(plans[0], f"tester/{name}", faults, state) for name, faults in SCENES.items()}
        told["released"] = [one.name for one in plans[0].files]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
