#include "oracle/oracle.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <utility>
#include <variant>

namespace oracle {
namespace {

using ossicle::Edge;
using ossicle::Framing;
using ossicle::Log;
using ossicle::LogFloor;
using ossicle::MelScale;
using ossicle::PreEmphasis;

constexpr double kPi = std::numbers::pi;
constexpr double kEnergyFloor = std::numeric_limits<float>::epsilon();

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int WindowOffset(const FrontendSpec& spec) {
  if (spec.window_position == ossicle::WindowPosition::kLeft) return 0;
  return (spec.fft_size - spec.window_samples) / 2;
}

/// The first sample under the window of a frame.
std::int64_t FirstSample(const FrontendSpec& spec, std::int64_t frame) {
  const std::int64_t start = frame * spec.hop_samples;
  switch (spec.framing) {
    case Framing::kNoPadding:
      return start + WindowOffset(spec);
    case Framing::kCenter:
      return start + WindowOffset(spec) - spec.fft_size / 2;
    case Framing::kKaldiNoSnip:
      return start + spec.hop_samples / 2 - spec.window_samples / 2;
    case Framing::kExplicit:
      return start + WindowOffset(spec) - spec.pad_left_samples;
  }
  return start;
}

int CoveredSamples(const FrontendSpec& spec) {
  return spec.window_position == ossicle::WindowPosition::kLeft ? spec.window_samples
                                                                : spec.fft_size;
}

void EmphasiseFrame(const FrontendSpec& spec, std::span<double> frame) {
  if (spec.preemphasis != PreEmphasis::kFrame) return;
  for (std::size_t n = frame.size(); n-- > 1;) {
    frame[n] -= spec.preemphasis_coefficient * frame[n - 1];
  }
  frame[0] -= spec.preemphasis_coefficient * frame[0];
}

std::span<double> Row(Matrix& matrix, std::int64_t row) {
  return {matrix.values.data() + row * matrix.columns, static_cast<std::size_t>(matrix.columns)};
}

std::span<const double> Row(const Matrix& matrix, std::int64_t row) {
  return {matrix.values.data() + row * matrix.columns, static_cast<std::size_t>(matrix.columns)};
}

Matrix FinishFrames(const FrontendSpec& spec, Matrix cut) {
  const std::vector<double> window = Window(spec);
  const int offset = WindowOffset(spec);
  Matrix frames(cut.rows, spec.fft_size);
  for (std::int64_t t = 0; t < cut.rows; ++t) {
    EmphasiseFrame(spec, Row(cut, t));
    for (int n = 0; n < spec.window_samples; ++n) {
      frames.at(t, offset + n) = cut.at(t, n) * window[static_cast<std::size_t>(n)];
    }
  }
  return frames;
}

/// The DFT works on this many frames together, so that the compiler can.
constexpr std::int64_t kTogether = 8;
using Together = std::array<double, kTogether>;

/// e^(2 pi i n / size) for n = 0..size-1.
struct Turn {
  double cosine = 0.0;
  double sine = 0.0;
};

std::vector<Turn> Turns(std::int64_t size) {
  std::vector<Turn> turns;
  for (std::int64_t n = 0; n < size; ++n) {
    const double angle = 2.0 * kPi * static_cast<double>(n) / static_cast<double>(size);
    turns.push_back({std::cos(angle), std::sin(angle)});
  }
  return turns;
}

/// Sample n of frames first..first+count-1, for each n; zeros for the frames that are not there.
std::vector<Together> Transposed(const Matrix& frames, std::int64_t first, std::int64_t count) {
  std::vector<Together> samples(static_cast<std::size_t>(frames.columns), Together{});
  for (std::int64_t j = 0; j < count; ++j) {
    for (std::int64_t n = 0; n < frames.columns; ++n) {
      samples[static_cast<std::size_t>(n)][static_cast<std::size_t>(j)] = frames.at(first + j, n);
    }
  }
  return samples;
}

/// Appended silence is long and its power is 0.
bool AreZeros(const std::vector<Together>& samples) {
  return std::all_of(samples.begin(), samples.end(),
                     [](const Together& x) { return x == Together{}; });
}

Together PowerOfBin(const std::vector<Together>& samples, const std::vector<Turn>& turns,
                    std::int64_t bin) {
  Together re = {};
  Together im = {};
  std::size_t turn = 0;
  for (const Together& x : samples) {
    const auto [cosine, sine] = turns[turn];
    for (std::size_t j = 0; j < x.size(); ++j) re[j] += x[j] * cosine;
    for (std::size_t j = 0; j < x.size(); ++j) im[j] -= x[j] * sine;
    turn += static_cast<std::size_t>(bin);
    if (turn >= turns.size()) turn -= turns.size();
  }
  for (std::size_t j = 0; j < re.size(); ++j) re[j] = re[j] * re[j] + im[j] * im[j];
  return re;
}

Matrix Apply(const ossicle::PeakFloor& step, Matrix x, std::span<const double>) {
  if (x.values.empty()) return x;
  const double floor = *std::max_element(x.values.begin(), x.values.end()) - step.range;
  for (double& value : x.values) value = std::max(value, floor);
  return x;
}

Matrix Apply(const ossicle::Affine& step, Matrix x, std::span<const double>) {
  for (double& value : x.values) value = step.scale * value + step.offset;
  return x;
}

Matrix Apply(const ossicle::Clip& step, Matrix x, std::span<const double>) {
  for (double& value : x.values) value = std::min(std::max(value, step.low), step.high);
  return x;
}

double BandMean(const Matrix& x, std::int64_t band) {
  double sum = 0.0;
  for (std::int64_t t = 0; t < x.rows; ++t) sum += x.at(t, band);
  return sum / static_cast<double>(x.rows);
}

Matrix Apply(const ossicle::SubtractMean&, Matrix x, std::span<const double>) {
  for (std::int64_t b = 0; b < x.columns; ++b) {
    const double mean = BandMean(x, b);
    for (std::int64_t t = 0; t < x.rows; ++t) x.at(t, b) -= mean;
  }
  return x;
}

bool BandIsConstant(const Matrix& x, std::int64_t band) {
  for (std::int64_t t = 1; t < x.rows; ++t) {
    if (x.at(t, band) != x.at(0, band)) return false;
  }
  return true;
}

Matrix Apply(const ossicle::Standardize& step, Matrix x, std::span<const double>) {
  const std::int64_t divisor = x.rows - step.ddof;
  for (std::int64_t b = 0; b < x.columns; ++b) {
    const bool undefined = divisor <= 0 || BandIsConstant(x, b);
    const double mean = BandMean(x, b);
    double squares = 0.0;
    for (std::int64_t t = 0; t < x.rows; ++t) squares += std::pow(x.at(t, b) - mean, 2);
    const double variance = undefined ? 0.0 : squares / static_cast<double>(divisor);
    const double deviation = step.epsilon_in_variance ? std::sqrt(variance + step.epsilon)
                                                      : std::sqrt(variance) + step.epsilon;
    for (std::int64_t t = 0; t < x.rows; ++t) {
      x.at(t, b) = undefined ? 0.0 : (x.at(t, b) - mean) / deviation;
    }
  }
  return x;
}

Matrix Apply(const ossicle::Cepstrum& step, Matrix x, std::span<const double> log_energies) {
  const Matrix all = TimesTransposed(x, Dct(static_cast<int>(x.columns)));
  Matrix cepstra(x.rows, step.coefficients);
  for (std::int64_t t = 0; t < x.rows; ++t) {
    for (int i = 0; i < step.coefficients; ++i) {
      const double lift =
          step.lifter == 0.0 ? 1.0 : 1.0 + step.lifter / 2.0 * std::sin(kPi * i / step.lifter);
      cepstra.at(t, i) = lift * all.at(t, i);
    }
    if (step.log_energy) cepstra.at(t, 0) = log_energies[static_cast<std::size_t>(t)];
  }
  return cepstra;
}

struct Errors {
  double sample = 0.0;  ///< of the signal's peak
  double edge = 0.0;    ///< of a mel edge; lifts the sides of its triangles
  double weight = 0.0;  ///< of a weight that was rounded to float
};

struct Triangle {
  double hz[3];
  double corner[3];  ///< in the domain where the sides are straight
  double height;
};

Triangle TriangleOf(const FrontendSpec& spec, std::span<const double> mel_edges, int band) {
  Triangle triangle;
  for (int i = 0; i < 3; ++i) {
    const double mel = mel_edges[static_cast<std::size_t>(band + i)];
    triangle.hz[i] = HzOfMel(spec.mel_scale, mel);
    const bool in_hz = spec.mel_interpolation == ossicle::MelInterpolation::kHz;
    triangle.corner[i] = in_hz ? triangle.hz[i] : mel;
  }
  const bool slaney = spec.mel_norm == ossicle::MelNorm::kSlaney;
  triangle.height = slaney ? 2.0 / (triangle.hz[2] - triangle.hz[0]) : 1.0;
  return triangle;
}

double WeightOf(const FrontendSpec& spec, const Triangle& triangle, int bin, double edge_error) {
  if (bin == 0 && !spec.mel_dc) return 0.0;
  if (2 * bin == spec.fft_size && !spec.mel_nyquist) return 0.0;
  const bool in_hz = spec.mel_interpolation == ossicle::MelInterpolation::kHz;
  const double hz = static_cast<double>(bin) * spec.sample_rate_hz / spec.fft_size;
  const double x = in_hz ? hz : MelOfHz(spec.mel_scale, hz);
  const auto& [left, center, right] = triangle.corner;
  const double error = edge_error * right;
  const double rise = (x - left + error) / (center - left);
  const double fall = (right - x + error) / (right - center);
  const double weight = triangle.height * std::max(0.0, std::min(rise, fall));
  return spec.mel_float32 ? static_cast<double>(static_cast<float>(weight)) : weight;
}

Matrix BankWith(const FrontendSpec& spec, double edge_error) {
  const std::vector<double> mel_edges = MelEdges(spec);
  Matrix bank(spec.mel_bands, spec.fft_size / 2 + 1);
  for (int band = 0; band < spec.mel_bands; ++band) {
    const Triangle triangle = TriangleOf(spec, mel_edges, band);
    for (int bin = 0; bin <= spec.fft_size / 2; ++bin) {
      bank.at(band, bin) = WeightOf(spec, triangle, bin, edge_error);
    }
  }
  return bank;
}

double PeakOf(std::span<const double> signal) {
  double peak = 0.0;
  for (const double value : signal) peak = std::max(peak, std::abs(value));
  return peak;
}

Matrix RunWith(const FrontendSpec& spec, std::span<const float> samples, const Errors& errors) {
  std::minstd_rand random(1);
  const std::vector<double> signal = ScaledSignal(spec, samples);
  const std::vector<double> emphasised = EmphasisedSignal(spec, signal);
  const std::int64_t count = FrameCount(spec, static_cast<std::int64_t>(samples.size()));
  Matrix cut = CutFrames(spec, emphasised, count);
  std::uniform_real_distribution<double> noise(-errors.sample, errors.sample);
  const double peak = PeakOf(signal);
  for (double& value : cut.values) value += errors.sample == 0.0 ? 0.0 : peak * noise(random);

  if (spec.spectrum == ossicle::Spectrum::kWaveform) return ApplySteps(spec, std::move(cut), {});

  Matrix bank = BankWith(spec, errors.edge);
  for (double& weight : bank.values) {
    if (spec.mel_float32 && random() % 2 == 0) weight *= 1.0 + errors.weight;
  }
  Matrix values = TimesTransposed(Spectrum(spec, FinishFrames(spec, std::move(cut))), bank);
  for (double& value : values.values) value = LogOf(spec, value);
  return ApplySteps(spec, std::move(values), LogEnergies(spec, samples));
}

template <class T>
Difference CompareValues(std::span<const T> values, std::span<const double> expected) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (values.size() != expected.size()) return {kInfinity, kInfinity, kInfinity};
  if (values.empty()) return {};
  std::vector<double> errors;
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double error = std::abs(static_cast<double>(values[i]) - expected[i]);
    errors.push_back(std::isfinite(error) ? error : kInfinity);
    sum += errors.back();
  }
  std::sort(errors.begin(), errors.end());
  const double count = static_cast<double>(errors.size());
  const auto place = static_cast<std::size_t>(std::ceil(0.999 * count)) - 1;
  return {sum / count, errors[place], errors.back()};
}

}  // namespace

