"""Small simulated results for the tests of verbs: the shipped scenario with few replicates."""

from importlib.resources import files
from pathlib import Path

from simcore.scenario.files import read_scenario

TEMPLATES = Path(str(files("simcore.scenario").joinpath("templates")))
TRACK_CHOICE = TEMPLATES / "track_choice.toml"
REAL_ACO = TEMPLATES / "real_aco.toml"
"""A scenario from a record, which says what contract the ACO is in."""
BASIC_E = "BASIC-E msr=0.010"
ENHANCED = "ENHANCED msr=variable"


def short_scenario(replicates, **changes):
    """Return the shipped choice of tracks with few replicates and two contracts."""
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    base = {"simulation.replicates": replicates, "contract.options": (BASIC_E, ENHANCED)}
    return read_scenario(TRACK_CHOICE).with_changes(base | dotted)
