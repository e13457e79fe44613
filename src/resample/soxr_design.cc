#include "resample/soxr_design.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>
#include <span>

#include "dsp/exact_math.h"
#include "resample/soxr_half_bands.h"

namespace ossicle::internal {

namespace {

constexpr double kDecibelsPerBit = 6.020599913279624;  // 20 log10(2)

struct Recipe {
  int bits;
  double pass;  // end of the pass band; the stop band begins at 1, the lower Nyquist frequency
  // The share of the polyphase stage's transition band at which its response is down by 0.01 dB,
  // where libsoxr takes it for 1 - sin(phi x)^q: phi is a cubic in the attenuation a in dB,
  // ((2.0517e-7 a - 1.1303e-4) a + 0.023154) a + 0.55924, and q such that it is 1 / 2 at x = 1 / 2.
  double droop;
};

constexpr Recipe RecipeOf(SoxrQuality quality) {
  return quality == SoxrQuality::kHigh ? Recipe{20, 0.9137436532733066, 0.12578715910584512}
                                       : Recipe{28, 0.9113283198951662, 0.1710228367927242};
}

struct Ratio {
  int up = 1;
  int down = 1;

  bool IsOne() const { return up == down; }
};

Ratio LowestTerms(int up, int down) {
  const int divisor = std::gcd(up, down);
  return {up / divisor, down / divisor};
}

/// The ratio is 2^-halvings * first * polyphase * last; first and last are FFT stages.
struct Layout {
  int halvings = 0;
  Ratio first;
  double first_rate = 0.0;  // of its filter, over the lower of in and out; 0: no first stage
  Ratio polyphase;          // phases and step
  Ratio last;
  bool even_length = false;  // of the polyphase stage

