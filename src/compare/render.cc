#include "compare/render.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "compare/limits.h"
#include "compare/moves.h"
#include "compare/round.h"
#include "ossicle/compare.h"
#include "ossicle/spec_difference.h"

namespace ossicle::compare {

namespace {

/// A difference of offsets, relative to the values' scale, that counts as none.
constexpr double kSameOffset = 3e-6;
constexpr double kRoughDigit = 0.1;
constexpr double kWrong = 1000.0;

/// All that is written anew: logarithm, scale and steps.
class Renderer {
 public:
  Renderer(const FrontendSpec& found, const LateFit& late, const FrontendSpec& preset,
           const Target& target, int audio_rate_hz)
      : found_(found),
        late_(late),
        preset_(preset),
        target_(target),
        audio_rate_hz_(audio_rate_hz),
        cepstrum_(CepstrumOf(found)),
        gain_is_late_(found.log_floor_rule == LogFloor::kClamp && found.spectrum_epsilon == 0.0) {}

  Rendered Run() {
    const bool linear = found_.log == Log::kNone;
    for (const Log log : {Log::kNone, Log::kLn, Log::kLog10, Log::kDbPower, Log::kDbMagnitude}) {
      if (linear != (log == Log::kNone)) continue;
      std::vector<double> scales = {found_.input_scale};
      if (gain_is_late_) {
        scales.insert(scales.end(), {preset_.input_scale, 1.0, 32768.0, 32767.0, 1.0 / 32768});
        scales.push_back(found_.input_scale * ImpliedGain(log));
      }
      for (const double scale : scales) {
        if (scale >= 1e-9 && scale <= 1e9) Try(log, scale);
      }
    }
    return best_;
  }

 private:
  /// Power, or magnitude: what a factor of the samples becomes.
  double Exponent() const { return found_.spectrum == Spectrum::kPower ? 2.0 : 1.0; }

  /// The gain that would be the whole offset, if the preset's own scale and offset stay.
  double ImpliedGain(Log log) const {
    if (late_.statistics || late_.scale <= 0.0) return 1.0;
    if (log == Log::kNone) {
      return std::pow(late_.scale / PresetAffine().scale, 1.0 / Exponent());
    }
    const double offset =
        cepstrum_ != nullptr ? late_.first_offset : late_.offset - PresetAffine().offset;
    const double level =
        offset / (cepstrum_ && cepstrum_->log_energy ? 1.0 : late_.scale) / GainLevels();
    return Rounded(std::exp(std::clamp(level, -20.0, 20.0)), kSameScale);
  }

  /// ln units that a gain of e adds to what carries the offset.
  double GainLevels() const {
    if (cepstrum_ == nullptr) return Exponent();
    if (cepstrum_->log_energy) return 2.0;
    return Exponent() * std::sqrt(static_cast<double>(found_.mel_bands));
  }

  Affine PresetAffine() const {
    const auto* affine = FindStep<Affine>(preset_);
    return affine != nullptr ? *affine : Affine{};
  }

  void Try(Log log, double input_scale) {
    FrontendSpec spec = WithUnheardOf(found_, preset_, audio_rate_hz_);
    spec.name = preset_.name;
    spec.mel_norm = late_.norm;
    spec.log = log;
    spec.input_scale = input_scale;
    spec.layout = target_.layout;
    level_ = std::log(input_scale / found_.input_scale);
    rough_ = 0.0;
    const Affine affine = NeededAffine(log);
    if (cepstrum_ != nullptr) {
      CepstralSteps(spec, affine);
    } else {
      Steps(spec, affine);
    }
    if (input_scale != preset_.input_scale) rough_ += Roughness(input_scale);
    const auto count = static_cast<double>(Deviations(spec, preset_).size());
    const double cost = count + kRoughDigit * rough_;
    if (best_.spec.name == preset_.name && cost >= best_.cost) return;
    best_ = {spec, cost};
  }

  /// The scale and the offset that the steps have to add to a logarithm.
  Affine NeededAffine(Log log) {
    const Affine own = PresetAffine();
    if (IsStandardized()) return own;
    Affine needed;
    if (log == Log::kNone) {
      needed.scale = late_.scale / std::exp(level_ * Exponent());
      needed.offset = late_.offset;
    } else {
      needed.scale = late_.scale / LogUnits(log);
      needed.offset = late_.offset;
      if (cepstrum_ == nullptr) needed.offset -= late_.scale * level_ * GainLevels();
    }
    if (late_.statistics) {
      if (IsOffsetAfter()) return own;
      needed.offset = own.offset;
    }
    needed.scale = Near(needed.scale, {own.scale, 1.0}, kSameScale * std::abs(needed.scale));
    needed.offset = Near(needed.offset, {own.offset, 0.0},
                         kSameOffset * (std::abs(late_.scale) * 5 + std::abs(needed.offset)));
    if (needed.scale != own.scale) rough_ += Roughness(needed.scale);
    if (needed.offset != own.offset) rough_ += Roughness(needed.offset);
    // A step that the preset lacks is less likely than a field with another value.
    if (FindStep<Affine>(preset_) == nullptr && needed != Affine{}) rough_ += 3.0;
    return needed;
  }

