"""What is new: findings that a change brought, and those that no baseline has accepted."""

from debloat.gate.baseline import BaselineError, accepted, write_baseline
from debloat.gate.change import Change, before

__all__ = ["BaselineError", "Change", "accepted", "before", "write_baseline"]