std::vector<double> ScaledSignal(const FrontendSpec& spec, std::span<const float> samples) {
  std::vector<double> signal;
  for (const float sample : samples) {
    double value = static_cast<double>(sample) * spec.input_scale;
    if (spec.input_rounding == ossicle::InputRounding::kInt16) {
      value = std::clamp(std::nearbyint(value), -32768.0, 32767.0);
    }
    signal.push_back(value);
  }
  signal.resize(signal.size() + static_cast<std::size_t>(spec.append_zeros_samples), 0.0);
  return signal;
}

std::vector<double> EmphasisedSignal(const FrontendSpec& spec, std::vector<double> signal) {
  if (spec.preemphasis != PreEmphasis::kSignal) return signal;
  for (std::size_t n = signal.size(); n-- > 1;) {
    signal[n] -= spec.preemphasis_coefficient * signal[n - 1];
  }
  return signal;
}

double SampleAt(const FrontendSpec& spec, std::span<const double> signal, std::int64_t index) {
  const auto count = static_cast<std::int64_t>(signal.size());
  if (index >= 0 && index < count) return signal[static_cast<std::size_t>(index)];
  if (spec.edge == Edge::kZeros) return 0.0;
  const bool repeat = spec.edge == Edge::kReflectRepeat;
  const std::int64_t period = repeat ? 2 * count : 2 * (count - 1);
  if (period == 0) return signal[0];
  const std::int64_t place = index - FloorDivide(index, period) * period;
  const std::int64_t mirrored = repeat ? period - 1 - place : period - place;
  return signal[static_cast<std::size_t>(place < count ? place : mirrored)];
}

