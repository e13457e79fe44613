"""For each preset, changes of one choice that a user could make by mistake, and that the bounds
must notice."""

WINDOW = {"window_periodic": False}
PERIODIC = {"window_periodic": True}
ZEROS, REFLECT, REPEAT = ({"edge": edge} for edge in ("zeros", "reflect", "reflect-repeat"))
SLANEY, HTK, KALDI = ({"mel_scale": scale} for scale in ("slaney", "htk", "kaldi"))
NO_NORM, NORM = ({"mel_norm": norm} for norm in ("none", "slaney"))
IN_HZ = {"mel_interpolation": "hz"}
SCALE = {"input_scale": 32767.0}
SAMPLES = {"input_scale": 1.0}


def peak_floor(decibels):
    return {"step": "peak_floor", "range": decibels}


def affine(scale, offset):
    return {"step": "affine", "scale": scale, "offset": offset}


def cepstrum(coefficients, lifter, log_energy=False):
    return {"step": "cepstrum", "coefficients": coefficients, "lifter": lifter,
            "log_energy": log_energy}


def standardize(ddof, epsilon, epsilon_in_variance=False):
    return {"step": "standardize", "ddof": ddof, "epsilon": epsilon,
            "epsilon_in_variance": epsilon_in_variance}


def steps(*each):
    return {"steps": list(each)}


WHISPER = [ZEROS, WINDOW, {"drop_last_frame": False}, {"high_hz": 7990.0}, HTK,
           steps(peak_floor(7.99), affine(0.25, 1.0)), steps(affine(0.25, 1.0))]
KALDI_FBANK = [{"window": "hann"}, PERIODIC, {"remove_dc": False}, {"preemphasis": "signal"}, SCALE,
               SAMPLES, {"low_hz": 20.1}, IN_HZ, SLANEY, {"window_position": "center"},
               {"framing": "kaldi-no-snip", "edge": "reflect-repeat"}]
KALDI_MFCC = [{"window": "hann"}, {"preemphasis": "signal"}, SAMPLES, steps(cepstrum(13, 0.0)),
              steps(cepstrum(13, 21.0)), steps(cepstrum(12, 22.0))]
LIBROSA = [WINDOW, {"high_hz": 11020.0}, HTK, NO_NORM, {"spectrum": "magnitude"}]
TORCHAUDIO = [WINDOW, ZEROS, SLANEY, NORM, {"high_hz": 7990.0}]
NEMO = [PERIODIC, {"preemphasis": "frame"}, {"preemphasis_coefficient": 0.96}, {"log_floor": 1e-7},
        {"log_floor_rule": "clamp"}, HTK, {"window_position": "left"}, {"spectrum": "magnitude"}]
NORMALISED = [steps(standardize(0, 1e-5)), steps(standardize(1, 1e-3)), steps()]
AUDIO_SET = [WINDOW, {"spectrum": "power"}, SLANEY, IN_HZ, {"low_hz": 126.0},
             {"log_floor_rule": "clamp"}, {"log_floor": 0.002}]
VOCODER = [WINDOW, ZEROS, {"spectrum": "power"}, {"high_hz": 8010.0}, {"log_floor": 1e-10}, NO_NORM]
CLAP = [WINDOW, ZEROS, {"low_hz": 0.0}, {"high_hz": 14010.0}, {"hop_samples": 481},
        steps(peak_floor(80.0))]
OPEN_WAKE_WORD = [{"input_rounding": "none"}, {"window_position": "left"}, {"high_hz": 3801.0},
                  SCALE, WINDOW]

