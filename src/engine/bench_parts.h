#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace ossicle {

using BenchClock = std::chrono::steady_clock;

double SecondsSince(BenchClock::time_point start);

/// White noise within half of full scale: the same samples on every machine.
std::vector<float> BenchNoise(std::int64_t samples);

/// Throws Error(kInvalidSpec) unless it is in 0.01..600.
void CheckBenchSeconds(double seconds);

/// Runs of which the fastest counts, at least.
inline constexpr std::int64_t kLeastRepetitions = 3;

}  // namespace ossicle
