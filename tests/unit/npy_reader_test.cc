#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <thread>

#include "ossicle/npy.h"
#include "support/failure.h"
#include "support/files.h"
#include "support/temporary_folder.h"

namespace ossicle {
namespace {

using test::FailureOf;
using test::HasAll;
using test::TemporaryFolder;
using test::WriteBytes;

/// A .npy file of format `version` whose header is `text`.
std::string File(const std::string& text, const std::string& data, int version = 1) {
  std::string file = "\x93NUMPY";
  file += static_cast<char>(version);
  file += '\0';
  for (int byte = 0; byte < (version == 1 ? 2 : 4); ++byte) {
    file += static_cast<char>(text.size() >> (8 * byte) & 0xFF);
  }
  return file + text + data;
}

std::string Header(const std::string& type, const std::string& shape,
                   const std::string& fortran_order = "False") {
  return "{'descr': '" + type + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape +
         ", }\n";
}

template <class T>
std::string Bytes(const std::vector<T>& values, bool swapped = false) {
  std::string bytes;
  for (const T value : values) {
    std::string one(sizeof(T), '\0');
    std::memcpy(one.data(), &value, sizeof(T));
    bytes += swapped ? std::string(one.rbegin(), one.rend()) : one;
  }
  return bytes;
}

UnknownFeatures ReadFrom(const std::string& bytes) {
  const TemporaryFolder dir;
  WriteBytes(dir / "a.npy", bytes);
  return ReadNpy(dir / "a.npy");
}

test::Failure FailureFrom(const std::string& bytes) {
  return FailureOf([&] { ReadFrom(bytes); });
}

void ExpectMatrix(const UnknownFeatures& matrix, std::int64_t rows, std::int64_t columns,
                  const std::vector<double>& values) {
  EXPECT_EQ(matrix.rows, rows);
  EXPECT_EQ(matrix.columns, columns);
  EXPECT_EQ(matrix.values, values);
}

TEST(ReadNpy, GivesBackWhatWriteNpyWrote) {
  const TemporaryFolder dir;
  WriteNpy(dir / "a.npy", std::vector<float>{1, -2.5f, 0, 4, 5, 6}, 2, 3);
  ExpectMatrix(ReadNpy(dir / "a.npy"), 2, 3, {1, -2.5, 0, 4, 5, 6});
}

template <class T>
void ExpectType(const std::string& name) {
  const std::vector<T> values = {T(1), T(2), T(100)};
  for (const char order : {'<', '>'}) {
    SCOPED_TRACE(order + name);
    ExpectMatrix(ReadFrom(File(Header(order + name, "(1, 3)"), Bytes(values, order == '>'))), 1, 3,
                 {1, 2, 100});
  }
}

TEST(ReadNpy, TakesFloatsAndIntegersInEitherByteOrder) {
  ExpectType<float>("f4");
  ExpectType<double>("f8");
  ExpectType<std::int8_t>("i1");
  ExpectType<std::int16_t>("i2");
  ExpectType<std::int32_t>("i4");
  ExpectType<std::int64_t>("i8");
  ExpectType<std::uint8_t>("u1");
  ExpectType<std::uint16_t>("u2");
  ExpectType<std::uint32_t>("u4");
  ExpectType<std::uint64_t>("u8");
  ExpectMatrix(ReadFrom(File(Header("|i1", "(1, 2)"), "\xFF\x02")), 1, 2, {-1, 2});
}

TEST(ReadNpy, TakesHalfPrecision) {
  const std::vector<std::uint16_t> halves = {0x3C00, 0xC000, 0x0001, 0x8000, 0x7BFF, 0x3555};
  for (const bool swapped : {false, true}) {
    ExpectMatrix(ReadFrom(File(Header(swapped ? ">f2" : "<f2", "(2, 3)"), Bytes(halves, swapped))),
                 2, 3, {1, -2, 0x1p-24, -0.0, 65504, 0.333251953125});
  }
  for (const std::uint16_t bits : {0x7C00, 0xFC00, 0x7E01}) {
    EXPECT_EQ(FailureFrom(File(Header("<f2", "(1, 1)"), Bytes<std::uint16_t>({bits}))).code,
              Code::kInput);
  }
}

TEST(ReadNpy, TakesEachFormat) {
  for (const int version : {1, 2, 3}) {
    ExpectMatrix(ReadFrom(File(Header("<f4", "(1, 2)"), Bytes<float>({1, 2}), version)), 1, 2,
                 {1, 2});
  }
}

TEST(ReadNpy, TurnsFortranOrderIntoCOrder) {
  ExpectMatrix(ReadFrom(File(Header("<f4", "(2, 3)", "True"), Bytes<float>({1, 4, 2, 5, 3, 6}))), 2,
               3, {1, 2, 3, 4, 5, 6});
  ExpectMatrix(
      ReadFrom(File(Header("<f4", "(1, 2, 3, 1)", "True"), Bytes<float>({1, 4, 2, 5, 3, 6}))), 2, 3,
      {1, 2, 3, 4, 5, 6});
}

TEST(ReadNpy, LeavesOutDimensionsOfOneUntilTwoAreLeft) {
  const std::string data = Bytes<float>({1, 2, 3, 4, 5, 6});
  for (const char* shape : {"(1, 2, 3)", "(2, 1, 3)", "(2, 3, 1)", "(1, 1, 2, 1, 3)"}) {
    ExpectMatrix(ReadFrom(File(Header("<f4", shape), data)), 2, 3, {1, 2, 3, 4, 5, 6});
  }
  ExpectMatrix(ReadFrom(File(Header("<f4", "(1, 1, 6)"), data)), 1, 6, {1, 2, 3, 4, 5, 6});
  ExpectMatrix(ReadFrom(File(Header("<f4", "(6, 1)"), data)), 6, 1, {1, 2, 3, 4, 5, 6});
}

TEST(ReadNpy, TakesAnyLegalSpellingOfTheHeader) {
  for (const char* header :
       {"{\"shape\":(1,2),\"fortran_order\":False,\"descr\":\"<f4\"}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2L)}           \n",
        " { 'fortran_order' : False , 'shape' : ( 1 , 2 , ) , 'descr' : '<f4' , } "}) {
    ExpectMatrix(ReadFrom(File(header, Bytes<float>({1, 2}))), 1, 2, {1, 2});
  }
}

TEST(ReadNpy, ReadsAPipe) {
  const TemporaryFolder dir;
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
  const std::vector<double> values(300'000, 0.5);
  std::thread writer(
      [&] { WriteBytes(dir / "pipe", File(Header("<f8", "(3000, 100)"), Bytes(values))); });
  ExpectMatrix(ReadNpy(dir / "pipe"), 3000, 100, values);
  writer.join();
}

TEST(ReadNpy, SaysThatAFileIsMissingOrAFolder) {
  const TemporaryFolder dir;
  EXPECT_TRUE(HasAll(FailureOf([&] { ReadNpy(dir / "none.npy"); }).message,
                     {dir / "none.npy", "no such file", "check the path"}));
  EXPECT_TRUE(
      HasAll(FailureOf([&] { ReadNpy(dir / "."); }).message, {"is a directory, not a .npy file"}));
  EXPECT_TRUE(HasAll(FailureFrom("").message, {"is empty", "no array"}));
}

TEST(ReadNpy, SaysThatAFileIsNoNpy) {
  const std::string data = Bytes<float>({1, 2});
  for (const std::string& bytes :
       {std::string("RIFF"), std::string(1000, 'x'), std::string("PK\x03\x04 an .npz file"),
        std::string("\x93NUMPX\x01\x00", 8), std::string("\x93NUM")}) {
    const auto failure = FailureFrom(bytes);
    EXPECT_EQ(failure.code, Code::kInput);
    EXPECT_TRUE(HasAll(failure.message, {"a.npy\" is not a .npy file", "numpy.save"}));
  }
  for (const int version : {0, 4, 127}) {
    EXPECT_TRUE(HasAll(FailureFrom(File(Header("<f4", "(1, 2)"), data, version)).message,
                       {"format " + std::to_string(version) + ".0", "1.0, 2.0 and 3.0"}));
  }
}

TEST(ReadNpy, SaysWhatIsWrongWithAHeader) {
  for (const char* header :
       {"", "{", "}", "[1, 2]", "{'descr'}", "{'descr': '<f4'}", "{'descr': '<f4",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 2}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5, 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'order': 'C'}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)} and more",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (1, 2)}"}) {
    const auto failure = FailureFrom(File(header, Bytes<float>({1, 2})));
    EXPECT_EQ(failure.code, Code::kInput) << header;
    EXPECT_TRUE(HasAll(failure.message, {"a.npy\" is no .npy file: ", "numpy.save"})) << header;
  }
}

