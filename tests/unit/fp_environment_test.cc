#include "core/fp_environment.h"

#include <gtest/gtest.h>

#include <cfenv>
#include <stdexcept>

#include "support/host_floating_point.h"

namespace ossicle::internal {
namespace {

class EachHost : public testing::TestWithParam<HostFloatingPoint> {};
INSTANTIATE_TEST_SUITE_P(All, EachHost, testing::ValuesIn(AllHosts()),
                         [](const auto& info) { return info.param.name; });

struct Results {
  double tenth;
  double minus_tenth;
  float subnormal;
  float from_subnormal;
};

/// Never inlined: arithmetic could be moved out of the scope that it is to be done in.
[[gnu::noinline]] Results Compute() {
  volatile double one = 1.0, ten = 10.0, minus_one = -1.0;
  volatile float tiny = 0x1p-126F, half = 0.5F, large = 0x1p20F;
  volatile float subnormal = tiny * half;
  return {one / ten, minus_one / ten, subnormal, subnormal * large};
}

void ExpectDefault(const Results& results) {
  EXPECT_EQ(results.tenth, 0.1);
  EXPECT_EQ(results.minus_tenth, -0.1);
  EXPECT_EQ(results.subnormal, 0x1p-127F);
  EXPECT_EQ(results.from_subnormal, 0x1p-107F);
}

TEST_P(EachHost, ComputesByDefaultWithinTheScopeAndHasItsOwnAfterwards) {
  Results within{};
  bool unchanged = false;
  {
    const AsHost host(GetParam());
    {
      const DefaultFpEnvironment environment;
      within = Compute();
    }
    unchanged = host.Unchanged();
  }
  ExpectDefault(within);
  EXPECT_TRUE(unchanged);
}

TEST_P(EachHost, HasItsOwnAfterAnException) {
  bool unchanged = false;
  {
    const AsHost host(GetParam());
    try {
      const DefaultFpEnvironment environment;
      Compute();
      throw std::runtime_error("within the scope");
    } catch (const std::runtime_error&) {
      unchanged = host.Unchanged();
    }
  }
  EXPECT_TRUE(unchanged);
}

TEST(AsHost, ChangesWhatIsComputed) {
  for (const HostFloatingPoint& host : AllHosts()) {
    if (host.trap || (host.rounding == FE_TONEAREST && !host.flush)) continue;
    Results results{};
    {
      const AsHost as(host);
      results = Compute();
    }
    EXPECT_TRUE(results.tenth != 0.1 || results.minus_tenth != -0.1 ||
                results.from_subnormal == 0.0F)
        << host;
  }
}

TEST(DefaultFpEnvironment, Nests) {
  const AsHost host({"upward", FE_UPWARD, false, false});
  {
    const DefaultFpEnvironment outer;
    {
      const DefaultFpEnvironment inner;
    }
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);
  }
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
}

}  // namespace
}  // namespace ossicle::internal
