"""Existing benchmarks: what their columns mean, as data; the tables that hold them, as frames of records."""
