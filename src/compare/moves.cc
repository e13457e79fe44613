#include "compare/moves.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "compare/round.h"
#include "compare/window_moves.h"
#include "ossicle/resampler.h"

namespace ossicle::compare {

namespace {

class MoveList {
 public:
  MoveList(const Trial& trial, int audio_rate_hz, std::int64_t frames)
      : trial_(trial), audio_rate_hz_(audio_rate_hz), frames_(frames) {}

  std::vector<Move> Make() {
    Samples();
    AddWindowMoves(trial_, moves_);
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
    OtherResamplers();
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

  /// Of audio that is at the front end's rate already, none shows.
  void OtherResamplers() {
    if (trial_.spec.sample_rate_hz == audio_rate_hz_) return;
    for (const ResamplerInfo& info : Resamplers()) {
      Values("resampler", &FrontendSpec::resampler, {info.name});
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

}  // namespace ossicle::compare
