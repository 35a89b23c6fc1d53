"""Turn standard normals into the growth of nation and region and the course of one ACO.

Every shock is lognormal with a mean of exactly one in each year, so what is projected is the mean of
what comes. Arrays have the years on the axis before the last, ``(..., year, replicate)``. ``anchor`` is
the position on it of benchmark year 3, at which growth is one by definition; it is -1 where the first
year is the one after it. Years before the anchor are reached backwards.
"""

import numpy as np

from simcore.model.arrays import Float64, Rate


def steady_growth(yearly_growth: Rate, *, years: int, anchor: int) -> Float64:
    """Return the factor of a constant yearly growth, ``(..., year)``, one at the anchor.

    Parameters
    ----------
    yearly_growth
        Growth a year, a fraction; any shape, such as ``(enrollment_type,)``.
    years, anchor
        How many years there are, and which of them is benchmark year 3.
    """
    steps = np.arange(years) - anchor
    return (1.0 + np.asarray(yearly_growth)[..., np.newaxis]) ** steps


def national_growth(
    projected: Float64,
    common_normals: Float64,
    type_normals: Float64,
    *,
    common_deviation: float,
    type_deviation: Rate,
    anchor: int,
) -> Float64:
    """Return national per-capita expenditures over those of benchmark year 3.

    Parameters
    ----------
    projected
        Expected yearly growth, ``(enrollment_type,)``.
    common_normals, type_normals
        Standard normals, ``(year, replicate)`` and ``(enrollment_type, year, replicate)``.
    common_deviation, type_deviation
        SD of a year's shock to the log growth of all types, and of each type.
    anchor
        Position of benchmark year 3.

    Returns
    -------
    Float64
        Factors ``(enrollment_type, year, replicate)``.
    """
    years = common_normals.shape[-2]
    walk = walk_loadings(years, anchor=anchor, autocorrelation=0.0)
    deviation = np.broadcast_to(type_deviation, projected.shape)[:, np.newaxis, np.newaxis]
    expected = steady_growth(projected, years=years, anchor=anchor)[..., np.newaxis]
    common = lognormal_factor(common_normals, common_deviation * walk)
    return expected * common * lognormal_factor(type_normals, deviation * walk)


def regional_deviation(normals: Float64, *, deviation: Rate, autocorrelation: float, anchor: int) -> Float64:
    """Return a region's expenditures over the nation's, relative to benchmark year 3.

    Parameters
    ----------
    normals
        Standard normals, ``(year, replicate)`` for all types alike or ``(enrollment_type, year, replicate)``.
    deviation
        SD of a year's deviation from national growth; a number, or one a type.
    autocorrelation
        Correlation of those deviations from one year to the next.
    anchor
        Position of benchmark year 3.

    Returns
    -------
    Float64
        Factors; ``(enrollment_type, year, replicate)`` if either argument has types.
    """
    walk = walk_loadings(normals.shape[-2], anchor=anchor, autocorrelation=autocorrelation)
    return lognormal_factor(normals, np.asarray(deviation)[..., np.newaxis, np.newaxis] * walk)


def aco_deviation(
    normals: Float64, *, innovation_deviation: float, autocorrelation: float, known_start: bool
) -> Float64:
    """Return the ACO's expenditures over what its region's growth leaves to expect.

    Parameters
    ----------
    normals
        Standard normals, ``(year, replicate)``.
    innovation_deviation
        SD of what a year adds to the logarithm of the deviation.
    autocorrelation
        Share of a deviation that is left a year later.
    known_start
        Whether the ACO stood where it was expected to in the year before the first, as when its
        benchmark is given. Otherwise the first year is drawn like any other.

    Returns
    -------
    Float64
        Factors ``(year, replicate)`` with mean one.
    """
    loadings = level_loadings(normals.shape[-2], autocorrelation=autocorrelation, known_start=known_start)
    return lognormal_factor(normals, innovation_deviation * loadings)


