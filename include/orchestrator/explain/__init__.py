"""Why: every action, hold and error in words, with both sides of every comparison that decided. Pure.

Nothing here decides or derives: the words are of the evidence that a rule gave with its decision, and
that was stored with it.
"""

from orchestrator.explain.explainer import Explainer
from orchestrator.explain.history import RecordedRun, explain_run
from orchestrator.explain.items import Check, ExplainedItem
from orchestrator.explain.stopped_account import with_stopped_account

__all__ = ["Check", "ExplainedItem", "Explainer", "RecordedRun", "explain_run", "with_stopped_account"]
