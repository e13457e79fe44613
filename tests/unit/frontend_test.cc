#include "ossicle/frontend.h"
#include "frontend/frame_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "oracle/oracle.h"
#include "oracle/signals.h"
#include "ossicle/error.h"
#include "ossicle/scratch_pool.h"
#include "support/allocations.h"
#include "support/pools.h"

namespace ossicle {

/// How GoogleTest prints a parameter.
void PrintTo(const FrontendSpec& spec, std::ostream* out) { *out << spec.name; }

namespace {

using internal::FrameStream;

const ErrorBound& BoundOf(const std::string& preset, bool in_double, oracle::SignalKind kind) {
  static const std::vector<PresetInfo> presets = Presets();
  const auto found = std::find_if(presets.begin(), presets.end(),
                                  [&](const PresetInfo& info) { return info.name == preset; });
  const Accuracy& accuracy = in_double ? found->double_accuracy : found->float_accuracy;
  return kind == oracle::SignalKind::kTone ? accuracy.tone : accuracy.broadband;
}

/// frames x bands values, frames first.
template <class T>
std::vector<T> Compute(const Frontend& frontend, std::span<const float> audio,
                       int worker_count = 1) {
  const std::int64_t frames = frontend.Frames(static_cast<std::int64_t>(audio.size()));
  std::vector<T> values(static_cast<std::size_t>(frames * frontend.bands()));
  Scratch scratch = frontend.MakeScratch(worker_count);
  frontend.Run(audio, MakeView(values.data(), frames, frontend.bands(), Layout::kFramesFirst),
               scratch, worker_count == 1 ? nullptr : &AllOf(worker_count));
  return values;
}

template <class T>
bool SameBits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

template <class T>
void ExpectWithin(const FrontendSpec& spec, const oracle::Signal& signal,
                  std::span<const double> expected) {
  const std::vector<T> values = Compute<T>(Frontend(spec), signal.samples);
  const oracle::Difference difference = oracle::Compare(std::span<const T>(values), expected);
  const bool in_double = std::is_same_v<T, double>;
  const ErrorBound& bound = BoundOf(spec.name, in_double, signal.kind);
  SCOPED_TRACE(spec.name + ", " + signal.name + (in_double ? ", double" : ", float"));
  EXPECT_LE(difference.mean, bound.mean);
  EXPECT_LE(difference.p999, bound.p999);
  EXPECT_LE(difference.max, bound.max);
}

/// Specs that together reach every kind of framing, edge and step that looks at the whole signal.
FrontendSpec ShortHop() {
  FrontendSpec spec;
  spec.name = "standardised, short hop, more frames than a block";
  spec.hop_samples = 20;
  spec.mel_bands = 20;
  spec.steps = {Standardize{}};
  return spec;
}

FrontendSpec FlooredCepstrum() {
  FrontendSpec spec = Preset("kaldi-fbank-80");
  spec.name = "peak floor before a cepstrum, mean after it";
  spec.framing = Framing::kKaldiNoSnip;
  spec.edge = Edge::kReflectRepeat;
  spec.steps = {PeakFloor{6.0}, Cepstrum{13, 22.0, true}, SubtractMean{}};
  return spec;
}

FrontendSpec PaddedAndAppended() {
  FrontendSpec spec;
  spec.name = "explicit pads, appended zeros, dropped frame, two peak floors";
  spec.framing = Framing::kExplicit;
  spec.edge = Edge::kReflect;
  spec.preemphasis = PreEmphasis::kSignal;
  spec.pad_left_samples = 333;
  spec.pad_right_samples = 1001;
  spec.append_zeros_samples = 777;
  spec.drop_last_frame = true;
  spec.window_samples = 375;
  spec.fft_size = 375;
  spec.steps = {PeakFloor{5.0}, Affine{0.5, 1.0}, PeakFloor{2.0}, SubtractMean{},
                Standardize{0, 0.1}};
  return spec;
}

FrontendSpec HopPastTheWindow() {
  FrontendSpec spec = Preset("kaldi-fbank-80");
  spec.name = "hop longer than the window";
  spec.hop_samples = 1000;
  return spec;
}

FrontendSpec SteppedWaveform() {
  FrontendSpec spec = Preset("wav2vec2");
  spec.name = "waveform with every step that it can have";
  spec.input_scale = 0.1;
  spec.preemphasis = PreEmphasis::kSignal;
  spec.append_zeros_samples = 33;
  spec.drop_last_frame = true;
  spec.steps = {Affine{2.0, -0.1}, PeakFloor{0.2}, SubtractMean{}, Clip{-1.0, 0.1},
                Standardize{0, 1e-7, true}};
  return spec;
}

std::vector<FrontendSpec> AllSpecs() {
  std::vector<FrontendSpec> specs = {ShortHop(), FlooredCepstrum(), PaddedAndAppended(),
                                     HopPastTheWindow(), SteppedWaveform()};
  for (const PresetInfo& preset : Presets()) specs.push_back(Preset(preset.name));
  return specs;
}

/// `samples`, or as many as `spec` takes at least.
std::int64_t Enough(const FrontendSpec& spec, std::int64_t samples) {
  return samples == 0 ? 0 : std::max<std::int64_t>(samples, spec.min_samples);
}

class EachPreset : public testing::TestWithParam<std::string> {
 protected:
  const FrontendSpec spec_ = Preset(GetParam());
};
class EachSpec : public testing::TestWithParam<FrontendSpec> {};

std::string TestName(std::string name) {
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const PresetInfo& preset : Presets()) names.push_back(preset.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, EachPreset, testing::ValuesIn(PresetNames()),
                         [](const auto& info) { return TestName(info.param); });
INSTANTIATE_TEST_SUITE_P(All, EachSpec, testing::ValuesIn(AllSpecs()),
                         [](const auto& info) { return TestName(info.param.name); });

TEST_P(EachPreset, IsWithinItsBoundsOfTheOracleOnEverySignal) {
  for (const oracle::Signal& signal : oracle::TestSignals(spec_)) {
    const oracle::Matrix expected = oracle::Run(spec_, signal.samples);
    ExpectWithin<float>(spec_, signal, expected.values);
    ExpectWithin<double>(spec_, signal, expected.values);
  }
}

template <class T>
void ExpectSameBitsForWorkers(const FrontendSpec& spec) {
  const Frontend frontend(spec);
  for (const std::int64_t samples : {300, 4801, 16000, 112000}) {
    std::vector<float> audio = oracle::Speech(7.0);
    audio.resize(static_cast<std::size_t>(Enough(spec, samples)));
    const std::vector<T> alone = Compute<T>(frontend, audio);
    for (int workers = 2; workers <= 8; ++workers) {
      EXPECT_TRUE(SameBits(alone, Compute<T>(frontend, audio, workers)))
          << workers << " workers, " << samples << " samples";
    }
  }
}

TEST_P(EachSpec, HasTheSameBitsForAnyNumberOfWorkers) {
  ExpectSameBitsForWorkers<float>(GetParam());
  ExpectSameBitsForWorkers<double>(GetParam());
}

/// Chooses an instruction set and, at its end, the best one again.
class UseInstructionSet {
 public:
  explicit UseInstructionSet(const std::string& name) { SetInstructionSet(name); }
  ~UseInstructionSet() { SetInstructionSet(""); }
  UseInstructionSet(const UseInstructionSet&) = delete;
  UseInstructionSet& operator=(const UseInstructionSet&) = delete;
};

template <class T>
void ExpectSameBitsForInstructionSets(const FrontendSpec& spec) {
  std::vector<std::vector<float>> signals = {oracle::Speech(1.5), oracle::Silence(3000)};
  for (const std::int64_t samples : {1, 700, 2601, 4801}) {
    signals.push_back(oracle::WhiteNoise(Enough(spec, samples)));
  }
  for (const std::vector<float>& audio : signals) {
    const std::vector<T> widest = Compute<T>(Frontend(spec), audio);
    for (const std::string& name : InstructionSets()) {
      const UseInstructionSet use(name);
      EXPECT_TRUE(SameBits(widest, Compute<T>(Frontend(spec), audio)))
          << name << ", " << audio.size() << " samples";
    }
  }
}

TEST_P(EachSpec, HasTheSameBitsForEveryInstructionSet) {
  ExpectSameBitsForInstructionSets<float>(GetParam());
  ExpectSameBitsForInstructionSets<double>(GetParam());
}

TEST(InstructionSets, AreChosenByNameAndOnlyThoseOfThisMachine) {
  ASSERT_FALSE(InstructionSets().empty());
  EXPECT_EQ(InstructionSet(), InstructionSets().front());
  const std::vector<std::string> compiled = CompiledInstructionSets();
  for (const std::string& name : InstructionSets()) {
    EXPECT_NE(std::find(compiled.begin(), compiled.end(), name), compiled.end()) << name;
    const UseInstructionSet use(name);
    EXPECT_EQ(InstructionSet(), name);
  }
  EXPECT_EQ(InstructionSet(), InstructionSets().front());
  EXPECT_THROW(SetInstructionSet("abacus"), Error);
}

/// Pushes `audio` in pieces whose sizes repeat `cuts`.
template <class T>
Features<T> Streamed(const Frontend& frontend, std::span<const float> audio,
                     const std::vector<std::size_t>& cuts, Workers* workers,
                     typename FrameStream<T>::Mode mode, double* peak) {
  Features<T> features(frontend.bands(), frontend.spec().layout);
  FrameStream<T> stream(frontend, workers, mode, *peak);
  for (std::size_t i = 0; !audio.empty(); ++i) {
    const std::size_t count = std::min(cuts[i % cuts.size()], audio.size());
    stream.Push(audio.first(count), features);
    audio = audio.subspan(count);
  }
  stream.Finish(features);
  if (mode == FrameStream<T>::Mode::kFindPeak) *peak = stream.peak();
  return features;
}

template <class T>
std::vector<T> StreamedValues(const Frontend& frontend, std::span<const float> audio,
                              const std::vector<std::size_t>& cuts, Workers* workers) {
  using Mode = typename FrameStream<T>::Mode;
  double peak = 0.0;
  if (FrameStream<T>::NeedsTwoPasses(frontend)) {
    Streamed<T>(frontend, audio, cuts, workers, Mode::kFindPeak, &peak);
  }
  const Features<T> features = Streamed<T>(frontend, audio, cuts, workers, Mode::kCompute, &peak);
  std::vector<T> values(static_cast<std::size_t>(features.frames() * features.bands()));
  features.Copy(0, features.frames(), Layout::kFramesFirst, values);
  return values;
}

template <class T>
void ExpectStreamEqualsRun(const FrontendSpec& spec) {
  const Frontend frontend(spec);
  Workers& workers = AllOf(3);
  const std::vector<std::vector<std::size_t>> all_cuts = {{1},    {7, 0, 160},   {399, 401},
                                                          {1000}, {1, 20000, 3}, {1000000}};
  for (const std::int64_t samples : {0, 1, 2, 199, 401, 4801, 12345, 48000}) {
    std::vector<float> audio = oracle::Speech(3.0);
    audio.resize(static_cast<std::size_t>(Enough(spec, samples)));
    const std::vector<T> whole = Compute<T>(frontend, audio);
    for (const std::vector<std::size_t>& cuts : all_cuts) {
      EXPECT_TRUE(SameBits(whole, StreamedValues<T>(frontend, audio, cuts, nullptr)))
          << samples << " samples in pieces of " << cuts.front();
      EXPECT_TRUE(SameBits(whole, StreamedValues<T>(frontend, audio, cuts, &workers)))
          << samples << " samples in pieces of " << cuts.front() << ", 3 workers";
    }
  }
}

TEST_P(EachSpec, StreamsToTheBitsOfRunForEveryCut) {
  ExpectStreamEqualsRun<float>(GetParam());
  ExpectStreamEqualsRun<double>(GetParam());
}

TEST(FrameStream, NeedsTwoPassesOnlyForAPeakFloorBeforeACepstrum) {
  EXPECT_TRUE(FrameStream<float>::NeedsTwoPasses(Frontend(FlooredCepstrum())));
  EXPECT_FALSE(FrameStream<float>::NeedsTwoPasses(Frontend(Preset("whisper-80"))));
  FrontendSpec after = FlooredCepstrum();
  after.steps = {Cepstrum{}, PeakFloor{6.0}};
  EXPECT_FALSE(FrameStream<float>::NeedsTwoPasses(Frontend(after)));
}

TEST(FrameStream, NamesTheIndexOfABadSample) {
  const Frontend frontend(Preset("wav2lip"));
  Features<float> features(frontend.bands(), Layout::kFramesFirst);
  FrameStream<float> stream(frontend);
  std::vector<float> audio = oracle::WhiteNoise(5000);
  stream.Push(audio, features);
  audio[1234] = std::numeric_limits<float>::quiet_NaN();
  try {
    stream.Push(audio, features);
    FAIL() << "a NaN was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNotFinite);
    EXPECT_NE(std::string(error.what()).find("6234"), std::string::npos) << error.what();
  }
}

template <class T>
int AllocationsOfRun(const Frontend& frontend, int worker_count) {
  const std::vector<float> audio = oracle::Speech(3.0);
  const std::int64_t frames = frontend.Frames(static_cast<std::int64_t>(audio.size()));
  std::vector<T> values(static_cast<std::size_t>(frames * frontend.bands()));
  const auto view = MakeView(values.data(), frames, frontend.bands(), frontend.spec().layout);
  Scratch scratch = frontend.MakeScratch(worker_count);
  Workers& workers = AllOf(worker_count);
  test::allocations = 0;
  test::counting = true;
  frontend.Run(audio, view, scratch, worker_count == 1 ? nullptr : &workers);
  test::counting = false;
  return test::allocations;
}

TEST_P(EachSpec, RunAllocatesNothing) {
  const Frontend frontend(GetParam());
  for (const int workers : {1, 2, 3, 8}) {
    EXPECT_EQ(AllocationsOfRun<float>(frontend, workers), 0) << workers << " workers";
    EXPECT_EQ(AllocationsOfRun<double>(frontend, workers), 0) << workers << " workers";
  }
}

TEST(Allocations, AreCounted) {
  test::allocations = 0;
  test::counting = true;
  std::vector<int>* made = new std::vector<int>(10);
  test::counting = false;
  delete made;
  EXPECT_EQ(test::allocations, 2);
}

TEST_P(EachSpec, WritesTheSameValuesThroughAnyStrides) {
  const Frontend frontend(GetParam());
  const std::vector<float> audio = oracle::Speech(0.5);
  const std::vector<float> packed = Compute<float>(frontend, audio);
  const int bands = frontend.bands();
  const auto frames = static_cast<std::int64_t>(packed.size()) / bands;
  const std::vector<FeatureView<float>> shapes = {
      {nullptr, frames, bands, 1, frames},              // bands first
      {nullptr, frames, bands, bands + 3, 1},           // rows with a gap
      {nullptr, frames, bands, 2, 2 * frames + 1},      // every other element
      {nullptr, frames, bands, 3 * bands * 2 + 1, 3}};  // nothing adjacent
  Scratch scratch = frontend.MakeScratch();
  for (FeatureView<float> view : shapes) {
    constexpr float kUntouched = 12345.0F;
    std::vector<float> memory(static_cast<std::size_t>(7 * (frames + 1) * (bands + 3)), kUntouched);
    view.data = memory.data();
    frontend.Run<float>(audio, view, scratch);
    std::int64_t different = 0;
    for (std::int64_t t = 0; t < frames; ++t) {
      for (int b = 0; b < bands; ++b) {
        different += view.at(t, b) != packed[static_cast<std::size_t>(t * bands + b)] ? 1 : 0;
        view.at(t, b) = kUntouched;
      }
    }
    EXPECT_EQ(different, 0) << "strides " << view.frame_stride << ", " << view.band_stride;
    const auto written = std::count_if(memory.begin(), memory.end(),
                                       [](float value) { return value != kUntouched; });
    EXPECT_EQ(written, 0) << "outside of the view";
  }
}

TEST_P(EachSpec, AllocatingRunHasTheLayoutOfTheSpec) {
  const std::vector<float> audio = oracle::Speech(0.3);
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    FrontendSpec spec = GetParam();
    spec.layout = layout;
    const Frontend frontend(spec);
    const std::vector<float> packed = Compute<float>(frontend, audio);
    std::vector<float> values = frontend.Run(audio);
    ASSERT_EQ(values.size(), packed.size());
    const auto frames = static_cast<std::int64_t>(packed.size()) / frontend.bands();
    const auto view = MakeView(values.data(), frames, frontend.bands(), layout);
    for (std::int64_t t = 0; t < frames; ++t) {
      for (int b = 0; b < frontend.bands(); ++b) {
        ASSERT_EQ(view.at(t, b), packed[static_cast<std::size_t>(t * frontend.bands() + b)]);
      }
    }
  }
}

TEST_P(EachSpec, RefusesSamplesThatAreNotFiniteBeforeItWrites) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const Frontend frontend(GetParam());
  Scratch scratch = frontend.MakeScratch(3);
  Workers workers(3);
  const std::vector<float> good = oracle::WhiteNoise(16000);
  const std::int64_t frames = frontend.Frames(16000);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity}) {
    for (const std::size_t place : {0, 7777, 15999}) {
      std::vector<float> audio = good;
      audio[place] = bad;
      std::vector<float> values(static_cast<std::size_t>(frames * frontend.bands()), 5.0F);
      const auto view = MakeView(values.data(), frames, frontend.bands(), Layout::kFramesFirst);
      try {
        frontend.Run(audio, view, scratch, &workers);
        FAIL() << bad << " at " << place << " was taken";
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), Code::kNotFinite);
        EXPECT_NE(std::string(error.what()).find(std::to_string(place)), std::string::npos);
      }
      EXPECT_EQ(std::count(values.begin(), values.end(), 5.0F), frames * frontend.bands());
    }
  }
}

