"""Stream(): the bits of Frontend(), for every cut into pieces."""

import numpy as np
import pytest
from bits import pieces, same_bits

import ossicle


def whole(stream, cut):
    """All the frames that a stream gives."""
    return np.concatenate([*(stream.push(piece) for piece in cut), stream.finish()])


def frames_of(frontend, samples, **options):
    """Frontend's, as a stream has them: frames first."""
    features = frontend(samples, **options)
    return features.T if frontend.spec.layout == "bands-first" else features


CUTS = [(1 << 20,), (160,), (1000, 7, 399), (16000, 0, 1)]


@pytest.mark.parametrize("precision", ["float", "double"])
@pytest.mark.parametrize("name", ["kaldi-fbank-80", "kaldi-mfcc-13", "torchaudio-mel", "wav2lip"])
@pytest.mark.parametrize("sizes", CUTS, ids=str)
def test_every_cut_gives_the_bits_of_the_front_end(name, precision, sizes, speech):
    frontend = ossicle.Frontend(name, precision=precision)
    stream = ossicle.Stream(frontend)
    same_bits(whole(stream, pieces(speech, *sizes)), frames_of(frontend, speech))


def test_single_samples_give_the_bits_of_the_front_end(fbank, speech):
    stream = ossicle.Stream(fbank)
    same_bits(whole(stream, pieces(speech[:2000], 1)), fbank(speech[:2000]))


@pytest.mark.parametrize("name", ["whisper-80", "nemo-80", "wespeaker"])
def test_exact_statistics_give_the_bits_of_the_front_end(name, speech):
    frontend = ossicle.Frontend(name)
    stream = ossicle.Stream(frontend, statistics="exact")
    same_bits(whole(stream, pieces(speech, 1000)), frames_of(frontend, speech))


@pytest.mark.parametrize("rate_hz", [8000, 44100])
def test_resampled_streams_give_the_bits_of_the_front_end(rate_hz, speech):
    frontend = ossicle.Frontend("kaldi-fbank-80")
    stream = ossicle.Stream(frontend, sample_rate_hz=rate_hz)
    same_bits(whole(stream, pieces(speech, 441)), frontend(speech, sample_rate_hz=rate_hz))


def test_other_samples_are_taken_as_the_front_end_takes_them(fbank, speech):
    forms = [lambda x: x, lambda x: x.astype(np.float64), lambda x: (x * 32768).astype(np.int16),
             lambda x: np.repeat(x, 2)[::2], memoryview]
    cut = [forms[i % len(forms)](piece) for i, piece in enumerate(pieces(speech.copy(), 777))]
    same_bits(whole(ossicle.Stream(fbank), cut), fbank(speech))


def test_a_stream_is_made_of_whatever_names_a_spec(fbank, speech):
    spec = ossicle.preset("kaldi-fbank-80")
    for form in ("kaldi-fbank-80", spec, spec.to_dict(), fbank):
        stream = ossicle.Stream(form)
        assert stream.frontend.spec == spec
        same_bits(whole(stream, [speech]), fbank(speech))


def test_precision_is_the_streams_or_the_front_ends():
    assert ossicle.Stream("wav2lip", precision="double").push(np.zeros(16000)).dtype == np.float64
    double = ossicle.Frontend("wav2lip", precision="double")
    assert ossicle.Stream(double).push(np.zeros(16000)).dtype == np.float64


def test_iterating_gives_all_frames(fbank, speech):
    stream = ossicle.Stream(fbank, iter(pieces(speech, 1000)))
    given = list(stream)
    assert all(len(frames) for frames in given)
    same_bits(np.concatenate(given), fbank(speech))
    assert list(stream) == []


def test_a_second_loop_goes_on_where_the_first_was_left(fbank, speech):
    for chunks in (pieces(speech, 1000), iter(pieces(speech, 1000))):
        stream = ossicle.Stream(fbank, chunks)
        given = [next(iter(stream)), next(iter(stream)), *stream]
        same_bits(np.concatenate(given), fbank(speech))


def test_a_stream_without_chunks_is_not_iterated(fbank):
    with pytest.raises(TypeError, match="push"):
        iter(ossicle.Stream(fbank)).__next__()


def test_frames_come_as_soon_as_they_are_known(fbank, speech):
    stream = ossicle.Stream(fbank)
    assert stream.lookahead_samples == 400
    assert stream.push(speech[:399]).shape == (0, 80)
    assert stream.push(speech[399:400]).shape == (1, 80)
    assert stream.push(speech[400:720]).shape == (2, 80)
    assert (stream.samples, stream.frames) == (720, 3)
    assert stream.push(speech[:0]).shape == (0, 80)


def test_reset_begins_a_new_signal(fbank, speech):
    stream = ossicle.Stream(fbank)
    for _ in range(2):
        stream.push(speech[:12345])
        stream.reset()
        same_bits(whole(stream, pieces(speech, 5000)), fbank(speech))
        stream.reset()
        assert (stream.samples, stream.frames) == (0, 0)


