#include "ossicle/npy.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <thread>

#include "support/failure.h"
#include "support/files.h"
#include "support/sound.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::CountEntries;
using test::FailureOf;
using test::HasAll;
using test::ReadBytes;
using test::TemporaryFolder;
using test::WriteBytes;

/// Puts `fd` in the place of standard output for as long as it lives.
class StandardOutput {
 public:
  explicit StandardOutput(int fd) : saved_(dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    close(fd);
  }
  ~StandardOutput() {
    dup2(saved_, STDOUT_FILENO);
    close(saved_);
  }

 private:
  int saved_;
};

/// Ignores a signal for as long as it lives.
class Ignored {
 public:
  explicit Ignored(int signal) : signal_(signal), before_(std::signal(signal, SIG_IGN)) {}
  ~Ignored() { std::signal(signal_, before_); }

 private:
  int signal_;
  void (*before_)(int);
};

template <class T>
struct Array {
  std::vector<std::int64_t> shape;
  std::vector<T> values;
};

template <class T>
Array<T> ParseNpy(const std::string& bytes) {
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t header =
      static_cast<unsigned char>(bytes.at(8)) + 256u * static_cast<unsigned char>(bytes.at(9));
  EXPECT_EQ((10 + header) % 64, 0u);
  const std::string text = bytes.substr(10, header);
  constexpr const char* kForm =
      "{'descr': '<f%zu', 'fortran_order': False, 'shape': (%ld, %ld), }%n";
  std::size_t width = 0;
  long rows = 0;
  long columns = 0;
  int end = 0;
  std::sscanf(text.c_str(), kForm, &width, &rows, &columns, &end);
  if (end == 0) throw std::runtime_error("header: " + text);
  EXPECT_EQ(text.find_first_not_of(' ', static_cast<std::size_t>(end)), text.size() - 1);
  EXPECT_EQ(width, sizeof(T));
  Array<T> array{{rows, columns}, {}};
  array.values.resize((bytes.size() - 10 - header) / sizeof(T));
  if (!array.values.empty()) {
    std::memcpy(array.values.data(), bytes.data() + 10 + header, array.values.size() * sizeof(T));
  }
  EXPECT_EQ(bytes.size(), 10 + header + array.values.size() * sizeof(T));
  return array;
}

void WriteText(AtomicFile& file, const std::string& text) { file.Write(text.data(), text.size()); }

TEST(NpyHeader, IsWhatNumpyWrites) {
  const std::string header("\x93NUMPY\x01\x00\x76\x00", 10);
  const std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  EXPECT_EQ(NpyHeader("<f4", {2, 3}), header + dict + std::string(117 - dict.size(), ' ') + "\n");
  EXPECT_TRUE(
      HasAll(NpyHeader("<f8", {7}), {"'descr': '<f8', 'fortran_order': False, 'shape': (7,), }"}));
  EXPECT_TRUE(HasAll(NpyHeader("<f8", {}), {"'shape': (), }"}));
  EXPECT_TRUE(HasAll(NpyHeader("<f4", {0, 80, 1}), {"'shape': (0, 80, 1), }"}));
}

TEST(NpyHeader, IsPaddedTo64Bytes) {
  std::vector<std::int64_t> shape;
  for (int dimensions = 0; dimensions <= 64; ++dimensions) {
    const std::string header = NpyHeader("<f4", shape);
    EXPECT_EQ(header.size() % 64, 0u);
    EXPECT_EQ(header.size() - 10,
              static_cast<unsigned char>(header[8]) + 256u * static_cast<unsigned char>(header[9]));
    EXPECT_EQ(header.back(), '\n');
    shape.push_back(1234567890123);
  }
}

TEST(NpyHeader, RefusesWhatItCannotSay) {
  EXPECT_TRUE(HasAll(FailureOf([] { NpyHeader("<i4", {1}); }).message, {"\"<i4\""}));
  EXPECT_TRUE(
      HasAll(FailureOf([] { NpyHeader("<f4", {3, -1}); }).message, {"size -1 of dimension 1"}));
  EXPECT_EQ(FailureOf([] { NpyHeader("<f4", std::vector<std::int64_t>(65)); }).code, Code::kShape);
}

TEST(WriteNpy, WritesAMatrixByteForByte) {
  const TemporaryFolder dir;
  const std::vector<float> values = {1, -2.5f, 0, 4, 5, 6};
  WriteNpy(dir / "a.npy", values, 2, 3);
  std::string expected = NpyHeader("<f4", {2, 3});
  expected += std::string("\x00\x00\x80\x3f\x00\x00\x20\xc0\x00\x00\x00\x00", 12);
  expected += std::string("\x00\x00\x80\x40\x00\x00\xa0\x40\x00\x00\xc0\x40", 12);
  EXPECT_EQ(ReadBytes(dir / "a.npy"), expected);
  EXPECT_EQ(CountEntries(dir / "."), 1);
}

