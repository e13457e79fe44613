// The steps that look at the whole signal, in a stream.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "frontend/frame_stream.h"
#include "ossicle/error.h"
#include "ossicle/stream.h"
#include "support/failure.h"
#include "support/stream.h"

namespace ossicle {

void PrintTo(const FrontendSpec& spec, std::ostream* out) { *out << spec.name; }

namespace {

using test::Failure;
using test::FailureOf;
using test::HasAll;
using test::RunOf;
using test::SameBits;
using test::Streamed;
using test::TestSignal;

using Rows = std::vector<std::vector<double>>;

bool LooksAtAll(const Step& step) {
  return std::holds_alternative<PeakFloor>(step) || std::holds_alternative<SubtractMean>(step) ||
         std::holds_alternative<Standardize>(step);
}

/// A chain of all steps, one of them twice, with a band that never changes among the others.
FrontendSpec Chain() {
  FrontendSpec spec = Preset("kaldi-fbank-23");
  spec.name = "chain";
  spec.high_hz = 4000;
  spec.steps = {Affine{0.5, 1.0}, PeakFloor{4.0},       Clip{-5, 9},        SubtractMean{},
                PeakFloor{2.0},   Standardize{0, 0.01}, Affine{3.0, -0.125}};
  return spec;
}

/// All with such a step after the kernel, without the 30 seconds that some append.
std::vector<FrontendSpec> Specs() {
  std::vector<FrontendSpec> specs = {Chain()};
  for (const std::string& name : test::PresetNames()) {
    FrontendSpec spec = Preset(name);
    spec.append_zeros_samples = 0;
    const bool two_passes = internal::FrameStream<double>::NeedsTwoPasses(Frontend(spec));
    if (NeedsStatistics(spec) && !two_passes) specs.push_back(spec);
  }
  return specs;
}

/// A peak floor before a cepstrum.
std::vector<FrontendSpec> TwoPassSpecs() {
  FrontendSpec energy = Preset("kaldi-mfcc-13");
  energy.name = "with energy";
  energy.steps = {PeakFloor{3.0}, Cepstrum{13, 22.0, true}, SubtractMean{}};
  return {Preset("librosa-mfcc@0.9"), Preset("torchaudio-mfcc"), energy};
}

StreamOptions With(StatisticsMode mode, double segment_s = 30.0) {
  StreamOptions options;
  options.statistics = StreamStatistics{mode, segment_s, {}};
  return options;
}

StreamOptions Frozen(std::vector<StepStatistics> numbers) {
  StreamOptions options;
  options.statistics = StreamStatistics{StatisticsMode::kFrozen, 0.0, std::move(numbers)};
  return options;
}

// The definitions again, one frame at a time, from all that a frame depends on.

StepStatistics Measure(const Step& step, const Rows& rows, std::size_t begin, std::size_t end) {
  StepStatistics found;
  found.peak = -std::numeric_limits<double>::infinity();
  const auto frames = static_cast<double>(end - begin);
  for (std::size_t band = 0; band < rows[0].size(); ++band) {
    double sum = 0.0, squares = 0.0;
    for (std::size_t t = begin; t < end; ++t) {
      sum += rows[t][band];
      found.peak = std::max(found.peak, rows[t][band]);
    }
    found.mean.push_back(sum / frames);
    for (std::size_t t = begin; t < end; ++t) squares += std::pow(rows[t][band] - sum / frames, 2);
    const auto* standardize = std::get_if<Standardize>(&step);
    const double divisor = frames - (standardize != nullptr ? standardize->ddof : 0);
    found.deviation.push_back(divisor > 0 ? std::sqrt(squares / divisor) : 0.0);
  }
  return found;
}

double After(const Step& step, const StepStatistics& by, std::size_t band, double x) {
  if (const auto* floor = std::get_if<PeakFloor>(&step)) return std::max(x, by.peak - floor->range);
  if (const auto* affine = std::get_if<Affine>(&step)) return affine->scale * x + affine->offset;
  if (const auto* clip = std::get_if<Clip>(&step)) return std::clamp(x, clip->low, clip->high);
  if (std::holds_alternative<SubtractMean>(step)) return x - by.mean[band];
  const auto& standardize = std::get<Standardize>(step);
  const double deviation = by.deviation[band];
  if (deviation < 1e-12) return 0.0;  // of a band that never changes, for the rounding of Measure
  return (x - by.mean[band]) / (standardize.epsilon_in_variance
                                    ? std::sqrt(deviation * deviation + standardize.epsilon)
                                    : deviation + standardize.epsilon);
}

/// Those steps on frames of which the `t`th goes by frames first(t) .. end(t) - 1.
template <class First, class End>
Rows Naive(const std::vector<Step>& steps, Rows rows, First first, End end) {
  for (const Step& step : steps) {
    Rows next = rows;
    for (std::size_t t = 0; t < rows.size(); ++t) {
      const StepStatistics by =
          LooksAtAll(step) ? Measure(step, rows, first(t), end(t)) : StepStatistics();
      for (std::size_t band = 0; band < rows[t].size(); ++band) {
        next[t][band] = After(step, by, band, rows[t][band]);
      }
    }
    rows = std::move(next);
  }
  return rows;
}

/// The steps from the first that looks at the whole signal on, and the rows without them.
struct Parts {
  explicit Parts(FrontendSpec spec, const std::vector<float>& audio) {
    const auto cut = std::find_if(spec.steps.begin(), spec.steps.end(), LooksAtAll);
    steps.assign(cut, spec.steps.end());
    spec.steps.erase(cut, spec.steps.end());
    const std::vector<double> values = RunOf<double>(Frontend(spec), audio);
    const auto bands = static_cast<std::ptrdiff_t>(spec.bands());
    for (auto row = values.begin(); row != values.end(); row += bands) {
      rows.emplace_back(row, row + bands);
    }
  }

