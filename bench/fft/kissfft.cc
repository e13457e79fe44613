// KissFFT's real FFT of one frame after the other.

#include <kiss_fftr.h>

#include <memory>
#include <stdexcept>

#include "fft_floor.h"

namespace ossicle::bench {

namespace {

int Run(int argc, char** argv) {
  const FftFloor floor = ParseFftFloor(argc, argv);
  std::vector<float> input(static_cast<std::size_t>(floor.fft_size));
  std::vector<std::complex<float>> spectrum(static_cast<std::size_t>(floor.bins()));
  const std::unique_ptr<kiss_fftr_state, void (*)(void*)> plan(
      kiss_fftr_alloc(floor.fft_size, 0, nullptr, nullptr), kiss_fft_free);
  if (plan == nullptr) throw std::runtime_error("KissFFT has no plan");
  const auto execute = [&] {
    kiss_fftr(plan.get(), input.data(), reinterpret_cast<kiss_fft_cpx*>(spectrum.data()));
  };
  return ServeFloor(
      floor, "\"package\": \"KissFFT\", \"version\": \"" OSSICLE_BENCH_KISSFFT_VERSION "\"",
      input.data(), spectrum.data(),
      [&] { ForEachFrame(floor, floor.frames(), input.data(), execute); }, execute);
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Run(argc, argv); });
}
