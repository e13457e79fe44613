#include "ossicle/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "c/support.h"
#include "ossicle/embedding_stream.h"
#include "ossicle/resampler.h"
#include "support/files.h"
#include "support/models.h"
#include "support/onnxruntime.h"
#include "support/sound.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::InfoOf;
using test::IsOk;
using test::IsRefused;
using test::Made;
using test::Noise;
using test::Owned;
using test::ValuesOf;

class CEngine : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
    test::SaveDenseModel(model_, 16, 80);
  }

  Owned<ossicle_engine> Open(const char* tail = "align", const char* frontend = "wav2lip") {
    const ossicle_encoder_options encoder = {sizeof encoder, 2, 0, 0, 0, nullptr, nullptr, 0, 0};
    const ossicle_engine_options options = {sizeof options, frontend, "16:80/25", tail,
                                            nullptr,        nullptr,  &encoder};
    return Made<ossicle_engine>([&](ossicle_engine** handle) {
      return ossicle_engine_create(model_.c_str(), &options, handle);
    });
  }

  Model Judge(Tail tail = Tail::kAlign) {
    ModelChoices choices;
    choices.frontend = Preset("wav2lip");
    choices.windows = WindowRule::Parse("16:80/25");
    choices.tail = tail;
    return OpenModel(model_, choices);
  }

  static void ExpectSame(const ossicle_matrix* matrix, const Encoding& judge, const Model& model) {
    const ossicle_matrix_info info = InfoOf(matrix);
    EXPECT_EQ(info.rows, judge.embeddings.windows);
    EXPECT_EQ(info.columns, judge.embeddings.embedding_size);
    EXPECT_EQ(info.not_finite, 0u);
    EXPECT_DOUBLE_EQ(info.duration_s, judge.duration_s);
    EXPECT_EQ(ValuesOf(matrix), judge.embeddings.values);
    const std::size_t last = info.rows - 1;
    EXPECT_EQ(info.start_s[0], 0.0);
    EXPECT_DOUBLE_EQ(info.start_s[1], model.windows.Start(1, judge.frames) / 80.0);
    EXPECT_DOUBLE_EQ(info.end_s[0], 16 / 80.0);
    EXPECT_DOUBLE_EQ(info.end_s[last], judge.frames / 80.0);  // of both align and pad
  }

  const test::TemporaryFolder folder_;
  const std::string model_ = folder_ / "dense.onnx";
};

TEST_F(CEngine, EncodesSamplesToTheBitsOfCpp) {
  const std::vector<float> samples = Noise(40013);
  for (const auto& [name, tail] : {std::pair("align", Tail::kAlign), {"pad", Tail::kPad}}) {
    const Model model = Judge(tail);
    const auto engine = Open(name);
    const auto matrix = Made<ossicle_matrix>([&](ossicle_matrix** handle) {
      return ossicle_engine_encode(engine.get(), samples.data(), samples.size(), 0, handle);
    });
    ExpectSame(matrix.get(), Encode(samples, model), model);
  }
}

TEST_F(CEngine, EncodesSamplesOfAnotherRate) {
  const std::vector<float> samples = Noise(44100);
  const Model model = Judge();
  const auto engine = Open();
  const auto matrix = Made<ossicle_matrix>([&](ossicle_matrix** handle) {
    return ossicle_engine_encode(engine.get(), samples.data(), samples.size(), 44100, handle);
  });
  const std::string& resampler = model.frontend.spec().resampler;
  ExpectSame(matrix.get(), Encode(Resample<float>(resampler, samples, 44100, 16000), model), model);
}

TEST_F(CEngine, EncodesAFileToTheBitsOfCpp) {
  const std::string path = folder_ / "noise.wav";
  test::WriteSound(path, test::kWav16, 44100, 1, Noise(88200));
  const Model model = Judge();
  const auto engine = Open();
  const auto matrix = Made<ossicle_matrix>([&](ossicle_matrix** handle) {
    return ossicle_engine_encode_file(engine.get(), path.c_str(), handle);
  });
  ExpectSame(matrix.get(), Encode({.path = path}, model), model);
}

TEST_F(CEngine, OpensAPackedModelWithoutOptions) {
  const std::string packed = folder_ / "packed.onnx";
  PackModel(model_, Preset("wav2lip"), test::Rule("16:80/25", Tail::kAlign), packed);
  const auto engine = Made<ossicle_engine>([&](ossicle_engine** handle) {
    return ossicle_engine_create(packed.c_str(), nullptr, handle);
  });
  ossicle_engine_info info = {sizeof info, 0, 0, 0};
  ASSERT_TRUE(IsOk(ossicle_engine_get_info(engine.get(), &info)));
  EXPECT_EQ(info.embedding_size, 8u);
  EXPECT_EQ(info.window_frames, 16);
  EXPECT_EQ(info.is_packed, 1);
  const std::vector<float> samples = Noise(16000);
  const auto frontend = Made<ossicle_frontend>(
      [&](ossicle_frontend** handle) { return ossicle_engine_frontend(engine.get(), handle); });
  EXPECT_EQ(test::RunOf(frontend.get(), samples), Frontend(Preset("wav2lip")).Run(samples));
  ASSERT_TRUE(IsOk(ossicle_engine_get_info(Open().get(), &info)));
  EXPECT_EQ(info.is_packed, 0);
}