MISTAKES = {
    "wav2lip@librosa-0.9": [REFLECT, WINDOW, {"preemphasis": "frame"},
                            {"preemphasis_coefficient": 0.96}, {"low_hz": 50.0},
                            {"high_hz": 7610.0}, NO_NORM, HTK, {"spectrum": "power"},
                            {"window_kept_samples": 640}],
    "wav2lip@librosa-0.7": [ZEROS, REPEAT, WINDOW],
    "whisper-80": WHISPER,
    "whisper-128": [*WHISPER, {"mel_bands": 127}],
    "whisper-80@transcribe": [{"append_zeros_samples": 479999}, {"append_zeros_samples": 0}, WINDOW,
                              steps(peak_floor(7.99), affine(0.25, 1.0))],
    "whisper-128@transcribe": [{"append_zeros_samples": 0}, WINDOW, HTK],
    "whisper-80@faster-whisper": [{"append_zeros_samples": 0}, {"append_zeros_samples": 320}, ZEROS,
                                  WINDOW],
    "kaldi-fbank-23": KALDI_FBANK,
    "kaldi-fbank-40": KALDI_FBANK,
    "kaldi-fbank-80": KALDI_FBANK,
    "kaldi-mfcc-13": [*KALDI_MFCC, steps(cepstrum(13, 22.0))],
    "kaldi-mfcc-13@torchaudio": [*KALDI_MFCC, steps(cepstrum(13, 22.0, True))],
    "icefall-fbank-80": [{"input_scale": 32768.0}, {"high_hz": 8000.0}, {"framing": "no-padding"},
                         REFLECT, ZEROS, {"window": "hann"}, {"remove_dc": False}],
    "librosa-mel@0.9": [*LIBROSA, REFLECT],
    "librosa-mel@0.8": [*LIBROSA, ZEROS, REPEAT],
    "librosa-mel-db@0.9": [*LIBROSA, REFLECT, steps(peak_floor(79.0)), steps(),
                           {"log": "db-magnitude"}],
    "librosa-mel-db@0.8": [*LIBROSA, ZEROS, steps(peak_floor(79.0)), steps()],
    "librosa-mfcc@0.9": [*LIBROSA, REFLECT, steps(cepstrum(20, 0.0)),
                         steps(peak_floor(80.0), cepstrum(20, 22.0))],
    "librosa-mfcc@0.8": [*LIBROSA, ZEROS, steps(cepstrum(20, 0.0))],
    "torchaudio-mel": TORCHAUDIO,
    "torchaudio-mel-db": [*TORCHAUDIO, steps(peak_floor(80.0)), {"log": "db-magnitude"}],
    "torchaudio-mfcc": [*TORCHAUDIO, steps(cepstrum(40, 0.0)),
                        steps(peak_floor(80.0), cepstrum(39, 0.0))],
    "nemo-64@2.4": [*NEMO, *NORMALISED, ZEROS],
    "nemo-80@2.4": [*NEMO, *NORMALISED, ZEROS],
    "nemo-80@2.5": [*NEMO, *NORMALISED, REFLECT, {"drop_last_frame": False}],
    "nemo-128@2.5": [*NEMO, *NORMALISED, REFLECT, {"drop_last_frame": False}],
    "nemo-80-streaming@2.5": [*NEMO, REFLECT, {"drop_last_frame": False},
                              steps(standardize(1, 1e-5))],
    "openwakeword": [*OPEN_WAKE_WORD, steps(peak_floor(79.9)), steps()],
    "openwakeword-embedding": [*OPEN_WAKE_WORD, steps(peak_floor(80.0))],
    "yamnet": [*AUDIO_SET, {"mel_dc": True, "low_hz": 0.0}],
    "vggish": [*AUDIO_SET, {"log_floor": 0.001}],
    "tacotron2": [*VOCODER, {"drop_last_frame": True}],
    "hifigan": [*VOCODER, {"pad_left_samples": 512, "pad_right_samples": 512},
                {"pad_left_samples": 383, "pad_right_samples": 385}, {"spectrum_epsilon": 0.0}],
    "wespeaker": [{"window": "povey"}, SAMPLES, PERIODIC, steps(), {"remove_dc": False}, SLANEY],
    "ast": [{"window": "povey"}, PERIODIC, {"input_scale": 32768.0},
            steps(affine(1 / 4.5689974, 4.2677393 / 4.5689974)), steps()],
    "clap-htk": [*CLAP, SLANEY, NORM],
    "clap-slaney": [*CLAP, HTK, NO_NORM],
    "seamless-m4t": [{"window": "hann"}, PERIODIC, SAMPLES, steps(standardize(0, 1e-7, True)),
                     steps(standardize(1, 1e-3, True)), steps()],
    "wav2vec2": [steps(standardize(0, 1e-5, True)), steps(standardize(0, 1e-7)), steps()],
}