std::int64_t FrameCount(const FrontendSpec& spec, std::int64_t samples) {
  if (samples < spec.min_samples) return 0;
  const std::int64_t n = samples + spec.append_zeros_samples;
  const std::int64_t hop = spec.hop_samples;
  std::int64_t padding = 0;
  if (spec.framing == Framing::kCenter) padding = 2 * (spec.fft_size / 2);
  if (spec.framing == Framing::kExplicit) padding = spec.pad_left_samples + spec.pad_right_samples;
  std::int64_t frames = 1 + FloorDivide(n + padding - CoveredSamples(spec), hop);
  if (spec.framing == Framing::kKaldiNoSnip) frames = (n + hop / 2) / hop;
  if (spec.drop_last_frame) --frames;
  return std::max<std::int64_t>(frames, 0);
}

Matrix CutFrames(const FrontendSpec& spec, std::span<const double> signal, std::int64_t frames) {
  Matrix cut(frames, spec.window_samples);
  for (std::int64_t t = 0; t < frames; ++t) {
    const std::int64_t first = FirstSample(spec, t);
    double sum = 0.0;
    for (int n = 0; n < spec.window_samples; ++n) {
      cut.at(t, n) = SampleAt(spec, signal, first + n);
      sum += cut.at(t, n);
    }
    if (!spec.remove_dc) continue;
    for (double& value : Row(cut, t)) value -= sum / spec.window_samples;
  }
  return cut;
}

