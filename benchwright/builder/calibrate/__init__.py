"""Mutation testing for the audit of a dataset: what it finds of known damage in the user's own items."""

from benchwright.builder.calibrate.run import CalibrateWish, Calibration, calibrate_files

__all__ = ["CalibrateWish", "Calibration", "calibrate_files"]
