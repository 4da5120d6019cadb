"""Serving the dashboards to browsers: one process, a pool of warm kernels, nothing else within reach."""

from ecomsim.serve.settings import Serving, make_token

__all__ = ["Serving", "make_token"]
