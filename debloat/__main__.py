"""``python -m debloat``."""

import sys

if __name__ == "__main__":
    # Python puts the working directory first on the path, where a checked repository could plant a click.py.
    if not sys.flags.safe_path:
        del sys.path[0]

    from debloat.cli import main

    main(prog_name="debloat")
