"""The worksheet of goals: of each department its goal, the problem behind it, and the measure that tells how it is."""

from moderation.goals.model import Goal, Goals, Standing, standing
from moderation.goals.sheet import read_sheet, write_sheet

__all__ = ["Goal", "Goals", "Standing", "read_sheet", "standing", "write_sheet"]
