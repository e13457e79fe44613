#include "ossicle/model_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "encoder/model_metadata.h"
#include "encoder/sha256.h"
#include "ossicle/version.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/onnx_writer.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::OnnxWriter;
using Properties = std::vector<std::pair<std::string, std::string>>;
constexpr std::int64_t kFree = OnnxWriter::kFree;

std::string HexDigest(const std::string& bytes) {
  Sha256 sha256;
  for (const char byte : bytes) sha256.Update(&byte, 1);
  return sha256.Digest();
}

ModelMetadata SomeMetadata() {
  ModelMetadata metadata{Preset("wav2lip"), WindowRule::Parse("16:80/25:3"), HexDigest("graph"),
                         Version()};
  metadata.windows.tail = Tail::kAlign;
  return metadata;
}

/// SomeMetadata() with one entry changed, or taken out where `value` is null.
ModelFile With(const std::string& key, const char* value) {
  ModelFile model;
  model.path = "m.onnx";
  for (const auto& [name, text] : PropertiesOf(SomeMetadata())) {
    if (name != key) model.properties.emplace_back(name, text);
  }
  if (value != nullptr) model.properties.emplace_back(key, value);
  return model;
}

std::string MetadataError(const ModelFile& model) {
  const test::Failure failure = FailureOf([&] { model.Metadata(); });
  EXPECT_EQ(failure.code, Code::kModel);
  return failure.message;
}

class ModelFileTest : public testing::Test {
 protected:
  ModelFile Read(const OnnxWriter& model) const { return ReadModelFile(model.Save(path_)); }

  static OnnxWriter Encoder() {
    OnnxWriter writer;
    writer.Input("mel", {kFree, 1, 80, 16}).Output("embedding", {kFree, 512});
    return writer;
  }

  test::TemporaryFolder folder_;
  const std::string path_ = folder_ / "model.onnx";
};

