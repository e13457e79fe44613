"""What the numbers depend on."""

import os
import pathlib
import platform


def _cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _caches():
    sizes = {}
    for index in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((index / name).read_text().strip()
                             for name in ("level", "type", "size"))
        if kind != "Instruction":
            sizes["L" + level] = size
    return sizes


def _system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def describe(listed):
    """`listed` is what bench_ossicle --list prints."""
    return {"cpu": _cpu_model(), "cores": len(os.sched_getaffinity(0)), "caches": _caches(),
            "instruction_sets": listed["instruction_sets"], "compiler": listed["compiler"],
            "system": f"{_system()}, {platform.machine()}", "ossicle": listed["version"],
            "load_average": os.getloadavg()[0]}
