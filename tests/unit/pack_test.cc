#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>

#include "ossicle/engine.h"
#include "ossicle/error.h"
#include "ossicle/version.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/models.h"
#include "support/onnx_writer.h"
#include "support/onnxruntime.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::OnnxWriter;
using test::ReadBytes;
using test::Rule;
constexpr std::int64_t kFree = OnnxWriter::kFree;

const WindowRule kAligned = Rule("16:80/25", Tail::kAlign);

class Pack : public testing::Test {
 protected:
  /// Gives windows of wav2lip back.
  static OnnxWriter Identity() {
    OnnxWriter writer;
    writer.Input("x", {kFree, 1, 80, 16})
        .Output("y", {kFree, 1, 80, 16})
        .Node("Identity", {"x"}, "y");
    return writer;
  }

  /// A model with entries, fields and an encoding that no writer of today makes.
  static OnnxWriter Strange() {
    return Identity()
        .Property("author", "somebody")
        .Top(OnnxWriter::Bytes(1000, "unknown"))
        .Top(OnnxWriter::Varint(1001 << 3 | 5) + "four")
        .Top(OnnxWriter::Bytes(
            14, OnnxWriter::Bytes(2, "value before key") + OnnxWriter::Bytes(1, "licence")))
        .Property("author", "somebody else");
  }

  ModelMetadata PackTo(const std::string& output, const char* preset = "wav2lip",
                       const WindowRule& rule = kAligned, bool overwrite = false) const {
    return PackModel(model_, Preset(preset), rule, output, overwrite);
  }

  test::TemporaryFolder folder_;
  const std::string model_ = folder_ / "model.onnx";
  const std::string packed_ = folder_ / "packed.onnx";
};

TEST_F(Pack, PutsEntriesBehindBytesThatStayAsTheyWere) {
  Strange().Save(model_);
  const std::string before = ReadBytes(model_);
  const ModelMetadata written = PackTo(packed_);
  const std::string after = ReadBytes(packed_);
  EXPECT_EQ(after.substr(0, before.size()), before);
  EXPECT_EQ(ReadBytes(model_), before);
  const std::optional<ModelMetadata> found = ReadModelFile(packed_).Metadata();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->frontend, Preset("wav2lip"));
  EXPECT_EQ(found->windows, kAligned);
  EXPECT_EQ(found->graph_sha256, written.graph_sha256);
  EXPECT_EQ(found->graph_sha256, GraphSha256(packed_));
  EXPECT_EQ(found->packed_by, Version());
}

TEST_F(Pack, ReplacesWhatWasPackedBeforeAndNothingElse) {
  Strange().Save(model_);
  PackTo(packed_);
  const auto entry = [](const std::string& key, const std::string& value) {
    return OnnxWriter::Bytes(14, OnnxWriter::Bytes(1, key) + OnnxWriter::Bytes(2, value));
  };
  std::string bytes = ReadBytes(model_);
  bytes.insert(bytes.size() - entry("author", "somebody else").size(),
               entry("ossicle.cochlea", "of a newer version"));
  test::WriteBytes(model_, entry("ossicle.tail", "pad") + bytes + entry("ossicle.format", "9"));
  PackTo(folder_ / "again.onnx");
  EXPECT_EQ(ReadBytes(folder_ / "again.onnx"), ReadBytes(packed_));
}

TEST_F(Pack, PackingTwiceIsPackingOnce) {
  Strange().Save(model_);
  PackTo(packed_);
  PackTo(folder_ / "other.onnx", "whisper-80", Rule("16:4", Tail::kPad));
  PackModel(folder_ / "other.onnx", Preset("wav2lip"), kAligned, folder_ / "again.onnx");
  EXPECT_EQ(ReadBytes(folder_ / "again.onnx"), ReadBytes(packed_));
}

TEST_F(Pack, OntoItselfNeedsOverwrite) {
  Strange().Save(model_);
  PackTo(packed_);
  const std::string before = ReadBytes(model_);
  const test::Failure failure = FailureOf([&] { PackTo(model_); });
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {model_, "--overwrite"}));
  EXPECT_EQ(ReadBytes(model_), before);
  PackTo(model_, "wav2lip", kAligned, true);
  EXPECT_EQ(ReadBytes(model_), ReadBytes(packed_));
  EXPECT_EQ(test::CountEntries(folder_ / "."), 2);
}

