"""What is wrong with samples and arguments: the type of the exception, and a message that names the
value and the cure."""

import array

import numpy as np
import producers
import pytest

import ossicle

SECOND = np.zeros(16000, np.float32)
PACKED = np.zeros(16000, [("flag", "i1"), ("sample", "f4")])["sample"]  # 5 bytes apart


def raises(kind, *words):
    """pytest.raises() of exactly this class, with all the words in its message."""

    def check(error):
        return type(error) is kind and all(word in str(error) for word in words)

    return pytest.raises(kind, check=check)


CURE = "give an array of float32 or float64 (full scale 1.0) or int16"
NO_SAMPLES = {
    "int32": (SECOND.astype(np.int32), "ndarray of int32"),
    "int64": (SECOND.astype(np.int64), "ndarray of int64"),
    "uint8": (SECOND.astype(np.uint8), "ndarray of uint8"),
    "int8": (SECOND.astype(np.int8), "ndarray of int8"),
    "uint16": (SECOND.astype(np.uint16), "ndarray of uint16"),
    "bool": (SECOND.astype(bool), "ndarray of bool"),
    "float16": (SECOND.astype(np.float16), "ndarray of float16"),
    "longdouble": (SECOND.astype(np.longdouble), "ndarray of float128"),
    "complex": (SECOND.astype(np.complex64), "ndarray of complex64"),
    "object": (SECOND.astype(object), "ndarray of object"),
    "other byte order": (SECOND.astype(">f4"), "ndarray of >f4"),
    "16 bits of other byte order": (SECOND.astype(">i2"), "ndarray of >i2"),
    "packed records": (PACKED, "ndarray of float32"),
    "str": ("talk.wav", "str"),
    "bytes": (bytes(64000), "bytes"),
    "None": (None, "NoneType"),
    "number": (0.5, "float"),
    "dict": ({}, "dict"),
    "generator": ((x for x in ()), "generator"),
    "array of ints": (array.array("i", [1, 2, 3]), "array"),
    "front end": (ossicle.Frontend("wav2lip"), "Frontend"),
}


def takers(fbank):
    return (fbank, ossicle.Stream(fbank).push,
            lambda samples: ossicle.resample(samples, 8000, 16000),
            lambda samples: fbank([SECOND, samples]))


@pytest.mark.parametrize("case", NO_SAMPLES)
def test_what_is_no_samples_is_a_type_error_that_says_what_it_is(case, fbank):
    samples, name = NO_SAMPLES[case]
    for take in takers(fbank)[:3]:
        with raises(TypeError, f"samples are a {name};", CURE):
            take(samples)
    with raises(TypeError, name):
        fbank([SECOND, samples])


def test_the_cure_of_the_message_cures(fbank):
    for wrong in (PACKED, SECOND.astype(">f4"), SECOND.astype(np.float16), SECOND.tolist()):
        with raises(TypeError, 'numpy.as'):
            fbank(wrong)
        assert np.array_equal(fbank(np.ascontiguousarray(wrong, "float32")), fbank(SECOND))


def test_memory_of_another_device_is_refused(fbank):
    for take in takers(fbank):
        with raises(TypeError, "OnDevice", "device (2, 0)", "samples.cpu()"):
            take(producers.OnDevice(SECOND.copy()))


def test_a_matrix_is_refused_without_an_axis(fbank):
    matrix = SECOND.reshape(2, -1)
    for take in (fbank, lambda samples: fbank([SECOND, samples])):
        with raises(ossicle.ShapeError, "(2, 8000)", "axis=-1", "samples.mean(axis=0)"):
            take(matrix)
    with raises(ossicle.ShapeError, "(1, 16000)"):
        fbank(SECOND[None])


def test_where_no_axis_is_taken_a_matrix_is_refused_with_a_cure_that_cures(fbank, engine):
    rows = SECOND.reshape(2, -1)
    stream = ossicle.EmbeddingStream(engine, statistics="running")
    for take in (*takers(fbank)[1:3], engine, stream.push):
        for samples, cures in ((rows, ("samples[0]", "samples.mean(axis=0)")),
                               (rows.T, ("samples[:, 0]", "samples.mean(axis=1)"))):
            with raises(ossicle.ShapeError, str(samples.shape), *cures) as caught:
                take(samples)
            assert "axis=-1" not in str(caught.value)
            for cure in cures:
                assert eval(cure, {"samples": samples}).shape == (8000,)
        with raises(ossicle.ShapeError, "(2, 2, 4000)", "one dimension"):
            take(SECOND.reshape(2, 2, -1))


