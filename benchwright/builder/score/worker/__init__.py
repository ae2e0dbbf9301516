"""Programs that run in the environment ``comet``; nothing of the package imports them."""
