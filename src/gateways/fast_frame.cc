// SPDX-License-Identifier: Apache-2.0
#include "gateways/fast_frame.h"

namespace hulan::gateways {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  bool frame(std::vector<StreamOp>& out) {
    space();
    if (!take('[')) return op(out) && finished();
    do {
      space();
      if (!op(out)) return false;
      space();
    } while (take(','));
    return take(']') && finished();
  }

 private:
  enum Member : unsigned {
    kOp = 1,
    kRef = 2,
    kLot = 4,
    kPrice = 8,
    kQuantity = 16,
    kGoods = 32,
    kClientId = 64,
    kToken = 128
  };

  bool finished() {
    space();
    return at_ == end_;
  }
  void space() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  /// A string of printable ASCII without escapes.
  bool text(std::string_view& out) {
    if (!take('"')) return false;
    const char* first = at_;
    while (at_ < end_ && *at_ != '"') {
      if (*at_ < 0x20 || *at_ == 0x7F || *at_ == '\\') return false;
      ++at_;
    }
    out = {first, static_cast<std::size_t>(at_ - first)};
    return take('"');
  }

  /// A whole number of at most 18 digits.
  bool number(std::uint64_t& out) {
    const char* first = at_;
    out = 0;
    while (at_ < end_ && *at_ >= '0' && *at_ <= '9') {
      out = out * 10 + static_cast<std::uint64_t>(*at_++ - '0');
    }
    const auto digits = at_ - first;
    return digits >= 1 && digits <= 18 && (digits == 1 || *first != '0');
  }
  bool id(std::uint32_t& out) {
    std::uint64_t wide = 0;
    if (!number(wide) || wide == 0 || wide > UINT32_MAX) return false;
    out = static_cast<std::uint32_t>(wide);
    return true;
  }

  static unsigned member_of(std::string_view name) {
    if (name == "op") return kOp;
    if (name == "ref") return kRef;
    if (name == "lot") return kLot;
    if (name == "price") return kPrice;
    if (name == "quantity") return kQuantity;
    if (name == "goods") return kGoods;
    if (name == "client_id") return kClientId;
    if (name == "token") return kToken;
    return 0;
  }

  bool value(unsigned member, StreamOp& op, std::string_view& kind) {
    switch (member) {
      case kOp:
        return text(kind);
      case kRef:
        return number(op.ref);
      case kLot:
        return id(op.lot);
      case kGoods:
        return id(op.goods);
      case kPrice:
        return text(op.price) && !op.price.empty();
      case kQuantity:
        return text(op.quantity) && !op.quantity.empty();
      case kClientId:
        return text(op.client_id) && op.client_id.size() == 32;
      case kToken:
        return text(op.token) && !op.token.empty();
      default:
        return false;
    }
  }

  bool op(std::vector<StreamOp>& out) {
    if (!take('{')) return false;
    StreamOp op;
    std::string_view kind;
    unsigned seen = 0;
    do {
      space();
      std::string_view name;
      if (!text(name)) return false;
      space();
      if (!take(':')) return false;
      space();
      const unsigned member = member_of(name);
      if (member == 0 || (seen & member) != 0 || !value(member, op, kind)) return false;
      seen |= member;
      space();
    } while (take(','));
    if (!take('}') || !fits(kind, seen, op)) return false;
    out.push_back(op);
    return true;
  }

  static bool fits(std::string_view kind, unsigned seen, StreamOp& op) {
    constexpr unsigned kAlways = kOp | kRef | kLot | kPrice;
    constexpr unsigned kMaybe = kGoods | kClientId;
    if (kind == "bid") {
      op.kind = StreamOp::Kind::kBid;
      return (seen & ~kMaybe) == kAlways;
    }
    if (kind == "take") {
      op.kind = StreamOp::Kind::kTake;
      return (seen & ~kMaybe) == (kAlways | kQuantity);
    }
    op.kind = StreamOp::Kind::kToken;
    return kind == "token" && seen == (kOp | kToken);
  }

  const char* at_;
  const char* end_;
};

}  // namespace

bool read_fast_frame(std::string_view frame, std::vector<StreamOp>& out) {
  out.clear();
  return Scanner(frame).frame(out);
}

}  // namespace hulan::gateways
