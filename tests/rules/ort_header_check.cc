// Compared while it compiles: every line of encoder/onnxruntime_abi.h with the official header. An
// enumeration there is an int here; everything else must be the same type.

#include <onnxruntime_c_api.h>

#include <type_traits>

#include "encoder/onnxruntime_abi.h"

namespace {

template <class T>
struct PlainType {
  using type = T;
};
template <class T>
  requires std::is_enum_v<T>
struct PlainType<T> {
  static_assert(sizeof(T) == sizeof(int));
  using type = int;
};
template <class T>
struct PlainType<T*> {
  using type = typename PlainType<T>::type*;
};
template <class R, class... A>
struct PlainType<R (*)(A...)> {
  using type = typename PlainType<R>::type (*)(typename PlainType<A>::type...);
};
template <class R, class... A>
struct PlainType<R (*)(A...) noexcept> : PlainType<R (*)(A...)> {};

template <class Official, class Ours>
constexpr bool kSame = std::is_same_v<typename PlainType<Official>::type, Ours>;

using ossicle::ort::Api;

#define OSSICLE_COMPARE(slot, name, result, arguments)                             \
  static_assert(offsetof(OrtApi, name) == (slot) * sizeof(void*), #name ": slot"); \
  static_assert(kSame<decltype(OrtApi::name), decltype(Api::name)>, #name ": type");
OSSICLE_ORT_SLOTS(OSSICLE_COMPARE)

using ossicle::ort::ApiBase;
static_assert(offsetof(OrtApiBase, GetApi) == offsetof(ApiBase, GetApi));
static_assert(offsetof(OrtApiBase, GetVersionString) == offsetof(ApiBase, GetVersionString));
static_assert(kSame<decltype(OrtApiBase::GetVersionString), decltype(ApiBase::GetVersionString)>);

static_assert(ossicle::ort::kLoggingLevelFatal == ORT_LOGGING_LEVEL_FATAL);
static_assert(ossicle::ort::kElementFloat == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT);
static_assert(ossicle::ort::kArenaAllocator == OrtArenaAllocator);
static_assert(ossicle::ort::kMemTypeDefault == OrtMemTypeDefault);
static_assert(ossicle::ort::kOptimizeNothing == ORT_DISABLE_ALL);
static_assert(ossicle::ort::kOptimizeBasic == ORT_ENABLE_BASIC);
static_assert(ossicle::ort::kOptimizeExtended == ORT_ENABLE_EXTENDED);
static_assert(ossicle::ort::kOptimizeAll == ORT_ENABLE_ALL);
static_assert(ossicle::ort::kApiVersion <= ORT_API_VERSION);

}  // namespace
