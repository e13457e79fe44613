#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

#include "encoder/model_input.h"
#include "encoder/window_copy.h"
#include "ossicle/encoder.h"
#include "ossicle/error.h"
#include "support/onnx_writer.h"
#include "support/onnxruntime.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::OnnxWriter;
using Shape = OnnxWriter::Shape;
constexpr std::int64_t kFree = OnnxWriter::kFree;

/// frame * 10 + band: every value tells where it came from.
Features<float> MakeFeatures(std::int64_t frames, int bands, Layout layout) {
  Features<float> features(bands, layout);
  for (std::int64_t frame = 0; frame < frames;) {
    const FeatureView<float> view = features.Append(frames - frame);
    for (std::int64_t i = 0; i < view.frames; ++i, ++frame) {
      for (int band = 0; band < bands; ++band) {
        view.at(i, band) = static_cast<float>(frame * 10 + band);
      }
    }
  }
  return features;
}

/// What a model that changes nothing must give: the windows, each in `layout`.
std::vector<float> Windows(std::int64_t frames, int bands, const WindowRule& rule, Layout layout) {
  std::vector<float> values;
  const bool frames_first = layout == Layout::kFramesFirst;
  for (std::int64_t window = 0; window < rule.Count(frames); ++window) {
    const std::int64_t start = rule.Start(window, frames);
    for (int i = 0; i < rule.length * bands; ++i) {
      const int frame = frames_first ? i / bands : i % rule.length;
      const int band = frames_first ? i % bands : i / rule.length;
      const std::int64_t source = std::min(start + frame, frames - 1);
      values.push_back(static_cast<float>(source * 10 + band));
    }
  }
  return values;
}

class EncoderTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  }

  /// A model that gives its input back.
  std::string IdentityModel(const Shape& shape) {
    return OnnxWriter()
        .Input("x", shape)
        .Output("y", shape)
        .Node("Identity", {"x"}, "y")
        .Save(folder_ / "identity.onnx");
  }

  /// tanh(flat(x) W): [N, length, bands] -> [N, 64].
  std::string DenseModel(int length, int bands) {
    std::mt19937 random(7);
    std::vector<float> weights(static_cast<std::size_t>(length * bands * 64));
    for (float& weight : weights) {
      weight = (static_cast<float>(random() % 2001) - 1000.0f) * 1e-7f;
    }
    return OnnxWriter()
        .Input("x", {kFree, length, bands})
        .Output("y", {kFree, 64})
        .Node("Flatten", {"x"}, "flat")
        .Constant("w", {length * bands, 64}, weights)
        .Node("MatMul", {"flat", "w"}, "sum")
        .Node("Tanh", {"sum"}, "y")
        .Save(folder_ / "dense.onnx");
  }

  static std::string LoadError(const std::string& path) {
    try {
      const Encoder encoder(path);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kModel) << error.what();
      EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
      return error.what();
    }
    return "no error";
  }

  std::string FileOf(const std::string& content) {
    const std::string path = folder_ / "model.onnx";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  test::TemporaryFolder folder_;
};

TEST_F(EncoderTest, GivesTheModelItsWindowsInEitherOrder) {
  struct Case {
    Shape shape;
    Layout expected;
  };
  const WindowRule rule = WindowRule::Parse("4:2");
  for (const Case& c :
       {Case{{kFree, 4, 3}, Layout::kFramesFirst}, Case{{kFree, 4, 3, 1}, Layout::kFramesFirst},
        Case{{kFree, 1, 4, 3}, Layout::kFramesFirst}, Case{{kFree, 4, 1, 3}, Layout::kFramesFirst},
        Case{{1, 1, 3, 4}, Layout::kBandsFirst}, Case{{kFree, 3, 4}, Layout::kBandsFirst},
        Case{{kFree, kFree, 3}, Layout::kFramesFirst},
        Case{{kFree, 3, kFree}, Layout::kBandsFirst}}) {
    const Encoder encoder(IdentityModel(c.shape));
    EXPECT_EQ(encoder.input_shape(), c.shape);
    for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
      const Encoder::Result result = encoder.Encode(MakeFeatures(50, 3, layout), rule);
      EXPECT_EQ(result.windows, 24);
      EXPECT_EQ(result.embedding_size, 12);
      EXPECT_EQ(result.values, Windows(50, 3, rule, c.expected)) << ort::ToString(c.shape);
    }
  }
}

