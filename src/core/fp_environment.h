#pragma once

#include <cfenv>
#include <cstdint>

namespace ossicle::internal {

/// While it lives, this thread computes as IEEE 754 says by default: rounding to nearest, subnormal
/// numbers kept, exceptions masked. The bits of features and tables depend on it. Its end restores
/// what the thread had, its exception flags included: what happened meanwhile leaves no trace.
///
/// It takes a few nanoseconds. Arithmetic belongs into a function that the scope calls, or before a
/// call in the scope: a compiler may move a lone operation over the end of the scope.
class DefaultFpEnvironment {
 public:
  DefaultFpEnvironment() noexcept;
  ~DefaultFpEnvironment();
  DefaultFpEnvironment(const DefaultFpEnvironment&) = delete;
  DefaultFpEnvironment& operator=(const DefaultFpEnvironment&) = delete;

 private:
#if defined(__x86_64__)
  std::uint32_t control_and_status_;
  std::uint16_t x87_control_;
#elif defined(__aarch64__)
  std::uint64_t control_;
  std::uint64_t status_;
#else
  std::fenv_t environment_;
#endif
};

}  // namespace ossicle::internal
