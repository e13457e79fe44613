#pragma once

#include <cstddef>
#include <cstdint>

// The part of ONNX Runtime's C ABI that is used here. OrtApi is a table of function pointers to
// which releases only append, so a function keeps its slot for ever.
// tests/rules/ort_header_check.cc compares every line below with the official header. Enumerations
// are passed as int.

struct OrtAllocator;
struct OrtCUDAProviderOptionsV2;
struct OrtEnv;
struct OrtMemoryInfo;
struct OrtRunOptions;
struct OrtSession;
struct OrtSessionOptions;
struct OrtStatus;
struct OrtTensorRTProviderOptionsV2;
struct OrtTensorTypeAndShapeInfo;
struct OrtTypeInfo;
struct OrtValue;

// clang-format off
#define OSSICLE_ORT_SLOTS(X) \
  X(2, GetErrorMessage, const char*, (const OrtStatus*)) \
  X(3, CreateEnv, OrtStatus*, (int, const char*, OrtEnv**)) \
  X(7, CreateSession, OrtStatus*, (const OrtEnv*, const char*, const OrtSessionOptions*, OrtSession**)) \
  X(9, Run, OrtStatus*, (OrtSession*, const OrtRunOptions*, const char* const*, const OrtValue* const*, std::size_t, const char* const*, std::size_t, OrtValue**)) \
  X(10, CreateSessionOptions, OrtStatus*, (OrtSessionOptions**)) \
  X(11, SetOptimizedModelFilePath, OrtStatus*, (OrtSessionOptions*, const char*)) \
  X(23, SetSessionGraphOptimizationLevel, OrtStatus*, (OrtSessionOptions*, int)) \
  X(24, SetIntraOpNumThreads, OrtStatus*, (OrtSessionOptions*, int)) \
  X(25, SetInterOpNumThreads, OrtStatus*, (OrtSessionOptions*, int)) \
  X(30, SessionGetInputCount, OrtStatus*, (const OrtSession*, std::size_t*)) \
  X(31, SessionGetOutputCount, OrtStatus*, (const OrtSession*, std::size_t*)) \
  X(33, SessionGetInputTypeInfo, OrtStatus*, (const OrtSession*, std::size_t, OrtTypeInfo**)) \
  X(34, SessionGetOutputTypeInfo, OrtStatus*, (const OrtSession*, std::size_t, OrtTypeInfo**)) \
  X(36, SessionGetInputName, OrtStatus*, (const OrtSession*, std::size_t, OrtAllocator*, char**)) \
  X(37, SessionGetOutputName, OrtStatus*, (const OrtSession*, std::size_t, OrtAllocator*, char**)) \
  X(49, CreateTensorWithDataAsOrtValue, OrtStatus*, (const OrtMemoryInfo*, void*, std::size_t, const std::int64_t*, std::size_t, int, OrtValue**)) \
  X(51, GetTensorMutableData, OrtStatus*, (OrtValue*, void**)) \
  X(55, CastTypeInfoToTensorInfo, OrtStatus*, (const OrtTypeInfo*, const OrtTensorTypeAndShapeInfo**)) \
  X(60, GetTensorElementType, OrtStatus*, (const OrtTensorTypeAndShapeInfo*, int*)) \
  X(61, GetDimensionsCount, OrtStatus*, (const OrtTensorTypeAndShapeInfo*, std::size_t*)) \
  X(62, GetDimensions, OrtStatus*, (const OrtTensorTypeAndShapeInfo*, std::int64_t*, std::size_t)) \
  X(65, GetTensorTypeAndShape, OrtStatus*, (const OrtValue*, OrtTensorTypeAndShapeInfo**)) \
  X(69, CreateCpuMemoryInfo, OrtStatus*, (int, int, OrtMemoryInfo**)) \
  X(76, AllocatorFree, OrtStatus*, (OrtAllocator*, void*)) \
  X(78, GetAllocatorWithDefaultOptions, OrtStatus*, (OrtAllocator**)) \
  X(93, ReleaseStatus, void, (OrtStatus*)) \
  X(94, ReleaseMemoryInfo, void, (OrtMemoryInfo*)) \
  X(95, ReleaseSession, void, (OrtSession*)) \
  X(96, ReleaseValue, void, (OrtValue*)) \
  X(98, ReleaseTypeInfo, void, (OrtTypeInfo*)) \
  X(99, ReleaseTensorTypeAndShapeInfo, void, (OrtTensorTypeAndShapeInfo*)) \
  X(100, ReleaseSessionOptions, void, (OrtSessionOptions*)) \
  X(125, GetAvailableProviders, OrtStatus*, (char***, int*)) \
  X(126, ReleaseAvailableProviders, OrtStatus*, (char**, int)) \
  X(130, AddSessionConfigEntry, OrtStatus*, (OrtSessionOptions*, const char*, const char*)) \
  X(170, SessionOptionsAppendExecutionProvider_TensorRT_V2, OrtStatus*, (OrtSessionOptions*, const OrtTensorRTProviderOptionsV2*)) \
  X(171, CreateTensorRTProviderOptions, OrtStatus*, (OrtTensorRTProviderOptionsV2**)) \
  X(174, ReleaseTensorRTProviderOptions, void, (OrtTensorRTProviderOptionsV2*)) \
  X(204, SessionOptionsAppendExecutionProvider_CUDA_V2, OrtStatus*, (OrtSessionOptions*, const OrtCUDAProviderOptionsV2*)) \
  X(205, CreateCUDAProviderOptions, OrtStatus*, (OrtCUDAProviderOptionsV2**)) \
  X(208, ReleaseCUDAProviderOptions, void, (OrtCUDAProviderOptionsV2*)) \
  X(216, SessionOptionsAppendExecutionProvider, OrtStatus*, (OrtSessionOptions*, const char*, const char* const*, const char* const*, std::size_t))
// clang-format on

namespace ossicle::ort {

/// The oldest release that is used, 1.20, and the version of the table that it has.
inline constexpr int kMinMajor = 1;
inline constexpr int kMinMinor = 20;
inline constexpr std::uint32_t kApiVersion = 20;

inline constexpr int kLoggingLevelFatal = 4;
inline constexpr int kElementFloat = 1;
inline constexpr int kArenaAllocator = 1;
inline constexpr int kMemTypeDefault = 0;
inline constexpr int kOptimizeNothing = 0;
inline constexpr int kOptimizeBasic = 1;
inline constexpr int kOptimizeExtended = 2;
inline constexpr int kOptimizeAll = 99;

/// OrtApiBase, which OrtGetApiBase() returns.
struct ApiBase {
  const void* const* (*GetApi)(std::uint32_t version);
  const char* (*GetVersionString)();
};

/// The functions above, by name.
struct Api {
#define OSSICLE_ORT_MEMBER(slot, name, result, arguments) result(*name) arguments = nullptr;
  OSSICLE_ORT_SLOTS(OSSICLE_ORT_MEMBER)
#undef OSSICLE_ORT_MEMBER

  Api() = default;
  explicit Api(const void* const* table) {
#define OSSICLE_ORT_READ(slot, name, result, arguments) \
  name = reinterpret_cast<result(*) arguments>(const_cast<void*>(table[slot]));
    OSSICLE_ORT_SLOTS(OSSICLE_ORT_READ)
#undef OSSICLE_ORT_READ
  }
};

}  // namespace ossicle::ort
