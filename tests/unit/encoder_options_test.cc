#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "encoder/encoder_core.h"
#include "encoder/session_options.h"
#include "encoder/window_copy.h"
#include "ossicle/encoder.h"
#include "support/allocations.h"
#include "support/failure.h"
#include "support/onnx_writer.h"
#include "support/onnxruntime.h"
#include "support/temporary_folder.h"
#include "support/wav2lip_model.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::OnnxWriter;

std::vector<float> Noise(std::size_t count, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random() % 2001) * 1e-3f - 1.0f;
  return values;
}

/// Windows of `length` frames, three frames apart, over noise.
class NoiseWindows {
 public:
  NoiseWindows(int count, int length, int bands)
      : rule_{.length = length},
        bands_(bands),
        values_(Noise(static_cast<std::size_t>((3 * count + length) * bands))) {
    const FeatureView<const float> all =
        MakeView<const float>(values_.data(), 3 * count + length, bands, Layout::kFramesFirst);
    for (int i = 0; i < count; ++i) views_.push_back({all.Rows(std::int64_t{3} * i, length)});
  }

  std::vector<float> Encode(const Encoder& encoder, Workers* workers = nullptr) const {
    std::vector<float> out;
    encoder.Encode(views_, rule_, bands_, Layout::kFramesFirst, out, workers);
    return out;
  }
  const std::vector<WindowView>& views() const { return views_; }
  const WindowRule& rule() const { return rule_; }

 private:
  WindowRule rule_;
  int bands_;
  std::vector<float> values_;
  std::vector<WindowView> views_;
};

class EncoderOptionsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  }

  /// Two convolutions of a picture [N, 1, 8, 6] and a product.
  std::string ConvolutionModel() {
    const std::string attributes = OnnxWriter::IntsAttribute("kernel_shape", {3, 3});
    return OnnxWriter()
        .Input("x", {OnnxWriter::kFree, 1, 8, 6})
        .Output("y", {OnnxWriter::kFree, 40})
        .Constant("w1", {16, 1, 3, 3}, Noise(16UL * 9, 2))
        .Node("Conv", {"x", "w1"}, "c1", attributes)
        .Node("Relu", {"c1"}, "r1")
        .Constant("w2", {32, 16, 3, 3}, Noise(32UL * 16 * 9, 3))
        .Node("Conv", {"r1", "w2"}, "c2", attributes)
        .Node("Relu", {"c2"}, "r2")
        .Node("Flatten", {"r2"}, "flat")
        .Constant("w3", {256, 40}, Noise(256UL * 40, 4))
        .Node("MatMul", {"flat", "w3"}, "y")
        .Save(folder_ / "convolution.onnx");
  }

  /// x times the number of values in the whole batch.
  std::string ModelThatDependsOnTheBatch() {
    return OnnxWriter()
        .Input("x", {OnnxWriter::kFree, 2, 3})
        .Output("y", {OnnxWriter::kFree, 6})
        .Node("Flatten", {"x"}, "flat")
        .Node("Size", {"x"}, "size")
        .Node("Cast", {"size"}, "factor", OnnxWriter::IntAttribute("to", OnnxWriter::kFloat))
        .Node("Mul", {"flat", "factor"}, "y")
        .Save(folder_ / "batch.onnx");
  }

  EncoderOptions Cached() const {
    EncoderOptions options;
    options.cache_folder = folder_ / "cache/of/models";
    return options;
  }
  std::vector<std::filesystem::path> CacheFiles() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(Cached().cache_folder)) {
      files.push_back(entry.path());
    }
    return files;
  }

  test::TemporaryFolder folder_;
};

TEST_F(EncoderOptionsTest, OutOfRangeTheyAreRefused) {
  const std::string model = ConvolutionModel();
  const auto refused = [&](const EncoderOptions& options, const char* name, const char* range) {
    const test::Failure failure = FailureOf([&] { Encoder(model, options); });
    EXPECT_EQ(failure.code, Code::kInvalidSpec);
    EXPECT_TRUE(HasAll(failure.message, {name, range}));
  };
  refused({.workers = 257}, "workers=257", "0..256");
  refused({.max_batch = 0}, "max_batch=0", "1..1024");
  refused({.sessions = 17}, "sessions=17", "1..16");
  EXPECT_EQ(Encoder(model).options().workers, Workers::HardwareCount());
}

