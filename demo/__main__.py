"""`python -m demo run` lives a store's day; `python -m demo shots` takes its pictures."""

import argparse
import runpy
import sys

# By name, so that running the shop never needs what only the pictures need.
COMMANDS = {"run": "demo.run", "shots": "demo.shots"}


def main() -> None:
    """Hand over to the command's own module."""
    parser = argparse.ArgumentParser(prog="python -m demo")
    parser.add_argument("command", choices=sorted(COMMANDS))
    command = parser.parse_args(sys.argv[1:2]).command
    sys.argv = [f"python -m demo {command}", *sys.argv[2:]]
    runpy.run_module(COMMANDS[command], run_name="__main__")


main()
