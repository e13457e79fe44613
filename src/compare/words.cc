#include "compare/words.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

#include "frontend/spec_fields.h"

namespace ossicle::compare {
namespace {

template <class T>
std::string JsonValue(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return '"' + std::string(kEnumNames<T>[static_cast<std::size_t>(value)]) + '"';
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, double>) {
    return Exact(value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return '"' + value + '"';
  } else {
    return std::to_string(value);
  }
}

struct Phrase {
  std::string operator()(const PeakFloor& step) const {
    return "raised to the peak - " + Rounded(step.range);
  }
  std::string operator()(const Affine& step) const {
    std::string text = "turned into " + Rounded(step.scale) + " x";
    if (step.offset == 0.0) return text;
    return text + (step.offset < 0 ? " - " : " + ") + Rounded(std::abs(step.offset));
  }
  std::string operator()(const Clip& step) const {
    return "clipped to " + Rounded(step.low) + ".." + Rounded(step.high);
  }
  std::string operator()(const SubtractMean&) const { return "less the mean of each band"; }
  std::string operator()(const Standardize& step) const {
    return "standardised in each band (divisor n" + std::string(step.ddof == 1 ? " - 1" : "") +
           ", epsilon " + Rounded(step.epsilon) +
           (step.epsilon_in_variance ? " in the variance)" : ")");
  }
  std::string operator()(const Cepstrum& step) const {
    return "turned into " + std::to_string(step.coefficients) + " cepstra (lifter " +
           Rounded(step.lifter) + (step.log_energy ? ", the first the log energy)" : ")");
  }
};

}  // namespace

std::string Rounded(double value) {
  char text[40];
  std::snprintf(text, sizeof(text), "%.6g", value);
  return text;
}

std::string Exact(double value) {
  char text[40];
  for (const int digits : {6, 15, 17}) {
    std::snprintf(text, sizeof(text), "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value) break;
  }
  return text;
}

std::string FieldValue(const FrontendSpec& spec, std::string_view field) {
  std::string text;
  ForEachField([&](const char* name, auto member, Range) {
    if (field == name) text = JsonValue(spec.*member);
  });
  return text;
}

std::string StepValue(const Step& step) {
  return std::visit(
      [](const auto& value) {
        using Type = std::remove_cvref_t<decltype(value)>;
        std::string text = R"({"step": ")" + std::string(kStepName<Type>) + '"';
        ForEachStepField<Type>([&](const char* name, auto member, Range) {
          text += std::string(", \"") + name + "\": " + JsonValue(value.*member);
        });
        return text + "}";
      },
      step);
}

std::string StepWords(const Step* found, const Step* wanted) {
  if (wanted == nullptr) return "also " + std::visit(Phrase{}, *found);
  if (found == nullptr) return "not " + std::visit(Phrase{}, *wanted);
  return std::visit(Phrase{}, *found) + ", not " + std::visit(Phrase{}, *wanted);
}

}  // namespace ossicle::compare
