from .analysis.aggregate_cover import AggregateCover as AggregateCover
from .analysis.appetite import (
    certainty_equivalent as certainty_equivalent,
    lowest_tail_within as lowest_tail_within,
    mean_tail_frontier as mean_tail_frontier,
)
from .analysis.attribution import rule_amounts as rule_amounts, value_of_rules as value_of_rules
from .analysis.comparison import (
    difference_between as difference_between,
    paired_differences as paired_differences,
    probability_better as probability_better,
    regret as regret,
)
from .analysis.convergence import (
    error_by_replicates as error_by_replicates,
    replicates_needed as replicates_needed,
)
from .analysis.credibility import (
    Program as Program,
    chance_of_reward as chance_of_reward,
    luck_of_size as luck_of_size,
    posterior as posterior,
    posterior_on_grid as posterior_on_grid,
)
from .analysis.display import choose_contracts as choose_contracts, corridor as corridor
from .analysis.dominance import dominance as dominance
from .analysis.election import (
    break_even_elections as break_even_elections,
    break_even_true_savings as break_even_true_savings,
    election_values as election_values,
    value_by_true_savings as value_by_true_savings,
)
from .analysis.exceedance import (
    exceedance_curve as exceedance_curve,
    return_period_loss as return_period_loss,
)
from .analysis.portfolio import (
    diversification_benefit as diversification_benefit,
    portfolio_measures as portfolio_measures,
    portfolio_total as portfolio_total,
    stack_contracts as stack_contracts,
    tail_contributions as tail_contributions,
)
from .analysis.repayment import adequacy as adequacy, required_amount as required_amount
from .analysis.risk import (
    agreement_total as agreement_total,
    mean as mean,
    medicare_savings as medicare_savings,
    probability as probability,
    quantile as quantile,
    standard_deviation as standard_deviation,
    tail_value_at_risk as tail_value_at_risk,
    value_at_risk as value_at_risk,
)
from .analysis.runs import (
    agreement_outcome as agreement_outcome,
    paired_difference as paired_difference,
    summarize_grid as summarize_grid,
)
from .analysis.sensitivity import (
    InputRange as InputRange,
    goal_seek as goal_seek,
    one_at_a_time as one_at_a_time,
)
from .analysis.sizing import (
    beneficiaries_needed as beneficiaries_needed,
    normal_chance as normal_chance,
    size_table as size_table,
    value_of_merging as value_of_merging,
)
from .analysis.stop_loss import SpecificCover as SpecificCover, expected_recovery as expected_recovery
from .analysis.summary import summarize as summarize
from .analysis.variance_shares import (
    individual_share as individual_share,
    shares_by_input as shares_by_input,
    variance_by_layer as variance_by_layer,
)
from .errors import (
    DataError as DataError,
    RegulationError as RegulationError,
    ResultError as ResultError,
    ScenarioError as ScenarioError,
    SimcoreError as SimcoreError,
)
from .executors import dask as dask, serial as serial, threads as threads
from .model.contracts.in_force import contract_terms as contract_terms
from .model.contracts.settlement import settle_contract as settle_contract
from .model.contracts.terms import ContractTerms as ContractTerms
from .model.settlement import Settlement as Settlement, SharingTerms as SharingTerms, settle as settle
from .plots.comparison import plot_comparison as plot_comparison
from .plots.convergence import plot_convergence as plot_convergence
from .plots.corridor import plot_corridor as plot_corridor
from .plots.distribution import plot_distribution as plot_distribution
from .plots.exceedance import plot_exceedance as plot_exceedance
from .plots.fan import plot_fan as plot_fan
from .plots.frontier import plot_frontier as plot_frontier
from .plots.pit import plot_pit as plot_pit
from .plots.reliability import plot_reliability as plot_reliability
from .plots.sizing import plot_size as plot_size
from .plots.spending_fit import plot_spending_fit as plot_spending_fit
from .plots.stoplight import plot_stoplight as plot_stoplight
from .plots.style import house_style as house_style
from .plots.summary_table import summary_table as summary_table
from .plots.tornado import plot_tornado as plot_tornado
from .plots.variance import plot_variance_layers as plot_variance_layers
from .plots.waterfall import plot_waterfall as plot_waterfall
from .regulation.presets import read_presets as read_presets
from .regulation.reader import read_regulation as read_regulation
from .report.excel import write_excel as write_excel
from .report.html import write_report as write_report
from .scenario.files import read_scenario as read_scenario
from .scenario.schema import Scenario as Scenario
from .simulate import simulate as simulate
from .store import load as load, save as save
