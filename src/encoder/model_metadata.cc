#include "encoder/model_metadata.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "encoder/model_input.h"
#include "ossicle/error.h"
#include "ossicle/version.h"

namespace ossicle {

namespace {

constexpr char kFormatKey[] = "ossicle.format";
constexpr char kVersionKey[] = "ossicle.version";
constexpr char kFrontendKey[] = "ossicle.frontend";
constexpr char kWindowsKey[] = "ossicle.windows";
constexpr char kTailKey[] = "ossicle.tail";
constexpr char kGraphKey[] = "ossicle.graph_sha256";
constexpr char kFormat[] = "1";

/// A stranger's text may hold what commands a terminal.
[[noreturn]] void Bad(std::string what) {
  std::replace_if(
      what.begin(), what.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  throw Error(Code::kModel, what);
}

/// A stranger's text may be long.
std::string Shortened(const std::string& text) {
  constexpr std::size_t kMostBytes = 300;
  return text.size() <= kMostBytes ? text : text.substr(0, kMostBytes) + "...";
}

[[noreturn]] void BadValue(const char* key, const std::string& value, const std::string& legal) {
  Bad(key + ("=\"" + Shortened(value)) + "\", but it must be " + legal);
}

using VersionParts = std::array<int, 3>;

/// Throws Error(kModel) unless `text` is MAJOR.MINOR.PATCH.
VersionParts ParseVersion(const std::string& text) {
  VersionParts parts{};
  const char* next = text.data();
  const char* const end = next + text.size();
  for (int& part : parts) {
    if (&part != parts.data()) {
      if (next == end || *next != '.') BadValue(kVersionKey, text, "like 0.1.0");
      ++next;
    }
    const auto [after, error] = std::from_chars(next, end, part);
    if (error != std::errc() || part < 0) BadValue(kVersionKey, text, "like 0.1.0");
    next = after;
  }
  if (next != end) BadValue(kVersionKey, text, "like 0.1.0");
  return parts;
}

class PropertyReader {
 public:
  explicit PropertyReader(const ModelFile& model) : model_(model) {}

  ModelMetadata Read() const {
    ModelMetadata metadata;
    bool is_newer = false;
    try {
      metadata.packed_by = Value(kVersionKey);
      is_newer = ParseVersion(metadata.packed_by) > ParseVersion(Version());
      ReadRest(metadata);
    } catch (const Error& error) {
      if (!is_newer) Bad(std::string(error.what()) + "; pack it again");
      Bad("it was packed by Ossicle " + metadata.packed_by + ", and this is " + Version() +
          ", which does not know what it means: " + error.what() +
          "; update Ossicle, or pack it again");
    }
    return metadata;
  }

 private:
  const std::string& Value(const char* key) const {
    const std::string* value = nullptr;
    for (const auto& [name, text] : model_.properties) {
      if (name != key) continue;
      if (value != nullptr) Bad(std::string(key) + " is there twice");
      value = &text;
    }
    if (value == nullptr) Bad(std::string(key) + " is missing");
    return *value;
  }

  void ReadRest(ModelMetadata& metadata) const {
    if (const std::string& format = Value(kFormatKey); format != kFormat) {
      BadValue(kFormatKey, format, kFormat);
    }
    Named(kFrontendKey,
          [&](const std::string& text) { metadata.frontend = FrontendSpec::FromJson(text); });
    Named(kWindowsKey,
          [&](const std::string& text) { metadata.windows = WindowRule::Parse(text); });
    Named(kTailKey, [&](const std::string& text) { metadata.windows.tail = ParseTail(text); });
    metadata.graph_sha256 = Value(kGraphKey);
    const bool is_digest =
        metadata.graph_sha256.size() == 64 &&
        metadata.graph_sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_digest) BadValue(kGraphKey, metadata.graph_sha256, "64 hexadecimal digits");
  }

  /// Puts the key in front of what `parse` says.
  template <class Parse>
  void Named(const char* key, const Parse& parse) const {
    try {
      parse(Value(key));
    } catch (const Error& error) {
      if (error.code() == Code::kModel) throw;
      Bad(key + (": " + Shortened(error.what())));
    }
  }

  const ModelFile& model_;
};

void CheckPort(const ModelFile& model, const char* kind, const ModelPort& port) {
  if (port.type == "float32") return;
  Bad("the model \"" + model.path + "\" has the " + kind + " \"" + port.name + "\" of type " +
      (port.type.empty() ? "unknown" : port.type) +
      ", but it must be a float32 tensor; export it with float32");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> PropertiesOf(const ModelMetadata& metadata) {
  return {{kFormatKey, kFormat},
          {kVersionKey, metadata.packed_by},
          {kFrontendKey, metadata.frontend.ToJson()},
          {kWindowsKey, metadata.windows.ToString()},
          {kTailKey, ToString(metadata.windows.tail)},
          {kGraphKey, metadata.graph_sha256}};
}

std::optional<ModelMetadata> ModelFile::Metadata() const {
  if (properties.empty()) return std::nullopt;
  try {
    return PropertyReader(*this).Read();
  } catch (const Error& error) {
    Bad("the model \"" + path + "\" carries metadata that cannot be used: " + error.what() +
        ", or pass frontend, windows and tail, which win over it");
  }
}

void ModelFile::CheckGraph(const ModelMetadata& packed, const std::string& graph_sha256) const {
  if (graph_sha256 == packed.graph_sha256) return;
  Bad("the model \"" + path + "\" is not the one that was packed: its graph's SHA-256 is " +
      graph_sha256 + ", but " + packed.graph_sha256 +
      " was packed; take the file as it was, or pack this one again, or pass frontend, "
      "windows and tail");
}

void ModelFile::CheckFits(const FrontendSpec& spec, const WindowRule& rule) const {
  spec.Validate();
  rule.Validate();
  if (inputs.size() != 1 || outputs.empty()) {
    Bad("the model \"" + path + "\" has " + std::to_string(inputs.size()) + " inputs and " +
        std::to_string(outputs.size()) +
        " outputs, but an encoder has one input and at least one output");
  }
  const ModelPort& input = inputs.front();
  CheckPort(*this, "input", input);
  CheckPort(*this, "first output", outputs.front());
  if (MatchModelInput(input.shape, rule.length, spec.bands(), spec.layout, 1)) return;
  Bad(DescribeMismatch(path, input.shape, rule.length, spec.bands(), spec.layout));
}

}  // namespace ossicle
