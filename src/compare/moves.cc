#include "compare/moves.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "compare/round.h"

namespace ossicle::compare {

namespace {

class MoveList {
 public:
  MoveList(const Trial& trial, int audio_rate_hz, std::int64_t frames)
      : trial_(trial), audio_rate_hz_(audio_rate_hz), frames_(frames) {}

  std::vector<Move> Make() {
    Samples();
    Windows();
    Spectra();
    MelShapes();
    MelEdges();
    Logarithms();
    if (CepstrumOf(trial_.spec) != nullptr) {
      Cepstra();
    } else {
      AddCepstrum();
    }
    return std::move(moves_);
  }

 private:
  void Add(const char* field, std::function<void(Trial&)> apply) {
    moves_.push_back({field, std::move(apply)});
  }

  template <class T>
  void Values(const char* field, T FrontendSpec::* member, const std::vector<T>& values) {
    for (const T& value : values) {
      if (trial_.spec.*member == value) continue;
      Add(field, [=](Trial& t) { t.spec.*member = value; });
    }
  }

  void Samples() {
    for (const double coefficient : {0.97, 0.95, 0.9, 0.98, 0.85}) {
      for (const PreEmphasis kind : {PreEmphasis::kSignal, PreEmphasis::kFrame}) {
        Add("preemphasis", [=](Trial& t) {
          t.spec.preemphasis = kind;
          t.spec.preemphasis_coefficient = coefficient;
        });
      }
    }
    Values("preemphasis", &FrontendSpec::preemphasis, {PreEmphasis::kNone});
    Values("remove_dc", &FrontendSpec::remove_dc, {false, true});
    Rates();
    Scales();
    Hops();
  }

  void Rates() {
    std::set<int> rates = {8000, 16000, 22050, 24000, 32000, 44100, 48000, audio_rate_hz_};
    for (const int rate : rates) {
      if (rate == trial_.spec.sample_rate_hz) continue;
      Add("sample_rate_hz", [=](Trial& t) {
        t.start = t.start * rate / t.spec.sample_rate_hz;
        t.spec.sample_rate_hz = rate;
        t.spec.high_hz = std::min(t.spec.high_hz, rate / 2.0);
      });
    }
  }

  /// Around the frame in the middle, which stays where it is.
  void Hops() {
    for (const int longer : {-2, -1, 1, 2}) {
      Add("hop_samples", [=, frames = frames_](Trial& t) {
        t.spec.hop_samples += longer;
        t.start -= longer * frames / 2;
      });
    }
  }

  /// Scaling alone is a line; beside an added floor, or a floor before a cepstrum, it is more.
  void Scales() {
    Add("input_rounding", [](Trial& t) {
      t.spec.input_rounding = t.spec.input_rounding == InputRounding::kNone ? InputRounding::kInt16
                                                                            : InputRounding::kNone;
    });
    Values("input_scale", &FrontendSpec::input_scale, {1.0, 32768.0, 32767.0, 1.0 / 32768});
  }

  void Windows() {
    for (const Window window : {Window::kHann, Window::kHamming, Window::kPovey}) {
      for (const bool periodic : {true, false}) {
        Add("window", [=](Trial& t) {
          t.spec.window = window;
          t.spec.window_periodic = periodic;
        });
      }
    }
    Values("window", &FrontendSpec::window, {Window::kRectangular});
    for (const Window window : {Window::kHann, Window::kHamming, Window::kPovey}) AsWide(window);
    // A symmetric window is a periodic one with another sample, and its middle is between two.
    for (const int later : {-1, 1}) {
      Add("window_periodic", [=](Trial& t) {
        t.spec.window_periodic = !t.spec.window_periodic;
        t.start += later;
      });
    }
    for (const int longer : {-1, 1}) {
      for (const bool keep_middle : {true, false}) {
        for (const bool toggle : {true, false}) Neighbour(longer, keep_middle, toggle);
      }
    }
    Values("window_kept_samples", &FrontendSpec::window_kept_samples, {0});
    for (const double part : {0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95}) {
      Add("window_kept_samples", [=](Trial& t) {
        t.spec.window_kept_samples = static_cast<int>(t.spec.window_samples * part);
      });
    }
    for (const int length : Lengths()) WindowLength(length);
    for (const int size : Lengths()) FftSize(size);
    for (const int size : {trial_.spec.window_samples, NextPowerOfTwo(trial_.spec.window_samples),
                           2 * NextPowerOfTwo(trial_.spec.window_samples)}) {
      FftSize(size);
    }
  }