TEST_F(CEngine, TakesAnotherResamplerAndDownmix) {
  const std::string path = folder_ / "noise.wav";
  test::WriteSound(path, test::kWav16, 44100, 2, Noise(88200));
  ModelChoices choices;
  choices.frontend = Preset("wav2lip");
  choices.windows = WindowRule::Parse("16:80/25");
  choices.resampler = "swr-float";
  choices.downmix = Downmix::kFfmpeg;
  const Encoding judge = Encode({.path = path}, OpenModel(model_, choices));
  const ossicle_engine_options options = {sizeof options, "wav2lip", "16:80/25", nullptr,
                                          "swr-float",    "ffmpeg",  nullptr};
  const auto engine = Made<ossicle_engine>([&](ossicle_engine** handle) {
    return ossicle_engine_create(model_.c_str(), &options, handle);
  });
  const auto matrix = Made<ossicle_matrix>([&](ossicle_matrix** handle) {
    return ossicle_engine_encode_file(engine.get(), path.c_str(), handle);
  });
  EXPECT_EQ(ValuesOf(matrix.get()), judge.embeddings.values);
}

TEST_F(CEngine, RefusesModelsAndChoicesThatItCannotUse) {
  ossicle_engine* engine = reinterpret_cast<ossicle_engine*>(1);
  const auto create = [&](const std::string& path, const ossicle_engine_options& options) {
    return ossicle_engine_create(path.c_str(), &options, &engine);
  };
  ossicle_engine_options options = {sizeof options, nullptr, nullptr, nullptr,
                                    nullptr,        nullptr, nullptr};
  EXPECT_TRUE(IsRefused(create(model_, options), OSSICLE_INVALID_SPEC, {"no front end inside"}));
  EXPECT_EQ(engine, nullptr);
  options.frontend = "wav2lip";
  options.windows = "16:80/25";
  EXPECT_TRUE(IsRefused(create(folder_ / "none.onnx", options), OSSICLE_MODEL, {"none.onnx"}));
  test::WriteBytes(folder_ / "text.onnx", "this is no model");
  EXPECT_TRUE(IsRefused(create(folder_ / "text.onnx", options), OSSICLE_MODEL, {"text.onnx"}));
  options.windows = "17:4";
  EXPECT_TRUE(IsRefused(create(model_, options), OSSICLE_MODEL, {"17", "16"}));
  options.windows = "16:";
  EXPECT_TRUE(IsRefused(create(model_, options), OSSICLE_INVALID_SPEC));
  options.windows = "16:4";
  options.tail = "dorp";
  EXPECT_TRUE(IsRefused(create(model_, options), OSSICLE_INVALID_SPEC, {"dorp", "drop"}));
  options.tail = nullptr;
  options.resampler = "sox";
  EXPECT_TRUE(IsRefused(create(model_, options), OSSICLE_INVALID_SPEC, {"soxr-hq"}));
  options.resampler = nullptr;
  options.downmix = "left";
  EXPECT_TRUE(IsRefused(create(model_, options), OSSICLE_INVALID_SPEC, {"left", "mean"}));
}

TEST_F(CEngine, RefusesBadAudio) {
  const auto engine = Open();
  ossicle_matrix* matrix = reinterpret_cast<ossicle_matrix*>(1);
  std::vector<float> samples = Noise(16000);
  EXPECT_TRUE(IsRefused(ossicle_engine_encode_file(engine.get(), "none.wav", &matrix),
                        OSSICLE_INPUT, {"none.wav"}));
  EXPECT_EQ(matrix, nullptr);
  EXPECT_TRUE(IsRefused(ossicle_engine_encode(engine.get(), samples.data(), 800, 0, &matrix),
                        OSSICLE_SHAPE, {"16"}));
  EXPECT_TRUE(
      IsRefused(ossicle_engine_encode(engine.get(), nullptr, 0, 0, &matrix), OSSICLE_SHAPE));
  EXPECT_TRUE(IsRefused(ossicle_engine_encode(engine.get(), samples.data(), 16000, -1, &matrix),
                        OSSICLE_INVALID_SPEC, {"input_rate_hz=-1,", "1..768000"}));
  samples[77] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(IsRefused(ossicle_engine_encode(engine.get(), samples.data(), 16000, 0, &matrix),
                        OSSICLE_NOT_FINITE, {"77"}));
}

/// What an embedding stream gives, and when.
struct Embeddings {
  std::vector<float> values;
  std::vector<double> start_s;
  std::vector<double> end_s;

  bool operator==(const Embeddings&) const = default;
};

