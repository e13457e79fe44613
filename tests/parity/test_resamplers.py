"""`ossicle resample` beside the libraries whose names the resamplers bear.

Three are compared: Ossicle, a judge (resampler_judges.py), and the definition (resamplers.py),
NumPy in float64. Goldens hold some of a judge's samples only; the definition stands for the rest.
`pytest -rP` prints what was measured.
"""

import json

import command
import fir
import numpy as np
import pyav
import pytest
import resampler_judges
import resampler_signals
import resamplers
import swr
from resampler_errors import (FLOAT, HQ, HQ_FALLING, OF_JUDGE, PRECISIONS, bar_of, definition_of,
                              difference, from_definition, lengths, ossicle, passes, write_wav)

# These are one formula, and differ in the type of their kernels alone.
SAME_IN_DOUBLE = {"torchaudio-hann6", "torchaudio-functional", "kaldi"}

NAMES = list(resamplers.RESAMPLERS)
each_resampler = pytest.mark.parametrize("resampler", NAMES)
each_judge = pytest.mark.parametrize("judge", resampler_judges.judges(), ids=str)
each_precision = pytest.mark.parametrize("precision", PRECISIONS)


def test_every_resampler_has_a_definition_and_a_judge():
    listed = json.loads(command.run("resamplers", "--json"))["resamplers"]
    assert sorted(each["name"] for each in listed) == sorted(NAMES)
    assert {judge.resampler for judge in resampler_judges.judges()} == set(NAMES)


def test_ffmpeg_judges_too():
    if not any(judge.library == "ffmpeg" for judge in resampler_judges.judges()):
        pytest.skip("there is no ffmpeg here (apt-get install ffmpeg): PyAV judges swr-s16 alone")


@each_judge
def test_the_judge_computes_what_the_definition_says(judge):
    precision = "float" if judge.precision == "float" else "double"
    measured = difference(definition_of(judge.resampler, precision), judge.answers())
    print(f"{judge}: {measured}")
    assert passes(judge.resampler, measured, bar_of(judge.resampler, precision, OF_JUDGE))


@pytest.mark.parametrize("judge, precision", [
    (judge, precision) for judge in resampler_judges.judges() for precision in PRECISIONS
    if judge.precision in ("int16", precision)], ids=str)  # others have another kernel
def test_a_resampler_gives_its_librarys_samples(judge, precision):
    measured = difference(ossicle(judge.resampler, precision), judge.answers())
    print(f"{judge}, Ossicle in {precision}: {measured}")
    assert passes(judge.resampler, measured, bar_of(judge.resampler, precision, OF_JUDGE))


@each_resampler
@each_precision
def test_a_resampler_is_its_definition(resampler, precision):
    measured = from_definition(resampler, precision)
    print(f"{resampler} in {precision}: {measured}")
    assert passes(resampler, measured, bar_of(resampler, precision, FLOAT))


@pytest.mark.parametrize("rates", resampler_signals.RATIOS, ids=str)
def test_libsoxr_hq_is_its_definition_within_its_own_noise(rates):
    judge = next(each for each in resampler_judges.judges() if each.resampler == "soxr-hq")
    said = {case: answer for case, answer in judge.answers().items() if case[:2] == rates}
    measured = difference(ossicle("soxr-hq", "double"), said)
    print(f"soxr-hq {rates}: {measured}")
    assert measured.worst <= (HQ_FALLING if rates[0] > 1.1 * rates[1] else HQ)


@each_judge
def test_the_bars_tell_resamplers_apart(judge):
    precision = "float" if judge.precision == "float" else "double"
    bar = bar_of(judge.resampler, precision, OF_JUDGE)
    same = SAME_IN_DOUBLE if precision == "double" and judge.resampler in SAME_IN_DOUBLE else {}
    for other in set(NAMES) - {judge.resampler, *same}:
        measured = difference(ossicle(other, precision), judge.answers())
        assert not passes(judge.resampler, measured, bar), f"{other} passes for {judge}"


@pytest.mark.parametrize("resampler", resampler_judges.live_lengths())
def test_the_definitions_lengths_are_the_librarys(resampler):
    length = resamplers.RESAMPLERS[resampler].length
    library_outputs = resampler_judges.live_lengths()[resampler]
    dtype = np.int16 if resampler in ("swr-s16", "swr-float-s16") else np.float32
    for rates in resampler_signals.RATIOS:
        for count in resampler_signals.lengths(*rates):
            found = resampler_judges.outputs(library_outputs, np.zeros(count, dtype), *rates)
            assert length(count, *rates) == len(found), (count, rates)


@pytest.mark.parametrize("library, names", [
    ("torchaudio", ["torchaudio-hann6", "torchaudio-functional", "torchaudio-kaiser-best"]),
    ("julius", ["julius"]), ("resampy", ["resampy-0.2-best", "resampy-0.2-fast"])])
def test_the_definitions_lengths_are_those_of_the_goldens(library, names):
    rows = resampler_judges.length_goldens()[library]
    assert len(rows) >= 2000
    for name in names:
        length = resamplers.RESAMPLERS[name].length
        for from_hz, to_hz, count, outputs in rows:
            assert length(count, from_hz, to_hz) == outputs, (name, count, from_hz, to_hz)


@each_resampler
def test_there_are_as_many_samples_as_the_library_gives(resampler):
    length = resamplers.RESAMPLERS[resampler].length
    found = lengths(resampler)
    assert len(found) >= 2000
    for rates, count, outputs in found:
        assert outputs == length(count, *rates), (rates, count)


def test_sums_of_swr_s16_wrap_as_those_of_ffmpeg_do(tmp_path):
    """A signal at full scale whose signs are those of a filter's taps reaches twice full scale."""
    rates = (8000, 16000)
    taps = swr.bank_of(fir.ratio_of(*rates)).taps[1]
    pcm = np.tile(np.where(taps > 0, 32767, -32768), 40).astype(np.int16)
    said = pyav.resample("s16", "s16", "s16p")(pcm, *rates) / swr.FULL_SCALE
    unwrapped = swr.in_float_to_s16(pcm / swr.FULL_SCALE, *rates)
    assert np.abs(said - unwrapped).max() > 1.0
    assert np.array_equal(swr.in_integers(pcm / swr.FULL_SCALE, *rates), said)
    write_wav(tmp_path / "loud.wav", pcm, rates[0])
    path, _ = command.resample_all("swr-s16", rates[1], [tmp_path / "loud.wav"],
                                   tmp_path / "out")["loud"]
    assert np.array_equal(np.load(path), said)


def test_no_samples_are_an_error(tmp_path):
    write_wav(tmp_path / "empty.wav", [], 44100)
    result = command.called("resample", tmp_path / "empty.wav", "--rate", 16000, "-o",
                            tmp_path / "out.npy")
    assert result.returncode == 3
    assert b"holds 0 samples; at least 1 is needed" in result.stderr
