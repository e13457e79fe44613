#pragma once

#include <cfenv>
#include <cstdint>
#include <ostream>
#include <vector>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

/// What a host program may have done to a thread's floating-point environment.
struct HostFloatingPoint {
  const char* name;
  int rounding;
  bool flush;  ///< subnormal numbers are taken and given as 0
  bool trap;   ///< every exception stops the program
};

inline std::ostream& operator<<(std::ostream& out, const HostFloatingPoint& host) {
  return out << host.name;
}

inline std::vector<HostFloatingPoint> AllHosts() {
  std::vector<HostFloatingPoint> hosts = {{"nearest", FE_TONEAREST, false, false},
                                          {"upward", FE_UPWARD, false, false},
                                          {"downward", FE_DOWNWARD, false, false},
                                          {"toward_zero", FE_TOWARDZERO, false, false}};
#if defined(__x86_64__) || defined(__aarch64__)
  hosts.push_back({"flush", FE_TONEAREST, true, false});
  hosts.push_back({"flush_and_upward", FE_UPWARD, true, false});
#endif
#if defined(__x86_64__)
  hosts.push_back({"trap", FE_TONEAREST, false, true});
#endif
  return hosts;
}

/// This thread is such a host's while it lives. Its flag of an overflow is raised, no other one.
class AsHost {
 public:
  explicit AsHost(const HostFloatingPoint& host) {
    std::fegetenv(&saved_);
    std::fesetround(host.rounding);
#if defined(__x86_64__)
    constexpr std::uint32_t kFlags = 0x3f, kOverflow = 0x08, kFlush = 0x8040, kMasks = 0x1f80;
    std::uint32_t control = (_mm_getcsr() & ~kFlags) | kOverflow;
    if (host.flush) control |= kFlush;
    if (host.trap) control &= ~kMasks;
    _mm_setcsr(control);
#elif defined(__aarch64__)
    asm volatile("msr fpsr, %0" : : "r"(std::uint64_t{4}));
    std::uint64_t control;
    asm volatile("mrs %0, fpcr" : "=r"(control));
    if (host.flush) asm volatile("msr fpcr, %0" : : "r"(control | std::uint64_t{1} << 24));
#else
    std::feclearexcept(FE_ALL_EXCEPT);
    std::feraiseexcept(FE_OVERFLOW);
#endif
    before_ = Now();
  }
  ~AsHost() { std::fesetenv(&saved_); }
  AsHost(const AsHost&) = delete;
  AsHost& operator=(const AsHost&) = delete;

  /// Control and flags are what the constructor made them.
  bool Unchanged() const { return Now() == before_; }

 private:
  static std::uint64_t Now() {
#if defined(__x86_64__)
    return _mm_getcsr();
#elif defined(__aarch64__)
    std::uint64_t control, status;
    asm volatile("mrs %0, fpcr" : "=r"(control));
    asm volatile("mrs %0, fpsr" : "=r"(status));
    return control << 32 | status;
#else
    return static_cast<std::uint64_t>(std::fegetround()) << 32 |
           static_cast<std::uint64_t>(std::fetestexcept(FE_ALL_EXCEPT));
#endif
  }

  std::fenv_t saved_;
  std::uint64_t before_;
};