  /// Another window that is as wide in effect, which a search may have taken for this one.
  void AsWide(Window window) {
    const double ratio = Width(window) / Width(trial_.spec.window);
    const int length = static_cast<int>(trial_.spec.window_samples * ratio + 0.5);
    if (window == trial_.spec.window || trial_.spec.window == Window::kRectangular) return;
    for (const bool periodic : {true, false}) {
      Add("window_samples", [=](Trial& t) {
        const std::int64_t middle = MiddleOf(t);
        t.spec.window = window;
        t.spec.window_periodic = periodic;
        t.spec.window_samples = length;
        t.spec.fft_size = std::max(t.spec.fft_size, length);
        PutMiddle(t, middle);
      });
    }
  }

  /// Equivalent noise bandwidth, in bins.
  static double Width(Window window) {
    return window == Window::kHann ? 1.5 : window == Window::kHamming ? 1.36 : 1.41;
  }

  void Neighbour(int longer, bool keep_middle, bool toggle) {
    Add("window_samples", [=](Trial& t) {
      const std::int64_t middle = MiddleOf(t);
      t.spec.window_samples += longer;
      if (toggle) t.spec.window_periodic = !t.spec.window_periodic;
      t.spec.fft_size = std::max(t.spec.fft_size, t.spec.window_samples);
      if (keep_middle) PutMiddle(t, middle);
    });
  }

  std::set<int> Lengths() const {
    std::set<int> lengths = {256, 320, 400, 480, 512, 640, 800, 960, 1024, 1200, 2048};
    const FrontendSpec& spec = trial_.spec;
    for (const double milliseconds : {16.0, 20.0, 25.0, 30.0, 32.0, 40.0, 50.0, 64.0}) {
      lengths.insert(static_cast<int>(spec.sample_rate_hz * milliseconds / 1000 + 0.5));
    }
    lengths.insert({spec.fft_size, 2 * spec.hop_samples, 4 * spec.hop_samples});
    return lengths;
  }

  void WindowLength(int length) {
    const FrontendSpec& spec = trial_.spec;
    if (length == spec.window_samples) return;
    std::set<int> sizes = {std::max(spec.fft_size, length)};
    if (length > spec.fft_size) sizes.insert(NextPowerOfTwo(length));
    if (spec.fft_size == spec.window_samples) sizes.insert(length);
    for (const int size : sizes) {
      for (const bool keep_middle : {true, false}) {
        Add("window_samples", [=](Trial& t) {
          const std::int64_t middle = MiddleOf(t);
          t.spec.window_samples = length;
          t.spec.fft_size = size;
          if (keep_middle) PutMiddle(t, middle);
        });
      }
    }
  }

  void FftSize(int size) {
    if (size == trial_.spec.fft_size || size < trial_.spec.window_samples) return;
    Add("fft_size", [=](Trial& t) { t.spec.fft_size = size; });
  }

  void Spectra() {
    Values("spectrum", &FrontendSpec::spectrum, {Spectrum::kMagnitude, Spectrum::kPower});
    Values("spectrum_epsilon", &FrontendSpec::spectrum_epsilon,
           {0.0, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4});
  }

  void MelShapes() {
    for (const MelScale scale : {MelScale::kSlaney, MelScale::kHtk, MelScale::kKaldi}) {
      for (const MelInterpolation side : {MelInterpolation::kHz, MelInterpolation::kMel}) {
        for (const bool round : {false, true}) MelShape(scale, side, round);
      }
    }
    Values("mel_dc", &FrontendSpec::mel_dc, {false, true});
    Values("mel_nyquist", &FrontendSpec::mel_nyquist, {false, true});
    Values("mel_norm", &FrontendSpec::mel_norm, {MelNorm::kNone, MelNorm::kSlaney});
  }

  /// `round`: with round edges, which may have moved to make up for the wrong shape.
  void MelShape(MelScale scale, MelInterpolation side, bool round) {
    const double low = round ? AsDigits(trial_.spec.low_hz, 2) : trial_.spec.low_hz;
    const double high = round ? AsDigits(trial_.spec.high_hz, 2) : trial_.spec.high_hz;
    if (round && low == trial_.spec.low_hz && high == trial_.spec.high_hz) return;
    Add("mel_scale", [=](Trial& t) {
      t.spec.mel_scale = scale;
      t.spec.mel_interpolation = side;
      t.spec.low_hz = low;
      t.spec.high_hz = high;
    });
  }