TEST(ReadNpy, RefusesTypesThatAreNoRealNumbers) {
  for (const char* type : {"|O", "<c8", "|S4", "<U4", "<M8[ns]", "<f16", "f4", "", "<f3", "|b1"}) {
    const auto failure = FailureFrom(File(Header(type, "(1, 2)"), std::string(64, '\0')));
    EXPECT_EQ(failure.code, Code::kInput) << type;
    EXPECT_TRUE(HasAll(failure.message, {"astype('float32')"})) << type;
  }
  EXPECT_TRUE(HasAll(FailureFrom(File(Header("|O", "(1, 2)"), "")).message, {"Python objects"}));
  EXPECT_TRUE(HasAll(FailureFrom(File("{'descr': [('a', '<f4')], 'fortran_order': False, "
                                      "'shape': (1, 2)}",
                                      Bytes<float>({1, 2})))
                         .message,
                     {"records with named fields"}));
}

TEST(ReadNpy, RefusesShapesThatAreNoMatrix) {
  for (const char* shape : {"()", "(6,)", "(1, 2, 3, 4)", "(2, 3, 4)"}) {
    const auto failure =
        FailureFrom(File(Header("<f4", shape), Bytes<float>(std::vector<float>(24))));
    EXPECT_EQ(failure.code, Code::kInput) << shape;
    EXPECT_TRUE(HasAll(failure.message, {std::string("shape ") + shape, "frames x bands"}));
  }
  for (const char* shape : {"(0, 80)", "(80, 0)", "(1, 0, 80)"}) {
    EXPECT_TRUE(HasAll(FailureFrom(File(Header("<f4", shape), "")).message, {"no value"}));
  }
}

