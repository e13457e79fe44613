"""Installs the build, moves the installation, and uses it as its users do."""

import argparse
import math
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import wave

HERE = pathlib.Path(__file__).parent
EXAMPLE_OUTPUT = "80 bands x 81 frames\n"  # wav2lip: one second is 1 + 16000 / 200 frames


def run(*command, **options):
    print("$", *command, flush=True)
    return subprocess.run(list(map(str, command)), check=True, **options)


def output(*command, **options):
    return run(*command, stdout=subprocess.PIPE, text=True, **options).stdout


def expect(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")


def readme_example(source):
    """The first C++ block of the README."""
    block = re.search(r"^```cpp\n(.*?)^```", (source / "README.md").read_text(), re.M | re.S)
    expect(block, "README.md has no ```cpp block")
    return block.group(1)


def write_tone(path):
    """One second of 440 Hz at 16 kHz."""
    samples = (round(8000 * math.sin(2 * math.pi * 440 * n / 16000)) for n in range(16000))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


def stage(args):
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    before = args.work / "before"
    environment = {name: value for name, value in os.environ.items() if name != "DESTDIR"}
    run("cmake", "--install", args.build, "--prefix", before, env=environment,
        stdout=subprocess.DEVNULL)
    for path in [*before.rglob("*.cmake"), *before.rglob("*.pc")]:
        for folder in (before, args.source, args.build):
            expect(str(folder) not in path.read_text(), f"{path} names the folder {folder}")
    before.rename(args.prefix)
    (args.work / "example.cc").write_text(readme_example(args.source))
    write_tone(args.work / "tone.wav")


def command(args):
    version = output(args.prefix / "bin/ossicle", "--version")
    expect(version.startswith("ossicle 0.1.0"), f"--version prints {version!r}")


def check_example(args, program):
    printed = output(program, args.work / "tone.wav")
    expect(printed == EXAMPLE_OUTPUT, f"printed {printed!r}, expected {EXAMPLE_OUTPUT!r}")


def cmake_consumer(args, name, *definitions, build=None):
    build = build or args.work / name
    run("cmake", "-S", HERE / name, "-B", build, "-G", "Ninja",
        f"-DEXAMPLE={args.work / 'example.cc'}", f"-DCMAKE_PREFIX_PATH={args.prefix}", *definitions)
    run("cmake", "--build", build, "--target", "consumer")
    return build / "consumer"


def find_package(args):
    check_example(args, cmake_consumer(args, "find_package"))


def add_subdirectory(args):
    # As deep as the build that is tested, and with its flags, so that ccache has the objects.
    build = args.build.parent / "add_subdirectory"
    shutil.rmtree(build, ignore_errors=True)
    check_example(args, cmake_consumer(args, "add_subdirectory", f"-DOSSICLE_SOURCE={args.source}",
                                       "-DCMAKE_BUILD_TYPE=Release",
                                       f"-DOSSICLE_WARNINGS={args.warnings}", build=build))


def components(args):
    expect(output(cmake_consumer(args, "components")) == "80 bands\n", "wrong number of bands")


def pkg_config_flags(args, module):
    folder = args.prefix / args.libdir / "pkgconfig"
    search = {**os.environ, "PKG_CONFIG_PATH": str(folder)}
    return output("pkg-config", "--cflags", "--libs", module, env=search).split()


def pkg_config(args):
    program = args.work / "pkg_config_consumer"
    run(args.compiler, "-std=c++20", args.work / "example.cc", "-o", program,
        *pkg_config_flags(args, "ossicle"))
    check_example(args, program)


def c_find_package(args):
    check_example(args, cmake_consumer(args, "c"))


def c_pkg_config(args):
    program = args.work / "c_pkg_config_consumer"
    run("cc", "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", HERE / "c" / "consumer.c",
        "-o", program, *pkg_config_flags(args, "ossicle-c"),
        f"-Wl,-rpath,{args.prefix / args.libdir}")
    check_example(args, program)


def main():
    tests = {test.__name__: test for test in
             (stage, command, find_package, add_subdirectory, components, pkg_config,
              c_find_package, c_pkg_config)}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("test", choices=tests)
    for name in ("source", "build", "work"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--libdir", required=True)
    parser.add_argument("--warnings", required=True)
    parser.add_argument("--compiler", required=True)
    args = parser.parse_args()
    args.prefix = args.work / "after"
    tests[args.test](args)


if __name__ == "__main__":
    main()