  bool HasFirst() const { return first_rate != 0.0; }
  int StagesButPolyphase() const { return halvings + int{HasFirst()} + int{!last.IsOne()}; }
};

/// The rise that is left to the last stage, for a ratio above 4.
int LastRise(int ratio) {
  int rise = 4;
  for (int rest = ratio / 32; rest > 0 && rise < 256; rest /= 2) rise *= 2;
  return rise;
}

bool IsOneFftStage(Ratio ratio) {
  return std::max(ratio.up, ratio.down) < 5 || ratio.up * ratio.down < 6;
}

/// Splits what the halvings and a raising last stage have left: 1 / 4 to 5.
void SplitModerate(Ratio ratio, Layout& layout) {
  const auto [up, down] = ratio;
  if (3 * up < 2 * down && down < 2 * up) {
    layout.polyphase = LowestTerms(2 * up, down);
    layout.last = {1, 2};
    return;
  }
  if (IsOneFftStage(ratio)) {
    layout.first = ratio;
  } else {
    layout.first.up = down < 2 * up ? 2 : 1;
    layout.polyphase = LowestTerms(up, layout.first.up * down);
    layout.even_length = up < down;
  }
  layout.first_rate = static_cast<double>(layout.first.up * down) / std::min(up, down);
}

Layout LayoutOf(Ratio ratio) {
  Layout layout;
  if (ratio.up > 4 * ratio.down && ratio.up != 5 * ratio.down) {
    layout.last.up = LastRise(ratio.up / ratio.down);
    ratio = LowestTerms(ratio.up, layout.last.up * ratio.down);
  }
  while (ratio.down >= 4 * ratio.up) {
    ratio = LowestTerms(2 * ratio.up, ratio.down);
    ++layout.halvings;
  }
  SplitModerate(ratio, layout);
  return layout;
}

/// libsoxr's fit of the beta of a Kaiser window: cubics in the attenuation, each for a transition
/// band of 0.0005 * 2^row of the cutoff, and straight lines between them.
///   width  half of the transition band / the cutoff
double KaiserBeta(double attenuation_db, double width) {
  constexpr std::array<std::array<double, 4>, 10> kFit = {{
      {-6.784957e-10, 1.02856e-05, 0.1087556, -0.8978365},
      {-6.897885e-10, 1.027433e-05, 0.10876, -0.8974658},
      {-1.000683e-09, 1.030092e-05, 0.1087677, -0.8977898},
      {-3.654474e-10, 1.040631e-05, 0.1087085, -0.8917766},
      {8.106988e-09, 6.983091e-06, 0.1091387, -0.9022048},
      {9.519571e-09, 7.272678e-06, 0.1090068, -0.8890768},
      {-5.626821e-09, 1.342186e-05, 0.1083999, -0.8565452},
      {-9.965946e-08, 5.073548e-05, 0.1040967, -0.6822778},
      {1.604808e-07, -5.856462e-05, 0.1185998, -1.24824},
      {-1.511964e-07, 6.363034e-05, 0.1064627, -0.8076665},
  }};
  const double place = dsp::Log(width / 0.0005) / std::numbers::ln2;
  const int row = static_cast<int>(place);
  const auto cubic = [&](int index) {
    const auto& c = kFit[static_cast<std::size_t>(std::clamp(index, 0, int{kFit.size()} - 1))];
    return ((c[0] * attenuation_db + c[1]) * attenuation_db + c[2]) * attenuation_db + c[3];
  };
  return cubic(row) + (cubic(row + 1) - cubic(row)) * (place - row);
}

struct LowPass {
  double cutoff;  // 1: the Nyquist frequency of the filter's own rate
  double beta;
  int taps;  // at least, for the attenuation
};

/// The Kaiser-windowed low-pass with an end of the pass band `pass` and a begin of the stop band
/// `stop`; it runs at `phases` times the rate of which 1 is the Nyquist frequency.
LowPass DesignLowPass(double pass, double stop, double attenuation_db, int phases) {
  const double end = stop / phases;
  const double half_width = std::min(0.5 * (stop - pass) / phases, 0.5 * end);
  LowPass design;
  design.cutoff = end - half_width;
  design.beta = KaiserBeta(attenuation_db, half_width * 0.5 / design.cutoff);
  const double length =
      ((0.0007528358 - 1.577737e-05 * design.beta) * design.beta + 0.6248022) * design.beta +
      0.06186902;
  design.taps = static_cast<int>(std::ceil(length / half_width + 1.0));
  return design;
}

/// `taps` values, odd. The window would reach zero `slack` samples outside the first and the last.
std::vector<double> WindowedSinc(const LowPass& design, int taps, double slack, double gain) {
  const int half = taps / 2;
  const double scale = gain / dsp::BesselI0(design.beta);
  std::vector<double> values(static_cast<std::size_t>(taps));
  for (int i = 0; i <= half; ++i) {
    const double place = i / (half + slack);
    const double sinc = design.cutoff * dsp::Sinc(design.cutoff * i);
    const double value =
        sinc * (dsp::BesselI0(design.beta * std::sqrt(1.0 - place * place)) * scale);
    values[static_cast<std::size_t>(half - i)] = values[static_cast<std::size_t>(half + i)] = value;
  }
  return values;
}

SoxrStage HalfBandStage(double attenuation_db) {
  const std::span<const double> odd = SoxrHalfBand(attenuation_db);
  const std::size_t half = 2 * odd.size() - 1;
  SoxrStage stage = {1, 2, std::vector<double>(2 * half + 1), 0};
  stage.taps[half] = 0.5;
  for (std::size_t i = 0; i < odd.size(); ++i) {
    stage.taps[half - (2 * i + 1)] = stage.taps[half + (2 * i + 1)] = odd[i];
  }
  return stage;
}

/// libsoxr's size of the FFT for a filter: 1024, or 3.4 to 6.8 times its taps.
int FftSize(int taps) {
  const double octaves = dsp::Log(taps) / std::numbers::ln2;
  const int most = std::max(static_cast<int>(octaves + 1.77), 17);
  return 1 << std::clamp(static_cast<int>(octaves + 2.77), 10, most);
}

///   rate  of the filter, over that of which 1 is the Nyquist frequency
SoxrStage FftStage(Ratio ratio, double pass, double stop, double rate, double attenuation_db) {
  const LowPass design = DesignLowPass(pass / rate, stop / rate, attenuation_db, 1);
  const bool power_of_two = (ratio.up & (ratio.up - 1)) == 0 && ratio.up > 1;
  const int modulo = power_of_two && rate == ratio.up ? 2 * ratio.up : 4;
  const int taps = (design.taps + modulo - 2) / modulo * modulo + 1;
  return {ratio.up, ratio.down, WindowedSinc(design, taps, 0.5, ratio.up), FftSize(taps)};
}

struct Band {
  double pass;
  double stop;
};

/// Of the polyphase stage; 1 is the Nyquist frequency of its input.
Band PolyphaseBand(const Layout& layout, const Recipe& recipe) {
  const auto widened = [&](double pass, double stop) {
    return stop - (stop - pass) / (1.0 - recipe.droop);
  };
  if (!layout.HasFirst()) {  // the signal fills the input's band, and the output has room to alias
    const double nyquist = 2.0 * layout.polyphase.down / layout.polyphase.up;
    return {widened(recipe.pass, 3.0) / nyquist, 3.0 / nyquist};
  }
  const double pass = recipe.pass / layout.first_rate;
  const double stop = 2.0 - (pass + (1.0 / layout.first_rate - pass) * 0.7);
  return {widened(pass, stop), stop};
}

SoxrStage PolyphaseStage(const Layout& layout, const Recipe& recipe) {
  const auto [pass, stop] = PolyphaseBand(layout, recipe);
  const double attenuation_db = (recipe.bits + 2) * kDecibelsPerBit;
  auto [phases, step] = layout.polyphase;
  const int least_phases = std::max(phases, 19);
  int length = DesignLowPass(pass, stop, attenuation_db, least_phases).taps / least_phases + 1;
  if (layout.even_length) length += length % 2;
  if (length * phases % 2 != 0) {  // or else the number of taps would be even
    phases *= 2;
    step *= 2;
  }
  const LowPass design = DesignLowPass(pass, stop, attenuation_db, phases);
  return {phases, step, WindowedSinc(design, length * phases - 1, 0.75, phases), 0};
}

SoxrStage LastStage(const Layout& layout, Ratio ratio, double pass, double attenuation_db) {
  if (layout.last.down != 1) return FftStage(layout.last, pass, 1.0, 2.0, attenuation_db);
  // By how much the stages before have raised the rate: the signal fills only 1 / rise of the band.
  const double rise = 1.0 / (static_cast<double>(ratio.down) / ratio.up * layout.last.up);
  return FftStage(layout.last, pass / rise, std::max(2.0 - 1.0 / rise, 1.0), layout.last.up,
                  attenuation_db);
}

}  // namespace

std::vector<SoxrStage> DesignSoxr(SoxrQuality quality, int up, int down) {
  const Recipe recipe = RecipeOf(quality);
  const Layout layout = LayoutOf({up, down});
  const int bits = recipe.bits + 1 + int{!layout.polyphase.IsOne()};
  const double attenuation_db =
      bits * kDecibelsPerBit + 20.0 * dsp::Log(layout.StagesButPolyphase()) / std::numbers::ln10;

  std::vector<SoxrStage> stages(static_cast<std::size_t>(layout.halvings),
                                HalfBandStage(attenuation_db));
  if (layout.HasFirst()) {
    stages.push_back(FftStage(layout.first, recipe.pass, 1.0, layout.first_rate, attenuation_db));
  }
  if (!layout.polyphase.IsOne()) stages.push_back(PolyphaseStage(layout, recipe));
  if (!layout.last.IsOne()) {
    stages.push_back(LastStage(layout, {up, down}, recipe.pass, attenuation_db));
  }
  return stages;
}

}  // namespace ossicle::internal
