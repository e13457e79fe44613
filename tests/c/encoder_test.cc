#include "ossicle/encoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "c/support.h"
#include "support/models.h"
#include "support/onnxruntime.h"
#include "support/sound.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::IsOk;
using test::IsRefused;
using test::Made;
using test::Noise;
using test::OnnxWriter;
using test::Owned;
using test::Whole;

constexpr int kLength = 16;
constexpr int kBands = 80;

Features<float> FeaturesOf(std::span<const float> values, Layout layout) {
  const std::int64_t frames = std::ssize(values) / kBands;
  Features<float> features(kBands, layout);
  const auto from = MakeView(values.data(), frames, kBands, layout);
  for (std::int64_t frame = 0; frame < frames; ++frame) {
    const auto to = features.Append(1);
    for (int band = 0; band < kBands; ++band) to.at(0, band) = from.at(frame, band);
  }
  return features;
}

// First: the runtime that was opened stays.
TEST(CLibrary, SaysThatARuntimeIsNotThere) {
  EXPECT_TRUE(IsRefused(ossicle_load_onnxruntime("/nowhere/libonnxruntime.so.1"), OSSICLE_MODEL,
                        {"/nowhere/libonnxruntime.so.1"}));
  EXPECT_TRUE(IsRefused(ossicle_load_onnxruntime(std::string(20 << 20, 'x').c_str()), OSSICLE_MODEL,
                        {"4095 bytes", "OSSICLE_ONNXRUNTIME"}));
}

class CEncoder : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
    test::SaveDenseModel(model_, kLength, kBands);
  }

  static Owned<ossicle_encoder> Load(const std::string& path,
                                     const ossicle_encoder_options* options = nullptr) {
    return Made<ossicle_encoder>([&](ossicle_encoder** handle) {
      return ossicle_encoder_create(path.c_str(), options, handle);
    });
  }

  static ossicle_status Encode(const ossicle_encoder* encoder, std::span<const float> windows,
                               std::vector<float>& out, std::size_t* needed) {
    return ossicle_encoder_encode_windows(
        encoder, windows.data(), windows.size() / (kLength * kBands), kLength, kBands,
        OSSICLE_FRAMES_FIRST, out.data(), out.size(), needed, nullptr);
  }

  const test::TemporaryFolder folder_;
  const std::string model_ = folder_ / "dense.onnx";
};

TEST_F(CEncoder, SaysWhatTheModelIs) {
  const auto encoder = Load(model_);
  EXPECT_EQ(
      Whole<std::int64_t>([&](std::int64_t* shape, std::size_t capacity, std::size_t* needed) {
        return ossicle_encoder_input_shape(encoder.get(), shape, capacity, needed);
      }),
      (std::vector<std::int64_t>{-1, kLength, kBands}));
  std::size_t size = 0;
  ASSERT_TRUE(IsOk(ossicle_encoder_embedding_size(encoder.get(), &size)));
  EXPECT_EQ(size, 8u);
}

TEST_F(CEncoder, EncodesWindowsToTheBitsOfCpp) {
  const std::vector<float> windows = Noise(37 * kLength * kBands);
  const Encoder judge(model_);
  const WindowRule rule = WindowRule::Parse("16:16");
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    std::vector<WindowView> views(37);
    for (std::size_t i = 0; i < views.size(); ++i) {
      views[i].first = MakeView(&windows[i * kLength * kBands], kLength, kBands, layout);
    }
    std::vector<float> expected;
    judge.Encode(views, rule, kBands, layout, expected);
    for (const int workers : {1, 3}) {
      const ossicle_encoder_options options = {sizeof options, workers, 5, 0, 0,
                                               "cpu",          nullptr, 0, 0};
      const auto encoder = Load(model_, &options);
      const auto encode = [&](float* out, std::size_t capacity, std::size_t* needed) {
        return ossicle_encoder_encode_windows(
            encoder.get(), windows.data(), views.size(), kLength, kBands,
            layout == Layout::kBandsFirst ? OSSICLE_BANDS_FIRST : OSSICLE_FRAMES_FIRST, out,
            capacity, needed, nullptr);
      };
      EXPECT_EQ(Whole<float>(encode), expected) << workers;
    }
  }
}