TEST_F(Pack, CanBeStoppedBetweenAnyTwoBlocks) {
  const std::vector<float> weights(std::size_t{1} << 20);
  Identity().Constant("w", {1 << 20}, weights).Save(model_);
  const std::string before = ReadBytes(model_);
  int blocks = 0;
  PackModel(model_, Preset("wav2lip"), kAligned, packed_, true, [&] { ++blocks; });
  EXPECT_GE(blocks, 8);
  std::filesystem::remove(packed_);
  for (int stop = 0; stop < blocks; ++stop) {
    int left = stop;
    const auto check = [&] {
      if (left-- == 0) throw Error(Code::kInterrupted, "interrupted");
    };
    const auto pack = [&] { PackModel(model_, Preset("wav2lip"), kAligned, model_, true, check); };
    EXPECT_EQ(FailureOf(pack).code, Code::kInterrupted);
    EXPECT_EQ(test::CountEntries(folder_ / "."), 1);
  }
  EXPECT_EQ(ReadBytes(model_), before);
}

TEST_F(Pack, RefusesWhatDoesNotFitBeforeItWrites) {
  Identity().Save(model_);
  EXPECT_EQ(FailureOf([&] { PackTo(packed_, "openwakeword"); }).code, Code::kModel);
  EXPECT_EQ(FailureOf([&] { PackTo(packed_, "wav2lip", Rule("76:8", Tail::kDrop)); }).code,
            Code::kModel);
  FrontendSpec spec = Preset("wav2lip");
  spec.hop_samples = 0;
  EXPECT_EQ(FailureOf([&] { PackModel(model_, spec, kAligned, packed_); }).code,
            Code::kInvalidSpec);
  EXPECT_EQ(test::CountEntries(folder_ / "."), 1);
}

TEST_F(Pack, WeightsInOtherFilesMustLieBesideTheOutput) {
  using W = OnnxWriter;
  Identity()
      .InGraph(W::Bytes(5, W::Bytes(8, "w") + W::Integer(14, 1) +
                               W::Bytes(13, W::Bytes(1, "location") + W::Bytes(2, "w.bin"))))
      .Save(model_);
  const std::string other = folder_ / "other";
  std::filesystem::create_directory(other);
  test::WriteBytes(folder_ / "w.bin", "weights");
  EXPECT_NO_THROW(PackTo(packed_));
  const test::Failure failure = FailureOf([&] { PackTo(other + "/packed.onnx"); });
  EXPECT_EQ(failure.code, Code::kModel);
  EXPECT_TRUE(HasAll(failure.message, {model_, "\"w.bin\"", other + "/w.bin", "copy it there"}));
  EXPECT_EQ(test::CountEntries(other), 0);
  test::WriteBytes(other + "/w.bin", "weights");
  EXPECT_NO_THROW(PackTo(other + "/packed.onnx"));
}

/// A file that is new each time: writing over one waits for the disk.
void WriteAnew(const std::string& path, const std::string& bytes) {
  std::filesystem::remove(path);
  test::WriteBytes(path, bytes);
}

/// Everything that reads a model without the runtime; only an ossicle::Error may come out.
bool IsRead(const std::string& path) {
  try {
    const ModelFile model = ReadModelFile(path);
    GraphSha256(path);
    if (const std::optional<ModelMetadata> packed = model.Metadata()) {
      model.CheckFits(packed->frontend, packed->windows);
    }
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kModel) << error.what();
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
    return false;
  }
}

TEST_F(Pack, EveryCutOfAPackedModelIsAnErrorOrAnUnpackedModel) {
  Strange().Save(model_);
  PackTo(packed_);
  const std::string bytes = ReadBytes(packed_);
  const std::size_t model_bytes = ReadBytes(model_).size();
  const std::string cut = folder_ / "cut.onnx";
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    WriteAnew(cut, bytes.substr(0, size));
    const bool is_unpacked = size <= model_bytes;
    EXPECT_TRUE(is_unpacked || !IsRead(cut)) << size;
  }
}

TEST_F(Pack, NoDamageToAPackedModelDoesMoreThanThrowAnError) {
  Strange().Save(model_);
  PackTo(packed_);
  const std::string bytes = ReadBytes(packed_);
  const std::string damaged = folder_ / "damaged.onnx";
  std::mt19937 random(5);
  int refused = 0;
  constexpr int kTries = 4000;
  for (int i = 0; i < kTries; ++i) {
    std::string copy = bytes;
    for (std::uint32_t flips = 1 + random() % 4; flips > 0; --flips) {
      copy[random() % copy.size()] ^= static_cast<char>(1U << random() % 8);
    }
    if (random() % 4 == 0) copy.insert(random() % copy.size(), std::string(random() % 12, '\xff'));
    if (random() % 4 == 0) copy.erase(random() % copy.size(), random() % 40);
    WriteAnew(damaged, copy);
    refused += IsRead(damaged) ? 0 : 1;
  }
  EXPECT_GT(refused, kTries / 4);
  EXPECT_LT(refused, kTries);
}

