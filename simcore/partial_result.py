"""Make of what an interrupted run has done a result to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import xarray as xr

from simcore.dataset import Array
from simcore.run_folder import Folder, read_block, remove, replicates_of
from simcore.scenario.schema import Scenario
from simcore.simulate import Study, blocks_of, gather, label, prepare
from simcore.store import save
from simcore.vocabulary import REPLICATE
from simcore.zarr_store import ZarrWriter


def keep_partial(scenario: Scenario, folder: Path) -> tuple[Path, int] | None:
    """Make of an interrupted run's blocks, as far as they have no gap, a result to look at.

    Returns
    -------
    path, replicates
        None where no replicate is done, or where the run was adding to a result, which is still there.
    """
    place = Folder(folder)
    if place.result.exists():
        return None
    if place.under_way == "zarr":
        return _keep_partial_store(place, prepare(scenario))
    part = finished_part(scenario, folder)
    return None if part is None else (save(part, place.partial_as("netcdf")), part.sizes[REPLICATE])


def finished_part(scenario: Scenario, folder: Path) -> xr.Dataset | None:
    """Return the replicates of an interrupted run that are done without a gap, if there are any."""
    study = prepare(scenario)
    parts = list(_without_gap(Folder(folder), scenario.simulation.replicates, first=0))
    replicates = sum(replicates_of(part) for part in parts)
    return label(study, gather(parts, replicates)) if parts else None


def _without_gap(place: Folder, replicates: int, *, first: int) -> Iterator[dict[str, Array]]:
    """Yield the stored blocks up to the first that is absent."""
    for block in blocks_of(replicates, first=first):
        stored = read_block(place.block(block))
        if stored is None:
            return
        yield stored


def _keep_partial_store(place: Folder, study: Study) -> tuple[Path, int] | None:
    """Add the last blocks to a store in the making, and cut it to what is done."""
    writer = ZarrWriter(place.growing, study.scenario.simulation.replicates, trusted=True)
    done = writer.written
    for arrays in _without_gap(place, study.scenario.simulation.replicates, first=done):
        writer.put(label(study, arrays, first_replicate=done))
        done += replicates_of(arrays)
    if done == 0:
        return None
    writer.finish(study.attributes)
    kept = place.partial_as("zarr")
    remove(kept)
    return place.growing.rename(kept), done
