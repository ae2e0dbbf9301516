"""Releases: versioned folders that others can verify."""

from benchwright.builder.release.make import make_release, plan_release
from benchwright.builder.release.models import Check, VerifyReport
from benchwright.builder.release.verify import require_verified, verify_release

__all__ = ["Check", "VerifyReport", "make_release", "plan_release", "require_verified", "verify_release"]