TEST_F(EncoderOptionsTest, AProviderThatIsNotThereIsAnErrorThatListsThose) {
  const test::Failure failure =
      FailureOf([&] { Encoder(ConvolutionModel(), {.providers = {"cpu", "abacus"}}); });
  EXPECT_EQ(failure.code, Code::kModel);
  EXPECT_TRUE(HasAll(failure.message, {"provider=\"abacus\"", LoadOnnxRuntime().version, "cpu",
                                       "pip install onnxruntime-gpu", "OSSICLE_ONNXRUNTIME"}));
}

TEST_F(EncoderOptionsTest, EveryProviderThatIsThereHasAShortName) {
  EXPECT_EQ(ort::ProviderName("CUDAExecutionProvider"), "cuda");
  EXPECT_EQ(ort::ProviderName("OpenVINOExecutionProvider"), "openvino");
  for (const std::string& official : LoadOnnxRuntime().providers) {
    EXPECT_NO_THROW(ort::CheckProviders(ort::Runtime::Get(), {ort::ProviderName(official)}));
  }
}

TEST_F(EncoderOptionsTest, ValuesDoNotDependOnTheProviderThatLeavesAllToTheCpu) {
  const Encoder cpu(ConvolutionModel());
  if (!std::ranges::count(LoadOnnxRuntime().providers, "AzureExecutionProvider")) {
    GTEST_SKIP() << "this ONNX Runtime has no provider azure";
  }
  const NoiseWindows windows(5, 6, 8);
  const Encoder azure(ConvolutionModel(), {.providers = {"azure", "cpu"}});
  EXPECT_EQ(windows.Encode(azure), windows.Encode(cpu));
}

TEST_F(EncoderOptionsTest, NeitherBatchWorkersNorSessionsChangeTheBits) {
  const NoiseWindows windows(33, 6, 8);
  const std::string model = ConvolutionModel();
  const std::vector<float> alone = windows.Encode(Encoder(model, {.max_batch = 1}));
  Workers workers(3);
  for (int batch = 1; batch <= 32; ++batch) {
    EXPECT_EQ(windows.Encode(Encoder(model, {.max_batch = batch})), alone) << batch;
  }
  for (const int count : {1, 2, 3}) {
    const Encoder encoder(model, {.workers = count, .sessions = count});
    EXPECT_EQ(windows.Encode(encoder, &workers), alone) << count;
  }
}

/// Runs of 1..32 windows, beside one run for each window.
void ExpectSameBitsForEveryBatch(const std::string& model, int length, int bands) {
  const NoiseWindows windows(32, length, bands);
  const std::vector<float> alone = windows.Encode(Encoder(model, {.max_batch = 1}));
  const Encoder encoder(model, {.max_batch = 32});
  const auto size = static_cast<std::size_t>(encoder.embedding_size());
  for (std::size_t batch = 1; batch <= 32; ++batch) {
    std::vector<float> out;
    encoder.Encode(std::span(windows.views()).first(batch), windows.rule(), bands,
                   Layout::kFramesFirst, out);
    ASSERT_EQ(out.size(), batch * size);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), alone.begin())) << batch;
  }
}

TEST_F(EncoderOptionsTest, TheModelShapedLikeWav2LipGivesTheSameBitsForEveryBatch) {
  ExpectSameBitsForEveryBatch(test::SaveWav2LipModel(folder_ / "wav2lip.onnx"), 16, 80);
}

TEST_F(EncoderOptionsTest, TheSpeechEmbeddingModelGivesTheSameBitsForEveryBatch) {
  const std::string path = OSSICLE_FETCHED "/models/embedding_model.onnx";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no model: run `scripts/fetch.py --into build models`";
  }
  ExpectSameBitsForEveryBatch(path, 76, 32);
}

TEST_F(EncoderOptionsTest, ValuesThatDependOnTheBatchDoNotWhereEveryRunIsFull) {
  const std::string model = ModelThatDependsOnTheBatch();
  const NoiseWindows windows(10, 2, 3);
  EXPECT_NE(windows.Encode(Encoder(model, {.max_batch = 4})),
            windows.Encode(Encoder(model, {.max_batch = 1})))
      << "the model must show the effect";
  const Encoder encoder(model, {.max_batch = 4, .batch_invariant = true});
  const std::vector<float> expected = windows.Encode(encoder);
  Workers workers(2);
  EXPECT_EQ(windows.Encode(encoder, &workers), expected);
  std::vector<float> one_by_one;
  for (const WindowView& window : windows.views()) {
    encoder.Encode({&window, 1}, windows.rule(), 3, Layout::kFramesFirst, one_by_one);
  }
  EXPECT_EQ(one_by_one, expected);
}

