#include <cstdio>

#if defined(__x86_64__)
#define WITH_FMA __attribute__((target("fma")))
#else
#define WITH_FMA
#endif

WITH_FMA float Fused(float a, float b, float c) { return a * b + c; }

void Prints(float value) { std::printf("%g\n", value); }
