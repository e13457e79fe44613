"""`ossicle resample` beside the libraries whose names the resamplers bear.

Three are compared: Ossicle, a judge (resampler_judges.py), and the definition (resamplers.py),
NumPy in float64. Goldens hold some of a judge's samples only; the definition stands for the rest.
`pytest -rP` prints what was measured.
"""

import functools
import json
import pathlib
import wave
from typing import NamedTuple

import command
import fir
import numpy as np
import pyav
import pytest
import resampler_judges
import resampler_signals
import resamplers
import swr

PRECISIONS = ("float", "double")
DOUBLE = 1e-14
# swr computes sin(pi phase / phases) itself; the kernel of Kaldi is in seconds; julius has a kernel
# in float32 whatever it is given, and the last bit of a sine or of a sum depends on the machine.
DOUBLE_BARS = {"swr-float": 3e-14, "kaldi": 1e-13, "kaldi@online": 1e-13, "julius": 5e-7}
FLOAT = 3e-7       # of Ossicle in float from the definition
OF_JUDGE = 1e-6    # of a library in float32, which errs itself, from the definition and Ossicle
HQ_FALLING, HQ = 2.5e-7, 3e-7  # of libsoxr's HQ, in float32, from Ossicle in double
LAST_BIT, TIES = 1 / swr.FULL_SCALE, 1e-3
# These are one formula, and differ in the type of their kernels alone.
SAME_IN_DOUBLE = {"torchaudio-hann6", "torchaudio-functional", "kaldi"}

NAMES = list(resamplers.RESAMPLERS)
each_resampler = pytest.mark.parametrize("resampler", NAMES)
each_judge = pytest.mark.parametrize("judge", resampler_judges.judges(), ids=str)
each_precision = pytest.mark.parametrize("precision", PRECISIONS)


class Difference(NamedTuple):
    worst: float  # of full scale 1.0; infinite where there is another number of samples
    share: float  # of the samples that differ


def difference(found, said):
    """Of {case: samples} from {case: Answer}."""
    if any(len(found[case]) != answer.count for case, answer in said.items()):
        return Difference(np.inf, 1.0)
    errors = np.abs(np.concatenate([found[case][answer.places] - answer.values
                                    for case, answer in said.items()]))
    return Difference(errors.max(), (errors != 0).mean())


def passes(resampler, measured, bar):
    """Whether a resampler is its judge's; one that rounds to 16 bits may do it with ties."""
    if resampler == "swr-float-s16":
        return measured.worst <= LAST_BIT and measured.share <= TIES
    return measured.worst <= (0.0 if resampler == "swr-s16" else bar)


def bar_of(resampler, precision, float_bar):
    return float_bar if precision == "float" else DOUBLE_BARS.get(resampler, DOUBLE)


def write_wav(path, pcm, rate_hz):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.asarray(pcm, "<i2").tobytes())


@functools.lru_cache(maxsize=None)
def defined(resampler, precision="double"):
    """{case: samples}"""
    run = resamplers.RESAMPLERS[resampler].run
    return {case: run(resampler_signals.samples_of(case).astype(np.float64), *case[:2], precision)
            for case in resampler_signals.cases()}


def definition_of(resampler, precision):
    with_float32_kernels = resampler.startswith("torchaudio") or resampler == "scipy-poly"
    return defined(resampler, precision if with_float32_kernels else "double")


def as_answers(samples):
    return {case: resampler_judges.Answer(len(each), np.arange(len(each)), each)
            for case, each in samples.items()}


@pytest.fixture(scope="session")
def ossicle(tmp_path_factory):
    """ossicle(resampler, precision): {case: samples}"""
    folder = tmp_path_factory.mktemp("signals")
    for from_hz in {case[0] for case in resampler_signals.cases()}:
        for name, samples in resampler_signals.of_rate(from_hz).items():
            write_wav(folder / f"{from_hz}:{name}.wav", np.rint(samples * swr.FULL_SCALE),
                      from_hz)

    @functools.lru_cache(maxsize=None)
    def resampled(resampler, precision):
        found = {}
        for rate_hz in {case[1] for case in resampler_signals.cases()}:
            cases = {f"{case[0]}:{case[2]}": case for case in resampler_signals.cases()
                     if case[1] == rate_hz}
            results = command.resample_all(
                resampler, rate_hz, [folder / f"{name}.wav" for name in cases],
                tmp_path_factory.mktemp("resampled"), "--precision", precision)
            for name, (path, _) in results.items():
                found[cases[name]] = np.load(path).astype(np.float64)
                pathlib.Path(path).unlink()
        return found
    return resampled


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
def test_a_resampler_gives_its_librarys_samples(judge, precision, ossicle):
    measured = difference(ossicle(judge.resampler, precision), judge.answers())
    print(f"{judge}, Ossicle in {precision}: {measured}")
    assert passes(judge.resampler, measured, bar_of(judge.resampler, precision, OF_JUDGE))


@each_resampler
@each_precision
def test_a_resampler_is_its_definition(resampler, precision, ossicle):
    measured = difference(ossicle(resampler, precision),
                          as_answers(definition_of(resampler, precision)))
    print(f"{resampler} in {precision}: {measured}")
    assert passes(resampler, measured, bar_of(resampler, precision, FLOAT))


@pytest.mark.parametrize("rates", resampler_signals.RATIOS, ids=str)
def test_libsoxr_hq_is_its_definition_within_its_own_noise(rates, ossicle):
    judge = next(each for each in resampler_judges.judges() if each.resampler == "soxr-hq")
    said = {case: answer for case, answer in judge.answers().items() if case[:2] == rates}
    measured = difference(ossicle("soxr-hq", "double"), said)
    print(f"soxr-hq {rates}: {measured}")
    assert measured.worst <= (HQ_FALLING if rates[0] > 1.1 * rates[1] else HQ)


@each_judge
def test_the_bars_tell_resamplers_apart(judge, ossicle):
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


@pytest.fixture(scope="session")
def silence(tmp_path_factory):
    """{rates: [(path, count)]}: 2,000 lengths and more, of all ratios."""
    folder, found = tmp_path_factory.mktemp("silence"), {}
    for rates in resampler_signals.RATIOS:
        counts = resampler_signals.lengths(*rates) + resampler_signals.long_lengths(*rates)
        found[rates] = [(folder / f"{rates[0]}:{count}.wav", count) for count in counts]
        for path, count in found[rates]:
            write_wav(path, np.zeros(count), rates[0])
    return found


@each_resampler
def test_there_are_as_many_samples_as_the_library_gives(resampler, silence, tmp_path):
    length = resamplers.RESAMPLERS[resampler].length
    for rates, files in silence.items():
        found = command.resample_all(resampler, rates[1], [path for path, _ in files],
                                     tmp_path / str(rates))
        for path, count in files:
            assert found[path.stem][1] == length(count, *rates), (rates, count)


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
