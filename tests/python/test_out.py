"""Frontend(out=...): into the caller's memory, and nowhere else."""

import numpy as np
import pytest

import ossicle


def filled(shape, dtype=np.float32):
    return np.full(shape, -1, dtype)


@pytest.mark.parametrize("precision, dtype", [("float", np.float32), ("double", np.float64)])
@pytest.mark.parametrize("name", ["kaldi-fbank-80", "whisper-80"])
def test_out_is_filled_and_returned(name, precision, dtype, speech):
    frontend = ossicle.Frontend(name, precision=precision)
    wanted = frontend(speech)
    out = filled(wanted.shape, dtype)
    assert frontend(speech, out=out) is out
    assert np.array_equal(out, wanted)


@pytest.mark.parametrize("name", ["kaldi-fbank-80", "whisper-80"])
def test_out_may_have_any_strides(name, speech):
    frontend = ossicle.Frontend(name)
    wanted = frontend(speech)
    rows, columns = wanted.shape
    around = filled((2 * rows + 1, 3 * columns + 2))
    for view in (around[1::2, 2::3], filled((columns, rows)).T,
                 filled((rows, columns))[::-1, ::-1]):
        frontend(speech, out=view)
        assert np.array_equal(view, wanted)
    around[1::2, 2::3] = -1
    assert (around == -1).all(), "something beside the view was written"


def test_out_holds_all_channels(fbank, speech):
    channels = speech[:32000].reshape(2, 16000)
    wanted = fbank(channels, axis=1)
    out = filled((98, 2, 80)).transpose(1, 0, 2)
    assert fbank(channels, axis=1, out=out) is out
    assert np.array_equal(out, wanted)


def refused(frontend, samples, out, kind, *words):
    before = out.copy()
    with pytest.raises(kind) as caught:
        frontend(samples, out=out)
    assert type(caught.value) is kind
    for word in words:
        assert word in str(caught.value)
    assert np.array_equal(out, before), "it was written all the same"


def test_out_of_another_shape_is_refused(fbank, speech):
    for shape in ((98, 81), (99, 80), (80, 98), (98 * 80,), (1, 98, 80)):
        text = str(shape)
        refused(fbank, speech[:16000], filled(shape), ossicle.ShapeError, text, "(98, 80)")


def test_out_of_another_type_is_refused(fbank, speech):
    for dtype in (np.float64, np.int32, np.float16, ">f4"):
        refused(fbank, speech[:16000], filled((98, 80), dtype),
                TypeError, str(np.dtype(dtype)), "float32")
    double = ossicle.Frontend("kaldi-fbank-80", precision="double")
    refused(double, speech[:16000], filled((98, 80)), TypeError, "float32", "float64")


def test_out_that_is_read_only_is_refused(fbank, speech):
    out = filled((98, 80))
    out.flags.writeable = False
    refused(fbank, speech[:16000], out, TypeError, "writable")


def test_out_that_is_not_aligned_is_refused(fbank, speech):
    memory = bytearray(98 * 80 * 4 + 1)
    out = np.frombuffer(memory, np.float32, offset=1).reshape(98, 80)
    refused(fbank, speech[:16000], out, TypeError, "aligned")


def test_out_that_is_no_array_is_refused(fbank, speech):
    for out in ([], "out", 5, b"bytes"):
        with pytest.raises(TypeError, match="give a writable"):
            fbank(speech, out=out)


def test_out_stays_as_it_is_where_the_samples_are_refused(fbank, speech):
    bad = speech[:16000].copy()
    bad[-1] = np.nan
    refused(fbank, bad, filled((98, 80)), ossicle.NotFiniteError, "15999")


def test_out_does_not_go_with_a_list(fbank, speech):
    refused(fbank, [speech], filled((98, 80)), ossicle.ShapeError, "list")


def test_out_in_the_memory_of_the_samples_is_refused(fbank, speech):
    memory = np.tile(speech, 2)
    samples = memory[8000:24000]
    for start in (8000, 8000 - 98 * 80 + 1, 23999):
        out = memory[start:start + 98 * 80].reshape(98, 80)
        for view in (out, out[::-1, ::-1]):
            refused(fbank, samples, view, ossicle.ShapeError, "memory with the samples", "its own")
            refused(fbank, samples[::-1], view, ossicle.ShapeError, "memory with the samples")
    stereo = memory[:32000].reshape(16000, 2)
    for channels in (stereo, stereo[:, ::-1]):
        out = memory[31999:31999 + 98 * 160].reshape(2, 98, 80)
        with pytest.raises(ossicle.ShapeError, match="memory with the samples"):
            fbank(channels, axis=0, out=out)


def test_out_beside_the_samples_in_one_memory_is_filled(fbank, speech):
    size = 98 * 80
    memory = np.concatenate([filled(size), speech[:16000], filled(size)])
    samples = memory[size:-size]
    wanted = fbank(speech[:16000])
    for out in (memory[:size], memory[-size:]):
        for view in (out.reshape(98, 80), out.reshape(98, 80)[::-1], out.reshape(80, 98).T):
            assert np.array_equal(fbank(samples, out=view), wanted)
    assert np.array_equal(samples, speech[:16000])
    assert fbank(memory[100:100], out=memory[:0].reshape(0, 80)).shape == (0, 80)


@pytest.mark.parametrize("strides", [(0, 4), (320, 0), (4, 4), (316, 4), (-316, 4), (4, 388)])
def test_out_that_overlaps_itself_is_refused(strides, fbank, speech):
    memory = filled(98 * 1000)
    out = np.lib.stride_tricks.as_strided(memory[40000:], (98, 80), strides)
    refused(fbank, speech[:16000], out, ossicle.ShapeError, "(98, 80)", "same address", "its own")


def test_out_with_a_dimension_of_one_place_may_have_any_stride_there(fbank, speech):
    memory = filled(98 * 80)
    out = np.lib.stride_tricks.as_strided(memory[79:], (1, 98, 80), (0, 320, -4))
    assert np.array_equal(fbank(speech[None, :16000], axis=1, out=out)[0], fbank(speech[:16000]))
