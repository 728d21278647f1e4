"""Exact tails of rare counts, and which of many tests may convict.

Probabilities are natural logarithms, so that one in a googol is a number like any other. Each tail is its
term nearest to the bulk, which ``lgamma`` gives, times a series of ratios that begins at 1 and falls. They
rank and judge; they are never compared for equality.

Sources: Clopper and Pearson, Biometrika 26 (1934), for exact limits; Garwood, Biometrika 28 (1936), for the
Poisson limit; Wilson and Hilferty, Proc. Natl. Acad. Sci. 17 (1931), for its first guess; Benjamini and
Hochberg, J. R. Stat. Soc. B 57 (1995), for many tests at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

NEGLIGIBLE = 1e-17
STEPS, EXACT = 50, 1e-10
"""Steps of Newton's method, which doubles the right digits: two or three are usual."""


def log_binomial_tail(count: int, trials: int, rate: Fraction) -> float:
    """The log of P(X <= count) of a binomial count; ``rate`` lies between 0 and 1, both excluded."""
    if count >= trials:
        return 0.0
    odds = float(rate / (1 - rate))
    if count < trials * rate:
        below = _series(i / (odds * (trials - i + 1)) for i in range(count, 0, -1))
        return _log_binomial_term(count, trials, rate) + math.log(below)
    first = count + 1
    above = _series(odds * (trials - i) / (i + 1) for i in range(first, trials))
    return _log_complement(_log_binomial_term(first, trials, rate) + math.log(above))


def poisson_upper_limit(count: int, confidence: float = 0.95) -> float:
    """The largest mean that ``count`` events do not rule out: about 3 for none at 95%.

    It is the mean at which so few events have the probability 1 - confidence; that is at least 0.5.
    """
    wanted = math.log1p(-confidence)
    one_more = count + 1.0
    deviations = NormalDist().inv_cdf(confidence)
    mean = one_more * (1 - 1 / (9 * one_more) + deviations / (3 * math.sqrt(one_more))) ** 3
    for _ in range(STEPS):
        below = _series(i / mean for i in range(count, 0, -1))
        step = (_log_poisson_term(count, mean) + math.log(below) - wanted) * below  # the slope is -1 / below
        mean += step
        if abs(step) <= mean * EXACT:
            break
    return mean


def rejections(log_tails: Sequence[float], alpha: Decimal) -> int:
    """How many of the tests convict, of log tails in ascending order: the first so many (Benjamini-Hochberg).

    The share of false ones among them is at most ``alpha`` on average. Equal tails stand or fall together.
    """
    level = math.log(alpha)
    convicting = (
        rank
        for rank, log_tail in enumerate(log_tails, 1)
        if log_tail <= level + math.log(rank) - math.log(len(log_tails))
    )
    return max(convicting, default=0)


def probability_text(log_probability: float) -> str:
    """Four significant digits: ``0.1352``, ``0.01001``, ``4.517e-5``, also far below the smallest double."""
    if log_probability >= math.log(0.01):
        return f"{math.exp(log_probability):.4g}"
    power, rest = divmod(log_probability / math.log(10), 1)
    digits = f"{10**rest:.3f}"
    if digits == "10.000":
        digits, power = "1.000", power + 1
    return f"{digits}e{power:.0f}"


def _log_binomial_term(count: int, trials: int, rate: Fraction) -> float:
    ways = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
    return ways + count * math.log(rate) + (trials - count) * math.log1p(-rate)


def _log_poisson_term(count: int, mean: float) -> float:
    return count * math.log(mean) - mean - math.lgamma(count + 1)


def _series(ratios: Iterable[float]) -> float:
    """1 + a + a * b + a * b * c ... for falling ratios below 1, until nothing is left to add."""
    total = term = 1.0
    for ratio in ratios:
        term *= ratio
        total += term
        if term < total * NEGLIGIBLE:
            break
    return total


def _log_complement(log_probability: float) -> float:
    return math.log1p(-math.exp(log_probability)) if log_probability < 0 else -math.inf
