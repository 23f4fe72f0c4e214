"""The official guidelines by section, as they are cited: ``I.C.9.a``.

Read from the reference store, into which the user's own copy of the published document was
loaded; the day selects the release.
"""

from superbill.encoder.guidelines.sections import (
    Cited,
    GuidelineSection,
    citing,
    guideline,
    normalised,
)

__all__ = ["Cited", "GuidelineSection", "citing", "guideline", "normalised"]
