#include "encoder/model_cache.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/cpu_info.h"
#include "encoder/onnx_file.h"
#include "encoder/sha256.h"
#include "ossicle/error.h"

namespace ossicle {

namespace {

constexpr char kChecksumKey[] = "ossicle_cache_sha256";

[[noreturn]] void ThrowUnwritable(const std::string& folder, const std::string& reason) {
  throw Error(Code::kOutput, "cannot keep the optimised model in the cache folder \"" + folder +
                                 "\": " + reason + "; choose another folder, or keep no cache");
}

void AddFile(Sha256& sha256, const std::string& path) {
  const protobuf::File file(path);
  ForEachBlock(file, file.whole(),
               [&](const std::string& block) { sha256.Update(block.data(), block.size()); });
}

void AddText(Sha256& sha256, const std::string& text) {
  sha256.Update(text.c_str(), text.size() + 1);
}

/// The same for two models only if ONNX Runtime makes the same of them.
std::string Digest(const ort::Runtime& runtime, const std::string& path, const ModelFile& model,
                   const EncoderOptions& options) {
  Sha256 sha256;
  AddFile(sha256, path);
  for (const std::string& name : model.external_files) {
    AddFile(sha256, std::filesystem::path(path).replace_filename(name));
  }
  AddText(sha256, runtime.info().version);
  AddText(sha256, std::to_string(static_cast<int>(options.graph_optimization)));
  for (const std::string& provider : options.providers) AddText(sha256, provider);
  // What the processor can do decides how a graph is optimised.
  AddText(sha256, internal::CpuInfo({"flags", "Features"}));
  return sha256.Digest();
}

/// Stands at the end of a copy: an entry of metadata_props with the digest of all before it.
std::string ChecksumRecord(const std::string& digest) {
  return PropertyRecord(kChecksumKey, digest);
}

bool IsWhole(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) return false;
  const protobuf::File file(path);
  const std::string empty = ChecksumRecord(std::string(64, '0'));
  if (file.bytes() <= empty.size()) return false;
  const protobuf::Range content{0, file.bytes() - empty.size()};
  Sha256 sha256;
  ForEachBlock(file, content,
               [&](const std::string& block) { sha256.Update(block.data(), block.size()); });
  return file.Text({content.end, file.bytes()}, empty.size()) == ChecksumRecord(sha256.Digest());
}

/// A file in the cache folder that becomes the copy when it is whole.
class NewCopy {
 public:
  explicit NewCopy(const std::string& folder) : folder_(folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) ThrowUnwritable(folder, error.message());
    path_ = std::filesystem::path(folder) / ".model.XXXXXX";
    const int fd = mkstemp(path_.data());
    if (fd < 0) ThrowUnwritable(folder, std::generic_category().message(errno));
    close(fd);
  }
  ~NewCopy() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  NewCopy(const NewCopy&) = delete;
  NewCopy& operator=(const NewCopy&) = delete;

  const std::string& path() const { return path_; }

  void Keep(const std::string& as) const {
    Sha256 sha256;
    AddFile(sha256, path_);
    Append(ChecksumRecord(sha256.Digest()));
    std::error_code error;
    std::filesystem::rename(path_, as, error);
    if (error) ThrowUnwritable(folder_, error.message());
  }

 private:
  void Append(const std::string& bytes) const {
    std::FILE* const file = std::fopen(path_.c_str(), "abe");
    const bool is_written =
        file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    const bool is_closed = file != nullptr && std::fclose(file) == 0;
    if (!is_written || !is_closed) ThrowUnwritable(folder_, "its checksum cannot be written");
  }

  const std::string& folder_;
  std::string path_;
};

using SessionPointer = std::unique_ptr<const ort::Session>;

/// Nothing if the copy is not there or not whole.
SessionPointer OpenCopy(const ort::Runtime& runtime, const std::string& path,
                        ort::SessionConfig config, const std::string& copy) {
  config.graph_optimization = GraphOptimization::kNone;  // it was done
  try {
    if (!IsWhole(copy)) return nullptr;
    return std::make_unique<const ort::Session>(runtime, path, config, copy);
  } catch (const Error&) {
    return nullptr;
  }
}

/// A provider that compiles the graph leaves nothing that could be saved.
bool MayCompile(const std::vector<std::string>& providers) {
  return std::ranges::any_of(providers, [](const std::string& name) { return name != "cpu"; });
}

SessionPointer MakeCopy(const ort::Runtime& runtime, const std::string& path,
                        const ort::SessionConfig& config, const std::string& folder,
                        const std::string& copy) {
  const NewCopy file(folder);
  ort::SessionConfig saving = config;
  saving.save_to = file.path();
  SessionPointer session;
  std::string reason;
  try {
    session = std::make_unique<const ort::Session>(runtime, path, saving);
  } catch (const Error& error) {
    reason = error.what();
  }
  if (session != nullptr) {
    file.Keep(copy);
    return session;
  }
  session = std::make_unique<const ort::Session>(runtime, path, config);
  if (!MayCompile(config.providers)) ThrowUnwritable(folder, reason);
  return session;
}

}  // namespace

std::unique_ptr<const ort::Session> OpenSession(const ort::Runtime& runtime,
                                                const std::string& path,
                                                const EncoderOptions& options) {
  CheckProviders(runtime, options.providers);
  const ort::SessionConfig config{options.providers, options.graph_optimization, ""};
  if (options.cache_folder.empty()) {
    return std::make_unique<const ort::Session>(runtime, path, config);
  }
  const std::string digest = Digest(runtime, path, ReadModelFile(path), options);
  const std::string copy = std::filesystem::path(options.cache_folder) / (digest + ".onnx");
  SessionPointer session = OpenCopy(runtime, path, config, copy);
  return session ? std::move(session) : MakeCopy(runtime, path, config, options.cache_folder, copy);
}

}  // namespace ossicle