void Pull(ossicle_embedding_stream* stream, std::size_t most, Embeddings& all) {
  std::vector<float> values(most * 8);
  std::vector<double> start_s(most);
  std::vector<double> end_s(most);
  for (std::size_t written = 1; written > 0;) {
    ASSERT_TRUE(IsOk(ossicle_embedding_stream_pull(stream, values.data(), values.size(),
                                                   start_s.data(), end_s.data(), &written)));
    const auto count = static_cast<std::ptrdiff_t>(written);
    all.values.insert(all.values.end(), values.begin(), values.begin() + 8 * count);
    all.start_s.insert(all.start_s.end(), start_s.begin(), start_s.begin() + count);
    all.end_s.insert(all.end_s.end(), end_s.begin(), end_s.begin() + count);
  }
}

Embeddings Streamed(ossicle_embedding_stream* stream, std::span<const float> samples,
                    std::size_t piece, std::size_t most) {
  Embeddings all;
  for (; !samples.empty(); samples = samples.subspan(std::min(piece, samples.size()))) {
    const std::size_t count = std::min(piece, samples.size());
    EXPECT_TRUE(IsOk(ossicle_embedding_stream_push(stream, samples.data(), count, nullptr)));
    Pull(stream, most, all);
  }
  std::size_t waiting = 0;
  EXPECT_TRUE(IsOk(ossicle_embedding_stream_finish(stream, &waiting)));
  const std::size_t before = all.start_s.size();
  Pull(stream, most, all);
  EXPECT_EQ(all.start_s.size(), before + waiting);
  return all;
}

Owned<ossicle_embedding_stream> MakeStream(const ossicle_engine* engine, std::int32_t rate_hz = 0) {
  const ossicle_stream_options options = {sizeof options, rate_hz, 0, nullptr};
  return Made<ossicle_embedding_stream>([&](ossicle_embedding_stream** handle) {
    return ossicle_embedding_stream_create(engine, &options, handle);
  });
}

TEST_F(CEngine, StreamsEmbeddingsToTheBitsOfCpp) {
  const std::vector<float> samples = Noise(40013);
  for (const int rate_hz : {0, 44100}) {
    EmbeddingStream judge(Judge(), {.input_rate_hz = rate_hz});
    Embeddings expected;
    const auto sink = [&](const StreamEmbedding& each) {
      expected.values.insert(expected.values.end(), each.values.begin(), each.values.end());
      expected.start_s.push_back(each.start_s);
      expected.end_s.push_back(each.end_s);
    };
    judge.Push(samples, sink);
    judge.Finish(sink);
    const auto stream = MakeStream(Open().get(), rate_hz);  // the engine is freed before
    std::int64_t lookahead_samples = 0;
    ASSERT_TRUE(IsOk(ossicle_embedding_stream_lookahead(stream.get(), &lookahead_samples)));
    EXPECT_EQ(lookahead_samples, judge.lookahead_samples());
    for (const std::size_t piece : {1000, 50000}) {
      EXPECT_TRUE(Streamed(stream.get(), samples, piece, piece == 1000 ? 100 : 2) == expected);
      EXPECT_TRUE(IsOk(ossicle_embedding_stream_reset(stream.get())));
    }
  }
}

TEST_F(CEngine, StreamRefusesBadCallsAndGoesOn) {
  std::vector<float> samples = Noise(16000);
  const auto engine = Open();
  const auto stream = MakeStream(engine.get());
  std::size_t written = 7;
  std::vector<float> row(8);
  const auto pull = [&](float* out, std::size_t capacity) {
    return ossicle_embedding_stream_pull(stream.get(), out, capacity, nullptr, nullptr, &written);
  };
  EXPECT_TRUE(IsOk(pull(nullptr, 0)));
  EXPECT_EQ(written, 0u);
  ASSERT_TRUE(IsOk(ossicle_embedding_stream_push(stream.get(), samples.data(), 8000, &written)));
  EXPECT_GT(written, 1u);
  EXPECT_TRUE(IsRefused(pull(row.data(), 7), OSSICLE_SHORT_BUFFER, {"7", "8"}));
  EXPECT_TRUE(IsRefused(pull(nullptr, 8), OSSICLE_INVALID_ARGUMENT, {"NULL"}));
  EXPECT_TRUE(IsOk(pull(row.data(), 8)));
  EXPECT_EQ(written, 1u);
  samples[8] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(
      IsRefused(ossicle_embedding_stream_push(stream.get(), samples.data(), 16000, &written),
                OSSICLE_NOT_FINITE, {"8008"}));
  EXPECT_TRUE(IsOk(ossicle_embedding_stream_finish(stream.get(), &written)));
  EXPECT_TRUE(IsRefused(ossicle_embedding_stream_push(stream.get(), samples.data(), 1, &written),
                        OSSICLE_SHAPE, {"after Finish"}));
  ASSERT_TRUE(IsOk(ossicle_embedding_stream_reset(stream.get())));
  EXPECT_TRUE(IsOk(pull(row.data(), 8)));
  EXPECT_EQ(written, 0u);
  EXPECT_TRUE(IsRefused(ossicle_embedding_stream_finish(stream.get(), nullptr), OSSICLE_SHAPE));
}

}  // namespace
}  // namespace ossicle
