"""What openWakeWord's AudioFeatures and ossicle.compat.openwakeword's are asked: each call takes
the class."""

import os

import numpy as np
import signals

PIECES = (1280, 100, 1180, 1279, 1, 5000, 0, 300, 2560, 640, 399, 20000)


def model(name):
    return os.path.join(os.environ["OSSICLE_MODELS"], name)


def made(kind, **arguments):
    np.random.seed(0)
    return kind(**{"melspec_model_path": model("melspectrogram.onnx"),
                   "embedding_model_path": model("embedding_model.onnx"), **arguments})


def pcm16(samples):
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)


def speech(count=24000):
    return pcm16(signals.short_speech(16000)["speech"][2000:2000 + count])


def clips(count=5, samples=14400):
    return np.stack([np.roll(speech(samples), 997 * i) // (i + 1) for i in range(count)])


def of(method, *arguments, **named):
    return lambda kind: getattr(made(kind), method)(*arguments, **named)


def after(pieces, read):
    """`read` of features that have taken speech in pieces."""
    def call(kind):
        features, samples, at = made(kind), np.tile(speech(), 9), 0
        for piece in pieces:
            features(samples[at:at + piece])
            at += piece
        return read(features)
    return call


def state(features):
    return str((len(features.raw_data_buffer), features.raw_data_buffer.maxlen,
                features.accumulated_samples, features.raw_data_remainder.shape,
                features.melspectrogram_buffer.shape, features.melspectrogram_buffer.dtype,
                features.feature_buffer.shape, features.feature_buffer.dtype,
                features.melspectrogram_max_len, features.feature_buffer_max_len))


def states(pieces):
    """What each piece returned, and the buffers after it."""
    def call(kind):
        features, samples, at, found = made(kind), np.tile(speech(), 9), 0, []
        for piece in pieces:
            found.append((features._streaming_features(samples[at:at + piece]), state(features)))
            at += piece
        return str(found)
    return call


def forgotten(features):
    np.random.seed(1)
    features.reset()
    return [features.feature_buffer, features.melspectrogram_buffer,
            np.array(len(features.raw_data_buffer)), features.raw_data_remainder]


def spectrograms():
    quiet = clips(3, 2000) // np.array([[1], [300], [30000]], np.int16)
    return {
        "speech": of("_get_melspectrogram", speech()),
        "silence": of("_get_melspectrogram", np.zeros(4000, np.int16)),
        "noise": of("_get_melspectrogram", pcm16(signals.noise(4000))),
        "list": of("_get_melspectrogram", speech(2000).tolist()),
        "clips": of("_get_melspectrogram", quiet.astype(np.int16)),
        "one clip": of("_get_melspectrogram", speech(2000)[np.newaxis]),
        "transform": of("_get_melspectrogram", speech(2000), melspec_transform=lambda x: 2 * x),
        "float32": of("_get_melspectrogram", speech(2000).astype(np.float32)),
        "three axes": of("_get_melspectrogram", speech(2000)[np.newaxis, np.newaxis]),
        **{f"{count} samples": of("_get_melspectrogram", speech(count))
           for count in (0, 400, 511, 512, 671, 672)},
        "batch": of("_get_melspectrogram_batch", quiet.astype(np.int16)),
        "batch of another length": of("_get_melspectrogram_batch", clips(2, 14407)),
    }


def embeddings():
    spectrogram = np.linspace(-2, 3, 92 * 32, dtype=np.float32).reshape(1, 92, 32, 1)
    return {
        "speech": of("_get_embeddings", speech()),
        "one window": of("_get_embeddings", speech(13000)),
        "no window": of("_get_embeddings", speech(12000)),
        "two clips": of("_get_embeddings", clips(2)),
        "transform": of("_get_embeddings", speech(14000), melspec_transform=lambda x: x / 20),
        "shape": of("get_embedding_shape", 1.3),
        "of a spectrogram": of("_get_embeddings_from_melspec", spectrogram[0, :76]),
        "of spectrograms": of("_get_embeddings_batch", np.repeat(spectrogram, 3, axis=0)),
        "of a short one": of("_get_embeddings_batch", spectrogram[:, :75]),
        "clips": of("embed_clips", clips()),
        "clips in twos": of("embed_clips", clips(), batch_size=2, ncpu=2),
        "a clip": of("embed_clips", clips(1)),
        "short clips": of("embed_clips", clips(2, 8000)),
        "no clips": of("embed_clips", speech()),
        "clips of floats": of("embed_clips", clips(2).astype(np.float32)),
    }


def streams():
    whole = (150000, 3000)
    return {
        "states": states(PIECES), "states of chunks": states([1280] * 12),
        "states of more than is kept": states(whole),
        "states of little": states([100, 200, 979, 1]),
        "spectrogram": after(PIECES, lambda features: features.melspectrogram_buffer),
        "features": after(PIECES, lambda features: features.feature_buffer[41:]),
        "features at first": after((), lambda features: features.feature_buffer),
        "features of chunks": after([1280] * 12, lambda features: features.feature_buffer[41:]),
        "features of more than is kept": after(
            whole, lambda features: features.feature_buffer[::7]),
        "samples": after(PIECES, lambda features: np.array(features.raw_data_buffer)[-2000:]),
        "reset": after(PIECES, forgotten),
        "too few": after((300,), lambda features: features._streaming_melspectrogram(300)),
        **{f"get_features{arguments}": after(
            [1280] * 3, lambda features, arguments=arguments: features.get_features(*arguments))
           for arguments in ((), (5,), (5.0,), (0,), (3, -7), (5, -5), (4, 2), (200,))},
    }


def constructors():
    def making(**arguments):
        return lambda kind: state(made(kind, **arguments))
    return {"sr": making(sr=8000), "ncpu": making(ncpu=2), "device": making(device="cpu"),
            "melspec tflite": making(melspec_model_path="melspectrogram.tflite"),
            "embedding tflite": making(embedding_model_path="embedding_model.tflite"),
            "provider": lambda kind: made(kind).onnx_execution_provider}


def calls():
    groups = {"spectrogram": spectrograms(), "embedding": embeddings(), "stream": streams(),
              "constructor": constructors()}
    return {f"{group} {name}": call for group, calls in groups.items()
            for name, call in calls.items()}
