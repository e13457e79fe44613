#include "encoder/protobuf.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "support/failure.h"
#include "support/files.h"
#include "support/onnx_writer.h"
#include "support/temporary_folder.h"

namespace ossicle::protobuf {
namespace {

using test::FailureOf;
using test::HasAll;
using Writer = test::OnnxWriter;

class Protobuf : public testing::Test {
 protected:
  std::string FileOf(const std::string& bytes) const {
    test::WriteBytes(path_, bytes);
    return path_;
  }

  std::vector<Field> All(const std::string& bytes) const {
    File file(FileOf(bytes));
    std::vector<Field> found;
    Fields fields(file, file.whole());
    Field field;
    while (fields.Next(field)) found.push_back(field);
    return found;
  }

  test::Failure FailureFor(const std::string& bytes) const {
    return FailureOf([&] { All(bytes); });
  }

  test::TemporaryFolder folder_;
  const std::string path_ = folder_ / "model.onnx";
};

TEST_F(Protobuf, FindsEveryFieldAndWhereItLies) {
  const std::string bytes = Writer::Bytes(2, "text") + Writer::Integer(1, 300) +
                            Writer::Varint(5 << 3 | 5) + "4444" + Writer::Varint(6 << 3 | 1) +
                            "88888888" + Writer::Bytes(1000, "");
  const std::vector<Field> fields = All(bytes);
  ASSERT_EQ(fields.size(), 5);
  EXPECT_TRUE(fields[0].IsBytes(2));
  EXPECT_EQ(fields[0].content.begin, 2);
  EXPECT_EQ(File(path_).Text(fields[0].content, 4), "text");
  EXPECT_TRUE(fields[1].IsVarint(1));
  EXPECT_EQ(fields[1].value, 300);
  EXPECT_EQ(fields[2].content.size(), 4);
  EXPECT_EQ(fields[3].content.size(), 8);
  EXPECT_TRUE(fields[4].IsBytes(1000));
  EXPECT_EQ(fields[4].content.size(), 0);
  for (std::size_t i = 1; i < fields.size(); ++i) {
    EXPECT_EQ(fields[i].record.begin, fields[i - 1].record.end);
  }
  EXPECT_EQ(fields.back().record.end, bytes.size());
}

TEST_F(Protobuf, ReadsNumbersOfEverySize) {
  for (int bit = 0; bit < 64; ++bit) {
    const std::uint64_t value = std::uint64_t{1} << bit;
    for (const std::uint64_t each : {value - 1, value, std::numeric_limits<std::uint64_t>::max()}) {
      EXPECT_EQ(All(Writer::Varint(1 << 3) + Writer::Varint(each)).at(0).value, each);
    }
  }
}

TEST_F(Protobuf, ReadsFieldsThatCrossItsBuffer) {
  constexpr int kFields = 50000;
  std::string bytes;
  for (int i = 0; i < kFields; ++i) bytes += Writer::Integer(3, i);
  const std::vector<Field> fields = All(bytes);
  ASSERT_EQ(fields.size(), kFields);
  for (int i = 0; i < kFields; ++i) {
    ASSERT_EQ(fields[static_cast<std::size_t>(i)].value, static_cast<std::uint64_t>(i));
  }
}

TEST_F(Protobuf, DoesNotReadContents) {
  constexpr std::uint64_t kBytes = std::uint64_t{1} << 40;  // of a file that has no blocks on disk
  const std::string head = Writer::Varint(7 << 3 | 2) + Writer::Varint(kBytes);
  FileOf(head);
  std::filesystem::resize_file(path_, head.size() + kBytes);
  File file(path_);
  Fields fields(file, file.whole());
  Field field;
  ASSERT_TRUE(fields.Next(field));
  EXPECT_EQ(field.content.size(), kBytes);
  EXPECT_FALSE(fields.Next(field));
}

TEST_F(Protobuf, RefusesWhatIsNoField) {
  const std::string ten(9, '\xff');
  struct Case {
    std::string bytes;
    std::string what;
  };
  for (const Case& c : {
           Case{std::string("\x08\x80", 2), "a number is cut off"},
           Case{"\x80", "a number is cut off"},
           Case{Writer::Varint(1 << 3) + ten + "\x02", "more than 64 bits"},
           Case{Writer::Varint(1 << 3) + ten + "\x80\x01", "more than 64 bits"},
           Case{std::string(20, '\xff'), "more than 64 bits"},
           Case{Writer::Varint(0 << 3), "no number"},
           Case{Writer::Varint(std::uint64_t{1} << 32), "no number"},
           Case{Writer::Varint(1 << 3 | 3), "no type that ONNX uses"},
           Case{Writer::Varint(1 << 3 | 4), "no type that ONNX uses"},
           Case{Writer::Varint(1 << 3 | 6), "no type that ONNX uses"},
           Case{Writer::Varint(1 << 3 | 7), "no type that ONNX uses"},
           Case{Writer::Varint(1 << 3 | 5) + "333", "4 bytes goes beyond its end, where 3 are"},
           Case{Writer::Varint(1 << 3 | 1) + "7777777", "8 bytes goes beyond"},
           Case{Writer::Varint(1 << 3 | 2) + "\x05" + "four", "5 bytes goes beyond"},
           Case{Writer::Varint(1 << 3 | 2) + Writer::Varint(~std::uint64_t{0}) + "text",
                "18446744073709551615 bytes goes beyond"},
       }) {
    const test::Failure failure = FailureFor(c.bytes);
    EXPECT_EQ(failure.code, Code::kModel);
    EXPECT_TRUE(HasAll(failure.message, {path_, "at byte", c.what, "export it again"}));
  }
}

TEST_F(Protobuf, AFieldDoesNotLeaveItsMessage) {
  const std::string inner = Writer::Varint(1 << 3 | 2) + "\x04" + "abc";
  File file(FileOf(Writer::Bytes(7, inner) + Writer::Bytes(8, "more")));
  Fields outer(file, file.whole());
  Field field;
  ASSERT_TRUE(outer.Next(field));
  Fields fields(file, field.content);
  EXPECT_TRUE(HasAll(FailureOf([&] { fields.Next(field); }).message, {"4 bytes", "3 are left"}));
}

TEST_F(Protobuf, RefusesATextThatIsTooLong) {
  const File file(FileOf("text"));
  EXPECT_EQ(file.Text(file.whole(), 4), "text");
  EXPECT_TRUE(
      HasAll(FailureOf([&] { file.Text(file.whole(), 3); }).message, {"4 bytes", "at most 3"}));
}

TEST_F(Protobuf, SaysWhenTheFileIsCutOffWhileItIsRead) {
  const File file(FileOf("text"));
  std::filesystem::resize_file(path_, 2);
  EXPECT_TRUE(HasAll(FailureOf([&] { file.Text(file.whole(), 4); }).message, {"cut off"}));
}

TEST_F(Protobuf, OpensRegularFilesOnly) {
  const auto message = [](const std::string& path) {
    return FailureOf([&] { const File file(path); }).message;
  };
  EXPECT_TRUE(HasAll(message(folder_ / "none"), {"no such file"}));
  EXPECT_TRUE(HasAll(message(folder_ / "."), {"folder"}));
  EXPECT_TRUE(HasAll(message("/dev/zero"), {"a device, not an ONNX file"}));
  EXPECT_TRUE(HasAll(message(FileOf("")), {"empty"}));
}

TEST_F(Protobuf, WritesWhatItReads) {
  const std::string bytes = BytesField(14, std::string(300, 'x'));
  EXPECT_EQ(bytes, Writer::Bytes(14, std::string(300, 'x')));
  EXPECT_EQ(All(bytes).at(0).content.size(), 300);
}

}  // namespace
}  // namespace ossicle::protobuf
