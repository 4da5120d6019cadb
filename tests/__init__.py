"""A package, so that nobody else's `tests` is taken for ours."""
