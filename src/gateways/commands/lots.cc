// SPDX-License-Identifier: Apache-2.0
// Lots and how they are traded (R4.2, R4.3, R5).
#include <charconv>

#include "base/sha256.h"
#include "gateways/commands/papers.h"
#include "gateways/decimal.h"
#include "gateways/gateway.h"
#include "gateways/handlers.h"

namespace hulan::gateways {
namespace {

constexpr std::size_t kMostPhotos = 12;

std::vector<std::string> photos_of(const Call& call, Fields& fields) {
  auto photos = fields.optional_texts("photos", kMostPhotos);
  for (const std::string& photo : photos) {
    model::DocumentHash hash{};
    if (!parse_hex(photo, hash) || !call.services.documents.contains(hash)) {
      fields.fail(Fault::invalid_value, "photos", photo,
                  "the hash of a photo that was sent to /v1/documents before");
    }
  }
  return photos;
}

std::uint64_t tag_of(Fields& fields, std::string_view name) {
  const std::string text = fields.text(name, 40);
  std::uint64_t tag = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), tag);
  if (text.size() != 15 || error != std::errc{} || end != text.data() + 15) {
    fields.fail(Fault::invalid_value, name, text, "a string of 15 digits");
  }
  return tag;
}

void read_goods(const Call& call, Fields& fields, model::CreateLot& body) {
  body.product = product_field(call, fields, "product");
  const model::ProductRow& product = call.reader.product(body.product);
  body.side = fields.choice<model::Side>("side");
  body.quantity = fields.decimal("quantity", quantity_digits(product.unit));
  body.average_g = fields.optional_decimal("average_kg", kWeightDigits).value_or(0);
  body.grade = grade_field(call, fields, "grade", product);
  body.terms = fields.choice<model::Terms>("terms");
  body.origin = fields.code("origin", 6);
  body.place = fields.code("place", 6);
  body.spot = fields.optional_id("spot");
  body.pickup_from = fields.time("pickup_from");
  body.pickup_until = fields.time("pickup_until");
  body.farm = fields.optional_id("farm");
  body.mark = fields.optional_id("mark");
}

}  // namespace

CommandResult post_lot(Call& call, Fields& fields) {
  model::CreateLot body{};
  read_goods(call, fields, body);
  const Text title = fields.optional_words("title", 300);
  const Text description = fields.optional_words("description", 8000);
  const auto photos = photos_of(call, fields);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto sheet = store_sheet(call, title, description, photos);
  if (!sheet) return refused(sheet.error());
  body.sheet = *sheet;
  return submission(body);
}

CommandResult post_lot_document(Call& call, Fields& fields) {
  model::AttachDocument body{};
  body.lot = call.numbers[0];
  body.kind = fields.choice<model::DocumentKind>("kind");
  put_text(fields, "number", fields.optional_text("number", 24), body.number);
  body.issued_at = fields.time("issued_at");
  const std::int64_t expires_at = fields.optional_time("expires_at");
  body.expires_at = expires_at == 0 ? model::kNever.value : expires_at;
  body.hash = fields.hash("sha256");
  require_stored(call, fields, "sha256", body.hash);
  return submission(body);
}

CommandResult post_tags(Call& call, Fields& fields) {
  std::vector<model::TagRange> ranges;
  fields.objects("ranges", 1, model::kMaxTagRangesPerCommand, [&](Fields& range) {
    const std::uint64_t first = tag_of(range, "first");
    ranges.push_back({first, range.number("count", 1, model::kMaxTagsPerRange)});
  });
  const model::AttachTags body{call.numbers[0], static_cast<std::uint32_t>(ranges.size())};
  return submission(body, bytes_of(ranges));
}

CommandResult post_document_check(Call& call, Fields&) {
  return submission(model::CheckDocument{call.numbers[0], call.numbers[1]});
}

CommandResult post_withdraw_lot(Call& call, Fields& fields) {
  const std::string reason = fields.text("reason", 2000);
  if (const auto problem = fields.finish()) return refused(*problem);
  const auto paper = store_reference(call, reason);
  if (!paper) return refused(paper.error());
  return submission(model::WithdrawLot{call.numbers[0], *paper});
}

CommandResult post_listing(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_lot(call);
  const model::LotRow* lot = call.view().lot(call.numbers[0]);
  model::PostListing body{};
  body.lot = call.numbers[0];
  body.price = fields.decimal("price", price_digits(product.basis));
  body.minimum = fields.optional_decimal("minimum", quantity_digits(product.unit))
                     .value_or(lot == nullptr ? 0 : lot->quantity);
  body.expires_at = fields.time("expires_at");
  return submission(body);
}

CommandResult post_take(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_lot(call);
  model::Take body{};
  body.lot = call.numbers[0];
  body.price = fields.decimal("price", price_digits(product.basis));
  body.quantity = fields.decimal("quantity", quantity_digits(product.unit));
  body.goods = fields.optional_id("goods");
  const model::LotRow* lot = call.view().lot(body.lot);
  if (lot == nullptr || lot->method != model::Method::kClock) return submission(body);
  return submission(model::TakeClock{body.lot, body.goods, body.price, body.quantity});
}

CommandResult post_auction(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_lot(call);
  const int digits = price_digits(product.basis);
  model::AnnounceAuction body{};
  body.lot = call.numbers[0];
  body.start = fields.decimal("start", digits);
  body.step = fields.decimal("step", digits);
  body.reserve = fields.optional_decimal("reserve", digits).value_or(0);
  body.cap = fields.optional_decimal("cap", digits).value_or(0);
  body.open_at = fields.time("open_at");
  body.close_at = fields.time("close_at");
  body.window_ns = fields.optional_number("window_s", 0, 86'400) * model::kSecond;
  const auto minimum = fields.optional_decimal("minimum", quantity_digits(product.unit));
  const auto award = fields.optional_choice("award", model::Award::kWhole);
  if (!minimum && award == model::Award::kWhole) return submission(body);
  return submission(model::AnnounceDivisible{body.lot,
                                             body.start,
                                             body.step,
                                             body.reserve,
                                             body.cap,
                                             body.open_at,
                                             body.close_at,
                                             body.window_ns,
                                             *minimum,
                                             award,
                                             {}});
}

CommandResult post_bid(Call& call, Fields& fields) {
  const model::ProductRow& product = product_of_lot(call);
  const std::int64_t price = fields.decimal("price", price_digits(product.basis));
  const model::LotId goods = fields.optional_id("goods");
  const auto quantity = fields.optional_decimal("quantity", quantity_digits(product.unit));
  if (quantity) {
    return submission(model::PlaceQuantityBid{call.numbers[0], price, goods, *quantity});
  }
  if (goods == 0) return submission(model::PlaceBid{call.numbers[0], price});
  return submission(model::PlaceReverseBid{call.numbers[0], price, goods});
}

CommandResult post_proxy(Call& call, Fields& fields) {
  model::SetProxy body{};
  body.lot = call.numbers[0];
  body.maximum = fields.decimal("maximum", price_digits(product_of_lot(call).basis));
  body.goods = fields.optional_id("goods");
  return submission(body);
}

CommandResult post_accept_bid(Call& call, Fields&) {
  return submission(model::AcceptBelowReserve{call.numbers[0]});
}

CommandResult post_raise(Call& call, Fields&) {
  return submission(model::RaiseToReserve{call.numbers[0]});
}

}  // namespace hulan::gateways
