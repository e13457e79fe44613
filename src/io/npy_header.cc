#include "io/npy_header.h"

#include <charconv>

#include "ossicle/error.h"

namespace ossicle {
namespace {

/// Reads the few Python literals that a header is made of.
class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  NpyDescription Parse() {
    Require('{');
    while (!Take('}')) {
      const std::string key = Text();
      Require(':');
      Value(key);
      if (!Take(',') && Peek() != '}') Damaged("its header is not a dictionary");
    }
    if (Peek() != '\0') Damaged("something follows the dictionary in its header");
    if (keys_ != kAllKeys) Damaged("its header lacks descr, fortran_order or shape");
    return description_;
  }

 private:
  enum Key : unsigned { kType = 1, kOrder = 2, kShape = 4, kAllKeys = 7 };

  [[noreturn]] void Damaged(const std::string& reason) const {
    throw Error(Code::kInput, name_ + " is no .npy file: " + reason +
                                  "; write it again with numpy.save(name, array)");
  }

  char Peek() {
    const std::size_t next = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(next == std::string_view::npos ? rest_.size() : next);
    return rest_.empty() ? '\0' : rest_.front();
  }

  bool Take(char c) {
    if (Peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void Require(char c) {
    if (!Take(c)) Damaged(std::string("its header lacks a ") + c);
  }

  bool TakeWord(std::string_view word) {
    Peek();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  std::string Text() {
    const char quote = Peek();
    const std::size_t end =
        quote == '\'' || quote == '"' ? rest_.find(quote, 1) : std::string_view::npos;
    if (end == std::string_view::npos) Damaged("a text in its header has no end");
    const std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::int64_t Size() {
    Peek();
    std::int64_t size = -1;
    const auto [end, error] = std::from_chars(rest_.begin(), rest_.end(), size);
    if (error != std::errc() || size < 0) Damaged("a size in its shape is not a whole number");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
    TakeWord("L");  // as Python 2 wrote it
    return size;
  }

  void Shape() {
    Require('(');
    while (!Take(')')) {
      description_.shape.push_back(Size());
      if (!Take(',') && Peek() != ')') Damaged("its shape has no end");
    }
  }

  void Value(const std::string& key) {
    if (key == "descr") {
      keys_ |= kType;
      if (Peek() == '[') {
        throw Error(Code::kInput, name_ +
                                      " holds records with named fields, but one matrix of numbers "
                                      "is needed; save that matrix alone");
      }
      description_.type = Text();
    } else if (key == "fortran_order") {
      keys_ |= kOrder;
      description_.fortran_order = TakeWord("True");
      if (!description_.fortran_order && !TakeWord("False")) {
        Damaged("fortran_order in its header is neither True nor False");
      }
    } else if (key == "shape") {
      keys_ |= kShape;
      description_.shape.clear();
      Shape();
    } else {
      Damaged("its header has a field that .npy does not have");
    }
  }

  std::string_view rest_;
  const std::string& name_;
  NpyDescription description_;
  unsigned keys_ = 0;
};

}  // namespace

NpyDescription ParseNpyHeader(std::string_view text, const std::string& name) {
  return Parser(text, name).Parse();
}

}  // namespace ossicle