  /// The first of `likely` that is within `tolerance`, else the roundest number.
  static double Near(double value, std::initializer_list<double> likely, double tolerance) {
    for (const double other : likely) {
      if (std::abs(value - other) < tolerance) return other;
    }
    return Rounded(value, tolerance / std::abs(value));
  }

  bool IsStandardized() const {
    return late_.statistics && std::holds_alternative<Standardize>(*late_.statistics);
  }
  bool IsOffsetAfter() const {
    return std::abs(late_.offset) > kSameOffset * 10 * std::abs(late_.scale);
  }

  void AppendStatistics(FrontendSpec& spec, const Affine& before) {
    if (!late_.statistics) return;
    spec.steps.push_back(*late_.statistics);
    Affine after{late_.scale, late_.offset};
    if (!IsStandardized()) {
      if (!IsOffsetAfter()) return;
      after.scale /= before.scale * LogUnits(spec.log);
    }
    after.scale = Near(after.scale, {1.0}, kSameScale * std::abs(after.scale));
    after.offset = Near(after.offset, {0.0}, kSameScale * (1 + std::abs(after.offset)));
    if (after == Affine{}) return;
    spec.steps.emplace_back(after);
    rough_ += Roughness(after.scale) + Roughness(after.offset);
  }

  void CepstralSteps(FrontendSpec& spec, const Affine& affine) {
    Cepstrum cepstrum = *cepstrum_;
    cepstrum.lifter = late_.lifter;
    if (late_.statistics) {
      // Standardised, the lifter does not show.
      if (const Cepstrum* own = CepstrumOf(preset_);
          own != nullptr && std::holds_alternative<Standardize>(*late_.statistics)) {
        cepstrum.lifter = own->lifter;
      }
    }
    const auto* peak = FindStep<PeakFloor>(found_);
    spec.steps.clear();
    if (peak != nullptr) {
      const double range = peak->range * LogUnits(spec.log) / LogUnits(found_.log);
      spec.steps.emplace_back(PeakFloor{Rounded(range, 1e-6)});
    }
    const bool after = affine.offset != 0.0 && !late_.statistics;
    if (!after) {
      const Affine before{affine.scale, FirstOffset(spec)};
      if (before != Affine{}) spec.steps.emplace_back(before);
    }
    spec.steps.emplace_back(cepstrum);
    if (after) spec.steps.emplace_back(affine);
    AppendStatistics(spec, affine);
  }

  /// What an offset before the cepstrum has to add, for coefficient 0.
  double FirstOffset(const FrontendSpec& spec) {
    if (late_.statistics) return 0.0;
    if (cepstrum_->log_energy) {
      // Nothing but the samples' scale moves the energy.
      if (std::abs(late_.first_offset - level_ * GainLevels()) > kSameLevel) rough_ += kWrong;
      return 0.0;
    }
    const double of_gain = late_.scale * level_ * GainLevels();
    const double width = std::sqrt(static_cast<double>(spec.mel_bands));
    const double offset = (late_.first_offset - of_gain) / width;
    const double near = Near(offset, {0.0, PresetAffine().offset},
                             kSameOffset * (std::abs(late_.scale) * 5 + std::abs(offset)));
    if (near != PresetAffine().offset) rough_ += Roughness(near);
    return near;
  }

  void Steps(FrontendSpec& spec, const Affine& affine) {
    if (spec.log_floor_rule == LogFloor::kClamp) spec.log_floor = preset_.log_floor;
    spec.steps.clear();
    bool has_affine = affine == Affine{};
    for (const Step& step : preset_.steps) {
      if (std::holds_alternative<PeakFloor>(step)) spec.steps.push_back(step);
      if (std::holds_alternative<Affine>(step)) spec.steps.emplace_back(affine);
      if (std::holds_alternative<Clip>(step)) {
        if (!has_affine && FindStep<Affine>(spec) == nullptr) spec.steps.emplace_back(affine);
        spec.steps.push_back(step);
      }
      has_affine = has_affine || FindStep<Affine>(spec) != nullptr;
    }
    if (!has_affine) spec.steps.emplace_back(affine);
    if (affine == Affine{}) {
      std::erase_if(spec.steps, [](const Step& s) { return std::holds_alternative<Affine>(s); });
    }
    rough_ += SetLimits(spec, {late_, preset_, affine, level_ * Exponent()});
    AppendStatistics(spec, affine);
  }

  const FrontendSpec& found_;
  const LateFit& late_;
  const FrontendSpec& preset_;
  const Target& target_;
  const int audio_rate_hz_;
  const Cepstrum* cepstrum_;
  const bool gain_is_late_;
  double level_ = 0.0;  // ln of the change of input_scale
  double rough_ = 0.0;
  Rendered best_;
};

}  // namespace

double LogUnits(Log log) {
  switch (log) {
    case Log::kLog10:
      return std::numbers::log10e;
    case Log::kDbPower:
      return 10 * std::numbers::log10e;
    case Log::kDbMagnitude:
      return 20 * std::numbers::log10e;
    default:
      return 1.0;
  }
}

Rendered Render(const FrontendSpec& found, const LateFit& late, const FrontendSpec& preset,
                const Target& target, int audio_rate_hz) {
  return Renderer(found, late, preset, target, audio_rate_hz).Run();
}

}  // namespace ossicle::compare
