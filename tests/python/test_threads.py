"""Threads: one front end for all of them, the GIL released, and streams that belong to one."""

import concurrent.futures
import sys
import threading
import time

import numpy as np
import pytest

import ossicle

THREADS = 8


def in_threads(work, count=THREADS):
    """What work(i) gives in each thread; all begin at the same time."""
    together = threading.Barrier(count)

    def begin(i):
        together.wait()
        return work(i)

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


@pytest.mark.parametrize("workers", [1, 2])
def test_one_front_end_serves_many_threads(workers, speech):
    frontend = ossicle.Frontend("whisper-80", workers=workers)
    signals = [np.roll(speech, 1000 * i) for i in range(THREADS)]
    wanted = [ossicle.Frontend("whisper-80")(signal).tobytes() for signal in signals]

    def work(i):
        return {frontend(signals[i]).tobytes() for _ in range(10)}

    assert in_threads(work) == [{each} for each in wanted]


def test_threads_that_find_a_nan_harm_no_other(fbank, speech):
    bad = speech.copy()
    bad[-1] = np.nan
    wanted = fbank(speech).tobytes()

    def work(i):
        for _ in range(10):
            if i % 2:
                with pytest.raises(ossicle.NotFiniteError):
                    fbank(bad)
            else:
                assert fbank(speech).tobytes() == wanted
        return True

    assert all(in_threads(work))


def test_one_engine_serves_many_threads(engine, speech):
    wanted = engine(speech).values.tobytes()
    assert in_threads(lambda i: engine(speech).values.tobytes(), 4) == [wanted] * 4


@pytest.fixture
def patient():
    """Python takes the GIL from no thread: it passes on only where a thread lets go of it."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(interval)


@pytest.fixture
def counted(patient):
    """counted(work): how often another thread had the GIL during work()."""
    turns, stop = [0], threading.Event()

    def count():
        while not stop.is_set():
            turns[0] += 1
            time.sleep(0)  # lets go

    def measure(work):
        before = turns[0]
        work()
        return turns[0] - before

    thread = threading.Thread(target=count)
    thread.start()
    yield measure
    stop.set()
    thread.join()


def test_the_judge_of_the_gil_sees_it_held(counted):
    numbers = list(range(1_000_000))
    assert counted(numbers.copy) == 0


@pytest.mark.parametrize("kind", ["call", "call in double", "push", "finish", "resample", "read",
                                  "extract", "engine", "encoder"])
def test_the_gil_is_released(kind, counted, minutes, engine, tmp_path, fbank):
    assert counted(job(kind, minutes, engine, tmp_path, fbank)) > 0


def job(kind, minutes, engine, folder, fbank):
    raw = folder / "minutes.f32"
    if kind in ("read", "extract"):
        minutes.tofile(raw)
    if kind == "call":
        return lambda: fbank(minutes)
    if kind == "call in double":
        frontend = ossicle.Frontend("kaldi-fbank-80", precision="double")
        return lambda: frontend(minutes)
    if kind == "push":
        return lambda: ossicle.Stream(fbank).push(minutes)
    if kind == "finish":
        stream = ossicle.Stream("nemo-80", statistics="exact")
        stream.push(minutes)
        return stream.finish
    if kind == "resample":
        return lambda: ossicle.resample(minutes, 8000, 16000)
    if kind == "read":
        return lambda: ossicle.read_audio(raw, raw="f32le:16000:1")
    if kind == "extract":
        return lambda: ossicle.extract(raw, fbank, raw="f32le:16000:1")
    if kind == "engine":
        return lambda: engine(minutes[:160000])
    encoder = ossicle.Encoder(engine.path)
    windows = np.zeros((32, 76, 32), np.float32)
    return lambda: encoder(windows)


def meanwhile(stream, samples, call):
    """call() while another thread is in stream.push(samples)."""
    begun = threading.Event()

    def push():
        begun.set()
        return stream.push(samples)  # the first thing that lets go of the GIL

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pushed = pool.submit(push)
        begun.wait()
        call()
        assert not pushed.done(), "the push was over too soon to tell"
        return pushed.result()


def refused(call):
    with pytest.raises(ossicle.BusyError, match="in use by another thread"):
        call()


def test_a_second_thread_on_a_stream_is_told_so_and_breaks_nothing(patient, fbank, minutes):
    stream = ossicle.Stream(fbank)
    first = meanwhile(stream, minutes, lambda: refused(lambda: stream.push(minutes[:1000])))
    assert np.array_equal(np.concatenate([first, stream.finish()]), fbank(minutes))


@pytest.mark.parametrize("name", ["finish", "reset", "close", "samples", "frames", "statistics"])
def test_all_of_a_stream_is_refused_to_a_second_thread(name, patient, fbank, minutes):
    stream = ossicle.Stream(fbank)

    def use():
        found = getattr(stream, name)
        return found() if callable(found) else found

    meanwhile(stream, minutes, lambda: refused(use))
    use()


def test_an_embedding_stream_belongs_to_one_thread(patient, engine, minutes):
    stream = ossicle.EmbeddingStream(engine, statistics="running")
    first = meanwhile(stream, minutes[:160000],
                      lambda: (refused(lambda: stream.push(minutes[:1000])), refused(stream.finish),
                               refused(stream.reset)))
    alone = ossicle.EmbeddingStream(engine, statistics="running")
    assert np.array_equal(first.values, alone.push(minutes[:160000]).values)
    assert np.array_equal(stream.finish().values, alone.finish().values)