@pytest.mark.parametrize("axis", [2, -3, 100])
def test_an_axis_that_is_not_there_is_refused(axis, fbank):
    with raises(ossicle.ShapeError, f"axis is {axis}", "(2, 8000)", "-2..1"):
        fbank(SECOND.reshape(2, -1), axis=axis)


def test_a_single_number_is_refused(fbank):
    for number in (np.float32(1), np.zeros((), np.float32)):
        with raises(ossicle.ShapeError, "single number"):
            fbank(number)


def test_lists_that_hold_no_clips_are_refused(fbank):
    with raises(ossicle.ShapeError, "empty", "at least one"):
        fbank([])
    for numbers in ([0.1, 0.2], [1, 2], [[0.1]], (0.1,), [[SECOND]], [True]):
        with raises(TypeError, "a list holds clips", "numpy.asarray"):
            fbank(numbers)


def test_a_list_that_holds_itself_is_refused(fbank):
    endless = []
    endless.append(endless)
    with raises(TypeError, "holds a list"):
        fbank(endless)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 1, 9999, 15999])
def test_a_sample_that_is_not_finite_is_named(value, place, fbank):
    for dtype in (np.float32, np.float64):
        bad = SECOND.astype(dtype)
        bad[place] = value
        for take in takers(fbank):
            with pytest.raises(ossicle.NotFiniteError, match=rf"sample {place}\b.* finite"):
                take(bad)
        with pytest.raises(ossicle.NotFiniteError, match=rf"sample {place}\b"):
            fbank(np.stack([SECOND, bad]), axis=1)


def test_a_float64_beyond_float32_is_not_finite(fbank):
    with raises(ossicle.NotFiniteError, "sample 0 "):
        fbank(np.full(400, 1e300))


def test_too_few_samples_are_refused():
    frontend = ossicle.Frontend("whisper-80")
    least = frontend.spec.min_samples
    assert least > 1
    with raises(ossicle.ShapeError, str(least - 1), str(least)):
        frontend(SECOND[:least - 1])


@pytest.mark.parametrize("rate_hz", [0, -1, 768001, -2**31, 2**31 - 1])
def test_a_rate_out_of_range_is_refused(rate_hz, fbank):
    for call in (lambda: fbank(SECOND, sample_rate_hz=rate_hz),
                 lambda: ossicle.Stream(fbank, sample_rate_hz=rate_hz)):
        with raises(ossicle.SpecError, f"sample_rate_hz is {rate_hz};", "1..768000"):
            call()
    with raises(ossicle.SpecError, str(rate_hz), "1..768000"):
        ossicle.resample(SECOND, rate_hz, 16000)


def test_an_unknown_precision_is_refused():
    for make in (ossicle.Frontend, ossicle.Stream):
        with raises(ossicle.SpecError, '"half"', '"float" or "double"'):
            make("wav2lip", precision="half")


@pytest.mark.parametrize("workers", [-1, 257, 2**31 - 1])
def test_workers_out_of_range_are_refused(workers):
    with raises(ossicle.SpecError, f"workers is {workers};", "1..256"):
        ossicle.Frontend("wav2lip", workers=workers)


def test_a_negative_number_of_samples_has_no_frames(fbank):
    with raises(ossicle.ShapeError, "-1", "0 samples or more"):
        fbank.frames(-1)


def test_an_object_that_was_not_made_is_refused():
    with pytest.warns(RuntimeWarning, match="uninitialized"), pytest.raises(TypeError):
        ossicle.Frontend.__new__(ossicle.Frontend)(SECOND)


def test_an_object_is_made_once(fbank):
    with pytest.warns(RuntimeWarning, match="already-initialized"), pytest.raises(TypeError):
        fbank.__init__("wav2lip")
    assert fbank.bands == 80


def test_errors_are_also_the_errors_of_python():
    for kind, builtin in ((ossicle.SpecError, ValueError), (ossicle.ShapeError, ValueError),
                          (ossicle.NotFiniteError, ValueError),
                          (ossicle.NotFiniteError, ossicle.AudioError),
                          (ossicle.OutputError, OSError), (ossicle.DeadlineError, TimeoutError)):
        assert issubclass(kind, builtin)
        assert issubclass(kind, ossicle.Error)
