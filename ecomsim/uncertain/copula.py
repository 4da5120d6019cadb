"""Parameters that move together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError
from ecomsim.uncertain.base import Floats

__all__ = ["copula_root", "correlate"]


def correlate(uniforms: Floats, matrix: ArrayLike, names: Sequence[str]) -> Floats:
    """Tie independent uniforms together by a Gaussian copula.

    Parameters
    ----------
    uniforms : (n, p) array in (0, 1)
    matrix : (p, p) correlation matrix
    names : the p parameters, for the error message

    Returns
    -------
    (n, p) array of uniforms whose normal scores have correlation `matrix`.

    Raises
    ------
    EcomsimError
        If the matrix is not symmetric with unit diagonal, or not positive semi-definite.
    """
    root = copula_root(matrix, names)
    from scipy.special import ndtr, ndtri

    z = ndtri(uniforms) @ root.T
    return np.asarray(ndtr(z))


def copula_root(matrix: ArrayLike, names: Sequence[str]) -> Floats:
    """Return R with R R' = `matrix`; raises as `correlate`."""
    corr = np.asarray(matrix, float)
    where = "correlations of " + ", ".join(names)
    if (
        corr.shape != (len(names), len(names))
        or not np.allclose(corr, corr.T)
        or not np.allclose(np.diag(corr), 1)
    ):
        raise EcomsimError(
            where, f"a {corr.shape} matrix", "a symmetric matrix with ones on its diagonal", ""
        )
    values, vectors = np.linalg.eigh(corr)
    if values.min() < -1e-9:
        worst = names[int(np.argmax(np.abs(vectors[:, 0])))]
        raise EcomsimError(
            where,
            f"not positive semi-definite (smallest eigenvalue {values.min():.3g})",
            "correlations that can hold together",
            f"Weaken the correlations of '{worst}'",
        )
    if values.min() > 1e-12:
        return np.asarray(np.linalg.cholesky(corr))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))
