#include "compare/describe.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "compare/words.h"
#include "frontend/spec_fields.h"

namespace ossicle::compare {
namespace {

/// Fields that make one choice with another one, which names it.
std::string_view ChoiceOf(std::string_view field) {
  if (field == "pad_left_samples" || field == "pad_right_samples") return "framing";
  return field;
}

/// `wanted` with all fields of one choice as `found` has them.
FrontendSpec WithChoice(const FrontendSpec& found, FrontendSpec wanted, std::string_view choice) {
  ForEachField([&](const char* field, auto member, Range) {
    if (ChoiceOf(field) == choice) wanted.*member = found.*member;
  });
  return wanted;
}

std::string ChoiceValue(const FrontendSpec& spec, std::string_view choice) {
  std::string text = FieldValue(spec, choice);
  if (choice == "framing" && spec.framing == Framing::kExplicit) {
    text += ", " + std::to_string(spec.pad_left_samples) + ", " +
            std::to_string(spec.pad_right_samples);
  }
  return text;
}

std::vector<std::string_view> DifferingChoices(const FrontendSpec& found,
                                               const FrontendSpec& wanted) {
  std::vector<std::string_view> choices;
  ForEachField([&](const char* field, auto member, Range) {
    const std::string_view choice = ChoiceOf(field);
    if (found.*member == wanted.*member) return;
    if (std::find(choices.begin(), choices.end(), choice) == choices.end()) {
      choices.push_back(choice);
    }
  });
  return choices;
}

/// One place in the two lists of steps when each step is put beside the one of its kind.
struct StepPair {
  const Step* found;   // null: only `wanted` has it
  const Step* wanted;  // null: only `found` has it
};

/// The longest common subsequence of the kinds of steps.
std::vector<StepPair> Align(const std::vector<Step>& found, const std::vector<Step>& wanted) {
  const std::size_t rows = found.size();
  const std::size_t columns = wanted.size();
  std::vector<std::vector<std::size_t>> common(rows + 1, std::vector<std::size_t>(columns + 1));
  for (std::size_t f = rows; f-- > 0;) {
    for (std::size_t w = columns; w-- > 0;) {
      common[f][w] = found[f].index() == wanted[w].index()
                         ? common[f + 1][w + 1] + 1
                         : std::max(common[f + 1][w], common[f][w + 1]);
    }
  }
  std::vector<StepPair> pairs;
  std::size_t f = 0;
  std::size_t w = 0;
  while (f < rows || w < columns) {
    const bool both = f < rows && w < columns && found[f].index() == wanted[w].index();
    const bool take_found =
        both || (f < rows && (w == columns || common[f + 1][w] >= common[f][w + 1]));
    const bool take_wanted = both || !take_found;
    pairs.push_back({take_found ? &found[f++] : nullptr, take_wanted ? &wanted[w++] : nullptr});
  }
  return pairs;
}

bool Differ(const StepPair& pair) {
  return pair.found == nullptr || pair.wanted == nullptr || !(*pair.found == *pair.wanted);
}

/// The steps of `wanted`, but for one place, where they are those of `found`.
std::vector<Step> StepsWith(const std::vector<StepPair>& pairs, std::size_t place) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Step* step = i == place ? pairs[i].found : pairs[i].wanted;
    if (step != nullptr) steps.push_back(*step);
  }
  return steps;
}

std::string StepPlace(const std::vector<StepPair>& pairs, std::size_t place) {
  const bool in_found = pairs[place].found != nullptr;
  std::size_t index = 0;
  for (std::size_t i = 0; i < place; ++i) {
    if ((in_found ? pairs[i].found : pairs[i].wanted) != nullptr) ++index;
  }
  return "steps[" + std::to_string(index) + "]";
}

void AddStepChanges(const FrontendSpec& found, const FrontendSpec& wanted,
                    std::vector<SpecChange>& changes) {
  const std::vector<StepPair> pairs = Align(found.steps, wanted.steps);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!Differ(pairs[i])) continue;
    const auto value = [](const Step* step) {
      return step != nullptr ? StepValue(*step) : std::string();
    };
    FrontendSpec alone = wanted;
    alone.steps = StepsWith(pairs, i);
    changes.push_back({{StepPlace(pairs, i), value(pairs[i].found), value(pairs[i].wanted),
                        StepWords(pairs[i].found, pairs[i].wanted)},
                       alone});
  }
}

/// Samples from a hop's start to the middle of its window.
int WindowMiddle(const FrontendSpec& spec) { return spec.frame_samples() / 2 - spec.pad_left(); }

}  // namespace

int FramesLateBy(const FrontendSpec& found, const FrontendSpec& wanted) {
  return WindowMiddle(found) - WindowMiddle(wanted);
}

FrontendSpec Together(const SpecChange& one, const SpecChange& other, const FrontendSpec& found) {
  if (!other.deviation.field.starts_with("steps")) {
    return WithChoice(found, one.alone, other.deviation.field);
  }
  FrontendSpec both = one.alone;
  both.steps = other.alone.steps;
  return both;
}

std::vector<SpecChange> SpecChanges(const FrontendSpec& found, const FrontendSpec& wanted) {
  std::vector<SpecChange> changes;
  for (const std::string_view choice : DifferingChoices(found, wanted)) {
    const FrontendSpec alone = WithChoice(found, wanted, choice);
    changes.push_back({{std::string(choice), ChoiceValue(found, choice),
                        ChoiceValue(wanted, choice), FieldWords(choice, alone, wanted)},
                       alone});
  }
  AddStepChanges(found, wanted, changes);
  return changes;
}

}  // namespace ossicle::compare

namespace ossicle {

std::vector<Deviation> Deviations(const FrontendSpec& found, const FrontendSpec& wanted) {
  std::vector<Deviation> deviations;
  for (compare::SpecChange& change : compare::SpecChanges(found, wanted)) {
    deviations.push_back(std::move(change.deviation));
  }
  return deviations;
}

}  // namespace ossicle
