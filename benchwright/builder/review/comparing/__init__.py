"""Two versions of one question side by side: planned, shown, and what the judgements say."""