TEST_F(CEncoder, EncodesFeaturesToTheBitsOfCpp) {
  const std::vector<float> features = Noise(101 * kBands);
  const Encoder judge(model_);
  const auto encoder = Load(model_);
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    for (const char* text : {"16:80/25", "16:5:3"}) {
      for (const char* tail : {"drop", "align", "pad"}) {
        const WindowRule rule = test::Rule(text, ParseTail(tail));
        EXPECT_EQ(Whole<float>([&](float* out, std::size_t capacity, std::size_t* needed) {
                    return ossicle_encoder_encode_features(
                        encoder.get(), features.data(), 101, kBands,
                        layout == Layout::kBandsFirst ? OSSICLE_BANDS_FIRST : OSSICLE_FRAMES_FIRST,
                        text, rule.tail == Tail::kDrop ? nullptr : tail, out, capacity, needed,
                        nullptr);
                  }),
                  judge.Encode(FeaturesOf(features, layout), rule).values)
            << text << " " << tail;
      }
    }
  }
}

TEST_F(CEncoder, GivesTheSameBitsIntoTheMemoryOfTheWindows) {
  std::vector<float> memory = Noise(37 * kLength * kBands);
  const auto encoder = Load(model_);
  std::vector<float> expected(37 * 8);
  ASSERT_TRUE(IsOk(Encode(encoder.get(), memory, expected, nullptr)));
  ASSERT_TRUE(IsOk(ossicle_encoder_encode_windows(encoder.get(), memory.data(), 37, kLength, kBands,
                                                  OSSICLE_FRAMES_FIRST, memory.data(),
                                                  memory.size(), nullptr, nullptr)));
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), memory.begin()));
}

TEST_F(CEncoder, CountsEmbeddingsThatAreNotFinite) {
  std::vector<float> windows = Noise(3 * kLength * kBands);
  windows[kLength * kBands + 5] = std::numeric_limits<float>::quiet_NaN();
  const auto encoder = Load(model_);
  std::vector<float> out(3 * 8);
  std::size_t not_finite = 0;
  ASSERT_TRUE(IsOk(ossicle_encoder_encode_windows(encoder.get(), windows.data(), 3, kLength, kBands,
                                                  OSSICLE_FRAMES_FIRST, out.data(), out.size(),
                                                  nullptr, &not_finite)));
  EXPECT_EQ(not_finite, 1u);
}

TEST_F(CEncoder, TakesNoWindows) {
  std::vector<float> out;
  std::size_t needed = 7;
  EXPECT_TRUE(IsOk(Encode(Load(model_).get(), {}, out, &needed)));
  EXPECT_EQ(needed, 0u);
}

TEST_F(CEncoder, KnowsTheSizeOfAFreeEmbeddingAfterARun) {
  const std::string path = OnnxWriter()
                               .Input("x", {OnnxWriter::kFree, OnnxWriter::kFree, kBands})
                               .Output("y", {OnnxWriter::kFree, OnnxWriter::kFree})
                               .Node("Flatten", {"x"}, "y")
                               .Save(folder_ / "free.onnx");
  const auto encoder = Load(path);
  const std::vector<float> windows = Noise(2 * kLength * kBands);
  std::size_t size = 7;
  ASSERT_TRUE(IsOk(ossicle_encoder_embedding_size(encoder.get(), &size)));
  EXPECT_EQ(size, 0u);
  std::vector<float> out;
  std::size_t needed = 0;
  EXPECT_TRUE(IsRefused(Encode(encoder.get(), windows, out, &needed), OSSICLE_SHORT_BUFFER));
  EXPECT_EQ(needed, windows.size());
  out.resize(needed);
  EXPECT_TRUE(IsOk(Encode(encoder.get(), windows, out, &needed)));
  EXPECT_EQ(out, windows);
  ASSERT_TRUE(IsOk(ossicle_encoder_embedding_size(encoder.get(), &size)));
  EXPECT_EQ(size, std::size_t{kLength * kBands});
}