TEST(WriteNpy, RefusesAShapeThatDoesNotFit) {
  const TemporaryFolder dir;
  const std::vector<float> values(6);
  const auto failure = FailureOf([&] { WriteNpy(dir / "a.npy", values, 2, 4); });
  EXPECT_EQ(failure.code, Code::kShape);
  EXPECT_TRUE(HasAll(failure.message, {"6 values for a matrix of 2 x 4"}));
  EXPECT_EQ(CountEntries(dir / "."), 0);
}

template <class T>
Features<T> Counting(std::int64_t frames, int bands, Layout layout) {
  Features<T> features(bands, layout);
  while (features.frames() < frames) {
    const std::int64_t first = features.frames();
    const FeatureView<T> view = features.Append(frames - first);
    for (std::int64_t f = 0; f < view.frames; ++f) {
      for (int b = 0; b < bands; ++b) view.at(f, b) = static_cast<T>((first + f) * bands + b);
    }
  }
  return features;
}

template <class T>
void ExpectRoundTrip(std::int64_t frames, Layout layout) {
  constexpr int kBands = 3;
  const TemporaryFolder dir;
  WriteNpy(dir / "a.npy", Counting<T>(frames, kBands, layout));
  const Array<T> array = ParseNpy<T>(ReadBytes(dir / "a.npy"));
  const bool frames_first = layout == Layout::kFramesFirst;
  EXPECT_EQ(array.shape, frames_first ? (std::vector<std::int64_t>{frames, kBands})
                                      : (std::vector<std::int64_t>{kBands, frames}));
  ASSERT_EQ(array.values.size(), static_cast<std::size_t>(frames * kBands));
  for (std::int64_t f = 0; f < frames; ++f) {
    for (int b = 0; b < kBands; ++b) {
      const std::int64_t at = frames_first ? f * kBands + b : b * frames + f;
      ASSERT_EQ(array.values[static_cast<std::size_t>(at)], static_cast<T>(f * kBands + b));
    }
  }
}

TEST(WriteNpy, WritesFeaturesInTheirLayout) {
  for (const Layout layout : {Layout::kFramesFirst, Layout::kBandsFirst}) {
    for (const std::int64_t frames : {0, 1, 1023, 1024, 1025, 5000}) {
      ExpectRoundTrip<float>(frames, layout);
      ExpectRoundTrip<double>(frames, layout);
    }
  }
}

TEST(WriteNpy, WritesToStandardOutput) {
  const std::vector<float> values(50000, 0.25f);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::string received;
  std::thread reader([&received, fd = ends[0]] {
    char block[1000];
    for (ssize_t got; (got = read(fd, block, sizeof block)) > 0;) {
      received.append(block, static_cast<std::size_t>(got));
    }
    close(fd);
  });
  {
    const StandardOutput output(ends[1]);
    WriteNpy("-", values, 500, 100);
  }
  reader.join();
  EXPECT_EQ(ParseNpy<float>(received).values, values);
}

TEST(AtomicFile, AppearsOnlyWithCommit) {
  const TemporaryFolder dir;
  AtomicFile file(dir / "a.npy");
  WriteText(file, "whole");
  EXPECT_FALSE(std::filesystem::exists(dir / "a.npy"));
  EXPECT_EQ(CountEntries(dir / "."), 1);
  file.Commit();
  EXPECT_EQ(ReadBytes(dir / "a.npy"), "whole");
  EXPECT_EQ(CountEntries(dir / "."), 1);
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const TemporaryFolder dir;
  {
    AtomicFile file(dir / "a.npy");
    WriteText(file, "part");
  }
  EXPECT_EQ(CountEntries(dir / "."), 0);
}

TEST(AtomicFile, HasTheModeThatTheUmaskLeaves) {
  const TemporaryFolder dir;
  const mode_t before = umask(027);
  AtomicFile file(dir / "a.npy");
  umask(before);
  file.Commit();
  EXPECT_EQ(std::filesystem::status(dir / "a.npy").permissions(), std::filesystem::perms(0640));
}

TEST(AtomicFile, KeepsWhatExists) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.npy", "old");
  const auto failure = FailureOf([&] { AtomicFile file(dir / "a.npy"); });
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {dir / "a.npy", "--overwrite"}));
  EXPECT_EQ(ReadBytes(dir / "a.npy"), "old");
}

TEST(AtomicFile, KeepsWhatCameToExistInTheMeantime) {
  const TemporaryFolder dir;
  {
    AtomicFile file(dir / "a.npy");
    WriteText(file, "new");
    WriteBytes(dir / "a.npy", "other");
    EXPECT_TRUE(HasAll(FailureOf([&] { file.Commit(); }).message, {"--overwrite"}));
  }
  EXPECT_EQ(ReadBytes(dir / "a.npy"), "other");
  EXPECT_EQ(CountEntries(dir / "."), 1);
}

TEST(AtomicFile, ReplacesWithOverwriteAndOnlyWhenWhole) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.npy", "old");
  {
    AtomicFile file(dir / "a.npy", true);
    WriteText(file, "half");
  }
  EXPECT_EQ(ReadBytes(dir / "a.npy"), "old");
  AtomicFile file(dir / "a.npy", true);
  WriteText(file, "new");
  file.Commit();
  EXPECT_EQ(ReadBytes(dir / "a.npy"), "new");
  EXPECT_EQ(CountEntries(dir / "."), 1);
}