TEST(Sha256, IsThatOfTheStandard) {  // FIPS 180-2, appendix B
  EXPECT_EQ(HexDigest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexDigest(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(ModelFileTest, ReadsInputsAndOutputs) {
  const ModelFile model = Read(OnnxWriter()
                                   .Input("mel", {kFree, 1, 80, 16})
                                   .Input("lengths", {kFree}, OnnxWriter::kInt64)
                                   .Output("embedding", {kFree, 512}));
  EXPECT_EQ(model.path, path_);
  EXPECT_EQ(model.ir_version, 8);
  ASSERT_EQ(model.inputs.size(), 2);
  EXPECT_EQ(model.inputs[0].name, "mel");
  EXPECT_EQ(model.inputs[0].type, "float32");
  EXPECT_EQ(model.inputs[0].shape, (std::vector<std::int64_t>{-1, 1, 80, 16}));
  EXPECT_EQ(model.inputs[0].dimension_names[0], "mel0");
  EXPECT_EQ(model.inputs[1].type, "int64");
  ASSERT_EQ(model.outputs.size(), 1);
  EXPECT_EQ(model.outputs[0].shape, (std::vector<std::int64_t>{-1, 512}));
  EXPECT_EQ(model.opsets, (std::vector<std::pair<std::string, std::int64_t>>{{"", 13}}));
  EXPECT_TRUE(model.properties.empty());
  EXPECT_FALSE(model.Metadata());
}

TEST_F(ModelFileTest, AnInputWithAnInitialValueIsNone) {
  const ModelFile model = Read(Encoder().Input("w", {2}).Constant("w", {2}, {1.0f, 2.0f}));
  ASSERT_EQ(model.inputs.size(), 1);
  EXPECT_EQ(model.inputs[0].name, "mel");
}

TEST_F(ModelFileTest, SaysWhoMadeIt) {
  const ModelFile model =
      Read(Encoder().Top(OnnxWriter::Bytes(3, "1.2")).Top(OnnxWriter::Bytes(2, "exporter")));
  EXPECT_EQ(model.producer, "exporter 1.2");
}

TEST_F(ModelFileTest, NamesTheFilesThatHoldItsWeights) {
  const auto tensor = [](const std::string& name, const std::string& file) {
    using W = OnnxWriter;
    return W::Bytes(5, W::Bytes(8, name) + W::Bytes(13, W::Bytes(1, "offset") + W::Bytes(2, "4")) +
                           W::Bytes(13, W::Bytes(1, "location") + W::Bytes(2, file)) +
                           W::Integer(14, 1));
  };
  const ModelFile model = Read(Encoder()
                                   .InGraph(tensor("a", "two.bin"))
                                   .InGraph(tensor("b", "one.bin"))
                                   .InGraph(tensor("c", "two.bin"))
                                   .Constant("d", {1}, {1.0f}));
  EXPECT_EQ(model.external_files, (std::vector<std::string>{"one.bin", "two.bin"}));
}

TEST_F(ModelFileTest, WhatIsNoTensorIsSaid) {
  using W = OnnxWriter;
  const std::string sequence = W::Bytes(1, "list") + W::Bytes(2, W::Bytes(4, ""));
  const ModelFile model = Read(W().InGraph(W::Bytes(11, sequence)).Output("y", {1}, 99));
  EXPECT_EQ(model.inputs.at(0).type, "sequence");
  EXPECT_EQ(model.outputs.at(0).type, "type 99");
}

TEST_F(ModelFileTest, RefusesMoreDimensionsThanAnyTensorHas) {
  const std::vector<std::int64_t> most(64, 1);
  EXPECT_EQ(Read(OnnxWriter().Input("x", most)).inputs.at(0).shape, most);
  const std::vector<std::int64_t> more(65, 1);
  EXPECT_TRUE(HasAll(FailureOf([&] { Read(OnnxWriter().Input("x", more)); }).message,
                     {path_, "more than 64 dimensions"}));
}

TEST_F(ModelFileTest, HashesTheGraphAsItStandsInTheFile) {
  const OnnxWriter writer = Encoder().Property("author", "somebody");
  const std::string path = writer.Save(path_);
  EXPECT_EQ(GraphSha256(path), HexDigest(writer.Graph()));
  // Protobuf joins messages that are given in parts.
  const std::string a = OnnxWriter::Bytes(2, "a");
  const std::string b = OnnxWriter::Bytes(2, "b");
  test::WriteBytes(path,
                   OnnxWriter::Integer(1, 8) + OnnxWriter::Bytes(7, a) + OnnxWriter::Bytes(7, b));
  EXPECT_EQ(GraphSha256(path), HexDigest(a + b));
}

TEST_F(ModelFileTest, RefusesWhatIsNoModel) {
  for (const std::string& bytes :
       {OnnxWriter::Integer(1, 8), OnnxWriter::Bytes(7, ""), OnnxWriter::Bytes(8, "") + "x",
        std::string("not a model\n"), std::string(1000, '\0'), std::string(1000, '\xff')}) {
    test::WriteBytes(path_, bytes);
    const test::Failure failure = FailureOf([&] { ReadModelFile(path_); });
    EXPECT_EQ(failure.code, Code::kModel);
    EXPECT_TRUE(HasAll(failure.message, {path_, "ONNX", "export it again"}));
  }
}

TEST_F(ModelFileTest, MetadataComeBackForEveryPresetAndTail) {
  for (const PresetInfo& preset : Presets()) {
    for (const Tail tail : {Tail::kDrop, Tail::kAlign, Tail::kPad}) {
      ModelMetadata metadata = SomeMetadata();
      metadata.frontend = Preset(preset.name);
      metadata.windows.tail = tail;
      OnnxWriter writer = Encoder();
      for (const auto& [key, value] : PropertiesOf(metadata)) writer.Property(key, value);
      const std::optional<ModelMetadata> found = Read(writer).Metadata();
      ASSERT_TRUE(found);
      EXPECT_EQ(found->frontend, metadata.frontend);
      EXPECT_EQ(found->frontend.name, preset.name);
      EXPECT_EQ(found->windows, metadata.windows);
      EXPECT_EQ(found->graph_sha256, metadata.graph_sha256);
      EXPECT_EQ(found->packed_by, Version());
    }
  }
}

TEST_F(ModelFileTest, ForeignEntriesAreNotLookedAt) {
  const ModelFile model = Read(Encoder()
                                   .Property("author", "somebody")
                                   .Property("ossicles", "malleus, incus, stapes")
                                   .Property(std::string(1 << 17, 'k'), "long"));
  EXPECT_TRUE(model.properties.empty());
}

TEST(ModelMetadata, SaysWhichEntryIsWrong) {
  struct Case {
    const char* key;
    const char* value;
    std::vector<std::string> words;
  };
  for (const Case& c : {
           Case{"ossicle.format", "2", {"ossicle.format=\"2\"", "must be 1"}},
           Case{"ossicle.format", nullptr, {"ossicle.format is missing"}},
           Case{"ossicle.version", "new", {"ossicle.version=\"new\"", "like 0.1.0"}},
           Case{"ossicle.version", "0.1", {"ossicle.version=\"0.1\""}},
           Case{"ossicle.version", "0.1.0x", {"ossicle.version=\"0.1.0x\""}},
           Case{"ossicle.version", "0.-1.0", {"ossicle.version=\"0.-1.0\""}},
           Case{"ossicle.version", "0.1.99999999999", {"ossicle.version="}},
           Case{"ossicle.version", nullptr, {"ossicle.version is missing"}},
           Case{"ossicle.frontend", "", {"ossicle.frontend: not valid JSON"}},
           Case{"ossicle.frontend", "{\"hop_samples\": 0}", {"hop_samples=0", "1.."}},
           Case{"ossicle.frontend", "{\"hops\": 1}", {"\"hops\" is unknown"}},
           Case{"ossicle.frontend", nullptr, {"ossicle.frontend is missing"}},
           Case{"ossicle.windows", "16", {"ossicle.windows: windows \"16\"", "LENGTH:STEP"}},
           Case{"ossicle.windows", "0:1", {"ossicle.windows", "\"0\"", "1.."}},
           Case{"ossicle.tail", "cut", {"ossicle.tail: tail=\"cut\"", "drop, align or pad"}},
           Case{"ossicle.graph_sha256", "abc", {"ossicle.graph_sha256=\"abc\"", "64 hexadecimal"}},
       }) {
    const std::string message = MetadataError(With(c.key, c.value));
    for (const std::string& word : c.words) EXPECT_TRUE(HasAll(message, {word}));
    EXPECT_TRUE(HasAll(message, {"\"m.onnx\"", "pack it again", "frontend, windows and tail"}));
  }
}

TEST(ModelMetadata, AnEntryThatIsThereTwiceIsWrong) {
  ModelFile model = With("ossicle.tail", "drop");
  model.properties.emplace_back("ossicle.tail", "pad");
  EXPECT_TRUE(HasAll(MetadataError(model), {"ossicle.tail is there twice"}));
}

TEST(ModelMetadata, ALongValueIsShortenedInTheMessage) {
  const std::string value(1 << 16, 'x');
  for (const char* key : {"ossicle.format", "ossicle.version", "ossicle.frontend",
                          "ossicle.windows", "ossicle.tail", "ossicle.graph_sha256"}) {
    EXPECT_LT(MetadataError(With(key, value.c_str())).size(), 1000) << key;
  }
}

TEST(ModelMetadata, WhatANewerVersionPackedNamesThatVersion) {
  for (const char* version : {"0.9.0", "0.10.0", "1.0.0", "0.1.1"}) {
    ModelFile model = With("ossicle.frontend", R"({"name": "new", "cochlea": true})");
    for (auto& [key, value] : model.properties) {
      if (key == "ossicle.version") value = version;
    }
    EXPECT_TRUE(HasAll(MetadataError(model),
                       {std::string("packed by Ossicle ") + version, "this is " + Version(),
                        "\"cochlea\" is unknown", "update Ossicle"}));
  }
}

TEST(ModelMetadata, WhatANewerVersionPackedIsUsedIfItIsUnderstood) {
  const std::optional<ModelMetadata> found = With("ossicle.version", "9.0.0").Metadata();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->packed_by, "9.0.0");
  EXPECT_EQ(found->frontend, Preset("wav2lip"));
}

TEST_F(ModelFileTest, AnotherGraphIsNotTheOneThatWasPacked) {
  const ModelMetadata packed = SomeMetadata();
  const ModelFile model = Read(Encoder());
  EXPECT_NO_THROW(model.CheckGraph(packed, packed.graph_sha256));
  const test::Failure failure =
      FailureOf([&] { model.CheckGraph(packed, HexDigest("another graph")); });
  EXPECT_EQ(failure.code, Code::kModel);
  EXPECT_TRUE(HasAll(failure.message, {path_, packed.graph_sha256, HexDigest("another graph"),
                                       "pack this one again"}));
}

TEST_F(ModelFileTest, SpecAndWindowsMustFitTheInput) {
  const WindowRule rule = WindowRule::Parse("16:4");
  const auto error = [&](const ModelFile& model, const char* preset, const WindowRule& windows) {
    const test::Failure failure = FailureOf([&] { model.CheckFits(Preset(preset), windows); });
    EXPECT_EQ(failure.code, Code::kModel);
    return failure.message;
  };
  const ModelFile model = Read(Encoder());
  EXPECT_NO_THROW(model.CheckFits(Preset("wav2lip"), rule));
  EXPECT_TRUE(HasAll(error(model, "wav2lip", WindowRule::Parse("20:4")),
                     {"[N, 1, 80, 16]", "20 frames x 80 bands", "windows 16:STEP"}));
  EXPECT_TRUE(HasAll(error(model, "whisper-128", rule), {"16 frames x 128 bands", "80 bands"}));
  EXPECT_TRUE(HasAll(error(Read(Encoder().Input("more", {1})), "wav2lip", rule), {"2 inputs"}));
  EXPECT_TRUE(HasAll(error(Read(OnnxWriter().Input("x", {kFree, 80, 16})), "wav2lip", rule),
                     {"0 outputs"}));
  EXPECT_TRUE(HasAll(
      error(Read(OnnxWriter().Input("x", {kFree, 80, 16}, 7).Output("y", {1})), "wav2lip", rule),
      {"input \"x\" of type int64", "float32"}));
  EXPECT_TRUE(HasAll(
      error(Read(OnnxWriter().Input("x", {kFree, 80, 16}).Output("y", {1}, 7)), "wav2lip", rule),
      {"output \"y\" of type int64", "float32"}));
}

}  // namespace
}  // namespace ossicle
