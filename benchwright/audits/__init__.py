"""Audits: items to scores and findings. They never change or drop an item.

A public module of this room is an audit and exposes ``AUDIT``; modules that begin with ``_`` are their kit.
"""

from benchwright.audits._answers.rest import item_rest
from benchwright.audits._answers.table import AnswerTable, answer_table, judged
from benchwright.audits._findings import with_ids
from benchwright.audits._lid.told import language_told
from benchwright.audits._optionties import asks_for_best, option_ties, option_ties_digest
from benchwright.audits._pairs import pair_items
from benchwright.audits._registry import audit_codes, audits
from benchwright.audits._repairs import REPAIRS
from benchwright.audits._risk import RISK_SIGNATURE, SEVERITY_WEIGHTS, risk
from benchwright.audits._run import chosen_codes, run_audits
from benchwright.audits._withheld import half_withheld, is_withheld

__all__ = [
    "REPAIRS",
    "RISK_SIGNATURE",
    "SEVERITY_WEIGHTS",
    "AnswerTable",
    "answer_table",
    "asks_for_best",
    "audit_codes",
    "audits",
    "chosen_codes",
    "half_withheld",
    "is_withheld",
    "item_rest",
    "judged",
    "language_told",
    "option_ties",
    "option_ties_digest",
    "pair_items",
    "risk",
    "run_audits",
    "with_ids",
]
