"""Show where the savings rate falls against the corridor between minimum loss and minimum savings rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import StepPatch

from simcore.analysis.display import CORRIDOR_OUTCOMES, choose_contracts, corridor
from simcore.plots.labels import percent_axis, set_title
from simcore.plots.style import INK, LOSS, MUTED, NOTHING, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import contract_name, percent
from simcore.vocabulary import PERFORMANCE_YEAR

_COLOURS = dict(zip(CORRIDOR_OUTCOMES, (LOSS, NOTHING, SAVINGS), strict=True))


@house_style()
def plot_corridor(
    result: xr.Dataset, *, contract: str | None = None, ax: Axes | None = None, title: str | None = None
) -> Drawing:
    """Draw each year's savings rates, with those that cross the MSR or the MLR shaded.

    Parameters
    ----------
    result
        A result of ``simulate``.
    contract
        The contract whose corridor is drawn; the one with the best mean when None.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the result.

    Returns
    -------
    Drawing
        Artists ``shapes`` (sideways histograms), ``minimums`` (corridor lines) and ``labels`` (chances).
    """
    chosen = contract or choose_contracts(result["net_settlement"])[0]
    seen = corridor(result, chosen)
    axes = axes_or_new(ax, height=4.2, left=0.7, right=0.95)
    years = [int(year) for year in seen[PERFORMANCE_YEAR].values]
    shapes = _draw_shapes(axes, seen)
    minimums = _draw_minimums(axes, seen)
    labels = _write_chances(axes, seen)
    axes.axhline(0.0, color=MUTED, linewidth=0.7, zorder=0)
    axes.set_xticks(np.arange(len(years)) + 0.4, [str(year) for year in years])
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.12, len(years) + 0.02)
    percent_axis(axes.yaxis)
    axes.set_ylabel("Savings rate")
    axes.set_xlabel("Performance year")
    crossed = seen["crossed"].mean(PERFORMANCE_YEAR).values
    losing = f", losses in {percent(crossed[0])}" if seen.attrs["two_sided"] else ""
    sentence = (
        title
        or f"{contract_name(chosen)}: savings meet the minimum in {percent(crossed[2])} of years{losing}"
    )
    heading = set_title(
        axes, sentence, "Grey: inside the corridor, nothing is shared. Dashed: minimum savings and loss rate."
    )
    return Drawing(axes, {"shapes": shapes, "minimums": minimums, "labels": labels, "title": [heading]})


def _draw_shapes(axes: Axes, seen: xr.Dataset) -> Sequence[Artist]:
    """Draw a histogram a year, sideways, stacked by outcome."""
    edges = np.append(seen["left"].values, seen["right"].values[-1])
    heights = seen["probability"].transpose(PERFORMANCE_YEAR, "corridor_outcome", "bin").values
    scale = 0.82 / heights.sum(axis=1).max()
    shapes: list[Artist] = []
    for year, stack in enumerate(heights):
        base = np.full(stack.shape[1], float(year))
        for outcome, layer in zip(CORRIDOR_OUTCOMES, stack, strict=True):
            top = base + scale * layer
            shape = StepPatch(
                top,
                edges,
                baseline=base,  # type: ignore[arg-type]  # Its stub does not know of one a bin.
                orientation="horizontal",
                color=_COLOURS[outcome],
                linewidth=0,
            )
            # The limits are set elsewhere: `stairs` asks every step for its own, at the price of drawing it.
            shapes.append(axes.add_artist(shape))
            base = top
    return shapes


def _draw_minimums(axes: Axes, seen: xr.Dataset) -> Sequence[Artist]:
    """Draw the corridor's edges and name them at the right."""
    minimum = seen["minimum_savings_rate"].values
    signs = (1.0, -1.0) if seen.attrs["two_sided"] else (1.0,)
    lines = []
    for sign, name in zip(signs, ("MSR", "MLR"), strict=False):
        for year, value in enumerate(minimum):
            lines += axes.plot(
                [year - 0.06, year + 0.9], [sign * value] * 2, color=INK, linewidth=1.0, linestyle=(0, (4, 2))
            )
        at_zero = abs(minimum[-1]) < 1e-12
        label = "MSR = MLR = 0" if at_zero and len(signs) == 2 else f"{name} {percent(sign * minimum[-1], 1)}"
        if sign > 0 or not at_zero:
            axes.annotate(
                label,
                (1.0, sign * minimum[-1]),
                xycoords=axes.get_yaxis_transform(),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
            )
    return lines


def _write_chances(axes: Axes, seen: xr.Dataset) -> Sequence[Artist]:
    """Write each year's chances over and under its shape."""
    top, bottom = float(seen["right"].values[-1]), float(seen["left"].values[0])
    reach = top - bottom
    axes.set_ylim(bottom - 0.09 * reach, top + 0.09 * reach)
    written = []
    for year, (lost, _, saved) in enumerate(seen["crossed"].values):
        written.append(
            axes.text(
                year + 0.02,
                top + 0.02 * reach,
                f"over {percent(saved)}",
                color=SAVINGS,
                fontsize=8,
                va="bottom",
            )
        )
        if seen.attrs["two_sided"]:
            written.append(
                axes.text(
                    year + 0.02,
                    bottom - 0.02 * reach,
                    f"under {percent(lost)}",
                    color="#A8550F",
                    fontsize=8,
                    va="top",
                )
            )
    return written
