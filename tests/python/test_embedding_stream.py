"""EmbeddingStream: the bits of Engine, for every cut into pieces."""

import numpy as np
import pytest
from bits import pieces, same_bits
from demo import BOTH

import ossicle


@pytest.mark.parametrize("sizes", [(1 << 20,), (1000, 7), (160,)], ids=str)
@pytest.mark.parametrize("tail", ["drop", "align", "pad"])
def test_an_embedding_stream_gives_the_engines_bits(tail, sizes, model, speech):
    engine = ossicle.Engine(model, **BOTH, tail=tail)
    stream = ossicle.EmbeddingStream(engine, statistics="exact")
    given = [stream.push(piece) for piece in pieces(speech, *sizes)] + [stream.finish()]
    values, times = engine(speech)
    same_bits(np.concatenate([each.values for each in given]), values)
    assert np.concatenate([each.times for each in given]) == pytest.approx(times)


def test_an_embedding_stream_is_iterated(engine, speech):
    stream = ossicle.EmbeddingStream(engine, pieces(speech, 5000), statistics="running")
    given = [next(iter(stream)), *stream]
    assert all(len(values) for values, _ in given)
    again = ossicle.EmbeddingStream(engine, statistics="running")
    wanted = [again.push(speech), again.finish()]
    same_bits(np.concatenate([each.values for each in given]),
              np.concatenate([each.values for each in wanted]))
    with pytest.raises(TypeError, match="push"):
        next(iter(again))


def test_an_embedding_stream_is_reset(engine, speech):
    stream = ossicle.EmbeddingStream(engine, statistics="exact")
    for _ in range(2):
        stream.push(speech[:5000])
        stream.reset()
        stream.push(speech)
        same_bits(stream.finish().values, engine(speech).values)
        stream.reset()


def test_an_embedding_stream_refuses_what_a_stream_refuses(engine, speech):
    with pytest.raises(ossicle.SpecError, match='"running"'):
        ossicle.EmbeddingStream(engine)
    stream = ossicle.EmbeddingStream(engine, statistics="exact")
    with pytest.raises(TypeError, match="samples are a str"):
        stream.push("talk.wav")
    stream.push(speech[:1000])
    with pytest.raises(ossicle.ShapeError):
        stream.finish()


@pytest.mark.parametrize("wrong", ["packed.onnx", None, "encoder"])
def test_an_embedding_stream_of_what_is_no_engine_is_a_type_error_with_a_cure(wrong, model):
    if wrong == "encoder":
        wrong = ossicle.Encoder(model)
    with pytest.raises(TypeError) as caught:
        ossicle.EmbeddingStream(wrong)
    text = str(caught.value)
    assert f"engine is {wrong!r} ({type(wrong).__name__})" in text
    assert "give an ossicle.Engine" in text


def test_an_embedding_stream_is_closed_by_with(engine, speech):
    with ossicle.EmbeddingStream(engine, statistics="running") as stream:
        assert stream.engine is engine
        stream.push(speech)
        assert [list(step) for step in stream.statistics] == [["peak"]]
    for call in (lambda: stream.push(speech), stream.finish, stream.reset):
        with pytest.raises(ossicle.ShapeError, match="is closed; make a new one"):
            call()
