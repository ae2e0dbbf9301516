"""A checklist for benchmarks: what a program can see is checked, the rest is answered by hand and marked so."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from benchwright.schemas.errors import GateError, InputError, Problem
from benchwright.schemas.manifest import Manifest

__all__ = ["CRITERIA", "EVIDENCE_WORDS", "answers_of", "checklist", "evidence_of", "require_criteria"]

CRITERIA: Final = "criteria.json"
EVIDENCE_WORDS: Final = {
    "extraction": ("extraction", "accuracy"),
    "agreement": ("agreement", "kappa"),
    "estimate": ("estimate", "error"),
    "contamination": ("contamination", "certificate"),
    "people": ("reviewers", "translators", "profiles"),
    "notes": ("notes",),
}
"""Words in the name of a document that tell what it measures."""
Checked = tuple[bool, list[str]]


@lru_cache(maxsize=1)
def checklist() -> list[dict[str, str]]:
    """Return the criteria: id, part, text, and how each is answered (check, evidence, hand, or none of them).

    ``or`` names the kind of document that answers in the place of a person.
    """
    text = files("benchwright.builder.release").joinpath("card/criteria.json").read_text(encoding="utf-8")
    found: list[dict[str, str]] = json.loads(text)
    return found


def evidence_of(manifest: Manifest, kind: str) -> list[str]:
    """Return the names of the documents that measure something, told by their names."""
    return [name for name in manifest.facts["evidence"] if any(word in name for word in EVIDENCE_WORDS[kind])]


def answers_of(manifest: Manifest) -> list[dict[str, Any]]:
    """Return one answer for each criterion.

    ``answer`` is yes, no, not applicable or not answered; ``by`` is program, document or hand; ``evidence`` lists
    files with JSON pointers.
    """
    hand = manifest.facts["hand"]
    unknown = sorted(set(hand["answers"]) - {one["id"] for one in checklist()})
    if unknown:
        raise InputError(
            Problem(
                code="card-wrong",
                message="card.yaml answers criteria that are not in the checklist",
                file="card.yaml",
                place="answers",
                found=", ".join(unknown),
                expected=", ".join(one["id"] for one in checklist()),
                remedy="use the ids of docs/release.md",
            )
        )
    return [_answer(one, manifest, hand) for one in checklist()]


def _answer(one: dict[str, str], manifest: Manifest, hand: dict[str, Any]) -> dict[str, Any]:
    told = {"id": one["id"], "part": one["part"], "text": one["text"], "why": None}
    if "check" in one:
        met, pointers = _CHECKS[one["check"]](manifest)
        evidence = [{"file": "manifest.json", "pointer": pointer} for pointer in pointers]
        return {**told, "answer": "yes" if met else "no", "by": "program", "evidence": evidence}
    kind = one.get("evidence") or one.get("or")
    names = evidence_of(manifest, kind) if kind else []
    if "evidence" in one or names:
        evidence = [{"file": f"evidence/{name}.json", "pointer": "/document"} for name in names]
        return {**told, "answer": "yes" if names else "no", "by": "document", "evidence": evidence}
    stated = one.get("hand")
    answer = hand["answers"].get(one["id"])
    if answer is None and stated:
        there = bool(hand.get(stated))
        evidence = [{"file": "manifest.json", "pointer": f"/facts/hand/{stated}"}] if there else []
        return {**told, "answer": "yes" if there else "not answered", "by": "hand", "evidence": evidence}
    said = answer or {"answer": "not answered", "why": None}
    return {**told, "answer": said["answer"], "by": "hand", "evidence": [], "why": said["why"]}


def require_criteria(manifest: Manifest) -> None:
    """Stop with exit code 1 when a criterion that a program checks is not met.

    Raises:
        GateError: ``criteria-not-met``, one problem for each.
    """
    missed = [one for one in answers_of(manifest) if one["by"] != "hand" and one["answer"] == "no"]
    if missed:
        raise GateError(
            [
                Problem(
                    code="criteria-not-met",
                    message=one["text"],
                    place=one["id"],
                    found="no",
                    expected="yes",
                    remedy="see docs/release.md for what the criterion asks, or release without --strict",
                )
                for one in missed
            ]
        )


def _zero(*names: str) -> Callable[[Manifest], Checked]:
    def check(manifest: Manifest) -> Checked:
        return all(manifest.counts[name] == 0 for name in names), [f"/counts/{name}" for name in names]

    return check


def _some(*names: str) -> Callable[[Manifest], Checked]:
    def check(manifest: Manifest) -> Checked:
        return any(manifest.counts[name] > 0 for name in names), [f"/counts/{name}" for name in names]

    return check


def _all(name: str) -> Callable[[Manifest], Checked]:
    def check(manifest: Manifest) -> Checked:
        return manifest.counts[name] == manifest.counts["items"], [f"/counts/{name}", "/counts/items"]

    return check


def _said(name: str) -> Callable[[Manifest], Checked]:
    def check(manifest: Manifest) -> Checked:
        return bool(manifest.facts[name]), [f"/facts/{name}"]

    return check


def _native(manifest: Manifest) -> Checked:
    return any(row["origin"] == "native" for row in manifest.facts["origins"]), ["/facts/origins"]


def _ledger(manifest: Manifest) -> Checked:
    rows = manifest.facts["ledger"]
    held = all(row["rows_in"] == row["rows_out"] + row["rows_rejected"] + row["rows_merged"] for row in rows)
    return held and bool(rows), ["/facts/ledger"]


def _validated(manifest: Manifest) -> Checked:
    return any(row["tier"] in {"silver", "gold"} for row in manifest.facts["tiers"]), ["/facts/tiers"]


def _licences(manifest: Manifest) -> Checked:
    rows = manifest.facts["licences"]
    return all(row["overridden"] is None for row in rows), ["/facts/licences"]


def _evidence_named(manifest: Manifest) -> Checked:
    return all(row["evidence"] for row in manifest.facts["licences"]), ["/facts/licences"]


def _audited(manifest: Manifest) -> Checked:
    return any("audit" in name for name in manifest.signatures), ["/signatures", "/counts/findings"]


def _translated(manifest: Manifest) -> Checked:
    machine = any(row["origin"] == "machine_translation" for row in manifest.facts["origins"])
    scored = any("score" in name or "comet" in name for name in manifest.facts["evidence"])
    return scored or not machine, ["/facts/origins", "/facts/evidence"]


def _always(*pointers: str) -> Callable[[Manifest], Checked]:
    """Return a check of what a release always holds; `verify` compares that it is there."""
    return lambda _: (True, list(pointers))


_CHECKS: Final[dict[str, Callable[[Manifest], Checked]]] = {
    "origins": _said("origins"),
    "native": _native,
    "groups": _said("shares"),
    "human": _some("items_with_human_share"),
    "options": _said("kinds"),
    "pass_rule": _some("items_with_pass_rule"),
    "kinds": _said("kinds"),
    "provenance": _all("items_with_provenance"),
    "inputs": lambda manifest: (bool(manifest.inputs), ["/inputs"]),
    "ledger": _ledger,
    "rejects": _always("/counts/rejects"),
    "keys": _zero("keys_unknown"),
    "keys_final": _zero("keys_provisional", "keys_contested"),
    "pictures": _zero("items_without_needed_picture"),
    "audited": _audited,
    "critical": _zero("findings_critical_open"),
    "major": _zero("findings_major_open"),
    "validated": _validated,
    "splits": _always("/facts/splits"),
    "translated": _translated,
    "canary": _said("canary"),
    "licences": _licences,
    "licence_evidence": _evidence_named,
    "version": _said("changes"),
    "manifest": _always("/files"),
    "private": _said("commitment"),
    "documents": _always("/files"),
    "program": _said("benchwright"),
    "predictions": _said("predictions"),
}