TEST_F(EncoderTest, WhereBothOrdersFitTheFeaturesLayoutDecides) {
  const WindowRule rule = WindowRule::Parse("4:4");
  for (const Shape& shape : {Shape{kFree, 4, 4}, Shape{kFree, kFree, kFree}}) {
    const Encoder encoder(IdentityModel(shape));
    for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
      EXPECT_EQ(encoder.Encode(MakeFeatures(20, 4, layout), rule).values,
                Windows(20, 4, rule, layout));
    }
  }
}

TEST_F(EncoderTest, EveryTailAcrossBlocksOfFeatures) {
  const std::int64_t frames = 2 * Features<float>::kBlockFrames + 5;
  const Encoder encoder(IdentityModel({kFree, 16, 3}));
  for (const Tail tail : {Tail::kDrop, Tail::kAlign, Tail::kPad}) {
    WindowRule rule = WindowRule::Parse("16:80/25");
    rule.tail = tail;
    EXPECT_EQ(encoder.Encode(MakeFeatures(frames, 3, Layout::kBandsFirst), rule).values,
              Windows(frames, 3, rule, Layout::kFramesFirst));
  }
}

TEST_F(EncoderTest, PadRepeatsTheLastFrameOfAShortMatrix) {
  WindowRule rule = WindowRule::Parse("4:4");
  rule.tail = Tail::kPad;
  const Encoder encoder(IdentityModel({kFree, 4, 2}));
  EXPECT_EQ(encoder.Encode(MakeFeatures(2, 2, Layout::kFramesFirst), rule).values,
            (std::vector<float>{0, 1, 10, 11, 10, 11, 10, 11}));
}

TEST_F(EncoderTest, AFixedBatchIsFilledAndTheFillingDropped) {
  const Encoder encoder(IdentityModel({4, 3, 2}));
  const WindowRule rule = WindowRule::Parse("3:1");
  for (const std::int64_t frames : {3, 6, 7, 20}) {
    const Encoder::Result result =
        encoder.Encode(MakeFeatures(frames, 2, Layout::kFramesFirst), rule);
    EXPECT_EQ(result.windows, frames - 2);
    EXPECT_EQ(result.values, Windows(frames, 2, rule, Layout::kFramesFirst));
  }
}

TEST_F(EncoderTest, ValuesDoNotDependOnTheNumberOfWorkers) {
  const Encoder encoder(DenseModel(16, 10));
  const Features<float> features = MakeFeatures(700, 10, Layout::kFramesFirst);
  const WindowRule rule = WindowRule::Parse("16:3");
  const Encoder::Result alone = encoder.Encode(features, rule);
  EXPECT_EQ(alone.embedding_size, 64);
  for (const int count : {1, 2, 3, 8}) {
    Workers workers(count);
    EXPECT_EQ(encoder.Encode(features, rule, &workers).values, alone.values) << count << " workers";
  }
}

TEST_F(EncoderTest, WhatTheCallersReportThrowsEndsItAndLeavesNothing) {
  const Encoder encoder(DenseModel(16, 10));
  const Features<float> features = MakeFeatures(700, 10, Layout::kFramesFirst);
  const WindowRule rule = WindowRule::Parse("16:3");
  std::vector<float> values(7000);
  features.Copy(0, 700, Layout::kFramesFirst, values);
  const std::vector<WindowView> windows =
      CutWindows(MakeView<const float>(values.data(), 700, 10, Layout::kFramesFirst), rule);
  ASSERT_GT(windows.size(), 64U);
  for (const int count : {1, 2}) {
    Workers workers(count);
    std::int64_t last = 0;
    const auto stop = [&](std::int64_t done) {
      EXPECT_GT(done, last);
      last = done;
      if (done >= 32) throw std::runtime_error("stop");
    };
    std::vector<float> out = {1.0f};
    EXPECT_THROW(encoder.Encode(windows, rule, 10, Layout::kFramesFirst, out, &workers, stop),
                 std::runtime_error);
    EXPECT_EQ(out, std::vector<float>{1.0f});
    EXPECT_LT(last, std::ssize(windows));
  }
}

TEST_F(EncoderTest, ValuesAreThoseOfTheModel) {
  std::vector<float> weights = {1, 2, 3, 4, 5, 6};
  const std::string path = OnnxWriter()
                               .Input("x", {kFree, 3, 1})
                               .Output("y", {kFree, 2})
                               .Node("Flatten", {"x"}, "flat")
                               .Constant("w", {3, 2}, weights)
                               .Node("MatMul", {"flat", "w"}, "y")
                               .Save(folder_ / "dense.onnx");
  const Encoder::Result result =
      Encoder(path).Encode(MakeFeatures(4, 1, Layout::kFramesFirst), WindowRule::Parse("3:1"));
  EXPECT_EQ(result.values, (std::vector<float>{130, 160, 220, 280}));
}