class OpenModelTest : public Pack {
 protected:
  void SetUp() override {
    if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
    Identity().Save(model_);
    PackTo(packed_);
  }

  test::Failure OpenFailure(const std::string& path, const ModelChoices& choices = {}) const {
    return FailureOf([&] { OpenModel(path, choices); });
  }
};

TEST_F(OpenModelTest, APackedModelNeedsNothingElse) {
  const Model model = OpenModel(packed_);
  EXPECT_EQ(model.frontend.spec(), Preset("wav2lip"));
  EXPECT_EQ(model.windows, kAligned);
  EXPECT_TRUE(model.is_packed);
}

TEST_F(OpenModelTest, WhatTheCallerChoosesWins) {
  const Model by_frontend = OpenModel(packed_, {.frontend = Preset("whisper-80")});
  EXPECT_EQ(by_frontend.frontend.spec(), Preset("whisper-80"));
  EXPECT_EQ(by_frontend.windows, kAligned);
  const Model by_windows = OpenModel(packed_, {.windows = Rule("16:4", Tail::kPad)});
  EXPECT_EQ(by_windows.windows, Rule("16:4", Tail::kAlign));
  const FrontendSpec loaded = OpenModel(packed_, {.resampler = "kaldi"}).frontend.spec();
  EXPECT_EQ(loaded.resampler, "kaldi");
  EXPECT_EQ(loaded.downmix, Preset("wav2lip").downmix);
  const Model by_downmix = OpenModel(packed_, {.downmix = Downmix::kFfmpeg});
  EXPECT_EQ(by_downmix.frontend.spec().downmix, Downmix::kFfmpeg);
  const Model by_tail = OpenModel(packed_, {.tail = Tail::kPad});
  EXPECT_EQ(by_tail.windows, Rule("16:80/25", Tail::kPad));
}

TEST_F(OpenModelTest, PassesTheEncodersOptionsOn) {
  EXPECT_EQ(OpenModel(packed_, {.encoder = {.max_batch = 3}}).encoder.options().max_batch, 3);
}

TEST_F(OpenModelTest, AnUnpackedModelNeedsAFrontEndAndWindows) {
  const test::Failure failure = OpenFailure(model_);
  EXPECT_EQ(failure.code, Code::kInvalidSpec);
  EXPECT_TRUE(HasAll(failure.message, {model_, "frontend and windows", "ossicle pack"}));
  EXPECT_TRUE(
      HasAll(OpenFailure(model_, {.frontend = Preset("wav2lip")}).message, {"pass windows,"}));
  EXPECT_TRUE(HasAll(OpenFailure(model_, {.windows = kAligned}).message, {"pass frontend,"}));
  const Model model = OpenModel(model_, {.frontend = Preset("wav2lip"), .windows = kAligned});
  EXPECT_EQ(model.windows, Rule("16:80/25", Tail::kDrop));
  EXPECT_FALSE(model.is_packed);
}

TEST_F(OpenModelTest, AGraphThatWasChangedAfterwardsIsRefused) {
  std::string bytes = ReadBytes(packed_);
  bytes[bytes.find("test")] = 'b';  // the graph's name
  test::WriteBytes(packed_, bytes);
  EXPECT_EQ(OpenFailure(packed_).code, Code::kModel);
  EXPECT_EQ(OpenFailure(packed_, {.frontend = Preset("wav2lip"), .windows = kAligned}).code,
            Code::kModel);
  EXPECT_NO_THROW(OpenModel(packed_, {Preset("wav2lip"), kAligned, Tail::kAlign}));
}

TEST_F(OpenModelTest, MetadataThatDoNotFitTheInputAreRefused) {
  OnnxWriter()
      .Input("x", {kFree, kFree, kFree})
      .Output("y", {kFree, kFree, kFree})
      .Node("Identity", {"x"}, "y")
      .Save(model_);
  PackModel(model_, Preset("wav2lip"), kAligned, folder_ / "free.onnx");
  const ModelFile free = ReadModelFile(folder_ / "free.onnx");
  OnnxWriter other;
  other.Input("x", {kFree, 76, 32}).Output("y", {kFree, 76, 32}).Node("Identity", {"x"}, "y");
  const std::string digest = GraphSha256(other.Save(model_));
  for (const auto& [key, value] : free.properties) {
    other.Property(key, key == "ossicle.graph_sha256" ? digest : value);
  }
  other.Save(model_);
  const test::Failure failure = OpenFailure(model_);
  EXPECT_EQ(failure.code, Code::kModel);
  EXPECT_TRUE(HasAll(failure.message, {"[N, 76, 32]", "16 frames x 80 bands", "packed again"}));
}

}  // namespace
}  // namespace ossicle
