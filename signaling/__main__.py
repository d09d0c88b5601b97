"""The command line `genba`."""

import argparse
import json
import sys


def main(arguments: list[str] | None = None) -> int:
    """Entry point of `genba` and `python -m signaling`; answers the exit status."""
    parser = argparse.ArgumentParser(prog="genba")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("openapi", help="print the REST schema as JSON")
    parser.parse_args(arguments)
    from signaling.api import create_api

    json.dump(create_api().openapi(), sys.stdout, ensure_ascii=False, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
