#include "core/fp_environment.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace ossicle::internal {

#if defined(__x86_64__)

namespace {
/// All exceptions masked, none raised; to nearest; no flush to zero, no denormals as zero.
constexpr std::uint32_t kDefault = 0x1f80;
/// The x87 unit computes nothing here, but the C library asks it how to round decimal numbers.
constexpr std::uint16_t kX87Default = 0x037f;

void SetX87Control(std::uint16_t control) noexcept { asm volatile("fldcw %0" : : "m"(control)); }
}  // namespace

DefaultFpEnvironment::DefaultFpEnvironment() noexcept : control_and_status_(_mm_getcsr()) {
  asm volatile("fnstcw %0" : "=m"(x87_control_));
  _mm_setcsr(kDefault);
  SetX87Control(kX87Default);
}

DefaultFpEnvironment::~DefaultFpEnvironment() {
  SetX87Control(x87_control_);
  _mm_setcsr(control_and_status_);
}

#elif defined(__aarch64__)

// Control 0 is the default: to nearest, no flush to zero, no trap.
DefaultFpEnvironment::DefaultFpEnvironment() noexcept {
  asm volatile("mrs %0, fpcr" : "=r"(control_) : : "memory");
  asm volatile("mrs %0, fpsr" : "=r"(status_) : : "memory");
  asm volatile("msr fpcr, %0" : : "r"(std::uint64_t{0}) : "memory");
}

DefaultFpEnvironment::~DefaultFpEnvironment() {
  asm volatile("msr fpcr, %0" : : "r"(control_) : "memory");
  asm volatile("msr fpsr, %0" : : "r"(status_) : "memory");
}

#else

DefaultFpEnvironment::DefaultFpEnvironment() noexcept {
  std::fegetenv(&environment_);
  std::fesetenv(FE_DFL_ENV);
}

DefaultFpEnvironment::~DefaultFpEnvironment() { std::fesetenv(&environment_); }

#endif

}  // namespace ossicle::internal
