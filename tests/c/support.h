#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ossicle/ossicle.h"
#include "support/failure.h"

namespace ossicle::test {

/// That a call did what it was asked for.
inline testing::AssertionResult IsOk(ossicle_status status) {
  if (status == OSSICLE_OK) return testing::AssertionSuccess();
  return testing::AssertionFailure() << ossicle_status_name(status) << ": " << ossicle_last_error();
}

/// That a call was refused with `expected`, and its message has all `parts`.
inline testing::AssertionResult IsRefused(ossicle_status status, ossicle_status expected,
                                          std::initializer_list<std::string> parts = {}) {
  if (status != expected) {
    return testing::AssertionFailure()
           << ossicle_status_name(status) << " (" << ossicle_last_error() << "), but not "
           << ossicle_status_name(expected);
  }
  return HasAll(ossicle_last_error(), parts);
}

/// The whole result of a call that is asked for its size first: call(buffer, capacity, &needed).
template <class T, class Call>
std::vector<T> Whole(const Call& call) {
  std::size_t needed = 0;
  const ossicle_status asked = call(static_cast<T*>(nullptr), std::size_t{0}, &needed);
  EXPECT_EQ(asked, needed == 0 ? OSSICLE_OK : OSSICLE_SHORT_BUFFER) << ossicle_last_error();
  std::vector<T> values(needed);
  EXPECT_TRUE(IsOk(call(values.data(), values.size(), &needed)));
  EXPECT_EQ(needed, values.size());
  return values;
}

/// The same for a text.
template <class Call>
std::string WholeText(const Call& call) {
  const std::vector<char> text = Whole<char>(call);
  EXPECT_EQ(text.back(), '\0');
  return text.data();
}

struct FreeHandle {
  void operator()(ossicle_frontend* handle) const { ossicle_frontend_free(handle); }
  void operator()(ossicle_stream* handle) const { ossicle_stream_free(handle); }
  void operator()(ossicle_encoder* handle) const { ossicle_encoder_free(handle); }
  void operator()(ossicle_engine* handle) const { ossicle_engine_free(handle); }
  void operator()(ossicle_matrix* handle) const { ossicle_matrix_free(handle); }
  void operator()(ossicle_embedding_stream* handle) const { ossicle_embedding_stream_free(handle); }
};
template <class Handle>
using Owned = std::unique_ptr<Handle, FreeHandle>;

/// The handle that create(&handle) makes.
template <class Handle, class Create>
Owned<Handle> Made(const Create& create) {
  Handle* handle = nullptr;
  EXPECT_TRUE(IsOk(create(&handle)));
  return Owned<Handle>(handle);
}

inline Owned<ossicle_frontend> MakeFrontend(const std::string& spec, std::int32_t workers = 1) {
  return Made<ossicle_frontend>([&](ossicle_frontend** handle) {
    const ossicle_frontend_options options = {sizeof options, workers, 0};
    return ossicle_frontend_create(spec.c_str(), &options, handle);
  });
}

inline Owned<ossicle_stream> MakeStream(const ossicle_frontend* frontend,
                                        const char* statistics = nullptr,
                                        std::int32_t input_rate_hz = 0) {
  return Made<ossicle_stream>([&](ossicle_stream** handle) {
    const ossicle_stream_options options = {sizeof options, input_rate_hz, 0, statistics};
    return ossicle_stream_create(frontend, &options, handle);
  });
}

inline ossicle_matrix_info InfoOf(const ossicle_matrix* matrix) {
  ossicle_matrix_info info = {sizeof info, 0, 0, nullptr, nullptr, nullptr, 0.0, 0};
  EXPECT_TRUE(IsOk(ossicle_matrix_get_info(matrix, &info)));
  return info;
}

inline std::vector<float> ValuesOf(const ossicle_matrix* matrix) {
  const ossicle_matrix_info info = InfoOf(matrix);
  return {info.values, info.values + info.rows * info.columns};
}

/// The float features of a whole signal.
inline std::vector<float> RunOf(const ossicle_frontend* frontend, std::span<const float> samples,
                                std::int32_t rate_hz = 0) {
  return Whole<float>([&](float* features, std::size_t capacity, std::size_t* needed) {
    return ossicle_frontend_run(frontend, samples.data(), samples.size(), rate_hz, features,
                                capacity, needed);
  });
}

}  // namespace ossicle::test
