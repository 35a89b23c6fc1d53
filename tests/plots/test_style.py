import subprocess
import sys

import matplotlib
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from simcore.plots.distribution import plot_distribution
from simcore.plots.style import LOSS, NOTHING, SAVINGS, house_style
from tests.example_results import example_result


def test_a_plot_leaves_matplotlib_as_it_was():
    before = dict(matplotlib.rcParams)
    plot_distribution(example_result()).png()
    assert dict(matplotlib.rcParams) == before


def test_no_plot_loads_pyplot():
    code = (
        "import sys, pkgutil, importlib, simcore.plots as room\n"
        "for module in pkgutil.iter_modules(room.__path__):\n"
        "    importlib.import_module(f'simcore.plots.{module.name}')\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_same_drawing_gives_the_same_bytes():
    assert plot_distribution(example_result()).png() == plot_distribution(example_result()).png()


def test_a_drawing_shows_itself_in_a_notebook():
    assert plot_distribution(example_result())._repr_png_().startswith(b"\x89PNG")


def test_loss_nothing_and_savings_differ_in_grey_print_and_without_red_or_green():
    """Oracle: relative luminance of WCAG 2.1, and Vienot 1999's matrices for missing cones."""
    cones = {
        "protan": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
        "deutan": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
    }
    linear = [np.array(to_rgb(colour)) ** 2.2 for colour in (LOSS, NOTHING, SAVINGS)]
    luminance = np.array([colour @ [0.2126, 0.7152, 0.0722] for colour in linear])
    # A contrast of 1.5 between fills is plainly seen; text would need 4.5.
    ordered = np.sort(luminance)
    assert np.all((ordered[1:] + 0.05) / (ordered[:-1] + 0.05) > 1.5)
    for matrix in cones.values():
        seen = [matrix @ colour for colour in linear]
        assert min(np.linalg.norm(seen[i] - seen[j]) for i, j in ((0, 1), (0, 2), (1, 2))) > 0.2


def test_a_contract_with_dollars_and_underscores_is_text_not_mathematics():
    with house_style():
        text = Figure().add_subplot().set_title("$x_1$ and $y^2$")
    assert text.get_parse_math() is False
