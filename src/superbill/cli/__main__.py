"""``python -m superbill.cli``, the same as ``superbill``."""

import sys

from superbill.cli import main

sys.exit(main())
