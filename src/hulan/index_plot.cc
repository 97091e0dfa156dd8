// SPDX-License-Identifier: Apache-2.0
#include "hulan/index_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/assert.h"
#include "gateways/moment.h"

namespace hulan::app {
namespace {

// Tenths of a pixel.
constexpr std::int64_t kWidth = 10'000, kHeight = 4'800;
constexpr std::int64_t kLeft = 900, kRight = 300, kTop = 800, kBottom = 700;
constexpr std::size_t kMostDots = 250;  // more would lie on each other

std::string tenths(std::int64_t value) { return fmt::format("{}.{}", value / 10, value % 10); }

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        // Other control characters cannot stand in XML.
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

/// The smallest of 1, 2, 5 x 10^n that is at least `least`.
std::int64_t round_step(std::int64_t least) {
  std::int64_t unit = 1;
  while (unit * 10 < least) unit *= 10;
  for (const std::int64_t factor : {1, 2, 5}) {
    if (unit * factor >= least) return unit * factor;
  }
  return unit * 10;
}

class Plot {
 public:
  Plot(const FileIndex& index, bool two_day) : index_(index), two_day_(two_day) {
    for (const IndexDay& day : index.days) {
      if (!day.index) continue;
      days_.push_back(&day);
      thin_ += day.thin() ? 1 : 0;
      take(day.index->value);
      if (two_day && day.two_day) take(day.two_day->value);
    }
    HULAN_ASSERT(!days_.empty());
    const std::int64_t margin = std::max<std::int64_t>((high_ - low_) / 16, index.price_unit);
    low_ = std::max<std::int64_t>(low_ - margin, 0);
    high_ += margin;
  }

  std::string draw(std::string_view title) {
    fmt::format_to(to(),
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" "
                   "font-family=\"sans-serif\" font-size=\"14\" role=\"img\">\n",
                   kWidth / 10, kHeight / 10);
    fmt::format_to(to(),
                   "<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
                   escaped(title));
    text(kLeft, 300, "start", title, "font-size=\"18\" font-weight=\"600\"");
    price_axis();
    day_axis();
    if (two_day_) line("#b4690e", [](const IndexDay& day) { return day.two_day; });
    line("#14532d", [](const IndexDay& day) { return day.index; });
    dots();
    legend();
    return out_ + "</svg>\n";
  }

 private:
  std::back_insert_iterator<std::string> to() { return std::back_inserter(out_); }

  void take(std::int64_t value) {
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
  }

  [[nodiscard]] std::int64_t x(std::int64_t day) const {
    const std::int64_t first = days_.front()->day, span = days_.back()->day - first;
    const std::int64_t room = kWidth - kLeft - kRight;
    return span == 0 ? kLeft + room / 2 : kLeft + (day - first) * room / span;
  }
  [[nodiscard]] std::int64_t y(std::int64_t value) const {
    const model::Int128 room = kHeight - kTop - kBottom;
    return kTop + static_cast<std::int64_t>((high_ - value) * room / (high_ - low_));
  }

  void text(std::int64_t at_x, std::int64_t at_y, std::string_view anchor, std::string_view words,
            std::string_view more = "") {
    fmt::format_to(to(), "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" fill=\"#333\" {}>{}</text>\n",
                   tenths(at_x), tenths(at_y), anchor, more, escaped(words));
  }

  void grid(std::int64_t x1, std::int64_t y1, std::int64_t x2, std::int64_t y2) {
    fmt::format_to(to(), "<path d=\"M{} {}L{} {}\" stroke=\"#ddd\"/>\n", tenths(x1), tenths(y1),
                   tenths(x2), tenths(y2));
  }

  void price_axis() {
    const std::int64_t step = round_step((high_ - low_) / 6 + 1);
    int digits = 0;
    for (std::int64_t at = (low_ + step - 1) / step * step; at <= high_; at += step) {
      digits = std::max(digits, digits_needed(at));
    }
    for (std::int64_t at = (low_ + step - 1) / step * step; at <= high_; at += step) {
      grid(kLeft, y(at), kWidth - kRight, y(at));
      text(kLeft - 100, y(at) + 50, "end", millionths_text(at, digits));
    }
  }

  /// At most six dates, the first and the last among them.
  void day_axis() {
    constexpr std::int64_t kMarks = 5;
    const std::int64_t first = days_.front()->day, span = days_.back()->day - first;
    const std::int64_t marks = std::min(kMarks, span);
    for (std::int64_t mark = 0; mark <= marks; ++mark) {
      const std::int64_t day = marks == 0 ? first : first + span * mark / marks;
      grid(x(day), kTop, x(day), kHeight - kBottom);
      text(x(day), kHeight - kBottom + 250, mark == marks && marks != 0 ? "end" : "middle",
           gateways::day_text(day));
    }
  }

  template <class Value>
  void line(std::string_view colour, Value value) {
    out_ += "<path fill=\"none\" stroke-width=\"1.6\" stroke-linejoin=\"round\" stroke=\"";
    out_ += colour;
    out_ += "\" d=\"";
    char step = 'M';
    for (const IndexDay* day : days_) {
      const auto price = value(*day);
      if (!price) continue;
      fmt::format_to(to(), "{}{} {}", step, tenths(x(day->day)), tenths(y(price->value)));
      step = 'L';
    }
    out_ += "\"/>\n";
  }

  /// A dot a day, hollow where thin; of many days the thin ones alone, unless all are.
  void dots() {
    const bool many = days_.size() > kMostDots;
    if (many && thin_ == days_.size()) return;
    for (const IndexDay* day : days_) {
      if (many && !day->thin()) continue;
      fmt::format_to(to(), "<circle cx=\"{}\" cy=\"{}\" r=\"3\" stroke=\"#14532d\" fill=\"{}\"/>\n",
                     tenths(x(day->day)), tenths(y(day->index->value)),
                     day->thin() ? "#fff" : "#14532d");
    }
  }

  void legend() {
    std::string words = fmt::format("{} days with trades; ", days_.size());
    if (thin_ == days_.size()) {
      words += "every day is thin";
    } else if (thin_ == 0) {
      words += "no day is thin";
    } else {
      words += fmt::format("{} thin days (hollow dots)", thin_);
    }
    words += index_.has_buyers ? ": fewer than 3 trades or 2 buyers" : ": fewer than 3 trades";
    text(kLeft, kHeight - 150, "start", words);
    text(kLeft, 600, "start", "Index: volume-weighted mean of the day", "font-weight=\"600\"");
    if (two_day_) {
      fmt::format_to(to(),
                     "<text x=\"{}\" y=\"60\" text-anchor=\"end\" fill=\"#b4690e\" "
                     "font-weight=\"600\">Two-day index</text>\n",
                     tenths(kWidth - kRight));
    }
  }

  const FileIndex& index_;
  bool two_day_;
  std::vector<const IndexDay*> days_;
  std::size_t thin_ = 0;
  std::int64_t low_ = INT64_MAX, high_ = 0;
  std::string out_;
};

}  // namespace

std::string plot_index(const FileIndex& index, std::string_view title, bool two_day) {
  return Plot(index, two_day).draw(title);
}

}  // namespace hulan::app
