// A library that says that it is ONNX Runtime 1.19.2, for the test that such a one is refused.

#include <cstdint>

namespace {

struct ApiBase {
  const void* (*GetApi)(std::uint32_t);
  const char* (*GetVersionString)();
};

constexpr ApiBase kBase = {[](std::uint32_t) -> const void* { return nullptr; },
                           [] { return "1.19.2"; }};

}  // namespace

extern "C" __attribute__((visibility("default"))) const ApiBase* OrtGetApiBase() { return &kBase; }
