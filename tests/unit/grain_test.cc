#include "frontend/grain.h"

#include <gtest/gtest.h>

namespace ossicle::internal {
namespace {

TEST(Grain, GivesEachWorkerEnoughToDo) {
  Workers workers(4);
  EXPECT_EQ(ActiveWorkers(&workers, 4, 0.0), 1);
  EXPECT_EQ(ActiveWorkers(&workers, 4, 1.99 * kGrainNanoseconds), 1);
  EXPECT_EQ(ActiveWorkers(&workers, 4, 2.01 * kGrainNanoseconds), 2);
  EXPECT_EQ(ActiveWorkers(&workers, 4, 3.01 * kGrainNanoseconds), 3);
  EXPECT_EQ(ActiveWorkers(&workers, 4, 1e300), 4);
  EXPECT_EQ(ActiveWorkers(&workers, 3, 1e300), 3);
  EXPECT_EQ(ActiveWorkers(nullptr, 4, 1e300), 1);
}

TEST(Grain, IsNotLookedAtWhereAllAreToWork) {
  Workers workers(4, Workers::Use::kAll);
  EXPECT_EQ(ActiveWorkers(&workers, 4, 0.0), 4);
  EXPECT_EQ(ActiveWorkers(&workers, 2, 0.0), 2);
}

TEST(Grain, CountsTheOperationsOfAFrame) {
  FrontendSpec spec;
  const double small = FrameNanoseconds(spec, false);
  EXPECT_GT(small, 50.0);
  EXPECT_LT(small, 1000.0);
  EXPECT_EQ(FrameNanoseconds(spec, true), 2.0 * small);
  FrontendSpec larger = spec;
  larger.fft_size = larger.window_samples = 800;
  EXPECT_GT(FrameNanoseconds(larger, false), 1.9 * small - 100.0);
  FrontendSpec cepstral = spec;
  cepstral.steps = {Cepstrum{13, 22.0, false}};
  EXPECT_GT(FrameNanoseconds(cepstral, false), small);
}

}  // namespace
}  // namespace ossicle::internal