TEST_F(EncoderTest, OneEncoderServesSeveralThreads) {
  const Encoder encoder(DenseModel(8, 4));
  const WindowRule rule = WindowRule::Parse("8:1");
  const Features<float> features = MakeFeatures(300, 4, Layout::kFramesFirst);
  const std::vector<float> expected = encoder.Encode(features, rule).values;
  std::atomic<int> equal = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { equal += encoder.Encode(features, rule).values == expected; });
  }
  threads.clear();
  EXPECT_EQ(equal, 4);
}

TEST_F(EncoderTest, AnOpenEmbeddingSizeIsKnownAfterTheFirstCall) {
  const std::string path = OnnxWriter()
                               .Input("x", {kFree, kFree, 3})
                               .Output("y", {kFree, kFree})
                               .Node("Flatten", {"x"}, "y")
                               .Save(folder_ / "open.onnx");
  const Encoder encoder(path);
  EXPECT_EQ(encoder.embedding_size(), 0);
  const Features<float> features = MakeFeatures(90, 3, Layout::kFramesFirst);
  Workers workers(2);
  for (const char* text : {"4:1", "5:1"}) {
    const WindowRule rule = WindowRule::Parse(text);
    const Encoder::Result result = encoder.Encode(features, rule, &workers);
    EXPECT_EQ(result.embedding_size, rule.length * 3);
    EXPECT_EQ(encoder.embedding_size(), rule.length * 3);
    EXPECT_EQ(result.values, Windows(90, 3, rule, Layout::kFramesFirst));
  }
}

TEST_F(EncoderTest, OutputsAfterTheFirstAreIgnored) {
  const std::string path = OnnxWriter()
                               .Input("x", {kFree, 2, 3})
                               .Output("y", {kFree, 6})
                               .Output("more", {kFree, 2, 3})
                               .Node("Flatten", {"x"}, "y")
                               .Node("Tanh", {"x"}, "more")
                               .Save(folder_ / "two.onnx");
  const Encoder encoder(path);
  EXPECT_EQ(encoder.embedding_size(), 6);
  const WindowRule rule = WindowRule::Parse("2:1");
  EXPECT_EQ(encoder.Encode(MakeFeatures(5, 3, Layout::kFramesFirst), rule).values,
            Windows(5, 3, rule, Layout::kFramesFirst));
}

TEST_F(EncoderTest, AMismatchPrintsBothShapesAndTheCure) {
  const Encoder encoder(IdentityModel({kFree, 76, 32, 1}));
  const auto message = [&](const char* rule, int bands, Layout layout) -> std::string {
    try {
      encoder.Check(WindowRule::Parse(rule), bands, layout);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kModel);
      return error.what();
    }
    return "";
  };
  const std::string start =
      "the model \"" + encoder.model_path() + "\" takes [N, 76, 32, 1], but windows of ";
  const std::string frames_first = "windows 76:STEP and a front end with 32 bands";
  const std::string bands_first = "windows 32:STEP and a front end with 76 bands";
  const std::string between = ", or, if the model means it the other way round, ";
  EXPECT_EQ(
      message("16:8", 80, Layout::kFramesFirst),
      start + "16 frames x 80 bands were asked for; pass " + frames_first + between + bands_first);
  EXPECT_EQ(
      message("16:8", 80, Layout::kBandsFirst),
      start + "16 frames x 80 bands were asked for; pass " + bands_first + between + frames_first);
  EXPECT_EQ(message("16:8", 32, Layout::kBandsFirst),
            start + "16 frames x 32 bands were asked for; pass windows 76:STEP");
  EXPECT_EQ(message("76:8", 80, Layout::kFramesFirst),
            start + "76 frames x 80 bands were asked for; pass a front end with 32 bands");
  EXPECT_EQ(message("76:8", 32, Layout::kBandsFirst), "");
}

TEST_F(EncoderTest, AnInputThatIsNoMatrixIsAMismatch) {
  for (const Shape& shape : {Shape{kFree, 128}, Shape{kFree, 3, 4, 5}}) {
    const Encoder encoder(IdentityModel(shape));
    try {
      encoder.Check(WindowRule::Parse("4:1"), 5, Layout::kFramesFirst);
      FAIL() << ort::ToString(shape);
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find(ort::ToString(shape)), std::string::npos) << message;
      EXPECT_NE(message.find("[batch, frames, bands]"), std::string::npos) << message;
    }
  }
}

