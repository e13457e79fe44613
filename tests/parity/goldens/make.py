"""Writes the goldens of some families: make.py FAMILY... -o FOLDER

A family is a module beside this file whose GOLDENS are made in the environment that
scripts/parity_goldens.sh gives it.
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
        for each in importlib.import_module(family).GOLDENS:
            golden.write(each, arguments.output)


if __name__ == "__main__":
    main()