  std::vector<Step> steps;
  Rows rows;
};

/// Within rounding, of which a division by a small deviation makes more.
void ExpectNear(const std::vector<double>& values, const Rows& rows) {
  ASSERT_EQ(values.size(), rows.size() * rows[0].size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double expected = rows[i / rows[0].size()][i % rows[0].size()];
    ASSERT_NEAR(values[i], expected, 1e-9 * std::max(1.0, std::abs(expected)))
        << "frame " << i / rows[0].size() << " band " << i % rows[0].size();
  }
}

TEST(StreamStatistics, RunningOnesAreThoseOfTheFramesUntilNow) {
  for (const FrontendSpec& spec : Specs()) {
    SCOPED_TRACE(spec.name);
    const std::vector<float> audio = TestSignal(spec);
    const Parts parts(spec, audio);
    const Rows expected = Naive(
        parts.steps, parts.rows, [](std::size_t) { return std::size_t{0}; },
        [](std::size_t t) { return t + 1; });
    Stream<double> stream(Frontend(spec), With(StatisticsMode::kRunning));
    ExpectNear(Streamed(stream, audio, {160}), expected);
  }
}

TEST(StreamStatistics, SegmentsAreTreatedAsSignals) {
  for (const FrontendSpec& spec : Specs()) {
    SCOPED_TRACE(spec.name);
    const std::vector<float> audio = TestSignal(spec);
    const Parts parts(spec, audio);
    const std::size_t segment = 7;  // frames
    const Rows expected = Naive(
        parts.steps, parts.rows, [&](std::size_t t) { return t / segment * segment; },
        [&](std::size_t t) { return std::min((t / segment + 1) * segment, parts.rows.size()); });
    Stream<double> stream(Frontend(spec), With(StatisticsMode::kSegment,
                                               7.4 * spec.hop_samples / spec.sample_rate_hz));
    ExpectNear(Streamed(stream, audio, {160}), expected);
  }
}

TEST(StreamStatistics, FrozenOnesAreThoseThatWereGiven) {
  for (const FrontendSpec& spec : Specs()) {
    SCOPED_TRACE(spec.name);
    const std::vector<float> audio = TestSignal(spec);
    const Parts parts(spec, audio);
    Rows expected = parts.rows;
    std::vector<StepStatistics> numbers;
    for (const Step& step : parts.steps) {
      // Of the first half: not the offline ones.
      StepStatistics by = Measure(step, expected, 0, expected.size() / 2);
      for (auto& row : expected) {
        for (std::size_t band = 0; band < row.size(); ++band) {
          row[band] = After(step, by, band, row[band]);
        }
      }
      if (!LooksAtAll(step)) continue;
      for (double& x : by.deviation) x = x < 1e-12 ? 0.0 : x;
      if (std::holds_alternative<PeakFloor>(step)) by.mean.clear();
      if (!std::holds_alternative<Standardize>(step)) by.deviation.clear();
      numbers.push_back(by);
    }
    Stream<double> stream(Frontend(spec), Frozen(numbers));
    ExpectNear(Streamed(stream, audio, {160}), expected);
    EXPECT_EQ(stream.statistics(), numbers);
    stream.Reset();
    ExpectNear(Streamed(stream, audio, {1000}), expected);
  }
}

std::vector<StreamOptions> EveryMode(const FrontendSpec& spec, const std::vector<float>& audio) {
  Stream<double> whole(Frontend(spec), With(StatisticsMode::kExact));
  Streamed(whole, audio, {1000});
  return {With(StatisticsMode::kExact), With(StatisticsMode::kRunning),
          With(StatisticsMode::kSegment, 0.1), Frozen(whole.statistics())};
}

template <class T>
void ExpectSameBitsForEveryCut(const FrontendSpec& spec) {
  const std::vector<float> audio = TestSignal(spec);
  for (const StreamOptions& options : EveryMode(spec, audio)) {
    Stream<T> stream(Frontend(spec), options);
    const std::vector<T> expected = Streamed(stream, audio, {audio.size()});
    const std::vector<StepStatistics> statistics = stream.statistics();
    for (const std::vector<std::size_t>& sizes :
         {std::vector<std::size_t>{1}, {160}, {1, 5000, 0, 17}}) {
      stream.Reset();
      EXPECT_TRUE(SameBits(expected, Streamed(stream, audio, sizes)))
          << "mode " << static_cast<int>(options.statistics->mode);
      EXPECT_EQ(stream.statistics(), statistics);
    }
  }
}

class EachStatisticsOf : public testing::TestWithParam<FrontendSpec> {};

std::string SpecName(const testing::TestParamInfo<FrontendSpec>& info) {
  return test::TestName(info.param.name);
}

INSTANTIATE_TEST_SUITE_P(AfterTheKernel, EachStatisticsOf, testing::ValuesIn(Specs()), SpecName);
INSTANTIATE_TEST_SUITE_P(InTheKernel, EachStatisticsOf, testing::ValuesIn(TwoPassSpecs()),
                         SpecName);

TEST_P(EachStatisticsOf, DoNotDependOnTheCut) {
  ExpectSameBitsForEveryCut<float>(GetParam());
  ExpectSameBitsForEveryCut<double>(GetParam());
}

/// The peak of each frame where the kernel's floor is.
std::vector<double> Peaks(const FrontendSpec& spec, const std::vector<float>& audio) {
  std::vector<double> peaks;
  for (const std::vector<double>& row : Parts(spec, audio).rows) {
    peaks.push_back(*std::max_element(row.begin(), row.end()));
  }
  return peaks;
}

/// Frame `t` of a front end whose kernel has that peak.
class WithPeak {
 public:
  WithPeak(const FrontendSpec& spec, const std::vector<float>& audio)
      : frontend_(spec), audio_(audio) {}

