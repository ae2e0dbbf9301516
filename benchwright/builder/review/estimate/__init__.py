"""The error rate of a whole set from the items that people reviewed, with an interval."""
