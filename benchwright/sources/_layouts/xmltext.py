"""XML files of benchmarks: read whole, with entities refused and an error that says which kind of damage it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._flatzip import parse_xml, read_bytes

__all__ = ["read_xml"]


def read_xml(path: Path, file: str) -> Any:
    """Return the root of an XML file.

    Raises:
        InputError: ``xml-entities`` (it declares some), ``xml-damaged``, or the file cannot be read.
    """
    try:
        return parse_xml(read_bytes(path, file), file, "XML")
    except InputError as error:
        told = error.problems[0]
        if told.code != "office-damaged":
            raise
        found = told.found or ""
        entities = "document type" in found
        raise InputError(
            Problem(
                "xml-entities" if entities else "xml-damaged",
                "the XML file declares entities" if entities else "the XML file is not well-formed",
                file,
                found=found,
                expected="XML without a document type" if entities else "a whole XML file",
                remedy="take the declarations out, and look at what they were for" if entities else "fetch it again",
            )
        ) from error
