"""Processes: what was made before a fork works after it, and what is pickled works elsewhere."""

import multiprocessing
import pickle
import threading

import numpy as np
import pytest
from children import forked
from demo import BOTH

import ossicle


def test_the_judge_sees_a_child_that_fails():
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        forked(lambda: 1 / 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_front_end_works_in_a_child(workers, minutes):
    frontend = ossicle.Frontend("whisper-80", workers=workers)
    wanted = frontend(minutes[:1000000]).tobytes()  # its threads run from now on
    for _ in range(3):
        assert forked(lambda: frontend(minutes[:1000000]).tobytes() == wanted)
    assert frontend(minutes[:1000000]).tobytes() == wanted


def test_a_front_end_that_was_not_used_works_in_a_child(speech):
    frontend = ossicle.Frontend("whisper-80", workers=2)
    assert forked(lambda: frontend(speech).tobytes()) == frontend(speech).tobytes()


def test_a_front_end_works_in_a_childs_child(speech):
    frontend = ossicle.Frontend("whisper-80", workers=2)
    wanted = frontend(speech).tobytes()
    assert forked(lambda: forked(lambda: frontend(speech).tobytes())) == wanted


def test_a_front_end_works_in_a_child_that_was_forked_amid_a_call(minutes):
    samples = minutes[:1000000]  # enough for both workers
    frontend = ossicle.Frontend("whisper-80", workers=2)
    wanted = frontend(samples).tobytes()
    stop = threading.Event()

    def work():
        while not stop.is_set():
            frontend(samples)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert [forked(lambda: frontend(samples).tobytes()) for _ in range(5)] == [wanted] * 5
    finally:
        stop.set()
        thread.join()


def test_front_ends_end_in_a_child_without_harm(speech):
    frontends = [ossicle.Frontend("whisper-80", workers=2)]
    frontends[0](speech)
    assert forked(lambda: frontends.clear() or "alive") == "alive"


def test_a_stream_goes_on_in_a_child(fbank, speech):
    stream = ossicle.Stream(fbank)
    first = stream.push(speech[:10000])

    def rest():
        return np.concatenate([first, stream.push(speech[10000:]), stream.finish()]).tobytes()

    wanted = fbank(speech).tobytes()
    assert forked(rest) == wanted
    assert rest() == wanted


def test_an_engine_works_in_a_child(engine, speech):
    wanted = engine(speech).values.tobytes()
    assert forked(lambda: engine(speech).values.tobytes()) == wanted
    assert engine(speech).values.tobytes() == wanted


def test_an_engine_tells_of_itself_in_a_child(engine):
    told = (engine.path, engine.spec, engine.windows, engine.tail, engine.embedding_size)
    assert forked(lambda: (engine.path, engine.spec, engine.windows, engine.tail,
                           engine.embedding_size)) == told


def test_an_encoder_works_in_a_child(model):
    encoder = ossicle.Encoder(model, {"workers": 2})
    windows = np.random.default_rng(1).random((40, 76, 32), np.float32)
    wanted = encoder(windows).tobytes()
    assert forked(lambda: encoder(windows).tobytes()) == wanted
    assert encoder(windows).tobytes() == wanted


def test_a_model_that_is_gone_is_named_in_a_child(model, speech, tmp_path):
    path = tmp_path / "gone.onnx"
    path.write_bytes(model.read_bytes())
    engine = ossicle.Engine(path, **BOTH)
    path.unlink()
    engine(speech)

    def use():
        with pytest.raises(ossicle.ModelError, match="gone.onnx.*no such file"):
            engine(speech)
        return True

    assert forked(use)


def test_an_embedding_stream_goes_on_in_a_child(engine, speech):
    stream = ossicle.EmbeddingStream(engine, statistics="exact")
    stream.push(speech[:10000])

    def rest():
        stream.push(speech[10000:])
        return stream.finish().values.tobytes()

    wanted = engine(speech).values.tobytes()
    assert forked(rest) == wanted
    assert rest() == wanted


def test_a_front_end_pickles_as_its_spec():
    frontend = ossicle.Frontend("whisper-128", precision="double", workers=3)
    data = pickle.dumps(frontend)
    assert len(data) < 3000, "tables travel"
    again = pickle.loads(data)
    assert (again.spec, again.precision, again.workers) == (frontend.spec, "double", 3)


def test_engines_and_encoders_pickle_as_their_arguments(engine, model, speech):
    again = pickle.loads(pickle.dumps(engine))
    assert repr(again) == repr(engine)
    assert np.array_equal(again(speech).values, engine(speech).values)
    encoder = ossicle.Encoder(model, {"max_batch": 3})
    assert repr(pickle.loads(pickle.dumps(encoder))) == repr(encoder)


def test_an_engine_keeps_its_options(model):
    options = {"max_batch": 3}
    engine = ossicle.Engine(model, **BOTH, options=options)
    options["max_batch"] = -1
    assert repr(pickle.loads(pickle.dumps(engine))) == repr(engine)


def test_streams_do_not_pickle(fbank, engine):
    for stream in (ossicle.Stream(fbank), ossicle.EmbeddingStream(engine, statistics="exact")):
        with pytest.raises(TypeError, match="cannot pickle"):
            pickle.dumps(stream)


def test_errors_pickle():
    for kind in (ossicle.SpecError, ossicle.OutputError, ossicle.DeadlineError):
        again = pickle.loads(pickle.dumps(kind("message")))
        assert (type(again), str(again)) == (kind, "message")


def test_a_new_process_takes_front_end_and_engine(fbank, engine, speech):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        features = pool.apply_async(fbank, (speech,)).get(60)
        values = pool.apply_async(engine, (speech,)).get(60).values
        with pytest.raises(ossicle.NotFiniteError, match="sample 0 "):
            pool.apply_async(fbank, (np.full(400, np.nan, np.float32),)).get(60)
    assert features.tobytes() == fbank(speech).tobytes()
    assert values.tobytes() == engine(speech).values.tobytes()
