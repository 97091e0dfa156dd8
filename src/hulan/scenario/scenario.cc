// SPDX-License-Identifier: Apache-2.0
#include "hulan/scenario/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "hulan/scenario/steps.h"
#include "model/reject.h"

namespace hulan::app {
namespace {

using Words = std::vector<std::string>;

bool is_time(const Words& words) {
  return words.size() == 1 && words[0].size() >= 5 && words[0][2] == ':';
}

/// Runs the first step that the words fit; false: none does.
bool run_step(std::span<const Step> steps, World& world, std::span<const std::string> words) {
  for (const Step& step : steps) {
    const auto line = match(step.pattern, words);
    if (!line) continue;
    step.run(world, *line);
    return true;
  }
  return false;
}

class Run {
 public:
  explicit Run(ScenarioResult& result) : result_(result) {}

  void line(std::string_view text) {
    Words words = words_of(text.substr(0, text.find('#')));
    if (words.empty()) return;
    if (words.size() == 2 && words[0] == "date") return begin(words[1]);
    if (!world_) world_.emplace();
    if (is_time(words)) {
      world_->happened.clear();
      return world_->go_to(world_->time(words[0]));
    }
    if (words[0] == "then") return expect(std::span(words).subspan(1));
    statement(std::move(words));
  }

  void finish() {
    if (!world_ || result_.expectations == 0)
      throw BadLine("nothing is expected: no line says then");
    if (!world_->replays_the_same()) throw Unexpected("replaying the commands gives another state");
  }

 private:
  void begin(std::string_view day) {
    if (world_) throw BadLine("the date stands before everything else");
    world_.emplace(day);
  }

  void expect(std::span<const std::string> words) {
    if (!run_step(expectations(), *world_, words)) {
      throw BadLine(
          fmt::format("'then {}' is nothing that can be expected", fmt::join(words, " ")));
    }
    ++result_.expectations;
  }

  /// A statement; its end may say that it is refused and why: "... refused no_funds".
  void statement(Words words) {
    std::string refused = "ok";
    if (words.size() > 2 && words[words.size() - 2] == "refused") {
      refused = words.back();
      words.resize(words.size() - 2);
      ++result_.expectations;
    }
    world_->happened.clear();
    const bool known =
        run_step(setup_steps(), *world_, words) || run_step(trade_steps(), *world_, words) ||
        run_step(clock_steps(), *world_, words) || run_step(book_steps(), *world_, words) ||
        run_step(talk_steps(), *world_, words) || run_step(sealed_steps(), *world_, words) ||
        run_step(contract_steps(), *world_, words);
    if (!known)
      throw BadLine(fmt::format("'{}' is nothing that can be done", fmt::join(words, " ")));
    ++result_.statements;
    const auto& answer = model::reject_text(world_->last.reject);
    if (answer.code == refused) return;
    throw Unexpected(fmt::format("expected {}, the market says {} ({})",
                                 refused == "ok" ? "acceptance" : refused, answer.code,
                                 answer.english));
  }

  ScenarioResult& result_;
  std::optional<World> world_;
};

}  // namespace

ScenarioResult run_scenario(std::string_view text,
                            const std::function<void(std::string_view line)>& tell) {
  ScenarioResult result;
  Run run(result);
  const auto stop = [&](ScenarioResult::End end, const char* why) {
    result.end = end;
    result.text = why;
  };
  try {
    while (!text.empty()) {
      ++result.line;
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (tell) tell(text.substr(0, end));
      run.line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    run.finish();
  } catch (const BadLine& bad) {
    stop(ScenarioResult::End::kBadLine, bad.what());
  } catch (const Unexpected& differs) {
    stop(ScenarioResult::End::kUnexpected, differs.what());
  }
  return result;
}

}  // namespace hulan::app