TEST(AtomicFile, FollowsASymbolicLink) {
  const TemporaryFolder dir;
  WriteBytes(dir / "target.npy", "old");
  std::filesystem::create_symlink("target.npy", dir / "link.npy");
  std::filesystem::create_symlink("nowhere.npy", dir / "loose.npy");
  AtomicFile file(dir / "link.npy", true);
  WriteText(file, "new");
  file.Commit();
  EXPECT_TRUE(std::filesystem::is_symlink(dir / "link.npy"));
  EXPECT_EQ(ReadBytes(dir / "target.npy"), "new");
  EXPECT_TRUE(HasAll(FailureOf([&] { AtomicFile loose(dir / "loose.npy"); }).message, {"nowhere"}));
}

TEST(AtomicFile, WritesThroughALinkToAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  AtomicFile file("/proc/self/fd/" + std::to_string(ends[1]));
  WriteText(file, "through");
  file.Commit();
  char received[8] = {};
  EXPECT_EQ(read(ends[0], received, sizeof received), 7);
  EXPECT_STREQ(received, "through");
  close(ends[0]);
  close(ends[1]);
}

TEST(AtomicFile, TakesANameAsLongAsTheFileSystemDoes) {
  const TemporaryFolder dir;
  const std::string path = dir / std::string(255, 'n');
  AtomicFile file(path);
  file.Commit();
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(FailureOf([&] {
              AtomicFile longer(path + "n");
              longer.Commit();
            }).code,
            Code::kOutput);
}

TEST(AtomicFile, ExplainsWhyAPlaceCannotBeWritten) {
  const TemporaryFolder dir;
  WriteBytes(dir / "file", "");
  std::filesystem::create_directory(dir / "d.npy");
  const std::pair<const char*, const char*> cases[] = {
      {"none/a.npy", "does not exist; make it first"},
      {"file/a.npy", "is not a directory"},
      {"d.npy", "it is a directory"}};
  for (const auto& [name, reason] : cases) {
    for (const bool overwrite : {false, true}) {
      const auto failure = FailureOf([&] { AtomicFile file(dir / name, overwrite); });
      EXPECT_EQ(failure.code, Code::kOutput);
      EXPECT_TRUE(HasAll(failure.message, {dir / name, reason}));
    }
  }
  EXPECT_EQ(FailureOf([] { AtomicFile file(""); }).code, Code::kOutput);
}

TEST(AtomicFile, ExplainsThatWritingIsNotAllowed) {
  const TemporaryFolder dir;
  std::filesystem::create_directory(dir / "d");
  ASSERT_EQ(chmod((dir / "d").c_str(), 0555), 0);
  ASSERT_EQ(chmod((dir / ".").c_str(), 0755), 0);
  const uid_t user = geteuid();
  if (user == 0) {
    ASSERT_EQ(seteuid(65534), 0);  // root may write everywhere
  }
  test::Failure failure{};
  EXPECT_NO_THROW(failure = FailureOf([&] { AtomicFile file(dir / "d/a.npy"); }));
  ASSERT_EQ(seteuid(user), 0);
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {dir / "d/a.npy", "permission denied"}));
}

TEST(AtomicFile, WritesADeviceDirectly) {
  AtomicFile file("/dev/null");
  WriteText(file, "gone");
  file.Commit();
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(AtomicFile, WritesAFifoDirectly) {
  const TemporaryFolder dir;
  ASSERT_EQ(mkfifo((dir / "fifo").c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] { received = ReadBytes(dir / "fifo"); });
  {
    AtomicFile file(dir / "fifo");
    WriteText(file, "through");
    file.Commit();
  }
  reader.join();
  EXPECT_EQ(received, "through");
  EXPECT_TRUE(std::filesystem::is_fifo(dir / "fifo"));
}

TEST(AtomicFile, SaysThatThereIsNoSpace) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  AtomicFile file("/dev/full");
  const auto failure = FailureOf([&] { WriteText(file, "too much"); });
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {"/dev/full", "no space left"}));
}

TEST(AtomicFile, LeavesNothingWhenTheFileMayNotGrow) {
  const TemporaryFolder dir;
  const Ignored signal(SIGXFSZ);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  test::Failure failure{};
  EXPECT_NO_THROW(
      failure = FailureOf([&] { WriteNpy(dir / "a.npy", std::vector<float>(100000), 1000, 100); }));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {dir / "a.npy", "too large"}));
  EXPECT_EQ(CountEntries(dir / "."), 0);
}

TEST(AtomicFile, SaysThatTheReaderOfAPipeHasGone) {
  const Ignored signal(SIGPIPE);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  test::Failure failure{};
  {
    const StandardOutput output(ends[1]);
    AtomicFile file("-");
    failure = FailureOf([&] { WriteText(file, "to nobody"); });
  }
  EXPECT_EQ(failure.code, Code::kOutput);
  EXPECT_TRUE(HasAll(failure.message, {"standard output", "broken pipe"}));
}

}  // namespace
}  // namespace ossicle
