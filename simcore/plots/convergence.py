"""Show how an estimate settles as replicates are added, with its error."""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes

from simcore.plots.labels import axis_by_units, set_title
from simcore.plots.style import LIGHT_BAND, MUTED, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import MINUS, money, percent


@house_style()
def plot_convergence(trace: xr.DataArray, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw an estimate and its 95 % error band against the number of replicates.

    Parameters
    ----------
    trace
        What ``error_by_replicates`` returns for one contract and period: dim ``replicates`` (how many
        were used), with the coordinate ``standard_error``.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the trace.

    Returns
    -------
    Drawing
        Artists ``line``, ``band`` and ``last`` (the final value).
    """
    count, value = trace["replicates"].values, trace.values
    error = trace["standard_error"].values
    units = str(trace.attrs.get("units", "USD"))
    axes = axes_or_new(ax, height=3.6, left=0.85, right=1.0)
    band = axes.fill_between(count, value - 1.96 * error, value + 1.96 * error, color=LIGHT_BAND, linewidth=0)
    line = axes.plot(count, value, color=SAVINGS)
    last = axes.axhline(float(value[-1]), color=MUTED, linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)
    said, margin = (
        (percent(float(x), 1) if units == "1" else money(float(x))) for x in (value[-1], 1.96 * error[-1])
    )
    axes.annotate(
        said,
        (1.0, float(value[-1])),
        xycoords=axes.get_yaxis_transform(),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        color=SAVINGS,
    )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}".replace("-", MINUS))
    axes.set_xlim(count[0], count[-1])
    axis_by_units(axes.yaxis, units)
    axes.grid(axis="y")
    axes.set_xlabel("Replicates used")
    axes.set_ylabel(str(trace.attrs.get("long_name", "")))
    sentence = title or f"After {count[-1]:,.0f} replicates the estimate is {said}, give or take {margin}"
    heading = set_title(axes, sentence, "Band: 95% simulation error.")
    return Drawing(axes, {"line": line, "band": [band], "last": [last], "title": [heading]})
