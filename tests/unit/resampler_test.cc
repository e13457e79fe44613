#include "ossicle/resampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "dsp/kernel.h"
#include "ossicle/error.h"
#include "support/allocations.h"
#include "support/failure.h"

namespace ossicle {
namespace {

struct Rates {
  int from_hz;
  int to_hz;
};
constexpr Rates kRates[] = {{44100, 16000}, {48000, 16000}, {22050, 16000}, {8000, 16000},
                            {32000, 16000}, {16000, 22050}, {44100, 48000}, {16000, 48000}};

template <class T>
std::vector<T> Noise(std::size_t count, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<T> noise(count);
  for (T& x : noise)
    x = static_cast<T>(static_cast<float>(static_cast<double>(random()) / 4.3e9 - 0.5));
  return noise;
}

template <class Run>
std::string MessageOf(Code code, const Run& run) {
  const test::Failure failure = test::FailureOf(run);
  EXPECT_EQ(failure.code, code) << failure.message;
  return failure.message;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const ResamplerInfo& info : Resamplers()) names.push_back(info.name);
  return names;
}

std::string TestName(std::string name) {
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
}

/// Pushes random pieces, some of them empty.
template <class T>
std::vector<T> InPieces(Resampler<T>& resampler, const std::vector<T>& samples, unsigned seed) {
  std::mt19937 random(seed);
  constexpr std::size_t kMost[] = {1, 2, 160, 5000};
  std::vector<T> out;
  for (std::size_t done = 0; done < samples.size();) {
    const std::size_t wanted = random() % (kMost[random() % 4] + 1);
    const std::size_t count = std::min(wanted, samples.size() - done);
    resampler.Push(std::span(samples).subspan(done, count), out);
    done += count;
  }
  resampler.Finish(out);
  return out;
}

class EveryResampler : public testing::TestWithParam<std::string> {
 protected:
  template <class T>
  void ExpectTheSameBitsForEveryCut() {
    for (const auto [from, to] : kRates) {
      const std::vector<T> samples = Noise<T>(9973);
      const std::vector<T> whole = Resample<T>(GetParam(), samples, from, to);
      Resampler<T> resampler(GetParam(), from, to);
      for (unsigned seed = 0; seed < 3; ++seed) {
        EXPECT_EQ(InPieces(resampler, samples, seed), whole) << from << " to " << to;
        resampler.Reset();
      }
    }
  }

  template <class T>
  void ExpectTheSameBitsOfALiveSignal() {
    for (const auto [from, to] : kRates) {
      const std::vector<T> samples = Noise<T>(9973);
      const std::vector<T> whole = Resample<T>(GetParam(), samples, from, to);
      for (const std::string& target : dsp::SupportedTargets()) {
        ASSERT_TRUE(dsp::UseTarget(target));
        Resampler<T> resampler(GetParam(), from, to, ResamplerUse::kLive);
        for (unsigned seed = 0; seed < 3; ++seed) {
          EXPECT_EQ(InPieces(resampler, samples, seed), whole) << from << " to " << to << target;
          resampler.Reset();
        }
      }
      dsp::UseTarget("");
    }
  }

