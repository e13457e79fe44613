"""No fused multiply-add in the kernels: it would make the bits depend on the instruction set.

    fused.py OBJDUMP PROCESSOR LIBRARY.a...
"""

import re
import subprocess
import sys

FUSED = {
    "x86_64": r"vfn?m(add|sub|addsub|subadd)\d*[sp][sd]",
    "aarch64": r"fn?m(add|sub|la|ls|ad|sb)|fml[as]l[2bt]?|fcmla|fmmla|bf(mla.*|mmla|dot)",
}


def main():
    objdump, processor, *libraries = sys.argv[1:]
    processor = {"amd64": "x86_64", "AMD64": "x86_64", "arm64": "aarch64"}.get(processor, processor)
    if processor not in FUSED:
        sys.exit(f"no list of the fused instructions of {processor}")
    pattern = re.compile(rf"\t({FUSED[processor]})\s")
    instructions = 0
    breaches = []
    function = "?"
    for library in libraries:
        command = [objdump, "-d", "--no-show-raw-insn", "-C", library]
        for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
            if line.endswith(">:"):
                function = line.split("<", 1)[1][:-2]
            elif "\t" in line:
                instructions += 1
                if pattern.search(line + " "):
                    breaches.append(f"{library}: {line.strip()} in {function} breaks the rule")
    print("\n".join(breaches[:20]))
    print(f"{len(breaches)} fused among {instructions} instructions")
    sys.exit(1 if breaches or not instructions else 0)


if __name__ == "__main__":
    main()
