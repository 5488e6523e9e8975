"""Why: every action, hold and error in words, with both sides of every comparison that decided. Pure.

Nothing here decides. The states and numbers come from the rules' own functions, so that what is shown
is what was compared.
"""

from orchestrator.explain.explainer import decision
from orchestrator.explain.history import Kept, log, run, whatever_is_kept
from orchestrator.explain.model import Check, Explained

__all__ = ["Check", "Explained", "Kept", "decision", "log", "run", "whatever_is_kept"]