  template <class T>
  void ExpectTheSameBitsOnEveryInstructionSet() {
    for (const auto [from, to] : kRates) {
      const std::vector<T> samples = Noise<T>(5003);
      const std::vector<T> wanted = Resample<T>(GetParam(), samples, from, to);
      for (const std::string& target : dsp::SupportedTargets()) {
        ASSERT_TRUE(dsp::UseTarget(target));
        EXPECT_EQ(Resample<T>(GetParam(), samples, from, to), wanted) << target;
      }
      dsp::UseTarget("");
    }
  }
};

TEST_P(EveryResampler, GivesTheSameBitsForEveryCut) {
  ExpectTheSameBitsForEveryCut<float>();
  ExpectTheSameBitsForEveryCut<double>();
}

TEST_P(EveryResampler, GivesTheSameBitsLiveForEveryCutOnEveryInstructionSet) {
  ExpectTheSameBitsOfALiveSignal<float>();
  ExpectTheSameBitsOfALiveSignal<double>();
}

TEST_P(EveryResampler, GivesTheSameBitsLiveWhereTimesDriftThroughTheTable) {
  const std::vector<float> samples = Noise<float>(300000);
  Resampler<float> live(GetParam(), 11025, 16000, ResamplerUse::kLive);
  EXPECT_EQ(InPieces(live, samples, 1), Resample<float>(GetParam(), samples, 11025, 16000));
}

TEST_P(EveryResampler, GivesTheSameBitsOnEveryInstructionSet) {
  ExpectTheSameBitsOnEveryInstructionSet<float>();
  ExpectTheSameBitsOnEveryInstructionSet<double>();
}

TEST_P(EveryResampler, GivesAsManyOutputsAsItSays) {
  for (const auto [from, to] : kRates) {
    Resampler<float> resampler(GetParam(), from, to);
    EXPECT_EQ(resampler.OutputSamples(0), 0);
    for (std::size_t count = 0; count <= 400; count += count < 150 ? 1 : 13) {
      std::vector<float> out;
      resampler.Push(Noise<float>(count), out);
      resampler.Finish(out);
      EXPECT_EQ(static_cast<std::int64_t>(out.size()),
                resampler.OutputSamples(static_cast<std::int64_t>(count)))
          << count << " samples, " << from << " to " << to;
      resampler.Reset();
    }
  }
}

TEST_P(EveryResampler, GivesNoMoreOutputsAtATimeThanItSays) {
  for (const auto [from, to] : kRates) {
    Resampler<float> resampler(GetParam(), from, to);
    const std::vector<float> samples = Noise<float>(5000);
    std::mt19937 random(1);
    std::vector<float> out;
    for (int i = 0; i < 200; ++i) {
      const std::size_t count = i % 2 == 0 ? random() % 100 : random() % 5000;
      out.clear();
      resampler.Push(std::span(samples).first(count), out);
      ASSERT_LE(std::ssize(out), resampler.MostOutputs(static_cast<std::int64_t>(count)))
          << count << " samples, " << from << " to " << to;
    }
  }
}

TEST_P(EveryResampler, PassesALowToneOnInItsPlace) {
  for (const auto [from, to] : kRates) {
    std::vector<double> tone(static_cast<std::size_t>(from / 4));
    for (std::size_t i = 0; i < tone.size(); ++i) {
      tone[i] = 0.5 * std::sin(2 * M_PI * 440 * static_cast<double>(i) / from);
    }
    const std::vector<double> out = Resample<double>(GetParam(), tone, from, to);
    for (std::size_t m = out.size() / 4; m < out.size() * 3 / 4; ++m) {
      const double wanted = 0.5 * std::sin(2 * M_PI * 440 * static_cast<double>(m) / to);
      ASSERT_NEAR(out[m], wanted, 3e-3) << m << ", " << from << " to " << to;
    }
  }
}

TEST_P(EveryResampler, AllocatesNothingAfterTheFirstSecond) {
  for (const auto [from, to] : kRates) {
    Resampler<float> resampler(GetParam(), from, to);
    const std::vector<float> piece = Noise<float>(static_cast<std::size_t>(from / 100));
    std::vector<float> out;
    out.reserve(static_cast<std::size_t>(to * 4));
    for (int i = 0; i < 100; ++i) resampler.Push(piece, out);
    test::allocations = 0;
    test::counting = true;
    for (int i = 0; i < 100; ++i) resampler.Push(piece, out);
    test::counting = false;
    EXPECT_EQ(test::allocations, 0) << from << " to " << to;
  }
}

TEST_P(EveryResampler, AllocatesNothingLiveWhateverThePieces) {
  for (const auto [from, to] : kRates) {
    Resampler<float> resampler(GetParam(), from, to, ResamplerUse::kLive);
    const std::vector<float> samples = Noise<float>(static_cast<std::size_t>(from * 2));
    std::vector<float> out;
    out.reserve(static_cast<std::size_t>(to * 5));
    for (int i = 0; i < 100; ++i) {
      resampler.Push(std::span(samples).first(static_cast<std::size_t>(from / 100)), out);
    }
    std::mt19937 random(1);
    test::allocations = 0;
    test::counting = true;
    for (std::size_t done = 0; done < samples.size();) {
      const std::size_t count = std::min<std::size_t>(random() % 5000, samples.size() - done);
      resampler.Push(std::span(samples).subspan(done, count), out);
      done += count;
    }
    test::counting = false;
    EXPECT_EQ(test::allocations, 0) << from << " to " << to;
  }
}

TEST_P(EveryResampler, ReportsEveryTenSecondsOfAWholeSignalAndKeepsItsBits) {
  const std::vector<float> samples = Noise<float>(25 * 8000);
  std::vector<double> reports;
  const std::vector<float> out =
      Resample<float>(GetParam(), samples, 8000, 4000, [&](double done_s, double total_s) {
        EXPECT_EQ(total_s, 25.0);
        reports.push_back(done_s);
      });
  EXPECT_EQ(reports, (std::vector<double>{0.0, 10.0, 20.0}));
  Resampler<float> at_once(GetParam(), 8000, 4000);
  std::vector<float> wanted;
  at_once.Push(samples, wanted);
  at_once.Finish(wanted);
  EXPECT_EQ(out, wanted);
}

TEST_P(EveryResampler, GivesEqualRatesBackAsTheyAre) {
  const std::vector<float> samples = Noise<float>(777);
  EXPECT_EQ(Resample<float>(GetParam(), samples, 16000, 16000), samples);
}

TEST_P(EveryResampler, FinishesOnce) {
  Resampler<float> resampler(GetParam(), 44100, 16000);
  std::vector<float> out;
  resampler.Push(Noise<float>(3000), out);
  resampler.Finish(out);
  const std::vector<float> all = out;
  resampler.Finish(out);
  EXPECT_EQ(out, all);
  EXPECT_NE(MessageOf(Code::kShape, [&] { resampler.Push(Noise<float>(1), out); }).find("Reset"),
            std::string::npos);
  EXPECT_EQ(out, all);
}

TEST_P(EveryResampler, RefusesWhatIsNotANumberBeforeItTakesAnything) {
  Resampler<float> resampler(GetParam(), 44100, 16000);
  const std::vector<float> samples = Noise<float>(3000);
  std::vector<float> out;
  resampler.Push(samples, out);
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
    std::vector<float> piece = samples;
    piece[17] = bad;
    const std::size_t before = out.size();
    const std::string message = MessageOf(Code::kNotFinite, [&] { resampler.Push(piece, out); });
    EXPECT_NE(message.find("3017"), std::string::npos) << message;
    EXPECT_EQ(out.size(), before);
  }
  resampler.Finish(out);
  EXPECT_EQ(out, Resample<float>(GetParam(), samples, 44100, 16000));
}

