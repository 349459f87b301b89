"""The table of docs/scale.md: the busiest hour of three sizes, simulated, beside what formulas foretell.

python -m tests.scale
python -m tests.scale --document docs/scale.md
"""

import argparse
from pathlib import Path

from tests.scale.table import ROWS, table, with_table


def main() -> None:
    """Print it, or write it into the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--document", type=Path, help="a page of documentation to write it into")
    asked = parser.parse_args()
    text = table(ROWS, asked.seed)
    if asked.document is None:
        print(text, end="")
    else:
        asked.document.write_text(with_table(asked.document.read_text(), text))


if __name__ == "__main__":
    main()
