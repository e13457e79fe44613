#include "encoder/onnxruntime.h"

#include <dlfcn.h>

#include <climits>
#include <cstdio>
#include <mutex>

#include "ossicle/error.h"

namespace ossicle::ort {

namespace {

constexpr char kCure[] =
    "Install it with `pip install 'onnxruntime>=1.20'` in the active Python environment, or set "
    "OSSICLE_ONNXRUNTIME to the path of libonnxruntime.so";

bool IsOld(const std::string& version) {
  int major = 0;
  int minor = 0;
  if (std::sscanf(version.c_str(), "%d.%d", &major, &minor) != 2) return true;
  return major != kMinMajor ? major < kMinMajor : minor < kMinMinor;
}

struct Library {
  const ApiBase* base = nullptr;
  std::string path;
  std::string problem;  ///< why `base` is null
};

/// The file that holds `symbol`: where the loader found a library that was named without a folder.
std::string FileOf(const void* symbol, const std::string& otherwise) {
  Dl_info found = {};
  const bool known = dladdr(symbol, &found) != 0 && found.dli_fname != nullptr;
  return known ? found.dli_fname : otherwise;
}

Library OpenLibrary(const std::string& file) {
  if (file.size() >= PATH_MAX) {  // dlopen would copy it to the stack, whatever its length
    return {nullptr, file, "a path has at most " + std::to_string(PATH_MAX - 1) + " bytes"};
  }
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* reason = dlerror();
    return {nullptr, file, reason ? reason : "it cannot be opened"};
  }
  void* symbol = dlsym(handle, "OrtGetApiBase");
  if (symbol == nullptr) {
    return {nullptr, file, file + ": not ONNX Runtime: it has no OrtGetApiBase"};
  }
  const ApiBase* base = reinterpret_cast<const ApiBase* (*)()>(symbol)();
  const std::string version = base->GetVersionString();
  // Asked first, because an older runtime complains on stderr when GetApi() is refused.
  if (IsOld(version)) {
    return {nullptr, file, file + ": ONNX Runtime " + version + " is too old: 1.20 is needed"};
  }
  return {base, FileOf(symbol, file), ""};
}

[[noreturn]] void ThrowNotFound(const std::vector<Place>& places,
                                const std::vector<std::string>& outcomes) {
  if (places.size() == 1 && places.front().named) {
    throw Error(Code::kModel, "ONNX Runtime cannot be loaded from " + places.front().name + ": " +
                                  outcomes.front() + ". " + kCure);
  }
  std::string message = "ONNX Runtime >= 1.20 was not found. Tried:\n";
  for (std::size_t i = 0; i < places.size(); ++i) {
    message += "  " + places[i].name + ": " + outcomes[i] + "\n";
  }
  throw Error(Code::kModel, message + kCure);
}

}  // namespace

void Runtime::Check(OrtStatus* status, const std::string& failure) const {
  if (status == nullptr) return;
  std::string reason = api_.GetErrorMessage(status);
  while (reason.ends_with('\n')) reason.pop_back();
  api_.ReleaseStatus(status);
  throw Error(Code::kModel, failure + ": " + reason);
}

void Runtime::Start() {
  // Only what ends the process is logged; everything else comes back as a status.
  Check(api_.CreateEnv(kLoggingLevelFatal, "ossicle", &env_), "ONNX Runtime cannot be started");
  char** names = nullptr;
  int count = 0;
  Check(api_.GetAvailableProviders(&names, &count), "ONNX Runtime cannot list its providers");
  info_.providers.assign(names, names + count);
  Check(api_.ReleaseAvailableProviders(names, count), "ONNX Runtime cannot list its providers");
}

Owned<OrtMemoryInfo> Runtime::CpuMemory() const {
  OrtMemoryInfo* memory = nullptr;
  Check(api_.CreateCpuMemoryInfo(kArenaAllocator, kMemTypeDefault, &memory),
        "ONNX Runtime has no memory");
  return {memory, api_.ReleaseMemoryInfo};
}

std::unique_ptr<Runtime> Runtime::Open(const std::vector<Place>& places) {
  std::vector<std::string> outcomes;
  for (const Place& place : places) {
    std::string& outcome = outcomes.emplace_back();
    if (place.files.empty()) outcome = place.name.starts_with('$') ? "not set" : "no such file";
    for (const std::string& file : place.files) {
      const Library library = OpenLibrary(file);
      if (library.base == nullptr) {
        outcome += (outcome.empty() ? "" : "; ") + library.problem;
        continue;
      }
      std::unique_ptr<Runtime> runtime(new Runtime);
      runtime->info_ = {library.base->GetVersionString(), library.path, {}};
      runtime->api_ = Api(library.base->GetApi(kApiVersion));
      runtime->Start();
      return runtime;
    }
  }
  ThrowNotFound(places, outcomes);
}

const Runtime& Runtime::Get(const std::string& path) {
  static std::mutex mutex;
  static const Runtime* runtime = nullptr;
  const std::lock_guard lock(mutex);
  if (runtime == nullptr) runtime = Open(Places(SearchContext::OfProcess(path))).release();
  return *runtime;
}

}  // namespace ossicle::ort

namespace ossicle {

OnnxRuntimeInfo LoadOnnxRuntime(const std::string& path) { return ort::Runtime::Get(path).info(); }

}  // namespace ossicle
