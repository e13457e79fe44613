"""Writes the goldens of some families: make.py FAMILY... -o FOLDER

A family is a module beside this file whose GOLDENS are made in the environment that
scripts/parity_goldens.sh gives it. They are features, unless the module has a `write` of its own.
"""

import argparse
import importlib
import warnings

import golden


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="+")
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    for family in arguments.families:
        module = importlib.import_module(family)
        for each in module.GOLDENS:
            getattr(module, "write", golden.write)(each, arguments.output)


if __name__ == "__main__":
    main()