  void MelEdges() {
    Values("low_hz", &FrontendSpec::low_hz,
           {0, 10, 20, 30, 40, 50, 55, 60, 64, 70, 80, 90, 100, 110, 120, 125, 130, 150, 200, 300});
    const double nyquist = trial_.spec.sample_rate_hz / 2.0;
    std::set<double> highs = {3400, 3700, 3800, 4000, 5000,  6000,  6500,  7000,  7500,
                              7600, 7800, 8000, 9000, 10000, 11025, 12000, 14000, 16000};
    for (const double below : {0.0, 100.0, 200.0, 400.0, 500.0}) highs.insert(nyquist - below);
    Values("high_hz", &FrontendSpec::high_hz, std::vector<double>(highs.begin(), highs.end()));
  }

  void Logarithms() {
    Values("log", &FrontendSpec::log, {Log::kNone});
    if (trial_.spec.log == Log::kNone) Values("log", &FrontendSpec::log, {Log::kLn});
    if (trial_.spec.log_floor_rule == LogFloor::kAdd || CepstrumOf(trial_.spec) != nullptr) {
      Add("log_floor", [](Trial& t) { t.spec.log_floor_rule = LogFloor::kClamp; });
    }
    if (CepstrumOf(trial_.spec) != nullptr) Floors(LogFloor::kClamp);
    Floors(LogFloor::kAdd);
  }

  void Floors(LogFloor rule) {
    for (const double floor : {1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 0x1p-23, 0x1p-24, 1e-8,
                               1e-9, 1e-10, 1e-12}) {
      Floor(rule, floor, false);
      // With the other norm, which is a factor of the bands, the same floor is another one.
      if (rule == LogFloor::kAdd && trial_.spec.log_floor_rule == rule) Floor(rule, floor, true);
    }
  }

  void Floor(LogFloor rule, double floor, bool other_norm) {
    Add("log_floor", [=](Trial& t) {
      t.spec.log_floor_rule = rule;
      t.spec.log_floor = floor;
      if (!other_norm) return;
      t.spec.mel_norm = t.spec.mel_norm == MelNorm::kNone ? MelNorm::kSlaney : MelNorm::kNone;
    });
  }

  void Cepstra() {
    Add("steps", [](Trial& t) {
      Cepstrum* cepstrum = CepstrumOf(t.spec);
      cepstrum->log_energy = !cepstrum->log_energy;
    });
    Values("mel_bands", &FrontendSpec::mel_bands, {20, 23, 26, 32, 40, 64, 80, 128});
    if (FindStep<PeakFloor>(trial_.spec) != nullptr) {
      Add("steps", [](Trial& t) {
        std::erase_if(t.spec.steps,
                      [](const Step& s) { return std::holds_alternative<PeakFloor>(s); });
      });
      for (const double range : {6.0, 8.0, 10.0, 60.0, 80.0, 100.0, 120.0}) {
        Add("steps", [=](Trial& t) { FindStep<PeakFloor>(t.spec)->range = range; });
        // Pre-emphasis moves the peak: neither change helps without the other.
        Add("steps", [=](Trial& t) {
          FindStep<PeakFloor>(t.spec)->range = range;
          t.spec.preemphasis =
              t.spec.preemphasis == PreEmphasis::kNone ? PreEmphasis::kSignal : PreEmphasis::kNone;
        });
      }
    } else {
      for (const double range : {60.0, 80.0, 100.0, 8.0}) {
        Add("steps",
            [=](Trial& t) { t.spec.steps.insert(t.spec.steps.begin(), PeakFloor{range}); });
      }
    }
    Add("steps", [](Trial& t) {
      t.spec.mel_bands = t.spec.bands();
      std::erase_if(t.spec.steps,
                    [](const Step& s) { return std::holds_alternative<Cepstrum>(s); });
    });
  }

  void AddCepstrum() {
    const int wanted = trial_.spec.mel_bands;
    for (const int bands : {wanted, 23, 26, 40, 64, 80, 128}) {
      if (bands < wanted) continue;
      Add("steps", [=](Trial& t) {
        t.spec.mel_bands = bands;
        PutCepstrum(t.spec, wanted);
      });
    }
  }

  const Trial& trial_;
  int audio_rate_hz_;
  std::int64_t frames_;
  std::vector<Move> moves_;
};

}  // namespace

std::vector<Move> InnerMoves(const Trial& trial, int audio_rate_hz, std::int64_t frames) {
  return MoveList(trial, audio_rate_hz, frames).Make();
}

int NextPowerOfTwo(int n) {
  int power = 2;
  while (power < n) power *= 2;
  return power;
}

}  // namespace ossicle::compare
