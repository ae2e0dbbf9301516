"""Kit: what answers of models say about items; arrays of items by respondents, and the estimators over them."""