def size_shock(normals: Float64, assigned_beneficiaries: Float64, *, size_dependent: float) -> Float64:
    """Return a yearly shock whose SD falls with the root of the size: practice patterns, list changes.

    Parameters
    ----------
    normals
        Standard normals, ``(year, replicate)``.
    assigned_beneficiaries
        Same shape.
    size_dependent
        SD times the root of the assigned beneficiaries.

    Returns
    -------
    Float64
        Factors with mean one, same shape; one where nobody is assigned.
    """
    deviation = size_dependent / np.sqrt(np.maximum(assigned_beneficiaries, 1.0))
    shock: Float64 = np.exp(deviation * normals - 0.5 * deviation**2)
    return np.where(assigned_beneficiaries > 0.0, shock, 1.0)


def coding_growth(normals: Float64, *, yearly_growth: float, deviation: float, anchor: int) -> Float64:
    """Return the growth of the ACO's risk scores beyond the nation's, to which they are renormalised.

    Parameters
    ----------
    normals
        Standard normals, ``(year, replicate)``.
    yearly_growth
        Expected growth a year of the ACO's coding above the nation's, a fraction.
    deviation
        SD of a year's log growth.
    anchor
        Position of benchmark year 3.

    Returns
    -------
    Float64
        Factors ``(year, replicate)``.
    """
    years = normals.shape[-2]
    walk = walk_loadings(years, anchor=anchor, autocorrelation=0.0)
    expected = steady_growth(yearly_growth, years=years, anchor=anchor)[:, np.newaxis]
    return expected * lognormal_factor(normals, deviation * walk)


def walk_loadings(years: int, *, anchor: int, autocorrelation: float) -> Float64:
    """Return how a level that starts at zero at the anchor hangs on each year's normal.

    Its yearly steps have unit SD and are correlated by `autocorrelation` to the power of their
    distance. A year added at the end leaves the other rows as they are.

    Returns
    -------
    Float64
        ``(year, year)``: the level of a row's year is the row times the normals.

    Raises
    ------
    ValueError
        If the anchor is none of the years nor -1.
    """
    if not -1 <= anchor < years:
        raise ValueError(f"anchor must lie in [-1, {years - 1}], got {anchor}")
    year = np.arange(years)
    after = (year > anchor) & (year <= year[:, np.newaxis])
    before = (year <= anchor) & (year > year[:, np.newaxis])
    # Where the first year lies at or before the anchor, no level has the step into it.
    first = 0 if anchor < 0 else 1
    distance = np.abs(year[first:] - year[first:, np.newaxis]).astype(np.float64)
    steps = np.zeros((years, years))
    steps[first:, first:] = np.linalg.cholesky(autocorrelation**distance)
    return (after.astype(np.float64) - before.astype(np.float64)) @ steps


def level_loadings(years: int, *, autocorrelation: float, known_start: bool) -> Float64:
    """Return how an AR(1) level with unit innovations hangs on each year's normal.

    Returns
    -------
    Float64
        ``(year, year)``, lower triangular.

    Raises
    ------
    ValueError
        If a level without a known start has no stationary law.
    """
    if not known_start and not abs(autocorrelation) < 1.0:
        raise ValueError(f"autocorrelation must lie within -1 and 1, got {autocorrelation}")
    lag = np.arange(years)[:, np.newaxis] - np.arange(years)
    loadings = np.where(lag >= 0, autocorrelation ** np.maximum(lag, 0).astype(np.float64), 0.0)
    if not known_start:
        loadings[:, 0] /= np.sqrt(1.0 - autocorrelation**2)
    return loadings


def lognormal_factor(normals: Float64, loadings: Float64) -> Float64:
    """Return the exponential of `loadings` times `normals`, scaled to a mean of one in every year.

    Parameters
    ----------
    normals
        Standard normals, ``(..., year, replicate)``.
    loadings
        ``(..., year, year)``.
    """
    # Year after year, and not by a matrix product, whose last bits change with the number of replicates.
    level = -0.5 * (loadings**2).sum(axis=-1)[..., np.newaxis]
    for year in range(normals.shape[-2]):
        level = level + loadings[..., year, np.newaxis] * normals[..., year, np.newaxis, :]
    factor: Float64 = np.exp(level)
    return factor