std::vector<double> Window(const FrontendSpec& spec) {
  const int count = spec.window_samples;
  std::vector<double> window(static_cast<std::size_t>(count), 1.0);
  if (count == 1) return window;
  const double divisor = spec.window_periodic ? count : count - 1;
  for (int n = 0; n < count; ++n) {
    const double cosine = std::cos(2.0 * kPi * n / divisor);
    double& value = window[static_cast<std::size_t>(n)];
    if (spec.window == ossicle::Window::kHann) value = 0.5 - 0.5 * cosine;
    if (spec.window == ossicle::Window::kHamming) value = 0.54 - 0.46 * cosine;
    if (spec.window == ossicle::Window::kPovey) value = std::pow(0.5 - 0.5 * cosine, 0.85);
    if (spec.window_kept_samples > 0 && n >= spec.window_kept_samples) value = 0.0;
  }
  return window;
}

Matrix Frames(const FrontendSpec& spec, std::span<const float> samples) {
  const auto signal = EmphasisedSignal(spec, ScaledSignal(spec, samples));
  const auto count = FrameCount(spec, static_cast<std::int64_t>(samples.size()));
  return FinishFrames(spec, CutFrames(spec, signal, count));
}

Matrix DftPower(const Matrix& frames) {
  const std::int64_t size = frames.columns;
  const std::vector<Turn> turns = Turns(size);
  Matrix power(frames.rows, size / 2 + 1);
  for (std::int64_t first = 0; first < frames.rows; first += kTogether) {
    const std::int64_t count = std::min(kTogether, frames.rows - first);
    const std::vector<Together> samples = Transposed(frames, first, count);
    if (AreZeros(samples)) continue;
    for (std::int64_t k = 0; k <= size / 2; ++k) {
      const Together bin = PowerOfBin(samples, turns, k);
      for (std::int64_t j = 0; j < count; ++j) {
        power.at(first + j, k) = bin[static_cast<std::size_t>(j)];
      }
    }
  }
  return power;
}

Matrix Spectrum(const FrontendSpec& spec, const Matrix& frames) {
  Matrix spectrum = DftPower(frames);
  for (double& value : spectrum.values) {
    value += spec.spectrum_epsilon;
    if (spec.spectrum == ossicle::Spectrum::kMagnitude) value = std::sqrt(value);
  }
  return spectrum;
}

