"""The ABI of libossicle.so is what abi.txt says: its calls, the places of fields, the values of names.
abi.txt is of machines with 64 bits.

    abi.py --compiler CC --nm NM --objdump OBJDUMP --library libossicle.so --header ossicle.h [--update]

--update writes abi.txt. A line that is added to it is new; one that is changed or gone is a break.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

STORED = pathlib.Path(__file__).resolve().with_name("abi.txt")

Fields = list[tuple[str, str]]  # (type, name), in their order


def declarations(header: pathlib.Path) -> str:
    """The header without comments and directives."""
    return re.sub(r"/\*.*?\*/|^#.*?$", " ", header.read_text(), flags=re.S | re.M)


def structs(text: str) -> dict[str, Fields]:
    return {name: re.findall(r"([\w* ]+?)\s*(\w+);", body)
            for body, name in re.findall(r"typedef struct \w+ {(.*?)} (\w+);", text, re.S)}


def constants(text: str) -> list[str]:
    bodies = re.findall(r"typedef enum \w+ {(.*?)} \w+;", text, re.S)
    return ["OSSICLE_ABI_VERSION", *re.findall(r"(\w+) =", " ".join(bodies))]


def calls(text: str) -> dict[str, str]:
    """The prototype of each call, without the names of its parameters."""
    found = {}
    for result, name, parameters in re.findall(r"OSSICLE_API ([\w*\s]+?)\s*(\w+)\((.*?)\);", text, re.S):
        types = [re.sub(r"(?<=\W)\w+$", "", each.strip()).strip() or each.strip()
                 for each in parameters.split(",")]
        found[name] = f"{result} {name}({', '.join(types)})"
    return found


def measure(compiler: str, header: pathlib.Path, text: str) -> list[str]:
    """The lines of structs and constants, as a C program sees them."""
    program = [f'#include "{header.resolve()}"', "#include <stdio.h>", "int main(void) {"]
    for struct, fields in structs(text).items():
        for kind, name in fields:
            place = f"offsetof({struct}, {name})"
            size = f"sizeof((({struct}*)0)->{name})"
            program.append(f'printf("%s at %zu, %zu bytes\\n", "{struct}: {kind.strip()} {name}", '
                           f"{place}, {size});")
        last = fields[-1][1]
        program.append(f"if (offsetof({struct}, {last}) + sizeof((({struct}*)0)->{last}) != "
                       f'sizeof({struct})) printf("{struct}: BYTES BEHIND THE LAST FIELD\\n");')
    program += [f'printf("{name} = %d\\n", (int){name});' for name in constants(text)]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "abi.c")
        source.write_text("\n".join([*program, "return 0; }", ""]))
        binary = pathlib.Path(folder, "abi")
        subprocess.run([compiler, "-std=c99", "-o", binary, source], check=True)
        return subprocess.run([binary], check=True, capture_output=True, text=True).stdout.splitlines()


def exports(nm: str, library: pathlib.Path) -> set[str]:
    listing = subprocess.run([nm, "-D", "--defined-only", library], check=True, capture_output=True,
                             text=True).stdout
    return {line.split()[2].split("@")[0] for line in listing.splitlines() if " A " not in line}


def soname(objdump: str, library: pathlib.Path) -> str:
    listing = subprocess.run([objdump, "-p", library], check=True, capture_output=True, text=True).stdout
    found = re.search(r"SONAME\s+(\S+)", listing)
    return found[1] if found else "none"


def faults(lines: list[str], exported: set[str], declared: set[str], name: str) -> list[str]:
    found = [f"{each}: a later field there would be read from a struct that never set it"
             for each in lines if "BYTES BEHIND" in each]
    found += [f"{each} is exported, but not declared" for each in sorted(exported - declared)]
    found += [f"{each} is declared, but not exported" for each in sorted(declared - exported)]
    version = [each for each in lines if each.startswith("OSSICLE_ABI_VERSION = ")][0].split()[-1]
    if name != f"libossicle.so.{version}":
        found.append(f"the SONAME is {name}, but not libossicle.so.{version}")
    stored = STORED.read_text().splitlines()
    found += [f"- {each}\n  is gone: undo it, or raise OSSICLE_ABI_VERSION and run abi.py --update"
              for each in stored if each not in lines]
    found += [f"+ {each}\n  is new: run abi.py --update" for each in lines if each not in stored]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("compiler", "nm", "objdump"):
        parser.add_argument(f"--{option}", required=True)
    for option in ("library", "header"):
        parser.add_argument(f"--{option}", required=True, type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()

    text = declarations(args.header)
    prototypes = calls(text)
    lines = [*measure(args.compiler, args.header, text), *prototypes.values()]
    if args.update:
        STORED.write_text("\n".join([*lines, ""]))
    found = faults(lines, exports(args.nm, args.library), set(prototypes),
                   soname(args.objdump, args.library))
    print("\n".join(found) or f"{len(lines)} lines as stored")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
