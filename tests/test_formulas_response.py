"""Response curves: identities, hand values, and errors that name the remedy."""

from __future__ import annotations

import numpy as np
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.formulas.answer_time import AnswerPoints, ExponentialAnswer
from ecomsim.formulas.response import (
    adstock,
    commission_response,
    hill,
    paid_response,
    score_effect,
    tabulate,
)


def test_adstock_zero_is_the_identity_bit_for_bit() -> None:
    x = np.random.default_rng(0).gamma(2, 500, (3, 40))
    np.testing.assert_array_equal(adstock(x, 0.0, before=999.0), x)


def test_adstock_is_the_convolution_with_powers() -> None:
    x = np.random.default_rng(1).gamma(2, 500, 30)
    expected = [sum(0.6 ** (d - i) * x[i] for i in range(d + 1)) for d in range(30)]
    np.testing.assert_allclose(adstock(x, 0.6), expected, rtol=1e-12)
    # cutting the series in two and handing over the state changes nothing
    first = adstock(x[:11], 0.6)
    np.testing.assert_array_equal(adstock(x[11:], 0.6, before=first[-1]), adstock(x, 0.6)[11:])


def test_zero_spend_is_exactly_zero() -> None:
    for n in (0.5, 1.0, 3.0):
        assert hill(0.0, 100.0, n) == 0.0
        got = paid_response(
            np.zeros(5), observed_spend=500, observed_visitors=300, alpha=0.4, n=n, before=0.0
        )
        assert (got == 0).all()


def test_response_passes_through_the_observed_point_and_saturates() -> None:
    steady = paid_response(
        np.full(9, 800.0), observed_spend=800, observed_visitors=120, alpha=0.5, saturation=0.7, n=1.4
    )
    np.testing.assert_allclose(steady, 120, rtol=1e-12)
    much = paid_response([1e15], observed_spend=800, observed_visitors=120, saturation=1.0, n=1.0, before=0)
    assert much[0] == pytest.approx(240)  # half saturated at the observed spend
    spends = np.linspace(0, 5000, 50)
    got = hill(spends, 700, 1.0)
    assert (np.diff(got) > 0).all() and (np.diff(got, 2) < 0).all()
    assert hill(1e300, 1e-300, 5.0) == 1.0


def test_commission() -> None:
    assert commission_response(0.08, 0.08, 0.7) == 1.0
    assert commission_response(0.16, 0.08, 1.0) == pytest.approx(2.0)
    assert commission_response(0.0, 0.08, 0.7) == 0.0
    np.testing.assert_array_equal(commission_response([0.01, 0.5], 0.08, 0.0), [1, 1])


@pytest.mark.parametrize(
    "curve",
    [ExponentialAnswer(45, 0.3, 15), ExponentialAnswer(45), AnswerPoints(((0, 0.4), (30, 0.35), (180, 0.1)))],
)
def test_answer_curves_fall_from_one_to_unanswered(curve: ExponentialAnswer | AnswerPoints) -> None:
    t = np.linspace(0, 2000, 4001)
    g = curve(t)
    assert g[0] == 1.0
    assert (np.diff(g) <= 0).all() and (g >= curve.unanswered - 1e-15).all()
    assert float(curve(1e12)) == pytest.approx(curve.unanswered, abs=1e-12)


def test_answer_points_hand_values() -> None:
    curve = AnswerPoints(((0, 0.4), (30, 0.36), (180, 0.1)))
    assert float(curve(15)) == pytest.approx(0.95)  # (.4 + .36) / 2 / .4
    assert float(curve(105)) == pytest.approx(0.575)  # (.36 + .1) / 2 / .4
    assert curve.unanswered == pytest.approx(0.25)


def test_score_effect() -> None:
    assert score_effect(4.8, 4.8, 3.0) == 1.0
    assert score_effect(4.9, 4.8, 3.0) == pytest.approx(np.exp(0.3))
    np.testing.assert_array_equal(score_effect([-1e9, 1e9], 4.8, 3.0), [0.5, 2.0])


def test_tabulate_is_close_exact_at_points_and_padded() -> None:
    table = tabulate(ExponentialAnswer(60, 0.2), 0, 1800)
    x = np.random.default_rng(2).uniform(0, 1800, 999)
    bound = (1800 / 4096) ** 2 / 8 * 0.8 * (np.log(2) / 60) ** 2  # step^2 / 8 times the curvature
    np.testing.assert_allclose(table(x), ExponentialAnswer(60, 0.2)(x), rtol=0, atol=1.01 * bound)
    knots = np.linspace(0, 1800, 4097)
    np.testing.assert_allclose(table(knots), ExponentialAnswer(60, 0.2)(knots), rtol=1e-9)
    assert table.values.size == 4098 and table.values[-1] == table.values[-2]
    np.testing.assert_array_equal(table([-5, 1e9]), [1.0, table.values[-1]])
    assert not table.values.flags.writeable


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: adstock([1, float("nan")], 0.5), r"spend\[1\]: got NaN"),
        (lambda: adstock([1.0], 50), r"alpha: got 50.*0\.5"),
        (lambda: adstock([1.0], 1.0), "alpha.*below 1"),
        (lambda: hill(1, 0), "kappa.*above 0"),
        (lambda: commission_response(20, 0.1, 1), r"rate: got 20.*0\.2"),
        (lambda: ExponentialAnswer(0), "answer.half_life_s.*seconds"),
        (lambda: AnswerPoints(((0, 0.4), (30, 0.5))), "never rises"),
        (lambda: AnswerPoints(((5, 0.4), (3, 0.3))), "rising from 0"),
        (lambda: tabulate(np.log, 0, 1), r"curve 'log': got -inf at 0"),
        (lambda: tabulate(lambda x: x[:-1], 0, 1), "shape"),
        (lambda: tabulate(np.exp, 1, 1), "tabulate.high"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_refusals(call: object, words: str) -> None:
    with pytest.raises(EcomsimError, match=words):
        call()  # type: ignore[operator]