TEST(ReadNpy, RefusesBytesThatAreMissingOrTooMany) {
  const std::string whole = File(Header("<f4", "(2, 3)"), Bytes<float>({1, 2, 3, 4, 5, 6}));
  for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
    EXPECT_EQ(FailureFrom(whole.substr(0, bytes)).code, Code::kInput);
  }
  EXPECT_TRUE(HasAll(FailureFrom(whole.substr(0, whole.size() - 1)).message,
                     {"is cut off", "(2, 3)", "get the whole file"}));
  EXPECT_TRUE(HasAll(FailureFrom(whole + whole).message, {"goes on after", "one array in a file"}));
}

TEST(ReadNpy, RefusesValuesThatAreNotFinite) {
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    const auto failure =
        FailureFrom(File(Header("<f8", "(2, 3)"), Bytes<double>({1, 2, 3, 4, value, 6})));
    EXPECT_EQ(failure.code, Code::kInput);
    EXPECT_TRUE(HasAll(failure.message,
                       {std::isnan(value) ? "a NaN" : "an infinity", "row 1, column 1", "finite"}));
  }
}

/// Lets this process have `bytes` more memory than it has, for as long as it lives.
class MemoryLimit {
 public:
  explicit MemoryLimit(rlim_t bytes) {
    getrlimit(RLIMIT_AS, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_AS, &limit);
  }
  ~MemoryLimit() { setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

TEST(ReadNpy, TakesNoMemoryForWhatAHostileHeaderPromises) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own memory is beyond any limit";
#endif
  const MemoryLimit limit(std::size_t{1} << 30);
  for (const char* shape :
       {"(9223372036854775807, 9223372036854775807)", "(4611686018427387904, 4)",
        "(4294967296, 4294967296)", "(100000, 100000)", "(2147483648, 1)"}) {
    for (const char* type : {"<f8", "|u1"}) {
      const std::string bytes = File(Header(type, shape), std::string(1000, '\0'));
      EXPECT_TRUE(HasAll(FailureFrom(bytes).message, {"is cut off", shape}));
      const TemporaryFolder dir;
      ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
      std::thread writer([&] { WriteBytes(dir / "pipe", bytes); });
      EXPECT_TRUE(HasAll(FailureOf([&] { ReadNpy(dir / "pipe"); }).message, {"is cut off", shape}));
      writer.join();
    }
  }
  std::string endless = File("", "", 2);
  endless.replace(8, 4, "\xFF\xFF\xFF\x7F");
  EXPECT_TRUE(HasAll(FailureFrom(endless).message, {"a header of 2147483647 bytes", "65535"}));
}

}  // namespace
}  // namespace ossicle