TEST(Frontend, RefusesAnOutputOfAnotherShape) {
  const Frontend frontend(Preset("wav2lip"));
  const std::vector<float> audio = oracle::WhiteNoise(2000);
  Scratch scratch = frontend.MakeScratch();
  std::vector<float> values(20 * 80);
  for (const auto& [frames, bands] : {std::pair{10, 80}, {12, 80}, {0, 80}, {11, 79}, {11, 81}}) {
    const auto view = MakeView(values.data(), frames, bands, Layout::kFramesFirst);
    try {
      frontend.Run(audio, view, scratch);
      FAIL() << frames << " x " << bands << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kShape);
      EXPECT_NE(std::string(error.what()).find("11"), std::string::npos) << error.what();
    }
  }
}

TEST(Frontend, RefusesASpecOutOfRange) {
  FrontendSpec spec;
  spec.hop_samples = 0;
  EXPECT_THROW(Frontend{spec}, Error);
}

TEST_P(EachSpec, GivesNothingForNothing) {
  const Frontend frontend(GetParam());
  EXPECT_EQ(frontend.Frames(0), 0);
  EXPECT_TRUE(frontend.Run(std::vector<float>()).empty());
}

TEST_P(EachSpec, RefusesFewerSamplesThanItsReferenceTakes) {
  FrontendSpec spec = GetParam();
  spec.min_samples = std::max(spec.min_samples, 2);
  const Frontend frontend(spec);
  const std::vector<float> audio(static_cast<std::size_t>(spec.min_samples) - 1);
  EXPECT_EQ(frontend.Frames(spec.min_samples - 1), 0);
  EXPECT_EQ(frontend.Frames(spec.min_samples), oracle::FrameCount(spec, spec.min_samples));
  const auto expect_message = [&](const Error& error) {
    EXPECT_EQ(error.code(), Code::kShape);
    const std::string least = "at least " + std::to_string(spec.min_samples);
    EXPECT_NE(std::string(error.what()).find(least), std::string::npos) << error.what();
  };
  try {
    frontend.Run(audio);
    FAIL() << "Run took them";
  } catch (const Error& error) {
    expect_message(error);
  }
  Features<float> features(frontend.bands(), spec.layout);
  FrameStream<float> stream(frontend);
  stream.Push(audio, features);
  try {
    stream.Finish(features);
    FAIL() << "FrameStream took them";
  } catch (const Error& error) {
    expect_message(error);
  }
  EXPECT_EQ(features.frames(), 0);
}