TEST(Resampler, SaysOfWhatIsNotANumberWhenItIsAndTheCure) {
  Resampler<double> resampler("soxr-hq", 8000, 16000);
  std::vector<double> out;
  const std::vector<double> bad = {0.0, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(MessageOf(Code::kNotFinite, [&] { resampler.Push(bad, out); }),
            "sample 1 (at 0.000125 s) is a NaN or an infinity, but every sample must be finite; "
            "mend the audio");
}

/// The pairs of rates "A to B" that a message offers.
std::vector<Rates> Offered(std::string message) {
  message.erase(0, message.find("nearest that are: "));
  std::vector<Rates> found;
  for (std::size_t at = message.find(" to "); at != message.npos;
       at = message.find(" to ", at + 1)) {
    const std::size_t begin = message.find_last_not_of("0123456789", at - 1) + 1;
    found.push_back({std::stoi(message.substr(begin)), std::stoi(message.substr(at + 4))});
  }
  return found;
}

TEST(Resampler, OffersOnlyRatesThatItTakes) {
  int offers = 0;
  for (const Rates refused :
       {Rates{15999, 16000}, Rates{15998, 16000}, Rates{16001, 16000}, Rates{16000, 15999},
        Rates{1, 4097}, Rates{4097, 1}, Rates{767999, 1}, Rates{44101, 16000}}) {
    const std::string message = MessageOf(
        Code::kInvalidSpec, [&] { Resampler<float>("soxr-hq", refused.from_hz, refused.to_hz); });
    EXPECT_EQ(message.find("1:1"), std::string::npos) << message;
    if (message.find("nearest") == std::string::npos) continue;
    for (const Rates rates : Offered(message)) {
      EXPECT_NE(rates.from_hz, rates.to_hz) << message;
      EXPECT_NE(rates.from_hz == refused.from_hz, rates.to_hz == refused.to_hz) << message;
      EXPECT_NO_THROW(Resampler<float>("soxr-hq", rates.from_hz, rates.to_hz)) << message;
      ++offers;
    }
  }
  EXPECT_GE(offers, 7);
}

INSTANTIATE_TEST_SUITE_P(Names, EveryResampler, testing::ValuesIn(Names()),
                         [](const auto& info) { return TestName(info.param); });

TEST(Resampler, GivesAnOutputAtTheFirstSampleThatAllowsIt) {
  for (const std::string name :
       {"torchaudio-hann6", "kaldi", "scipy-poly", "julius", "resampy-0.3-best"}) {
    for (const auto [from, to] : kRates) {
      Resampler<float> resampler(name, from, to);
      std::vector<float> out;
      for (std::int64_t n = 1; n <= 2000; ++n) {
        resampler.Push(std::vector<float>{0.25f}, out);
        // Output m's own time is m * from / to.
        const std::int64_t known = n - 1 - resampler.LookaheadSamples();
        const std::int64_t due = known < 0 ? 0 : ((known + 1) * to + from - 1) / from;
        ASSERT_EQ(static_cast<std::int64_t>(out.size()), due)
            << name << " after " << n << " samples, " << from << " to " << to;
      }
    }
  }
}

TEST(Resampler, SwrGivesAnOutputAtTheFirstSampleAfterItsFilterIsFull) {
  for (const std::string name : {"swr-s16", "swr-float", "swr-float-s16"}) {
    for (const auto [from, to] : kRates) {
      Resampler<float> resampler(name, from, to);
      // An even number of taps, the output's own sample among them or just before the middle.
      const std::int64_t taps = resampler.LookaheadSamples();
      const std::int64_t behind = taps - (taps - 1) / 2 - 1;
      std::vector<float> out;
      for (std::int64_t n = 1; n <= 1500; ++n) {
        resampler.Push(std::vector<float>{0.25f}, out);
        const std::int64_t known = n - 1 - behind;
        const std::int64_t due = n <= taps ? 0 : ((known + 1) * to + from - 1) / from;
        ASSERT_EQ(static_cast<std::int64_t>(out.size()), due)
            << name << " after " << n << " samples, " << from << " to " << to;
      }
    }
  }
}

TEST(Resampler, KeepsToItsLookaheadWhereItWorksInBlocks) {
  for (const auto [from, to] : kRates) {
    Resampler<float> resampler("soxr-hq", from, to);
    std::vector<float> out;
    std::int64_t most = 0;
    for (std::int64_t n = 1; n <= 20000; ++n) {
      resampler.Push(std::vector<float>{0.25f}, out);
      const std::int64_t next = static_cast<std::int64_t>(out.size()) * from / to;
      most = std::max(most, n - 1 - next);
    }
    EXPECT_LE(most, resampler.LookaheadSamples() + from / to + 1) << from << " to " << to;
    EXPECT_GE(most, resampler.LookaheadSamples() - from / to - 1) << from << " to " << to;
  }
}

TEST(Resampler, SilenceStaysSilence) {
  for (const std::string& name : Names()) {
    const std::vector<float> out = Resample<float>(name, std::vector<float>(5000), 44100, 16000);
    EXPECT_TRUE(std::all_of(out.begin(), out.end(), [](float x) { return x == 0.0f; })) << name;
  }
}

TEST(Resampler, SixteenBitResultsAreWholeNumbers) {
  for (const std::string name : {"swr-s16", "swr-float-s16"}) {
    std::vector<float> samples = Noise<float>(5000);
    for (float& x : samples) x *= 2.5f;  // clipped
    for (const float x : Resample<float>(name, samples, 44100, 16000)) {
      ASSERT_EQ(x * 32768.0f, std::nearbyint(x * 32768.0f)) << name;
      ASSERT_LE(x, 32767.0f / 32768.0f) << name;
      ASSERT_GE(x, -1.0f) << name;
    }
  }
}

TEST(Resampler, CopiesStartANewSignal) {
  const std::vector<float> samples = Noise<float>(3000);
  Resampler<float> first("soxr-hq", 44100, 16000);
  std::vector<float> out;
  first.Push(samples, out);
  Resampler<float> second(first);
  std::vector<float> others;
  second.Push(samples, others);
  second.Finish(others);
  EXPECT_EQ(others, Resample<float>("soxr-hq", samples, 44100, 16000));
}

TEST(Resampler, NamesTheRateThatIsIllegal) {
  for (const int rate : {0, -1, 768001, std::numeric_limits<int>::max()}) {
    const std::string from =
        MessageOf(Code::kInvalidSpec, [&] { Resampler<float>("soxr-hq", rate, 16000); });
    EXPECT_NE(from.find("from_hz=" + std::to_string(rate)), std::string::npos) << from;
    const std::string to =
        MessageOf(Code::kInvalidSpec, [&] { Resampler<float>("soxr-hq", 16000, rate); });
    EXPECT_NE(to.find("to_hz=" + std::to_string(rate)), std::string::npos) << to;
    EXPECT_NE(to.find("768000"), std::string::npos) << to;
  }
}

TEST(Resampler, OffersTheNearestRatesToARatioThatIsTooFine) {
  const auto refusal = [](int from_hz, int to_hz) {
    return MessageOf(Code::kInvalidSpec, [=] { Resampler<float>("kaldi", from_hz, to_hz); });
  };
  EXPECT_EQ(refusal(4097, 1),
            "4097 to 1 Hz is the ratio 1:4097; terms of 1..4096 are legal. The nearest that are: "
            "4096 to 1 Hz, or 4097 to 17 Hz");
  EXPECT_EQ(refusal(44100, 16001),
            "44100 to 16001 Hz is the ratio 16001:44100; terms of 1..4096 are legal. The nearest "
            "that are: 44100 to 16000 Hz");
  EXPECT_EQ(refusal(104729, 611953),
            "104729 to 611953 Hz is the ratio 611953:104729; terms of 1..4096 are legal");
  EXPECT_NO_THROW(Resampler<float>("kaldi", 4096, 4095));
}

TEST(Resampler, OffersTheNearestName) {
  const std::string message =
      MessageOf(Code::kInvalidSpec, [] { Resampler<float>("soxr_hq", 44100, 16000); });
  EXPECT_NE(message.find("\"soxr-hq\""), std::string::npos) << message;
  EXPECT_THROW(FindResampler(""), Error);
  EXPECT_NO_THROW(FindResampler("julius"));
}

TEST(Resampler, ServesEveryRatioOfSmallTerms) {
  for (const std::string& name : Names()) {
    for (int from = 1; from <= 12; ++from) {
      for (int to = 1; to <= 12; ++to) {
        const std::vector<float> out =
            Resample<float>(name, Noise<float>(2000), 1000 * from, 1000 * to);
        ASSERT_NEAR(static_cast<double>(out.size()), 2000.0 * to / from, 90.0 * to / from + 2)
            << name << ", " << from << " to " << to;
        ASSERT_TRUE(std::all_of(out.begin(), out.end(), [](float x) { return std::abs(x) < 2; }));
      }
    }
  }
}

}  // namespace
}  // namespace ossicle
