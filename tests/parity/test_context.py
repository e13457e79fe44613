"""`ossicle encode --context --edge --pad-ends` against the rules of two renderers, in NumPy."""

import command
import numpy as np
import pytest

WAV2LIP = ("wav2lip", "16:80/25")


def padded(embeddings):
    """As SyncTalk stores them: the first once more before, the last once more behind."""
    return np.concatenate([embeddings[:1], embeddings, embeddings[-1:]])


def context_with_zeros(embeddings, index, half):
    """The rule of digital-clone: zeros wherever there is no embedding."""
    rows = np.zeros((2 * half, embeddings.shape[1]), np.float32)
    for k, row in enumerate(range(index - half, index + half)):
        if 0 <= row < len(embeddings):
            rows[k] = embeddings[row]
    return rows


def context_with_repeats(embeddings, index, half):
    """The rule of Dk0071942's SyncTalk_2D: near the end it is the last embedding and nothing else."""
    if index + half > len(embeddings):
        return np.repeat(embeddings[-1:], 2 * half, axis=0)
    before = np.repeat(embeddings[:1], max(half - index, 0), axis=0)
    return np.concatenate([before, embeddings[max(index - half, 0):index + half]])


RULES = {"zeros": context_with_zeros, "repeat": context_with_repeats}


def all_contexts(embeddings, edge, rows):
    return np.stack([RULES[edge](embeddings, i, rows // 2) for i in range(len(embeddings))])


@pytest.fixture(scope="module")
def talk(wav2lip_encoder, speech):
    def encode(*options):
        return command.encode(wav2lip_encoder, *WAV2LIP, speech[0].path, "--tail", "align", *options)

    return encode


@pytest.fixture(scope="module")
def embeddings(talk):
    return talk()


@pytest.mark.parametrize("rows", [2, 16, 1024])
@pytest.mark.parametrize("edge", ["zeros", "repeat"])
def test_each_video_frame_has_the_embeddings_around_it(talk, embeddings, edge, rows):
    found = talk("--context", rows, "--edge", edge)
    assert found.dtype == np.float32
    assert found.shape == (len(embeddings), rows, 512)
    assert np.array_equal(found, all_contexts(embeddings, edge, rows))


def test_the_ends_are_stored_twice(talk, embeddings):
    assert np.array_equal(talk("--pad-ends"), padded(embeddings))


@pytest.mark.parametrize("edge", ["zeros", "repeat"])
def test_contexts_of_padded_ends_are_those_that_a_renderer_makes_of_the_file(talk, embeddings, edge):
    found = talk("--pad-ends", "--context", 16, "--edge", edge)
    assert np.array_equal(found, all_contexts(padded(embeddings), edge, 16))


def test_the_two_rules_differ_at_both_ends_only(embeddings):
    zeros, repeat = (all_contexts(embeddings, edge, 16) for edge in ("zeros", "repeat"))
    equal = [np.array_equal(*pair) for pair in zip(zeros, repeat)]
    assert not any(equal[:8]) and not any(equal[-7:])
    assert len(equal) > 15 and all(equal[8:-7])
