"""What people can be asked about their circumstances, by the names that rules use. Sans-IO.

One vocabulary for all owners: a question is worded once per language (in the web client's messages), and what
somebody answered for one service would serve for the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

Value = bool | int | str | date
FIRST_DAY = date(1900, 1, 1)
LARGEST_NUMBER = 99_999


class Shape(StrEnum):
    """What kind of answer a question takes."""

    YES_NO = "yes_no"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One thing to ask; `choices` only where the shape is a choice."""

    name: str
    shape: Shape
    choices: tuple[str, ...] = ()


class AnswerUnfit(Exception):
    """An answer that its question does not take."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


_YES_NO = """
animals_damage bought_already business cancer_looks cared_at_home child_in_nursery contract_trouble
cooking_hard crime_victim dangerous_tree deaf elderly_household farmer fertility_treatment fisher
food_short foreign foreign_staff forest_owner greenhouse_damaged group hearing_loss high_medical_bill
hillside_farm home_damaged housing_trouble hurt_in_disaster income_fell invisible_need job_lost
lives_here mental_outpatient money_trouble moved_from_city national_insurance needs_care newly_married
no_bus no_sewer no_successor on_welfare own_home owns_house plant_trouble pregnant property_damaged
rare_disease rent_trouble repairs_unaffordable sales_fell single_parent starting_business starting_farm
stray_cats student_loan tax_exempt telework vacant_house vacant_shop wall_by_road wants_vacant_house
wooden_house work_begun works_here
"""
_NUMBERS = "age age_this_year child_age child_count couple_age couple_income employees house_built"
_DAYS = "born_on born_or_moved_on bought_on disaster_on licence_returned_on moved_on treatment_ended_on"
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "care_level": ("none", "support", "care_1_2", "care_3_5"),
    "disability": ("none", "severe", "other"),
    "child_school": ("municipal_school", "high_school", "other"),
    "damage": ("total", "half", "semi_half", "flooded", "slight"),
}


def _all() -> dict[str, Circumstance]:
    shaped = [(Shape.YES_NO, _YES_NO), (Shape.NUMBER, _NUMBERS), (Shape.DAY, _DAYS)]
    plain = {name: Circumstance(name, shape) for shape, names in shaped for name in names.split()}
    chosen = {name: Circumstance(name, Shape.CHOICE, choices) for name, choices in _CHOICES.items()}
    return plain | chosen


CIRCUMSTANCES: Mapping[str, Circumstance] = MappingProxyType(_all())
DESK_CHECKS = frozenset(
    """assessment budget damage_survey danger_survey doctor guarantor income_limit plan_approved
    registered_builder registered_firm school_year shop_member site_visit tax_status""".split()
)
"""What only the desk can establish: never asked, always listed where a rule names it."""


def fitting(name: str, answer: Value) -> Value:
    """The answer as rules compare it (a day from its ISO form); raises AnswerUnfit."""
    known = CIRCUMSTANCES.get(name)
    if known is None:
        raise AnswerUnfit(name)
    if known.shape is Shape.YES_NO and isinstance(answer, bool):
        return answer
    if known.shape is Shape.NUMBER and isinstance(answer, int) and not isinstance(answer, bool):
        if 0 <= answer <= LARGEST_NUMBER:
            return answer
    if known.shape is Shape.CHOICE and answer in known.choices:
        return answer
    if known.shape is Shape.DAY and isinstance(answer, str | date):
        return _day(name, answer)
    raise AnswerUnfit(name)


def _day(name: str, answer: str | date) -> date:
    try:
        day = date.fromisoformat(answer) if isinstance(answer, str) else answer
    except ValueError:
        raise AnswerUnfit(name) from None
    if not FIRST_DAY <= day <= date(2199, 12, 31):
        raise AnswerUnfit(name)
    return day
