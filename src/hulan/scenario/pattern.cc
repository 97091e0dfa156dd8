// SPDX-License-Identifier: Apache-2.0
#include "hulan/scenario/pattern.h"

#include <algorithm>

namespace hulan::app {
namespace {

constexpr std::string_view kBlank = " \t\r";

/// "{a} b [c d]" as {a}, b, [, c, d, ].
std::vector<std::string_view> tokens_of(std::string_view pattern) {
  std::vector<std::string_view> tokens;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == ' ') {
      ++at;
    } else if (pattern[at] == '[' || pattern[at] == ']') {
      tokens.push_back(pattern.substr(at++, 1));
    } else {
      const std::size_t end = std::min(pattern.find_first_of(" []", at), pattern.size());
      tokens.push_back(pattern.substr(at, end - at));
      at = end;
    }
  }
  return tokens;
}

}  // namespace

std::string_view Match::text(std::string_view slot) const {
  const auto found = values_.find(slot);
  return found == values_.end() ? std::string_view() : std::string_view(found->second);
}

class Matcher {
 public:
  Matcher(std::vector<std::string_view> tokens, std::span<const std::string> words)
      : tokens_(std::move(tokens)), words_(words) {}

  std::optional<Match> run() {
    if (!from(0, 0)) return std::nullopt;
    return std::move(match_);
  }

 private:
  /// Whether the tokens from `token` on match the words from `word` on.
  bool from(std::size_t token, std::size_t word) {
    if (token == tokens_.size()) return word == words_.size();
    const std::string_view here = tokens_[token];
    if (here == "]") return from(token + 1, word);
    if (here == "[") return from(token + 1, word) || from(behind(token), word);
    if (word == words_.size()) return false;
    if (!here.starts_with('{')) return here == words_[word] && from(token + 1, word + 1);
    const std::string_view name = here.substr(1, here.size() - 2);
    if (name.ends_with("...")) return rest(name.substr(0, name.size() - 3), word);
    if (!from(token + 1, word + 1)) return false;
    match_.values_.emplace(name, words_[word]);
    return true;
  }

  bool rest(std::string_view name, std::size_t word) {
    std::string text = words_[word];
    while (++word < words_.size()) text += " " + words_[word];
    match_.values_.emplace(name, std::move(text));
    return true;
  }

  /// Behind the ] that belongs to the [ at `token`.
  [[nodiscard]] std::size_t behind(std::size_t token) const {
    const auto end =
        std::find(tokens_.begin() + static_cast<std::ptrdiff_t>(token), tokens_.end(), "]");
    return static_cast<std::size_t>(end - tokens_.begin()) + 1;
  }

  std::vector<std::string_view> tokens_;
  std::span<const std::string> words_;
  Match match_;
};

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t at = line.find_first_not_of(kBlank); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(kBlank, at), line.size());
    std::string_view word = line.substr(at, end - at);
    while (word.size() > 1 && (word.ends_with(',') || word.ends_with(':'))) word.remove_suffix(1);
    words.emplace_back(word);
    at = line.find_first_not_of(kBlank, end);
  }
  return words;
}

std::optional<Match> match(std::string_view pattern, std::span<const std::string> words) {
  return Matcher(tokens_of(pattern), words).run();
}

}  // namespace hulan::app
