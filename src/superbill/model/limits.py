"""How long a field may be: the text types of the input documents.

The limits leave room over what claims carry (the X12 837 institutional claim: a name 60
characters, a member's number 80, an address line 55), so that nothing that fits a claim is refused
and nothing absurd gets in.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Code = Annotated[str, Meta(max_length=10)]
"""A code of any code set, with its dot if it has one."""

Name = Annotated[str, Meta(max_length=60)]
"""A name of a person, an organisation or a plan."""

Identifier = Annotated[str, Meta(max_length=50)]
"""A number or identifier that somebody issued."""

Text = Annotated[str, Meta(max_length=200)]
"""Words: where a figure comes from, an address line."""

TEXT_LIMIT = 200
"""What any other text is held to."""

Days = Annotated[int, Meta(ge=0, le=99999)]
"""A count of days."""

MOST_CODES = Meta(max_length=100)
"""No stay has more diagnoses, procedures or other codes; a claim carries far fewer."""

MOST_LINES = Meta(max_length=9999)
"""No stay has more service lines; a claim carries 999."""