TEST_P(EachSpec, NeedsAtMostTheScratchThatItsDocstringSays) {
  const Scratch scratch = Frontend(GetParam()).MakeScratch(3);
  EXPECT_EQ(scratch.workers(), 3);
  EXPECT_LE(scratch.BytesPerWorker(), 128U * 1024U);
}

TEST(Frontend, KeepsScratchInBoundsForEveryCommonFftSize) {
  for (const int size : {256, 400, 512, 800, 1024, 1200, 2048, 4096}) {
    FrontendSpec spec;
    spec.fft_size = size;
    spec.window_samples = size;
    EXPECT_LE(Frontend(spec).MakeScratch().BytesPerWorker(), 128U * 1024U) << size;
  }
}

TEST(Frontend, DitherDependsOnItsSeedAlone) {
  FrontendSpec spec = Preset("kaldi-fbank-80");
  spec.dither = 1.0;
  const std::vector<float> audio = oracle::Speech(1.0);
  const std::vector<float> first = Compute<float>(Frontend(spec), audio);
  EXPECT_TRUE(SameBits(first, Compute<float>(Frontend(spec), audio, 3)));
  EXPECT_TRUE(SameBits(first, StreamedValues<float>(Frontend(spec), audio, {777}, nullptr)));
  spec.dither_seed = 1;
  EXPECT_FALSE(SameBits(first, Compute<float>(Frontend(spec), audio)));
}

