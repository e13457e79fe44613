#include "server.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <type_traits>

#include "ossicle/npy.h"

namespace ossicle::bench {

namespace {

double Seconds(const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void RunFor(double budget, const std::function<void()>& run) {
  std::string line = "[";
  for (double spent = 0; line.size() == 1 || spent < budget;) {
    const double seconds = Seconds(run);
    spent += seconds;
    char text[32];
    std::snprintf(text, sizeof text, "%s%.9g", line.size() == 1 ? "" : ", ", seconds);
    line += text;
  }
  std::cout << line << "]" << std::endl;
}

}  // namespace

int Serve(const Competitor& competitor) {
  competitor.run();
  std::cout << "{\"ready\": true, " << competitor.description << "}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.rfind("run ", 0) == 0) {
      RunFor(std::stod(line.substr(4)), competitor.run);
    } else if (line.rfind("output ", 0) == 0) {
      competitor.output(line.substr(7));
      std::cout << "{\"written\": true}" << std::endl;
    } else if (line == "stages" && competitor.stages) {
      std::cout << competitor.stages() << std::endl;
    } else {
      throw std::runtime_error("\"" + line + "\" is no command; there are run and output");
    }
  }
  return 0;
}

Arguments ParseArguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (name.rfind("--", 0) != 0 || i + 1 == argc) {
      throw std::runtime_error("\"" + name + "\": arguments are pairs of --name value");
    }
    arguments[name.substr(2)] = argv[i + 1];
  }
  return arguments;
}

std::string Get(const Arguments& arguments, const std::string& name, const std::string& otherwise) {
  const auto found = arguments.find(name);
  return found == arguments.end() ? otherwise : found->second;
}

int GetInt(const Arguments& arguments, const std::string& name, int otherwise) {
  return std::stoi(Get(arguments, name, std::to_string(otherwise)));
}

std::string Quoted(const std::string& text) { return '"' + text + '"'; }

std::vector<float> LoadAudio(const std::string& path, std::int64_t samples) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot open " + path);
  std::vector<float> audio(static_cast<std::size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(audio.data()),
            static_cast<std::streamsize>(audio.size() * sizeof(float)));
  if (!file || audio.empty()) throw std::runtime_error("cannot read " + path);
  const std::size_t given = audio.size();
  if (samples > 0) audio.resize(static_cast<std::size_t>(samples));
  for (std::size_t i = given; i < audio.size(); ++i) audio[i] = audio[i - given];
  return audio;
}

template <class T>
void WriteMatrix(const std::string& path, const T* values, std::int64_t rows,
                 std::int64_t columns) {
  std::ofstream file(path, std::ios::binary);
  file << NpyHeader(std::is_same_v<T, float> ? "<f4" : "<f8", {rows, columns});
  file.write(reinterpret_cast<const char*>(values),
             static_cast<std::streamsize>(rows * columns * static_cast<std::int64_t>(sizeof(T))));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

template void WriteMatrix(const std::string&, const float*, std::int64_t, std::int64_t);
template void WriteMatrix(const std::string&, const double*, std::int64_t, std::int64_t);

int Main(const std::function<int()>& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}

}  // namespace ossicle::bench
