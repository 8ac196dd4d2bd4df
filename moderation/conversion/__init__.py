"""Conversions: a public thread goes on in private. The plan with everything that it says before it runs, its steps in
order, and the way back; pure.
"""

from moderation.conversion.plan import Conversion, Missing, Place, Remark, Shape, Step, Wanted, plan_conversion
from moderation.conversion.scene import Scene, Wording
from moderation.conversion.undo import Undo, plan_undo

__all__ = [
    "Conversion",
    "Missing",
    "Place",
    "Remark",
    "Scene",
    "Shape",
    "Step",
    "Undo",
    "Wanted",
    "Wording",
    "plan_conversion",
    "plan_undo",
]
