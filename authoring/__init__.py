"""Turns the lesson sources in `lessons/` into the notebooks that learners open.

Not part of the installed package: run it from the checkout, `python3 start.py build`.
"""

import sys

# nbformat loads jsonschema, and that a grammar of internationalised addresses which takes two
# seconds to prepare and which no notebook needs; jsonschema does without where it is missing.
sys.modules.setdefault("rfc3987_syntax", None)