double MelOfHz(MelScale scale, double hz) {
  switch (scale) {
    case MelScale::kSlaney:
      return hz < 1000.0 ? 3.0 * hz / 200.0 : 15.0 + 27.0 * std::log(hz / 1000.0) / std::log(6.4);
    case MelScale::kHtk:
      return 2595.0 * std::log10(1.0 + hz / 700.0);
    case MelScale::kKaldi:
      return 1127.0 * std::log(1.0 + hz / 700.0);
  }
  return 0.0;
}

double HzOfMel(MelScale scale, double mel) {
  switch (scale) {
    case MelScale::kSlaney:
      return mel < 15.0 ? 200.0 * mel / 3.0
                        : 1000.0 * std::exp((mel - 15.0) * std::log(6.4) / 27.0);
    case MelScale::kHtk:
      return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
    case MelScale::kKaldi:
      return 700.0 * (std::exp(mel / 1127.0) - 1.0);
  }
  return 0.0;
}

std::vector<double> MelEdges(const FrontendSpec& spec) {
  const double low = MelOfHz(spec.mel_scale, spec.low_hz);
  const double high = MelOfHz(spec.mel_scale, spec.high_hz);
  std::vector<double> edges;
  for (int i = 0; i < spec.mel_bands + 2; ++i) {
    edges.push_back(low + (high - low) * i / (spec.mel_bands + 1));
  }
  return edges;
}

Matrix MelBank(const FrontendSpec& spec) { return BankWith(spec, 0.0); }

Matrix TimesTransposed(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows, b.rows);
  for (std::int64_t i = 0; i < a.rows; ++i) {
    for (std::int64_t j = 0; j < b.rows; ++j) {
      const std::span<const double> x = Row(a, i);
      const std::span<const double> y = Row(b, j);
      double sum = 0.0;
      for (std::size_t k = 0; k < x.size(); ++k) sum += x[k] * y[k];
      product.at(i, j) = sum;
    }
  }
  return product;
}

double LogOf(const FrontendSpec& spec, double value) {
  if (spec.log == Log::kNone) return value;
  const double x = spec.log_floor_rule == LogFloor::kAdd ? value + spec.log_floor
                                                         : std::max(value, spec.log_floor);
  if (spec.log == Log::kLn) return std::log(x);
  if (spec.log == Log::kLog10) return std::log10(x);
  return (spec.log == Log::kDbPower ? 10.0 : 20.0) * std::log10(x);
}

Matrix Dct(int bands) {
  Matrix dct(bands, bands);
  for (int i = 0; i < bands; ++i) {
    const double scale = std::sqrt((i == 0 ? 1.0 : 2.0) / bands);
    for (int b = 0; b < bands; ++b) dct.at(i, b) = scale * std::cos(kPi * i * (b + 0.5) / bands);
  }
  return dct;
}

std::vector<double> LogEnergies(const FrontendSpec& spec, std::span<const float> samples) {
  const std::vector<double> signal = EmphasisedSignal(spec, ScaledSignal(spec, samples));
  const auto count = FrameCount(spec, static_cast<std::int64_t>(samples.size()));
  const Matrix cut = CutFrames(spec, signal, count);
  std::vector<double> energies;
  for (std::int64_t t = 0; t < count; ++t) {
    double sum = 0.0;
    for (const double value : Row(cut, t)) sum += value * value;
    energies.push_back(std::log(std::max(sum, kEnergyFloor)));
  }
  return energies;
}

Matrix ApplySteps(const FrontendSpec& spec, Matrix values, std::span<const double> log_energies) {
  for (const ossicle::Step& step : spec.steps) {
    values = std::visit(
        [&](const auto& kind) { return Apply(kind, std::move(values), log_energies); }, step);
  }
  return values;
}

Matrix Run(const FrontendSpec& spec, std::span<const float> samples) {
  return RunWith(spec, samples, {});
}

Matrix RunPerturbed(const FrontendSpec& spec, std::span<const float> samples) {
  return RunWith(spec, samples, {.sample = 1e-14, .edge = 1e-14, .weight = 0x1p-23});
}

Difference Compare(std::span<const double> values, std::span<const double> expected) {
  return CompareValues(values, expected);
}

Difference Compare(std::span<const float> values, std::span<const double> expected) {
  return CompareValues(values, expected);
}

}  // namespace oracle