def test_after_finish_nothing_is_taken(fbank, speech):
    stream = ossicle.Stream(fbank)
    stream.push(speech)
    stream.finish()
    with pytest.raises(ossicle.ShapeError, match="[Rr]eset"):
        stream.push(speech)
    assert stream.finish().shape == (0, 80)


def test_after_close_everything_is_refused(fbank, speech):
    stream = ossicle.Stream(fbank, [speech])
    stream.push(speech)
    stream.close()
    for call in (lambda: stream.push(speech), stream.finish, stream.reset, lambda: list(stream)):
        with pytest.raises(ossicle.ShapeError, match="closed; make a new one"):
            call()
    stream.close()
    assert stream.samples == len(speech)


def test_the_end_of_a_with_closes(fbank, speech):
    with ossicle.Stream(fbank) as stream:
        stream.push(speech)
    with pytest.raises(ossicle.ShapeError, match="closed"):
        stream.push(speech)
    with pytest.raises(ZeroDivisionError), ossicle.Stream(fbank) as stream:
        1 / 0
    with pytest.raises(ossicle.ShapeError, match="closed"):
        stream.finish()


def test_a_bad_piece_is_not_taken(fbank, speech):
    bad = speech[:1000].copy()
    bad[500] = np.nan
    stream = ossicle.Stream(fbank)
    given = [stream.push(speech[:5000])]
    for wrong, kind in ((bad, ossicle.NotFiniteError), (bad.reshape(2, 500), ossicle.ShapeError),
                        (np.zeros(9, np.int32), TypeError), ([bad], TypeError)):
        with pytest.raises(kind):
            stream.push(wrong)
    assert stream.samples == 5000
    given += [stream.push(speech[5000:]), stream.finish()]
    same_bits(np.concatenate(given), fbank(speech))


def test_too_few_samples_are_refused_at_the_end(speech):
    stream = ossicle.Stream("whisper-80", statistics="exact")
    stream.push(speech[:10])
    with pytest.raises(ossicle.ShapeError, match="10"):
        stream.finish()


MODES = ['"exact"', '"running"', '"segment:SECONDS"', "frozen numbers"]


def test_a_missing_mode_of_statistics_is_an_error_that_lists_them():
    with pytest.raises(ossicle.SpecError) as caught:
        ossicle.Stream("whisper-80")
    assert all(mode in str(caught.value) for mode in [*MODES, "peak_floor"])


@pytest.mark.parametrize("mode", ["", "all", "segment", "segment:0", "segment:-1", "segment:x",
                                  "segment:90000"])
def test_an_unknown_mode_of_statistics_is_an_error_that_lists_them(mode):
    with pytest.raises(ossicle.SpecError) as caught:
        ossicle.Stream("whisper-80", statistics=mode)
    assert mode in str(caught.value)
    assert all(each in str(caught.value) for each in MODES[:3])


@pytest.mark.parametrize("name", ["whisper-80", "nemo-80"])
def test_other_modes_give_other_numbers(name, speech):
    exact = frames_of(ossicle.Frontend(name), speech)
    for mode in ("running", "segment:0.5"):
        frames = whole(ossicle.Stream(name, statistics=mode), pieces(speech, 1000))
        assert frames.shape == exact.shape
        assert not np.array_equal(frames, exact)
        assert np.isfinite(frames).all()


@pytest.mark.parametrize("name", ["whisper-80", "nemo-80"])
def test_frozen_statistics_of_the_whole_signal_give_the_bits_of_the_front_end(name, speech):
    frontend = ossicle.Frontend(name)
    first = ossicle.Stream(frontend, statistics="exact")
    whole(first, [speech])
    arrays = [{key: np.array(value) for key, value in step.items()} for step in first.statistics]
    for frozen in (first.statistics, tuple(first.statistics), arrays):
        second = ossicle.Stream(frontend, statistics=frozen)
        assert second.statistics == first.statistics
        same_bits(whole(second, pieces(speech, 1000)), frames_of(frontend, speech))


def test_statistics_are_those_of_the_steps(fbank, speech):
    assert ossicle.Stream(fbank).statistics == []
    stream = ossicle.Stream("whisper-80", statistics="running")
    stream.push(speech)
    assert [list(step) for step in stream.statistics] == [["peak"]]


FROZEN = {
    "a number": (5, TypeError, "statistics is 5"),
    "bytes": (b"[]", TypeError, "give a mode"),
    "a dict": ({"peak": 1.0}, TypeError, "give a mode"),
    "none": ([], ossicle.SpecError, "0"),
    "too many": ([{"peak": 1.0}] * 2, ossicle.SpecError, "2"),
    "an unknown field": ([{"pek": 1.0}], ossicle.SpecError, "pek"),
    "NaN": ([{"peak": float("nan")}], ossicle.SpecError, "peak"),
    "an object": ([{"peak": object()}], TypeError, "part of statistics"),
}


@pytest.mark.parametrize("case", FROZEN)
def test_frozen_statistics_that_do_not_fit_are_refused(case):
    statistics, kind, words = FROZEN[case]
    with pytest.raises(kind, match=words) as caught:
        ossicle.Stream("whisper-80", statistics=statistics)
    assert type(caught.value) is kind
