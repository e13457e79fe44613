#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/fp_environment.h"
#include "core/nearest_name.h"
#include "frontend/invalid.h"
#include "frontend/json.h"
#include "frontend/spec_fields.h"
#include "ossicle/spec.h"

namespace ossicle {

using internal::Invalid;
using internal::Json;

namespace {

template <class T>
Json ToValue(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return kEnumNames<T>[static_cast<std::size_t>(value)];
  } else {
    return value;
  }
}

template <class E>
E ParseEnum(const std::string& field, std::string_view text) {
  std::string legal;
  for (std::size_t i = 0; i < kEnumNames<E>.size(); ++i) {
    if (text == kEnumNames<E>[i]) return static_cast<E>(i);
    legal += (i == 0 ? "" : ", ") + std::string(kEnumNames<E>[i]);
  }
  Invalid(field + "=\"" + std::string(text) + "\", but it must be one of " + legal);
}

int ParseInt(const std::string& field, const Json& json) {
  if (!json.is_number_integer()) Invalid(field + "=" + json.dump() + ", but it must be an integer");
  const bool fits = json.is_number_unsigned() ? std::in_range<int>(json.get<std::uint64_t>())
                                              : std::in_range<int>(json.get<std::int64_t>());
  if (!fits) Invalid(field + "=" + json.dump() + ", but it must be an integer of 32 bits");
  return json.get<int>();
}

template <class T>
T ParseValue(const std::string& field, const Json& json) {
  if constexpr (std::is_enum_v<T>) {
    if (!json.is_string()) Invalid(field + "=" + json.dump() + ", but it must be a string");
    return ParseEnum<T>(field, json.get<std::string>());
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean()) Invalid(field + "=" + json.dump() + ", but it must be true or false");
    return json.get<bool>();
  } else if constexpr (std::is_same_v<T, int>) {
    return ParseInt(field, json);
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    if (!json.is_number_unsigned()) {
      Invalid(field + "=" + json.dump() + ", but it must be an integer of 0 or more");
    }
    return json.get<std::uint64_t>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string()) Invalid(field + "=" + json.dump() + ", but it must be a string");
    return json.get<std::string>();
  } else {
    if (!json.is_number()) Invalid(field + "=" + json.dump() + ", but it must be a number");
    return json.get<double>();
  }
}

template <class Object, class Member>
bool ParseInto(Object& object, Member member, const std::string& field, const Json& json) {
  using T = std::remove_cvref_t<decltype(object.*member)>;
  object.*member = ParseValue<T>(field, json);
  return true;
}

/// Offers the nearest of the fields' names, or all of them.
[[noreturn]] void InvalidField(const std::string& problem, std::string_view key,
                               const std::vector<std::string_view>& names) {
  const std::string_view nearest = internal::NearestName(key, names);
  if (!nearest.empty()) Invalid(problem + "; the nearest is \"" + std::string(nearest) + "\"");
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  Invalid(problem + "; there are " + all);
}

Json StepToJson(const Step& step) {
  return std::visit(
      [](const auto& value) {
        using S = std::remove_cvref_t<decltype(value)>;
        Json json;
        json["step"] = kStepName<S>;
        ForEachStepField<S>(
            [&](const char* name, auto member, Range) { json[name] = value.*member; });
        return json;
      },
      step);
}

/// Reads `json` as a step of type S if its name is S's.
template <class S>
bool TryStep(const std::string& where, const Json& json, Step& step) {
  if (json.at("step") != kStepName<S>) return false;
  S parsed;
  for (const auto& [key, value] : json.items()) {
    bool known = key == "step";
    std::vector<std::string_view> names = {"step"};
    ForEachStepField<S>([&, &key = key, &value = value](const char* name, auto member, Range) {
      if (key == name) known = ParseInto(parsed, member, where + "." + key, value);
      names.emplace_back(name);
    });
    if (!known) InvalidField(where + " has the unknown field \"" + key + "\"", key, names);
  }
  step = parsed;
  return true;
}

template <class... S>
Step ParseStepOf(const std::string& where, const Json& json, std::variant<S...> step) {
  if (!json.is_object() || !json.contains("step")) {
    Invalid(where + "=" + json.dump() + ", but it must be an object with a field \"step\"");
  }
  if ((TryStep<S>(where, json, step) || ...)) return step;
  std::string legal;
  ((legal += (legal.empty() ? "" : ", ") + std::string(kStepName<S>)), ...);
  Invalid(where + ".step=" + json.at("step").dump() + ", but it must be one of " + legal);
}

void ParseSteps(const Json& json, FrontendSpec& spec) {
  if (!json.is_array()) Invalid("steps=" + json.dump() + ", but it must be an array");
  for (std::size_t i = 0; i < json.size(); ++i) {
    spec.steps.push_back(ParseStepOf("steps[" + std::to_string(i) + "]", json[i], Step()));
  }
}

void ParseField(const std::string& key, const Json& value, FrontendSpec& spec) {
  if (key == "name") {
    spec.name = ParseValue<std::string>(key, value);
    return;
  }
  if (key == "steps") return ParseSteps(value, spec);
  bool known = false;
  std::vector<std::string_view> names = {"name", "steps"};
  ForEachField([&](const char* name, auto member, Range) {
    if (key == name) known = ParseInto(spec, member, key, value);
    names.emplace_back(name);
  });
  if (!known) InvalidField("the field \"" + key + "\" is unknown", key, names);
}

}  // namespace

namespace internal {

Json ParseJson(std::string_view text) {
  std::vector<std::set<std::string>> objects;  // the fields so far of those that are open
  const auto check = [&](int, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) objects.emplace_back();
    if (event == Json::parse_event_t::object_end) objects.pop_back();
    if (event != Json::parse_event_t::key) return true;
    const auto& key = parsed.get_ref<const std::string&>();
    if (!objects.back().insert(key).second) Invalid("the field \"" + key + "\" is given twice");
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::exception& error) {
    // Less the name that the parser gives to the kind of error.
    const std::string what = error.what();
    const std::size_t name_end = what.find("] ");
    Invalid("not valid JSON: " +
            (name_end == std::string::npos ? what : what.substr(name_end + 2)));
  }
}

}  // namespace internal

Downmix ParseDownmix(std::string_view text) { return ParseEnum<Downmix>("downmix", text); }

Layout ParseLayout(std::string_view text) { return ParseEnum<Layout>("layout", text); }

std::string FrontendSpec::ToJson() const {
  Json json;
  json["name"] = name;
  ForEachField(
      [&](const char* field, auto member, Range) { json[field] = ToValue(this->*member); });
  json["steps"] = Json::array();
  for (const Step& step : steps) json["steps"].push_back(StepToJson(step));
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

FrontendSpec FrontendSpec::FromJson(std::string_view text) {
  const internal::DefaultFpEnvironment environment;  // decimal numbers are rounded
  const Json json = internal::ParseJson(text);
  if (!json.is_object()) Invalid("the JSON must be an object of fields");
  FrontendSpec spec;
  for (const auto& [key, value] : json.items()) ParseField(key, value, spec);
  spec.Validate();
  return spec;
}

}  // namespace ossicle