TEST_F(EncoderOptionsTest, EveryLevelOfOptimisationGivesAboutTheSame) {
  const NoiseWindows windows(5, 6, 8);
  const std::string model = ConvolutionModel();
  const std::vector<float> expected = windows.Encode(Encoder(model));
  for (const auto level : {GraphOptimization::kNone, GraphOptimization::kBasic,
                           GraphOptimization::kExtended, GraphOptimization::kAll}) {
    const std::vector<float> values = windows.Encode(Encoder(model, {.graph_optimization = level}));
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], expected[i], 1e-3);
  }
}

TEST_F(EncoderOptionsTest, NotFiniteEmbeddingsAreCounted) {
  const std::string path = OnnxWriter()
                               .Input("x", {OnnxWriter::kFree, 2, 1})
                               .Output("y", {OnnxWriter::kFree, 2})
                               .Node("Flatten", {"x"}, "y")
                               .Save(folder_ / "identity.onnx");
  Features<float> features(1, Layout::kFramesFirst);
  const FeatureView<float> view = features.Append(6);
  for (int i = 0; i < 6; ++i) view.at(i, 0) = i == 3 ? std::nanf("") : static_cast<float>(i);
  const Encoder::Result result = Encoder(path).Encode(features, WindowRule::Parse("2:1"));
  EXPECT_EQ(result.windows, 5);
  EXPECT_EQ(result.not_finite, 2);
}

/// Of the fourth call.
int Allocations(const std::function<void()>& job) {
  for (int i = 0; i < 3; ++i) job();
  test::allocations = 0;
  test::counting = true;
  job();
  test::counting = false;
  return test::allocations;
}

/// What ONNX Runtime allocates for itself in `runs` runs of `windows` windows of eight bands.
int AllocationsOfRuns(const Encoder& encoder, const WindowRule& rule, int runs, int windows) {
  EncoderCore core(encoder.model_path(), encoder.options());
  const SlotLease slot(core.slots);
  slot->Prepare(*core.Plan(rule, 8, Layout::kFramesFirst));
  return Allocations([&] {
    for (int i = 0; i < runs; ++i) slot->Run(windows);
  });
}

TEST_F(EncoderOptionsTest, AWarmRequestAllocatesItsResultAndNothingElse) {
  const Encoder encoder(ConvolutionModel(), {.workers = 1, .max_batch = 4});
  const NoiseWindows windows(8, 6, 8);
  std::vector<float> out;
  out.reserve(std::size_t{8} * 40);
  const auto encode = [&] {
    out.clear();
    encoder.Encode(windows.views(), windows.rule(), 8, Layout::kFramesFirst, out);
  };
  EXPECT_EQ(Allocations(encode), AllocationsOfRuns(encoder, windows.rule(), 2, 4));

  Features<float> features(8, Layout::kFramesFirst);
  features.Append(30);
  const WindowRule rule = WindowRule::Parse("6:3");
  ASSERT_EQ(rule.Count(30), 9);
  EXPECT_EQ(Allocations([&] { encoder.Encode(features, rule); }),
            AllocationsOfRuns(encoder, rule, 3, 3) + 1);
}

TEST_F(EncoderOptionsTest, TheCacheGivesTheSameBits) {
  const NoiseWindows windows(5, 6, 8);
  const std::string model = ConvolutionModel();
  const std::vector<float> expected = windows.Encode(Encoder(model));
  EXPECT_EQ(windows.Encode(Encoder(model, Cached())), expected) << "made";
  ASSERT_EQ(CacheFiles().size(), 1U) << "and nothing but the copy is left";
  EXPECT_EQ(windows.Encode(Encoder(model, Cached())), expected) << "found";
  EXPECT_EQ(CacheFiles().size(), 1U);
}

TEST_F(EncoderOptionsTest, WhatIsInTheCacheIsUsed) {
  const std::string model = ConvolutionModel();
  {
    const Encoder first(model, Cached());
  }
  const std::filesystem::path copy = CacheFiles().at(0);
  const auto written = std::filesystem::last_write_time(copy) - std::chrono::hours(1);
  std::filesystem::last_write_time(copy, written);
  {
    const Encoder second(model, Cached());
  }
  EXPECT_EQ(std::filesystem::last_write_time(copy), written) << "it was not made again";
  EncoderOptions other = Cached();
  other.graph_optimization = GraphOptimization::kBasic;
  {
    const Encoder third(model, other);
  }
  EXPECT_EQ(CacheFiles().size(), 2U) << "another level is another copy";
  EXPECT_EQ(std::filesystem::last_write_time(copy), written);
}

