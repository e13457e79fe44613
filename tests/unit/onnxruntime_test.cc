#include "encoder/onnxruntime.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "encoder/onnxruntime_search.h"
#include "ossicle/error.h"
#include "support/onnxruntime.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

std::string OpenError(const std::vector<ort::Place>& places) {
  try {
    ort::Runtime::Open(places);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kModel);
    return error.what();
  }
  return "no error";
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string MakeFile(const std::string& path) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path) << "not a library";
  return path;
}

/// The files of all places, in order.
std::vector<std::string> Files(const ort::SearchContext& context) {
  std::vector<std::string> files;
  for (const ort::Place& place : ort::Places(context)) {
    files.insert(files.end(), place.files.begin(), place.files.end());
  }
  return files;
}

TEST(OnnxRuntime, IsLookedForInTheDocumentedOrder) {
  const test::TemporaryFolder folder;
  const std::string program = folder / "env [1]/bin";  // brackets must not act as a pattern
  std::filesystem::create_directories(program);
  const std::string capi = "/onnxruntime/capi/libonnxruntime.so.1.23.2";
  const std::string beside = MakeFile(program + "/libonnxruntime.so.1");
  const std::string in_lib = MakeFile(program + "/../lib/ossicle/libonnxruntime.so.1");
  const std::string active = MakeFile(folder / "active/lib/python3.11/site-packages" + capi);
  const std::string own = MakeFile(program + "/../lib/python3.12/site-packages" + capi);
  EXPECT_EQ(Files({"", "", folder / "active", program}),
            (std::vector{beside, in_lib, active, own, std::string("libonnxruntime.so.1")}));
  EXPECT_EQ(Files({"", "", "", "/nowhere"}), std::vector<std::string>{"libonnxruntime.so.1"});
}

TEST(OnnxRuntime, WhatTheUserNamedIsTheOnlyPlace) {
  EXPECT_EQ(Files({"a.so", "b.so", "/env", "/bin"}), std::vector<std::string>{"a.so"});
  EXPECT_EQ(Files({"", "b.so", "/env", "/bin"}), std::vector<std::string>{"b.so"});
  const std::string error = OpenError(ort::Places({"", "/nowhere/b.so", "", ""}));
  EXPECT_TRUE(Contains(error, "$OSSICLE_ONNXRUNTIME=/nowhere/b.so")) << error;
}

TEST(OnnxRuntime, TheErrorListsThePlacesAndTheCure) {
  std::vector<ort::Place> places = ort::Places({"", "", "", "/nowhere"});
  places.back().files = {"libonnxruntime-that-does-not-exist.so.1"};
  const std::string error = OpenError(places);
  for (const char* part :
       {"$OSSICLE_ONNXRUNTIME: not set", "/nowhere/libonnxruntime.so.1: no such file",
        "/nowhere/../lib/ossicle/libonnxruntime.so.1: no such file", "$VIRTUAL_ENV: not set",
        "/nowhere/../lib/python3*/", "the loader's own path: libonnxruntime-that-does-not-exist",
        "pip install 'onnxruntime>=1.20'", "set OSSICLE_ONNXRUNTIME"}) {
    EXPECT_TRUE(Contains(error, part)) << part << "\nis not in\n" << error;
  }
}

TEST(OnnxRuntime, ALibraryThatIsSomethingElseIsRefused) {
  const test::TemporaryFolder folder;
  const std::string text = OpenError({{"text", {MakeFile(folder / "libonnxruntime.so.1")}, true}});
  EXPECT_TRUE(Contains(text, "libonnxruntime.so.1")) << text;
  const std::string other = OpenError({{"libm", {"libm.so.6"}, true}});
  EXPECT_TRUE(Contains(other, "not ONNX Runtime: it has no OrtGetApiBase")) << other;
}

TEST(OnnxRuntime, AnOldRuntimeIsRefusedByItsVersion) {
  const std::string error = OpenError({{"old", {OSSICLE_OLD_ONNXRUNTIME}, true}});
  EXPECT_TRUE(Contains(error, "ONNX Runtime 1.19.2 is too old: 1.20 is needed")) << error;
}

TEST(OnnxRuntime, IsFoundBehindAPlaceThatFails) {
  if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  const std::string good = std::getenv("OSSICLE_ONNXRUNTIME");
  const auto runtime = ort::Runtime::Open({{"old", {OSSICLE_OLD_ONNXRUNTIME}, false},
                                           {"nothing", {}, false},
                                           {"good", {"/nowhere.so", good}, false}});
  EXPECT_TRUE(std::filesystem::equivalent(runtime->info().path, good)) << runtime->info().path;
}

TEST(OnnxRuntime, TellsItsVersionPathAndProviders) {
  if (const std::string none = test::FindOnnxRuntime(); !none.empty()) GTEST_SKIP() << none;
  const OnnxRuntimeInfo info = LoadOnnxRuntime();
  RecordProperty("version", info.version);
  EXPECT_TRUE(info.version.starts_with("1.")) << info.version;
  EXPECT_TRUE(std::filesystem::exists(info.path)) << info.path;
  EXPECT_EQ(std::ranges::count(info.providers, "CPUExecutionProvider"), 1);
  EXPECT_EQ(LoadOnnxRuntime("/nowhere.so").path, info.path) << "it is opened once in a process";
}

}  // namespace
}  // namespace ossicle