TEST_F(EncoderTest, TooFewFramesTellHowManyAreNeeded) {
  const Encoder encoder(IdentityModel({kFree, 4, 3}));
  const Features<float> features = MakeFeatures(3, 3, Layout::kFramesFirst);
  try {
    encoder.Encode(features, WindowRule::Parse("4:2:5"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kShape);
    EXPECT_STREQ(error.what(),
                 "there are 3 frames, but one window of \"4:2:5\" needs 9; give more audio or "
                 "shorter windows");
  }
  EXPECT_THROW(encoder.Encode(MakeFeatures(0, 3, Layout::kFramesFirst), {4, 2, 1, 0, Tail::kPad}),
               Error);
}

TEST_F(EncoderTest, AFileThatIsNoModelIsRefusedWithoutNoise) {
  std::string random;
  std::mt19937 generator(3);
  for (int i = 0; i < 4096; ++i) random += static_cast<char>(generator());
  testing::internal::CaptureStderr();
  EXPECT_NE(LoadError(FileOf(random)).find("cannot be loaded as an ONNX model"), std::string::npos);
  EXPECT_NE(LoadError(FileOf("RIFF, not ONNX")).find("ONNX"), std::string::npos);
  EXPECT_NE(LoadError(FileOf("")).find("the file is empty"), std::string::npos);
  EXPECT_NE(LoadError(folder_ / "none.onnx").find("there is no such file"), std::string::npos);
  EXPECT_NE(LoadError(folder_ / ".").find("it is a folder"), std::string::npos);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_F(EncoderTest, SeveralInputsAreRefused) {
  const std::string path = OnnxWriter()
                               .Input("a", {kFree, 4, 3})
                               .Input("b", {kFree, 4, 3})
                               .Output("y", {kFree, 4, 3})
                               .Node("Add", {"a", "b"}, "y")
                               .Save(folder_ / "two.onnx");
  EXPECT_NE(LoadError(path).find("has 2 inputs"), std::string::npos) << LoadError(path);
}

TEST_F(EncoderTest, AnInputOrOutputThatIsNotFloatIsRefused) {
  const auto save = [&](int from, int to) {
    return OnnxWriter()
        .Input("x", {kFree, 4, 3}, from)
        .Output("y", {kFree, 4, 3}, to)
        .Node("Cast", {"x"}, "y", OnnxWriter::IntAttribute("to", to))
        .Save(folder_ / "cast.onnx");
  };
  EXPECT_NE(LoadError(save(OnnxWriter::kInt64, OnnxWriter::kFloat))
                .find("has the input \"x\", which is no float32 tensor"),
            std::string::npos);
  EXPECT_NE(LoadError(save(OnnxWriter::kFloat, OnnxWriter::kInt64))
                .find("has the first output \"y\", which is no float32 tensor"),
            std::string::npos);
}

TEST_F(EncoderTest, AModelThatMixesItsWindowsIsAnError) {
  const std::string attributes =
      OnnxWriter::IntsAttribute("axes", {0}) + OnnxWriter::IntAttribute("keepdims", 0);
  const std::string path = OnnxWriter()
                               .Input("x", {kFree, 5, 3})
                               .Output("y", {5, 3})
                               .Node("ReduceMean", {"x"}, "y", attributes)
                               .Save(folder_ / "mean.onnx");
  const Encoder encoder(path);
  try {
    encoder.Encode(MakeFeatures(8, 3, Layout::kFramesFirst), WindowRule::Parse("5:1"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kModel);
    EXPECT_NE(std::string(error.what()).find("gave [5, 3] for 4 windows"), std::string::npos)
        << error.what();
  }
}

TEST_F(EncoderTest, TakesTheSpeechEmbeddingModel) {
  const std::string path = OSSICLE_FETCHED "/models/embedding_model.onnx";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no model: run `scripts/fetch.py --into build models` (\"" << path
                 << "\" does not exist)";
  }
  const Encoder encoder(path);
  EXPECT_EQ(encoder.input_shape(), (Shape{kFree, 76, 32, 1}));
  EXPECT_EQ(encoder.embedding_size(), 96);
  const Features<float> features = MakeFeatures(400, 32, Layout::kFramesFirst);
  const WindowRule rule = WindowRule::Parse("76:8");
  const Encoder::Result alone = encoder.Encode(features, rule);
  EXPECT_EQ(alone.values.size(), 41U * 96U);
  for (const float value : alone.values) ASSERT_TRUE(std::isfinite(value));
  Workers workers(3);
  EXPECT_EQ(encoder.Encode(features, rule, &workers).values, alone.values);
}

}  // namespace
}  // namespace ossicle
