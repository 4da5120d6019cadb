"""Measured figures, one JSON line each: `python -m benchmarks AREA`."""
