#include "resample/resampler_table.h"

#include <array>

#include "resample/torch_filters.h"

namespace ossicle::internal {

namespace {

constexpr InterpolatedFilter kResampy02Best = {64, 512, 0.9475937167399596, 14.769656459379492,
                                               true};
constexpr InterpolatedFilter kResampy02Fast = {16, 512, 0.85, 8.555504641634386, true};
// beta is not documented; these give the tables that resampy ships within 1e-15.
constexpr InterpolatedFilter kResampy03Best = {50, 8192, 0.9173473712608761, 12.984585247040023,
                                               false};
constexpr InterpolatedFilter kResampy03Fast = {24, 512, 0.8682120388377784, 9.903224416455274,
                                               false};

FilterBank TorchaudioHann6(Ratio ratio, Precision precision) {
  return TorchaudioBank({}, ratio, precision);
}

FilterBank TorchaudioKaiserBest(Ratio ratio, Precision precision) {
  return TorchaudioBank({64, 0.9475937167399596, 14.769656459379492}, ratio, precision);
}

FilterBank Kaldi(Ratio ratio, Precision) { return KaldiBank(ratio); }
FilterBank Swr(Ratio ratio, Precision) { return SwrBank(ratio); }
FilterBank Julius(Ratio ratio, Precision) { return JuliusBank(ratio); }

constexpr BankRecipe kSwr = {Swr, ResamplerEdge::kSwr};

constexpr std::array kTable = {
    ResamplerRow{"soxr-hq", "FFT blocks and 12 to 15 taps; passes 0.91 of the lower Nyquist",
                 "libsoxr 0.1.3, SOXR_HQ; Python soxr.resample", SoxrRecipe{SoxrQuality::kHigh},
                 RoundedLength},
    ResamplerRow{"soxr-hq@librosa", "the same, its length rounded up with a zero",
                 "librosa 0.10 and newer: load(sr=...) and resample()",
                 SoxrRecipe{SoxrQuality::kHigh}, RoundedLength, LibrosaLength},
    ResamplerRow{"soxr-vhq", "as soxr-hq with 8 bits more of rejection, in double",
                 "libsoxr 0.1.3, SOXR_VHQ", SoxrRecipe{SoxrQuality::kVeryHigh}, RoundedLength},
    ResamplerRow{"torchaudio-hann6", "Hann window of 6 zeros",
                 "torchaudio 2.11, transforms.Resample()", BankRecipe{TorchaudioHann6},
                 TorchaudioLength},
    ResamplerRow{"torchaudio-functional", "the same with a kernel computed in the signal's type",
                 "torchaudio 2.11, functional.resample()", BankRecipe{TorchaudioFunctionalBank},
                 TorchaudioLength},
    ResamplerRow{"torchaudio-kaiser-best", "Kaiser window of 64 zeros",
                 "torchaudio 2.11, transforms.Resample() with the kaiser_best of its documentation",
                 BankRecipe{TorchaudioKaiserBest}, TorchaudioLength},
    ResamplerRow{"kaldi", "Hann window of 6 zeros, exact kernel",
                 "Kaldi ResampleWaveform; sherpa-onnx LinearResample, flushed", BankRecipe{Kaldi}},
    ResamplerRow{"kaldi@online", "the same without its last outputs, whose samples are not all in",
                 "sherpa-onnx LinearResample in a stream, never flushed", BankRecipe{Kaldi},
                 KaldiOnlineLength},
    ResamplerRow{"swr-s16", "Kaiser window, 16-bit integers; other than 16-bit input in float",
                 "ffmpeg 5.1 and older, -f s16le", kSwr, SwrLength, nullptr,
                 OutputRounding::kInteger},
    ResamplerRow{"swr-float", "Kaiser window", "ffmpeg 6.1 and newer, -f f32le; libswresample fltp",
                 kSwr, SwrLength},
    ResamplerRow{"swr-float-s16", "the same, rounded to 16 bits",
                 "ffmpeg 6.1 and newer, -f s16le; PyAV 12 to 18, AudioResampler(format=\"s16\")",
                 kSwr, SwrLength, nullptr, OutputRounding::kInt16},
    ResamplerRow{"resampy-0.2-best", "Kaiser window of 64 zeros, interpolated",
                 "resampy 0.2.2, resample(filter=\"kaiser_best\")", kResampy02Best,
                 Resampy02Length},
    ResamplerRow{"resampy-0.2-best@librosa", "the same, its length rounded up with a zero",
                 "librosa 0.4 to 0.9 with resampy 0.2: load(sr=...) and resample()", kResampy02Best,
                 ResampyLength, LibrosaLength},
    ResamplerRow{"resampy-0.2-fast", "Kaiser window of 16 zeros, interpolated",
                 "resampy 0.2.2, resample(filter=\"kaiser_fast\")", kResampy02Fast,
                 Resampy02Length},
    ResamplerRow{"resampy-0.3-best", "Kaiser window of 50 zeros, interpolated",
                 "resampy 0.3 and newer, resample(filter=\"kaiser_best\")", kResampy03Best,
                 ResampyLength},
    ResamplerRow{"resampy-0.3-fast", "Kaiser window of 24 zeros, interpolated",
                 "resampy 0.3 and newer, resample(filter=\"kaiser_fast\")", kResampy03Fast,
                 ResampyLength},
    ResamplerRow{"scipy-poly", "Kaiser window of 10 zeros, half the power at the Nyquist",
                 "SciPy 1.17, signal.resample_poly()", BankRecipe{ScipyPolyBank}},
    ResamplerRow{"julius", "Hann window of 24 zeros, each phase's sum 1, float32 kernel",
                 "julius 0.2.8, resample_frac(); demucs, audiocraft",
                 BankRecipe{Julius, ResamplerEdge::kRepeat}, JuliusLength},
};

}  // namespace

std::span<const ResamplerRow> ResamplerTable() { return kTable; }

}  // namespace ossicle::internal
