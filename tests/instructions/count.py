"""Counts the instructions of each preset under AVX2 with callgrind, and compares them with counts.txt.

    count.py [--program instructions_count] [--counts counts.txt] [--update]

A count is that of one more frame in a long signal: the difference of two runs, so that set-up and the
signal's ends do not count. More than 3 % above the stored count fails. --update stores what was counted.
Exit code 77: it cannot be counted or compared here, and the last line says why.
"""

import argparse
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MARGIN = 0.03
SKIPPED = 77
LEAST_SHARE = 0.01  # of a function in the table

# Instructions per frame in float to stay below; the next aim is 15 % less.
BARS = {"wav2lip@librosa-0.9": 4300, "whisper-80": 2400, "kaldi-fbank-80": 3050}
STRETCH = 0.85

HEAD = """\
# Instructions per frame under AVX2, by preset and precision. Written by
#   python3 tests/instructions/count.py --update
"""


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def need_valgrind_and_avx2():
    if shutil.which("valgrind") is None:
        skip("there is no valgrind; `make deps` installs it")
    flags = re.search(r"^flags\s*:(.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    if flags is None or "avx2" not in flags[1].split():
        skip("this machine has no AVX2")


def run_counted(program, folder):
    """The program's lines; folder/counts.1, .2, ... are what its calls of CountedRun cost."""
    # Bound at once, so that no symbol is looked up while it is counted.
    result = subprocess.run(
        ["valgrind", "--tool=callgrind", "--vgdb=no", "--toggle-collect=CountedRun",
         "--dump-after=CountedRun", "--compress-strings=no", "--compress-pos=no",
         f"--callgrind-out-file={folder}/counts", program],
        env={**os.environ, "LD_BIND_NOW": "1"}, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"FAILED under valgrind, exit code {result.returncode}:\n{result.stderr}")
    return result.stdout.splitlines()


def short_name(function):
    """ossicle::dsp::N_AVX2::Kernel<A, B>::Run(C) -> Kernel::Run; Stage<4, A> -> Stage<4>."""
    name = function.split(" [clone")[0].replace("(anonymous namespace)::", "")
    while "<" in name:
        shorter = re.sub(r"<(\d+)?[^<>]*>", lambda match: f"{{{match[1]}}}" if match[1] else "", name)
        if shorter == name:
            break
        name = shorter
    name = name.split("(")[0].split(" ")[-1].replace("{", "<").replace("}", ">")
    return re.sub(r"^(ossicle::|dsp::|internal::|N_\w+::)+", "", name)


def read_dump(path):
    """Instructions by function, without those of the functions that it calls."""
    costs = collections.Counter()
    function = None
    lines = iter(path.read_text().splitlines())
    for line in lines:
        if line.startswith("fn="):
            function = line[3:]
        elif line.startswith("calls="):
            next(lines)  # what the called function costs
        elif function is not None and re.match(r"\d", line):
            costs[function] += int(line.split()[1])
    return costs


def need_avx2_kernels(costs, case):
    """Fails if another instruction set's kernels were counted, or none."""
    sets = {name for function in costs for name in re.findall(r"ossicle::(?:\w+::)?N_(\w+)::", function)}
    if sets != {"AVX2"}:
        sys.exit(f"FAILED: {' '.join(case)} ran the kernels of {sorted(sets)}, not of AVX2")


def count(program):
    """(how the program was built, {(preset, precision): instructions per frame by function})."""
    with tempfile.TemporaryDirectory() as folder:
        first, *lines = run_counted(program, folder)
        runs = collections.defaultdict(list)
        for number, line in enumerate(lines, 1):
            *case, frames = line.split()
            costs = read_dump(pathlib.Path(f"{folder}/counts.{number}"))
            need_avx2_kernels(costs, case)
            runs[tuple(case)].append((int(frames), costs))
    counts = {}
    for case, ((few, short), (many, long)) in runs.items():
        long.subtract(short)
        counts[case] = collections.Counter()
        for function, cost in long.items():
            counts[case][short_name(function)] += cost / (many - few)
    return first.removeprefix("built "), counts


def read_counts(path):
    """(how the program was built that was counted, {(preset, precision): instructions per frame})."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    rows = [line.split() for line in lines[1:]]
    return lines[0].removeprefix("built "), {(row[0], row[1]): int(row[2]) for row in rows}


def write_counts(path, built, totals):
    rows = [f"{preset} {precision} {total}\n" for (preset, precision), total in totals.items()]
    path.write_text(f"{HEAD}built {built}\n{''.join(rows)}")


def bar_text(preset, precision):
    bar = BARS.get(preset) if precision == "float" else None
    return f"{bar:6,}  {bar * STRETCH:7,.0f}" if bar else ""


def print_table(counts, totals, stored):
    width = max(len(preset) for preset, _ in counts)
    print(f"{'':{width}}             counted  stored  change     bar  stretch")
    for case, functions in counts.items():
        total, old = totals[case], stored.get(case)
        change = f"{old:6,}  {total / old - 1:+6.1%}" if old else f"{'none':>6}        "
        line = f"{case[0]:{width}}  {case[1]:9}  {total:7,}  {change}  {bar_text(*case)}"
        print(line.rstrip())
        for name, cost in functions.most_common():
            if cost >= LEAST_SHARE * total:
                print(f"  {name:{width + 9}}  {cost:7,.0f}  {cost / total:6.1%}")


def judge(totals, stored):
    """What is wrong, and what is only worth saying."""
    wrong, remarks = [], []
    for case in {**stored, **totals}:
        name, new, old = " ".join(case), totals.get(case), stored.get(case)
        if new is None:
            wrong.append(f"{name}: a count is stored, but there is no such preset")
        elif old is None:
            wrong.append(f"{name}: {new} instructions per frame, but no count is stored")
        elif new > old * (1 + MARGIN):
            wrong.append(f"{name}: {new} instructions per frame, but they were {old}: "
                         f"{new / old - 1:+.1%}, and {MARGIN:.0%} more is allowed")
        elif new < old * (1 - MARGIN):
            remarks.append(f"{name}: {new} instructions per frame, and they were {old}: "
                           f"{new / old - 1:+.1%}")
    return wrong, remarks


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=pathlib.Path,
                        default=ROOT / "build/release/tests/instructions/instructions_count")
    parser.add_argument("--counts", type=pathlib.Path, default=HERE / "counts.txt")
    parser.add_argument("--update", action="store_true", help="store what is counted")
    args = parser.parse_args()

    need_valgrind_and_avx2()
    built, counts = count(args.program)
    if not built.endswith(" Release"):
        skip(f"counts are those of Release builds, and this is {built}")
    totals = {case: round(sum(functions.values())) for case, functions in counts.items()}
    built_then, stored = read_counts(args.counts) if args.counts.exists() else (built, {})
    print_table(counts, totals, stored)
    if args.update:
        write_counts(args.counts, built, totals)
        print(f"stored in {args.counts}")
        return
    if built_then not in (built, "any"):
        skip(f"the stored counts are those of {built_then}, and this is {built}")
    wrong, remarks = judge(totals, stored)
    update = "python3 tests/instructions/count.py --update"
    if remarks:
        print("\n".join([*remarks, f"Fewer than stored: keep it so with {update}"]))
    if wrong:
        print("\n".join([*wrong, f"FAILED. Make it cheaper again, or accept it with {update}"]))
        sys.exit(1)


if __name__ == "__main__":
    main()
