// Highway's choice of an instruction set at run time, for WebAssembly: no libhwy is built for it,
// and there is one to choose from.
#ifdef __EMSCRIPTEN__

#include <hwy/highway.h>

#include <cstdint>

static_assert((HWY_TARGETS & (HWY_TARGETS - 1)) == 0, "one instruction set is expected");

namespace hwy {

std::int64_t SupportedTargets() { return HWY_TARGETS; }

void SetSupportedTargetsForTest(std::int64_t) {}

ChosenTarget& GetChosenTarget() {
  static ChosenTarget chosen;
  return chosen;
}

}  // namespace hwy

#endif