TEST_F(EncoderOptionsTest, ADamagedCopyIsMadeAgain) {
  const NoiseWindows windows(5, 6, 8);
  const std::string model = ConvolutionModel();
  const std::vector<float> expected = windows.Encode(Encoder(model, Cached()));
  const std::filesystem::path copy = CacheFiles().at(0);
  const auto size = std::filesystem::file_size(copy);
  const auto damage = [&](const std::function<void()>& how) {
    how();
    EXPECT_EQ(windows.Encode(Encoder(model, Cached())), expected);
    EXPECT_EQ(std::filesystem::file_size(copy), size) << "whole again";
  };
  damage([&] { std::filesystem::resize_file(copy, size / 2); });
  damage([&] { std::filesystem::resize_file(copy, 0); });
  damage([&] {  // one weight is another: ONNX Runtime would take it
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size / 2));
    file.put('\x55').put('\x55');
  });
}

TEST_F(EncoderOptionsTest, ACacheThatCannotBeWrittenIsAnError) {
  EncoderOptions options;
  options.cache_folder = folder_ / "file";
  std::ofstream(options.cache_folder) << "no folder";
  const test::Failure failure = FailureOf([&] { Encoder(ConvolutionModel(), options); });
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {options.cache_folder, "choose another folder"}));
}

TEST_F(EncoderOptionsTest, TheCacheOfABadModelIsThatModelsError) {
  const std::string path = folder_ / "bad.onnx";
  std::ofstream(path)
      << OnnxWriter().Input("x", {2, 3}).Output("y", {2, 3}).Node("None", {"x"}, "y").Model();
  EXPECT_EQ(FailureOf([&] { Encoder(path, Cached()); }).code, Code::kModel);
  EXPECT_TRUE(CacheFiles().empty());
}

TEST_F(EncoderOptionsTest, SeveralMayMakeTheSameCopyAtOnce) {
  const NoiseWindows windows(5, 6, 8);
  const std::string model = ConvolutionModel();
  const std::vector<float> expected = windows.Encode(Encoder(model));
  std::atomic<int> equal = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back(
          [&] { equal += windows.Encode(Encoder(model, Cached())) == expected ? 1 : 0; });
    }
  }
  EXPECT_EQ(equal, 4);
  EXPECT_EQ(CacheFiles().size(), 1U);
}

/// frame * 10 + band in memory of any strides.
struct Strided {
  std::vector<float> values;
  FeatureView<const float> view;

  Strided(std::int64_t first, std::int64_t frames, int bands, std::int64_t frame_stride,
          std::int64_t band_stride)
      : values(static_cast<std::size_t>(frames * frame_stride + bands * band_stride + 1)),
        view{values.data(), frames, bands, frame_stride, band_stride} {
    for (std::int64_t frame = 0; frame < frames; ++frame) {
      for (int band = 0; band < bands; ++band) {
        values[static_cast<std::size_t>(frame * frame_stride + band * band_stride)] =
            static_cast<float>((first + frame) * 10 + band);
      }
    }
  }
};

TEST(WindowCopy, TakesEveryLayoutToEveryOther) {
  constexpr int kLength = 7;
  constexpr int kBands = 5;
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    for (const auto& [frame_stride, band_stride] :
         {std::pair{kBands, 1}, {1, 64}, {kBands + 3, 1}, {2, 64}, {20, 3}}) {
      for (int first = 0; first <= kLength; ++first) {
        for (int rest = first == 0 ? 1 : 0; first + rest <= kLength + 2; ++rest) {
          const Strided a(0, first, kBands, frame_stride, band_stride);
          const Strided b(first, rest, kBands, band_stride == 1 ? 1 : kBands,
                          band_stride == 1 ? 64 : 1);
          std::vector<float> out(kLength * kBands, -1);
          CopyWindow(WindowView{a.view, b.view}, MakeView(out.data(), kLength, kBands, layout));
          for (int frame = 0; frame < kLength; ++frame) {
            for (int band = 0; band < kBands; ++band) {
              const int source = std::min(frame, first + rest - 1);
              ASSERT_EQ(MakeView(out.data(), kLength, kBands, layout).at(frame, band),
                        static_cast<float>(source * 10 + band));
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace ossicle
