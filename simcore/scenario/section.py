"""What all tables of a scenario file have in common."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

EnrollmentType = Literal["ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL"]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Deviation = Annotated[float, Field(ge=0.0, le=1.0)]
Correlation = Annotated[float, Field(gt=-1.0, lt=1.0)]
Growth = Annotated[float, Field(gt=-0.5, lt=1.0)]


class Section(BaseModel):
    """A table of a scenario file: an unknown key is an error, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True)