  std::vector<double> Frame(std::size_t t, double peak) {
    std::vector<double>& frames = frames_[peak];
    if (frames.empty()) {
      Stream<double> stream(frontend_, Frozen({{peak, {}, {}}}));
      frames = Streamed(stream, audio_, {1000});
    }
    return Row(frames, t, frontend_.bands());
  }

  static std::vector<double> Row(const std::vector<double>& values, std::size_t t, int bands) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(t) * bands;
    return {row, row + bands};
  }

 private:
  const Frontend frontend_;
  const std::vector<float>& audio_;
  std::map<double, std::vector<double>> frames_;
};

TEST(StreamStatistics, OfAPeakBeforeACepstrumAreThoseOfItsFrames) {
  constexpr std::ptrdiff_t kSegment = 6;
  for (FrontendSpec spec : TwoPassSpecs()) {
    SCOPED_TRACE(spec.name);
    spec.steps.resize(2);
    const std::vector<float> audio = TestSignal(spec);
    const std::vector<double> peaks = Peaks(spec, audio);
    const double segment_s = 1.0 * kSegment * spec.hop_samples / spec.sample_rate_hz;
    Stream<double> running(Frontend(spec), With(StatisticsMode::kRunning));
    Stream<double> segments(Frontend(spec), With(StatisticsMode::kSegment, segment_s));
    const std::vector<double> by_running = Streamed(running, audio, {160});
    const std::vector<double> by_segment = Streamed(segments, audio, {160});
    ASSERT_EQ(by_running.size(), peaks.size() * static_cast<std::size_t>(spec.bands()));
    ASSERT_EQ(by_segment.size(), by_running.size());
    WithPeak expected(spec, audio);
    const auto largest = [&](std::ptrdiff_t first, std::ptrdiff_t end) {
      return *std::max_element(peaks.begin() + first,
                               peaks.begin() + std::min(end, std::ssize(peaks)));
    };
    for (std::size_t t = 0; t < peaks.size(); ++t) {
      const auto now = static_cast<std::ptrdiff_t>(t);
      const auto first = now / kSegment * kSegment;
      EXPECT_EQ(WithPeak::Row(by_running, t, spec.bands()), expected.Frame(t, largest(0, now + 1)))
          << "frame " << t;
      EXPECT_EQ(WithPeak::Row(by_segment, t, spec.bands()),
                expected.Frame(t, largest(first, first + kSegment)))
          << "frame " << t;
    }
    EXPECT_EQ(running.statistics()[0].peak, largest(0, std::ssize(peaks)));
  }
}

/// Frozen numbers go through a square root and a square, by which a scale may be off by some units
/// in its last place; a float is rounded at the end.
template <class T>
void ExpectFrozenEqualToOffline(const FrontendSpec& spec) {
  const Frontend frontend(spec);
  const std::vector<float> audio = TestSignal(spec);
  Stream<T> exact(frontend, With(StatisticsMode::kExact));
  const std::vector<T> offline = Streamed(exact, audio, {1000});
  Stream<T> frozen(frontend, Frozen(StatisticsFromJson(ToJson(exact.statistics()))));
  const std::vector<T> values = Streamed(frozen, audio, {160});
  ASSERT_EQ(values.size(), offline.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_NEAR(values[i], offline[i],
                4 * std::numeric_limits<T>::epsilon() * std::abs(offline[i]));
  }
}

TEST(StreamStatistics, FrozenOnesOfTheSameSignalGiveTheOfflineValues) {
  for (const std::vector<FrontendSpec>& specs : {Specs(), TwoPassSpecs()}) {
    for (const FrontendSpec& spec : specs) {
      if (spec.name == "chain") continue;  // each step would add to the bound
      SCOPED_TRACE(spec.name);
      ExpectFrozenEqualToOffline<float>(spec);
      ExpectFrozenEqualToOffline<double>(spec);
    }
  }
}

TEST(StreamStatistics, AreThoseOfAllFramesWhenRunningOnesHaveSeenThem) {
  const FrontendSpec spec = Preset("nemo-80@2.5");
  const std::vector<float> audio = TestSignal(spec);
  const Parts parts(spec, audio);
  const StepStatistics expected = Measure(parts.steps[0], parts.rows, 0, parts.rows.size());
  Stream<double> stream(Frontend(spec), With(StatisticsMode::kRunning));
  EXPECT_TRUE(stream.statistics().empty());
  Streamed(stream, audio, {160});
  const std::vector<StepStatistics> found = stream.statistics();
  ASSERT_EQ(found.size(), 1U);
  for (std::size_t band = 0; band < expected.mean.size(); ++band) {
    EXPECT_NEAR(found[0].mean[band], expected.mean[band], 1e-12);
    EXPECT_NEAR(found[0].deviation[band], expected.deviation[band], 1e-12);
  }
  stream.Reset();
  EXPECT_TRUE(stream.statistics().empty());
}

TEST(StreamStatistics, AnExactStreamHasNoneBeforeFinish) {
  const FrontendSpec spec = Chain();
  Stream<float> stream(Frontend(spec), With(StatisticsMode::kExact));
  std::vector<float> out;
  stream.Push(TestSignal(spec), out);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(stream.frames(), 0);
  EXPECT_TRUE(stream.statistics().empty());
  stream.Finish(out);
  EXPECT_FALSE(out.empty());
  EXPECT_EQ(stream.statistics().size(), 4U);
}

TEST(StreamStatistics, RunningAndFrozenOnesHoldNothingBack) {
  for (const FrontendSpec& spec : {Chain(), TwoPassSpecs()[0]}) {
    FrontendSpec bare = spec;
    std::erase_if(bare.steps, LooksAtAll);
    const std::vector<float> audio = TestSignal(spec);
    std::vector<StreamOptions> modes = EveryMode(spec, audio);
    for (const StreamOptions& options : {modes[1], modes[3]}) {
      Stream<float> stream(Frontend(spec), options), expected{Frontend(bare)};
      std::vector<float> out, unused;
      for (std::size_t i = 0; i < audio.size(); ++i) {
        stream.Push(std::span(audio).subspan(i, 1), out);
        expected.Push(std::span(audio).subspan(i, 1), unused);
        ASSERT_EQ(out.size(), unused.size()) << "after " << i + 1 << " samples";
      }
    }
  }
}

TEST(StreamStatistics, ASegmentComesWhenItIsWhole) {
  for (const FrontendSpec& spec : {Chain(), TwoPassSpecs()[0]}) {
    FrontendSpec bare = spec;
    std::erase_if(bare.steps, LooksAtAll);
    const std::vector<float> audio = TestSignal(spec);
    Stream<float> stream(Frontend(spec), With(StatisticsMode::kSegment,
                                              5.0 * spec.hop_samples / spec.sample_rate_hz));
    Stream<float> expected{Frontend(bare)};
    std::vector<float> out, unused;
    for (std::size_t i = 0; i < audio.size(); ++i) {
      stream.Push(std::span(audio).subspan(i, 1), out);
      expected.Push(std::span(audio).subspan(i, 1), unused);
      ASSERT_EQ(stream.frames(), expected.frames() / 5 * 5) << "after " << i + 1 << " samples";
    }
  }
}

TEST(StreamStatistics, OfAFrameAloneAreThoseOfTheDefinition) {
  FrontendSpec spec = Preset("kaldi-fbank-23");
  for (const Step step :
       {Step(Standardize{1, 1e-5}), Step(Standardize{0, 1e-5}), Step(SubtractMean{})}) {
    spec.steps = {step};
    Stream<float> stream(Frontend(spec), With(StatisticsMode::kRunning));
    std::vector<float> out;
    stream.Push(TestSignal(400), out);
    EXPECT_EQ(out, std::vector<float>(23, 0.0f));
  }
}

TEST(StreamStatistics, OfABandThatNeverChangesMakeItZero) {
  FrontendSpec spec = Preset("kaldi-fbank-23");
  spec.steps = {Standardize{0, 0.0}};
  for (const StreamOptions& options :
       {With(StatisticsMode::kRunning), With(StatisticsMode::kSegment, 0.05)}) {
    Stream<float> stream(Frontend(spec), options);
    const std::vector<float> out = Streamed(stream, std::vector<float>(4000), {160});
    EXPECT_EQ(out, std::vector<float>(23 * 23, 0.0f));
  }
}

TEST(StreamStatistics, ModesThatAreMissingAreNamed) {
  const Failure failure = FailureOf([] { Stream<float>{Frontend(Chain())}; });
  EXPECT_EQ(failure.code, Code::kInvalidSpec);
  EXPECT_TRUE(HasAll(
      failure.message,
      {"\"chain\"", "steps[1] (peak_floor)", "steps[3] (subtract_mean)", "steps[4] (peak_floor)",
       "steps[5] (standardize)", "exact", "running", "segment:SECONDS", "frozen"}));
}

TEST(StreamStatistics, ChangeNothingWhereNoStepNeedsThem) {
  const Frontend frontend(Preset("kaldi-fbank-80"));
  const std::vector<float> audio = TestSignal(frontend.spec());
  Stream<float> stream(frontend, With(StatisticsMode::kExact));
  std::vector<float> out;
  stream.Push(audio, out);
  EXPECT_TRUE(SameBits(out, RunOf<float>(frontend, audio)));
  EXPECT_FALSE(NeedsStatistics(frontend.spec()));
}

TEST(StreamStatistics, FrozenOnesMustFitTheSteps) {
  FrontendSpec spec = Preset("kaldi-fbank-23");
  spec.steps = {PeakFloor{}, Standardize{}};
  const StepStatistics peak{1.0, {}, {}};
  const std::vector<double> numbers(23, 1.0), few(22, 1.0), negative(23, -1.0);
  const std::vector<double> infinite(23, std::numeric_limits<double>::infinity());
  const auto message = [&](const std::vector<StepStatistics>& frozen) {
    return FailureOf([&] { Stream<float>(Frontend(spec), Frozen(frozen)); }).message;
  };
  EXPECT_TRUE(HasAll(message({peak}), {"of 1 steps, but 2"}));
  const std::pair<std::vector<StepStatistics>, const char*> cases[] = {
      {{peak, {0.0, few, numbers}}, "steps[1] (standardize) has 22 numbers in mean"},
      {{peak, {0.0, numbers, few}}, "steps[1] (standardize) has 22 numbers in deviation"},
      {{{0.0, numbers, {}}, {0.0, numbers, numbers}}, "steps[0] (peak_floor) has 23"},
      {{peak, {0.0, numbers, negative}}, "a deviation of steps[1] (standardize) is negative"},
      {{peak, {0.0, infinite, numbers}}, "of steps[1] (standardize) is not finite"},
      {{{std::nan(""), {}, {}}, {0.0, numbers, numbers}}, "of steps[0] (peak_floor) is not"}};
  for (const auto& [frozen, part] : cases) {
    EXPECT_TRUE(HasAll(message(frozen), {part}));
  }
  EXPECT_NO_THROW(Stream<float>(Frontend(spec), Frozen({peak, {0.0, numbers, numbers}})));
}

TEST(StreamStatistics, SegmentsMustBeInRange) {
  for (const double seconds : {0.0, -1.0, 86401.0, std::nan("")}) {
    const Failure failure = FailureOf(
        [&] { Stream<float>(Frontend(Chain()), With(StatisticsMode::kSegment, seconds)); });
    EXPECT_TRUE(HasAll(failure.message, {"segment_s="}));
  }
}

TEST(StreamStatistics, AreParsedByName) {
  EXPECT_EQ(StreamStatistics::Parse("exact").mode, StatisticsMode::kExact);
  EXPECT_EQ(StreamStatistics::Parse("running").mode, StatisticsMode::kRunning);
  EXPECT_EQ(StreamStatistics::Parse("segment:2.5").mode, StatisticsMode::kSegment);
  EXPECT_EQ(StreamStatistics::Parse("segment:2.5").segment_s, 2.5);
  for (const char* text : {"", "Exact", "segment", "segment:", "segment:0", "segment:1s",
                           "segment:-3", "segment:100000", "frozen"}) {
    const Failure failure = FailureOf([&] { StreamStatistics::Parse(text); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec) << text;
    EXPECT_TRUE(HasAll(failure.message, {text, "exact", "running", "segment:SECONDS"}));
  }
}

TEST(StreamStatistics, SurviveJson) {
  const std::vector<StepStatistics> statistics = {
      {-1.0 / 3.0, {}, {}}, {0.0, {0.1, 1e-300}, {}}, {0.0, {1.0, 2.0}, {0.0, 1e22 / 3}}, {}};
  EXPECT_EQ(StatisticsFromJson(ToJson(statistics)), statistics);
  EXPECT_EQ(ToJson({{1.5, {}, {}}, {0.0, {2.0}, {3.0}}}),
            R"([{"peak":1.5},{"mean":[2.0],"deviation":[3.0]}])");
}

TEST(StreamStatistics, RefuseJsonThatIsNone) {
  for (const auto& [text, part] :
       {std::pair{"[", "not valid JSON"},
        {"{}", "an array"},
        {"[1]", "statistics[0]=1"},
        {R"([{"mode":1}])", "statistics[0] has the unknown field \"mode\""},
        {R"([{"peak":"a"}])", "statistics[0].peak=\"a\""},
        {R"([{},{"mean":3}])", "statistics[1].mean=3"},
        {R"([{"deviation":[null]}])", "statistics[0].deviation=null"}}) {
    const Failure failure = FailureOf([&text = text] { StatisticsFromJson(text); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(HasAll(failure.message, {part}));
  }
  EXPECT_THROW(ToJson({{std::nan(""), {}, {}}}), Error);
}

}  // namespace
}  // namespace ossicle
