#include "resample/soxr_design.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "soxr_golden.h"

namespace ossicle::internal {
namespace {

using Signal = std::vector<double>;

Signal Noise(int samples) {
  Signal signal;
  for (std::int64_t n = 0; n < samples; ++n) {
    const std::int64_t value = (n * n * 7919 + n * 104729) % 2001 - 1000;
    signal.push_back(static_cast<double>(value) / 2000.0);
  }
  return signal;
}

Signal Stuffed(const Signal& signal, int up) {
  Signal stuffed(signal.size() * static_cast<std::size_t>(up));
  for (std::size_t n = 0; n < signal.size(); ++n)
    stuffed[n * static_cast<std::size_t>(up)] = signal[n];
  return stuffed;
}

double At(const Signal& signal, std::int64_t n) {
  const bool is_inside = n >= 0 && n < std::int64_t(signal.size());
  return is_inside ? signal[static_cast<std::size_t>(n)] : 0.0;
}

/// A zero-phase FIR as the header has it, until the filter has left the signal.
Signal Convolved(const SoxrStage& stage, const Signal& signal) {
  const auto centre = std::int64_t(stage.taps.size() / 2);
  const auto samples = std::int64_t(signal.size());
  Signal out;
  for (std::int64_t at = 0; at <= samples * stage.up + centre; at += stage.down) {
    double sum = 0.0;
    for (std::int64_t n = std::max<std::int64_t>(0, (at - centre) / stage.up);
         n < samples && n * stage.up <= at + centre; ++n) {
      sum += signal[static_cast<std::size_t>(n)] * At(stage.taps, at - n * stage.up + centre);
    }
    out.push_back(sum);
  }
  return out;
}

/// The periodic filter, by distance from its centre, whose spectrum is that of the taps up to the
/// new Nyquist frequency, half of it there, and nothing above.
Signal WithoutUpperSpectrum(const SoxrStage& stage) {
  const auto size = static_cast<std::size_t>(stage.fft_size);
  const std::size_t centre = stage.taps.size() / 2;
  const std::size_t last = size / 2 / static_cast<std::size_t>(stage.down);
  Signal cosines;
  for (std::size_t n = 0; n < size; ++n) {
    cosines.push_back(std::cos(2.0 * std::numbers::pi * double(n) / double(size)));
  }
  Signal filter(size);
  for (std::size_t k = 0; k <= last; ++k) {
    double response = stage.taps[centre];
    for (std::size_t i = 1; i <= centre; ++i) {
      response += 2.0 * stage.taps[centre + i] * cosines[i * k % size];
    }
    const double weight = k == 0 || k == last ? 1.0 : 2.0;
    for (std::size_t n = 0; n < size; ++n) {
      filter[n] += weight * response / double(size) * cosines[n * k % size];
    }
  }
  return filter;
}

/// The same in libsoxr's blocks, each periodic.
Signal ConvolvedInBlocks(const SoxrStage& stage, const Signal& signal) {
  const Signal stuffed = Stuffed(signal, stage.up);
  const Signal filter = WithoutUpperSpectrum(stage);
  const std::int64_t size = stage.fft_size;
  const auto centre = std::int64_t(stage.taps.size() / 2);
  const std::int64_t hop = size - 2 * centre;
  Signal out;
  for (std::int64_t start = -centre; start < std::int64_t(stuffed.size()); start += hop) {
    for (std::int64_t at = centre; at < centre + hop; at += stage.down) {
      double sum = 0.0;
      for (std::int64_t n = 0; n < size; ++n) {
        sum += At(stuffed, start + n) * filter[static_cast<std::size_t>(std::abs(at - n))];
      }
      out.push_back(sum);
    }
  }
  return out;
}

Signal RunStages(const std::vector<SoxrStage>& stages, Signal signal) {
  for (const SoxrStage& stage : stages) {
    const bool drops = stage.fft_size != 0 && (stage.down == 2 || stage.down == 4);
    signal = drops ? ConvolvedInBlocks(stage, signal) : Convolved(stage, signal);
  }
  return signal;
}

std::string Name(SoxrQuality quality, int up, int down) {
  return (quality == SoxrQuality::kHigh ? "hq " : "vhq ") + std::to_string(up) + "/" +
         std::to_string(down);
}

void ExpectOutputs(SoxrQuality quality, const SoxrGolden::Case& of, const Signal& expected) {
  const Signal out = RunStages(DesignSoxr(quality, of.up, of.down), Noise(of.samples));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::int64_t m = std::int64_t(i) * of.every;
    EXPECT_NEAR(At(out, m), expected[i], 1e-14) << Name(quality, of.up, of.down) << " output " << m;
  }
}

TEST(DesignSoxr, GivesWhatTheLibraryGives) {
  for (const SoxrGolden& golden : kSoxrGoldens) {
    ExpectOutputs(SoxrQuality::kHigh, golden.of, golden.high);
    ExpectOutputs(SoxrQuality::kVeryHigh, golden.of, golden.very_high);
  }
}

struct Observed {
  int up;
  int down;
  std::size_t stage;
  SoxrQuality quality;
  int taps;
  double cutoff;
  double beta;
  double slack;
  double gain;
};

double BesselI0(double x) {
  double sum = 0.0;
  double term = 1.0;
  for (int k = 1; k < 80; ++k) {
    sum += term;
    term *= x * x / 4.0 / k / k;
  }
  return sum;
}

// Fitted to the library's impulse responses.
TEST(DesignSoxr, HasTheKaiserWindowsThatWereObserved) {
  constexpr auto kHigh = SoxrQuality::kHigh;
  constexpr auto kVeryHigh = SoxrQuality::kVeryHigh;
  const Observed cases[] = {
      {160, 441, 0, kHigh, 561, 0.34716438154617807, 13.711204171876062, 0.5, 1},
      {160, 441, 1, kHigh, 1919, 0.005590233414241783, 14.058638741903037, 0.75, 160},
      {160, 441, 0, kVeryHigh, 761, 0.3467262258313227, 19.11122429902022, 0.5, 1},
      {160, 441, 1, kVeryHigh, 2559, 0.00533106462596524, 19.60632601597565, 0.75, 160},
      {1, 3, 0, kHigh, 581, 0.3189572755455511, 13.040035757464574, 0.5, 1},
      {1, 3, 0, kVeryHigh, 797, 0.3185547199825277, 18.4334960584638, 0.5, 1},
      {2, 1, 0, kHigh, 389, 0.4784359133183267, 13.040035757464574, 0.5, 2},
      {2, 1, 0, kVeryHigh, 533, 0.47783207997379157, 18.4334960584638, 0.5, 2},
      {640, 441, 1, kHigh, 4799, 0.0028404013601320845, 14.058638741903037, 0.75, 320},
      {640, 441, 1, kVeryHigh, 6399, 0.0027355754652356903, 19.60632601597565, 0.75, 320}};
  for (const Observed& c : cases) {
    const SoxrStage stage = DesignSoxr(c.quality, c.up, c.down).at(c.stage);
    ASSERT_EQ(stage.taps.size(), std::size_t(c.taps)) << Name(c.quality, c.up, c.down);
    for (int n = 0; n < c.taps; ++n) {
      const double z = n - c.taps / 2;
      const double edge = z / (c.taps / 2 + c.slack);
      const double x = std::numbers::pi * z;
      const double sinc = z == 0.0 ? c.cutoff : std::sin(c.cutoff * x) / x;
      const double window = BesselI0(c.beta * std::sqrt(1.0 - edge * edge)) / BesselI0(c.beta);
      EXPECT_NEAR(stage.taps[std::size_t(n)], c.gain * sinc * window, 4e-15)
          << Name(c.quality, c.up, c.down) << " tap " << n;
    }
  }
}

TEST(DesignSoxr, SplitsEveryRatioIntoSymmetricFiltersOfTheGainThatStuffingTakes) {
  for (SoxrQuality quality : {SoxrQuality::kHigh, SoxrQuality::kVeryHigh}) {
    for (int up = 1; up <= 40; ++up) {
      for (int down = 1; down <= 40; ++down) {
        if (up == down || std::gcd(up, down) != 1) continue;
        double ratio = 1.0;
        for (const SoxrStage& stage : DesignSoxr(quality, up, down)) {
          ratio *= double(stage.up) / stage.down;
          ASSERT_EQ(stage.taps.size() % 2, 1U) << Name(quality, up, down);
          const double sum = std::accumulate(stage.taps.begin(), stage.taps.end(), 0.0);
          EXPECT_NEAR(sum / stage.up, 1.0, 1e-5) << Name(quality, up, down);
          for (std::size_t i = 0; i < stage.taps.size() / 2; ++i) {
            ASSERT_EQ(stage.taps[i], stage.taps[stage.taps.size() - 1 - i]);
          }
        }
        EXPECT_NEAR(ratio * down / up, 1.0, 1e-12) << Name(quality, up, down);
      }
    }
  }
}

TEST(DesignSoxr, TakesTermsUpTo4096) {
  for (SoxrQuality quality : {SoxrQuality::kHigh, SoxrQuality::kVeryHigh}) {
    EXPECT_EQ(DesignSoxr(quality, 1, 4096).size(), 12U);  // 11 half-bands and the last 2 to 1
    EXPECT_EQ(DesignSoxr(quality, 4096, 1).back().up, 256);
    EXPECT_EQ(DesignSoxr(quality, 4095, 4096).at(1).up, 4095);
    EXPECT_EQ(DesignSoxr(quality, 4096, 4095).at(1).up, 2048);
  }
}

}  // namespace
}  // namespace ossicle::internal
