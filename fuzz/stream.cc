// SPDX-License-Identifier: Apache-2.0
// Frames of one stream, split at ends of line; the first byte says who has signed in. What comes
// back is a list of JSON objects.
#include "fuzz/doors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hulan::fuzz;
  Doors& market = doors();
  auto* session = market.gateway().open_session([] {});
  HULAN_ASSERT(session != nullptr);
  Input input(data, size);
  const std::string& token = market.token(input.number<std::uint8_t>());
  if (!token.empty()) session->sign_in(token);
  std::string_view rest = text_of(input.rest());
  std::string frame;
  std::int64_t now = hulan::gateways::testing::kNow;
  for (int frames = 0; !rest.empty() && frames < 64 && !session->close_code(); ++frames) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    session->receive(rest.substr(0, end), now += 1'000'000);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    market.gateway().flush();
    Input decide(data, size);
    market.answer(decide);
    while (session->take(frame)) {
      check_json(frame);
      session->sent(frame.size());
    }
  }
  market.gateway().close_session(session);
  return 0;
}
