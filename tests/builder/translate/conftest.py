"""Fixtures of the tests of translation."""

from tests.builder.translate.toy import bench

__all__ = ["bench"]
