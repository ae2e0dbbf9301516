"""Review by people: plans, forms, what comes back, how far reviewers agree, and what the rest of the set is worth."""
