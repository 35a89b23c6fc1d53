from .analysis.risk import tail_value_at_risk as tail_value_at_risk, value_at_risk as value_at_risk
from .analysis.summary import summarize as summarize
from .errors import SimcoreError as SimcoreError
from .model.settlement import settle as settle
from .scenario.files import read_scenario as read_scenario
from .scenario.schema import Scenario as Scenario
from .simulate import simulate as simulate
from .store import load as load, save as save
