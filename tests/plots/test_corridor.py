from simcore.plots.corridor import plot_corridor
from simcore.plots.words import percent
from tests.example_results import example_result


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_corridor(example_result(), contract="BASIC-E msr=0.010"), "corridor")


def test_the_written_chances_are_the_crossings_of_the_result():
    result = example_result()
    drawing = plot_corridor(result, contract="BASIC-E msr=0.010")
    met = result["msr_met"].sel(contract="BASIC-E msr=0.010").mean("replicate").values
    written = [label.get_text() for label in drawing.artists["labels"][::2]]
    assert written == [f"over {percent(float(chance))}" for chance in met]


def test_a_one_sided_contract_owes_nothing_on_the_picture():
    drawing = plot_corridor(example_result(), contract="BASIC-B")
    assert not [label for label in drawing.artists["labels"] if "under" in label.get_text()]
