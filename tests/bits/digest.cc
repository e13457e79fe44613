// A digest of what each spec of Specs(), and each resampler, gives for fixed signals: the same on
// every machine.
//
//   digest [--need INSTRUCTION_SET]...                prints "name precision digest", a line each
//   digest [--need INSTRUCTION_SET]... --check FILE   compares with such lines in FILE
//
// Exit code 1: instruction sets disagree, one that is needed is not there, or FILE says otherwise.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "bits/signal.h"
#include "bits/specs.h"
#include "ossicle/frontend.h"
#include "ossicle/resampler.h"

namespace ossicle::bits {
namespace {

using Digests = std::map<std::string, std::string>;  // "spec precision" -> digest

/// FNV-1a over the little-endian bytes of everything that was added.
class Digest {
 public:
  template <class T>
  void Add(const std::vector<T>& values) {
    for (const T value : values) AddBits(value);
  }

  std::string Hex() const {
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(hash_ >> shift) & 15];
    return text;
  }

 private:
  template <class T>
  void AddBits(T value) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    const auto bits = std::bit_cast<Bits>(value);
    for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
      hash_ = (hash_ ^ ((bits >> (8 * byte)) & 0xff)) * 0x100000001b3u;
    }
  }

  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

/// Lengths that leave tails of every kind; the short one is mirrored more than once.
const std::vector<std::vector<float>>& Signals() {
  static const std::vector<std::vector<float>> signals = {MakeSignal(157), MakeSignal(9701)};
  return signals;
}

template <class T>
std::string DigestOf(const Frontend& frontend) {
  Digest digest;
  for (const std::vector<float>& signal : Signals()) digest.Add(frontend.Run<T>(signal));
  return digest.Hex();
}

/// Every kind of ratio: of FFT blocks alone, of FFT blocks and phases, of phases alone. Few of many
/// phases: their tables take long where the processor is emulated.
template <class T>
std::string DigestOf(const std::string& resampler) {
  constexpr int kRates[][2] = {
      {44100, 16000}, {48000, 16000}, {32000, 16000}, {8000, 16000}, {96000, 16000}};
  Digest digest;
  for (const auto& [from_hz, to_hz] : kRates) {
    for (const std::vector<float>& signal : Signals()) {
      const std::vector<T> samples(signal.begin(), signal.end());
      digest.Add(Resample<T>(resampler, samples, from_hz, to_hz));
    }
  }
  return digest.Hex();
}

Digests DigestsOf(const std::vector<Frontend>& frontends, const std::string& instruction_set) {
  SetInstructionSet(instruction_set);
  Digests digests;
  for (const Frontend& frontend : frontends) {
    digests[frontend.spec().name + " float"] = DigestOf<float>(frontend);
    digests[frontend.spec().name + " double"] = DigestOf<double>(frontend);
  }
  for (const ResamplerInfo& resampler : Resamplers()) {
    digests["resampler:" + resampler.name + " float"] = DigestOf<float>(resampler.name);
    digests["resampler:" + resampler.name + " double"] = DigestOf<double>(resampler.name);
  }
  return digests;
}

/// Says what differs; whether nothing did.
bool Same(const Digests& wanted, const std::string& wanted_from, const Digests& got,
          const std::string& got_from) {
  bool same = true;
  for (const auto& [name, digest] : got) {
    const auto found = wanted.find(name);
    const std::string other = found == wanted.end() ? "nothing" : found->second;
    if (other == digest) continue;
    std::cerr << name << ": " << digest << " (" << got_from << "), but " << other << " ("
              << wanted_from << ")\n";
    same = false;
  }
  for (const auto& [name, digest] : wanted) {
    if (got.contains(name)) continue;
    std::cerr << name << ": nothing (" << got_from << "), but " << digest << " (" << wanted_from
              << ")\n";
    same = false;
  }
  return same;
}

Digests Read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  Digests digests;
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string spec, precision, digest;
    if (words >> spec >> precision >> digest) digests[spec + " " + precision] = digest;
  }
  return digests;
}

struct Arguments {
  std::vector<std::string> needed;
  std::string check;
};

Arguments Parse(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    if (i + 1 == words.size()) throw std::runtime_error(words[i] + " wants a value");
    if (words[i] == "--need") {
      arguments.needed.push_back(words[i + 1]);
    } else if (words[i] == "--check") {
      arguments.check = words[i + 1];
    } else {
      throw std::runtime_error("unknown argument " + words[i] + "; there are --need and --check");
    }
  }
  return arguments;
}

bool HasAll(const std::vector<std::string>& sets, const std::vector<std::string>& needed) {
  for (const std::string& set : needed) {
    if (std::find(sets.begin(), sets.end(), set) != sets.end()) continue;
    std::cerr << set << " is needed, but this build or machine does not have it\n";
    return false;
  }
  return true;
}

int Main(const Arguments& arguments) {
  std::vector<Frontend> frontends;
  for (const FrontendSpec& spec : Specs()) frontends.emplace_back(spec);

  const std::vector<std::string> sets = InstructionSets();
  bool good = HasAll(sets, arguments.needed);
  const Digests first = DigestsOf(frontends, sets.front());
  std::cerr << first.size() << " digests for each of " << sets.front();
  for (std::size_t i = 1; i < sets.size(); ++i) std::cerr << ' ' << sets[i];
  std::cerr << '\n';
  for (std::size_t i = 1; i < sets.size(); ++i) {
    good &= Same(first, sets.front(), DigestsOf(frontends, sets[i]), sets[i]);
  }
  if (!arguments.check.empty()) {
    good &= Same(Read(arguments.check), arguments.check, first, sets.front());
  } else if (good) {
    for (const auto& [name, digest] : first) std::cout << name << ' ' << digest << '\n';
  }
  return good && std::cout.flush() ? 0 : 1;
}

}  // namespace
}  // namespace ossicle::bits

int main(int argc, char** argv) {
  try {
    return ossicle::bits::Main(ossicle::bits::Parse({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::cerr << "digest: " << error.what() << '\n';
    return 2;
  }
}
