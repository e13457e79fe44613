#include "core/cpu_info.h"

#include <gtest/gtest.h>

namespace ossicle::internal {
namespace {

constexpr char kTwoProcessors[] =
    "processor\t: 0\nmodel name\t: First  of two\nmodel\t\t: 17\nflags\t\t: fpu avx2\nbugs\t\t:\n\n"
    "processor\t: 1\nmodel name\t: Second\nflags\t\t: fpu\n";

TEST(CpuInfo, IsOfTheFirstProcessor) {
  EXPECT_EQ(CpuInfoIn(kTwoProcessors, {"model name"}), "First  of two");
  EXPECT_EQ(CpuInfoIn(kTwoProcessors, {"flags"}), "fpu avx2");
}

TEST(CpuInfo, TakesTheFirstKeyThatIsThere) {
  EXPECT_EQ(CpuInfoIn(kTwoProcessors, {"Features", "flags", "model name"}), "fpu avx2");
}

TEST(CpuInfo, TakesNoKeyForAnotherThatBeginsLikeIt) {
  EXPECT_EQ(CpuInfoIn(kTwoProcessors, {"model"}), "17");
  EXPECT_EQ(CpuInfoIn("vmx flags\t: vnmi\n", {"flags"}), "");
}

TEST(CpuInfo, IsEmptyWhereNothingIsSaid) {
  EXPECT_EQ(CpuInfoIn(kTwoProcessors, {"Features"}), "");
  EXPECT_EQ(CpuInfoIn(kTwoProcessors, {"bugs"}), "");
  EXPECT_EQ(CpuInfoIn("", {"flags"}), "");
  EXPECT_EQ(CpuInfoIn("flags", {"flags"}), "");
}

TEST(CpuInfo, IsReadFromThisMachine) {
  EXPECT_NE(CpuInfo({"flags", "Features"}), "");  // x86-64, ARM
}

}  // namespace
}  // namespace ossicle::internal
