// FFTW's real FFT of one frame after the other, with the best of five FFTW_PATIENT plans: another
// plan comes out each time, and a bad one would flatter whoever is compared with it.

#include <fftw3.h>

#include <chrono>
#include <limits>
#include <stdexcept>

#include "fft_floor.h"

namespace ossicle::bench {

namespace {

constexpr int kPlans = 5;
constexpr int kRounds = 12;

struct Plans {
  explicit Plans(const FftFloor& floor)
      : input(fftwf_alloc_real(static_cast<std::size_t>(floor.fft_size))),
        spectrum(fftwf_alloc_complex(static_cast<std::size_t>(floor.bins()))) {
    // An algorithm that spoils its input is allowed only where all of it is written anew.
    const bool rewritten = floor.window.size() == static_cast<std::size_t>(floor.fft_size);
    const unsigned flags = FFTW_PATIENT | (rewritten ? FFTW_DESTROY_INPUT : FFTW_PRESERVE_INPUT);
    for (fftwf_plan& plan : plans) {
      fftwf_forget_wisdom();
      plan = fftwf_plan_dft_r2c_1d(floor.fft_size, input, spectrum, flags);
      if (plan == nullptr) throw std::runtime_error("FFTW has no plan");
    }
    std::fill_n(input, floor.fft_size, 0.0F);  // planning wrote there
  }
  ~Plans() {
    for (fftwf_plan plan : plans) fftwf_destroy_plan(plan);
    fftwf_free(input);
    fftwf_free(spectrum);
  }
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;

  float* input;
  fftwf_complex* spectrum;
  fftwf_plan plans[kPlans] = {};
};

void RunAll(const FftFloor& floor, float* input, fftwf_plan plan) {
  ForEachFrame(floor, floor.frames(), input, [plan] { fftwf_execute(plan); });
}

fftwf_plan Fastest(const FftFloor& floor, const Plans& all) {
  double seconds[kPlans];
  std::fill_n(seconds, kPlans, std::numeric_limits<double>::infinity());
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kPlans; ++i) {
      const auto start = std::chrono::steady_clock::now();
      RunAll(floor, all.input, all.plans[i]);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      seconds[i] = std::min(seconds[i], taken.count());
    }
  }
  return all.plans[std::min_element(seconds, seconds + kPlans) - seconds];
}

int Run(int argc, char** argv) {
  const FftFloor floor = ParseFftFloor(argc, argv);
  const Plans all(floor);
  fftwf_plan const plan = Fastest(floor, all);
  const std::string version = fftwf_version;  // "fftw-3.3.10-sse2-avx"
  return ServeFloor(
      floor,
      "\"package\": \"FFTW\", \"version\": \"" + version.substr(5, version.find('-', 5) - 5) + "\"",
      all.input, reinterpret_cast<const std::complex<float>*>(all.spectrum),
      [&] { RunAll(floor, all.input, plan); }, [plan] { fftwf_execute(plan); });
}

}  // namespace

}  // namespace ossicle::bench

int main(int argc, char** argv) {
  return ossicle::bench::Main([&] { return ossicle::bench::Run(argc, argv); });
}