TEST_F(CEncoder, RefusesShapesThatDoNotFit) {
  const auto encoder = Load(model_);
  const std::vector<float> windows = Noise(2 * kLength * kBands);
  std::vector<float> out(16, -7.0f);
  const auto encode = [&](std::size_t count, std::size_t length, std::size_t bands, int layout,
                          std::size_t capacity) {
    return ossicle_encoder_encode_windows(encoder.get(), windows.data(), count, length, bands,
                                          layout, out.data(), capacity, nullptr, nullptr);
  };
  EXPECT_TRUE(IsRefused(encode(2, kLength, kBands, 0, 15), OSSICLE_SHORT_BUFFER, {"15", "16"}));
  EXPECT_TRUE(IsRefused(encode(2, 15, kBands, 0, 16), OSSICLE_MODEL, {"15", "16"}));
  EXPECT_TRUE(IsRefused(encode(2, kLength, kBands, 2, 16), OSSICLE_INVALID_ARGUMENT, {"layout"}));
  EXPECT_TRUE(IsRefused(encode(2, 0, kBands, 0, 16), OSSICLE_INVALID_SPEC, {"length=0,"}));
  for (const std::size_t length : {std::size_t{(1 << 20) + 1}, std::size_t{1} << 40}) {
    EXPECT_TRUE(IsRefused(encode(0, length, 1, 0, 16), OSSICLE_INVALID_SPEC,
                          {"length=" + std::to_string(length) + ",", "1..2^20"}));
  }
  EXPECT_TRUE(IsRefused(encode(2, kLength, 0, 0, 16), OSSICLE_INVALID_ARGUMENT, {"bands"}));
  EXPECT_TRUE(IsRefused(encode(SIZE_MAX / 1280 + 2, kLength, kBands, 0, 16),
                        OSSICLE_INVALID_ARGUMENT, {"memory"}));
  const auto features = [&](std::size_t frames, const char* rule, const char* tail) {
    return ossicle_encoder_encode_features(encoder.get(), windows.data(), frames, kBands,
                                           OSSICLE_FRAMES_FIRST, rule, tail, out.data(), out.size(),
                                           nullptr, nullptr);
  };
  EXPECT_TRUE(IsRefused(features(15, "16:4", nullptr), OSSICLE_SHAPE, {"16"}));
  EXPECT_TRUE(IsRefused(features(0, "16:4", nullptr), OSSICLE_SHAPE));
  EXPECT_TRUE(IsRefused(features(32, "16", nullptr), OSSICLE_INVALID_SPEC));
  EXPECT_TRUE(IsRefused(features(32, "16:4", "dorp"), OSSICLE_INVALID_SPEC, {"drop"}));
  EXPECT_EQ(out, std::vector<float>(16, -7.0f));
}

TEST_F(CEncoder, RefusesModelsThatFail) {
  const auto encoder = Load(test::SaveFailingModel(folder_ / "failing.onnx", kLength, kBands));
  std::vector<float> out(1000);
  EXPECT_TRUE(IsRefused(Encode(encoder.get(), Noise(2 * kLength * kBands), out, nullptr),
                        OSSICLE_MODEL, {"failing.onnx"}));
}

TEST_F(CEncoder, RefusesOptionsOutOfRange) {
  const auto create = [&](const ossicle_encoder_options& options) {
    ossicle_encoder* encoder = nullptr;
    return ossicle_encoder_create(model_.c_str(), &options, &encoder);
  };
  const ossicle_encoder_options usual = {sizeof usual, 0, 0, 0, 0, nullptr, nullptr, 0, 0};
  ossicle_encoder_options options = usual;
  options.workers = 257;
  EXPECT_TRUE(IsRefused(create(options), OSSICLE_INVALID_SPEC, {"workers=257"}));
  options = usual;
  options.max_batch = 1025;
  EXPECT_TRUE(IsRefused(create(options), OSSICLE_INVALID_SPEC, {"max_batch=1025"}));
  options = usual;
  options.sessions = -1;
  EXPECT_TRUE(IsRefused(create(options), OSSICLE_INVALID_SPEC, {"sessions=-1"}));
  options = usual;
  options.batch_invariant = 2;
  EXPECT_TRUE(IsRefused(create(options), OSSICLE_INVALID_SPEC, {"batch_invariant=2"}));
  options = usual;
  options.graph_optimization = 4;
  EXPECT_TRUE(IsRefused(create(options), OSSICLE_INVALID_SPEC, {"graph_optimization=4", "0..3"}));
  options = usual;
  options.providers = "abacus,cpu";
  EXPECT_TRUE(IsRefused(create(options), OSSICLE_MODEL, {"abacus"}));
}

TEST_F(CEncoder, LoadsTheRuntimeThatIsThere) {
  EXPECT_TRUE(IsOk(ossicle_load_onnxruntime(nullptr)));
}

}  // namespace
}  // namespace ossicle
