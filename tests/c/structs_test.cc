// What becomes of pointers and structs that are not what a call expects.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "c/support.h"

namespace {

using ossicle::test::IsOk;
using ossicle::test::IsRefused;
using ossicle::test::MakeFrontend;
using ossicle::test::MakeStream;

/// A struct of a program that was compiled with another header: `bytes` of memory and no more.
template <class Struct>
class OtherStruct {
 public:
  explicit OtherStruct(std::size_t bytes) : words_(bytes / sizeof(std::size_t), 0) {
    words_[0] = bytes;
  }
  Struct* get() { return reinterpret_cast<Struct*>(words_.data()); }
  template <class Field>
  void Set(std::size_t offset, Field value) {
    std::memcpy(reinterpret_cast<char*>(words_.data()) + offset, &value, sizeof value);
  }
  template <class Field>
  Field Read(std::size_t offset) const {
    Field value;
    std::memcpy(&value, reinterpret_cast<const char*>(words_.data()) + offset, sizeof value);
    return value;
  }

 private:
  std::vector<std::size_t> words_;
};

ossicle_status CreateStream(const ossicle_stream_options* options) {
  ossicle_stream* stream = nullptr;
  const ossicle_status status =
      ossicle_stream_create(MakeFrontend("wav2lip").get(), options, &stream);
  ossicle_stream_free(stream);
  return status;
}

TEST(CStructs, OfAnOlderProgramTakeDefaultsForWhatTheyLack) {
  OtherStruct<ossicle_stream_options> sized(sizeof(std::size_t));
  EXPECT_TRUE(IsOk(CreateStream(sized.get())));
  OtherStruct<ossicle_stream_options> older(offsetof(ossicle_stream_options, statistics));
  older.Set(offsetof(ossicle_stream_options, input_rate_hz), std::int32_t{44100});
  EXPECT_TRUE(IsOk(CreateStream(older.get())));
  older.Set(offsetof(ossicle_stream_options, input_rate_hz), std::int32_t{-1});
  EXPECT_TRUE(IsRefused(CreateStream(older.get()), OSSICLE_INVALID_SPEC, {"-1"}));
}

TEST(CStructs, OfANewerProgramMayNotSetWhatTheLibraryDoesNotKnow) {
  constexpr std::size_t kKnown = sizeof(ossicle_stream_options);
  OtherStruct<ossicle_stream_options> newer(kKnown + 16);
  EXPECT_TRUE(IsOk(CreateStream(newer.get())));
  for (const std::size_t offset : {kKnown, kKnown + 15}) {
    newer.Set(offset, '\1');
    EXPECT_TRUE(
        IsRefused(CreateStream(newer.get()), OSSICLE_INVALID_ARGUMENT,
                  {"ossicle_stream_options", std::to_string(kKnown), std::to_string(kKnown + 16)}));
    newer.Set(offset, '\0');
  }
}

TEST(CStructs, HaveASizeThatCanBe) {
  for (const std::size_t size : {0u, 1u, 7u, 4u, 25u, 4104u, 1u << 31}) {
    ossicle_stream_options options = {size, 0, 0, nullptr};
    EXPECT_TRUE(IsRefused(CreateStream(&options), OSSICLE_INVALID_ARGUMENT,
                          {"struct_size=" + std::to_string(size)}));
    ossicle_frontend_info info = {};
    info.struct_size = size;
    EXPECT_TRUE(IsRefused(ossicle_frontend_get_info(MakeFrontend("wav2lip").get(), &info),
                          OSSICLE_INVALID_ARGUMENT, {"struct_size=" + std::to_string(size)}));
  }
}

TEST(CStructs, HaveReservedFieldsThatAreZero) {
  const ossicle_stream_options options = {sizeof options, 0, 1, nullptr};
  EXPECT_TRUE(IsRefused(CreateStream(&options), OSSICLE_INVALID_ARGUMENT, {"reserved=1"}));
}

TEST(CStructs, AreFilledAsFarAsTheCallersGo) {
  const auto frontend = MakeFrontend("wav2lip");
  OtherStruct<ossicle_frontend_info> older(offsetof(ossicle_frontend_info, bands));
  ASSERT_TRUE(IsOk(ossicle_frontend_get_info(frontend.get(), older.get())));
  EXPECT_EQ(older.get()->struct_size, offsetof(ossicle_frontend_info, bands));
  EXPECT_EQ(older.Read<std::int32_t>(offsetof(ossicle_frontend_info, sample_rate_hz)), 16000);

  OtherStruct<ossicle_frontend_info> newer(sizeof(ossicle_frontend_info) + 8);
  newer.Set(sizeof(ossicle_frontend_info), std::int64_t{-1});
  ASSERT_TRUE(IsOk(ossicle_frontend_get_info(frontend.get(), newer.get())));
  EXPECT_EQ(newer.get()->bands, 80);
  EXPECT_EQ(newer.get()->struct_size, sizeof(ossicle_frontend_info) + 8);
  EXPECT_EQ(newer.Read<std::int64_t>(sizeof(ossicle_frontend_info)), 0);
}

TEST(CHandles, ThatWereFreedAreRefused) {
  const std::vector<float> samples(16000);
  ossicle_frontend* frontend = MakeFrontend("wav2lip").release();
  ossicle_stream* stream = MakeStream(frontend).release();
  ASSERT_TRUE(IsOk(ossicle_frontend_free(frontend)));
  EXPECT_TRUE(
      IsRefused(ossicle_frontend_run(frontend, samples.data(), 16000, 0, nullptr, 0, nullptr),
                OSSICLE_INVALID_HANDLE, {"frontend", "freed"}));
  EXPECT_TRUE(IsRefused(ossicle_frontend_free(frontend), OSSICLE_INVALID_HANDLE, {"frontend"}));
  ossicle_stream* made = nullptr;
  EXPECT_TRUE(IsRefused(ossicle_stream_create(frontend, nullptr, &made), OSSICLE_INVALID_HANDLE));
  ASSERT_TRUE(IsOk(ossicle_stream_free(stream)));
  EXPECT_TRUE(IsRefused(ossicle_stream_push(stream, samples.data(), 16000, nullptr),
                        OSSICLE_INVALID_HANDLE, {"stream"}));
  EXPECT_TRUE(IsRefused(ossicle_stream_free(stream), OSSICLE_INVALID_HANDLE));
}

TEST(CHandles, ThatNoCallMadeAreRefused) {
  std::int64_t other[16] = {};
  std::size_t frames = 0;
  EXPECT_TRUE(
      IsRefused(ossicle_frontend_frames(reinterpret_cast<ossicle_frontend*>(other), 1, 0, &frames),
                OSSICLE_INVALID_HANDLE));
  // Of another kind.
  const auto stream = MakeStream(MakeFrontend("wav2lip").get());
  EXPECT_TRUE(IsRefused(
      ossicle_frontend_frames(reinterpret_cast<ossicle_frontend*>(stream.get()), 1, 0, &frames),
      OSSICLE_INVALID_HANDLE));
}

TEST(CHandles, ThatAreNullAreFreedAndOtherwiseRefused) {
  using Call = std::function<ossicle_status()>;
  for (const Call& free : {Call([] { return ossicle_frontend_free(nullptr); }),
                           Call([] { return ossicle_stream_free(nullptr); }),
                           Call([] { return ossicle_matrix_free(nullptr); }),
                           Call([] { return ossicle_encoder_free(nullptr); }),
                           Call([] { return ossicle_engine_free(nullptr); }),
                           Call([] { return ossicle_embedding_stream_free(nullptr); })}) {
    EXPECT_TRUE(IsOk(free()));
  }
  std::size_t size = 0;
  std::int64_t samples = 0;
  ossicle_stream* stream = nullptr;
  ossicle_matrix* matrix = nullptr;
  ossicle_frontend* frontend = nullptr;
  ossicle_embedding_stream* embeddings = nullptr;
  ossicle_frontend_info frontend_info = {sizeof frontend_info, 0, 0, 0, 0, 0, 0};
  ossicle_stream_info stream_info = {sizeof stream_info, 0, 0, 0, 0, 0};
  ossicle_engine_info engine_info = {sizeof engine_info, 0, 0, 0};
  ossicle_matrix_info matrix_info = {sizeof matrix_info, 0, 0, nullptr, nullptr, nullptr, 0, 0};
  const std::vector<Call> calls = {
      [&] { return ossicle_matrix_get_info(nullptr, &matrix_info); },
      [&] { return ossicle_frontend_get_info(nullptr, &frontend_info); },
      [&] { return ossicle_frontend_json(nullptr, nullptr, 0, nullptr); },
      [&] { return ossicle_frontend_frames(nullptr, 1, 0, &size); },
      [&] { return ossicle_frontend_run(nullptr, nullptr, 0, 0, nullptr, 0, nullptr); },
      [&] { return ossicle_frontend_run_double(nullptr, nullptr, 0, 0, nullptr, 0, nullptr); },
      [&] { return ossicle_frontend_extract(nullptr, "a.wav", &matrix); },
      [&] { return ossicle_stream_create(nullptr, nullptr, &stream); },
      [&] { return ossicle_stream_get_info(nullptr, &stream_info); },
      [&] { return ossicle_stream_push(nullptr, nullptr, 0, nullptr); },
      [&] { return ossicle_stream_finish(nullptr, nullptr); },
      [&] { return ossicle_stream_pull(nullptr, nullptr, 0, &size); },
      [&] { return ossicle_stream_reset(nullptr); },
      [&] { return ossicle_stream_statistics(nullptr, nullptr, 0, nullptr); },
      [&] { return ossicle_encoder_input_shape(nullptr, nullptr, 0, nullptr); },
      [&] { return ossicle_encoder_embedding_size(nullptr, &size); },
      [&] {
        return ossicle_encoder_encode_windows(nullptr, nullptr, 0, 1, 1, OSSICLE_FRAMES_FIRST,
                                              nullptr, 0, nullptr, nullptr);
      },
      [&] {
        return ossicle_encoder_encode_features(nullptr, nullptr, 0, 1, OSSICLE_FRAMES_FIRST, "1:1",
                                               nullptr, nullptr, 0, nullptr, nullptr);
      },
      [&] { return ossicle_engine_get_info(nullptr, &engine_info); },
      [&] { return ossicle_engine_frontend(nullptr, &frontend); },
      [&] { return ossicle_engine_encode_file(nullptr, "a.wav", &matrix); },
      [&] { return ossicle_engine_encode(nullptr, nullptr, 0, 0, &matrix); },
      [&] { return ossicle_embedding_stream_create(nullptr, nullptr, &embeddings); },
      [&] { return ossicle_embedding_stream_lookahead(nullptr, &samples); },
      [&] { return ossicle_embedding_stream_push(nullptr, nullptr, 0, nullptr); },
      [&] { return ossicle_embedding_stream_finish(nullptr, nullptr); },
      [&] { return ossicle_embedding_stream_pull(nullptr, nullptr, 0, nullptr, nullptr, &size); },
      [&] { return ossicle_embedding_stream_reset(nullptr); },
  };
  for (std::size_t i = 0; i < calls.size(); ++i) {
    EXPECT_TRUE(IsRefused(calls[i](), OSSICLE_INVALID_ARGUMENT, {"NULL"})) << "call " << i;
  }
}

TEST(CArguments, ThatAreNullAreRefused) {
  const auto frontend = MakeFrontend("wav2lip");
  const auto stream = MakeStream(frontend.get());
  ossicle_frontend* made = nullptr;
  ossicle_encoder* encoder = nullptr;
  ossicle_engine* engine = nullptr;
  ossicle_matrix* matrix = nullptr;
  char text[8] = {};
  float feature = 0.0f;
  const auto refused = [](ossicle_status status, const char* name) {
    return IsRefused(status, OSSICLE_INVALID_ARGUMENT, {name, "NULL"});
  };
  EXPECT_TRUE(refused(ossicle_preset_names(nullptr, 8, nullptr), "buffer"));
  EXPECT_TRUE(refused(ossicle_preset_json(nullptr, text, 8, nullptr), "name"));
  EXPECT_TRUE(refused(ossicle_frontend_create(nullptr, nullptr, &made), "spec"));
  EXPECT_TRUE(refused(ossicle_frontend_create("wav2lip", nullptr, nullptr), "frontend"));
  EXPECT_TRUE(refused(ossicle_frontend_get_info(frontend.get(), nullptr), "info"));
  EXPECT_TRUE(refused(ossicle_frontend_frames(frontend.get(), 1, 0, nullptr), "frames"));
  EXPECT_TRUE(refused(ossicle_frontend_run(frontend.get(), nullptr, 1, 0, &feature, 1, nullptr),
                      "samples"));
  EXPECT_TRUE(refused(ossicle_frontend_extract(frontend.get(), nullptr, &matrix), "path"));
  EXPECT_TRUE(refused(ossicle_frontend_extract(frontend.get(), "a.wav", nullptr), "features"));
  EXPECT_TRUE(refused(ossicle_stream_create(frontend.get(), nullptr, nullptr), "stream"));
  EXPECT_TRUE(refused(ossicle_stream_get_info(stream.get(), nullptr), "info"));
  EXPECT_TRUE(refused(ossicle_stream_push(stream.get(), nullptr, 1, nullptr), "samples"));
  EXPECT_TRUE(refused(ossicle_stream_pull(stream.get(), &feature, 1, nullptr), "written"));
  EXPECT_TRUE(refused(ossicle_encoder_create(nullptr, nullptr, &encoder), "model_path"));
  EXPECT_TRUE(refused(ossicle_encoder_create("m.onnx", nullptr, nullptr), "encoder"));
  EXPECT_TRUE(refused(ossicle_engine_create(nullptr, nullptr, &engine), "model_path"));
  EXPECT_TRUE(refused(ossicle_engine_create("m.onnx", nullptr, nullptr), "engine"));
}

TEST(CStatus, HasANameForEachAndForNone) {
  std::vector<std::string> names;
  for (int status = -1; status < 200; ++status) {
    names.emplace_back(ossicle_status_name(status));
  }
  EXPECT_EQ(std::count(names.begin(), names.end(), "unknown status"), 201 - 15);
  EXPECT_EQ(names[1], "ok");
}

TEST(CLastError, IsShortAndHasTheCureForATextOfAnyLength) {
  ossicle_frontend* frontend = nullptr;
  ossicle_matrix* matrix = nullptr;
  const auto wav2lip = MakeFrontend("wav2lip");
  for (const std::size_t extra : {0, 1, 2, 3}) {  // the cuts are not always between characters
    std::string name = std::string(extra, 'a');
    while (name.size() < (1 << 20)) name += "€";
    EXPECT_TRUE(
        IsRefused(ossicle_preset_json(name.c_str(), nullptr, 0, nullptr), OSSICLE_INVALID_SPEC,
                  {"named \"" + name.substr(0, 200 + extra), "€…", "€\"; `ossicle frontends`"}));
    const std::string message = ossicle_last_error();
    EXPECT_LT(message.size(), 700u);
    for (std::size_t i = message.find("€"); i < message.find("\"; `ossicle"); i += 3) {
      const std::string character = message.substr(i, 3);
      EXPECT_TRUE(character == "€" || character == "…") << i;
    }
  }
  const std::string text((1 << 20) + 1, 'x');
  const std::string json = "{\"layout\": \"" + text + "\"}";
  EXPECT_TRUE(IsRefused(ossicle_frontend_create(json.c_str(), nullptr, &frontend),
                        OSSICLE_INVALID_SPEC, {"layout", "xxx…xxx", "bands-first"}));
  EXPECT_TRUE(IsRefused(ossicle_frontend_extract(wav2lip.get(), text.c_str(), &matrix),
                        OSSICLE_INPUT, {"cannot read", "xxx…xxx"}));
  EXPECT_LT(std::string(ossicle_last_error()).size(), 700u);
}

TEST(CLastError, IsOfTheThreadThatFailed) {
  EXPECT_TRUE(IsRefused(ossicle_preset_json("cochlea", nullptr, 0, nullptr), OSSICLE_INVALID_SPEC));
  std::jthread([] { EXPECT_STREQ(ossicle_last_error(), ""); });
  EXPECT_NE(std::string(ossicle_last_error()).find("cochlea"), std::string::npos);
}

}  // namespace
