"""Writes soxr_golden.h: outputs of libsoxr's double-precision core (Debian's libsoxr0 0.1.3).

    python3 soxr_golden.py > soxr_golden.h && make format
"""

import ctypes
import math

CASES = [  # up, down, samples: each way of splitting a ratio
    (160, 441, 600), (1, 3, 600), (2, 3, 600),
    (1, 2, 600), (3, 4, 600), (3, 2, 3000),
    (2, 1, 600), (5, 1, 200), (4, 3, 600), (441, 320, 600),
    (147, 160, 600), (320, 441, 600), (441, 640, 600), (80, 147, 600), (13, 17, 600),
    (1, 6, 900), (20, 441, 2000), (1, 4, 900), (1, 24, 2000), (40, 1441, 2500), (2, 1401, 9000),
    (6, 1, 200), (441, 80, 200), (24, 1, 100), (40, 1, 100), (67, 1, 60), (320, 3, 60)]

QUALITIES = (4, 6)  # SOXR_HQ, SOXR_VHQ
DOUBLE_PRECISION = 16
FLOAT64 = 1


class QualitySpec(ctypes.Structure):
    _fields_ = [("precision", ctypes.c_double), ("phase_response", ctypes.c_double),
                ("passband_end", ctypes.c_double), ("stopband_begin", ctypes.c_double),
                ("e", ctypes.c_void_p), ("flags", ctypes.c_ulong)]


class IoSpec(ctypes.Structure):
    _fields_ = [("itype", ctypes.c_int), ("otype", ctypes.c_int), ("scale", ctypes.c_double),
                ("e", ctypes.c_void_p), ("flags", ctypes.c_ulong)]


def load():
    library = ctypes.CDLL("libsoxr.so.0")
    library.soxr_quality_spec.restype = QualitySpec
    library.soxr_quality_spec.argtypes = [ctypes.c_ulong, ctypes.c_ulong]
    library.soxr_io_spec.restype = IoSpec
    library.soxr_oneshot.restype = ctypes.c_char_p
    size = ctypes.POINTER(ctypes.c_size_t)
    library.soxr_oneshot.argtypes = [
        ctypes.c_double, ctypes.c_double, ctypes.c_uint, ctypes.c_void_p, ctypes.c_size_t, size,
        ctypes.c_void_p, ctypes.c_size_t, size, ctypes.POINTER(IoSpec),
        ctypes.POINTER(QualitySpec), ctypes.c_void_p]
    return library


def resample(library, quality, up, down, signal):
    room = len(signal) * up // down + 8
    out = (ctypes.c_double * room)()
    done = ctypes.c_size_t()
    error = library.soxr_oneshot(
        down, up, 1, (ctypes.c_double * len(signal))(*signal), len(signal), None, out, room,
        ctypes.byref(done), ctypes.byref(library.soxr_io_spec(FLOAT64, FLOAT64)),
        ctypes.byref(library.soxr_quality_spec(quality, DOUBLE_PRECISION)), None)
    assert not error, error
    return out[:done.value]


def main():
    library = load()
    print("#pragma once\n\n#include <vector>\n")
    print("// Written by soxr_golden.py.\n")
    print("namespace ossicle::internal {\n")
    print("struct SoxrGolden {\n  struct Case {\n    int up;\n    int down;\n    int samples;")
    print("    int every;  // only every so many-th output is here\n  } of;")
    print("  std::vector<double> high;\n  std::vector<double> very_high;\n};\n")
    print("inline const std::vector<SoxrGolden> kSoxrGoldens = {")
    for up, down, samples in CASES:
        signal = [((n * n * 7919 + n * 104729) % 2001 - 1000) / 2000 for n in range(samples)]
        every = math.ceil(samples * up / down / 7)
        outputs = (resample(library, quality, up, down, signal) for quality in QUALITIES)
        rows = ("{" + ", ".join(f"{y:.17g}" for y in output[::every]) + "}" for output in outputs)
        print(f"    {{{{{up}, {down}, {samples}, {every}}}, {', '.join(rows)}}},")
    print("};\n\n}  // namespace ossicle::internal")


if __name__ == "__main__":
    main()
