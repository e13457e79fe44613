#include "c/frontend.h"

#include <cstdint>
#include <memory>
#include <span>

#include "c/arguments.h"
#include "c/call.h"
#include "c/handles.h"
#include "c/matrix.h"
#include "c/own_rate.h"
#include "c/structs.h"
#include "encoder/option_range.h"
#include "ossicle/engine.h"
#include "ossicle/stream.h"

namespace ossicle::c {

namespace {

const ossicle_frontend& Self(const ossicle_frontend* handle) { return Deref(handle, "frontend"); }

int Count(int workers) {
  CheckRange("front end", "workers", workers, 0, 256);
  return workers == 0 ? Workers::HardwareCount() : workers;
}

std::unique_ptr<ossicle_frontend> Make(const char* spec, const ossicle_frontend_options* given) {
  Require(spec, "spec");
  const ossicle_frontend_options options = ReadOptions(given, "ossicle_frontend_options");
  CheckReserved(options.reserved);
  auto threads = std::make_shared<Threads>(Count(options.workers));
  return std::make_unique<ossicle_frontend>(Frontend(GivenSpec(spec)), std::move(threads));
}

std::int64_t Frames(const ossicle_frontend& self, const OwnRate& rate, std::size_t samples) {
  return self.frontend.Frames(rate.Samples(CheckedSamples(samples)));
}

template <class T>
void Run(const ossicle_frontend& self, std::span<const float> samples, int rate_hz, T* features,
         std::size_t capacity, std::size_t* needed) {
  const FrontendSpec& spec = self.frontend.spec();
  OwnRate rate(spec, GivenRate(rate_hz));
  const std::int64_t frames = Frames(self, rate, samples.size());
  const int bands = self.frontend.bands();
  const auto values = static_cast<std::size_t>(frames * bands);
  CheckRoom(values, features, capacity, needed);
  CheckApart(samples, std::as_bytes(std::span(features, values)));
  const std::span<const float> audio = rate.Convert(samples);
  ScratchPool::Loan loan(self.scratch);
  self.frontend.Run(audio, MakeView(features, frames, bands, spec.layout), loan.scratch(),
                    self.threads->Get());
}

}  // namespace

}  // namespace ossicle::c

using ossicle::c::Call;
using ossicle::c::GivenSamples;
using ossicle::c::Self;

ossicle_status ossicle_frontend_create(const char* spec, const ossicle_frontend_options* options,
                                       ossicle_frontend** frontend) {
  return Call([&] {
    auto& result = ossicle::c::Result(frontend, "frontend");
    result = ossicle::c::Publish(ossicle::c::Make(spec, options));
  });
}

ossicle_status ossicle_frontend_free(ossicle_frontend* frontend) {
  return Call([&] { ossicle::c::Free(frontend, "frontend"); });
}

ossicle_status ossicle_frontend_get_info(const ossicle_frontend* frontend,
                                         ossicle_frontend_info* info) {
  return Call([&] {
    const ossicle::FrontendSpec& spec = Self(frontend).frontend.spec();
    const bool is_frames_first = spec.layout == ossicle::Layout::kFramesFirst;
    ossicle::c::WriteInfo({0, spec.sample_rate_hz, spec.hop_samples, spec.bands(),
                           is_frames_first ? OSSICLE_FRAMES_FIRST : OSSICLE_BANDS_FIRST,
                           spec.min_samples, ossicle::NeedsStatistics(spec) ? 1 : 0},
                          "ossicle_frontend_info", info);
  });
}

ossicle_status ossicle_frontend_json(const ossicle_frontend* frontend, char* json, size_t capacity,
                                     size_t* needed) {
  return Call([&] {
    ossicle::c::GiveText(Self(frontend).frontend.spec().ToJson(), json, capacity, needed);
  });
}

ossicle_status ossicle_frontend_frames(const ossicle_frontend* frontend, size_t samples,
                                       int32_t input_rate_hz, size_t* frames) {
  return Call([&] {
    const ossicle_frontend& self = Self(frontend);
    auto& result = ossicle::c::Result(frames, "frames");
    const ossicle::c::OwnRate rate(self.frontend.spec(), ossicle::c::GivenRate(input_rate_hz));
    result = static_cast<std::size_t>(ossicle::c::Frames(self, rate, samples));
  });
}

ossicle_status ossicle_frontend_run(const ossicle_frontend* frontend, const float* samples,
                                    size_t count, int32_t input_rate_hz, float* features,
                                    size_t capacity, size_t* needed) {
  return Call([&] {
    ossicle::c::Run(Self(frontend), GivenSamples(samples, count), input_rate_hz, features, capacity,
                    needed);
  });
}

ossicle_status ossicle_frontend_run_double(const ossicle_frontend* frontend, const float* samples,
                                           size_t count, int32_t input_rate_hz, double* features,
                                           size_t capacity, size_t* needed) {
  return Call([&] {
    ossicle::c::Run(Self(frontend), GivenSamples(samples, count), input_rate_hz, features, capacity,
                    needed);
  });
}

ossicle_status ossicle_frontend_extract(const ossicle_frontend* frontend, const char* path,
                                        ossicle_matrix** features) {
  return Call([&] {
    auto& result = ossicle::c::Result(features, "features");
    const ossicle_frontend& self = Self(frontend);
    ossicle::c::Require(path, "path");
    result = ossicle::c::Publish(ossicle::c::MatrixOf(
        ossicle::Extract<float>({.path = path}, self.frontend, self.threads->Get())));
  });
}