TEST(Frontend, DitherHasTheStandardDeviationThatItIsGiven) {
  FrontendSpec spec;
  spec.framing = Framing::kNoPadding;
  spec.window = Window::kRectangular;
  spec.dither = 0.25;
  spec.hop_samples = 400;
  spec.mel_bands = 1;
  spec.mel_norm = MelNorm::kNone;
  spec.log = Log::kNone;
  const std::vector<double> values = Compute<double>(Frontend(spec), oracle::Silence(400 * 2000));
  double mean = 0.0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double weights = 0.0;
  for (const double weight : oracle::MelBank(spec).values) weights += weight;
  const double expected = weights * 400 * spec.dither * spec.dither;
  EXPECT_NEAR(mean / expected, 1.0, 0.02);
}

TEST(ScratchPool, LendsAPieceToEachRunAtTheSameTimeAndAllocatesOnlyWhereItMakesOne) {
  ScratchPool pool(Frontend(Preset("wav2lip")), 2);
  for (const bool is_first : {true, false}) {
    test::allocations = 0;
    test::counting = true;
    {
      ScratchPool::Loan one(pool);
      ScratchPool::Loan other(pool);
      test::counting = false;
      EXPECT_EQ(one.scratch().workers(), 2);
      EXPECT_EQ(other.scratch().workers(), 2);
      EXPECT_EQ(test::allocations == 0, !is_first);
      test::allocations = 0;
      test::counting = true;
    }
    test::counting = false;
    EXPECT_EQ(test::allocations, 0) << "to give them back";
  }
}

TEST(Frontend, CopiesShareTheirTablesAndOutliveTheOriginal) {
  const std::vector<float> audio = oracle::WhiteNoise(4000);
  auto original = std::make_unique<Frontend>(Preset("whisper-80"));
  const std::vector<float> expected = Compute<float>(*original, audio);
  const Frontend copy = *original;
  original.reset();
  EXPECT_TRUE(SameBits(expected, Compute<float>(copy, audio)));
}

}  // namespace
}  // namespace ossicle
