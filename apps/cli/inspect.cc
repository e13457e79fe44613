#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands.h"
#include "exit_code.h"
#include "ossicle/error.h"
#include "ossicle/model_file.h"

namespace ossicle::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Inspection {
  ModelFile file;
  std::string graph_sha256;
  std::optional<ModelMetadata> packed;
  std::string problem;  ///< why `ossicle encode` would refuse it; "" if it would not
};

Inspection Inspect(const std::string& path) {
  Inspection found{ReadModelFile(path), GraphSha256(path), std::nullopt, ""};
  try {
    found.packed = found.file.Metadata();
    if (!found.packed) return found;
    found.file.CheckGraph(*found.packed, found.graph_sha256);
    found.file.CheckFits(found.packed->frontend, found.packed->windows);
  } catch (const Error& error) {
    found.problem = error.what();
  }
  return found;
}

/// A model's name for something may hold anything, and this goes to a terminal.
std::string Printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

std::string Line(std::string heading, const std::string& text) {
  heading.resize(12, ' ');
  return heading + Printable(text) + "\n";
}

std::string Dimension(const ModelPort& port, std::size_t i) {
  if (port.shape[i] >= 0) return std::to_string(port.shape[i]);
  return port.dimension_names[i].empty() ? "?" : port.dimension_names[i];
}

std::string PortText(const ModelPort& port) {
  std::string shape;
  for (std::size_t i = 0; i < port.shape.size(); ++i) {
    shape += (i == 0 ? "" : ", ") + Dimension(port, i);
  }
  return port.name + ": " + port.type + " [" + shape + "]";
}

std::string OriginText(const ModelFile& file) {
  std::string text = file.path + ": ONNX IR " + std::to_string(file.ir_version);
  for (const auto& [domain, version] : file.opsets) {
    text += (domain.empty() ? ", opset " : ", " + domain + " ") + std::to_string(version);
  }
  return file.producer.empty() ? text : text + ", by " + file.producer;
}

std::string GraphText(const Inspection& found) {
  const std::string text = "sha256 " + found.graph_sha256;
  if (!found.packed) return text;
  if (found.graph_sha256 == found.packed->graph_sha256) {
    return text + ", as packed by Ossicle " + found.packed->packed_by;
  }
  return text + ", not the one that was packed";
}

std::string PackedText(const Inspection& found) {
  if (found.file.properties.empty()) {
    return Line("front end", "none inside; `ossicle pack` puts one in");
  }
  if (!found.packed) return Line("front end", "its metadata cannot be used");
  const ModelMetadata& packed = *found.packed;
  return Line("front end", packed.frontend.name) +
         Line("windows", packed.windows.ToString() + ", tail " + ToString(packed.windows.tail)) +
         packed.frontend.ToJson() + "\n";
}

std::string Text(const Inspection& found) {
  std::string text = Line("model", OriginText(found.file));
  for (const ModelPort& port : found.file.inputs) text += Line("input", PortText(port));
  for (const ModelPort& port : found.file.outputs) text += Line("output", PortText(port));
  for (const std::string& name : found.file.external_files) text += Line("weights", name);
  return text + Line("graph", GraphText(found)) + PackedText(found);
}

Json ToJson(const std::vector<ModelPort>& ports) {
  Json list = Json::array();
  for (const ModelPort& port : ports) {
    Json json;
    json["name"] = port.name;
    json["type"] = port.type;
    json["shape"] = Json::array();
    for (std::size_t i = 0; i < port.shape.size(); ++i) {
      if (port.shape[i] >= 0) {
        json["shape"].push_back(port.shape[i]);
      } else {
        json["shape"].push_back(Dimension(port, i));
      }
    }
    list.push_back(json);
  }
  return list;
}

Json ToJson(const ModelMetadata& packed, const std::string& graph_sha256) {
  Json json;
  json["by"] = packed.packed_by;
  json["frontend"] = Json::parse(packed.frontend.ToJson());
  json["windows"] = packed.windows.ToString();
  json["tail"] = ToString(packed.windows.tail);
  json["graph_sha256"] = packed.graph_sha256;
  json["matches"] = packed.graph_sha256 == graph_sha256;
  return json;
}

std::string JsonText(const Inspection& found) {
  Json json;
  json["model"] = found.file.path;
  json["producer"] = found.file.producer;
  json["ir_version"] = found.file.ir_version;
  json["opsets"] = Json::object();
  for (const auto& [domain, version] : found.file.opsets) json["opsets"][domain] = version;
  json["inputs"] = ToJson(found.file.inputs);
  json["outputs"] = ToJson(found.file.outputs);
  json["external_files"] = found.file.external_files;
  json["graph_sha256"] = found.graph_sha256;
  json["packed"] = found.packed ? ToJson(*found.packed, found.graph_sha256) : Json();
  json["problem"] = found.problem.empty() ? Json() : Json(found.problem);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int Run(const std::string& model, bool as_json) {
  const Inspection found = Inspect(model);
  PrintData(as_json ? JsonText(found) : Text(found));
  if (found.problem.empty()) return kDone;
  std::fprintf(stderr, "ossicle: %s\n", found.problem.c_str());
  return kModel;
}

}  // namespace

void AddInspect(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("inspect",
                         "Examples:\n"
                         "  ossicle inspect packed.onnx\n"
                         "  ossicle inspect packed.onnx --json\n\n"
                         "What an ONNX model takes and gives, and the front end inside it");
  auto model = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  command->add_option("model", *model, "ONNX model; no ONNX Runtime is needed")
      ->required()
      ->type_name("M.onnx");
  command->add_flag("--json", *as_json, "Print it for programs");
  command->callback([model, as_json, &exit_code] { exit_code = Run(*model, *as_json); });
}

}  // namespace ossicle::cli
