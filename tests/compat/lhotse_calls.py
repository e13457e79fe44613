"""What lhotse and ossicle.compat.lhotse are asked: each call takes the module."""

import functools

import signals


def speech(count=5000):
    return signals.short_speech(16000)["speech"][4000:4000 + count]


def noise(count=3000):
    return 0.3 * signals.noise(count)


def extracted(kind, values, samples, api):
    config = getattr(api, f"{kind}Config")(**values)
    rate_hz = values.get("sampling_rate", 16000)
    return getattr(api, kind)(config).extract(samples, sampling_rate=rate_hz)


def batch(*arguments, values=None, **named):
    def call(api):
        return api.Fbank(api.FbankConfig(**(values or {}))).extract_batch(*arguments, **named)
    return call


def of_speech(function, *arguments):
    def call(api):
        extractor = api.Fbank()
        features = [extractor.extract(samples, 16000)
                    for samples in (speech(), speech()[::-1].copy())]
        return function(extractor, *features[:2 if function is mix else 1], *arguments)
    return call


def mix(extractor, *arguments):
    return extractor.mix(*arguments)


def scale(extractor, *arguments):
    return extractor.scale(*arguments)


ARGUMENTS = {
    "sampling_rate": [8000, 11025, 22050], "frame_length": [0.02, 0.032],
    "frame_shift": [0.005, 0.0101],
    "round_to_power_of_two": [False], "remove_dc_offset": [False], "preemph_coeff": [0.0, 0.5],
    "window_type": ["hamming", "hanning", "rectangular", "other"], "snip_edges": [True],
    "raw_energy": [False], "use_fft_mag": [True], "low_freq": [0.0, 133.0, 9000.0, -1.0],
    "high_freq": [0.0, 3800.0, 9000.0, -9000.0], "num_filters": [15, 3], "num_mel_bins": [40],
    "norm_filters": [True], "device": ["cpu"],
}
FBANK = {**ARGUMENTS, "num_filters": [300, 3], "energy_floor": [1e-3]}
MFCC = {**ARGUMENTS, "num_ceps": [1, 20], "cepstral_lifter": [-3, 10]}
ENERGY = [{"use_energy": True, "energy_floor": floor} for floor in (1e-10, 0.0, 1e-2)]
LENGTHS = (0, 1, 79, 80, 100, 139, 140, 160, 199, 200, 201, 399, 400, 401)


def calls():
    found = {}
    for kind, arguments in (("Fbank", FBANK), ("Mfcc", MFCC)):
        for signal, samples in (("speech", speech()), ("noise", noise())):
            found[f"{kind} {signal}"] = functools.partial(extracted, kind, {}, samples)
        for name, values in arguments.items():
            for value in values:
                found[f"{kind} {name}={value}"] = functools.partial(
                    extracted, kind, {name: value}, speech(2500))
    for values in ENERGY:
        for name, samples in (("speech", speech(2500)), ("quiet", noise(1000) * 1e-7),
                              ("silence", noise(1000) * 0)):
            found[f"Fbank {values} {name}"] = functools.partial(
                extracted, "Fbank", values, samples.astype("float32"))
    for count in LENGTHS:
        for snip in (False, True):
            found[f"length {count} {snip}"] = functools.partial(
                extracted, "Fbank", {"snip_edges": snip, "num_filters": 20}, noise(count))
    return {**found, **inputs(), **batches(),
            "mix": of_speech(mix, 0.3), "scale": of_speech(scale, 0.3),
            "to_dict Fbank": lambda api: str(sorted(api.Fbank().to_dict().items())),
            "to_dict Mfcc": lambda api: str(sorted(api.Mfcc().to_dict().items())),
            "properties": lambda api: str([(each.name, each.frame_shift, each.device,
                                            each.feature_dim(16000))
                                           for each in (api.Fbank(), api.Mfcc())]),
            "unknown": lambda api: api.FbankConfig(unknown=1),
            "no dataclass": lambda api: api.Fbank("config"),
            "config of another": lambda api: api.Fbank(api.MfccConfig())}


def inputs():
    samples = noise(1500)
    return {f"input {name}": (lambda api, each=each, rate=rate: api.Mfcc().extract(each, rate))
            for name, each, rate in (
                ("channels", samples.reshape(3, 500), 16000), ("row", samples[None], 16000),
                ("three axes", samples[None, None], 16000), ("list", samples.tolist(), 16000),
                ("int16", (samples * 32768).astype("int16"), 16000),
                ("rate", samples, 8000), ("strided", samples[::2], 16000))}


def batches():
    samples = noise(4000)
    few = {"num_filters": 20}
    return {
        "batch list": batch([samples, samples[:2000], samples[:3900]], 16000, values=few),
        "batch of one": batch([samples], 16000, values=few),
        "batch same": batch([samples, samples[::-1].copy()], 16000, values=few),
        "batch array": batch(samples.reshape(2, 2000), 16000, values=few),
        "batch row": batch(samples[None], 16000, values=few),
        "batch samples": batch(samples, 16000, values=few),
        "batch rows": batch([samples[None], samples[None, :3000]], 16000, values=few),
        "batch tuple": batch((samples, samples), 16000, values=few),
        "batch rate": batch([samples, samples[:1000]], 8000, values=few),
        "batch empty": batch([], 16000, values=few),
        "batch no frame": batch([samples, samples[:60]], 16000, values=few),
        "batch short": batch([samples[:70], samples[:60]], 16000, values=few),
        "batch snipped": batch([samples, samples[:2000]], 16000,
                               values={**few, "snip_edges": True}),
        "batch energy": batch([samples, samples[:2000]], 16000, values={**few, "use_energy": True}),
        "batch lengths": batch(samples.reshape(2, 2000), 16000, values=few, lengths=[2000, 1000]),
    }
